"""Letters with notices of individual numbers as the press is given them: whole envelopes, each person's notice with its form."""

from collections.abc import Collection, Sequence
from datetime import date

from daicho.paper.certificate import MAX_OWN_GLYPHS, MAX_TEXT_CHARS, Certificate, OwnGlyph
from daicho.paper.outlines import PictureUnreadable, read_picture
from daicho.rules.certificates.content import CertificateItem
from daicho.rules.destination.paper import (
    APPLICATION_DIGITS,
    notice_number,
    notice_paper,
    specimen_content,
    written_instead,
)
from daicho.rules.destination.record import DestinationInfo
from daicho.store.destination import FileName, PrintedNotice
from daicho.store.notice_bundles import BundleRow, PrintRow

HEAD = "理事長"
_FIELDS = {
    CertificateItem.ADDRESS: "address",
    CertificateItem.BIRTH_DATE: "birth_date",
    CertificateItem.ROMAN_NAME: "roman_name",
}


def letters_of(rows: Sequence[PrintedNotice]) -> tuple[FileName, ...]:
    """Name the files of some notices, each once, in their order: one letter for each."""
    return tuple(dict.fromkeys(one.file for one in rows))


def whole_letters(rows: Sequence[PrintedNotice], most: int) -> list[PrintedNotice]:
    """Take notices, letter by letter, as long as no more than `most` come together; the first letter goes whole."""
    of_file: dict[FileName, list[PrintedNotice]] = {}
    for one in rows:
        of_file.setdefault(one.file, []).append(one)
    taken: list[PrintedNotice] = []
    for group in of_file.values():
        if taken and len(taken) + len(group) > most:
            break
        taken += group
    return taken


def papers_of(
    info: DestinationInfo,
    bundle: BundleRow,
    prints: Sequence[PrintRow],
    issuer: str,
    on: date,
    *,
    specimen: bool,
) -> tuple[Certificate, ...]:
    """Put what goes into one envelope as the press takes it; the file's numbers stand in it."""
    return tuple(
        Certificate(
            content=notice_paper(info, one.place, first=sheet == 1, enclosed=(sheet, len(prints))),
            issuer_title=issuer,
            issuer_name=HEAD,
            issued_on=on,
            number=notice_number(bundle.year, bundle.number, one.sheet),
            verification=one.application_id,
            specimen=specimen,
        )
        for sheet, one in enumerate(prints, 1)
    )


def too_long(info: DestinationInfo, prints: Sequence[PrintRow]) -> str:
    """Name the item of a file that no paper takes, by the file's own name of it; nothing where it is none of these."""
    for one in prints:
        (person,) = notice_paper(info, one.place, first=False, enclosed=(1, 1)).people
        for item in person.items:
            if len(item.text or "") > MAX_TEXT_CHARS:
                return _FIELDS.get(item.item, "")
    return "gaiji_pattern" if len(glyphs_of(info)) > MAX_OWN_GLYPHS else ""


def glyphs_of(info: DestinationInfo, missing: Collection[str] = ()) -> tuple[OwnGlyph, ...]:
    """Tell how a town's own characters, and what the fonts lack, stand in a letter: as the file's pictures and replacements say.

    A picture is read as strictly as when the town took it up; one that cannot be read is none.
    """
    instead = written_instead(info)
    drawn = {one.character: one.image for person in info.persons for one in person.gaiji_pattern}
    found = []
    for character in sorted({*drawn, *missing}):
        picture = _picture(drawn.get(character, b""))
        if picture or character in instead:
            found.append(OwnGlyph(character, picture, "" if picture else instead[character]))
    return tuple(found)


def _picture(image: bytes) -> str:
    try:
        return read_picture(image).as_svg()
    except PictureUnreadable:
        return ""


def specimen_letter(issuer: str, on: date) -> Certificate:
    """Put a specimen together, for whoever wants to see the paper or try the printer: nobody's, with a number of nobody."""
    return Certificate(
        specimen_content(),
        issuer,
        HEAD,
        on,
        notice_number(on.year, 0, 0),
        "0" * APPLICATION_DIGITS,
        specimen=True,
    )
