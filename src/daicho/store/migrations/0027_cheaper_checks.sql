-- kinds: cs, prefecture, national
-- What a code and a day look like is asked of every row of a town; a regular expression builds its machine anew for each.
-- The same is asked as before.

ALTER TABLE identity.record
    DROP CONSTRAINT record_resident_record_code_check,
    ADD CONSTRAINT record_resident_record_code_check
        CHECK (octet_length(resident_record_code) = 11 AND ltrim(resident_record_code, '0123456789') = ''),
    DROP CONSTRAINT record_municipality_code_check,
    ADD CONSTRAINT record_municipality_code_check
        CHECK (octet_length(municipality_code) = 5 AND ltrim(municipality_code, '0123456789') = ''),
    DROP CONSTRAINT record_birth_date_check,
    ADD CONSTRAINT record_birth_date_check
        CHECK (birth_date LIKE '____-__-__' AND translate(birth_date, '0123456789', '') = '--');
