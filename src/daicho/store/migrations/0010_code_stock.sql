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
-- One request per day and size of the stock: a stock that was refilled and used up may be asked for again.
CREATE TABLE codes.request (
    day   date NOT NULL,
    stock bigint NOT NULL,
    PRIMARY KEY (day, stock)
);
GRANT SELECT, INSERT ON codes.request TO :app;
GRANT SELECT ON codes.request TO :auditor;
