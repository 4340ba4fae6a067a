-- kinds: cs
-- A CS keeps one municipality's people: indexes that begin with the place find nothing faster there.

DROP INDEX identity.record_muni_birth;
DROP INDEX identity.record_muni_kana;
DROP INDEX identity.record_muni_name;
DROP INDEX identity.record_pref_kana;
DROP INDEX identity.record_pref_name;
