-- kinds: registry
-- 移行: a change that undoes another one may come in before it, so that this reference is judged when the transaction ends
-- if whoever fills an empty register asks for it; drawn numbers begin above those that came.

ALTER TABLE register.entry ALTER CONSTRAINT entry_cancels_fkey DEFERRABLE INITIALLY IMMEDIATE;
GRANT UPDATE ON SEQUENCE register.protection_seq, register.seal_seq, register.seal_card_seq TO :app;
-- Whoever fills an empty register has one line in the ledger, which tells how many changes came: each names that load.
ALTER TABLE register.entry ADD COLUMN loaded_by text CHECK (loaded_by <> '');
-- What a command may do to a whole register once: asked for by one person at a terminal, approved there by another.
CREATE SEQUENCE register.handover_order_seq;
CREATE TABLE register.handover_order (
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
GRANT SELECT, INSERT ON register.handover_order TO :app;
GRANT UPDATE (state, decided_by, decided_at, why, used_at) ON register.handover_order TO :app;
GRANT SELECT ON register.handover_order TO :reader, :auditor;
GRANT USAGE, SELECT ON SEQUENCE register.handover_order_seq TO :app;
