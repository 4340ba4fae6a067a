-- kinds: registry, cs, prefecture, national
-- Every question by code is about the current number, which number_current answers.

DROP INDEX numbers.number_code;
