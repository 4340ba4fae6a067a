-- kinds: registry
-- 住居表示・町名地番の変更: a household whose address a clerk leaves as it is, with the reason.

ALTER TABLE register.area_item
    ADD COLUMN dismissed_by text,
    ADD COLUMN dismissed_at timestamptz,
    ADD COLUMN dismissed_why text,
    DROP CONSTRAINT area_item_state_check,
    ADD CONSTRAINT area_item_state_check CHECK (state IN ('listed', 'done', 'gone', 'unnamed', 'waits', 'held', 'together',
        'refused', 'doubtful', 'back', 'found', 'dismissed')),
    ADD CONSTRAINT dismissed_by_somebody CHECK (state <> 'dismissed'
        OR dismissed_by IS NOT NULL AND dismissed_at IS NOT NULL AND dismissed_why <> '');
GRANT UPDATE (dismissed_by, dismissed_at, dismissed_why) ON register.area_item TO :app;

-- 法9条2項の通知: which of those that wait may mean somebody, asked whenever somebody's page is opened.

CREATE INDEX filing_in_people ON register.filing_in USING gin (people) WHERE state <> 'closed';

-- データ抽出: a large file is made beside the requests, part by part, and waits sealed until it is fetched once. A part is
-- written and counted in one unit; when all are there, the lines of the ledger are written part by part, and then it may be
-- fetched. Parts go with the fetching, or when nobody came for them.

ALTER TABLE hall.extraction
    ADD COLUMN begun_at timestamptz,
    ADD COLUMN begun_role text,
    ADD COLUMN begun_terminal text,
    ADD COLUMN words json,                    -- what columns and coded values are called in the file
    ADD COLUMN looked_at bigint,              -- up to whom the register was read; none: everybody was
    ADD COLUMN fault text NOT NULL DEFAULT '',  -- why the last making came to nothing
    DROP CONSTRAINT extraction_state_check,
    ADD CONSTRAINT extraction_state_check CHECK (state IN
        ('WAITING', 'READY', 'DECLINED', 'MAKING', 'KEPT', 'MADE', 'LAPSED')),
    DROP CONSTRAINT made_once,
    ADD CONSTRAINT made_once CHECK ((digest IS NULL) = (made_at IS NULL)
        AND CASE WHEN state IN ('KEPT', 'MADE') THEN digest IS NOT NULL
                 WHEN state IN ('MAKING', 'LAPSED') THEN true ELSE digest IS NULL END),
    ADD CONSTRAINT begun_by_somebody CHECK (state NOT IN ('MAKING', 'KEPT')
        OR begun_at IS NOT NULL AND begun_role IS NOT NULL AND begun_terminal IS NOT NULL AND words IS NOT NULL);
CREATE INDEX extraction_making ON hall.extraction (begun_at, number) WHERE state = 'MAKING';
CREATE INDEX extraction_kept ON hall.extraction (made_at) WHERE state = 'KEPT';
CREATE TABLE hall.extraction_part (
    number text COLLATE "C" NOT NULL REFERENCES hall.extraction (number),
    part   integer NOT NULL CHECK (part >= 0),
    noted  boolean NOT NULL DEFAULT false,    -- its people have their lines in the ledger
    sealed bytea NOT NULL,
    PRIMARY KEY (number, part)
);
CREATE INDEX extraction_part_unnoted ON hall.extraction_part (number, part) WHERE NOT noted;
GRANT UPDATE (begun_at, begun_role, begun_terminal, words, looked_at, fault) ON hall.extraction TO :app;
GRANT SELECT, INSERT, DELETE ON hall.extraction_part TO :app;
GRANT UPDATE (noted) ON hall.extraction_part TO :app;
