-- kinds: registry
-- The resident register: changes with two hands, the records as they stand, and every earlier version.

CREATE SCHEMA register;
GRANT USAGE ON SCHEMA register TO :app, :reader, :auditor;

CREATE SEQUENCE register.addressee_seq;
CREATE SEQUENCE register.household_seq;

CREATE TABLE register.entry (
    id           text PRIMARY KEY,
    kind         text NOT NULL,
    reason       text NOT NULL,
    change_date  date NOT NULL,
    notified_on  date NOT NULL,
    entered_by   text NOT NULL CHECK (entered_by <> ''),
    entered_at   timestamptz NOT NULL,
    terminal     text NOT NULL DEFAULT '',
    verified_by  text,
    verified_at  timestamptz,
    state        text NOT NULL DEFAULT 'entered'
                 CHECK (state IN ('entered', 'verified', 'rejected', 'cancelled')),
    outcome      text NOT NULL DEFAULT '',
    seen         json NOT NULL,          -- the records the draft rests on: addressee number -> version
    households   bigint[] NOT NULL,      -- the households the draft rests on
    cancels      text REFERENCES register.entry (id),
    permit       text,
    body         json NOT NULL,          -- the whole change, before and after
    -- Dual control: nobody verifies an entry of their own, and a verified entry names its second person.
    CONSTRAINT second_person CHECK (verified_by <> entered_by),
    CONSTRAINT decided_by_somebody CHECK ((state IN ('verified', 'rejected')) = (verified_by IS NOT NULL)),
    CONSTRAINT decided_at_some_time CHECK ((verified_by IS NULL) = (verified_at IS NULL)),
    UNIQUE (id, state)
);
CREATE INDEX entry_waiting ON register.entry (entered_at, id) WHERE state = 'entered';
-- An entry is undone once.
CREATE UNIQUE INDEX entry_cancels ON register.entry (cancels) WHERE state IN ('entered', 'verified');
CREATE UNIQUE INDEX entry_permit ON register.entry (permit) WHERE state IN ('entered', 'verified');

-- A decision is final, and a second person never decides twice.
CREATE FUNCTION register.guard_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'entered' THEN
        RAISE EXCEPTION 'entry % is already %', OLD.id, OLD.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_entry BEFORE UPDATE ON register.entry
    FOR EACH ROW EXECUTE FUNCTION register.guard_entry();

-- Who waits for which entry: one record, two operators.
CREATE TABLE register.entry_person (
    entry_id         text NOT NULL REFERENCES register.entry (id),
    addressee_number bigint NOT NULL,
    PRIMARY KEY (addressee_number, entry_id)
);

CREATE TABLE register.resident_version (
    addressee_number bigint NOT NULL,
    version          integer NOT NULL CHECK (version > 0),
    entry_id         text NOT NULL,
    entry_state      text NOT NULL DEFAULT 'verified' CHECK (entry_state = 'verified'),
    change_date      date NOT NULL,
    recorded_at      timestamptz NOT NULL,
    body             json NOT NULL,
    PRIMARY KEY (addressee_number, version),
    -- Only a verified entry can write a version: the state is part of the key that is referred to.
    CONSTRAINT written_by_verified_entry
        FOREIGN KEY (entry_id, entry_state) REFERENCES register.entry (id, state)
);
CREATE INDEX resident_version_entry ON register.resident_version (entry_id);

CREATE TABLE register.resident (
    addressee_number bigint PRIMARY KEY,
    version          integer NOT NULL,
    entry_id         text NOT NULL,
    entry_state      text NOT NULL DEFAULT 'verified' CHECK (entry_state = 'verified'),
    code             text UNIQUE,
    household_number bigint NOT NULL,
    living           boolean NOT NULL,
    householder      boolean NOT NULL,
    kana             text COLLATE "C" NOT NULL,
    kanji            text COLLATE "C" NOT NULL,
    birth            text COLLATE "C" NOT NULL,
    address          text COLLATE "C" NOT NULL,
    due_on           date,               -- a scheduled moving-out, while the record lives
    body             json NOT NULL,
    CONSTRAINT stands_on_verified_entry
        FOREIGN KEY (entry_id, entry_state) REFERENCES register.entry (id, state),
    CONSTRAINT stands_on_a_version
        FOREIGN KEY (addressee_number, version) REFERENCES register.resident_version (addressee_number, version),
    -- At most one householder of a living household, looked at when the change is whole.
    CONSTRAINT one_householder
        EXCLUDE USING btree (household_number WITH =) WHERE (living AND householder)
        DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX resident_household ON register.resident (household_number);
CREATE INDEX resident_kana ON register.resident (kana, birth);
CREATE INDEX resident_kanji ON register.resident (kanji, birth);
CREATE INDEX resident_birth ON register.resident (birth, kana);
CREATE INDEX resident_due ON register.resident (due_on) WHERE due_on IS NOT NULL;

-- The security officer's permission to correct one record once.
CREATE TABLE register.correction_permit (
    id               text PRIMARY KEY,
    addressee_number bigint NOT NULL,
    what             text NOT NULL,
    permitted_by     text NOT NULL CHECK (permitted_by <> ''),
    permitted_at     timestamptz NOT NULL
);
ALTER TABLE register.entry
    ADD CONSTRAINT permitted FOREIGN KEY (permit) REFERENCES register.correction_permit (id);

GRANT SELECT ON ALL TABLES IN SCHEMA register TO :app, :reader, :auditor;
GRANT INSERT ON register.entry, register.entry_person, register.resident_version, register.resident,
    register.correction_permit TO :app;
-- What was entered stays as entered: of an entry only the decision can be written, of a version nothing.
GRANT UPDATE (state, verified_by, verified_at, outcome) ON register.entry TO :app;
GRANT UPDATE ON register.resident TO :app;
GRANT USAGE, UPDATE ON SEQUENCE register.addressee_seq, register.household_seq TO :app;
GRANT SELECT ON SEQUENCE register.addressee_seq, register.household_seq TO :app;
