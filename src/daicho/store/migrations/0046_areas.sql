-- kinds: registry
-- 住居表示・町名地番の変更: a table of old and new places that two people stand for, and household by household what it made
-- of the register. A household is on the list of one change once, whatever is looked at again.

CREATE SEQUENCE register.area_seq;
CREATE TABLE register.area_change (
    number           text COLLATE "C" PRIMARY KEY CHECK (number <> ''),
    state            text NOT NULL CHECK (state IN
        ('faulty', 'checking', 'checked', 'approved', 'done', 'declined', 'withdrawn')),
    in_force_on      date NOT NULL,
    digest           text NOT NULL CHECK (length(digest) = 64),
    body             json NOT NULL,          -- the plan
    faults           json NOT NULL,          -- of a table from which nothing follows
    brought_by       text NOT NULL CHECK (brought_by <> ''),
    brought_role     text NOT NULL,
    brought_terminal text NOT NULL,
    brought_at       timestamptz NOT NULL,
    checked_at       timestamptz,            -- when the dry run had looked at everybody
    decided_by       text,
    decided_role     text,
    decided_terminal text,
    decided_at       timestamptz,
    begun_at         timestamptz,            -- from then on it is carried out
    done_at          timestamptz,
    looked_at        bigint,                 -- up to whom the register was looked through; none: nobody looks now
    again            boolean NOT NULL DEFAULT false,  -- something came up since the last look began
    CONSTRAINT decided_by_a_second CHECK (state = 'withdrawn' OR decided_by <> brought_by),
    CONSTRAINT decided_by_somebody CHECK ((state IN ('faulty', 'checking', 'checked')) = (decided_by IS NULL)),
    CONSTRAINT decided_at_some_time CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
    CONSTRAINT done_after_it_began CHECK (done_at IS NULL OR begun_at IS NOT NULL)
);
CREATE INDEX area_change_open ON register.area_change (number) WHERE state IN ('checking', 'checked', 'approved');
-- The same table is not open twice.
CREATE UNIQUE INDEX area_change_digest ON register.area_change (digest) WHERE state IN ('checking', 'checked', 'approved');
CREATE TABLE register.area_line (
    number text COLLATE "C" NOT NULL REFERENCES register.area_change (number),
    line   integer NOT NULL CHECK (line > 0),
    body   json NOT NULL,
    met    integer NOT NULL DEFAULT 0 CHECK (met >= 0),  -- households
    PRIMARY KEY (number, line)
);
CREATE TABLE register.area_item (
    number           text COLLATE "C" NOT NULL REFERENCES register.area_change (number),
    household_number bigint NOT NULL,
    place            text COLLATE "C" NOT NULL,  -- the old address without the building, folded: one roof is done at once
    line             integer,                    -- by which line it was met first
    people           integer NOT NULL CHECK (people > 0),
    state            text NOT NULL CHECK (state IN
        ('listed', 'done', 'gone', 'unnamed', 'waits', 'held', 'together', 'refused')),
    why              text NOT NULL DEFAULT '',   -- the code of a refusal
    PRIMARY KEY (number, household_number)
);
CREATE INDEX area_item_listed ON register.area_item (number, place, household_number) WHERE state = 'listed';
CREATE INDEX area_item_queue ON register.area_item (number, household_number)
    WHERE state IN ('unnamed', 'waits', 'held', 'together', 'refused');
-- How much came to what: counted as it happens, so that no page counts a whole town.
CREATE TABLE register.area_tally (
    number     text COLLATE "C" NOT NULL REFERENCES register.area_change (number),
    state      text NOT NULL,
    households integer NOT NULL,
    people     integer NOT NULL,
    PRIMARY KEY (number, state)
);

GRANT SELECT, INSERT ON register.area_change, register.area_line, register.area_item, register.area_tally TO :app;
GRANT UPDATE (state, checked_at, decided_by, decided_role, decided_terminal, decided_at, begun_at, done_at, looked_at, again)
    ON register.area_change TO :app;
GRANT UPDATE (met) ON register.area_line TO :app;
GRANT UPDATE (state, why) ON register.area_item TO :app;
GRANT UPDATE (households, people) ON register.area_tally TO :app;
GRANT USAGE, SELECT ON SEQUENCE register.area_seq TO :app;
GRANT SELECT ON register.area_change, register.area_line, register.area_item, register.area_tally TO :reader, :auditor;

-- What was decided stays decided; what is being carried out is not taken back.
CREATE FUNCTION register.guard_area_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN
        (('checking', 'checked'), ('checking', 'withdrawn'), ('checked', 'approved'), ('checked', 'declined'),
         ('checked', 'withdrawn'), ('approved', 'withdrawn'), ('approved', 'done'), ('done', 'approved'))
        OR NEW.state = 'withdrawn' AND OLD.begun_at IS NOT NULL
        OR OLD.state IN ('approved', 'done') AND NEW.state IN ('approved', 'done') AND
            (OLD.decided_by, OLD.decided_at) IS DISTINCT FROM (NEW.decided_by, NEW.decided_at) THEN
        RAISE EXCEPTION 'change of names % is %', OLD.number, OLD.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_area_change BEFORE UPDATE ON register.area_change
    FOR EACH ROW EXECUTE FUNCTION register.guard_area_change();
