-- kinds: national
-- Requests for a number by a town that does not hold the person's record yet: the report of the moving-in is on its way.

CREATE TABLE codes.number_wanted (
    resident_record_code text COLLATE "C" NOT NULL CHECK (resident_record_code ~ '^[0-9]{11}$'),
    municipality         text NOT NULL,
    asked_at             timestamptz NOT NULL,
    PRIMARY KEY (resident_record_code, municipality)
);
GRANT SELECT, INSERT, DELETE ON codes.number_wanted TO :app;
GRANT SELECT ON codes.number_wanted TO :auditor;
