-- kinds: registry
-- 個別記載事項: what the record holds of each programme, and everything that was told of it.

CREATE TABLE register.programme_item (
    addressee_number bigint NOT NULL,
    programme text NOT NULL CHECK (programme <> ''),
    version   integer NOT NULL CHECK (version > 0),
    body      json,                      -- the item as it stands; none once it was revoked
    PRIMARY KEY (addressee_number, programme)
);
CREATE TABLE register.programme_step (
    addressee_number bigint NOT NULL,
    programme text NOT NULL,
    version   integer NOT NULL CHECK (version > 0),
    by        text NOT NULL CHECK (by <> ''),
    at        timestamptz NOT NULL,
    change    json NOT NULL,             -- what was told
    body      json,                      -- the item after it
    PRIMARY KEY (addressee_number, programme, version),
    FOREIGN KEY (addressee_number, programme) REFERENCES register.programme_item (addressee_number, programme)
);
GRANT SELECT, INSERT ON register.programme_item, register.programme_step TO :app;
GRANT UPDATE (version, body) ON register.programme_item TO :app;
GRANT SELECT ON register.programme_item, register.programme_step TO :auditor;
