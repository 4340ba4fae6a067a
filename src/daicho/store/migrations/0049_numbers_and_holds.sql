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

-- 処理の抑止: what an officer stops for a person, or for everybody who lives in a household, and until when. What stops
-- anything ends by two people.
DO $$
BEGIN
    IF to_regclass('register.resident') IS NOT NULL THEN
        CREATE TABLE register.processing_hold (
            id               text COLLATE "C" PRIMARY KEY CHECK (id <> ''),
            addressee_number bigint NOT NULL,       -- from whose record it was placed
            household_number bigint,                -- whose members it covers, whoever they are
            kind             text NOT NULL CHECK (kind <> ''),
            last_day         date,
            state            text NOT NULL DEFAULT 'on' CHECK (state IN ('on', 'ending', 'ended')),
            placed_by        text NOT NULL CHECK (placed_by <> ''),
            placed_at        timestamptz NOT NULL,
            proposed_by      text,
            proposed_at      timestamptz,
            ended_by         text,
            ended_at         timestamptz,
            why              text NOT NULL DEFAULT '',
            body             json NOT NULL,
            CONSTRAINT proposed_whole CHECK ((proposed_by IS NULL) = (proposed_at IS NULL)
                AND (state <> 'ending' OR proposed_by IS NOT NULL) AND (state <> 'on' OR proposed_by IS NULL)),
            CONSTRAINT ended_whole CHECK ((ended_by IS NULL) = (ended_at IS NULL)
                AND (state = 'ended') = (ended_by IS NOT NULL)),
            CONSTRAINT freed_by_two CHECK (kind = 'ASK_FIRST' OR state <> 'ended'
                OR (proposed_by IS NOT NULL AND proposed_by <> ended_by))
        );
        CREATE INDEX processing_hold_person ON register.processing_hold (addressee_number);
        CREATE INDEX processing_hold_household ON register.processing_hold (household_number) WHERE state <> 'ended';
        -- What somebody has to decide stands first.
        CREATE INDEX processing_hold_open ON register.processing_hold ((state = 'on'), placed_at, id)
            WHERE state <> 'ended';
        CREATE INDEX processing_hold_ended ON register.processing_hold (ended_at, id) WHERE state = 'ended';

        GRANT SELECT, INSERT ON register.processing_hold TO :app;
        GRANT UPDATE (state, proposed_by, proposed_at, ended_by, ended_at, why) ON register.processing_hold TO :app;
        GRANT SELECT ON register.processing_hold TO :reader, :auditor;

        CREATE FUNCTION register.nobody_to_hold() RETURNS trigger LANGUAGE plpgsql AS $f$
        BEGIN
            DELETE FROM register.processing_hold h WHERE h.addressee_number = OLD.addressee_number;
            RETURN NULL;
        END $f$;
        CREATE TRIGGER nobody_to_hold AFTER DELETE ON register.resident
            FOR EACH ROW EXECUTE FUNCTION register.nobody_to_hold();
        GRANT SELECT (addressee_number), DELETE ON register.processing_hold TO :disposal;
    END IF;
END $$;
