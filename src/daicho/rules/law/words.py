"""How long words may be that somebody adds freely: a reason, a remark, a reference."""

WORDS_CHARACTERS = 200
"""Own definition: the Act sets no length; what is longer belongs into the papers of the case."""
