-- kinds: registry, cs, prefecture
-- 再製: where a town has lost its register, its CS or its prefecture writes what it keeps of the residents into a folder, by an
-- order of two people as a register does. The register that takes it in remembers which of its loads was no register:
-- whoever came by that load is to be completed. Of one from a prefecture, which knows no protection, nobody's address is shown
-- until the security officer and the protection officer have said that the measures are entered again. Codes of residents
-- come back in letters of the former register: into the stock come only those that this database asked for.

-- Orders of two people have a schema of their own: a CS has no register, and what destroys its records asks whether it has one.
CREATE SCHEMA handover;
GRANT USAGE ON SCHEMA handover TO :app, :reader, :auditor;

DO $$
BEGIN
    IF to_regclass('register.resident') IS NOT NULL THEN
        ALTER TABLE register.handover_order SET SCHEMA handover;
        ALTER SEQUENCE register.handover_order_seq SET SCHEMA handover;
        CREATE TABLE register.rebuilt (
            entry_id text PRIMARY KEY CHECK (entry_id <> '') REFERENCES register.entry (id),
            source   text NOT NULL CHECK (source IN ('CS', 'PREFECTURE')),
            security_by   text CHECK (security_by <> ''),
            security_at   timestamptz,
            protection_by text CHECK (protection_by <> ''),
            protection_at timestamptz,
            CONSTRAINT opened_by_two CHECK (security_by <> protection_by),
            CONSTRAINT said_at_a_time CHECK ((security_by IS NULL) = (security_at IS NULL)
                AND (protection_by IS NULL) = (protection_at IS NULL))
        );
        CREATE INDEX rebuilt_shut ON register.rebuilt (source)
            WHERE source = 'PREFECTURE' AND (security_by IS NULL OR protection_by IS NULL);
        GRANT SELECT, INSERT ON register.rebuilt TO :app;
        GRANT UPDATE (security_by, security_at, protection_by, protection_at) ON register.rebuilt TO :app;
        GRANT SELECT ON register.rebuilt TO :reader, :auditor;
        ALTER TABLE codes.request ADD COLUMN pool_id text CONSTRAINT request_pool UNIQUE;  -- none: asked before it was kept
    ELSE
        CREATE SEQUENCE handover.handover_order_seq;
        CREATE TABLE handover.handover_order (
            number     bigint PRIMARY KEY,
            state      text NOT NULL DEFAULT 'WAITING' CHECK (state IN ('WAITING', 'READY', 'DECLINED', 'USED')),
            asked_by   text NOT NULL CHECK (asked_by <> ''),
            asked_at   timestamptz NOT NULL,
            decided_by text,
            decided_at timestamptz,
            why        text NOT NULL DEFAULT '',
            used_at    timestamptz,
            body       json NOT NULL,
            CONSTRAINT decided_by_a_second CHECK (decided_by <> asked_by),
            CONSTRAINT decided_by_somebody CHECK ((state = 'WAITING') = (decided_by IS NULL)
                AND (decided_by IS NULL) = (decided_at IS NULL)),
            CONSTRAINT used_once CHECK ((state = 'USED') = (used_at IS NOT NULL))
        );
        GRANT SELECT, INSERT ON handover.handover_order TO :app;
        GRANT UPDATE (state, decided_by, decided_at, why, used_at) ON handover.handover_order TO :app;
        GRANT SELECT ON handover.handover_order TO :reader, :auditor;
        GRANT USAGE, SELECT ON SEQUENCE handover.handover_order_seq TO :app;
    END IF;
END $$;
