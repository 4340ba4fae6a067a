-- kinds: registry
-- 移行: a change that undoes another one may come in before it, so that this reference is judged when the transaction ends
-- if whoever fills an empty register asks for it; drawn numbers begin above those that came.

ALTER TABLE register.entry ALTER CONSTRAINT entry_cancels_fkey DEFERRABLE INITIALLY IMMEDIATE;
GRANT UPDATE ON SEQUENCE register.protection_seq, register.seal_seq, register.seal_card_seq TO :app;
