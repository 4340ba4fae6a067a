"""What an auditor can find."""

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """One kind of fault in the books of a node."""

    LINE_ALTERED = "LINE_ALTERED"  # the body no longer gives the hash that was kept
    LINE_MISSING = "LINE_MISSING"  # a position in the tree has no line any more
    LINE_UNPLACED = "LINE_UNPLACED"  # a line never got a position
    TREE_BROKEN = "TREE_BROKEN"  # positions have a hole
    ROOT_DIFFERS = "ROOT_DIFFERS"  # a signed checkpoint does not fit the lines
    CHECKPOINT_UNSIGNED = "CHECKPOINT_UNSIGNED"  # not signed by the node
    COSIGNATURE_INVALID = "COSIGNATURE_INVALID"  # not signed by the witness
    FORKED = "FORKED"  # the witness saw another tree of the same size
    SELF_VERIFIED = "SELF_VERIFIED"  # one person entered and verified
    UNVERIFIED = "UNVERIFIED"  # a record stands on an entry that nobody verified
    ANSWER_WITHOUT_LINE = "ANSWER_WITHOUT_LINE"  # somebody was shown a record and no line says so
    COUNT_DIFFERS = "COUNT_DIFFERS"  # the ledger counts other events than the books
    DISPOSAL_DIFFERS = (
        "DISPOSAL_DIFFERS"  # a record of destruction does not fit the lines of what was destroyed
    )
    COPY_DIFFERS = "COPY_DIFFERS"  # two levels keep different records of one person
    COPY_MISSING = "COPY_MISSING"  # a level does not know a person that another knows


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: at which node, what, and where to look (never a name or a number of a person)."""

    node: str
    fault: Fault
    place: str

    def __str__(self) -> str:
        return f"{self.node}: {self.fault.value} {self.place}"
