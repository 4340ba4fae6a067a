-- kinds: registry
-- What a record says stood twice: beside its keys, and as its newest version. It stands in the version alone from now on.

ALTER TABLE register.resident DROP COLUMN body;
CREATE VIEW register.resident_record AS
    SELECT r.addressee_number, r.version, r.code, r.household_number, r.living, r.householder, r.kana, r.kanji, r.birth,
        r.address, r.due_on, v.body FROM register.resident r JOIN register.resident_version v USING (addressee_number, version);
GRANT SELECT ON register.resident_record TO :app, :reader, :auditor;
