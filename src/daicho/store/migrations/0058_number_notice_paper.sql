-- kinds: national
-- 個人番号通知書・交付申請書 (番号法7条1項): the bundles in which notices go to the press, each letter of a bundle closed for the
-- press's key as long as it waits there to be fetched, and each time that a notice was put on paper.

ALTER TABLE destination.notice DROP CONSTRAINT notice_state_check, DROP CONSTRAINT marked_by_somebody;
ALTER TABLE destination.notice
    ADD CONSTRAINT notice_state_check CHECK (
        state IN ('held', 'waiting', 'bundled', 'stuck', 'void', 'printed', 'sent', 'returned')),
    ADD CONSTRAINT marked_by_somebody CHECK ((state IN ('held', 'waiting')) = (marked_by IS NULL)
        AND (marked_by IS NULL) = (marked_at IS NULL)),
    ADD COLUMN why text NOT NULL DEFAULT '',  -- why it is held back
    ADD CONSTRAINT held_back_for_a_reason CHECK (why = '' OR state = 'void');
GRANT UPDATE (why) ON destination.notice TO :app;
DROP INDEX destination.notice_marked;
CREATE INDEX notice_marked ON destination.notice (state, marked_at, municipality, control_number, place)
    WHERE state NOT IN ('held', 'waiting');

CREATE SEQUENCE destination.bundle_number;
CREATE TABLE destination.bundle (
    number     bigint PRIMARY KEY DEFAULT nextval('destination.bundle_number'),
    name       text COLLATE "C" NOT NULL UNIQUE CHECK (name <> ''),  -- as the order was named: a form sent twice is one
    state      text NOT NULL DEFAULT 'making' CHECK (state IN ('making', 'made', 'printed', 'dropped')),
    ordered_by text NOT NULL CHECK (ordered_by <> ''),
    role       text NOT NULL,
    terminal   text NOT NULL,
    ordered_at timestamptz NOT NULL,
    year       smallint NOT NULL,
    letters    integer NOT NULL CHECK (letters > 0),
    notices    integer NOT NULL CHECK (notices >= letters),
    done       integer NOT NULL DEFAULT 0 CHECK (done BETWEEN 0 AND letters),  -- letters that were set or left out
    left_out   integer NOT NULL DEFAULT 0 CHECK (left_out BETWEEN 0 AND done),
    hindrance  text NOT NULL DEFAULT '',   -- why the next letter could not be set when last tried
    not_before timestamptz NOT NULL DEFAULT '-infinity',
    tries      smallint NOT NULL DEFAULT 0,  -- how often the next letter failed
    made_at    timestamptz,
    fetched_by text,
    fetched_at timestamptz,
    closed_by  text,                       -- who noted that it is printed, or dropped it
    closed_at  timestamptz,
    CONSTRAINT all_done_when_made CHECK (state <> 'made' OR done = letters),
    CONSTRAINT made_at_once CHECK ((state IN ('made', 'printed')) <= (made_at IS NOT NULL)),
    CONSTRAINT fetched_by_somebody CHECK ((fetched_by IS NULL) = (fetched_at IS NULL)),
    CONSTRAINT printed_from_what_was_fetched CHECK (state <> 'printed' OR fetched_by IS NOT NULL),
    CONSTRAINT closed_by_somebody CHECK ((state IN ('printed', 'dropped')) = (closed_by IS NOT NULL)
        AND (closed_by IS NULL) = (closed_at IS NULL))
);
CREATE INDEX bundle_making ON destination.bundle (number) WHERE state = 'making';
CREATE INDEX bundle_ordered ON destination.bundle (ordered_at) WHERE state = 'making';
CREATE INDEX bundle_made ON destination.bundle (made_at) WHERE state = 'made';

-- A letter is what goes into one envelope: the notices of one file that are printed together.
CREATE TABLE destination.letter (
    bundle         bigint NOT NULL REFERENCES destination.bundle,
    place          integer NOT NULL CHECK (place > 0),
    municipality   text NOT NULL,
    control_number text COLLATE "C" NOT NULL,
    state          text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'set', 'left')),
    hindrance      text NOT NULL DEFAULT '',  -- why it was left out
    sealed         bytea,  -- nobody here can open it: the press's key is elsewhere
    PRIMARY KEY (bundle, place),
    FOREIGN KEY (municipality, control_number) REFERENCES destination.file ON DELETE CASCADE,
    CONSTRAINT sealed_once_set CHECK (sealed IS NULL OR state = 'set'),
    CONSTRAINT left_for_a_reason CHECK ((state = 'left') = (hindrance <> ''))
);
CREATE INDEX letter_file ON destination.letter (municipality, control_number);

CREATE TABLE destination.print (
    bundle         bigint NOT NULL,
    letter         integer NOT NULL,
    municipality   text NOT NULL,
    control_number text COLLATE "C" NOT NULL,
    place          smallint NOT NULL,          -- in the file
    sheet          integer NOT NULL CHECK (sheet > 0),  -- in the bundle
    application_id text COLLATE "C" NOT NULL UNIQUE CHECK (application_id ~ '^[0-9]{23}$'),
    over           boolean NOT NULL DEFAULT false,  -- dropped, left out, or spoiled and printed anew
    asked_by       text,                       -- who wants it anew, and why
    asked_at       timestamptz,
    why            text NOT NULL DEFAULT '',
    granted_by     text,
    granted_at     timestamptz,
    PRIMARY KEY (bundle, letter, place),
    FOREIGN KEY (bundle, letter) REFERENCES destination.letter ON DELETE CASCADE,
    FOREIGN KEY (municipality, control_number, place) REFERENCES destination.notice ON DELETE CASCADE,
    CONSTRAINT asked_for_a_reason CHECK ((asked_by IS NULL) = (asked_at IS NULL) AND (asked_by IS NULL) = (why = '')),
    CONSTRAINT granted_by_another CHECK ((granted_by IS NULL) = (granted_at IS NULL)
        AND (granted_by IS NULL OR (over AND asked_by IS NOT NULL AND granted_by <> asked_by)))
);
-- A notice is on paper once, or in the making, until two people have let it be printed anew.
CREATE UNIQUE INDEX print_in_force ON destination.print (municipality, control_number, place) WHERE NOT over;
CREATE INDEX print_notice ON destination.print (municipality, control_number, place);
CREATE INDEX print_asked ON destination.print (asked_at, bundle, letter, place) WHERE asked_by IS NOT NULL AND NOT over;

-- What was refused of a town is known here by its number and the reason alone.
CREATE TABLE destination.refused (
    municipality   text NOT NULL CHECK (municipality ~ '^[0-9]{5}$'),
    control_number text COLLATE "C" NOT NULL,
    refused_at     timestamptz NOT NULL,
    reason         text NOT NULL CHECK (reason <> ''),
    field          text NOT NULL,
    PRIMARY KEY (municipality, control_number)
);
CREATE INDEX refused_at ON destination.refused (refused_at, municipality, control_number);

GRANT USAGE ON SEQUENCE destination.bundle_number TO :app;
GRANT SELECT, INSERT ON destination.bundle, destination.letter, destination.print TO :app;
GRANT SELECT, INSERT, DELETE ON destination.refused TO :app;
GRANT UPDATE (state, done, left_out, hindrance, not_before, tries, made_at, fetched_by, fetched_at, closed_by, closed_at)
    ON destination.bundle TO :app;
GRANT UPDATE (state, hindrance, sealed) ON destination.letter TO :app;
GRANT UPDATE (over, asked_by, asked_at, why, granted_by, granted_at) ON destination.print TO :app;
GRANT UPDATE (refused_at, reason, field) ON destination.refused TO :app;
GRANT SELECT ON destination.bundle, destination.print, destination.refused TO :auditor;
GRANT SELECT (bundle, place, municipality, control_number, state, hindrance) ON destination.letter TO :auditor;
GRANT SELECT ON destination.bundle TO :reader;
GRANT SELECT (bundle, letter, asked_by, asked_at, over) ON destination.print TO :reader;
