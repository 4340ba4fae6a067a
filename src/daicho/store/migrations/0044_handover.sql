-- kinds: registry
-- 移行: a change that undoes another one may come in before it, so that this reference is judged when the transaction ends
-- if whoever fills an empty register asks for it; drawn numbers begin above those that came.

ALTER TABLE register.entry ALTER CONSTRAINT entry_cancels_fkey DEFERRABLE INITIALLY IMMEDIATE;
GRANT UPDATE ON SEQUENCE register.protection_seq, register.seal_seq, register.seal_card_seq TO :app;
-- Whoever fills an empty register has one line in the ledger, which tells how many changes came: each names that load.
ALTER TABLE register.entry ADD COLUMN loaded_by text CHECK (loaded_by <> '');
