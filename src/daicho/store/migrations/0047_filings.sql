-- kinds: registry, national
-- 法9条2項の通知: what the own family register tells other towns until they answer, and what others tell until it is
-- recorded. Of either the content is kept for as long as somebody has work with it; then its frame alone.
-- 個人番号の真正性の確認: how often a number was none of somebody's.

-- By operator at a registry, by town at the nation; whoever guesses comes to an end.
CREATE TABLE numbers.unmatched (
    whose  text COLLATE "C" PRIMARY KEY CHECK (whose <> ''),
    on_day date NOT NULL,
    times  integer NOT NULL CHECK (times > 0)
);
GRANT SELECT, INSERT, UPDATE (on_day, times) ON numbers.unmatched TO :numbers;

DO $$
BEGIN
    IF to_regclass('register.resident') IS NOT NULL THEN
        CREATE TABLE register.filing_out (
            id            text COLLATE "C" PRIMARY KEY CHECK (id <> ''),
            receiver      text NOT NULL CHECK (receiver ~ '^[0-9]{5}$'),
            kind          text NOT NULL CHECK (kind <> ''),
            filing_number text NOT NULL,
            state         text NOT NULL DEFAULT 'drafted' CHECK (state IN ('drafted', 'returned', 'sent', 'back', 'closed')),
            entered_by    text NOT NULL CHECK (entered_by <> ''),
            entered_at    timestamptz NOT NULL,
            decided_by    text,                  -- the second person
            decided_at    timestamptz,
            why           text NOT NULL DEFAULT '',
            answer        text,
            closed_at     timestamptz,
            people        bigint[] NOT NULL,     -- who of the own register may be meant
            body          json,
            CONSTRAINT content_while_it_waits CHECK ((body IS NULL) = (state = 'closed')),
            CONSTRAINT closed_once CHECK ((closed_at IS NOT NULL) = (state = 'closed')),
            CONSTRAINT closed_without_words CHECK (state <> 'closed' OR why = ''),
            CONSTRAINT sent_by_a_second CHECK (decided_by <> entered_by),
            CONSTRAINT decided_whole CHECK ((decided_by IS NULL) = (decided_at IS NULL)
                AND (state NOT IN ('returned', 'sent', 'back') OR decided_by IS NOT NULL))
        );
        -- What waits for others stands behind what somebody has to do.
        CREATE INDEX filing_out_waiting ON register.filing_out ((state = 'sent'), entered_at, id) WHERE state <> 'closed';
        CREATE INDEX filing_out_closed ON register.filing_out (closed_at, id) WHERE state = 'closed';

        CREATE TABLE register.filing_in (
            sender      text NOT NULL CHECK (sender ~ '^[0-9]{5}$'),
            id          text COLLATE "C" NOT NULL CHECK (id <> ''),
            kind        text NOT NULL CHECK (kind <> ''),
            filing_number text NOT NULL,
            received_at timestamptz NOT NULL,
            state       text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'entered', 'proposed', 'closed')),
            entry_id    text REFERENCES register.entry (id),
            proposed_by text,                    -- who holds it to be recorded already
            proposed_at timestamptz,
            answer      text,
            closed_by   text,
            closed_at   timestamptz,
            people      bigint[] NOT NULL,       -- who may be meant, as last looked
            body        json,
            PRIMARY KEY (sender, id),
            CONSTRAINT content_while_it_waits CHECK ((body IS NULL) = (state = 'closed')),
            CONSTRAINT closed_with_an_answer CHECK ((state = 'closed') = (answer IS NOT NULL)
                AND (answer IS NULL) = (closed_at IS NULL) AND (closed_by IS NULL) = (closed_at IS NULL)),
            CONSTRAINT proposed_whole CHECK ((proposed_by IS NULL) = (proposed_at IS NULL)
                AND (state NOT IN ('open', 'entered') OR proposed_by IS NULL)
                AND (state <> 'proposed' OR proposed_by IS NOT NULL)),
            CONSTRAINT confirmed_by_a_second CHECK (closed_by <> proposed_by),
            -- That nothing is to be recorded ends a report at both ends: no one person's word does.
            CONSTRAINT ended_by_two CHECK (answer IS NULL OR (answer = 'NOTHING_TO_RECORD') = (proposed_by IS NOT NULL)),
            CONSTRAINT entered_by_an_entry CHECK (state <> 'open' OR entry_id IS NULL),
            CONSTRAINT entry_named CHECK (state <> 'entered' OR entry_id IS NOT NULL)
        );
        -- One change closes one report.
        CREATE UNIQUE INDEX filing_in_entry ON register.filing_in (entry_id);
        CREATE INDEX filing_in_waiting ON register.filing_in (received_at, sender, id) WHERE state <> 'closed';
        CREATE INDEX filing_in_closed ON register.filing_in (closed_at, sender, id) WHERE state = 'closed';

        GRANT SELECT, INSERT ON register.filing_out, register.filing_in TO :app;
        GRANT UPDATE (state, decided_by, decided_at, why, answer, closed_at, people, body) ON register.filing_out TO :app;
        GRANT UPDATE (state, entry_id, proposed_by, proposed_at, answer, closed_by, closed_at, people, body)
            ON register.filing_in TO :app;
        GRANT SELECT ON register.filing_out, register.filing_in TO :reader, :auditor;

        -- Whoever is destroyed is meant by no report any more; closed ones name nobody.
        CREATE FUNCTION register.meant_no_more() RETURNS trigger LANGUAGE plpgsql AS $f$
        BEGIN
            UPDATE register.filing_in f SET people = array_remove(f.people, OLD.addressee_number)
            WHERE f.state <> 'closed' AND f.people @> ARRAY[OLD.addressee_number];
            UPDATE register.filing_out f SET people = array_remove(f.people, OLD.addressee_number)
            WHERE f.state <> 'closed' AND f.people @> ARRAY[OLD.addressee_number];
            RETURN NULL;
        END $f$;
        CREATE TRIGGER meant_no_more AFTER DELETE ON register.resident
            FOR EACH ROW EXECUTE FUNCTION register.meant_no_more();
        GRANT SELECT (state, people), UPDATE (people) ON register.filing_in, register.filing_out TO :disposal;
    END IF;
END $$;
