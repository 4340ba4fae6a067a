-- kinds: registry
-- 支援措置: who is protected, from whom, until a person ends it; what was asked of a second person; what clerks were told.

CREATE SEQUENCE register.protection_seq;
CREATE TABLE register.protection (
    number    text COLLATE "C" PRIMARY KEY CHECK (number <> ''),
    version   integer NOT NULL CHECK (version > 0),
    open      boolean NOT NULL,          -- false once two people ended it
    body      json NOT NULL              -- the measure as it stands
);
CREATE INDEX protection_open ON register.protection (number) WHERE open;
CREATE TABLE register.protection_step (
    number    text COLLATE "C" NOT NULL REFERENCES register.protection (number),
    version   integer NOT NULL CHECK (version > 0),
    step      text NOT NULL CHECK (step <> ''),
    by        text NOT NULL CHECK (by <> ''),
    at        timestamptz NOT NULL,
    body      json NOT NULL,             -- the measure after this step
    PRIMARY KEY (number, version)
);
CREATE TABLE register.protection_person (
    addressee_number bigint NOT NULL,
    number           text COLLATE "C" NOT NULL REFERENCES register.protection (number),
    PRIMARY KEY (addressee_number, number)
);
CREATE INDEX protection_person_number ON register.protection_person (number);
CREATE TABLE register.protection_other_party (
    key       text COLLATE "C" NOT NULL,  -- of the name, folded for comparing
    number    text COLLATE "C" NOT NULL REFERENCES register.protection (number),
    PRIMARY KEY (key, number)
);
CREATE INDEX protection_other_party_number ON register.protection_other_party (number);
CREATE TABLE register.protection_proposal (
    id          text COLLATE "C" PRIMARY KEY CHECK (id <> ''),
    number      text COLLATE "C" NOT NULL REFERENCES register.protection (number),
    kind        text NOT NULL CHECK (kind <> ''),
    asked_by    text NOT NULL CHECK (asked_by <> ''),
    asked_at    timestamptz NOT NULL,
    why         text NOT NULL,
    minutes     integer NOT NULL,
    cause       text,
    state       text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'accepted', 'declined')),
    decided_by  text,
    decided_at  timestamptz,
    CONSTRAINT decided_by_a_second CHECK (decided_by <> asked_by),
    CONSTRAINT decided_by_somebody CHECK ((state = 'waiting') = (decided_by IS NULL))
);
CREATE INDEX protection_proposal_number ON register.protection_proposal (number);
CREATE INDEX protection_proposal_waiting ON register.protection_proposal (asked_at) WHERE state = 'waiting';
CREATE TABLE register.protection_alert (
    id        text COLLATE "C" PRIMARY KEY CHECK (id <> ''),
    number    text COLLATE "C" NOT NULL REFERENCES register.protection (number),
    entry_id  text NOT NULL,
    alerts    text[] NOT NULL,
    at        timestamptz NOT NULL,
    seen_by   text,
    seen_at   timestamptz
);
CREATE INDEX protection_alert_number ON register.protection_alert (number);
CREATE INDEX protection_alert_unseen ON register.protection_alert (at) WHERE seen_by IS NULL;
GRANT SELECT, INSERT ON register.protection, register.protection_step, register.protection_person,
    register.protection_other_party, register.protection_proposal, register.protection_alert TO :app;
GRANT UPDATE (version, open, body) ON register.protection TO :app;
GRANT UPDATE (state, decided_by, decided_at) ON register.protection_proposal TO :app;
GRANT UPDATE (seen_by, seen_at) ON register.protection_alert TO :app;
GRANT SELECT ON register.protection, register.protection_step, register.protection_person,
    register.protection_other_party, register.protection_proposal, register.protection_alert TO :reader, :auditor;
GRANT USAGE, SELECT ON SEQUENCE register.protection_seq TO :app;
