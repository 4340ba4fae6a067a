-- kinds: cs
-- The items that only the CS keeps beside the record; no other level has this table.

CREATE TABLE identity.cs_items (
    resident_record_code         text COLLATE "C" PRIMARY KEY
                                 REFERENCES identity.record ON UPDATE CASCADE,
    resident_since               date NOT NULL,
    address_since                date NOT NULL,
    notified_on                  date NOT NULL,
    previous_municipality_code   text CHECK (previous_municipality_code ~ '^[0-9]{5}$'),
    previous_address             text,
    previous_address_gaiji_count smallint NOT NULL CHECK (previous_address_gaiji_count >= 0),
    relationship                 text NOT NULL CHECK (relationship <> ''),
    request_control_number       text NOT NULL,
    operator_role_id             text NOT NULL CHECK (operator_role_id <> ''),
    terminal_id                  text NOT NULL CHECK (terminal_id <> ''),
    abnormal_update_sequence     integer NOT NULL CHECK (abnormal_update_sequence >= 0),
    update_forbidden_flag        boolean NOT NULL,
    lock_flag                    boolean NOT NULL,
    gaiji_flag                   boolean NOT NULL,
    timestamp                    timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON identity.cs_items TO :app;
GRANT SELECT ON identity.cs_items TO :reader, :auditor;
