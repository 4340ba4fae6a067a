-- kinds: registry
-- One-time codes for the disclosure to the person; the code itself is nowhere, and a page opens once.

CREATE SCHEMA disclosure;
GRANT USAGE ON SCHEMA disclosure TO :app, :auditor;
CREATE TABLE disclosure.handed_out (
    code_hash        bytea PRIMARY KEY CHECK (octet_length(code_hash) = 32),
    addressee_number bigint NOT NULL,
    bundle           bytea NOT NULL,
    handed_out_at    timestamptz NOT NULL,
    expires_at       timestamptz NOT NULL,
    opened_at        timestamptz
);
GRANT SELECT, INSERT ON disclosure.handed_out TO :app;
GRANT UPDATE (opened_at) ON disclosure.handed_out TO :app;
GRANT SELECT ON disclosure.handed_out TO :auditor;
