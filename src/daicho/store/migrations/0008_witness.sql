-- kinds: all
-- What this node has cosigned for others: the largest tree it saw of each.

CREATE SCHEMA witness;
GRANT USAGE ON SCHEMA witness TO :app, :auditor;

CREATE TABLE witness.seen (
    origin  text PRIMARY KEY,
    size    bigint NOT NULL CHECK (size >= 0),
    root    bytea NOT NULL CHECK (length(root) = 32),
    seen_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON witness.seen TO :app;
GRANT SELECT ON witness.seen TO :auditor;
