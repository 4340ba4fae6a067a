"""The ledger at work: append, sequence, checkpoint, cosign, disclose."""

from daicho.nodes.chronicle.notes import Fact, note, note_many, note_shown

__all__ = ["Fact", "note", "note_many", "note_shown"]
