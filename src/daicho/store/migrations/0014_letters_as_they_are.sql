-- kinds: registry, cs, prefecture, national
-- Letters are closed in boxes: the database would search them in vain for something to shorten.

ALTER TABLE mailbox.outbox ALTER COLUMN content SET STORAGE EXTERNAL;
ALTER TABLE mailbox.inbox ALTER COLUMN content SET STORAGE EXTERNAL;
