-- kinds: registry, cs, prefecture, national
-- How far a receiver keeps a stream, and how far a sender has been told, is one number on the stream instead of a mark on
-- each letter: every mark had written the whole letter and all its indexes once more.

-- Letters below it are kept by the receiver; those from it on are sent, again if need be, settled ones included.
ALTER TABLE mailbox.stream_out ADD COLUMN kept_below bigint NOT NULL DEFAULT 1 CHECK (kept_below > 0);
UPDATE mailbox.stream_out s SET kept_below = coalesce(
    (SELECT min(number) FROM mailbox.outbox o
     WHERE o.receiver = s.receiver AND o.epoch = s.epoch AND o.state = 'numbered'), next_number);

DROP INDEX mailbox.outbox_open;
DROP INDEX mailbox.outbox_kept;
ALTER TABLE mailbox.outbox DROP CONSTRAINT outbox_state_check;
ALTER TABLE mailbox.outbox DROP CONSTRAINT outbox_check1;
UPDATE mailbox.outbox SET state = 'numbered' WHERE state = 'kept';
ALTER TABLE mailbox.outbox DROP COLUMN kept_at;
ALTER TABLE mailbox.outbox ADD CONSTRAINT outbox_state_check CHECK (state IN ('posted', 'numbered', 'settled'));
ALTER TABLE mailbox.outbox ADD CONSTRAINT has_its_number CHECK (state <> 'numbered' OR number IS NOT NULL);
CREATE INDEX outbox_posted ON mailbox.outbox (receiver, seq) WHERE state = 'posted';
CREATE INDEX outbox_unanswered ON mailbox.outbox (receiver) WHERE state = 'numbered';

-- The sender has been told of every letter below it that was settled when its turn came.
ALTER TABLE mailbox.stream_in ADD COLUMN told_below bigint NOT NULL DEFAULT 1 CHECK (told_below > 0);
UPDATE mailbox.stream_in s SET told_below = coalesce(
    (SELECT min(number) FROM mailbox.inbox i
     WHERE i.sender = s.sender AND i.epoch = s.epoch AND (i.state <> 'settled' OR i.told_at IS NULL)), next_expected);

-- Letters that were parked: the stream has gone past them, so that their fate is told by itself.
CREATE TABLE mailbox.told_apart (
    sender    text COLLATE "C" NOT NULL,
    letter_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (sender, letter_id),
    FOREIGN KEY (sender, letter_id) REFERENCES mailbox.inbox (sender, letter_id)
);

DROP INDEX mailbox.inbox_untold;
DROP INDEX mailbox.inbox_kept;
DROP INDEX mailbox.inbox_waiting;
ALTER TABLE mailbox.inbox DROP COLUMN told_at;
CREATE INDEX inbox_waiting ON mailbox.inbox (sender, epoch, number) INCLUDE (size_bytes) WHERE state <> 'settled';

GRANT SELECT, INSERT, DELETE ON mailbox.told_apart TO :app;
GRANT SELECT ON mailbox.told_apart TO :reader, :auditor;
