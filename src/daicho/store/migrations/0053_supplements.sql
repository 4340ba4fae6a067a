-- kinds: registry
-- 戸籍の附票の通知: up to which place of the feed the own town has told others what it owes them, what became of each
-- notice, and what other towns tell. Of what the own town told nothing of anybody is copied: it is read from the change.

CREATE TABLE register.supplement_cursor (
    one_row  boolean PRIMARY KEY DEFAULT true CHECK (one_row),
    position bigint NOT NULL CHECK (position >= 0)
);
-- What was verified before is not told anew: those towns were told as it was done then.
INSERT INTO register.supplement_cursor (position)
SELECT (SELECT coalesce(max(position), 0) FROM hall.feed) + (SELECT count(*) FROM hall.untold);

CREATE TABLE register.supplement_out (
    id           text COLLATE "C" PRIMARY KEY CHECK (id <> ''),  -- the change, and the person's place in it
    entry_id     text NOT NULL REFERENCES register.entry (id),
    addressee_number bigint,              -- none any more where the person's record was destroyed
    position     bigint NOT NULL CHECK (position >= 0),  -- the place of the change in the feed: in this order it is told
    receiver     text CHECK (receiver ~ '^[0-9]{5}$'),
    state        text NOT NULL CHECK (state IN ('waiting', 'told', 'paper', 'differs', 'proposed', 'closed')),
    owed_on      date NOT NULL,
    told_on      date,
    told_by      text NOT NULL DEFAULT '', -- who named the town or wrote the paper; nobody where it was told by itself
    letter       text COLLATE "C",         -- in which letter it went last: should that come back, it is to be told anew
    differs_on   date,
    proposed_by  text,
    proposed_at  timestamptz,
    why          text NOT NULL DEFAULT '',
    closed_by    text,                     -- a second person, or nobody where a later change settled it
    closed_at    timestamptz,
    settled_by   text COLLATE "C" REFERENCES register.supplement_out (id),
    body         json,                     -- the mismatch, for as long as somebody has work with it
    CONSTRAINT waits_or_was_told CHECK ((state = 'waiting') <= (told_on IS NULL)
        AND (state IN ('told', 'paper', 'differs')) <= (told_on IS NOT NULL)),
    CONSTRAINT letter_to_a_town CHECK (letter IS NULL OR (receiver IS NOT NULL AND told_on IS NOT NULL)),
    CONSTRAINT told_to_a_town CHECK (state NOT IN ('told', 'differs') OR receiver IS NOT NULL),
    CONSTRAINT mismatch_while_it_waits CHECK ((body IS NOT NULL) <= (state IN ('differs', 'proposed'))
        AND (state = 'differs' OR (state = 'proposed' AND told_on IS NOT NULL)) <= (body IS NOT NULL)),
    CONSTRAINT proposed_whole CHECK ((proposed_by IS NULL) = (proposed_at IS NULL)
        AND (state <> 'proposed' OR (proposed_by IS NOT NULL AND why <> ''))
        AND (state <> 'differs' OR proposed_by IS NULL)),
    CONSTRAINT closed_once CHECK ((closed_at IS NOT NULL) = (state = 'closed')),
    CONSTRAINT closed_by_a_second CHECK (closed_by <> proposed_by),
    -- A mismatch ends by a change of the register or by the word of two people, what waits by the latter alone.
    CONSTRAINT closed_by_somebody CHECK (closed_by IS NULL OR proposed_by IS NOT NULL)
);
CREATE INDEX supplement_out_entry ON register.supplement_out (entry_id);
CREATE INDEX supplement_out_person ON register.supplement_out (addressee_number);
CREATE INDEX supplement_out_settled ON register.supplement_out (settled_by);
CREATE INDEX supplement_out_waiting ON register.supplement_out (owed_on, position, id) WHERE state = 'waiting';
CREATE INDEX supplement_out_differs ON register.supplement_out (differs_on, id) WHERE state IN ('differs', 'proposed');
CREATE INDEX supplement_out_letter ON register.supplement_out (letter) WHERE letter IS NOT NULL;

CREATE TABLE register.supplement_in (
    sender      text NOT NULL CHECK (sender ~ '^[0-9]{5}$'),
    id          text COLLATE "C" NOT NULL CHECK (id <> ''),
    standing    text NOT NULL CHECK (standing <> ''),
    received_on date NOT NULL,
    received_at timestamptz NOT NULL,
    state       text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'recorded', 'differs')),
    position    bigint NOT NULL CHECK (position >= 0),  -- in which order the town told it
    protected   boolean NOT NULL,          -- as the town that tells has it, or of somebody whom an own measure hid when it was done
    code        text COLLATE "C",          -- whose it is, should the person be or have been of the own register, too
    done_by     text,
    done_on     date,
    done_at     timestamptz,
    body        json,                      -- the notice, for as long as somebody has work with it
    PRIMARY KEY (sender, id),
    CONSTRAINT content_while_it_waits CHECK ((body IS NOT NULL) = (state = 'open')),
    CONSTRAINT nobody_is_named_when_done CHECK (state = 'open' OR code IS NULL),
    CONSTRAINT done_whole CHECK ((state = 'open') = (done_by IS NULL) AND (done_by IS NULL) = (done_at IS NULL)
        AND (done_by IS NULL) = (done_on IS NULL))
);
CREATE INDEX supplement_in_waiting ON register.supplement_in (received_at, sender, position, id) WHERE state = 'open';
CREATE INDEX supplement_in_done ON register.supplement_in (done_at, sender, id) WHERE state <> 'open';

-- Of which notices that have not come yet their town has said already that the address is kept back.
CREATE TABLE register.supplement_mark (
    sender text NOT NULL CHECK (sender ~ '^[0-9]{5}$'),
    id     text COLLATE "C" NOT NULL CHECK (id <> ''),
    PRIMARY KEY (sender, id)
);

-- What was done with a notice on which day, for the counts: what becomes of it later changes no day that is over.
CREATE TABLE register.supplement_step (
    number  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sender  text NOT NULL CHECK (sender = '' OR sender ~ '^[0-9]{5}$'),  -- the town that told; none of what the own town owes
    id      text COLLATE "C" NOT NULL CHECK (id <> ''),
    heading text NOT NULL CHECK (heading IN ('told', 'own_town', 'paper', 'differs', 'received', 'recorded', 'answered')),
    day     date NOT NULL,
    CONSTRAINT heading_of_its_side CHECK ((sender = '') = (heading IN ('told', 'own_town', 'paper', 'differs')))
);
CREATE INDEX supplement_step_day ON register.supplement_step (day);

GRANT SELECT, INSERT ON register.supplement_out, register.supplement_in, register.supplement_step TO :app;
GRANT SELECT, INSERT, DELETE ON register.supplement_mark TO :app;
GRANT SELECT ON register.supplement_cursor TO :app;
GRANT UPDATE (position) ON register.supplement_cursor TO :app;
GRANT UPDATE (receiver, state, told_on, told_by, letter, differs_on, proposed_by, proposed_at, why, closed_by, closed_at, settled_by,
    body) ON register.supplement_out TO :app;
GRANT UPDATE (state, protected, position, code, done_by, done_on, done_at, body) ON register.supplement_in TO :app;
GRANT SELECT ON register.supplement_cursor, register.supplement_out, register.supplement_in, register.supplement_mark,
    register.supplement_step TO :reader, :auditor;

-- Whoever is destroyed is in no notice any more; that one was owed and told stays for the counts. What the own town told
-- itself of them and nobody has recorded goes with them, what other towns told does not: it is no part of this register.
CREATE FUNCTION register.in_no_supplement() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
    DELETE FROM register.supplement_in i USING register.supplement_out o
    WHERE o.addressee_number = OLD.addressee_number AND i.sender = o.receiver AND i.id = o.id AND i.state = 'open';
    UPDATE register.supplement_out SET addressee_number = NULL, body = NULL, why = '',
        closed_at = CASE WHEN state IN ('waiting', 'differs', 'proposed') THEN now() ELSE closed_at END,
        state = CASE WHEN state IN ('waiting', 'differs', 'proposed') THEN 'closed' ELSE state END
    WHERE addressee_number = OLD.addressee_number;
    RETURN NULL;
END $f$;
CREATE TRIGGER in_no_supplement AFTER DELETE ON register.resident
    FOR EACH ROW EXECUTE FUNCTION register.in_no_supplement();
GRANT SELECT (id, addressee_number, receiver, state, closed_at), UPDATE (addressee_number, state, closed_at, why, body)
    ON register.supplement_out TO :disposal;
GRANT SELECT (sender, id, state), DELETE ON register.supplement_in TO :disposal;
