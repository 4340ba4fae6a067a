-- kinds: cs
-- That the CS's own items stand beside a record was asked of every person; now once for each statement. A code that
-- changes is carried over, and a record is not removed, as before.

ALTER TABLE identity.cs_items DROP CONSTRAINT cs_items_resident_record_code_fkey;

-- A plan is kept for the whole session, also one that was made while there was nobody.
CREATE FUNCTION identity.stands_beside_a_record() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    IF EXISTS (
        SELECT FROM fresh f WHERE (
            SELECT r.update_sequence FROM identity.record r
            WHERE r.resident_record_code = f.resident_record_code) IS NULL
    ) THEN
        RAISE EXCEPTION 'items stand beside no record' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER stands_beside_a_record AFTER INSERT ON identity.cs_items
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION identity.stands_beside_a_record();
CREATE TRIGGER stays_beside_a_record AFTER UPDATE ON identity.cs_items
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION identity.stands_beside_a_record();

CREATE FUNCTION identity.carry_items_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE identity.cs_items SET resident_record_code = NEW.resident_record_code
    WHERE resident_record_code = OLD.resident_record_code;
    RETURN NULL;
END $$;
CREATE TRIGGER carry_items_over AFTER UPDATE OF resident_record_code ON identity.record
    FOR EACH ROW WHEN (OLD.resident_record_code IS DISTINCT FROM NEW.resident_record_code)
    EXECUTE FUNCTION identity.carry_items_over();

CREATE FUNCTION identity.is_stood_beside() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'items stand beside records' USING ERRCODE = 'foreign_key_violation';
END $$;
CREATE TRIGGER is_not_removed BEFORE DELETE OR TRUNCATE ON identity.record
    FOR EACH STATEMENT EXECUTE FUNCTION identity.is_stood_beside();
