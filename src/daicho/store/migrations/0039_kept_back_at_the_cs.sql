-- kinds: cs
-- Whose address the own registry keeps back, as it told last; and up to which telling that is. Beside the identification
-- information, which takes the items of the notice and nothing else.

CREATE SCHEMA kept_back;
GRANT USAGE ON SCHEMA kept_back TO :app, :reader, :auditor;
CREATE TABLE kept_back.whom (
    resident_record_code text COLLATE "C" PRIMARY KEY CHECK (resident_record_code ~ '^[0-9]{11}$')
);
CREATE TABLE kept_back.heard (
    one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
    told    bigint NOT NULL CHECK (told >= 0)
);
INSERT INTO kept_back.heard (told) VALUES (0);
GRANT SELECT, INSERT, DELETE ON kept_back.whom TO :app;
GRANT SELECT ON kept_back.heard TO :app;
GRANT UPDATE (told) ON kept_back.heard TO :app;
GRANT SELECT ON kept_back.whom, kept_back.heard TO :reader, :auditor;
