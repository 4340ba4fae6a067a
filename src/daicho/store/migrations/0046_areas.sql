-- kinds: registry
-- 住居表示・町名地番の変更: a table of old and new places that two people stand for, and household by household what it made
-- of the register. A household is on the list of one change once, whatever is looked at again.

CREATE SEQUENCE register.area_seq;
CREATE TABLE register.area_change (
    number           text COLLATE "C" PRIMARY KEY CHECK (number <> ''),
    state            text NOT NULL CHECK (state IN
        ('faulty', 'checking', 'checked', 'approved', 'stopped', 'done', 'declined', 'withdrawn')),
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
    halted_by        text,                   -- who took it back, or stopped it last
    halted_at        timestamptz,
    asked            text NOT NULL DEFAULT '',  -- why a word is asked for once more
    looked_at        bigint,                 -- up to whom the register was looked through; none: nobody looks now
    again            boolean NOT NULL DEFAULT false,  -- something came up since the last look began
    looked_homes     integer NOT NULL DEFAULT 0 CHECK (looked_homes >= 0),  -- households that the last look met
    told_homes       integer,                -- as many met the dry run; none: it was compared on the day
    watched_until    date,                   -- so long it is looked through each night after its end
    watched_on       date,                   -- the last such night
    CONSTRAINT decided_by_a_second CHECK (decided_by <> brought_by),
    CONSTRAINT decided_by_somebody CHECK (
        CASE WHEN state IN ('faulty', 'checking', 'checked') THEN decided_by IS NULL
             WHEN state IN ('approved', 'done', 'declined') THEN decided_by IS NOT NULL ELSE true END),
    CONSTRAINT decided_at_some_time CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
    CONSTRAINT halted_by_somebody CHECK ((halted_by IS NULL) = (halted_at IS NULL)
        AND (state NOT IN ('withdrawn', 'stopped') OR halted_by IS NOT NULL)),
    CONSTRAINT done_after_it_began CHECK (done_at IS NULL OR begun_at IS NOT NULL)
);
CREATE INDEX area_change_open ON register.area_change (number)
    WHERE state IN ('checking', 'checked', 'approved', 'stopped');
-- The same table is not open twice.
CREATE UNIQUE INDEX area_change_digest ON register.area_change (digest)
    WHERE state IN ('checking', 'checked', 'approved', 'stopped');
CREATE INDEX area_change_past ON register.area_change (number) WHERE state IN ('done', 'declined', 'withdrawn');
CREATE INDEX area_change_faulty ON register.area_change (number) WHERE state = 'faulty';
CREATE INDEX area_change_watched ON register.area_change (number) WHERE state = 'done' AND watched_until IS NOT NULL;
CREATE INDEX area_change_begun ON register.area_change (number) WHERE begun_at IS NOT NULL;
CREATE TABLE register.area_line (
    number text COLLATE "C" NOT NULL REFERENCES register.area_change (number),
    line   integer NOT NULL CHECK (line > 0),
    body   json NOT NULL,
    met    integer NOT NULL DEFAULT 0 CHECK (met >= 0),  -- households
    -- Both places as they are compared; without a block it is a whole town.
    old_town  text COLLATE "C" NOT NULL DEFAULT '',
    old_block text COLLATE "C" NOT NULL DEFAULT '',
    new_town  text COLLATE "C" NOT NULL DEFAULT '',
    new_block text COLLATE "C" NOT NULL DEFAULT '',
    PRIMARY KEY (number, line)
);
CREATE INDEX area_line_old ON register.area_line (old_town, old_block);
CREATE INDEX area_line_new ON register.area_line (new_town, new_block);
CREATE TABLE register.area_item (
    number           text COLLATE "C" NOT NULL REFERENCES register.area_change (number),
    household_number bigint NOT NULL,
    place            text COLLATE "C" NOT NULL,  -- the old address without the building, folded: one roof is done at once
    line             integer,                    -- by which line it was met
    people           integer NOT NULL CHECK (people > 0),
    state            text NOT NULL CHECK (state IN
        ('listed', 'done', 'gone', 'unnamed', 'waits', 'held', 'together', 'refused', 'doubtful', 'back', 'found')),
    why              text NOT NULL DEFAULT '',   -- the code of a refusal
    PRIMARY KEY (number, household_number)
);
CREATE INDEX area_item_listed ON register.area_item (number, place, household_number) WHERE state = 'listed';
CREATE INDEX area_item_queue ON register.area_item (number, household_number)
    WHERE state IN ('unnamed', 'waits', 'held', 'together', 'refused', 'doubtful', 'back', 'found');
CREATE INDEX area_item_waits ON register.area_item (number, household_number) WHERE state = 'waits';
CREATE INDEX area_item_place ON register.area_item (number, place);
-- How much came to what: counted as it happens, so that no page counts a whole town.
CREATE TABLE register.area_tally (
    number     text COLLATE "C" NOT NULL REFERENCES register.area_change (number),
    state      text NOT NULL,
    households integer NOT NULL,
    people     integer NOT NULL,
    PRIMARY KEY (number, state)
);

GRANT SELECT, INSERT ON register.area_change, register.area_line, register.area_item, register.area_tally TO :app;
GRANT UPDATE (state, brought_by, brought_role, brought_terminal, checked_at, decided_by, decided_role, decided_terminal,
    decided_at, begun_at, done_at, halted_by, halted_at, asked, looked_at, again, looked_homes, told_homes, watched_until,
    watched_on) ON register.area_change TO :app;
GRANT UPDATE (met) ON register.area_line TO :app;
GRANT UPDATE (place, line, people, state, why) ON register.area_item TO :app;
GRANT UPDATE (households, people) ON register.area_tally TO :app;
GRANT USAGE, SELECT ON SEQUENCE register.area_seq TO :app;
GRANT SELECT ON register.area_change, register.area_line, register.area_item, register.area_tally TO :reader, :auditor;

-- What was decided stays decided; what is being carried out is not taken back. Another may stand for a table as the one who
-- brought it only when both words are given anew.
CREATE FUNCTION register.guard_area_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN
        (('checking', 'checked'), ('checking', 'withdrawn'), ('checked', 'approved'), ('checked', 'declined'),
         ('checked', 'withdrawn'), ('checked', 'stopped'), ('approved', 'withdrawn'), ('approved', 'stopped'),
         ('approved', 'checked'), ('approved', 'done'), ('done', 'approved'), ('done', 'checked'), ('done', 'stopped'),
         ('stopped', 'checked'), ('stopped', 'withdrawn'))
        OR NEW.state IN ('withdrawn', 'declined') AND OLD.state <> NEW.state AND OLD.begun_at IS NOT NULL
        OR OLD.brought_by <> NEW.brought_by
            AND NOT (OLD.state IN ('approved', 'done', 'stopped') AND NEW.state = 'checked')
        OR OLD.state IN ('approved', 'done', 'stopped') AND NEW.state IN ('approved', 'done', 'stopped') AND
            (OLD.decided_by, OLD.decided_at) IS DISTINCT FROM (NEW.decided_by, NEW.decided_at) THEN
        RAISE EXCEPTION 'change of names % is %', OLD.number, OLD.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_area_change BEFORE UPDATE ON register.area_change
    FOR EACH ROW EXECUTE FUNCTION register.guard_area_change();
