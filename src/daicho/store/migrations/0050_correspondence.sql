-- kinds: registry
-- 文書・定期調査: what letters say, so that the same one can be printed again; letters in bulk; the regular survey.

CREATE SEQUENCE register.survey_seq;
CREATE TABLE register.survey (
    number     text COLLATE "C" PRIMARY KEY CHECK (number <> ''),
    state      text NOT NULL DEFAULT 'LISTING' CHECK (state IN ('LISTING', 'OPEN', 'ENDED', 'WITHDRAWN')),
    started_by text NOT NULL CHECK (started_by <> ''),
    started_at timestamptz NOT NULL,
    looked_at  bigint,                    -- up to which household the register was looked through; none: wholly
    ended_by   text,
    ended_at   timestamptz,
    words      text NOT NULL DEFAULT '',
    body       json NOT NULL,             -- the scope, and who goes there
    CONSTRAINT ended_by_somebody CHECK ((state IN ('ENDED', 'WITHDRAWN')) = (ended_by IS NOT NULL)),
    CONSTRAINT ended_at_some_time CHECK ((ended_by IS NULL) = (ended_at IS NULL)),
    CONSTRAINT listed_while_looked CHECK (state <> 'LISTING' OR looked_at IS NOT NULL)
);
CREATE INDEX survey_listing ON register.survey (number) WHERE state = 'LISTING';
CREATE TABLE register.survey_household (
    number           text COLLATE "C" NOT NULL REFERENCES register.survey (number),
    household_number bigint NOT NULL,
    place            text COLLATE "C" NOT NULL,   -- the folded address, by which the list is walked
    people           integer NOT NULL CHECK (people > 0),
    grounds          text[] NOT NULL DEFAULT '{}',
    result           text NOT NULL DEFAULT 'NOT_VISITED',
    visits           integer NOT NULL DEFAULT 0,
    visited_on       date,
    words            text NOT NULL DEFAULT '',
    noted_by         text,
    noted_at         timestamptz,
    case_number      text COLLATE "C" REFERENCES register.upkeep_case (number) ON DELETE SET NULL,
    PRIMARY KEY (number, household_number),
    CONSTRAINT noted_by_somebody CHECK ((result = 'NOT_VISITED') = (noted_by IS NULL)),
    CONSTRAINT noted_at_some_time CHECK ((noted_by IS NULL) = (noted_at IS NULL))
);
CREATE INDEX survey_household_place ON register.survey_household (number, place, household_number);
CREATE INDEX survey_household_result ON register.survey_household (number, result, place, household_number);
CREATE INDEX survey_household_home ON register.survey_household (household_number);
CREATE INDEX survey_household_case ON register.survey_household (case_number);
CREATE TABLE register.survey_tally (
    number     text COLLATE "C" NOT NULL REFERENCES register.survey (number),
    result     text NOT NULL,
    households integer NOT NULL,
    people     integer NOT NULL,
    PRIMARY KEY (number, result)
);

-- Letters to many households: each is written by a job in the name of whoever asked, and printed in bundles.
CREATE SEQUENCE register.letter_run_seq;
CREATE TABLE register.letter_run (
    number     text COLLATE "C" PRIMARY KEY CHECK (number <> ''),
    kind       text NOT NULL CHECK (kind <> ''),
    source     text COLLATE "C" NOT NULL CHECK (source <> ''),  -- the number of a survey or of a change of names
    state      text NOT NULL DEFAULT 'MAKING' CHECK (state IN ('MAKING', 'MADE', 'STOPPED')),
    issuer     json NOT NULL,             -- under whose name, and which office answers
    asked_by   text NOT NULL CHECK (asked_by <> ''),
    asked_role text NOT NULL CHECK (asked_role <> ''),
    terminal   text NOT NULL DEFAULT '',
    asked_at   timestamptz NOT NULL,
    sees_protected boolean NOT NULL,      -- whether whoever asked saw protected people then: whose figures they are
    after      bigint NOT NULL DEFAULT 0, -- up to which household it came
    letters    integer NOT NULL DEFAULT 0 CHECK (letters >= 0),
    ended_at   timestamptz,
    CONSTRAINT ended_when_over CHECK ((state = 'MAKING') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX letter_run_making ON register.letter_run (kind, source) WHERE state = 'MAKING';
CREATE INDEX letter_run_source ON register.letter_run (source, number);
CREATE TABLE register.letter_run_left (
    run              text COLLATE "C" NOT NULL REFERENCES register.letter_run (number),
    household_number bigint NOT NULL,
    why              text NOT NULL CHECK (why <> ''),
    PRIMARY KEY (run, household_number)
);

-- With its paper, its case or its request a letter goes, too.
CREATE TABLE register.correspondence (
    number           text COLLATE "C" PRIMARY KEY REFERENCES register.certificate (number) ON DELETE CASCADE,
    kind             text NOT NULL CHECK (kind <> ''),
    household_number bigint NOT NULL,
    state            text NOT NULL DEFAULT 'MADE' CHECK (state IN ('MADE', 'SENT', 'DROPPED')),
    case_number      text COLLATE "C" REFERENCES register.upkeep_case (number) ON DELETE CASCADE,
    request_id       text COLLATE "C" REFERENCES register.seal_request (id) ON DELETE CASCADE,
    run              text COLLATE "C" REFERENCES register.letter_run (number),
    source           text COLLATE "C" NOT NULL DEFAULT '',
    again            integer NOT NULL DEFAULT 0,  -- how often the same one was printed once more
    disposed         boolean NOT NULL DEFAULT false,  -- somebody on it was destroyed: what it said went with them
    body             json NOT NULL
);
CREATE INDEX correspondence_case ON register.correspondence (case_number, number);
CREATE INDEX correspondence_request ON register.correspondence (request_id, number);
CREATE INDEX correspondence_run ON register.correspondence (run, number);
-- To each household one letter of a kind about one survey or change of names, until it is dropped.
CREATE UNIQUE INDEX correspondence_once ON register.correspondence (source, kind, household_number)
    WHERE source <> '' AND state <> 'DROPPED';

GRANT SELECT, INSERT ON register.survey, register.survey_household, register.survey_tally, register.letter_run,
    register.letter_run_left, register.correspondence TO :app;
GRANT UPDATE (state, looked_at, ended_by, ended_at, words) ON register.survey TO :app;
GRANT UPDATE (result, visits, visited_on, words, noted_by, noted_at, case_number) ON register.survey_household TO :app;
GRANT UPDATE (households, people) ON register.survey_tally TO :app;
GRANT UPDATE (state, after, letters, ended_at) ON register.letter_run TO :app;
GRANT UPDATE (state, again) ON register.correspondence TO :app;
GRANT SELECT ON register.survey, register.survey_household, register.survey_tally, register.letter_run,
    register.letter_run_left, register.correspondence TO :reader, :auditor;
GRANT USAGE, SELECT ON SEQUENCE register.survey_seq, register.letter_run_seq TO :app;

-- A letter names everybody on it, and goes empty with the first of them; its line in the book stays with the others. Of a
-- survey that is over nothing is said any more about a household of which somebody was destroyed.
CREATE FUNCTION register.says_no_more() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
    UPDATE register.correspondence l SET body = '{}', disposed = true WHERE l.number = OLD.number AND NOT l.disposed;
    RETURN NULL;
END $f$;
CREATE TRIGGER says_no_more AFTER DELETE ON register.certificate_person
    FOR EACH ROW EXECUTE FUNCTION register.says_no_more();
CREATE FUNCTION register.surveyed_no_more() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
    UPDATE register.survey_household h SET place = '', words = ''
    WHERE h.household_number IN (
            SELECT v.household_number FROM register.resident_version v WHERE v.addressee_number = OLD.addressee_number)
        AND EXISTS (SELECT FROM register.survey s WHERE s.number = h.number AND s.state IN ('ENDED', 'WITHDRAWN'));
    RETURN NULL;
END $f$;
CREATE TRIGGER surveyed_no_more AFTER DELETE ON register.resident
    FOR EACH ROW EXECUTE FUNCTION register.surveyed_no_more();
GRANT SELECT (number, disposed), UPDATE (body, disposed) ON register.correspondence TO :disposal;
GRANT SELECT (number, state) ON register.survey TO :disposal;
GRANT SELECT (number, household_number), UPDATE (place, words) ON register.survey_household TO :disposal;
