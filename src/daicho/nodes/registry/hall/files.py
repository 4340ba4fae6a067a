"""A file of people for another system or a spreadsheet: UTF-8 with BOM, by choice in the characters of JIS X 0208."""

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
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
    written: Callable[[HallItem, str], str]
    mark: Callable[[bool], str]
    withheld: str
    withheld_items: str = ""
    for_spreadsheet: bool = True


CODES = FileWords(
    "ADDRESSEE_NUMBER", "LIVING", "PROTECTED", {one: one.value for one in HallItem}, lambda _item, text: text,
    lambda so: "1" if so else "0", "", "WITHHELD", for_spreadsheet=False,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HallFile:
    """A file that was made once: its bytes, how many people and how many replaced characters are in it, its SHA-256."""

    content: bytes
    people: int
    replaced: int
    digest: bytes


def write_file(
    first: Sequence[str],
    rows: Iterable[tuple[Sequence[str], HallPerson]],
    items: Sequence[HallItem],
    words: FileWords,
    *,
    plain: bool,
) -> HallFile:
    """Write people with the columns before them."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    names = [words.items[one] for one in items]
    kept_back = [words.withheld_items] if words.withheld_items else []
    writer.writerow([*first, words.addressee_number, words.living, words.protected, *kept_back, *names])
    people: set[int] = set()
    replaced = 0
    for columns, person in rows:
        people.add(person.addressee_number)
        texts = [_item(person, one, words) for one in items]
        if plain:
            made = [plain_text(text, character_tables()) for text in texts]
            replaced += sum(one.replaced for one in made)
            texts = [one.text for one in made]
        head = [str(person.addressee_number), words.mark(person.living), words.mark(person.protected)]
        if kept_back:
            head.append(" ".join(one for one in HallItem if one in person.withheld))
        cells = map(_cell, texts) if words.for_spreadsheet else texts
        writer.writerow([*columns, *head, *cells])
    content = (BOM + out.getvalue()).encode()
    return HallFile(content, len(people), replaced, hashlib.sha256(content).digest())


def _item(person: HallPerson, item: HallItem, words: FileWords) -> str:
    if item in person.withheld:
        return words.withheld
    text = person.items.get(item, "")
    return words.written(item, text) if text else ""


def _cell(text: str) -> str:
    return "'" + text if text.startswith(_FORMULA) else text
