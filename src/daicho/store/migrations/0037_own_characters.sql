-- kinds: registry
-- 外字: characters of the town's own with what two people hold them for; the pictures; characters that wait for somebody.

CREATE TABLE register.character_picture (
    digest    text COLLATE "C" PRIMARY KEY CHECK (length(digest) = 64),
    kind      text NOT NULL CHECK (kind IN ('svg', 'png')),
    content   bytea NOT NULL CHECK (length(content) BETWEEN 1 AND 65536),
    brought_by text NOT NULL CHECK (brought_by <> ''),
    brought_at timestamptz NOT NULL
);
CREATE TABLE register.own_character (
    character    text COLLATE "C" PRIMARY KEY CHECK (char_length(character) BETWEEN 1 AND 3),
    version      integer NOT NULL CHECK (version > 0),
    strokes      smallint NOT NULL CHECK (strokes BETWEEN 0 AND 84),
    family       text COLLATE "C" NOT NULL,          -- the usual form of its counterpart, '' without one
    waiting      boolean NOT NULL,                   -- somebody asks a second person
    glyph_name   text,                               -- NULL until two people said so; '' where there is no counterpart
    written      text NOT NULL DEFAULT '',
    picture      text COLLATE "C" REFERENCES register.character_picture (digest),
    identified_by text,
    confirmed_by text,
    body         json NOT NULL,                      -- the whole entry
    CONSTRAINT confirmed_by_a_second CHECK (confirmed_by <> identified_by),
    CONSTRAINT confirmed_by_somebody CHECK ((glyph_name IS NULL) = (confirmed_by IS NULL)
        AND (glyph_name IS NULL) = (identified_by IS NULL))
);
CREATE INDEX own_character_strokes ON register.own_character (strokes, character);
CREATE INDEX own_character_family ON register.own_character (family, character);
CREATE INDEX own_character_picture ON register.own_character (picture);
CREATE INDEX own_character_waiting ON register.own_character (character) WHERE waiting;
CREATE TABLE register.own_character_step (
    character text COLLATE "C" NOT NULL REFERENCES register.own_character (character),
    version   integer NOT NULL CHECK (version > 0),
    step      text NOT NULL CHECK (step <> ''),
    by        text NOT NULL CHECK (by <> ''),
    at        timestamptz NOT NULL,
    body      json NOT NULL,                         -- the entry after this step
    PRIMARY KEY (character, version)
);
CREATE TABLE register.character_case (
    character    text COLLATE "C" PRIMARY KEY CHECK (char_length(character) BETWEEN 1 AND 20),
    reason       text NOT NULL CHECK (reason <> ''),
    open         boolean NOT NULL DEFAULT true,
    first_met_at timestamptz NOT NULL,
    last_met_at  timestamptz NOT NULL,
    outcome      text CHECK (outcome <> ''),
    closed_by    text,
    closed_at    timestamptz,
    CONSTRAINT closed_with_an_outcome CHECK (open = (outcome IS NULL) AND open = (closed_by IS NULL))
);
CREATE INDEX character_case_open ON register.character_case (first_met_at, character) WHERE open;
CREATE TABLE register.character_meeting (
    character text COLLATE "C" NOT NULL REFERENCES register.character_case (character),
    place     text COLLATE "C" NOT NULL CHECK (place <> ''),
    times     bigint NOT NULL CHECK (times > 0),
    PRIMARY KEY (character, place)
);
-- In whose record a character was written that no table settles; what the record says now is asked of itself.
CREATE TABLE register.character_use (
    character        text COLLATE "C" NOT NULL,
    addressee_number bigint NOT NULL,
    PRIMARY KEY (character, addressee_number)
);
-- Records that were written before anybody looked are looked at once, some at a time.
CREATE TABLE register.character_survey (
    one  boolean PRIMARY KEY DEFAULT true CHECK (one),
    last bigint NOT NULL,                            -- the addressee number up to which records were looked at
    done boolean NOT NULL
);
INSERT INTO register.character_survey (last, done) SELECT 0, NOT EXISTS (SELECT FROM register.resident);
GRANT SELECT, INSERT ON register.character_picture, register.own_character, register.own_character_step,
    register.character_case, register.character_meeting, register.character_use TO :app;
GRANT UPDATE (version, strokes, family, waiting, glyph_name, written, picture, identified_by, confirmed_by, body)
    ON register.own_character TO :app;
GRANT UPDATE (reason, open, last_met_at, outcome, closed_by, closed_at) ON register.character_case TO :app;
GRANT UPDATE (times) ON register.character_meeting TO :app;
GRANT SELECT, UPDATE (last, done) ON register.character_survey TO :app;
GRANT SELECT ON register.character_picture, register.own_character, register.own_character_step,
    register.character_case, register.character_meeting, register.character_use, register.character_survey
    TO :reader, :auditor;
