-- kinds: registry
-- Who once lived with a protected person is found by the household of a version; whose block is open for whom stands in
-- a table of its own, so that no measure is read to know whom it hides; what ends first comes first. Who lives under one
-- roof is told by the address without the building; until a resident's is folded, by the whole address.

CREATE INDEX resident_version_household ON register.resident_version (household_number, addressee_number);
CREATE TABLE register.protection_release (
    number           text COLLATE "C" NOT NULL REFERENCES register.protection (number),
    opened_for       text NOT NULL CHECK (opened_for <> ''),
    addressee_number bigint NOT NULL,
    begins_at        timestamptz NOT NULL,
    ends_at          timestamptz NOT NULL CHECK (ends_at > begins_at),
    PRIMARY KEY (number, opened_for, addressee_number, begins_at)
);
GRANT SELECT, INSERT ON register.protection_release TO :app;
GRANT SELECT ON register.protection_release TO :reader, :auditor;
ALTER TABLE register.resident ADD COLUMN roof text COLLATE "C" NOT NULL DEFAULT '';
UPDATE folding.standing SET version = 1;  -- keys without a roof
ALTER TABLE register.protection_proposal ADD COLUMN whose bigint NOT NULL DEFAULT 0;  -- of a release: whose block
ALTER TABLE register.protection_proposal DROP CONSTRAINT protection_proposal_state_check;
ALTER TABLE register.protection_proposal
    ADD CONSTRAINT protection_proposal_state_check CHECK (state IN ('waiting', 'accepted', 'declined', 'lapsed')),
    DROP CONSTRAINT decided_by_somebody,
    ADD CONSTRAINT decided_by_somebody CHECK ((state IN ('waiting', 'lapsed')) = (decided_by IS NULL));
-- Whose block a release of before was to open is not known.
UPDATE register.protection_proposal SET state = 'lapsed' WHERE kind = 'RELEASE' AND state = 'waiting';
ALTER TABLE register.protection ADD COLUMN last_day date;  -- unknown while provisional
UPDATE register.protection SET last_day = (body ->> 'last_day')::date;
GRANT UPDATE (last_day) ON register.protection TO :app;
DROP INDEX register.protection_open;
CREATE INDEX protection_open ON register.protection (coalesce(last_day, '-infinity'::date), number) WHERE open;
-- What the own CS was told last of whose address is kept back.
CREATE TABLE register.kept_back_told (
    one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
    told    bigint NOT NULL CHECK (told >= 0),
    digest  bytea NOT NULL
);
INSERT INTO register.kept_back_told (told, digest) VALUES (0, '');
CREATE INDEX protection_step_begun ON register.protection_step (at) WHERE version = 1;
GRANT SELECT ON register.kept_back_told TO :app, :reader, :auditor;
GRANT UPDATE (told, digest) ON register.kept_back_told TO :app;
