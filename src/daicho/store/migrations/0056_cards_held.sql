-- kinds: registry
-- カード等情報: everything that was noted of somebody's cards, in its order. Neither numbers of people nor of cards stand here.

CREATE TABLE register.card_event (
    addressee_number bigint NOT NULL,
    version   integer NOT NULL CHECK (version > 0),  -- of one person's notes: whoever saw fewer notes nothing
    by        text NOT NULL CHECK (by <> ''),
    at        timestamptz NOT NULL,
    terminal  text NOT NULL,
    body      json NOT NULL,
    PRIMARY KEY (addressee_number, version)
);
GRANT SELECT, INSERT ON register.card_event TO :app;
GRANT SELECT ON register.card_event TO :reader, :auditor;

-- What is noted stays as it was noted, and goes with the record.
CREATE FUNCTION register.no_card_of_nobody() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
    DELETE FROM register.card_event c WHERE c.addressee_number = OLD.addressee_number;
    RETURN NULL;
END $f$;
CREATE TRIGGER no_card_of_nobody AFTER DELETE ON register.resident
    FOR EACH ROW EXECUTE FUNCTION register.no_card_of_nobody();
CREATE TRIGGER is_not_removed BEFORE DELETE OR TRUNCATE ON register.card_event
    FOR EACH STATEMENT EXECUTE FUNCTION retention.only_by_disposal();
GRANT SELECT (addressee_number), DELETE ON register.card_event TO :disposal;
