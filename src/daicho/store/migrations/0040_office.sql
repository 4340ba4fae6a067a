-- kinds: registry
-- 日計・証明用紙: every paper stands in one cash-up, that one person closes and a second one confirms; numbered sheets.

CREATE SEQUENCE register.till_seq;
CREATE TABLE register.till_closing (
    number       text COLLATE "C" PRIMARY KEY CHECK (number <> ''),
    day          date NOT NULL,
    state        text NOT NULL DEFAULT 'closed' CHECK (state IN ('closed', 'confirmed', 'returned')),
    closed_by    text NOT NULL CHECK (closed_by <> ''),
    closed_at    timestamptz NOT NULL,
    decided_by   text,
    decided_at   timestamptz,
    why          text NOT NULL DEFAULT '',  -- it was returned
    body         json NOT NULL,
    CONSTRAINT confirmed_by_a_second CHECK (decided_by <> closed_by),
    CONSTRAINT decided_by_somebody CHECK ((state = 'closed') = (decided_by IS NULL)),
    CONSTRAINT decided_at_some_time CHECK ((decided_by IS NULL) = (decided_at IS NULL))
);
CREATE INDEX till_closing_waiting ON register.till_closing (closed_at, number) WHERE state = 'closed';
CREATE INDEX till_closing_day ON register.till_closing (day, number);

-- In which cash-up a paper stands: '' in none yet; what was issued before cash-ups were kept is in none for good.
ALTER TABLE register.certificate ADD COLUMN closing text COLLATE "C" NOT NULL DEFAULT 'before';
ALTER TABLE register.certificate ALTER COLUMN closing SET DEFAULT '';
CREATE INDEX certificate_open ON register.certificate (issued_on, number) WHERE closing = '';
CREATE INDEX certificate_closing ON register.certificate (closing, number) WHERE closing NOT IN ('', 'before');

CREATE TABLE register.fee_waiver (
    number       text COLLATE "C" NOT NULL REFERENCES register.certificate (number),
    cause        text NOT NULL CHECK (cause <> ''),
    words        text NOT NULL CHECK (words <> ''),
    by           text NOT NULL CHECK (by <> ''),
    at           timestamptz NOT NULL,
    undone       integer NOT NULL DEFAULT 0,  -- 0 stands; one that was taken back has the next number of its paper
    undone_by    text,
    undone_at    timestamptz,
    undone_why   text NOT NULL DEFAULT '',
    PRIMARY KEY (number, undone),
    CONSTRAINT undone_by_a_second CHECK (undone_by <> by),
    CONSTRAINT undone_by_somebody CHECK ((undone = 0) = (undone_by IS NULL)),
    CONSTRAINT undone_at_some_time CHECK ((undone_by IS NULL) = (undone_at IS NULL))
);

CREATE SEQUENCE register.sheet_delivery_seq;
CREATE TABLE register.sheet_delivery (
    number       text COLLATE "C" PRIMARY KEY CHECK (number <> ''),
    series       text COLLATE "C" NOT NULL,
    digits       integer NOT NULL CHECK (digits BETWEEN 1 AND 10),
    first        bigint NOT NULL CHECK (first >= 0),
    last         bigint NOT NULL,
    left_sheets  integer NOT NULL CHECK (left_sheets >= 0),
    received_on  date NOT NULL,
    received_by  text NOT NULL CHECK (received_by <> ''),
    received_at  timestamptz NOT NULL,
    words        text NOT NULL DEFAULT '',
    CONSTRAINT in_order CHECK (last >= first)
);
CREATE INDEX sheet_delivery_series ON register.sheet_delivery (series, digits, last);
CREATE INDEX sheet_delivery_open ON register.sheet_delivery (received_on, number) WHERE left_sheets > 0;
CREATE TABLE register.sheet (
    delivery     text COLLATE "C" NOT NULL REFERENCES register.sheet_delivery (number),
    place        bigint NOT NULL,
    paper        text COLLATE "C" REFERENCES register.certificate (number),
    cause        text,                   -- why it was spoiled
    words        text NOT NULL DEFAULT '',
    noted_on     date NOT NULL,
    noted_by     text NOT NULL CHECK (noted_by <> ''),
    noted_at     timestamptz NOT NULL,
    closing      text COLLATE "C" NOT NULL DEFAULT '',
    destroyed_by text,
    destroyed_at timestamptz,
    disposed     boolean NOT NULL DEFAULT false,  -- it was used for a paper that is not kept any more
    undone       integer NOT NULL DEFAULT 0,  -- 0 stands; a note that was taken back has the next number of its place
    undone_by    text,
    undone_at    timestamptz,
    undone_why   text NOT NULL DEFAULT '',
    PRIMARY KEY (delivery, place, undone),
    CONSTRAINT undone_by_a_second CHECK (undone_by <> noted_by),
    CONSTRAINT undone_by_somebody CHECK ((undone = 0) = (undone_by IS NULL)),
    CONSTRAINT undone_at_some_time CHECK ((undone_by IS NULL) = (undone_at IS NULL)),
    CONSTRAINT undone_while_it_is_there CHECK (undone = 0 OR destroyed_by IS NULL),
    CONSTRAINT used_spoiled_or_disposed CHECK (num_nonnulls(paper, cause) + disposed::integer = 1),
    CONSTRAINT destroyed_by_a_second CHECK (destroyed_by <> noted_by),
    CONSTRAINT destroyed_when_spoiled CHECK (destroyed_by IS NULL OR cause IS NOT NULL),
    CONSTRAINT destroyed_at_some_time CHECK ((destroyed_by IS NULL) = (destroyed_at IS NULL))
);
CREATE INDEX sheet_paper ON register.sheet (paper);
CREATE INDEX sheet_open ON register.sheet (noted_on) WHERE closing = '';
CREATE INDEX sheet_closing ON register.sheet (closing) WHERE closing <> '';
CREATE INDEX sheet_spoiled ON register.sheet (noted_at, delivery, place)
    WHERE cause IS NOT NULL AND cause <> 'MISSING' AND destroyed_by IS NULL AND undone = 0;

GRANT SELECT, INSERT ON register.till_closing, register.fee_waiver, register.sheet_delivery, register.sheet TO :app;
GRANT UPDATE (state, decided_by, decided_at, why) ON register.till_closing TO :app;
GRANT UPDATE (closing) ON register.certificate, register.sheet TO :app;
GRANT UPDATE (left_sheets) ON register.sheet_delivery TO :app;
GRANT UPDATE (undone, undone_by, undone_at, undone_why) ON register.fee_waiver TO :app;
GRANT UPDATE (destroyed_by, destroyed_at, undone, undone_by, undone_at, undone_why) ON register.sheet TO :app;
GRANT SELECT ON register.till_closing, register.fee_waiver, register.sheet_delivery, register.sheet
    TO :reader, :auditor;
GRANT USAGE, SELECT ON SEQUENCE register.till_seq, register.sheet_delivery_seq TO :app;

-- 送付すべき通知: papers that a verified change makes owed, until one is printed or somebody says why it is not.
CREATE TABLE register.owed_notice (
    id           text COLLATE "C" PRIMARY KEY CHECK (id <> ''),
    kind         text NOT NULL CHECK (kind <> ''),
    people       bigint[] NOT NULL,
    entry_id     text NOT NULL REFERENCES register.entry (id),
    owed_at      timestamptz NOT NULL,
    state        text NOT NULL DEFAULT 'owed' CHECK (state IN ('owed', 'printed', 'dropped')),
    paper        text COLLATE "C" REFERENCES register.certificate (number),
    decided_by   text,
    decided_at   timestamptz,
    words        text NOT NULL DEFAULT '',  -- why it was dropped
    CONSTRAINT somebody_on_it CHECK (cardinality(people) > 0),
    CONSTRAINT printed_as_a_paper CHECK ((state = 'printed') = (paper IS NOT NULL)),
    CONSTRAINT decided_at_some_time CHECK ((state = 'owed') = (decided_at IS NULL)),
    CONSTRAINT decided_by_somebody CHECK ((decided_at IS NULL) = (decided_by IS NULL))
);
CREATE INDEX owed_notice_entry ON register.owed_notice (entry_id);
CREATE INDEX owed_notice_paper ON register.owed_notice (paper);
CREATE INDEX owed_notice_open ON register.owed_notice (owed_at, id) WHERE state = 'owed';
CREATE INDEX owed_notice_printed ON register.owed_notice (decided_at, id) WHERE state = 'printed';

-- 発送: where a paper that goes by post stands; '' waits. What was issued before the post was written down is done with.
ALTER TABLE register.certificate ADD COLUMN post text NOT NULL DEFAULT 'CLOSED'
    CHECK (post IN ('', 'SENT', 'RETURNED', 'CLOSED'));
ALTER TABLE register.certificate ALTER COLUMN post SET DEFAULT '';
-- Whither a requester wants a paper sent, as the request states it.
ALTER TABLE register.certificate ADD COLUMN send_to text NOT NULL DEFAULT '';
CREATE INDEX certificate_to_post ON register.certificate (issued_on, number)
    WHERE delivery IN ('POSTED_TO_PERSON', 'POSTED_TO_REQUESTER') AND post IN ('', 'RETURNED');
CREATE INDEX certificate_posted ON register.certificate (issued_on, number) WHERE post = 'SENT';
CREATE TABLE register.posting_step (
    number       text COLLATE "C" NOT NULL REFERENCES register.certificate (number),
    place        integer NOT NULL CHECK (place > 0),
    step         text NOT NULL CHECK (step <> ''),
    on_day       date NOT NULL,
    recipient    text NOT NULL DEFAULT '',
    address      text NOT NULL DEFAULT '',  -- as a requester stated it; that of a resident stands in a version of the record
    whose        bigint,
    version      integer,
    cause        text,
    words        text NOT NULL DEFAULT '',
    by           text NOT NULL CHECK (by <> ''),
    at           timestamptz NOT NULL,
    PRIMARY KEY (number, place),
    CONSTRAINT of_a_version CHECK ((whose IS NULL) = (version IS NULL))
);
GRANT SELECT, INSERT ON register.owed_notice, register.posting_step TO :app;
GRANT UPDATE (state, paper, decided_by, decided_at, words) ON register.owed_notice TO :app;
GRANT UPDATE (post) ON register.certificate TO :app;
GRANT SELECT ON register.owed_notice, register.posting_step TO :reader, :auditor;

-- 閲覧: who asked to inspect the register, what a second person decided, and each time that the list was read.
CREATE SEQUENCE register.inspection_seq;
CREATE TABLE register.inspection (
    number       text COLLATE "C" PRIMARY KEY CHECK (number <> ''),
    kind         text NOT NULL CHECK (kind <> ''),
    state        text NOT NULL DEFAULT 'asked'
        CHECK (state IN ('asked', 'approved', 'declined', 'withdrawn', 'revoked')),
    asked_by     text NOT NULL CHECK (asked_by <> ''),
    asked_at     timestamptz NOT NULL,
    decided_by   text,
    decided_at   timestamptz,
    why          text NOT NULL DEFAULT '',
    ended_by     text,                     -- an approval was revoked, or what was asked withdrawn
    ended_at     timestamptz,
    ended_why    text NOT NULL DEFAULT '',
    body         json NOT NULL,
    CONSTRAINT approved_by_a_second CHECK (decided_by <> asked_by),
    CONSTRAINT decided_by_somebody CHECK ((state IN ('asked', 'withdrawn')) = (decided_by IS NULL)),
    CONSTRAINT decided_at_some_time CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
    CONSTRAINT ended_by_somebody CHECK ((state IN ('withdrawn', 'revoked')) = (ended_by IS NOT NULL)),
    CONSTRAINT ended_at_some_time CHECK ((ended_by IS NULL) = (ended_at IS NULL))
);
CREATE INDEX inspection_waiting ON register.inspection (asked_at, number) WHERE state = 'asked';
CREATE TABLE register.inspection_reading (
    number       text COLLATE "C" NOT NULL REFERENCES register.inspection (number),
    place        integer NOT NULL CHECK (place > 0),
    inspected_on date NOT NULL,
    readers      text[] NOT NULL,
    people       integer NOT NULL CHECK (people > 0),
    fee_yen      integer NOT NULL CHECK (fee_yen >= 0),
    closing      text COLLATE "C" NOT NULL DEFAULT '',
    by           text NOT NULL CHECK (by <> ''),
    at           timestamptz NOT NULL,
    PRIMARY KEY (number, place),
    CONSTRAINT somebody_read CHECK (cardinality(readers) > 0)
);
CREATE INDEX inspection_reading_day ON register.inspection_reading (inspected_on, number);
CREATE INDEX inspection_reading_open ON register.inspection_reading (inspected_on, number) WHERE closing = '';
CREATE INDEX inspection_reading_closing ON register.inspection_reading (closing) WHERE closing <> '';
-- A scope of addresses is a range of this one; whoever is no resident any more is in none.
CREATE INDEX resident_address ON register.resident (address, addressee_number) WHERE living;
GRANT SELECT, INSERT ON register.inspection, register.inspection_reading TO :app;
GRANT UPDATE (state, decided_by, decided_at, why, ended_by, ended_at, ended_why) ON register.inspection TO :app;
GRANT UPDATE (closing) ON register.inspection_reading TO :app;
GRANT SELECT ON register.inspection, register.inspection_reading TO :reader, :auditor;
GRANT USAGE, SELECT ON SEQUENCE register.inspection_seq TO :app;
