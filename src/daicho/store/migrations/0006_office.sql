-- kinds: registry, cs, prefecture, national
-- Operators, their credentials, sessions and open challenges.

CREATE SCHEMA office;
GRANT USAGE ON SCHEMA office TO :app, :reader, :auditor;

-- 照合ID names one person; 操作者ID names the kind of authority, and many may share it.
CREATE TABLE office.operator (
    login_id     text COLLATE "C" PRIMARY KEY CHECK (login_id ~ '^[A-Z0-9][A-Z0-9-]{2,31}$'),
    role_id      text COLLATE "C" NOT NULL CHECK (role_id <> '' AND length(role_id) <= 32),
    display_name text NOT NULL CHECK (length(display_name) BETWEEN 1 AND 100),
    section      text NOT NULL DEFAULT '' CHECK (length(section) <= 100),
    roles        text[] NOT NULL CHECK (cardinality(roles) > 0),
    active       boolean NOT NULL DEFAULT true,
    enrolled_at  timestamptz NOT NULL,
    closed_at    timestamptz,
    CHECK (active = (closed_at IS NULL))
);

CREATE TABLE office.credential (
    credential_id bytea PRIMARY KEY CHECK (length(credential_id) BETWEEN 1 AND 1023),
    login_id      text COLLATE "C" NOT NULL REFERENCES office.operator,
    authenticator text NOT NULL CHECK (authenticator IN ('own', 'demo')),
    public_key    bytea NOT NULL,
    sign_count    bigint NOT NULL CHECK (sign_count >= 0),
    enrolled_at   timestamptz NOT NULL,
    last_used_at  timestamptz,
    revoked_at    timestamptz
);
CREATE INDEX credential_login_id ON office.credential (login_id);

-- One use each, short-lived; login_id is what was typed, which need not exist.
CREATE TABLE office.challenge (
    challenge_id text COLLATE "C" PRIMARY KEY,
    ceremony     text NOT NULL CHECK (ceremony IN ('register', 'sign_in')),
    login_id     text COLLATE "C" NOT NULL CHECK (length(login_id) <= 64),
    challenge    bytea NOT NULL CHECK (length(challenge) = 32),
    expires_at   timestamptz NOT NULL
);
CREATE INDEX challenge_expires_at ON office.challenge (expires_at);

CREATE TABLE office.session (
    session_id     text COLLATE "C" PRIMARY KEY,
    token_hash     bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    login_id       text COLLATE "C" NOT NULL REFERENCES office.operator,
    terminal       text NOT NULL CHECK (length(terminal) <= 200),
    opened_at      timestamptz NOT NULL,
    last_used_at   timestamptz NOT NULL CHECK (last_used_at >= opened_at),
    idle_until     timestamptz NOT NULL,
    absolute_until timestamptz NOT NULL CHECK (absolute_until > opened_at),
    ended_at       timestamptz,
    ended_why      text CHECK (ended_why IN ('signed_off', 'idle', 'absolute', 'replaced', 'closed')),
    CHECK ((ended_at IS NULL) = (ended_why IS NULL))
);
-- One live session per operator.
CREATE UNIQUE INDEX session_one_live ON office.session (login_id) WHERE ended_at IS NULL;

GRANT SELECT, INSERT, UPDATE ON office.operator, office.credential, office.session TO :app;
GRANT SELECT, INSERT, DELETE ON office.challenge TO :app;
GRANT SELECT ON office.operator, office.session TO :reader, :auditor;
GRANT SELECT (credential_id, login_id, authenticator, enrolled_at, last_used_at, revoked_at)
    ON office.credential TO :auditor;
