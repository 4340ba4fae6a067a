-- kinds: registry
-- Resident record codes that the nation designated to this municipality.

CREATE SCHEMA codes;
GRANT USAGE ON SCHEMA codes TO :app, :auditor;
CREATE TABLE codes.stock (
    code text COLLATE "C" PRIMARY KEY CHECK (code ~ '^[0-9]{11}$'),
    used boolean NOT NULL DEFAULT false
);
CREATE INDEX stock_unused ON codes.stock (code) WHERE NOT used;
GRANT SELECT, INSERT, UPDATE ON codes.stock TO :app;
GRANT SELECT ON codes.stock TO :auditor;
