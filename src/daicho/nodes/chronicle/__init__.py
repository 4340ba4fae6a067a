"""The ledger at work: append, sequence, checkpoint, cosign, disclose."""

from daicho.nodes.chronicle.notes import Fact, fact_by, note, note_by, note_many, note_shown

__all__ = ["Fact", "fact_by", "note", "note_by", "note_many", "note_shown"]
