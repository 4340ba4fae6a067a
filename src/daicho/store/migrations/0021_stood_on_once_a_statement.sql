-- kinds: registry
-- That a record stands on a verified entry is asked once for each statement; keys asked half of it again of every record.
-- That it stands on a version of its own is asked once for each statement too. What is stood on stays: the keys saw to
-- that as well.

ALTER TABLE register.resident_version DROP CONSTRAINT written_by_an_entry;
ALTER TABLE register.resident DROP CONSTRAINT stands_on_an_entry;
ALTER TABLE register.resident DROP CONSTRAINT stands_on_a_version;
DROP INDEX register.resident_version_entry;

-- A plan is kept for the whole session, also one that was made while there was nobody.
CREATE FUNCTION register.stands_on_a_version() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    IF EXISTS (
        SELECT FROM fresh f WHERE (
            SELECT v.version FROM register.resident_version v
            WHERE v.addressee_number = f.addressee_number AND v.version = f.version) IS NULL
    ) THEN
        RAISE EXCEPTION 'a record stands on no version of its own' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER stands_on_a_version AFTER INSERT ON register.resident
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION register.stands_on_a_version();
CREATE TRIGGER stays_on_a_version AFTER UPDATE ON register.resident
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION register.stands_on_a_version();

CREATE FUNCTION register.is_stood_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'records stand on %', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation';
END $$;
CREATE TRIGGER is_not_removed BEFORE DELETE OR TRUNCATE ON register.entry
    FOR EACH STATEMENT EXECUTE FUNCTION register.is_stood_on();
CREATE TRIGGER keeps_its_name BEFORE UPDATE OF id ON register.entry
    FOR EACH STATEMENT EXECUTE FUNCTION register.is_stood_on();
CREATE TRIGGER is_not_removed BEFORE DELETE OR TRUNCATE ON register.resident_version
    FOR EACH STATEMENT EXECUTE FUNCTION register.is_stood_on();
CREATE TRIGGER keeps_its_name BEFORE UPDATE OF addressee_number, version ON register.resident_version
    FOR EACH STATEMENT EXECUTE FUNCTION register.is_stood_on();
