-- kinds: registry, cs, prefecture, national
-- 個人番号の変更 (番号法7条2項): what a town asks for by two people, and what the nation has drawn and no town has recorded
-- yet. A drawn number is nobody's until the town tells that it was recorded (番号法施行令2条).

ALTER TABLE numbers.individual_number
    DROP CONSTRAINT individual_number_state_check,
    ADD CONSTRAINT individual_number_state_check CHECK (state IN ('current', 'former', 'drawn'));
CREATE UNIQUE INDEX number_drawn ON numbers.individual_number (resident_record_code) WHERE state = 'drawn';

DO $$
BEGIN
    IF to_regclass('codes.number_wanted') IS NOT NULL THEN
        ALTER TABLE codes.number_wanted ADD COLUMN another boolean NOT NULL DEFAULT false;
        GRANT UPDATE (another) ON codes.number_wanted TO :app;
    END IF;

    IF to_regclass('register.resident') IS NOT NULL THEN
        CREATE TABLE register.number_change (
            id               text COLLATE "C" PRIMARY KEY CHECK (id <> ''),
            addressee_number bigint NOT NULL,
            state            text NOT NULL DEFAULT 'entered'
                             CHECK (state IN ('entered', 'asked', 'returned', 'dropped', 'lapsed', 'recorded')),
            entered_by       text NOT NULL CHECK (entered_by <> ''),
            entered_at       timestamptz NOT NULL,
            terminal         text NOT NULL,
            decided_by       text,                  -- the second person
            decided_at       timestamptz,
            why              text NOT NULL DEFAULT '',
            asked_code       text COLLATE "C",      -- the code that the nation was told, by which its answer comes back
            entry_id         text REFERENCES register.entry (id),
            closed_at        timestamptz,
            body             json NOT NULL,
            CONSTRAINT decided_by_a_second CHECK (decided_by <> entered_by),
            CONSTRAINT decided_whole CHECK ((decided_by IS NULL) = (decided_at IS NULL)
                AND (state NOT IN ('asked', 'returned', 'lapsed', 'recorded') OR decided_by IS NOT NULL)),
            CONSTRAINT asked_by_a_code CHECK (state <> 'asked' OR asked_code IS NOT NULL),
            CONSTRAINT recorded_by_an_entry CHECK ((state = 'recorded') = (entry_id IS NOT NULL)),
            CONSTRAINT closed_once CHECK ((closed_at IS NULL) = (state IN ('entered', 'asked')))
        );
        -- One at a time of one person; and one answer for one question.
        CREATE UNIQUE INDEX number_change_open ON register.number_change (addressee_number) WHERE closed_at IS NULL;
        CREATE UNIQUE INDEX number_change_asked ON register.number_change (asked_code) WHERE state = 'asked';
        CREATE INDEX number_change_person ON register.number_change (addressee_number);
        CREATE INDEX number_change_entry ON register.number_change (entry_id);
        -- What somebody has to do stands before what waits for the nation.
        CREATE INDEX number_change_waiting ON register.number_change ((state = 'asked'), entered_at, id)
            WHERE closed_at IS NULL;
        CREATE INDEX number_change_closed ON register.number_change (closed_at, id) WHERE closed_at IS NOT NULL;

        GRANT SELECT, INSERT ON register.number_change TO :app;
        GRANT UPDATE (state, decided_by, decided_at, why, asked_code, entry_id, closed_at) ON register.number_change TO :app;
        GRANT SELECT ON register.number_change TO :reader, :auditor;

        CREATE FUNCTION register.no_number_to_change() RETURNS trigger LANGUAGE plpgsql AS $f$
        BEGIN
            DELETE FROM register.number_change c WHERE c.addressee_number = OLD.addressee_number;
            RETURN NULL;
        END $f$;
        CREATE TRIGGER no_number_to_change AFTER DELETE ON register.resident
            FOR EACH ROW EXECUTE FUNCTION register.no_number_to_change();
        GRANT SELECT (addressee_number), DELETE ON register.number_change TO :disposal;
    END IF;
END $$;
