-- kinds: registry, cs, prefecture, national
-- Where a receiver left the first epoch that it ever left. From there on it may lack letters of older epochs after it
-- was restored from a copy; it says so with every receipt, and their sender posts them again, settled ones included.

ALTER TABLE mailbox.stream_in
    ADD COLUMN left_epoch bigint CHECK (left_epoch > 0),
    ADD COLUMN left_number bigint CHECK (left_number > 0),
    ADD CONSTRAINT left_somewhere CHECK ((left_epoch IS NULL) = (left_number IS NULL));
-- Streams that left an epoch before this column existed left it somewhere: their senders post everything again once.
UPDATE mailbox.stream_in SET left_epoch = 1, left_number = 1 WHERE epoch > 1;
