-- kinds: registry
-- 庁内連携: what other offices of the hall are told, in the order of commits; their systems with scopes, secrets and
-- tokens; extractions (EUC) with prior approval. Nothing of anybody is copied here: a change is read where it stands.

CREATE SCHEMA hall;
GRANT USAGE ON SCHEMA hall TO :app, :reader, :auditor;

-- Committed with the change and without a place yet; emptied by whoever gives the places, so that no place is passed
-- over by a reader that came between a number and its commit.
CREATE SEQUENCE hall.untold_seq;
CREATE TABLE hall.untold (
    untold_id bigint PRIMARY KEY DEFAULT nextval('hall.untold_seq'),
    entry_id  text,                      -- a verified change
    people    bigint[],                  -- or whose protection began or ended
    day       date NOT NULL
);
CREATE TABLE hall.feed (
    position  bigint PRIMARY KEY CHECK (position > 0),
    entry_id  text UNIQUE REFERENCES register.entry (id),
    people    bigint[],
    day       date NOT NULL,
    CONSTRAINT one_of_both CHECK ((entry_id IS NULL) <> (people IS NULL))
);
CREATE INDEX feed_day ON hall.feed (day, position);

CREATE TABLE hall.client (
    client_id   text COLLATE "C" PRIMARY KEY CHECK (client_id <> ''),
    office      text NOT NULL CHECK (office <> ''),
    title       text NOT NULL CHECK (title <> ''),
    opened_on   date NOT NULL,
    valid_until date NOT NULL CHECK (valid_until > opened_on),
    opened_by   text NOT NULL CHECK (opened_by <> ''),
    opened_at   timestamptz NOT NULL,
    closed_by   text,
    closed_at   timestamptz,
    cursor      bigint NOT NULL DEFAULT 0 CHECK (cursor >= 0),  -- the last place that it said to have taken
    read_at     timestamptz,
    CONSTRAINT closed_by_somebody CHECK ((closed_by IS NULL) = (closed_at IS NULL))
);
CREATE INDEX client_listed ON hall.client ((closed_at IS NOT NULL), client_id);
CREATE TABLE hall.scope_proposal (
    id          text COLLATE "C" PRIMARY KEY CHECK (id <> ''),
    client_id   text COLLATE "C" NOT NULL REFERENCES hall.client (client_id),
    scope       text NOT NULL CHECK (scope <> ''),  -- or the word for one new secret
    why         text NOT NULL CHECK (why <> ''),
    asked_by    text NOT NULL CHECK (asked_by <> ''),
    asked_at    timestamptz NOT NULL,
    state       text NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'accepted', 'declined', 'withdrawn', 'used')),
    decided_by  text,
    decided_at  timestamptz,
    ended_by    text,                    -- what two people gave, one person may take back
    ended_at    timestamptz,
    CONSTRAINT ended_by_somebody CHECK ((state IN ('withdrawn', 'used')) = (ended_by IS NOT NULL)),
    CONSTRAINT ended_at_some_time CHECK ((ended_by IS NULL) = (ended_at IS NULL)),
    CONSTRAINT decided_by_a_second CHECK (decided_by <> asked_by),
    CONSTRAINT decided_by_somebody CHECK ((state = 'waiting') = (decided_by IS NULL))
);
-- A client has a scope when two people gave it: there is no other place where it could have come from.
CREATE UNIQUE INDEX scope_proposal_held ON hall.scope_proposal (client_id, scope) WHERE state IN ('waiting', 'accepted');
CREATE INDEX scope_proposal_client ON hall.scope_proposal (client_id);
CREATE INDEX scope_proposal_waiting ON hall.scope_proposal (asked_at, id) WHERE state = 'waiting';
CREATE TABLE hall.client_secret (
    digest     bytea PRIMARY KEY CHECK (octet_length(digest) = 32),
    client_id  text COLLATE "C" NOT NULL REFERENCES hall.client (client_id),
    made_by    text NOT NULL CHECK (made_by <> ''),
    made_at    timestamptz NOT NULL,
    ends_at    timestamptz                -- none: as long as the client is valid
);
CREATE INDEX client_secret_client ON hall.client_secret (client_id);
CREATE TABLE hall.token (
    digest     bytea PRIMARY KEY CHECK (octet_length(digest) = 32),
    client_id  text COLLATE "C" NOT NULL REFERENCES hall.client (client_id),
    scopes     text[] NOT NULL,
    made_at    timestamptz NOT NULL,
    ends_at    timestamptz NOT NULL CHECK (ends_at > made_at)
);
CREATE INDEX token_client ON hall.token (client_id);
CREATE INDEX token_ends ON hall.token (ends_at);

CREATE SEQUENCE hall.extraction_seq;
CREATE TABLE hall.extraction (
    number      text COLLATE "C" PRIMARY KEY CHECK (number <> ''),
    state       text NOT NULL CHECK (state IN ('WAITING', 'READY', 'DECLINED', 'MADE')),
    needs_second boolean NOT NULL,
    counted     integer NOT NULL CHECK (counted >= 0),
    asked_by    text NOT NULL CHECK (asked_by <> ''),
    asked_at    timestamptz NOT NULL,
    decided_by  text,
    decided_at  timestamptz,
    why         text NOT NULL DEFAULT '',  -- of the decision
    made_at     timestamptz,
    people      integer,
    replaced    integer,
    digest      bytea,
    body        json NOT NULL,             -- the order; the file itself is nowhere
    CONSTRAINT decided_by_a_second CHECK (decided_by <> asked_by),
    CONSTRAINT decided_where_needed CHECK (NOT needs_second OR (state = 'WAITING') = (decided_by IS NULL)),
    CONSTRAINT made_once CHECK ((state = 'MADE') = (digest IS NOT NULL) AND (digest IS NULL) = (made_at IS NULL))
);
CREATE INDEX extraction_asked ON hall.extraction (asked_by, asked_at DESC);
CREATE INDEX extraction_waiting ON hall.extraction (asked_at, number) WHERE state = 'WAITING';

GRANT SELECT, INSERT ON hall.untold, hall.feed, hall.client, hall.scope_proposal, hall.client_secret, hall.token,
    hall.extraction TO :app;
GRANT DELETE ON hall.untold, hall.token TO :app;
GRANT UPDATE (closed_by, closed_at, cursor, read_at) ON hall.client TO :app;
GRANT UPDATE (state, decided_by, decided_at, ended_by, ended_at) ON hall.scope_proposal TO :app;
GRANT UPDATE (ends_at) ON hall.client_secret TO :app;
GRANT UPDATE (state, decided_by, decided_at, why, made_at, people, replaced, digest) ON hall.extraction TO :app;
GRANT SELECT ON hall.untold, hall.feed, hall.client, hall.scope_proposal, hall.extraction TO :reader, :auditor;
GRANT USAGE, SELECT ON SEQUENCE hall.untold_seq, hall.extraction_seq TO :app;
