-- kinds: registry
-- vacuum: register.resident_version
-- 町丁別人口: of each version what its address says of the district (町・丁目), beside what else is counted of it and in the
-- same key, so that the districts of any past day are read from the index alone. Records of before are read once, here, by
-- the rule of rules/figures/districts.py: the town with a 丁目 before the lot; an address of one line up to its 丁目 or its
-- first figure. And the tables without small figures that were given out, each once and for ever: the next one has to
-- know what this one hid.

-- What an address says is read once a record, and the records, their key and the other indexes are written once.
CREATE FUNCTION register.district_said(home json) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    town text := home ->> 'town';
    block text := coalesce(home ->> 'block', '');
BEGIN
    RETURN coalesce(
        CASE WHEN block <> ''
            THEN town || coalesce(substring(block from '^[ 　]*[0-9０-９〇一二三四五六七八九十百]+丁目'), '')
            ELSE coalesce(
                substring(town from '^.*?[0-9０-９〇一二三四五六七八九十百]+丁目'), substring(town from '^[^0-9０-９]+'))
        END, '');
END
$$;
ALTER TABLE register.resident_version
    DROP CONSTRAINT resident_version_pkey,
    ADD COLUMN district text COLLATE "C" NOT NULL
        GENERATED ALWAYS AS (register.district_said(body -> 'current_address')) STORED,
    ADD PRIMARY KEY (addressee_number, version)
        INCLUDE (change_date, recorded_at, living, household_number, resident_kind, sex, birth, district);
-- From now on it is written beside the record.
ALTER TABLE register.resident_version
    ALTER COLUMN district DROP EXPRESSION, ALTER COLUMN district SET DEFAULT '';
DROP FUNCTION register.district_said;

CREATE TABLE register.district_publication (
    counted_on date PRIMARY KEY,
    made_by    text NOT NULL CHECK (made_by <> ''),
    made_at    timestamptz NOT NULL,
    body       json NOT NULL
);
GRANT SELECT, INSERT ON register.district_publication TO :app;
GRANT SELECT ON register.district_publication TO :reader, :auditor;
