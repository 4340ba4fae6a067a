-- kinds: national
-- Resident record codes that were handed out; a code is handed out once.

CREATE SCHEMA codes;
GRANT USAGE ON SCHEMA codes TO :app, :auditor;
CREATE TABLE codes.handed_out (
    code         text COLLATE "C" PRIMARY KEY CHECK (code ~ '^[0-9]{11}$'),
    pool_id      text NOT NULL,
    municipality text NOT NULL
);
CREATE INDEX handed_out_pool ON codes.handed_out (pool_id);
GRANT SELECT, INSERT ON codes.handed_out TO :app;
GRANT SELECT ON codes.handed_out TO :auditor;
