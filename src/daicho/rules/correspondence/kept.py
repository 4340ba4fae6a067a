"""A letter as it is kept, so that the same one can be printed again, and how often it was.  文書の控え"""

from dataclasses import dataclass
from datetime import date

from daicho.rules.certificates.content import CertificateContent
from daicho.rules.correspondence.cases import CasePaper


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
