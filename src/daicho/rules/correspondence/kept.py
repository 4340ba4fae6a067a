"""A letter as it is kept, so that the same one can be printed again, and how often it was.  文書の控え"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from daicho.rules.certificates.content import CertificateContent
from daicho.rules.correspondence.addressing import has_died, registered_place
from daicho.rules.correspondence.cases import CasePaper
from daicho.rules.register.record import ResidentRecord


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """What went out under a number: its content, who wrote it and when; `wanted` is of a letter of a case.  文書の控え

    `ends_on` is the last day of a public notice. `to` is whose registered place stands in the window, written behind the name
    of the municipality `town`; nobody where the address was stated, or no letter goes.
    """

    number: str
    content: CertificateContent
    issuer_title: str
    issuer_name: str
    issued_on: date
    wanted: CasePaper | None = None
    ends_on: date | None = None
    to: int | None = None
    town: str = ""


def holds_place(letter: KeptLetter, people: Mapping[int, ResidentRecord]) -> bool:
    """Tell whether whoever is written to is still registered under the name and at the place that stand on a letter.

    Law: none, own definition: what was written before somebody moved goes to nobody, and is written anew.
    """
    place = letter.content.letter.place if letter.content.letter is not None else None
    if place is None or letter.to is None:
        return True
    to = people.get(letter.to)
    return to is not None and not has_died(to) and registered_place(to, letter.town) == place


def names_homes(letter: KeptLetter, records: Iterable[ResidentRecord], kept_back: Collection[int]) -> bool:
    """Tell whether a kept letter names the home of somebody whose place is kept back by now.

    Law: 住民基本台帳事務処理要領 第6の10; own definition.
    """
    facts = letter.content.letter
    if facts is None:
        return False
    cells = [text for row in facts.table for text in row]
    homes = [one.current_address.one_line() for one in records if one.addressee_number in kept_back]
    return any(home in cell for home in homes for cell in cells)
