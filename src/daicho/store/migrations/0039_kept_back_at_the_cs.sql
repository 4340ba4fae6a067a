-- kinds: cs
-- Whose address the own registry keeps back, as it told last; and up to which telling that is.

CREATE TABLE identity.kept_back (
    resident_record_code text COLLATE "C" PRIMARY KEY CHECK (resident_record_code ~ '^[0-9]{11}$')
);
CREATE TABLE identity.kept_back_told (
    one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
    told    bigint NOT NULL CHECK (told >= 0)
);
INSERT INTO identity.kept_back_told (told) VALUES (0);
GRANT SELECT, INSERT, DELETE ON identity.kept_back TO :app;
GRANT SELECT ON identity.kept_back_told TO :app;
GRANT UPDATE (told) ON identity.kept_back_told TO :app;
GRANT SELECT ON identity.kept_back, identity.kept_back_told TO :reader, :auditor;
