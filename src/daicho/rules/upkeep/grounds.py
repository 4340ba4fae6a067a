"""What the register knows of an entry of a case, and whether what a survey found still carries it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from daicho.rules.register.reasons import ChangeKind, Ground
from daicho.rules.upkeep.case import CaseKind, SurveyFinding, UpkeepCase


@dataclass(frozen=True, slots=True)
class EntryFact:
    """What the register knows of an entry that a case is joined to.  異動の事実

    `concerns` are all whose records it rests on; `waits` for a second person; `stands`, verified and not turned back.
    """

    entry_id: str
    kind: ChangeKind
    ground: Ground
    subjects: tuple[int, ...]
    concerns: frozenset[int]
    entered_on: date
    waits: bool
    stands: bool

    @property
    def ex_officio(self) -> bool:
        """Tell whether the mayor acted without a notice; a report of a moving-in stands for the mover's own."""
        return acted(self.kind, self.ground)


def acted(kind: ChangeKind, ground: Ground) -> bool:
    """Tell whether a change of a kind on a ground is the mayor's own act.

    Law: 住民基本台帳法施行令 第12条
    """
    return ground is Ground.EX_OFFICIO or (ground is Ground.REPORT and kind is not ChangeKind.MOVE_OUT)


def survey_found(case: UpkeepCase, whose: int) -> SurveyFinding | None:
    """Tell what the newest visit that found anything about a resident says; nothing while nobody was met.

    Visits of one day count in the order in which they were written down. What was found of others, or of a place
    before anybody was named, says nothing.

    Law: 住民基本台帳法 第34条; own definition.
    """
    found = [
        one for one in case.visits if one.finding is not SurveyFinding.NOBODY_MET and whose in one.people
    ]
    return max(reversed(found), key=lambda one: one.visited_on).finding if found else None


def ungrounded(case: UpkeepCase, entries: Iterable[EntryFact]) -> frozenset[int]:
    """Name whom a survey's case struck, or is about to, though its newest finding is not that they are gone.

    The entries come in the order in which they were joined: whoever was restored after a strike is struck no more.

    Law: 住民基本台帳法施行令 第12条; own definition.
    """
    if case.kind is not CaseKind.SURVEY:
        return frozenset()
    struck: set[int] = set()
    for one in entries:
        if one.kind is ChangeKind.EX_OFFICIO_STRIKE and (one.stands or one.waits):
            struck |= set(one.subjects)
        elif one.kind is ChangeKind.RESTORATION and one.stands:
            struck -= set(one.subjects)
    return frozenset(
        whose for whose in struck if survey_found(case, whose) is not SurveyFinding.DOES_NOT_LIVE_THERE
    )
