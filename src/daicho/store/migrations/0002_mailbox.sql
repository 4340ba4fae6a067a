-- kinds: registry, cs, prefecture, national
-- Letters on their way out and letters that came in: opaque bytes, and how far each stream has come.

CREATE SCHEMA mailbox;
GRANT USAGE ON SCHEMA mailbox TO :app, :reader, :auditor;

-- One row per destination: the stream's epoch and next number, who sends to it now, when to try again.
CREATE TABLE mailbox.stream_out (
    receiver     text COLLATE "C" PRIMARY KEY CHECK (receiver <> ''),
    epoch        bigint NOT NULL DEFAULT 1 CHECK (epoch > 0),
    next_number  bigint NOT NULL DEFAULT 1 CHECK (next_number > 0),
    holder       text,
    leased_until timestamptz,
    served_at    timestamptz NOT NULL DEFAULT '-infinity',
    tries        integer NOT NULL DEFAULT 0 CHECK (tries >= 0),
    next_try_at  timestamptz NOT NULL DEFAULT '-infinity',
    probe_at     timestamptz NOT NULL DEFAULT 'infinity',  -- when to ask the receiver what it expects
    last_fault   text NOT NULL DEFAULT '',
    CHECK ((holder IS NULL) = (leased_until IS NULL))
);

CREATE TABLE mailbox.outbox (
    seq            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    letter_id      text COLLATE "C" NOT NULL UNIQUE CHECK (length(letter_id) BETWEEN 1 AND 64),
    receiver       text COLLATE "C" NOT NULL CHECK (receiver <> ''),
    kind           text NOT NULL CHECK (kind <> ''),
    content        bytea NOT NULL,      -- the very bytes whose hash is signed
    size_bytes     integer GENERATED ALWAYS AS (octet_length(content)) STORED,
    matter         text NOT NULL DEFAULT '',  -- what the sender itself calls the matter, such as an entry's id
    posted_at      timestamptz NOT NULL,
    supersede_key  text COLLATE "C" NOT NULL DEFAULT '',
    supersede_rank bigint NOT NULL DEFAULT 0,
    state          text NOT NULL DEFAULT 'posted' CHECK (state IN ('posted', 'numbered', 'kept', 'settled')),
    epoch          bigint,              -- given when the letter is taken for sending
    number         bigint CHECK (number > 0),
    kept_at        timestamptz,
    settled_at     timestamptz,
    outcome        text CHECK (outcome IN ('accepted', 'refused', 'superseded')),
    CHECK ((epoch IS NULL) = (number IS NULL)),
    CHECK (state NOT IN ('numbered', 'kept') OR number IS NOT NULL),
    CHECK (state <> 'posted' OR number IS NULL),
    CHECK ((state = 'settled') <= (outcome IS NOT NULL))
);
CREATE INDEX outbox_open ON mailbox.outbox (receiver, seq) WHERE state IN ('posted', 'numbered');
CREATE INDEX outbox_kept ON mailbox.outbox (receiver) WHERE state = 'kept';
CREATE UNIQUE INDEX outbox_number ON mailbox.outbox (receiver, epoch, number) WHERE number IS NOT NULL;
CREATE INDEX outbox_newer ON mailbox.outbox (receiver, supersede_key, supersede_rank)
    WHERE state = 'posted' AND supersede_key <> '';

-- Letters that came back refused: work for a person.
CREATE TABLE mailbox.returned (
    letter_id   text COLLATE "C" PRIMARY KEY REFERENCES mailbox.outbox (letter_id),
    reason      text NOT NULL CHECK (reason <> ''),
    article     text NOT NULL DEFAULT '',
    field       text NOT NULL DEFAULT '',
    returned_at timestamptz NOT NULL,
    resolved_by text CHECK (resolved_by <> ''),
    resolved_at timestamptz,
    resolution  text NOT NULL DEFAULT '',
    CHECK ((resolved_by IS NULL) = (resolved_at IS NULL))
);
CREATE INDEX returned_waiting ON mailbox.returned (returned_at, letter_id) WHERE resolved_by IS NULL;

CREATE TABLE mailbox.stream_in (
    sender        text COLLATE "C" PRIMARY KEY CHECK (sender <> ''),
    epoch         bigint NOT NULL CHECK (epoch > 0),
    next_expected bigint NOT NULL CHECK (next_expected > 0),
    tell_after    timestamptz NOT NULL DEFAULT '-infinity'  -- when to tell a sender that could not be told
);

CREATE TABLE mailbox.inbox (
    sender      text COLLATE "C" NOT NULL,
    letter_id   text COLLATE "C" NOT NULL,
    epoch       bigint NOT NULL,
    number      bigint NOT NULL,
    kind        text NOT NULL,
    content     bytea NOT NULL,         -- verbatim, as it was signed
    size_bytes  integer GENERATED ALWAYS AS (octet_length(content)) STORED,
    seal_hash   text NOT NULL,          -- the envelope that brought it
    kept_at     timestamptz NOT NULL,
    state       text NOT NULL DEFAULT 'kept' CHECK (state IN ('kept', 'settled', 'parked')),
    outcome     text CHECK (outcome IN ('accepted', 'refused', 'superseded')),
    reason      text NOT NULL DEFAULT '',
    article     text NOT NULL DEFAULT '',
    field       text NOT NULL DEFAULT '',
    settled_at  timestamptz,
    told_at     timestamptz,
    tries       integer NOT NULL DEFAULT 0 CHECK (tries >= 0),
    next_try_at timestamptz NOT NULL DEFAULT '-infinity',
    last_fault  text NOT NULL DEFAULT '',
    PRIMARY KEY (sender, letter_id),    -- the same letter under a newer epoch is the same letter
    CHECK ((state = 'settled') = (outcome IS NOT NULL)),
    CHECK ((outcome = 'refused') = (reason <> ''))
);
CREATE UNIQUE INDEX inbox_number ON mailbox.inbox (sender, epoch, number);
CREATE INDEX inbox_kept ON mailbox.inbox (sender, epoch, number) WHERE state = 'kept';
CREATE INDEX inbox_waiting ON mailbox.inbox (sender) INCLUDE (size_bytes) WHERE state <> 'settled';
CREATE INDEX inbox_untold ON mailbox.inbox (sender, epoch, number) WHERE state = 'settled' AND told_at IS NULL;
CREATE INDEX inbox_parked ON mailbox.inbox (kept_at) WHERE state = 'parked';

GRANT SELECT, INSERT, UPDATE ON mailbox.stream_out, mailbox.stream_in TO :app;
-- What was written or received stays as it is: only its fate may change.
GRANT SELECT, INSERT ON mailbox.outbox, mailbox.inbox, mailbox.returned TO :app;
GRANT UPDATE (state, epoch, number, kept_at, settled_at, outcome) ON mailbox.outbox TO :app;
GRANT UPDATE (resolved_by, resolved_at, resolution) ON mailbox.returned TO :app;
GRANT UPDATE (epoch, number, state, outcome, reason, article, field, settled_at, told_at, tries, next_try_at, last_fault)
    ON mailbox.inbox TO :app;
GRANT SELECT ON ALL TABLES IN SCHEMA mailbox TO :auditor;
GRANT SELECT ON mailbox.returned, mailbox.stream_out, mailbox.stream_in TO :reader;
GRANT SELECT (seq, letter_id, receiver, kind, matter, posted_at, state, epoch, number, kept_at, settled_at, outcome)
    ON mailbox.outbox TO :reader;
GRANT SELECT (sender, letter_id, epoch, number, kind, kept_at, state, outcome, reason, article, field, settled_at,
    told_at, tries, next_try_at, last_fault) ON mailbox.inbox TO :reader;
