"""Reading what a person typed: each field becomes a value, or an error beside the field."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import TypeVar

from daicho.faces.wording.fields import LABELS, MISTAKES, Mistake
from daicho.faces.wording.refusals import Explained, explain
from daicho.rules.law import words as free_words
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import MalformedCode, MunicipalityCode, ResidentRecordCode
from daicho.rules.people.dates import MalformedDate, OutsideEra, PartialDate, parse_date
from daicho.rules.people.written_dates import WrittenDate, parse_written

FIELD_CHARACTERS = 300
WORDS_CHARACTERS = free_words.WORDS_CHARACTERS  # of a reason or remark in free words
FORM_KEY = "form_key"  # the field in which each form carries back the key of the browser that was shown it
UNREADABLE_STATUS = 422  # of a page that shows a form again, each error beside its field
# Refusals that say only that something is wrong with a field: beside one that has a name here, it is said by name.
_OF_A_FIELD = {Reason.FIELD_MISSING: Mistake.MISSING, Reason.FIELD_TOO_LONG: Mistake.TOO_LONG}
_Member = TypeVar("_Member", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Wrong:
    """One error: the field it stands beside, what is wrong and what to do."""

    field: str
    happened: str
    now: str
    article: str = ""
    code: str = ""


@dataclass(slots=True)
class Form:
    """The fields of one submission and what is wrong with them."""

    given: Mapping[str, str] = field(default_factory=dict)
    errors: dict[str, Wrong] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def fine(self) -> bool:
        """Tell whether nothing was wrong so far."""
        return not self.errors

    def raw(self, name: str) -> str:
        """Give what was typed, to be shown again."""
        return self.given.get(name, "")

    def mistake(self, name: str, mistake: Mistake) -> None:
        """Note that a field is wrong; the first mistake of a field stays."""
        words = MISTAKES[mistake]
        label = LABELS.get(name.rsplit("-", 1)[-1], "この項目")
        self.errors.setdefault(
            name, Wrong(name, words.happened.format(label=label), words.now.format(label=label))
        )

    def refuse(self, refusal: Refusal, names: Mapping[str, str] | None = None) -> None:
        """Put a refusal beside the field it concerns, or above the form when it concerns none of it."""
        told = explain(refusal)
        name = (names or {}).get(refusal.field, refusal.field)
        here = name in self.given or name in self.files
        label, mistake = LABELS.get(name, ""), _OF_A_FIELD.get(refusal.reason)
        if mistake is Mistake.MISSING and name in self.files:
            mistake = Mistake.NO_FILE
        if here and label and mistake is not None:
            words = MISTAKES[mistake]
            told = replace(told, happened=words.happened.format(label=label), now=words.now)
        self.put(told, name if here else "form")

    def put(self, told: Explained, name: str) -> None:
        """Put an explained refusal beside a field."""
        self.errors.setdefault(name, Wrong(name, told.happened, told.now, told.article, told.code))

    def text(self, name: str, *, required: bool = False, limit: int = FIELD_CHARACTERS) -> str:
        """Read a line of text; spaces around it do not count."""
        text = self.given.get(name, "").strip(" 　\t\r\n")
        if not text and required:
            self.mistake(name, Mistake.MISSING)
        if len(text) > limit:
            self.mistake(name, Mistake.TOO_LONG)
            return ""
        if any(ord(character) < 32 or ord(character) == 127 for character in text):
            self.mistake(name, Mistake.CONTROL_CHARACTER)
            return ""
        return text

    def partial_day(self, name: str, *, required: bool = False) -> PartialDate | None:
        """Read a day of which parts may be unknown."""
        text = self.text(name, required=required)
        if not text:
            return None
        try:
            return parse_date(text)
        except (MalformedDate, ValueError):
            self.mistake(name, Mistake.NO_SUCH_DAY)
            return None

    def written_day(self, name: str, *, required: bool = False) -> WrittenDate | None:
        """Read a day in any form in which a family register may write it."""
        text = self.text(name, required=required)
        if not text:
            return None
        try:
            return parse_written(text)
        except OutsideEra:
            self.mistake(name, Mistake.OUTSIDE_ERA)
        except MalformedDate:
            self.mistake(name, Mistake.NO_FORM_OF_DAY)
        return None

    def birth(self, name: str) -> PartialDate | None:
        """Read what is certain of a birth date that may be written in any form."""
        told = self.written_day(name)
        return None if told is None else told.folded

    def day(self, name: str, *, required: bool = False) -> date | None:
        """Read a whole calendar day."""
        read = self.partial_day(name, required=required)
        if read is None:
            return None
        if read.whole is None:
            self.mistake(name, Mistake.DAY_INCOMPLETE)
        return read.whole

    def member(self, name: str, kind: type[_Member], *, required: bool = False) -> _Member | None:
        """Read one of a closed list of values."""
        text = self.text(name, required=required)
        if not text:
            return None
        try:
            return kind(text)
        except ValueError:
            self.mistake(name, Mistake.NOT_IN_LIST)
            return None

    def one_of(self, name: str, keys: tuple[str, ...], *, required: bool = False) -> str:
        """Read one of the keys that the page offered."""
        text = self.text(name, required=required)
        if text and text not in keys:
            self.mistake(name, Mistake.NOT_IN_LIST)
            return ""
        return text

    def whole_number(self, name: str, *, required: bool = False) -> int | None:
        """Read a number such as a household's."""
        text = half_width(self.text(name, required=required))
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= 15):
            self.mistake(name, Mistake.NOT_A_NUMBER)
            return None
        return int(text)

    def municipality(self, name: str, *, required: bool = False) -> MunicipalityCode | None:
        """Read a municipality code of five or six digits."""
        text = half_width(self.text(name, required=required))
        if not text:
            return None
        try:
            return MunicipalityCode(text)
        except MalformedCode:
            self.mistake(name, Mistake.NO_SUCH_MUNICIPALITY)
            return None

    def resident_code(self, name: str, *, required: bool = False) -> ResidentRecordCode | None:
        """Read a resident code of eleven digits; spaces and hyphens between them do not count."""
        text = half_width(self.text(name, required=required)).replace(" ", "").replace("-", "")
        if not text:
            return None
        try:
            return ResidentRecordCode(text)
        except MalformedCode:
            self.mistake(name, Mistake.NO_SUCH_CODE)
            return None

    def file(self, name: str, *, required: bool = False) -> bytes:
        """Give a file that was sent along."""
        content = self.files.get(name, b"")
        if not content and required:
            self.mistake(name, Mistake.NO_FILE)
        return content

    def ticked(self, name: str) -> bool:
        """Tell whether a box was ticked."""
        return self.given.get(name, "") == "yes"


def half_width(text: str) -> str:
    """Turn full-width digits and signs into plain ones."""
    return "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else " " if c == "　" else c for c in text)
