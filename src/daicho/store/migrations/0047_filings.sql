-- kinds: registry
-- 法9条2項の通知: what the own family register tells other towns until they answer, and what others tell until it is recorded.
-- Of either the content is kept for as long as somebody has work with it; then its frame alone.

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
    CONSTRAINT sent_by_a_second CHECK (decided_by <> entered_by),
    CONSTRAINT decided_whole CHECK ((decided_by IS NULL) = (decided_at IS NULL)
        AND (state NOT IN ('returned', 'sent', 'back') OR decided_by IS NOT NULL))
);
CREATE INDEX filing_out_waiting ON register.filing_out (entered_at, id) WHERE state <> 'closed';
CREATE INDEX filing_out_closed ON register.filing_out (closed_at, id) WHERE state = 'closed';

CREATE TABLE register.filing_in (
    sender      text NOT NULL CHECK (sender ~ '^[0-9]{5}$'),
    id          text COLLATE "C" NOT NULL CHECK (id <> ''),
    kind        text NOT NULL CHECK (kind <> ''),
    filing_number text NOT NULL,
    received_at timestamptz NOT NULL,
    state       text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'entered', 'closed')),
    entry_id    text REFERENCES register.entry (id),
    answer      text,
    closed_by   text,
    closed_at   timestamptz,
    people      bigint[] NOT NULL,       -- who may be meant, as last looked
    body        json,
    PRIMARY KEY (sender, id),
    CONSTRAINT content_while_it_waits CHECK ((body IS NULL) = (state = 'closed')),
    CONSTRAINT closed_with_an_answer CHECK ((state = 'closed') = (answer IS NOT NULL)
        AND (answer IS NULL) = (closed_at IS NULL) AND (closed_by IS NULL) = (closed_at IS NULL)),
    CONSTRAINT entered_by_an_entry CHECK (state <> 'open' OR entry_id IS NULL),
    CONSTRAINT entry_named CHECK (state <> 'entered' OR entry_id IS NOT NULL)
);
-- One change closes one report.
CREATE UNIQUE INDEX filing_in_entry ON register.filing_in (entry_id);
CREATE INDEX filing_in_waiting ON register.filing_in (received_at, sender, id) WHERE state <> 'closed';
CREATE INDEX filing_in_closed ON register.filing_in (closed_at, sender, id) WHERE state = 'closed';

GRANT SELECT, INSERT ON register.filing_out, register.filing_in TO :app;
GRANT UPDATE (state, decided_by, decided_at, why, answer, closed_at, people, body) ON register.filing_out TO :app;
GRANT UPDATE (state, entry_id, answer, closed_by, closed_at, people, body) ON register.filing_in TO :app;
GRANT SELECT ON register.filing_out, register.filing_in TO :reader, :auditor;
