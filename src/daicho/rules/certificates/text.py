"""How each item reads on paper, and the content of papers that nobody has to ask for."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from daicho.rules.certificates.content import (
    CertificateContent,
    CertificateItem,
    CertificateKind,
    LetterFacts,
    PrintedItem,
    PrintedPerson,
)
from daicho.rules.certificates.request import CertificateSubject
from daicho.rules.law.article import juki, juki_order
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.dates import era_text, western_text
from daicho.rules.people.names import PersonName
from daicho.rules.people.sex import Sex
from daicho.rules.people.written_dates import text_of_counted, text_of_day
from daicho.rules.protection.veil import names_place
from daicho.rules.register.changes import Entry
from daicho.rules.register.reasons import ChangeKind, ChangeReason
from daicho.rules.register.record import ForeignItems, ResidentKind, ResidentRecord

UNCONFIRMED = "********"
NO_GIVEN_NAME, NO_SURNAME = "【名空欄】", "【氏空欄】"
_SPACE = "　"
_I = CertificateItem
_SEXES = {Sex.MALE: "男", Sex.FEMALE: "女", Sex.UNKNOWN: ""}
_REMOVALS = {
    ChangeReason.MOVE_OUT: "転出",
    ChangeReason.MOVE_OUT_ABROAD: "国外転出",
    ChangeReason.DEATH: "死亡",
    ChangeReason.STRUCK_NATURALISED: "帰化等",
    ChangeReason.STRUCK_NATIONALITY_LOST: "国籍喪失",
    ChangeReason.STRUCK_OTHER: "職権消除",
}
_REWRITTEN = "改製"
_MOVED_OUT = frozenset((ChangeReason.MOVE_OUT, ChangeReason.MOVE_OUT_ABROAD))
_ALIAS_WORDS = {"ENTERED": "記載", "DELETED": "削除"}
_NOTICES = {
    ChangeKind.MOVE_IN: "転入届",
    ChangeKind.MOVE_WITHIN: "転居届",
    ChangeKind.MOVE_OUT_NOTICE: "転出届",
    ChangeKind.MOVE_OUT: "転出届",
}
# 法30条の45の表: what is recorded for each category.
_OF_ALL_FOREIGN = frozenset(
    (_I.NATIONALITY, _I.FOREIGN_SINCE, _I.FOREIGN_CATEGORY, _I.ALIAS, _I.ALIAS_HISTORY, _I.ROMAN_NAME)
)
_OF_CATEGORY = {
    "中長期在留者": frozenset(
        (_I.RESIDENCE_STATUS, _I.RESIDENCE_PERIOD, _I.RESIDENCE_EXPIRES_ON, _I.RESIDENCE_CARD_NUMBER)
    ),
    "特別永住者": frozenset((_I.RESIDENCE_CARD_NUMBER,)),
    "一時庇護許可者": frozenset((_I.RESIDENCE_PERIOD,)),
    "仮滞在許可者": frozenset((_I.RESIDENCE_PERIOD,)),
}
_FOREIGN_ONLY = _OF_ALL_FOREIGN.union(*_OF_CATEGORY.values())
_JAPANESE_ONLY = frozenset(
    (_I.RESIDENT_SINCE, _I.REGISTERED_DOMICILE, _I.FAMILY_REGISTER_HEAD, _I.FORMER_SURNAME)
)
_MOVE_OUT_ITEMS = frozenset((_I.MOVE_OUT_TO, _I.MOVE_OUT_ON))
# 令23条: what the moving-out certificate says beyond the name.
_OF_MOVE_OUT = frozenset(CertificateItem) - {
    _I.RESIDENT_SINCE,
    _I.ADDRESS_SINCE,
    _I.NOTIFIED_ON,
    _I.PREVIOUS_ADDRESS,
    _I.REMARKS,
    _I.REMOVAL,
}
_OF_CODE_NOTICE = frozenset((_I.BIRTH_DATE, _I.SEX, _I.ADDRESS, _I.RECORD_CODE))
_ORDER = juki_order("23")
_CODE = juki("30-3")
_RECEIPT = juki("27")


def reading_text(name: PersonName, kind: ResidentKind) -> str:
    """Give the reading as printed, with the marks for what is not confirmed or not recorded.

    Law: 住民基本台帳法 第7条第1号の2, 第30条の45
    """
    if kind is ResidentKind.FOREIGN:
        return ""
    if not name.furigana or not name.furigana_confirmed:
        return UNCONFIRMED
    surname, space, given = name.furigana.partition(_SPACE)
    if not space:
        return name.furigana
    return f"{surname or NO_SURNAME}{_SPACE}{given or NO_GIVEN_NAME}"


def address_text(record: ResidentRecord, place: str) -> str:
    """Give the address in one line behind the name of the town.

    Law: 住民基本台帳法 第7条第7号
    """
    return place + record.current_address.one_line()


def items_of_record(subject: CertificateSubject) -> frozenset[CertificateItem]:
    """List the items that a record of this kind has at all, recorded or not.

    Law: 住民基本台帳法 第7条, 第30条の45
    """
    record = subject.record
    found = frozenset(CertificateItem) - _JAPANESE_ONLY - _FOREIGN_ONLY - _MOVE_OUT_ITEMS - {_I.REMOVAL}
    if record.foreign is not None:
        found |= _OF_ALL_FOREIGN | _OF_CATEGORY.get(record.foreign.category, frozenset())
    else:
        found |= _JAPANESE_ONLY
    if record.scheduled_move_out is not None or (record.removal and record.removal.reason in _MOVED_OUT):
        found |= _MOVE_OUT_ITEMS
    if record.removal is not None or subject.rewritten_on is not None:
        found |= {_I.REMOVAL}
    return found


def told_on_paper(
    subject: CertificateSubject, read: frozenset[CertificateItem], telling: Mapping[int, frozenset[str]]
) -> frozenset[int]:
    """Name the protected people one of whose folded places would be read among some items of a person.

    Law: 住民基本台帳事務処理要領 第6の10; own definition.
    """
    if not telling:
        return frozenset()
    texts = [item_text(item, subject, "") for item in read & items_of_record(subject)]
    return frozenset(
        protected for protected, places in telling.items() if any(names_place(text, places) for text in texts)
    )


def letter_texts(letter: LetterFacts) -> list[str]:
    """Gather every text of a letter besides the fixed words of its kind.

    Law: none, arrangement of one value.
    """
    place = letter.place
    whither = [*place.lines, place.name, place.care_of] if place is not None else []
    rows = [text for row in (*letter.rows, *letter.table) for text in row]
    return [one for one in (*whither, *rows, letter.due, letter.words, letter.contact) if one]


def tells_place(content: CertificateContent, places: frozenset[str]) -> bool:
    """Tell whether a paper names one of some folded places.

    Law: 住民基本台帳事務処理要領 第6の10; own definition.
    """
    texts = [one.text for person in content.people for one in person.items if one.text]
    if content.letter is not None:
        texts += letter_texts(content.letter)
    return any(names_place(text, places) for text in (content.address, *texts))


def printed_person(
    subject: CertificateSubject, shown: frozenset[CertificateItem], place: str
) -> PrintedPerson:
    """Write one person's items in their order; what the record has and is not shown is left out as such.

    Law: 住民基本台帳法 第7条, 第12条第5項, 第30条の45
    """
    record = subject.record
    has = items_of_record(subject)
    return PrintedPerson(
        name=record.name.kanji,
        name_reading=reading_text(record.name, record.resident_kind),
        items=tuple(
            PrintedItem(item, item_text(item, subject, place) if item in shown else None)
            for item in CertificateItem
            if item in has
        ),
        struck=not record.living or subject.rewritten_on is not None,
    )


def item_text(item: CertificateItem, subject: CertificateSubject, place: str) -> str:
    """Write one item as paper shows it; nothing recorded reads as an empty text.

    Law: 住民基本台帳法 第7条, 第30条の45
    """
    record = subject.record
    if record.foreign is not None and item in _FOREIGN_ONLY:
        return _foreign_text(item, record, record.foreign)
    if item in _MOVE_OUT_ITEMS or item is _I.REMOVAL:
        return _removal_text(item, subject)
    match item:
        case _I.BIRTH_DATE:
            western = record.foreign is not None
            return text_of_day(record.birth_date, record.birth_written, western=western)
        case _I.SEX:
            return _SEXES[record.sex]
        case _I.ADDRESS:
            return address_text(record, place)
        case _I.RESIDENT_SINCE:
            return text_of_counted(record.resident_since, record.resident_since_written)
        case _I.ADDRESS_SINCE:
            # 法7条7号: only of those who moved within the town.
            if (record.address_since, record.address_since_written) == (
                record.resident_since, record.resident_since_written,
            ):  # fmt: skip
                return ""
            return text_of_counted(record.address_since, record.address_since_written)
        case _I.NOTIFIED_ON:
            return era_text(record.resident_since_notified_on)
        case _I.PREVIOUS_ADDRESS:
            return record.move_in_from_address or record.previous_address or ""
        case _I.FORMER_SURNAME:
            return _former_surname_text(record.name)
        case _:
            return _household_text(item, subject)


def _household_text(item: CertificateItem, subject: CertificateSubject) -> str:
    record = subject.record
    texts = {
        _I.RELATIONSHIP: record.relationship,
        _I.HOUSEHOLDER: record.householder_name,
        _I.REGISTERED_DOMICILE: record.registered_domicile or "",
        _I.FAMILY_REGISTER_HEAD: record.family_register_head or "",
        _I.INDIVIDUAL_NUMBER: str(subject.individual_number or ""),
        _I.RECORD_CODE: str(record.resident_record_code or ""),
        _I.PROGRAMMES: "\n".join(record.programme_info),
        _I.REMARKS: "\n".join(record.remarks),
    }
    return texts[item]


def _former_surname_text(name: PersonName) -> str:
    if name.former_surname is None:
        return ""
    reading = name.former_surname.furigana
    return f"{name.former_surname.kanji}（{reading}）" if reading else name.former_surname.kanji


def _foreign_text(item: CertificateItem, record: ResidentRecord, foreign: ForeignItems) -> str:
    expires_on = foreign.residence_expires_on
    texts = {
        _I.NATIONALITY: foreign.nationality,
        _I.FOREIGN_SINCE: era_text(foreign.since),
        _I.FOREIGN_CATEGORY: foreign.category,
        _I.RESIDENCE_STATUS: foreign.residence_status or "",
        _I.RESIDENCE_PERIOD: foreign.residence_period or "",
        _I.RESIDENCE_EXPIRES_ON: "" if expires_on is None else western_text(expires_on),
        _I.RESIDENCE_CARD_NUMBER: foreign.residence_card_number or "",
        _I.ALIAS: record.name.alias or "",
        _I.ALIAS_HISTORY: "\n".join(map(_alias_line, foreign.alias_history)),
        _I.ROMAN_NAME: record.name.roman or "",
    }
    return texts[item]


def _alias_line(line: str) -> str:
    # The register notes a day, a word and the alias (see name_change.with_alias_history).
    day, _, rest = line.partition(" ")
    word, _, alias = rest.partition(" ")
    if word not in _ALIAS_WORDS:
        return line
    return f"{era_text(date.fromisoformat(day))}　{_ALIAS_WORDS[word]}　{alias}"


def _removal_text(item: CertificateItem, subject: CertificateSubject) -> str:
    record = subject.record
    removal, scheduled = record.removal, record.scheduled_move_out
    if item is _I.MOVE_OUT_TO:
        return record.move_out_to_address or (scheduled.destination if scheduled else "")
    if item is _I.MOVE_OUT_ON:
        day = scheduled.scheduled_on if scheduled else (removal.removed_on if removal else None)
        return "" if day is None else era_text(day)
    if subject.rewritten_on is not None:
        return f"{era_text(subject.rewritten_on)}　{_REWRITTEN}"
    if removal is None:
        return ""
    struck_on = text_of_counted(removal.removed_on, removal.removed_written)
    return f"{struck_on}　{_REMOVALS.get(removal.reason, '消除')}"


def content_of(
    kind: CertificateKind,
    people: Sequence[CertificateSubject],
    shown: frozenset[CertificateItem],
    place: str,
) -> CertificateContent:
    """Put the people of one certificate together; the first names address and householder.

    Law: 住民基本台帳法 第12条
    """
    first = people[0].record
    return CertificateContent(
        kind=kind,
        address=address_text(first, place),
        householder_name=first.householder_name if _I.HOUSEHOLDER in shown else None,
        people=tuple(printed_person(one, shown, place) for one in people),
    )


def move_out_certificate(people: Sequence[CertificateSubject], place: str) -> CertificateContent | Refusal:
    """Write the certificate with which all who leave together move in elsewhere, number and code included.

    None is made for a move abroad, nor for one by card, whose data go through the network.

    Law: 住民基本台帳法施行令 第23条; 住民基本台帳法 第24条の2
    """
    if not people:
        return Refusal(Reason.FIELD_MISSING, _ORDER, "people")
    records = [one.record for one in people]
    moves = {one.scheduled_move_out for one in records}
    for move in moves:
        if move is None:
            return Refusal(Reason.NOT_SCHEDULED, _ORDER, "people")
        if move.abroad or move.by_card:
            return Refusal(Reason.CERTIFICATE_NOT_NEEDED, _ORDER, "abroad" if move.abroad else "by_card")
    together = {(one.household_number, one.scheduled_move_out.scheduled_on, one.scheduled_move_out.destination)
                for one in records if one.scheduled_move_out is not None}  # fmt: skip
    if len(together) > 1:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, _ORDER, "people")
    return content_of(CertificateKind.MOVE_OUT, in_order(people), _OF_MOVE_OUT, place)


def code_notice(subject: CertificateSubject, place: str, *, changed: bool) -> CertificateContent | Refusal:
    """Write the notice that tells a resident the code, after its first entry or after a change.

    Law: 住民基本台帳法 第30条の3第4項, 第30条の4第4項
    """
    if not subject.record.living:
        return Refusal(Reason.NOT_LIVING, _CODE, "people")
    if subject.record.resident_record_code is None:
        return Refusal(Reason.NOT_FOUND, _CODE, "resident_record_code")
    kind = CertificateKind.CODE_CHANGE_NOTICE if changed else CertificateKind.CODE_NOTICE
    return content_of(kind, (subject,), _OF_CODE_NOTICE, place)


def acceptance_notice(entry: Entry, place: str) -> CertificateContent | Refusal:
    """Tell the address where the people lived that a notice about them was accepted; never where they live now.

    `place` is the name of the town of that address, or empty where the address holds it.

    Law: 住民基本台帳法 第27条; the content is own definition.
    """
    word = _NOTICES.get(entry.kind)
    if word is None:
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, _RECEIPT, "kind")
    pairs = [pair for pair in entry.pairs() if pair[1].addressee_number in entry.subjects]
    if not pairs:
        return Refusal(Reason.FIELD_MISSING, _RECEIPT, "people")
    before, after = pairs[0]
    if entry.kind is ChangeKind.MOVE_IN or before is None:
        address = after.move_in_from_address or after.previous_address or ""
    else:
        address = before.current_address.one_line()
    items = (PrintedItem(_I.NOTIFIED_ON, era_text(entry.notified_on)), PrintedItem(_I.REMARKS, word))
    return CertificateContent(
        kind=CertificateKind.ACCEPTANCE_NOTICE,
        address=place + address,
        householder_name=None,
        people=tuple(PrintedPerson(new.name.kanji, "", items) for _, new in pairs),
    )


def in_order(people: Iterable[CertificateSubject]) -> tuple[CertificateSubject, ...]:
    """Put the householder first, then the others by their number.

    Law: none, own definition.
    """
    return tuple(sorted(people, key=lambda one: (not one.record.is_householder, one.record.addressee_number)))
