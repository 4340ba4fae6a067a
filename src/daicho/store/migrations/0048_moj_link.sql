-- kinds: registry
-- 法務省連携: what the Ministry of Justice tells the town by files, until each notice is recorded or two people have closed
-- it; and what the town owes the Ministry after each change of a foreign resident's record, until it is in a file.

-- Whom a card number means, now or formerly: few records are of foreign residents, and only those are read for it.
CREATE INDEX resident_version_card ON register.resident_version (((body -> 'foreign') ->> 'residence_card_number'))
    WHERE resident_kind = 'FOREIGN';

CREATE TABLE register.moj_file (
    serial      integer PRIMARY KEY CHECK (serial > 0),
    made_on     date NOT NULL,
    notices     integer NOT NULL CHECK (notices >= 0),
    kept        integer NOT NULL CHECK (kept >= 0),  -- of them, those that had not come before
    digest      text COLLATE "C" NOT NULL CHECK (length(digest) = 64),
    imported_by text NOT NULL CHECK (imported_by <> ''),
    imported_at timestamptz NOT NULL,
    CONSTRAINT kept_of_its_own CHECK (kept <= notices)
);

CREATE TABLE register.moj_notice (
    file        integer NOT NULL REFERENCES register.moj_file (serial),
    line        integer NOT NULL CHECK (line > 0),
    notice_id   text COLLATE "C" NOT NULL CHECK (notice_id <> ''),
    change      text NOT NULL CHECK (change <> ''),
    happened_on date NOT NULL,
    state       text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'matched', 'open', 'entered', 'proposed', 'closed')),
    outcome     text,                    -- of looking for whom it means; none yet, or it could not be looked for
    differing   text[] NOT NULL DEFAULT '{}',
    whose       bigint,                  -- whom it means, where that is clear
    people      bigint[] NOT NULL DEFAULT '{}',
    refused     text NOT NULL DEFAULT '',  -- why it could not be entered as it is
    entry_id    text REFERENCES register.entry (id),
    asked_by    text,                    -- who inquired last
    asked_at    timestamptz,
    asked       text NOT NULL DEFAULT '',
    proposed_by text,                    -- who holds that nothing is to be recorded
    proposed_at timestamptz,
    why         text NOT NULL DEFAULT '',
    ending      text,
    closed_by   text,
    closed_at   timestamptz,
    body        json,
    PRIMARY KEY (file, line),
    CONSTRAINT content_while_it_waits CHECK ((body IS NULL) = (state = 'closed')),
    CONSTRAINT closed_for_a_reason CHECK ((state = 'closed') = (closed_at IS NOT NULL)
        AND (closed_at IS NULL) = (closed_by IS NULL) AND (state <> 'closed' OR ending IS NOT NULL)),
    CONSTRAINT entered_by_an_entry CHECK ((state = 'entered') = (entry_id IS NOT NULL) OR state = 'closed'),
    CONSTRAINT proposed_whole CHECK ((proposed_by IS NULL) = (proposed_at IS NULL)
        AND (state <> 'proposed' OR (proposed_by IS NOT NULL AND ending IS NOT NULL))
        AND (state IN ('proposed', 'closed') OR (proposed_by IS NULL AND ending IS NULL))),
    CONSTRAINT confirmed_by_a_second CHECK (closed_by <> proposed_by),
    -- Nobody answers the Ministry: that nothing is to be recorded is no one person's word, nor is it the machine's
    -- but where the record says already what the notice tells.
    CONSTRAINT ended_by_two CHECK (state <> 'closed' OR ending IN ('RECORDED', 'ALREADY_SO') OR proposed_by IS NOT NULL),
    CONSTRAINT asked_whole CHECK ((asked_by IS NULL) = (asked_at IS NULL))
);
-- What was sent again under its name is not kept twice.
CREATE UNIQUE INDEX moj_notice_id ON register.moj_notice (notice_id);
CREATE UNIQUE INDEX moj_notice_entry ON register.moj_notice (entry_id);
CREATE INDEX moj_notice_waiting ON register.moj_notice (state, happened_on, file, line) WHERE state <> 'closed';
-- What of somebody still waits, and what the machine closed of theirs: an older notice does not undo it.
CREATE INDEX moj_notice_whose ON register.moj_notice (whose) WHERE whose IS NOT NULL;
CREATE INDEX moj_notice_people ON register.moj_notice USING gin (people);
CREATE INDEX moj_notice_why ON register.moj_notice (closed_at, file, line) WHERE state = 'closed' AND why <> '';
CREATE INDEX moj_notice_closed ON register.moj_notice (closed_at, file, line) WHERE state = 'closed';

CREATE TABLE register.municipal_file (
    serial    integer PRIMARY KEY CHECK (serial > 0),
    made_on   date NOT NULL,
    notices   integer NOT NULL CHECK (notices > 0),
    digest    text COLLATE "C" NOT NULL CHECK (length(digest) = 64),
    made_by   text NOT NULL CHECK (made_by <> ''),
    made_at   timestamptz NOT NULL,
    handed_at timestamptz,               -- when it was first fetched
    body      bytea                      -- until a year is over
);
CREATE INDEX municipal_file_body ON register.municipal_file (made_at, serial) WHERE body IS NOT NULL;

CREATE TABLE register.municipal_notice (
    id               text COLLATE "C" PRIMARY KEY CHECK (id <> ''),
    entry_id         text NOT NULL REFERENCES register.entry (id),
    addressee_number bigint NOT NULL,
    act              text NOT NULL CHECK (act <> ''),
    owed_at          timestamptz NOT NULL,
    state            text NOT NULL DEFAULT 'owed' CHECK (state IN ('owed', 'stuck', 'written', 'told')),
    file             integer REFERENCES register.municipal_file (serial),
    written          json NOT NULL DEFAULT '{}',  -- items that somebody wrote otherwise, for what has no code
    written_by       text,
    confirmed_by     text,               -- who confirmed that
    CONSTRAINT written_by_two CHECK (confirmed_by <> written_by AND (confirmed_by IS NULL OR written_by IS NOT NULL)
        AND (state <> 'written' OR (written_by IS NOT NULL AND confirmed_by IS NULL))
        AND (state NOT IN ('owed', 'told') OR (written_by IS NULL) = (confirmed_by IS NULL))),
    CONSTRAINT told_in_a_file CHECK ((state = 'told') = (file IS NOT NULL))
);
CREATE INDEX municipal_notice_owed ON register.municipal_notice (owed_at, id) WHERE state = 'owed';
CREATE INDEX municipal_notice_stuck ON register.municipal_notice (owed_at, id) WHERE state IN ('stuck', 'written');
CREATE INDEX municipal_notice_file ON register.municipal_notice (file, id);
CREATE INDEX municipal_notice_entry ON register.municipal_notice (entry_id);
CREATE INDEX municipal_notice_whose ON register.municipal_notice (addressee_number);

GRANT SELECT, INSERT ON register.moj_file, register.moj_notice, register.municipal_file, register.municipal_notice TO :app;
GRANT UPDATE (state, outcome, differing, whose, people, refused, entry_id, asked_by, asked_at, asked, proposed_by,
    proposed_at, why, ending, closed_by, closed_at, body) ON register.moj_notice TO :app;
GRANT UPDATE (handed_at, body) ON register.municipal_file TO :app;
GRANT UPDATE (state, file, written, written_by, confirmed_by) ON register.municipal_notice TO :app;
GRANT SELECT ON register.moj_file, register.moj_notice, register.municipal_file, register.municipal_notice
    TO :reader, :auditor;

-- Whoever is destroyed is meant by no notice any more, and what was told of them names them no more.
CREATE FUNCTION register.told_no_more() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
    UPDATE register.moj_notice n SET people = array_remove(n.people, OLD.addressee_number),
        whose = nullif(n.whose, OLD.addressee_number), why = CASE WHEN n.state = 'closed' THEN '' ELSE n.why END
    WHERE n.people @> ARRAY[OLD.addressee_number] OR n.whose = OLD.addressee_number;
    DELETE FROM register.municipal_notice m WHERE m.addressee_number = OLD.addressee_number;
    RETURN NULL;
END $f$;
CREATE TRIGGER told_no_more AFTER DELETE ON register.resident
    FOR EACH ROW EXECUTE FUNCTION register.told_no_more();
GRANT SELECT (state, people, whose, why), UPDATE (people, whose, why) ON register.moj_notice TO :disposal;
GRANT SELECT (addressee_number), DELETE ON register.municipal_notice TO :disposal;
