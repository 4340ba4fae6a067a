"""A file of people for another system or a spreadsheet: UTF-8 with BOM, by choice in the characters of JIS X 0208."""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from daicho.nodes.watch.characters import character_tables
from daicho.rules.hall.feed import HallPerson
from daicho.rules.hall.offices import HallItem
from daicho.rules.hall.plain import plain_text

BOM = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class FileWords:
    """What columns are called, and how a coded value is written.

    For a spreadsheet what it would compute is written as text; a machine gets each value as it is, and in a column of
    its own (`withheld_items`) the codes of what is kept back.
    """

    addressee_number: str
    living: str
    protected: str
    items: Mapping[HallItem, str]
    coded: Mapping[HallItem, Mapping[str, str]]
    marks: tuple[str, str]  # of what is not so, and of what is
    withheld: str
    withheld_items: str = ""
    for_spreadsheet: bool = True


CODES = FileWords(
    "ADDRESSEE_NUMBER", "LIVING", "PROTECTED", {one: one.value for one in HallItem}, {}, ("0", "1"), "", "WITHHELD",
    for_spreadsheet=False,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HallFile:
    """A file that was made once: its bytes, how many people and how many replaced characters are in it, its SHA-256."""

    content: bytes
    people: int
    replaced: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class FilePart:
    """Some lines of a file: their text, how many people and how many replaced characters are in it."""

    text: str
    people: int
    replaced: int


def write_file(
    first: Sequence[str],
    rows: Iterable[tuple[Sequence[str], HallPerson]],
    items: Sequence[HallItem],
    words: FileWords,
    *,
    plain: bool,
) -> HallFile:
    """Write people with the columns before them."""
    made = write_part(rows, items, words, plain=plain)
    content = (heading(first, items, words) + made.text).encode()
    return HallFile(content, made.people, made.replaced, hashlib.sha256(content).digest())


def heading(first: Sequence[str], items: Sequence[HallItem], words: FileWords) -> str:
    """Write with what a file begins: its mark of UTF-8 and what its columns are called."""
    out = io.StringIO()
    kept_back = [words.withheld_items] if words.withheld_items else []
    names = [words.items[one] for one in items]
    csv.writer(out, lineterminator="\r\n").writerow(
        [*first, words.addressee_number, words.living, words.protected, *kept_back, *names]
    )
    return BOM + out.getvalue()


def write_part(
    rows: Iterable[tuple[Sequence[str], HallPerson]],
    items: Sequence[HallItem],
    words: FileWords,
    *,
    plain: bool,
) -> FilePart:
    """Write some people of a file, without its heading."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    people: set[int] = set()
    replaced = 0
    for columns, person in rows:
        people.add(person.addressee_number)
        texts = [_item(person, one, words) for one in items]
        if plain:
            made = [plain_text(text, character_tables()) for text in texts]
            replaced += sum(one.replaced for one in made)
            texts = [one.text for one in made]
        head = [str(person.addressee_number), words.marks[person.living], words.marks[person.protected]]
        if words.withheld_items:
            head.append(" ".join(one for one in HallItem if one in person.withheld))
        cells = map(_cell, texts) if words.for_spreadsheet else texts
        writer.writerow([*columns, *head, *cells])
    return FilePart(out.getvalue(), len(people), replaced)


def _item(person: HallPerson, item: HallItem, words: FileWords) -> str:
    if item in person.withheld:
        return words.withheld
    text = person.items.get(item, "")
    return words.coded.get(item, {}).get(text, text)


def _cell(text: str) -> str:
    return "'" + text if text.startswith(_FORMULA) else text
