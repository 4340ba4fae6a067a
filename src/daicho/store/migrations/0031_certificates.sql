-- kinds: registry
-- What was issued on paper: to whom, on which ground, of whom. Contents are not kept; they are the register's.

CREATE SEQUENCE register.certificate_seq;
CREATE TABLE register.certificate (
    number     text COLLATE "C" PRIMARY KEY CHECK (number <> ''),
    kind       text NOT NULL CHECK (kind <> ''),
    requester  text NOT NULL CHECK (requester <> ''),
    channel    text NOT NULL CHECK (channel <> ''),
    asker      text NOT NULL CHECK (asker <> ''),
    basis      text NOT NULL CHECK (basis <> ''),
    purpose    text NOT NULL DEFAULT '',
    items      text[] NOT NULL,          -- those asked for beyond the base
    delivery   text NOT NULL CHECK (delivery <> ''),
    fee_yen    integer NOT NULL CHECK (fee_yen >= 0),
    issued_on  date NOT NULL,            -- the business day that stands on the paper
    issued_at  timestamptz NOT NULL,
    issued_by  text NOT NULL CHECK (issued_by <> ''),
    terminal   text NOT NULL DEFAULT '',
    mark       bytea NOT NULL            -- SHA-256 of what the 2D code says besides the number
);
CREATE TABLE register.certificate_person (
    number           text COLLATE "C" NOT NULL REFERENCES register.certificate (number),
    addressee_number bigint NOT NULL,
    name             text NOT NULL,      -- as printed, for whoever verifies the paper
    PRIMARY KEY (addressee_number, number)
);
CREATE INDEX certificate_person_number ON register.certificate_person (number);
GRANT SELECT, INSERT ON register.certificate, register.certificate_person TO :app;
GRANT SELECT ON register.certificate, register.certificate_person TO :reader, :auditor;
GRANT USAGE, SELECT ON SEQUENCE register.certificate_seq TO :app;
