-- kinds: all
-- The ledger: lines that are only ever added, the tree over them, checkpoints and their witnesses.

CREATE SCHEMA ledger;
GRANT USAGE ON SCHEMA ledger TO :app, :reader, :auditor;

CREATE SEQUENCE ledger.line_seq;

-- `body` is what was hashed, verbatim; the other columns repeat parts of it for finding.
CREATE TABLE ledger.line (
    line_id     bigint NOT NULL DEFAULT nextval('ledger.line_seq'),
    recorded_at timestamptz NOT NULL,
    event       text NOT NULL,
    operator    text NOT NULL DEFAULT '',
    subject     text NOT NULL DEFAULT '',
    body        bytea NOT NULL,
    leaf_hash   bytea NOT NULL CHECK (length(leaf_hash) = 32),
    PRIMARY KEY (line_id, recorded_at)
) PARTITION BY RANGE (recorded_at);
CREATE INDEX line_subject ON ledger.line (subject, line_id) WHERE subject <> '';
CREATE INDEX line_operator ON ledger.line (operator, line_id) WHERE operator <> '';

-- A line never finds no place: what lies outside the months made ahead goes here and is reported.
CREATE TABLE ledger.line_otherwise PARTITION OF ledger.line DEFAULT;

CREATE FUNCTION ledger.ensure_month(day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
    first date := date_trunc('month', day)::date;
    name text := 'line_' || to_char(first, 'YYYYMM');
BEGIN
    IF to_regclass('ledger.' || name) IS NULL THEN
        EXECUTE format('CREATE TABLE ledger.%I PARTITION OF ledger.line FOR VALUES FROM (%L) TO (%L)',
                       name, first::timestamptz, (first + interval '1 month')::timestamptz);
    END IF;
END $$;
REVOKE ALL ON FUNCTION ledger.ensure_month(date) FROM public;
GRANT EXECUTE ON FUNCTION ledger.ensure_month(date) TO :app;

-- Lines that are committed and have no position yet; emptied by the sequencer.
CREATE TABLE ledger.pending (
    line_id   bigint PRIMARY KEY,
    leaf_hash bytea NOT NULL
);

CREATE TABLE ledger.leaf (
    position  bigint PRIMARY KEY CHECK (position >= 0),
    line_id   bigint NOT NULL UNIQUE,
    leaf_hash bytea NOT NULL CHECK (length(leaf_hash) = 32)
);

-- 256 hashes of one level side by side; only full ones are written.
CREATE TABLE ledger.tile (
    level  integer NOT NULL,
    place  bigint NOT NULL,
    hashes bytea NOT NULL CHECK (length(hashes) = 8192),
    PRIMARY KEY (level, place)
);

CREATE TABLE ledger.checkpoint (
    size    bigint PRIMARY KEY,
    root    bytea NOT NULL CHECK (length(root) = 32),
    note    text NOT NULL,
    made_at timestamptz NOT NULL
);

CREATE TABLE ledger.cosignature (
    size    bigint NOT NULL REFERENCES ledger.checkpoint,
    witness text NOT NULL,
    line    text NOT NULL,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (size, witness)
);

-- Every answer that showed a person names the line that was durable before it.
CREATE TABLE ledger.answer (
    answer_id text NOT NULL,
    line_id   bigint NOT NULL,
    digest    bytea NOT NULL,
    PRIMARY KEY (answer_id, line_id)
);

CREATE FUNCTION ledger.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is only added to' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON ledger.line FOR EACH ROW EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON ledger.leaf FOR EACH ROW EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON ledger.checkpoint
    FOR EACH ROW EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON ledger.answer FOR EACH ROW EXECUTE FUNCTION ledger.refuse_change();

GRANT SELECT ON ALL TABLES IN SCHEMA ledger TO :app, :auditor;
GRANT INSERT ON ledger.line, ledger.pending, ledger.leaf, ledger.tile, ledger.checkpoint, ledger.cosignature,
    ledger.answer TO :app;
GRANT DELETE ON ledger.pending TO :app;
GRANT USAGE ON SEQUENCE ledger.line_seq TO :app;
