-- kinds: cs, prefecture, national
-- Identification information: the record as it stands, and every version that a newer one replaced.

CREATE SCHEMA identity;
GRANT USAGE ON SCHEMA identity TO :app, :reader, :auditor;

CREATE TABLE identity.record (
    resident_record_code     text COLLATE "C" PRIMARY KEY CHECK (resident_record_code ~ '^[0-9]{11}$'),
    name_kanji               text NOT NULL CHECK (name_kanji <> ''),
    name_gaiji_count         smallint NOT NULL CHECK (name_gaiji_count >= 0),
    name_furigana            text,
    name_normalized_kana     text COLLATE "C" NOT NULL,
    former_surname_kanji     text,
    former_surname_furigana  text,
    birth_date               text COLLATE "C" NOT NULL CHECK (birth_date ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'),
    sex                      text NOT NULL,
    municipality_code        text COLLATE "C" NOT NULL CHECK (municipality_code ~ '^[0-9]{5}$'),
    aza_code                 text NOT NULL,
    postal_code              text NOT NULL,
    address                  text NOT NULL CHECK (address <> ''),
    address_gaiji_count      smallint NOT NULL CHECK (address_gaiji_count >= 0),
    change_reason            text NOT NULL,
    change_date              date NOT NULL,
    change_reason_detail     text NOT NULL,
    old_resident_record_code text COLLATE "C" CHECK (old_resident_record_code ~ '^[0-9]{11}$'),
    record_code_used_from    date,
    update_sequence          integer NOT NULL CHECK (update_sequence > 0),
    scheduled_flag           boolean NOT NULL,
    foreign_resident         boolean NOT NULL,
    record_state             text NOT NULL CHECK (record_state IN ('living', 'removed')),
    scheduled_move_out_on    date,
    -- the keeping level's own
    received_on              date NOT NULL,
    kept_until               date,
    row_hash                 bytea NOT NULL CHECK (octet_length(row_hash) = 32),
    -- folded forms for searching
    name_key                 text COLLATE "C" NOT NULL,
    address_key              text COLLATE "C" NOT NULL,
    prefecture               text COLLATE "C" GENERATED ALWAYS AS (left(municipality_code, 2)) STORED,
    birth_year               smallint GENERATED ALWAYS AS (left(birth_date, 4)::smallint) STORED
);

CREATE INDEX record_kana_birth ON identity.record (name_normalized_kana, birth_date);
CREATE INDEX record_name_birth ON identity.record (name_key, birth_date);
CREATE INDEX record_birth_kana ON identity.record (birth_date, name_normalized_kana);
CREATE INDEX record_birth_name ON identity.record (birth_date, name_key);
CREATE INDEX record_muni_birth ON identity.record (municipality_code, birth_date);
CREATE INDEX record_muni_kana ON identity.record (municipality_code, name_normalized_kana);
CREATE INDEX record_muni_name ON identity.record (municipality_code, name_key);
CREATE INDEX record_pref_kana ON identity.record (prefecture, name_normalized_kana);
CREATE INDEX record_pref_name ON identity.record (prefecture, name_key);
CREATE INDEX record_year_kana ON identity.record (birth_year, name_normalized_kana);
CREATE INDEX record_year_name ON identity.record (birth_year, name_key);

-- What was replaced stays: written by the database itself, and nobody may change or remove it.
CREATE TABLE identity.history (
    id                   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    resident_record_code text COLLATE "C" NOT NULL,
    update_sequence      integer NOT NULL,
    received_on          date NOT NULL,
    replaced_on          date NOT NULL,
    body                 jsonb NOT NULL
);
CREATE INDEX history_code ON identity.history (resident_record_code, id);

CREATE FUNCTION identity.keep_replaced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO identity.history (resident_record_code, update_sequence, received_on, replaced_on, body)
    VALUES (OLD.resident_record_code, OLD.update_sequence, OLD.received_on, NEW.received_on, to_jsonb(OLD));
    RETURN NULL;
END $$;
CREATE TRIGGER keep_replaced AFTER UPDATE ON identity.record
    FOR EACH ROW EXECUTE FUNCTION identity.keep_replaced();

GRANT SELECT, INSERT, UPDATE ON identity.record TO :app;
GRANT SELECT, INSERT ON identity.history TO :app;
GRANT SELECT ON identity.record TO :reader;
GRANT SELECT ON identity.record, identity.history TO :auditor;
