-- kinds: all
-- The root of every full tile beside it: a checkpoint reads it instead of hashing the tile again.

ALTER TABLE ledger.tile ADD COLUMN root bytea;

DO $$
DECLARE
    kept record;
    row bytea[];
    next bytea[];
BEGIN
    FOR kept IN SELECT level, place, hashes FROM ledger.tile LOOP
        row := ARRAY(SELECT substr(kept.hashes, 1 + 32 * i, 32) FROM generate_series(0, 255) AS i ORDER BY i);
        WHILE array_length(row, 1) > 1 LOOP
            next := ARRAY(SELECT sha256('\x01'::bytea || row[2 * i - 1] || row[2 * i])
                          FROM generate_series(1, array_length(row, 1) / 2) AS i ORDER BY i);
            row := next;
        END LOOP;
        UPDATE ledger.tile SET root = row[1] WHERE tile.level = kept.level AND tile.place = kept.place;
    END LOOP;
END $$;

ALTER TABLE ledger.tile ALTER COLUMN root SET NOT NULL;
ALTER TABLE ledger.tile ADD CHECK (length(root) = 32);
