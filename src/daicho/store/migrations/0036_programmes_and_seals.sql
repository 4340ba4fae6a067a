-- kinds: registry
-- 個別記載事項: what the record holds of each programme, and everything that was told of it.

CREATE TABLE register.programme_item (
    addressee_number bigint NOT NULL,
    programme text NOT NULL CHECK (programme <> ''),
    version   integer NOT NULL CHECK (version > 0),
    body      json,                      -- the item as it stands; none once it was revoked
    PRIMARY KEY (addressee_number, programme)
);
CREATE TABLE register.programme_step (
    addressee_number bigint NOT NULL,
    programme text NOT NULL,
    version   integer NOT NULL CHECK (version > 0),
    by        text NOT NULL CHECK (by <> ''),
    at        timestamptz NOT NULL,
    change    json NOT NULL,             -- what was told
    body      json,                      -- the item after it
    PRIMARY KEY (addressee_number, programme, version),
    FOREIGN KEY (addressee_number, programme) REFERENCES register.programme_item (addressee_number, programme)
);
GRANT SELECT, INSERT ON register.programme_item, register.programme_step TO :app;
GRANT UPDATE (version, body) ON register.programme_item TO :app;
GRANT SELECT ON register.programme_item, register.programme_step TO :auditor;

-- 印鑑登録: prints, registrations with their steps, what waits for a second person, certificates of each registration.
CREATE SEQUENCE register.seal_seq;
CREATE SEQUENCE register.seal_card_seq;
CREATE TABLE register.seal_image (
    id        text COLLATE "C" PRIMARY KEY CHECK (id <> ''),
    image     bytea NOT NULL CHECK (octet_length(image) BETWEEN 1 AND 200000)
);
CREATE TABLE register.seal_registration (
    number    text COLLATE "C" PRIMARY KEY CHECK (number <> ''),
    addressee_number bigint NOT NULL,
    card_number text COLLATE "C" NOT NULL UNIQUE CHECK (card_number <> ''),
    version   integer NOT NULL CHECK (version > 0),
    open      boolean NOT NULL,          -- false once it ended
    card_waits boolean NOT NULL,         -- until the card is made and handed over
    to_tell   boolean NOT NULL,          -- an end ex officio of which the person was not told
    image_id  text COLLATE "C" NOT NULL REFERENCES register.seal_image (id),
    body      json NOT NULL
);
-- One person, one seal.
CREATE UNIQUE INDEX seal_registration_open ON register.seal_registration (addressee_number) WHERE open;
CREATE INDEX seal_registration_person ON register.seal_registration (addressee_number);
CREATE INDEX seal_registration_image ON register.seal_registration (image_id);
CREATE INDEX seal_registration_card ON register.seal_registration (number) WHERE card_waits;
CREATE INDEX seal_registration_to_tell ON register.seal_registration (number) WHERE to_tell;
CREATE TABLE register.seal_step (
    number    text COLLATE "C" NOT NULL REFERENCES register.seal_registration (number),
    version   integer NOT NULL CHECK (version > 0),
    step      text NOT NULL CHECK (step <> ''),
    by        text NOT NULL CHECK (by <> ''),
    at        timestamptz NOT NULL,
    body      json NOT NULL,
    PRIMARY KEY (number, version)
);
CREATE TABLE register.seal_request (
    id        text COLLATE "C" PRIMARY KEY CHECK (id <> ''),
    addressee_number bigint NOT NULL,
    kind      text NOT NULL CHECK (kind <> ''),
    state     text NOT NULL CHECK (state IN ('inquiry', 'waiting', 'accepted', 'declined', 'withdrawn')),
    asked_by  text NOT NULL CHECK (asked_by <> ''),
    asked_at  timestamptz NOT NULL,
    answered_by text,                    -- who noted the answer to the letter of inquiry
    decided_by  text,
    decided_at  timestamptz,
    why       text NOT NULL DEFAULT '',  -- of the decision
    image_id  text COLLATE "C" REFERENCES register.seal_image (id),
    body      json NOT NULL,
    CONSTRAINT decided_by_a_second CHECK (decided_by <> asked_by AND decided_by <> answered_by),
    CONSTRAINT decided_by_somebody CHECK ((state IN ('accepted', 'declined')) = (decided_by IS NOT NULL))
);
CREATE UNIQUE INDEX seal_request_open ON register.seal_request (addressee_number) WHERE state IN ('inquiry', 'waiting');
CREATE INDEX seal_request_image ON register.seal_request (image_id);
CREATE INDEX seal_request_waiting ON register.seal_request (asked_at, id) WHERE state = 'waiting';
CREATE INDEX seal_request_inquiry ON register.seal_request (asked_at, id) WHERE state = 'inquiry';
CREATE INDEX seal_request_unmet ON register.seal_request (addressee_number) WHERE state IN ('declined', 'withdrawn');
CREATE TABLE register.seal_certificate (
    number       text COLLATE "C" PRIMARY KEY REFERENCES register.certificate (number),
    registration text COLLATE "C" NOT NULL REFERENCES register.seal_registration (number)
);
CREATE INDEX seal_certificate_registration ON register.seal_certificate (registration);
GRANT SELECT, INSERT ON register.seal_image, register.seal_registration, register.seal_step, register.seal_request,
    register.seal_certificate TO :app;
GRANT UPDATE (card_number, version, open, card_waits, to_tell, body) ON register.seal_registration TO :app;
GRANT UPDATE (state, answered_by, decided_by, decided_at, why, body) ON register.seal_request TO :app;
-- Prints of seals are for nobody but the application: with one a certificate could be forged.
GRANT SELECT ON register.seal_registration, register.seal_step, register.seal_request, register.seal_certificate
    TO :auditor;
-- What waits is counted with the other queues.
GRANT SELECT (id, state, asked_at) ON register.seal_request TO :reader;
GRANT USAGE, SELECT ON SEQUENCE register.seal_seq, register.seal_card_seq TO :app;
