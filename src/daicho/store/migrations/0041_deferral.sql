-- kinds: registry
-- 通信回復後に処理する事務: what was taken at the counter while the line was down, until somebody has finished it.
CREATE TABLE register.deferred_affair (
    id        text COLLATE "C" PRIMARY KEY CHECK (id <> ''),
    kind      text NOT NULL CHECK (kind <> ''),
    addressee_number bigint,             -- none: nobody who is in the register
    state     text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'finished', 'withdrawn')),
    taken_by  text NOT NULL CHECK (taken_by <> ''),
    taken_at  timestamptz NOT NULL,
    closed_by text,
    closed_at timestamptz,
    body      json NOT NULL,             -- what was said, and the form as it was filled in
    CONSTRAINT closed_by_somebody CHECK ((state = 'waiting') = (closed_by IS NULL)
        AND (closed_by IS NULL) = (closed_at IS NULL))
);
CREATE INDEX deferred_affair_waiting ON register.deferred_affair (taken_at, id) WHERE state = 'waiting';
GRANT SELECT, INSERT ON register.deferred_affair TO :app;
GRANT UPDATE (state, closed_by, closed_at, body) ON register.deferred_affair TO :app;
GRANT SELECT ON register.deferred_affair TO :auditor;
-- What waits is counted with the other queues.
GRANT SELECT (id, state, taken_at) ON register.deferred_affair TO :reader;
