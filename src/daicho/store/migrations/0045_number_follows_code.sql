-- kinds: registry, cs, prefecture, national
-- 住民票コードの変更: a number is sealed for its code, so that it is sealed anew when the code is replaced.

GRANT UPDATE (sealed) ON numbers.individual_number TO :numbers;
