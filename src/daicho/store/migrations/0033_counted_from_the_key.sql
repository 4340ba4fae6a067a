-- kinds: registry
-- What is counted of a version stands in the key by which the version is found: the population of any past day is read
-- from the index alone, and no record is opened for it. Versions of before are read once, here.

ALTER TABLE register.resident_version
    ADD COLUMN household_number bigint GENERATED ALWAYS AS ((body ->> 'household_number')::bigint) STORED,
    ADD COLUMN living boolean GENERATED ALWAYS AS ((body ->> 'removal') IS NULL) STORED,
    ADD COLUMN resident_kind text COLLATE "C" GENERATED ALWAYS AS (body ->> 'resident_kind') STORED,
    ADD COLUMN sex text COLLATE "C" GENERATED ALWAYS AS (body ->> 'sex') STORED,
    ADD COLUMN birth text COLLATE "C" GENERATED ALWAYS AS (
        lpad(coalesce(body -> 'birth_date' ->> 'year', ''), 4, '0') || '-'
        || lpad(coalesce(body -> 'birth_date' ->> 'month', ''), 2, '0') || '-'
        || lpad(coalesce(body -> 'birth_date' ->> 'day', ''), 2, '0')) STORED;
-- From now on they are written beside the record, which is not read again for them.
ALTER TABLE register.resident_version
    ALTER COLUMN household_number DROP EXPRESSION, ALTER COLUMN household_number SET NOT NULL,
    ALTER COLUMN living DROP EXPRESSION, ALTER COLUMN living SET NOT NULL,
    ALTER COLUMN resident_kind DROP EXPRESSION, ALTER COLUMN resident_kind SET NOT NULL,
    ALTER COLUMN sex DROP EXPRESSION, ALTER COLUMN sex SET NOT NULL,
    ALTER COLUMN birth DROP EXPRESSION, ALTER COLUMN birth SET NOT NULL;
ALTER TABLE register.resident_version
    DROP CONSTRAINT resident_version_pkey,
    ADD PRIMARY KEY (addressee_number, version)
        INCLUDE (change_date, recorded_at, living, household_number, resident_kind, sex, birth);
