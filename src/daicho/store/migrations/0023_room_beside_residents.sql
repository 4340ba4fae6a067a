-- kinds: registry
-- Most changes leave alone everything by which a resident is found. With room beside it the new record lies in the page
-- of the old one, and no index hears of it.

ALTER TABLE register.resident SET (fillfactor = 75);
