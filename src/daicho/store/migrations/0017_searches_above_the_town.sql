-- kinds: prefecture, national
-- The beginning of an address finds a street at once; a whole or half name with a birth date is found by the
-- indexes that begin with the date, so those that begin with the name and go on with the date find nothing faster.

CREATE INDEX record_muni_address ON identity.record (municipality_code, address_key);
DROP INDEX identity.record_name_birth;
DROP INDEX identity.record_kana_birth;
DROP INDEX identity.record_muni_birth;
