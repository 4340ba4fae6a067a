-- kinds: registry
-- A decision changes an entry's state, which is part of the key that records refer to: each decision asks whether any
-- record refers to the old one, and without this it read them all.
CREATE INDEX resident_entry ON register.resident (entry_id);
