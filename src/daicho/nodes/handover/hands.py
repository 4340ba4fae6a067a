"""What a migration needs of the registry whose register it fills or empties; the registry's composition gives it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from daicho.nodes.node import Node
from daicho.rules.handover.mapping import WrittenForm
from daicho.rules.people.characters.own import TownCharacter
from daicho.rules.people.codes import IndividualNumber, MunicipalityCode
from daicho.rules.register.record import ResidentRecord
from daicho.store.characters import OwnColumns
from daicho.store.register import ResidentRow
from daicho.store.unit import Unit

Numbered = tuple[ResidentRecord, IndividualNumber | None]


@dataclass(frozen=True, slots=True)
class RegistryHands:
    """The registry's own ways of keeping what it keeps.

    `look` looks at the characters of records that will stand and gives the counterparts by which they are found;
    `keep_numbers` names the codes whose number somebody else has; `party_keys` folds names of other parties.
    """

    home: MunicipalityCode
    written: WrittenForm
    row_of: Callable[[ResidentRecord, int, Mapping[str, str]], ResidentRow]
    look: Callable[[Unit, Sequence[ResidentRecord], datetime], Mapping[str, str]]
    columns_of: Callable[[TownCharacter], OwnColumns]
    keep_numbers: Callable[[Unit, Sequence[tuple[str, str, date]]], Sequence[str]]
    party_keys: Callable[[Unit, Iterable[str]], Iterable[str]]
    tell_cs: Callable[[Unit, Node, Sequence[Numbered], str, str], Any]
    tell_cs_first: Callable[[Unit, Node], Any]  # whom it is to keep back
