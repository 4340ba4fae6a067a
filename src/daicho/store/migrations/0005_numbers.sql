-- kinds: registry, cs, prefecture, national
-- Individual numbers, apart from everything else: sealed bytes and a keyed look-up value, nothing readable.

CREATE SCHEMA numbers;
GRANT USAGE ON SCHEMA numbers TO :numbers;

CREATE TABLE numbers.individual_number (
    lookup               bytea PRIMARY KEY CHECK (octet_length(lookup) BETWEEN 16 AND 64),
    resident_record_code text COLLATE "C" NOT NULL CHECK (resident_record_code ~ '^[0-9]{11}$'),
    sealed               bytea NOT NULL CHECK (octet_length(sealed) > 0),
    effective_on         date NOT NULL,
    state                text NOT NULL DEFAULT 'current' CHECK (state IN ('current', 'former'))
);
-- One person has one number at a time; a former number stays here for ever, so that nobody gets it again.
CREATE UNIQUE INDEX number_current ON numbers.individual_number (resident_record_code) WHERE state = 'current';
CREATE INDEX number_code ON numbers.individual_number (resident_record_code);

GRANT SELECT, INSERT ON numbers.individual_number TO :numbers;
GRANT UPDATE (state, resident_record_code) ON numbers.individual_number TO :numbers;
