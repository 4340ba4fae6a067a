-- kinds: registry, cs, prefecture, national
-- As in 0027: whose number it is, asked of every row of a town without a regular expression.

ALTER TABLE numbers.individual_number
    DROP CONSTRAINT individual_number_resident_record_code_check,
    ADD CONSTRAINT individual_number_resident_record_code_check
        CHECK (octet_length(resident_record_code) = 11 AND ltrim(resident_record_code, '0123456789') = '');
