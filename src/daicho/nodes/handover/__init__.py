"""Moving a whole register in from another maker's system and out again: a folder checked, loaded, written, compared."""
