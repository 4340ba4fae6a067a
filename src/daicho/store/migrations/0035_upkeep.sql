-- kinds: registry
-- 正確な記録の確保: cases in which the register may be wrong, each step of them, and movers whom no town has reported.

CREATE SEQUENCE register.upkeep_seq;
CREATE TABLE register.upkeep_case (
    number       text COLLATE "C" PRIMARY KEY CHECK (number <> ''),
    version      integer NOT NULL CHECK (version > 0),
    kind         text NOT NULL CHECK (kind <> ''),
    received_on  date NOT NULL,
    open         boolean NOT NULL,       -- false once somebody ended it
    body         json NOT NULL           -- the case as it stands
);
-- What waits longest stands first.
CREATE INDEX upkeep_case_open ON register.upkeep_case (received_on, number) WHERE open;
CREATE INDEX upkeep_case_ended ON register.upkeep_case (number) WHERE NOT open;
CREATE TABLE register.upkeep_step (
    number       text COLLATE "C" NOT NULL REFERENCES register.upkeep_case (number),
    version      integer NOT NULL CHECK (version > 0),
    step         text NOT NULL CHECK (step <> ''),
    by           text NOT NULL CHECK (by <> ''),
    at           timestamptz NOT NULL,
    body         json NOT NULL,          -- the case after this step
    PRIMARY KEY (number, version)
);
CREATE TABLE register.upkeep_person (
    addressee_number bigint NOT NULL,
    number           text COLLATE "C" NOT NULL REFERENCES register.upkeep_case (number),
    PRIMARY KEY (addressee_number, number)
);
CREATE INDEX upkeep_person_number ON register.upkeep_person (number);
CREATE TABLE register.upkeep_entry (
    entry_id  text NOT NULL REFERENCES register.entry (id),
    number    text COLLATE "C" NOT NULL REFERENCES register.upkeep_case (number),
    PRIMARY KEY (entry_id, number)
);
CREATE INDEX upkeep_entry_number ON register.upkeep_entry (number);

-- Who was struck by an announced moving-out, until another town reports the moving-in. It begins with this version:
-- of a report that came after the striking the register kept nothing before.
CREATE TABLE register.awaited_arrival (
    addressee_number bigint PRIMARY KEY,
    entry_id         text NOT NULL REFERENCES register.entry (id),
    moved_out_on     date NOT NULL,
    arrived_on       date,               -- as the other town says
    reported_at      timestamptz,
    case_number      text COLLATE "C" REFERENCES register.upkeep_case (number),
    CONSTRAINT reported_whole CHECK ((arrived_on IS NULL) = (reported_at IS NULL))
);
CREATE INDEX awaited_arrival_entry ON register.awaited_arrival (entry_id);
CREATE INDEX awaited_arrival_case ON register.awaited_arrival (case_number);
CREATE INDEX awaited_arrival_open ON register.awaited_arrival (moved_out_on, entry_id, addressee_number)
    WHERE reported_at IS NULL AND case_number IS NULL;

GRANT SELECT, INSERT ON register.upkeep_case, register.upkeep_step, register.upkeep_person, register.upkeep_entry,
    register.awaited_arrival TO :app;
GRANT UPDATE (version, open, body) ON register.upkeep_case TO :app;
GRANT UPDATE (entry_id, moved_out_on, arrived_on, reported_at, case_number) ON register.awaited_arrival TO :app;
GRANT SELECT ON register.upkeep_case, register.upkeep_step, register.upkeep_person, register.upkeep_entry,
    register.awaited_arrival TO :reader, :auditor;
GRANT USAGE, SELECT ON SEQUENCE register.upkeep_seq TO :app;
