-- kinds: registry, cs, national
-- 送付先情報 (番号法7条1項): which notices of individual numbers a town owes and to where its residents stated them to go; the
-- file that the CS passes on and keeps for a set term; what the nation prints from it. Of a file that the registry made
-- nothing but its number stays there: it is made from the record each time that it is needed.

DO $$
BEGIN
    IF to_regclass('register.resident') IS NOT NULL THEN
        CREATE TABLE register.number_notice_cursor (
            one_row  boolean PRIMARY KEY DEFAULT true CHECK (one_row),
            position bigint NOT NULL CHECK (position >= 0)
        );
        -- Whose number was recorded before was told as it was done then.
        INSERT INTO register.number_notice_cursor (position)
        SELECT (SELECT coalesce(max(position), 0) FROM hall.feed) + (SELECT count(*) FROM hall.untold);

        CREATE TABLE register.number_notice (
            id               text COLLATE "C" PRIMARY KEY CHECK (id <> ''),  -- the change, or as the order was named
            addressee_number bigint NOT NULL,
            entry_id         text REFERENCES register.entry (id),  -- none: by order
            print_kind       text NOT NULL CHECK (print_kind IN ('1', '2', '3')),
            state            text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'told', 'lapsed')),
            owed_at          timestamptz NOT NULL,
            ordered_by       text NOT NULL DEFAULT '',
            role             text NOT NULL DEFAULT '',   -- the 操作者ID of the order
            terminal         text NOT NULL DEFAULT '',
            why              text NOT NULL DEFAULT '',
            hindrance        text NOT NULL DEFAULT '',   -- why it could not be told when last tried
            control_number   text COLLATE "C",           -- of the file in which it went
            elsewhere        boolean NOT NULL DEFAULT false,  -- to a stated destination
            closed_at        timestamptz,
            CONSTRAINT by_order_or_change CHECK ((entry_id IS NULL) = (print_kind = '3')
                AND (entry_id IS NULL) = (ordered_by <> '') AND (entry_id IS NULL) = (why <> '')),
            CONSTRAINT told_in_a_file CHECK ((state = 'told') = (control_number IS NOT NULL)),
            CONSTRAINT closed_once CHECK ((state = 'waiting') = (closed_at IS NULL)),
            CONSTRAINT hindered_while_it_waits CHECK (hindrance = '' OR state = 'waiting')
        );
        -- What waits is told as the record stands then: nobody waits twice.
        CREATE UNIQUE INDEX number_notice_waiting ON register.number_notice (addressee_number) WHERE state = 'waiting';
        CREATE INDEX number_notice_next ON register.number_notice ((hindrance <> ''), owed_at, id) WHERE state = 'waiting';
        CREATE INDEX number_notice_closed ON register.number_notice (closed_at, id) WHERE state <> 'waiting';
        CREATE INDEX number_notice_person ON register.number_notice (addressee_number, owed_at);
        CREATE INDEX number_notice_entry ON register.number_notice (entry_id);

        CREATE TABLE register.stated_destination (
            id               text COLLATE "C" PRIMARY KEY CHECK (id <> ''),
            addressee_number bigint NOT NULL,
            for_officer      boolean NOT NULL,
            until            date,
            entered_by       text NOT NULL CHECK (entered_by <> ''),
            entered_at       timestamptz NOT NULL,
            terminal         text NOT NULL,
            ended_by         text,
            ended_at         timestamptz,
            body             json,
            CONSTRAINT ended_by_somebody CHECK ((ended_by IS NULL) = (ended_at IS NULL)),
            CONSTRAINT content_while_it_holds CHECK ((body IS NULL) = (ended_at IS NOT NULL))
        );
        CREATE UNIQUE INDEX stated_destination_open ON register.stated_destination (addressee_number) WHERE ended_at IS NULL;
        CREATE INDEX stated_destination_listed ON register.stated_destination (entered_at, id) WHERE ended_at IS NULL;
        CREATE INDEX stated_destination_until ON register.stated_destination (until) WHERE ended_at IS NULL;
        CREATE INDEX stated_destination_person ON register.stated_destination (addressee_number);

        GRANT SELECT, INSERT ON register.number_notice, register.stated_destination TO :app;
        GRANT SELECT ON register.number_notice_cursor TO :app;
        GRANT UPDATE (position) ON register.number_notice_cursor TO :app;
        GRANT UPDATE (state, hindrance, control_number, elsewhere, closed_at) ON register.number_notice TO :app;
        GRANT UPDATE (ended_by, ended_at, body) ON register.stated_destination TO :app;
        GRANT SELECT ON register.number_notice_cursor, register.number_notice, register.stated_destination TO :reader, :auditor;

        CREATE FUNCTION register.no_number_to_tell() RETURNS trigger LANGUAGE plpgsql AS $f$
        BEGIN
            DELETE FROM register.number_notice n WHERE n.addressee_number = OLD.addressee_number;
            DELETE FROM register.stated_destination s WHERE s.addressee_number = OLD.addressee_number;
            RETURN NULL;
        END $f$;
        CREATE TRIGGER no_number_to_tell AFTER DELETE ON register.resident
            FOR EACH ROW EXECUTE FUNCTION register.no_number_to_tell();
        GRANT SELECT (addressee_number), DELETE ON register.number_notice, register.stated_destination TO :disposal;
    ELSE
        CREATE SCHEMA destination;
        GRANT USAGE ON SCHEMA destination TO :app, :reader, :auditor;
        CREATE TABLE destination.file (
            control_number text COLLATE "C" PRIMARY KEY CHECK (control_number <> ''),
            municipality   text NOT NULL CHECK (municipality ~ '^[0-9]{5}$'),
            received_at    timestamptz NOT NULL,
            kept_until     date,             -- none: as long as its notices wait or may come back
            body           json NOT NULL     -- the file without its individual numbers
        );
        CREATE INDEX file_kept_until ON destination.file (kept_until) WHERE kept_until IS NOT NULL;
        CREATE TABLE destination.notice (
            control_number text COLLATE "C" NOT NULL REFERENCES destination.file (control_number) ON DELETE CASCADE,
            place          smallint NOT NULL CHECK (place > 0),
            resident_record_code text COLLATE "C" NOT NULL CHECK (resident_record_code ~ '^[0-9]{11}$'),
            received_at    timestamptz NOT NULL,
            state          text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'returned')),
            marked_by      text,
            marked_at      timestamptz,
            PRIMARY KEY (control_number, place),
            CONSTRAINT marked_by_somebody CHECK ((state = 'waiting') = (marked_by IS NULL)
                AND (marked_by IS NULL) = (marked_at IS NULL))
        );
        -- The queue of what is printed, and what went or came back.
        CREATE INDEX notice_waiting ON destination.notice (received_at, control_number, place) WHERE state = 'waiting';
        CREATE INDEX notice_marked ON destination.notice (marked_at, control_number, place) WHERE state <> 'waiting';
        CREATE TABLE numbers.destination_number (
            control_number text COLLATE "C" NOT NULL CHECK (control_number <> ''),
            place          smallint NOT NULL CHECK (place > 0),
            sealed         bytea NOT NULL,
            PRIMARY KEY (control_number, place)
        );
        GRANT SELECT, INSERT, DELETE ON numbers.destination_number TO :numbers;
        GRANT SELECT, INSERT, DELETE ON destination.file TO :app;
        GRANT UPDATE (kept_until) ON destination.file TO :app;
        GRANT SELECT, INSERT ON destination.notice TO :app;
        GRANT UPDATE (state, marked_by, marked_at) ON destination.notice TO :app;
        GRANT SELECT ON destination.file, destination.notice TO :reader, :auditor;
    END IF;
END $$;
