"""A letter as it is kept, so that the same one can be printed again, and how often it was.  文書の控え"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from daicho.rules.certificates.content import CertificateContent
from daicho.rules.correspondence.cases import CasePaper
from daicho.rules.register.record import ResidentRecord


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """What went out under a number: its content, who wrote it and when; `wanted` is of a letter of a case.  文書の控え

    `ends_on` is the last day of a public notice.
    """

    number: str
    content: CertificateContent
    issuer_title: str
    issuer_name: str
    issued_on: date
    wanted: CasePaper | None = None
    ends_on: date | None = None


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
