"""One certificate as a value: what it says, who issues it, when, and under which number."""

from dataclasses import dataclass
from datetime import date

from daicho.paper.forms import FORMS
from daicho.paper.imprints import MalformedImprint, size_of
from daicho.paper.layouts import Layout
from daicho.rules.certificates.content import CertificateContent, CertificateKind

MAX_PEOPLE = 200
MAX_TEXT_CHARS = 4_000
MAX_NUMBER_CHARS = 40
MAX_VERIFICATION_CHARS = 500
MAX_IMPRINT_MILLIMETRES = 30
MAX_OWN_GLYPHS = 200


class MalformedCertificate(ValueError):
    """A certificate that cannot be printed as it stands; the message repeats nothing of anybody."""


@dataclass(frozen=True, slots=True)
class OwnGlyph:
    """How a character of the town's own is printed: by its picture as SVG, else as its counterpart is written."""

    character: str
    picture: str = ""
    written: str = ""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What one paper says, who issues it, when, and under which number.

    `verification` is the text of the 2D code, which a page of the issuer checks against the ledger; `imprint` is
    the registered seal as PNG that says how large it is, on a seal certificate only; `specimen` writes 見本 over every page,
    `training` 研修用, and neither is ever sealed;
    `own` tells how the town's own characters are printed.
    """

    content: CertificateContent
    issuer_title: str  # 東京都千代田区長
    issuer_name: str
    issued_on: date
    number: str
    verification: str
    specimen: bool = False
    training: bool = False
    imprint: bytes | None = None
    own: tuple[OwnGlyph, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be printed. Raises: MalformedCertificate."""
        for what, text, limit in (
            ("the issuer's title", self.issuer_title, MAX_NUMBER_CHARS),
            ("the issuer's name", self.issuer_name, MAX_NUMBER_CHARS),
            ("the number", self.number, MAX_NUMBER_CHARS),
            ("the text of the 2D code", self.verification, MAX_VERIFICATION_CHARS),
        ):
            if not text.strip() or len(text) > limit:
                raise MalformedCertificate(f"{what} is empty or longer than {limit} characters")
        if not self.number.isascii() or not self.number.replace("-", "").isalnum():
            raise MalformedCertificate("a number is made of letters, digits and hyphens")
        people = self.content.people
        if not 1 <= len(people) <= MAX_PEOPLE:
            raise MalformedCertificate(f"one to {MAX_PEOPLE} people stand on a paper")
        alone = (Layout.LETTER, Layout.SEAL, Layout.NUMBER_NOTICE)
        if FORMS[self.content.kind].layout in alone and len(people) != 1:
            raise MalformedCertificate("a notice and a seal certificate are about one person")
        if (self.content.letter is not None) != (
            FORMS[self.content.kind].layout in (Layout.CORRESPONDENCE, Layout.STATEMENT, Layout.NUMBER_NOTICE)
        ):
            raise MalformedCertificate("what the town writes has its facts, and nothing else has them")
        if any(len(one.text or "") > MAX_TEXT_CHARS for person in people for one in person.items):
            raise MalformedCertificate(f"an item is longer than {MAX_TEXT_CHARS} characters")
        if len(self.own) > MAX_OWN_GLYPHS or any(not one.picture and not one.written for one in self.own):
            raise MalformedCertificate("each of a town's own characters has a picture or a counterpart")
        if (self.imprint is not None) != (self.content.kind is CertificateKind.SEAL):
            raise MalformedCertificate("a seal certificate shows an imprint, and nothing else does")
        if self.imprint is not None:
            try:
                largest = max(size_of(self.imprint))
            except MalformedImprint as wrong:
                raise MalformedCertificate(f"the imprint: {wrong}") from wrong
            if largest > MAX_IMPRINT_MILLIMETRES:
                raise MalformedCertificate("the imprint is larger than any seal")

    @property
    def for_show(self) -> bool:
        """Tell whether this paper is no certificate, whatever it looks like."""
        return self.specimen or self.training

    @property
    def title(self) -> str:
        """Give the title of this kind of paper."""
        return FORMS[self.content.kind].title
