-- kinds: registry
-- That only a verified entry writes is asked once for each statement. As part of a key it was asked again of every
-- record at each decision, because a decision changes the entry's state, and after an import that means everybody.

ALTER TABLE register.resident_version DROP CONSTRAINT written_by_verified_entry;
ALTER TABLE register.resident DROP CONSTRAINT stands_on_verified_entry;
ALTER TABLE register.entry DROP CONSTRAINT entry_id_state_key;
ALTER TABLE register.resident_version
    ADD CONSTRAINT written_by_an_entry FOREIGN KEY (entry_id) REFERENCES register.entry (id);
ALTER TABLE register.resident
    ADD CONSTRAINT stands_on_an_entry FOREIGN KEY (entry_id) REFERENCES register.entry (id);

-- An entry that is verified stays so: see guard_entry.
CREATE FUNCTION register.written_by_verified_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT entry_id FROM fresh) f
        WHERE NOT EXISTS (SELECT FROM register.entry e WHERE e.id = f.entry_id AND e.state = 'verified')
    ) THEN
        RAISE EXCEPTION 'a record stands on an entry that is not verified' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER written_by_verified_entry AFTER INSERT ON register.resident_version
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION register.written_by_verified_entry();
CREATE TRIGGER stands_on_verified_entry AFTER INSERT ON register.resident
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION register.written_by_verified_entry();
CREATE TRIGGER stays_on_verified_entry AFTER UPDATE ON register.resident
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION register.written_by_verified_entry();
