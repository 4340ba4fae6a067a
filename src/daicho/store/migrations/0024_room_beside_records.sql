-- kinds: cs
-- As 0023, for what a CS keeps of its own residents: none of its searches goes by the address.

ALTER TABLE identity.record SET (fillfactor = 85);
ALTER TABLE identity.cs_items SET (fillfactor = 85);
