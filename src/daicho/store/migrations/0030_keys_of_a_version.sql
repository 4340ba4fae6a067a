-- kinds: registry, cs, prefecture, national
-- Of which version the folded keys are by which people are found. A database of before has keys of version 1, which a
-- node folds anew beside its work when the program folds otherwise; an empty one is done at once.

CREATE SCHEMA folding;
GRANT USAGE ON SCHEMA folding TO :app, :reader, :auditor;
CREATE TABLE folding.standing (
    one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
    version integer NOT NULL CHECK (version > 0)
);
INSERT INTO folding.standing (version) VALUES (1);
GRANT SELECT ON folding.standing TO :app, :reader, :auditor;
GRANT UPDATE (version) ON folding.standing TO :app;
