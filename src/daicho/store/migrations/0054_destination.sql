-- kinds: registry, cs, national
-- 送付先情報 (番号法7条1項): which notices of individual numbers a town owes and to where its residents stated them to go; the
-- file that the CS passes on and keeps for a set term; the nation's queue of what is to be printed from it. The registry
-- keeps no file, it is made from the record each time that it is needed; letters that carried one are blanked after the term.

ALTER TABLE mailbox.outbox ADD COLUMN blanked boolean NOT NULL DEFAULT false;
ALTER TABLE mailbox.inbox ADD COLUMN blanked boolean NOT NULL DEFAULT false;
CREATE INDEX outbox_to_blank ON mailbox.outbox (settled_at)
    WHERE kind = 'destination.info' AND state = 'settled' AND NOT blanked;
CREATE INDEX inbox_to_blank ON mailbox.inbox (settled_at)
    WHERE kind = 'destination.info' AND state = 'settled' AND NOT blanked;
-- What was written or received stays as it is for everybody. These letters alone are blanked, once they are settled, by this.
CREATE FUNCTION mailbox.blank_sent(ids text[], contents bytea[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
    UPDATE mailbox.outbox o SET content = n.content, blanked = true
    FROM unnest(ids, contents) AS n (letter_id, content)
    WHERE o.letter_id = n.letter_id AND o.kind = 'destination.info' AND o.state = 'settled'
        AND octet_length(n.content) <= 512
$f$;
CREATE FUNCTION mailbox.blank_taken(senders text[], ids text[], contents bytea[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $f$
    UPDATE mailbox.inbox i SET content = n.content, blanked = true
    FROM unnest(senders, ids, contents) AS n (sender, letter_id, content)
    WHERE i.sender = n.sender AND i.letter_id = n.letter_id AND i.kind = 'destination.info' AND i.state = 'settled'
        AND octet_length(n.content) <= 512
$f$;
REVOKE ALL ON FUNCTION mailbox.blank_sent(text[], bytea[]), mailbox.blank_taken(text[], text[], bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION mailbox.blank_sent(text[], bytea[]), mailbox.blank_taken(text[], text[], bytea[]) TO :app;
GRANT SELECT (blanked) ON mailbox.outbox, mailbox.inbox TO :reader;

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
            tried_at         timestamptz,                -- not to be told before it; none: never tried
            confirmed_by     text,                       -- the officer who lets it go to a guarded person
            confirmed_at     timestamptz,
            control_number   text COLLATE "C",           -- of the file in which it went
            elsewhere        boolean NOT NULL DEFAULT false,  -- to a stated destination
            for_officer      boolean NOT NULL DEFAULT false,  -- its person was guarded when it was told
            closed_at        timestamptz,
            CONSTRAINT by_order_or_change CHECK ((entry_id IS NULL) = (ordered_by <> '') AND (entry_id IS NULL) = (why <> '')
                AND (print_kind <> '3' OR entry_id IS NULL)),
            CONSTRAINT confirmed_by_somebody CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
            CONSTRAINT told_in_a_file CHECK ((state = 'told') = (control_number IS NOT NULL)),
            CONSTRAINT closed_once CHECK ((state = 'waiting') = (closed_at IS NULL)),
            CONSTRAINT hindered_while_it_waits CHECK (hindrance = '' OR state = 'waiting')
        );
        -- What waits is told as the record stands then: nobody waits twice.
        CREATE UNIQUE INDEX number_notice_waiting ON register.number_notice (addressee_number) WHERE state = 'waiting';
        CREATE INDEX number_notice_next ON register.number_notice ((hindrance <> ''), owed_at, id) WHERE state = 'waiting';
        CREATE INDEX number_notice_tried ON register.number_notice (tried_at NULLS FIRST, owed_at, id) WHERE state = 'waiting';
        CREATE INDEX number_notice_lapsed ON register.number_notice (addressee_number) WHERE state = 'lapsed';
        CREATE INDEX number_notice_file ON register.number_notice (control_number) WHERE control_number IS NOT NULL;
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
            verified_by      text,           -- none: no letter goes there, nor to the address, until a second person has looked
            verified_at      timestamptz,
            ended_by         text,
            ended_at         timestamptz,
            body             json,
            CONSTRAINT second_person CHECK (verified_by <> entered_by),
            CONSTRAINT verified_by_somebody CHECK ((verified_by IS NULL) = (verified_at IS NULL)),
            CONSTRAINT ended_by_somebody CHECK ((ended_by IS NULL) = (ended_at IS NULL)),
            CONSTRAINT content_while_it_holds CHECK ((body IS NULL) = (ended_at IS NOT NULL))
        );
        CREATE UNIQUE INDEX stated_destination_open ON register.stated_destination (addressee_number) WHERE ended_at IS NULL;
        CREATE INDEX stated_destination_listed ON register.stated_destination (entered_at, id) WHERE ended_at IS NULL;
        CREATE INDEX stated_destination_until ON register.stated_destination (until) WHERE ended_at IS NULL;
        -- Whoever fled, and with them their household: their letters are an officer's affair from then on.
        CREATE INDEX stated_destination_fled ON register.stated_destination (addressee_number) WHERE for_officer;
        CREATE INDEX stated_destination_unverified ON register.stated_destination (entered_at, id)
            WHERE ended_at IS NULL AND verified_by IS NULL;
        CREATE INDEX stated_destination_person ON register.stated_destination (addressee_number);

        GRANT SELECT, INSERT ON register.number_notice, register.stated_destination TO :app;
        GRANT SELECT ON register.number_notice_cursor TO :app;
        GRANT UPDATE (position) ON register.number_notice_cursor TO :app;
        GRANT UPDATE (state, print_kind, hindrance, tried_at, confirmed_by, confirmed_at, control_number, elsewhere, for_officer,
            closed_at) ON register.number_notice TO :app;
        GRANT UPDATE (verified_by, verified_at, ended_by, ended_at, body) ON register.stated_destination TO :app;
        GRANT SELECT ON register.number_notice_cursor, register.number_notice, register.stated_destination TO :auditor;
        -- The reader tells whether there is work, and how much; to where anything goes or went is not for it.
        GRANT SELECT ON register.number_notice_cursor TO :reader;
        GRANT SELECT (id, addressee_number, print_kind, state, owed_at, hindrance) ON register.number_notice TO :reader;
        GRANT SELECT (addressee_number, for_officer, until, entered_by, verified_by, ended_at) ON register.stated_destination
            TO :reader;

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
            municipality   text NOT NULL CHECK (municipality ~ '^[0-9]{5}$'),
            control_number text COLLATE "C" NOT NULL CHECK (control_number <> ''),
            received_at    timestamptz NOT NULL,
            kept_until     date,             -- none: as long as its notices wait or may come back
            body           json NOT NULL,    -- the file without its individual numbers
            PRIMARY KEY (municipality, control_number)
        );
        CREATE INDEX file_kept_until ON destination.file (kept_until) WHERE kept_until IS NOT NULL;
        CREATE TABLE numbers.destination_number (
            municipality   text NOT NULL CHECK (municipality ~ '^[0-9]{5}$'),
            control_number text COLLATE "C" NOT NULL CHECK (control_number <> ''),
            place          smallint NOT NULL CHECK (place > 0),
            sealed         bytea NOT NULL,
            PRIMARY KEY (municipality, control_number, place)
        );
        GRANT SELECT, INSERT, DELETE ON numbers.destination_number TO :numbers;
        GRANT SELECT, INSERT, DELETE ON destination.file TO :app;
        GRANT SELECT ON destination.file TO :auditor;
        GRANT SELECT (municipality, control_number, received_at, kept_until) ON destination.file TO :reader;
    END IF;
    -- The nation alone has requests for numbers that wait for reports, and prints.
    IF to_regclass('codes.number_wanted') IS NOT NULL THEN
        CREATE TABLE destination.notice (
            municipality   text NOT NULL,
            control_number text COLLATE "C" NOT NULL,
            place          smallint NOT NULL CHECK (place > 0),
            resident_record_code text COLLATE "C" NOT NULL CHECK (resident_record_code ~ '^[0-9]{11}$'),
            name_key       text COLLATE "C" NOT NULL,  -- folded, to look up a letter that came back
            birth          text COLLATE "C" NOT NULL,
            received_at    timestamptz NOT NULL,
            state          text NOT NULL CHECK (state IN ('held', 'waiting', 'sent', 'returned')),
            marked_by      text,
            marked_at      timestamptz,
            PRIMARY KEY (municipality, control_number, place),
            FOREIGN KEY (municipality, control_number) REFERENCES destination.file ON DELETE CASCADE,
            CONSTRAINT marked_by_somebody CHECK ((state IN ('held', 'waiting')) = (marked_by IS NULL)
                AND (marked_by IS NULL) = (marked_at IS NULL))
        );
        -- What waits for the report that makes its town the holder, the queue of what is printed, what went, what came back.
        CREATE INDEX notice_held ON destination.notice (resident_record_code) WHERE state = 'held';
        CREATE INDEX notice_waiting ON destination.notice (received_at, municipality, control_number, place)
            WHERE state = 'waiting';
        CREATE INDEX notice_marked ON destination.notice (state, marked_at, municipality, control_number, place)
            WHERE state IN ('sent', 'returned');
        CREATE INDEX notice_file ON destination.notice (control_number);
        CREATE INDEX notice_person ON destination.notice (birth, name_key);
        GRANT UPDATE (kept_until) ON destination.file TO :app;
        GRANT SELECT, INSERT ON destination.notice TO :app;
        GRANT UPDATE (state, marked_by, marked_at) ON destination.notice TO :app;
        GRANT SELECT ON destination.notice TO :auditor;
        GRANT SELECT (municipality, control_number, place, received_at, state, marked_at) ON destination.notice TO :reader;
    END IF;
END $$;
