-- kinds: cs, prefecture, national
-- Some thousand names are borne by very many. The planner knows a hundred by heart unless it is told otherwise, and
-- takes the beginning of any other for rare: then it reads everybody of that name instead of the few at one address.

ALTER TABLE identity.record ALTER COLUMN name_key SET STATISTICS 2000;
ALTER TABLE identity.record ALTER COLUMN name_normalized_kana SET STATISTICS 2000;
