"""Stories: what happens in a nation, told while it happens."""
