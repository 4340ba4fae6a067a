-- kinds: registry, cs, prefecture, national
-- 保存期間・廃棄: what is over is found by an index; it is destroyed by one function, under a role of its own, only when
-- it stands on a list that a second person approved, and as it stood when the list was drawn up.

CREATE SCHEMA retention;
GRANT USAGE ON SCHEMA retention TO :app, :reader, :auditor, :disposal;

CREATE SEQUENCE retention.run_seq;
CREATE TABLE retention.run (
    number      text COLLATE "C" PRIMARY KEY CHECK (number <> ''),
    state       text NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed', 'approved', 'declined', 'withdrawn', 'done')),
    as_of       date NOT NULL,           -- the day on which everything on the list was over
    digest      text NOT NULL CHECK (length(digest) = 64),
    held_back   integer NOT NULL CHECK (held_back >= 0),  -- over, and left off the list because something holds it
    salt        bytea,                   -- keeps digests of contents from being guessed; gone when the run is done
    proposed_by text NOT NULL CHECK (proposed_by <> ''),
    proposed_at timestamptz NOT NULL,
    decided_by  text,
    decided_at  timestamptz,
    certificate text,                    -- 廃棄記録
    CONSTRAINT decided_by_a_second CHECK ((decided_by = proposed_by) = (state = 'withdrawn')),
    CONSTRAINT decided_by_somebody CHECK ((state = 'proposed') = (decided_by IS NULL)),
    CONSTRAINT decided_at_some_time CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
    CONSTRAINT done_with_its_record CHECK ((state = 'done') = (certificate IS NOT NULL)),
    CONSTRAINT salted_until_it_ends CHECK ((state IN ('proposed', 'approved')) = (salt IS NOT NULL))
);
-- One list at a time: what is on it is on no other one.
CREATE UNIQUE INDEX run_open ON retention.run ((true)) WHERE state IN ('proposed', 'approved');
CREATE TABLE retention.item (
    run        text COLLATE "C" NOT NULL REFERENCES retention.run (number),
    place      integer NOT NULL CHECK (place > 0),
    kind       text NOT NULL CHECK (kind IN ('REMOVED_RECORD', 'IDENTITY_RECORD', 'IDENTITY_VERSION')),
    key        text COLLATE "C" NOT NULL,  -- addressee number, resident record code, number of a version
    whose      text COLLATE "C" NOT NULL,  -- by what holds name a person: addressee number or resident record code
    subject    text NOT NULL,              -- by what the ledger names the person
    kept_until date NOT NULL,
    content    bytea NOT NULL CHECK (length(content) = 32),
    state      text NOT NULL DEFAULT 'listed' CHECK (state IN ('listed', 'erased', 'held', 'changed', 'left')),
    PRIMARY KEY (run, place)
);
CREATE INDEX item_listed ON retention.item (run, place) WHERE state = 'listed';
CREATE SEQUENCE retention.hold_seq;
CREATE TABLE retention.hold (
    number    bigint PRIMARY KEY,
    whose     text COLLATE "C" NOT NULL CHECK (whose <> ''),
    reason    text NOT NULL CHECK (reason <> ''),
    why       text NOT NULL CHECK (why <> ''),
    set_by    text NOT NULL CHECK (set_by <> ''),
    set_at    timestamptz NOT NULL,
    lifted_by text,
    lifted_at timestamptz,
    CONSTRAINT lifted_by_somebody CHECK ((lifted_by IS NULL) = (lifted_at IS NULL))
);
CREATE INDEX hold_whose ON retention.hold (whose, number);
CREATE INDEX hold_newest ON retention.hold (number) WHERE lifted_by IS NULL;

CREATE SEQUENCE retention.box_seq;
CREATE TABLE retention.box (
    number     text COLLATE "C" PRIMARY KEY CHECK (number <> ''),
    version    integer NOT NULL CHECK (version > 0),
    standing   boolean NOT NULL,         -- false once it was destroyed
    kept_until date NOT NULL,
    body       json NOT NULL
);
-- What is over longest stands first.
CREATE INDEX box_standing ON retention.box (kept_until, number) WHERE standing;
CREATE INDEX box_destroyed ON retention.box (number) WHERE NOT standing;
CREATE TABLE retention.box_step (
    number     text COLLATE "C" NOT NULL REFERENCES retention.box (number),
    version    integer NOT NULL CHECK (version > 0),
    step       text NOT NULL CHECK (step <> ''),
    by         text NOT NULL CHECK (by <> ''),
    at         timestamptz NOT NULL,
    body       json NOT NULL,
    PRIMARY KEY (number, version)
);

GRANT SELECT, INSERT ON retention.run, retention.item, retention.hold, retention.box, retention.box_step TO :app;
GRANT UPDATE (state, salt, decided_by, decided_at, certificate) ON retention.run TO :app;
GRANT UPDATE (lifted_by, lifted_at) ON retention.hold TO :app;
GRANT UPDATE (version, standing, kept_until, body) ON retention.box TO :app;
GRANT USAGE, SELECT ON SEQUENCE retention.run_seq, retention.hold_seq, retention.box_seq TO :app;
GRANT SELECT ON retention.run, retention.item, retention.hold, retention.box, retention.box_step TO :reader, :auditor;
GRANT SELECT ON retention.run, retention.item, retention.hold TO :disposal;
GRANT UPDATE (state) ON retention.run, retention.item TO :disposal;
GRANT DELETE ON retention.item, retention.hold TO :disposal;

-- What was decided stays decided, and a record of destruction stays as it was written.
CREATE FUNCTION retention.guard_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.state, NEW.state) NOT IN
        (('proposed', 'approved'), ('proposed', 'declined'), ('proposed', 'withdrawn'), ('approved', 'done')) THEN
        RAISE EXCEPTION 'run % is %', OLD.number, OLD.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_run BEFORE UPDATE ON retention.run FOR EACH ROW EXECUTE FUNCTION retention.guard_run();

-- A list is whole before anybody stands for it.
CREATE FUNCTION retention.listed_before_a_word() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM (SELECT DISTINCT n.run FROM fresh n) f JOIN retention.run r ON r.number = f.run
               WHERE r.state <> 'proposed') THEN
        RAISE EXCEPTION 'a list is whole before anybody stands for it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER listed_before_a_word AFTER INSERT ON retention.item
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION retention.listed_before_a_word();

-- A digest of what one thing holds: it is destroyed only while it is what it was.
CREATE FUNCTION retention.content_of(kind text, key text, salt bytea) RETURNS bytea
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found bytea;
BEGIN
    IF kind = 'REMOVED_RECORD' THEN
        SELECT sha256(content_of.salt || convert_to(coalesce(string_agg(
            v.version || ' ' || v.entry_id || ' ' || v.body::text, E'\n' ORDER BY v.version), ''), 'UTF8')) INTO found
        FROM register.resident_version v WHERE v.addressee_number = content_of.key::bigint;
    ELSIF kind = 'IDENTITY_RECORD' THEN
        SELECT sha256(content_of.salt || r.row_hash || convert_to(r.record_state || ' ' || r.kept_until, 'UTF8')) INTO found
        FROM identity.record r WHERE r.resident_record_code = content_of.key;
    ELSE
        SELECT sha256(content_of.salt || convert_to(h.body::text, 'UTF8')) INTO found
        FROM identity.history h WHERE h.id = content_of.key::bigint;
    END IF;
    RETURN found;
END $$;

-- By which codes somebody was known at a level: a code that was changed leads to the one after it and the one before.
CREATE FUNCTION retention.codes_of(code text) RETURNS SETOF text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY WITH RECURSIVE known (code) AS (
        SELECT codes_of.code COLLATE "C"
        UNION
        SELECT other.code FROM known k CROSS JOIN LATERAL (
            SELECT r.old_resident_record_code FROM identity.record r
            WHERE r.resident_record_code = k.code AND r.old_resident_record_code IS NOT NULL
            UNION ALL
            SELECT r.resident_record_code FROM identity.record r WHERE r.old_resident_record_code = k.code
            UNION ALL
            SELECT h.body ->> 'old_resident_record_code' COLLATE "C" FROM identity.history h
            WHERE h.resident_record_code = k.code AND h.body ->> 'old_resident_record_code' IS NOT NULL
        ) AS other (code))
    SELECT known.code FROM known;
END $$;

-- What keeps on somebody's things that are over, or nothing. What the register itself says holds as long as it says so.
CREATE FUNCTION retention.hold_of(whose text, at timestamptz) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found text;
    person bigint;
BEGIN
    IF to_regclass('register.resident') IS NULL THEN
        IF EXISTS (SELECT FROM retention.hold h WHERE h.lifted_by IS NULL) THEN
            SELECT h.reason INTO found FROM retention.hold h
            WHERE h.whose IN (SELECT retention.codes_of(hold_of.whose)) AND h.lifted_by IS NULL ORDER BY h.number LIMIT 1;
        END IF;
        IF found IS NULL AND to_regclass('kept_back.whom') IS NOT NULL THEN
            IF EXISTS (SELECT FROM kept_back.whom k WHERE k.resident_record_code = hold_of.whose) THEN
                RETURN 'PROTECTION';
            END IF;
        END IF;
        RETURN found;
    END IF;
    SELECT h.reason INTO found FROM retention.hold h
    WHERE h.whose = hold_of.whose AND h.lifted_by IS NULL ORDER BY h.number LIMIT 1;
    IF found IS NOT NULL THEN
        RETURN found;
    END IF;
    person := hold_of.whose::bigint;
    IF EXISTS (SELECT FROM register.protection_person p JOIN register.protection m ON m.number = p.number
               WHERE p.addressee_number = person AND m.open) THEN
        RETURN 'PROTECTION';
    END IF;
    IF EXISTS (SELECT FROM register.upkeep_person p JOIN register.upkeep_case c ON c.number = p.number
               WHERE p.addressee_number = person AND c.open)
        OR EXISTS (SELECT FROM register.entry_person p JOIN register.entry e ON e.id = p.entry_id
                   WHERE p.addressee_number = person AND e.state = 'entered')
        OR EXISTS (SELECT FROM register.deferred_affair a WHERE a.addressee_number = person AND a.state = 'waiting')
        OR EXISTS (SELECT FROM register.owed_notice n WHERE n.people @> ARRAY[person] AND n.state = 'owed') THEN
        RETURN 'OPEN_CASE';
    END IF;
    IF EXISTS (SELECT FROM disclosure.handed_out o WHERE o.addressee_number = person
               AND o.opened_at IS NULL AND o.expires_at > hold_of.at) THEN
        RETURN 'DISCLOSURE';
    END IF;
    RETURN NULL;
END $$;

-- A change without one of its people: the others' records before and after it stay.
CREATE FUNCTION retention.entry_without(body json, person bigint) RETURNS json
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT (body::jsonb || jsonb_build_object(
        'before', (SELECT coalesce(jsonb_agg(o.one ORDER BY o.place), '[]')
                   FROM jsonb_array_elements(body::jsonb -> 'before') WITH ORDINALITY AS o (one, place)
                   WHERE (o.one ->> 'addressee_number')::bigint <> person),
        'after', (SELECT coalesce(jsonb_agg(o.one ORDER BY o.place), '[]')
                  FROM jsonb_array_elements(body::jsonb -> 'after') WITH ORDINALITY AS o (one, place)
                  WHERE (o.one ->> 'addressee_number')::bigint <> person),
        'subjects', (SELECT coalesce(jsonb_agg(o.one ORDER BY o.place), '[]')
                     FROM jsonb_array_elements(body::jsonb -> 'subjects') WITH ORDINALITY AS o (one, place)
                     WHERE (o.one #>> '{}')::bigint <> person)))::json
$$;

-- Everything that the register holds of one person. Of an entry that concerns others as well this person's records go, and
-- with the last of them all but who entered and verified it when, which the ledger's lines count. A paper, case or measure
-- that concerns others as well stays as it is until the last of them goes; this person does not lead to it any more.
CREATE FUNCTION retention.erase_resident(person bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    codes text[];
    seals text[];
    prints text[];
    papers text[];
    cases text[];
    measures text[];
    entries text[];
    homes bigint[];
    permits text[];
BEGIN
    SELECT array_agg(r.code) INTO codes FROM register.resident r WHERE r.addressee_number = person AND r.code IS NOT NULL;
    SELECT array_agg(c.id) INTO permits FROM register.correction_permit c WHERE c.addressee_number = person;
    DELETE FROM disclosure.handed_out o WHERE o.addressee_number = person;
    DELETE FROM register.character_use u WHERE u.addressee_number = person;
    DELETE FROM register.programme_step s WHERE s.addressee_number = person;
    DELETE FROM register.programme_item i WHERE i.addressee_number = person;

    SELECT array_agg(g.number), array_agg(g.image_id) INTO seals, prints
    FROM register.seal_registration g WHERE g.addressee_number = person;
    SELECT prints || array_agg(q.image_id) INTO prints FROM register.seal_request q
    WHERE q.addressee_number = person AND q.image_id IS NOT NULL;
    DELETE FROM register.seal_certificate c WHERE c.registration = ANY (seals);
    DELETE FROM register.seal_step s WHERE s.number = ANY (seals);
    DELETE FROM register.seal_registration g WHERE g.number = ANY (seals);
    DELETE FROM register.seal_request q WHERE q.addressee_number = person;
    DELETE FROM register.seal_image i WHERE i.id = ANY (prints)
        AND NOT EXISTS (SELECT FROM register.seal_registration g WHERE g.image_id = i.id)
        AND NOT EXISTS (SELECT FROM register.seal_request q WHERE q.image_id = i.id);

    WITH gone AS (DELETE FROM register.certificate_person p WHERE p.addressee_number = person RETURNING p.number)
    SELECT array_agg(number) INTO papers FROM gone;
    SELECT array_agg(c.number) INTO papers FROM register.certificate c WHERE c.number = ANY (papers)
        AND NOT EXISTS (SELECT FROM register.certificate_person p WHERE p.number = c.number)
        AND NOT EXISTS (SELECT FROM register.seal_certificate s WHERE s.number = c.number);
    DELETE FROM register.owed_notice n WHERE n.people = ARRAY[person] OR n.paper = ANY (papers);
    UPDATE register.owed_notice n SET people = array_remove(n.people, person) WHERE n.people @> ARRAY[person];
    UPDATE register.posting_step s SET recipient = '', address = '', whose = NULL, version = NULL WHERE s.whose = person;
    DELETE FROM register.posting_step s WHERE s.number = ANY (papers);
    DELETE FROM register.fee_waiver w WHERE w.number = ANY (papers);
    UPDATE register.sheet s SET paper = NULL, disposed = true WHERE s.paper = ANY (papers);  -- the sheet stays counted
    DELETE FROM register.certificate c WHERE c.number = ANY (papers);
    DELETE FROM register.deferred_affair a WHERE a.addressee_number = person;
    UPDATE hall.feed f SET people = array_remove(f.people, person) WHERE f.people @> ARRAY[person];
    UPDATE hall.untold u SET people = array_remove(u.people, person) WHERE u.people @> ARRAY[person];

    DELETE FROM register.awaited_arrival a WHERE a.addressee_number = person;
    WITH gone AS (DELETE FROM register.upkeep_person p WHERE p.addressee_number = person RETURNING p.number)
    SELECT array_agg(number) INTO cases FROM gone;
    SELECT array_agg(c.number) INTO cases FROM register.upkeep_case c WHERE c.number = ANY (cases) AND NOT c.open
        AND NOT EXISTS (SELECT FROM register.upkeep_person p WHERE p.number = c.number)
        AND NOT EXISTS (SELECT FROM register.awaited_arrival a WHERE a.case_number = c.number);
    DELETE FROM register.upkeep_entry e WHERE e.number = ANY (cases);
    DELETE FROM register.upkeep_step s WHERE s.number = ANY (cases);
    DELETE FROM register.upkeep_case c WHERE c.number = ANY (cases);

    WITH gone AS (DELETE FROM register.protection_person p WHERE p.addressee_number = person RETURNING p.number)
    SELECT array_agg(number) INTO measures FROM gone;
    SELECT array_agg(m.number) INTO measures FROM register.protection m WHERE m.number = ANY (measures) AND NOT m.open
        AND NOT EXISTS (SELECT FROM register.protection_person p WHERE p.number = m.number);
    DELETE FROM register.protection_release o WHERE o.number = ANY (measures);
    DELETE FROM register.protection_proposal o WHERE o.number = ANY (measures);
    DELETE FROM register.protection_alert a WHERE a.number = ANY (measures);
    DELETE FROM register.protection_other_party o WHERE o.number = ANY (measures);
    DELETE FROM register.protection_step s WHERE s.number = ANY (measures);
    DELETE FROM register.protection m WHERE m.number = ANY (measures);

    DELETE FROM numbers.individual_number n WHERE n.resident_record_code = ANY (codes) AND n.state = 'current';
    DELETE FROM numbers.individual_number n WHERE n.resident_record_code = ANY (codes) AND n.state = 'former';
    SELECT array_agg(DISTINCT v.household_number) INTO homes FROM register.resident_version v
    WHERE v.addressee_number = person;
    DELETE FROM register.resident r WHERE r.addressee_number = person;
    DELETE FROM register.resident_version v WHERE v.addressee_number = person;
    WITH gone AS (DELETE FROM register.entry_person p WHERE p.addressee_number = person RETURNING p.entry_id)
    SELECT array_agg(entry_id) INTO entries FROM gone;
    UPDATE register.entry e SET body = retention.entry_without(e.body, person),
        seen = (e.seen::jsonb - person::text)::json, permit = CASE WHEN e.permit = ANY (permits) THEN NULL ELSE e.permit END
    WHERE e.id = ANY (entries) AND NOT e.disposed;
    UPDATE register.entry e SET body = '{}', seen = '{}', households = '{}', outcome = '', disposed = true
    WHERE e.id = ANY (entries) AND NOT e.disposed AND NOT EXISTS (
        SELECT FROM (SELECT json_array_elements(e.body -> 'after') AS one
                     UNION ALL SELECT json_array_elements(e.body -> 'before')) AS people
        WHERE EXISTS (SELECT FROM register.resident r
                      WHERE r.addressee_number = (people.one ->> 'addressee_number')::bigint));
    DELETE FROM register.correction_permit c WHERE c.id = ANY (permits);
    -- What rested on the record of somebody of the same household names them, too.
    UPDATE register.entry e SET seen = (e.seen::jsonb - person::text)::json
    WHERE e.id IN (SELECT p.entry_id FROM register.entry_person p WHERE p.addressee_number IN (
            SELECT v.addressee_number FROM register.resident_version v WHERE v.household_number = ANY (homes)))
        AND e.state <> 'entered' AND jsonb_exists(e.seen::jsonb, person::text);
END $$;

-- One removed record of identification information with what stands beside it. A number that was once given stays at the
-- nation, sealed: nobody gets it again.
CREATE FUNCTION retention.erase_identity(code text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF to_regclass('identity.cs_items') IS NOT NULL THEN
        DELETE FROM identity.cs_items i WHERE i.resident_record_code = code;
    END IF;
    IF to_regclass('codes.handed_out') IS NULL THEN
        DELETE FROM numbers.individual_number n WHERE n.resident_record_code = code AND n.state = 'current';
        DELETE FROM numbers.individual_number n WHERE n.resident_record_code = code AND n.state = 'former';
    END IF;
END $$;

-- Until when a removed record is kept at least (住民基本台帳法施行令 第34条第1項): 150 years, or the five of before if they
-- were over when the 150 came into force.
CREATE FUNCTION retention.removed_until(closed_on date) RETURNS date
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT (closed_on + CASE WHEN closed_on + interval '5 years' < '2019-06-20' THEN interval '5 years'
                             ELSE interval '150 years' END)::date
$$;

-- Whether a thing on a list is kept no longer than the list says: what is over is not believed of whoever writes a list.
CREATE FUNCTION retention.ended_by(one retention.item) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF one.kind = 'REMOVED_RECORD' THEN
        RETURN EXISTS (SELECT FROM register.resident r WHERE r.addressee_number = one.key::bigint
            AND one.kept_until >= retention.removed_until(r.closed_on));
    ELSIF one.kind = 'IDENTITY_VERSION' THEN
        RETURN EXISTS (SELECT FROM identity.history h WHERE h.id = one.key::bigint
            AND one.kept_until >= (h.replaced_on + interval '150 years')::date);
    END IF;
    RETURN true;  -- a record of a level says itself until when it is kept
END $$;

-- The only way in which anything is destroyed: the next things of an approved list, each as it stood on the list. It runs
-- as its owner, who may do nothing else and whom nobody else can be; a thing that is held, lives again or is another one by
-- now stays and is said to stay.
CREATE FUNCTION retention.dispose(asked text, most integer, at timestamptz)
RETURNS TABLE (place integer, kind text, subject text, kept_until date, content bytea, state text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    approved retention.run;
    one retention.item;
    touched bigint;
BEGIN
    SELECT * INTO approved FROM retention.run r WHERE r.number = asked AND r.state = 'approved' FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no second person approved run %', asked USING ERRCODE = 'insufficient_privilege';
    END IF;
    FOR one IN SELECT i.* FROM retention.item i WHERE i.run = asked AND i.state = 'listed' ORDER BY i.place LIMIT most LOOP
        touched := 0;
        IF one.kept_until >= approved.as_of OR NOT retention.ended_by(one)
            OR retention.content_of(one.kind, one.key, approved.salt) IS DISTINCT FROM one.content THEN
            one.state := 'changed';
        ELSIF retention.hold_of(one.whose, at) IS NOT NULL THEN
            one.state := 'held';
        ELSE
            IF one.kind = 'REMOVED_RECORD' THEN
                SELECT count(*) INTO touched FROM register.resident r
                WHERE r.addressee_number = one.key::bigint AND NOT r.living AND r.closed_on IS NOT NULL;
                IF touched = 1 THEN
                    PERFORM retention.erase_resident(one.key::bigint);
                END IF;
            ELSIF one.kind = 'IDENTITY_RECORD' THEN
                -- Whoever writes the record at this moment is waited for, and what was written is looked at again.
                PERFORM FROM identity.record r WHERE r.resident_record_code = one.key FOR UPDATE;
                IF retention.content_of(one.kind, one.key, approved.salt) IS NOT DISTINCT FROM one.content THEN
                    PERFORM retention.erase_identity(one.key);
                    DELETE FROM identity.record r WHERE r.resident_record_code = one.key
                        AND r.record_state = 'removed' AND r.kept_until = one.kept_until;
                    GET DIAGNOSTICS touched = ROW_COUNT;
                    IF touched <> 1 THEN
                        RAISE EXCEPTION 'a record on a list is no removed one' USING ERRCODE = 'check_violation';
                    END IF;
                END IF;
            ELSE
                DELETE FROM identity.history h WHERE h.id = one.key::bigint;
                GET DIAGNOSTICS touched = ROW_COUNT;
            END IF;
            one.state := CASE touched WHEN 1 THEN 'erased' ELSE 'changed' END;
            IF touched = 1 AND one.kind <> 'IDENTITY_VERSION' THEN
                DELETE FROM retention.hold h WHERE h.whose = one.whose AND h.lifted_by IS NOT NULL;
            END IF;
        END IF;
        UPDATE retention.item i SET state = one.state WHERE i.run = asked AND i.place = one.place;
        RETURN QUERY SELECT one.place, one.kind, one.subject, one.kept_until, one.content, one.state;
    END LOOP;
END $$;

-- What is left of an approved list when somebody stops it: each thing stays and is said to stay.
CREATE FUNCTION retention.leave_rest(asked text)
RETURNS TABLE (place integer, kind text, subject text, kept_until date, content bytea, state text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM retention.run r WHERE r.number = asked AND r.state = 'approved' FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'run % is not carried out', asked USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY UPDATE retention.item i SET state = 'left' WHERE i.run = asked AND i.state = 'listed'
        RETURNING i.place, i.kind, i.subject, i.kept_until, i.content, i.state;
END $$;

-- Of a list that is through, or that nobody wanted, the names go as well: counts and digests stay.
CREATE FUNCTION retention.forget_list(asked text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM retention.run r WHERE r.number = asked AND r.state IN ('done', 'declined', 'withdrawn')) THEN
        RAISE EXCEPTION 'run % is not through', asked USING ERRCODE = 'insufficient_privilege';
    END IF;
    DELETE FROM retention.item i WHERE i.run = asked;
END $$;

REVOKE ALL ON FUNCTION retention.erase_resident(bigint), retention.erase_identity(text),
    retention.dispose(text, integer, timestamptz), retention.leave_rest(text), retention.forget_list(text) FROM public;
GRANT EXECUTE ON FUNCTION retention.erase_resident(bigint), retention.erase_identity(text) TO :disposal;
GRANT CREATE ON SCHEMA retention TO :disposal;
ALTER FUNCTION retention.dispose(text, integer, timestamptz) OWNER TO :disposal;
ALTER FUNCTION retention.leave_rest(text) OWNER TO :disposal;
ALTER FUNCTION retention.forget_list(text) OWNER TO :disposal;
REVOKE CREATE ON SCHEMA retention FROM :disposal;
GRANT EXECUTE ON FUNCTION retention.dispose(text, integer, timestamptz), retention.leave_rest(text),
    retention.forget_list(text) TO :app;

-- Whether a statement is that function's: it alone runs as its owner.
CREATE FUNCTION retention.by_disposal() RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT pg_get_userbyid(p.proowner) = current_user FROM pg_proc p
    WHERE p.oid = 'retention.dispose(text, integer, timestamptz)'::regprocedure
$$;
CREATE FUNCTION retention.only_by_disposal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND retention.by_disposal() THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'records are kept: %', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation';
END $$;
CREATE TRIGGER is_not_removed BEFORE DELETE OR TRUNCATE ON retention.run
    FOR EACH STATEMENT EXECUTE FUNCTION retention.only_by_disposal();
CREATE TRIGGER is_not_removed BEFORE DELETE OR TRUNCATE ON retention.box
    FOR EACH STATEMENT EXECUTE FUNCTION retention.only_by_disposal();
CREATE INDEX number_former ON numbers.individual_number (resident_record_code) WHERE state = 'former';
GRANT USAGE ON SCHEMA numbers TO :disposal;
GRANT SELECT (resident_record_code, state), DELETE ON numbers.individual_number TO :disposal;

DO $$
BEGIN
    IF to_regclass('register.resident') IS NOT NULL THEN
        -- The day from which the years of a removed record run; none while it lives.
        ALTER TABLE register.resident ADD COLUMN closed_on date;
        UPDATE register.resident r SET closed_on = greatest((v.body -> 'removal' ->> 'removed_on')::date,
            (v.body -> 'removal' ->> 'notified_on')::date)
        FROM register.resident_version v
        WHERE v.addressee_number = r.addressee_number AND v.version = r.version AND NOT r.living;
        CREATE INDEX resident_closed ON register.resident (closed_on, addressee_number) WHERE closed_on IS NOT NULL;
        ALTER TABLE register.entry ADD COLUMN disposed boolean NOT NULL DEFAULT false;
        CREATE INDEX handed_out_person ON disclosure.handed_out (addressee_number);
        CREATE INDEX character_use_person ON register.character_use (addressee_number);
        CREATE INDEX seal_request_person ON register.seal_request (addressee_number);
        CREATE INDEX correction_permit_person ON register.correction_permit (addressee_number);
        CREATE INDEX deferred_affair_person ON register.deferred_affair (addressee_number);
        CREATE INDEX posting_step_whose ON register.posting_step (whose) WHERE whose IS NOT NULL;
        CREATE INDEX owed_notice_people ON register.owed_notice USING gin (people);
        CREATE INDEX feed_people ON hall.feed USING gin (people) WHERE people IS NOT NULL;
        ALTER TABLE retention.hold ADD CONSTRAINT whose_as_it_is_written CHECK (whose ~ '^[1-9][0-9]*$');

        CREATE OR REPLACE FUNCTION register.is_stood_on() RETURNS trigger LANGUAGE plpgsql AS $f$
        BEGIN
            IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'resident_version' AND retention.by_disposal() THEN
                RETURN NULL;
            END IF;
            RAISE EXCEPTION 'records stand on %', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation';
        END $f$;
        CREATE OR REPLACE FUNCTION register.guard_entry() RETURNS trigger LANGUAGE plpgsql AS $f$
        BEGIN
            IF OLD.state <> 'entered' AND NOT (NEW.state = OLD.state AND retention.by_disposal()) THEN
                RAISE EXCEPTION 'entry % is already %', OLD.id, OLD.state USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $f$;
        CREATE TRIGGER is_not_removed BEFORE DELETE OR TRUNCATE ON register.resident
            FOR EACH STATEMENT EXECUTE FUNCTION retention.only_by_disposal();
        CREATE TRIGGER is_not_removed BEFORE DELETE OR TRUNCATE ON register.certificate
            FOR EACH STATEMENT EXECUTE FUNCTION retention.only_by_disposal();
        CREATE TRIGGER is_not_removed BEFORE DELETE OR TRUNCATE ON register.seal_registration
            FOR EACH STATEMENT EXECUTE FUNCTION retention.only_by_disposal();
        CREATE TRIGGER is_not_removed BEFORE DELETE OR TRUNCATE ON register.programme_item
            FOR EACH STATEMENT EXECUTE FUNCTION retention.only_by_disposal();
        CREATE TRIGGER is_not_removed BEFORE DELETE OR TRUNCATE ON register.upkeep_case
            FOR EACH STATEMENT EXECUTE FUNCTION retention.only_by_disposal();
        CREATE TRIGGER is_not_removed BEFORE DELETE OR TRUNCATE ON register.protection
            FOR EACH STATEMENT EXECUTE FUNCTION retention.only_by_disposal();

        GRANT USAGE ON SCHEMA register, disclosure TO :disposal;
        GRANT SELECT, DELETE ON register.resident, register.resident_version, register.entry_person,
            register.awaited_arrival, register.certificate, register.certificate_person, register.character_use,
            register.programme_item, register.programme_step, register.seal_certificate, register.seal_registration,
            register.seal_request, register.seal_step, register.upkeep_case, register.upkeep_entry,
            register.upkeep_person, register.upkeep_step, register.protection, register.protection_alert,
            register.protection_other_party, register.protection_person, register.protection_proposal,
            register.protection_release, register.protection_step, register.fee_waiver, register.posting_step,
            register.owed_notice, register.deferred_affair, register.correction_permit TO :disposal;
        GRANT SELECT (id), DELETE ON register.seal_image TO :disposal;
        GRANT SELECT (addressee_number, opened_at, expires_at), DELETE ON disclosure.handed_out TO :disposal;
        GRANT SELECT ON register.entry TO :disposal;
        GRANT UPDATE (body, seen, households, outcome, permit, disposed) ON register.entry TO :disposal;
        GRANT SELECT (paper), UPDATE (paper, disposed) ON register.sheet TO :disposal;
        GRANT UPDATE (people) ON register.owed_notice TO :disposal;
        GRANT UPDATE (recipient, address, whose, version) ON register.posting_step TO :disposal;
        GRANT USAGE ON SCHEMA hall TO :disposal;
        GRANT SELECT, UPDATE (people) ON hall.feed, hall.untold TO :disposal;
    END IF;
    IF to_regclass('identity.record') IS NOT NULL THEN
        CREATE INDEX record_old_code ON identity.record (old_resident_record_code)
            WHERE old_resident_record_code IS NOT NULL;
        CREATE INDEX record_kept_until ON identity.record (kept_until, resident_record_code) WHERE kept_until IS NOT NULL;
        -- Versions come in the order of their days: a few blocks' bounds find the oldest, and cost a writer nothing.
        CREATE INDEX history_replaced ON identity.history USING brin (replaced_on);
        CREATE TRIGGER is_not_removed_but_by_disposal BEFORE DELETE OR TRUNCATE ON identity.record
            FOR EACH STATEMENT EXECUTE FUNCTION retention.only_by_disposal();
        CREATE TRIGGER is_not_removed BEFORE DELETE OR TRUNCATE ON identity.history
            FOR EACH STATEMENT EXECUTE FUNCTION retention.only_by_disposal();
        GRANT USAGE ON SCHEMA identity TO :disposal;
        GRANT SELECT, DELETE ON identity.record, identity.history TO :disposal;
        GRANT UPDATE (kept_until) ON identity.record TO :disposal;  -- to lock a record before it is looked at again
    END IF;
    IF to_regclass('identity.cs_items') IS NOT NULL THEN
        CREATE OR REPLACE FUNCTION identity.is_stood_beside() RETURNS trigger LANGUAGE plpgsql AS $f$
        BEGIN
            IF TG_OP = 'DELETE' AND retention.by_disposal() THEN
                RETURN NULL;
            END IF;
            RAISE EXCEPTION 'items stand beside records' USING ERRCODE = 'foreign_key_violation';
        END $f$;
        GRANT SELECT, DELETE ON identity.cs_items TO :disposal;
        GRANT USAGE ON SCHEMA kept_back TO :disposal;
        GRANT SELECT ON kept_back.whom TO :disposal;
    END IF;
    IF to_regclass('codes.handed_out') IS NOT NULL THEN
        GRANT USAGE ON SCHEMA codes TO :disposal;
    END IF;
END $$;
