-- kinds: registry
-- 支援措置の転送 and 郵送請求.
-- 支援措置の転送: which towns were told of the own measures and what they made of it, and what other towns tell.

-- One row for each measure and town, whatever was told last; what was said is the measure's, and is not kept again.
CREATE TABLE register.protection_told (
    id                text COLLATE "C" PRIMARY KEY CHECK (id <> ''),
    number            text COLLATE "C" NOT NULL REFERENCES register.protection (number) ON DELETE CASCADE,
    receiver          text NOT NULL CHECK (receiver ~ '^[0-9]{5}$'),
    sequence          bigint NOT NULL CHECK (sequence > 0),   -- follows the clock
    standing          text NOT NULL CHECK (standing <> ''),
    told_by           text NOT NULL CHECK (told_by <> ''),
    told_at           timestamptz NOT NULL,
    answer            text,
    answered_sequence bigint NOT NULL DEFAULT 0,
    answered_at       timestamptz,
    UNIQUE (number, receiver),
    CONSTRAINT answered_what_was_told CHECK (answered_sequence BETWEEN 0 AND sequence),
    CONSTRAINT answered_whole CHECK ((answer IS NULL) = (answered_at IS NULL)
        AND (answer IS NULL) = (answered_sequence = 0))
);
CREATE INDEX protection_told_waiting ON register.protection_told (told_at, id) WHERE answered_sequence < sequence;

-- One row for each name of another town, its highest letter. Of what is settled the frame alone is kept.
CREATE TABLE register.protection_received (
    sender      text NOT NULL CHECK (sender ~ '^[0-9]{5}$'),
    id          text COLLATE "C" NOT NULL CHECK (id <> ''),
    sequence    bigint NOT NULL CHECK (sequence > 0),
    standing    text NOT NULL CHECK (standing <> ''),
    received_at timestamptz NOT NULL,
    state       text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed')),
    number      text COLLATE "C" REFERENCES register.protection (number) ON DELETE CASCADE,  -- the own measure
    answer      text,
    closed_by   text,
    closed_at   timestamptz,
    body        json,
    PRIMARY KEY (sender, id),
    CONSTRAINT content_while_it_waits CHECK ((body IS NULL) = (state = 'closed')),
    CONSTRAINT closed_with_an_answer CHECK ((state = 'closed') = (answer IS NOT NULL)
        AND (answer IS NULL) = (closed_at IS NULL) AND (closed_by IS NULL) = (closed_at IS NULL)),
    CONSTRAINT taken_up_by_a_measure CHECK (answer IS DISTINCT FROM 'TAKEN_UP' OR number IS NOT NULL)
);
CREATE INDEX protection_received_number ON register.protection_received (number);
CREATE INDEX protection_received_waiting ON register.protection_received (received_at, sender, id) WHERE state = 'open';
CREATE INDEX protection_received_untied ON register.protection_received (received_at, sender, id)
    WHERE state = 'open' AND number IS NULL;
CREATE INDEX protection_received_closed ON register.protection_received (closed_at, sender, id) WHERE state = 'closed';

GRANT SELECT, INSERT ON register.protection_told, register.protection_received TO :app;
GRANT UPDATE (sequence, standing, told_by, told_at, answer, answered_sequence, answered_at) ON register.protection_told
    TO :app;
GRANT UPDATE (sequence, standing, received_at, state, number, answer, closed_by, closed_at, body)
    ON register.protection_received TO :app;
GRANT SELECT ON register.protection_told, register.protection_received TO :reader, :auditor;

-- 郵送請求: what came by post, and each step until the paper is made or all of it goes back.
CREATE SEQUENCE register.mailed_seq;
CREATE TABLE register.mailed_request (
    id          text COLLATE "C" PRIMARY KEY CHECK (id <> ''),   -- of the form: what is sent twice is kept once
    number      text COLLATE "C" NOT NULL UNIQUE,
    state       text NOT NULL CHECK (state IN ('OPEN', 'ASKED', 'REFUSED', 'ISSUED', 'CLOSED')),
    received_on date NOT NULL,
    about       bigint,                                          -- who of the register is meant
    paper       text COLLATE "C" UNIQUE REFERENCES register.certificate (number) ON DELETE SET NULL,
    body        json NOT NULL
);
CREATE INDEX mailed_request_waiting ON register.mailed_request (received_on, number)
    WHERE state IN ('OPEN', 'ASKED', 'REFUSED');
CREATE INDEX mailed_request_done ON register.mailed_request (received_on, number) WHERE state IN ('ISSUED', 'CLOSED');
CREATE INDEX mailed_request_about ON register.mailed_request (about) WHERE about IS NOT NULL;
GRANT SELECT, INSERT ON register.mailed_request TO :app;
GRANT UPDATE (state, about, paper, body) ON register.mailed_request TO :app;
GRANT USAGE, SELECT ON SEQUENCE register.mailed_seq TO :app;
GRANT SELECT ON register.mailed_request TO :reader, :auditor;

-- Whoever is destroyed is asked for by no request any more.
CREATE FUNCTION register.mailed_no_more() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
    DELETE FROM register.mailed_request m WHERE m.about = OLD.addressee_number;
    RETURN NULL;
END $f$;
CREATE TRIGGER mailed_no_more AFTER DELETE ON register.resident
    FOR EACH ROW EXECUTE FUNCTION register.mailed_no_more();
GRANT SELECT (about), DELETE ON register.mailed_request TO :disposal;
