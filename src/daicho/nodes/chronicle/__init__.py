"""The ledger at work: append, sequence, checkpoint, cosign, disclose."""

from daicho.nodes.chronicle.notes import Fact, note, note_answer, note_many

__all__ = ["Fact", "note", "note_answer", "note_many"]
