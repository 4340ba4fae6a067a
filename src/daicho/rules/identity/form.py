"""Is every item of an update well formed, and do its items agree with each other?"""

from itertools import compress
from operator import attrgetter, gt

from daicho.rules.identity.keys import kana_key
from daicho.rules.identity.record import CsItems, IdentityRecord
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import ResidentRecordCode
from daicho.rules.people.names import CONTROL_CHARACTER, gaiji_count
from daicho.rules.register.reasons import ENTRY_REASONS, REMOVAL_REASONS, ChangeReason

_REPORT = juki("30-6")
_MOST_CHARACTERS = {
    "name_kanji": 200,
    "name_furigana": 200,
    "name_normalized_kana": 200,
    "former_surname_kanji": 100,
    "former_surname_furigana": 100,
    "address": 300,
    "change_reason_detail": 200,
    "previous_address": 300,
    "relationship": 40,
    "request_control_number": 64,
    "operator_role_id": 64,
    "terminal_id": 64,
}
_MUST_NOT_BE_EMPTY = frozenset({"name_kanji", "address", "relationship", "operator_role_id", "terminal_id"})
_CODE_REASONS = frozenset({ChangeReason.CODE_CHANGED_ON_REQUEST, ChangeReason.CODE_CHANGED_EX_OFFICIO})
_LONGEST_SEQUENCE = 2**31 - 1


def _bad(field: str, detail: str) -> Refusal:
    return Refusal(Reason.ITEM_MALFORMED, _REPORT, field, detail)


class _Texts:
    """Some texts of a value, with what is asked of each."""

    def __init__(self, *names: str) -> None:
        self._names = names
        self._read = attrgetter(*names)
        self._most = tuple(_MOST_CHARACTERS[name] for name in names)
        self._needed = tuple(name in _MUST_NOT_BE_EMPTY for name in names)

    def fault(self, value: object) -> Refusal | None:
        """Name the first text that is empty, too long or holds a control character."""
        texts = self._read(value)
        # Good texts pass in three steps over all of them; only bad ones are searched for their field.
        there = [text or "" for text in texts]
        too_long = any(map(gt, map(len, there), self._most))
        if too_long or CONTROL_CHARACTER.search("".join(there)) or not all(compress(there, self._needed)):
            return self._named(texts)
        return None

    def _named(self, texts: tuple[str | None, ...]) -> Refusal | None:
        for name, text in zip(self._names, texts, strict=True):
            if text is None:
                continue
            if text == "" and name in _MUST_NOT_BE_EMPTY:
                return _bad(name, "empty")
            if len(text) > _MOST_CHARACTERS[name]:
                return _bad(name, "too_long")
        for name, text in zip(self._names, texts, strict=True):
            if CONTROL_CHARACTER.search(text or ""):
                return _bad(name, "control_character")
        return None


_RECORD_TEXTS = _Texts(
    "name_kanji",
    "name_furigana",
    "name_normalized_kana",
    "former_surname_kanji",
    "former_surname_furigana",
    "address",
    "change_reason_detail",
)
_CS_TEXTS = _Texts(
    "previous_address", "relationship", "request_control_number", "operator_role_id", "terminal_id"
)


def _digits(text: str, length: int) -> bool:
    return text == "" or (len(text) <= length and text.isascii() and text.isdigit())


def check_form(record: IdentityRecord) -> Refusal | None:
    """Check the form of each item that goes upward, and the items against each other.

    Law: 住民基本台帳法 第30条の6
    """
    return _RECORD_TEXTS.fault(record) or _check_values(record) or _check_change(record)


def _check_values(record: IdentityRecord) -> Refusal | None:
    if not isinstance(record.resident_record_code, ResidentRecordCode):  # no other way makes one unchecked
        return _bad("resident_record_code", "check_digit")
    if record.name_gaiji_count != gaiji_count(record.name_kanji):
        return _bad("name_gaiji_count", "differs")
    if record.address_gaiji_count != gaiji_count(record.address):
        return _bad("address_gaiji_count", "differs")
    if record.name_normalized_kana != kana_key(record.name_furigana or ""):
        return _bad("name_normalized_kana", "differs")
    if record.former_surname_kanji is None and record.former_surname_furigana is not None:
        return _bad("former_surname_furigana", "without_surname")
    if not _digits(record.postal_code, 7) or len(record.postal_code) not in (0, 7):
        return _bad("postal_code", "digits")
    if not _digits(record.aza_code, 12):
        return _bad("aza_code", "digits")
    return None


def _check_change(record: IdentityRecord) -> Refusal | None:
    if not 1 <= record.update_sequence <= _LONGEST_SEQUENCE:
        return _bad("update_sequence", "range")
    if record.change_reason is ChangeReason.NOT_REPORTED:
        return _bad("change_reason", "not_reported")
    if record.change_reason in ENTRY_REASONS and not record.living:
        return _bad("record_state", "entry_removed")
    if record.change_reason in REMOVAL_REASONS and record.living:
        return _bad("record_state", "removal_living")
    if record.birth_date.is_after(record.change_date):
        return _bad("change_date", "before_birth")
    old = record.old_resident_record_code
    if record.change_reason in _CODE_REASONS and old is None:
        return _bad("old_resident_record_code", "empty")
    if old is not None and old == record.resident_record_code:
        return _bad("old_resident_record_code", "same")
    if record.scheduled_flag and (not record.living or record.scheduled_move_out_on is None):
        return _bad("scheduled_flag", "without_day")
    return None


def check_cs_items(items: CsItems) -> Refusal | None:
    """Check the form of the items that only the CS keeps.

    Law: 住民基本台帳法 第12条の4
    """
    refusal = _CS_TEXTS.fault(items)
    if refusal is not None:
        return refusal
    if items.previous_address_gaiji_count != gaiji_count(items.previous_address or ""):
        return _bad("previous_address_gaiji_count", "differs")
    if items.abnormal_update_sequence < 0:
        return _bad("abnormal_update_sequence", "range")
    if items.timestamp.tzinfo is None:
        return _bad("timestamp", "zone")
    return None
