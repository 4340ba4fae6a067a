"""From a record to the pairs of label and value that a person reads, and to before and after side by side."""

from dataclasses import dataclass
from datetime import date, datetime

from daicho.faces.terminal.desk import HistoryLine
from daicho.faces.wording.places import place_name
from daicho.faces.wording.terms import word
from daicho.nodes.clock import JAPAN
from daicho.rules.people.age import ages_on
from daicho.rules.people.dates import ERAS, MalformedDate, PartialDate, era_of, era_text, western_text
from daicho.rules.people.written_dates import parse_written, text_of_counted, text_of_day
from daicho.rules.register.changes import Entry
from daicho.rules.register.numbering import card_void_since
from daicho.rules.register.reasons import ChangeKind
from daicho.rules.register.reception import Reception
from daicho.rules.register.record import ResidentKind, ResidentRecord

_WEEKDAYS = "月火水木金土日"
_NONE = ""
_KINDS_OF_ARRIVAL = (ChangeKind.MOVE_IN, ChangeKind.MOVE_WITHIN, ChangeKind.EX_OFFICIO_ENTRY)
_IN_NO_CALENDAR = "（暦にない日）"


@dataclass(frozen=True, slots=True)
class Line:
    """One label and its value; `name` asks for the face that has every form of a kanji."""

    label: str
    value: str
    name: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """One item of a record before and after a change."""

    label: str
    before: str
    after: str
    name: bool = False

    @property
    def changed(self) -> bool:
        """Tell whether the item changes."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Compared:
    """One person's record before and after; `new` when there was none, `revived` when it had ended, `struck`."""

    name: str
    furigana: str
    sides: tuple[Side, ...]
    new: bool
    revived: bool
    struck: bool
    subject: bool


def era(day: date | PartialDate | None) -> str:
    """Write a day in the Japanese calendar, one before its first era in the western, or nothing."""
    if day is None:
        return _NONE
    try:
        return era_text(day)
    except MalformedDate:
        return western_text(day)


def era_short(day: date | PartialDate | None) -> str:
    """Write a day shortly for a list: S45. 3.10."""
    if day is None:
        return _NONE
    whole = day.whole if isinstance(day, PartialDate) else day
    if whole is None or whole < ERAS[0].began:
        return era(day)
    found = era_of(whole)
    return f"{found.letter}{whole.year - found.began.year + 1:>2}.{whole.month:>2}.{whole.day:>2}"


def typed(day: date) -> str:
    """Write a day as a clerk would type it into a form: R8.11.20."""
    return era_short(day).replace(" ", "") if day >= ERAS[0].began else day.isoformat()


def birth(record: ResidentRecord) -> str:
    """Write a birth date in the words of the register, a foreign resident's western, and say when no calendar has it."""
    western, written = record.foreign is not None, record.birth_written
    text = text_of_day(record.birth_date, written, western=western)
    return text if written is None or parse_written(written).in_calendar else text + _IN_NO_CALENDAR


def birth_short(record: ResidentRecord) -> str:
    """Write a birth date shortly for a list, where it can be."""
    plain = record.birth_written is None and record.foreign is None
    return era_short(record.birth_date) if plain else birth(record)


def business_time(moment: datetime) -> str:
    """Write a business day with its weekday and time."""
    there = moment.astimezone(JAPAN)
    return f"{era_text(there.date())}（{_WEEKDAYS[there.weekday()]}）{there:%H:%M}"


def moment(at: datetime) -> str:
    """Write an instant in Japan: R8.11.20 10:05:09."""
    there = at.astimezone(JAPAN)
    return f"{era_short(there.date()).replace(' ', '')} {there:%H:%M:%S}"


def age(birth: PartialDate, on: date) -> str:
    """Tell the age on a day; of a birth date that is unknown in part the youngest and the oldest that it may be."""
    ages = ages_on(birth, on)
    if ages is None:
        return _NONE
    return f"{ages.oldest}歳" if ages.youngest == ages.oldest else f"{ages.youngest}～{ages.oldest}歳"


def code_points_of(text: str) -> str:
    """Write a character's code points: U+9089 U+E0102."""
    return " ".join(f"U+{ord(one):04X}" for one in text) or _NONE


def masked(code: str | None) -> str:
    """Hide a resident code but for its last four digits."""
    return "●" * 7 + code[-4:] if code else "未記載"


def address_of(record: ResidentRecord) -> str:
    """Write the address with the town's name."""
    return place_name(record.current_address.municipality) + record.current_address.one_line()


def state(record: ResidentRecord) -> tuple[str, str]:
    """Name the state of a record and the colour of its mark."""
    if record.removal is not None:
        return f"消除（{word(record.removal.reason)}）", "grey"
    if record.scheduled_move_out is not None:
        return "転出予定", "orange"
    if record.processing_hold:
        return "保留", "orange"
    return "現存", "green"


def basics(record: ResidentRecord) -> tuple[Line, ...]:
    """Write what identifies a person."""
    lines = [
        Line("氏名", record.name.kanji, name=True),
        Line("振り仮名", record.name.furigana or "未記載"),
        Line("振り仮名の確認", "確認済み" if record.name.furigana_confirmed else "未確認"),
        Line("生年月日", birth(record)),
        Line("性別", word(record.sex)),
        Line("続柄", record.relationship),
        Line("世帯主", record.householder_name, name=True),
        Line("世帯番号", str(record.household_number)),
        Line("住所", address_of(record)),
        Line("郵便番号", postal(record.current_address.postal_code)),
        Line("住所を定めた日", text_of_counted(record.address_since, record.address_since_written)),
        Line("住所を定めた事由", word(record.address_reason)),
        Line("住民となった日", text_of_counted(record.resident_since, record.resident_since_written)),
        Line("前住所", record.previous_address or ""),
        Line("本籍", record.registered_domicile or "", name=True),
        Line("筆頭者", record.family_register_head or "", name=True),
        Line("備考", "／".join(record.remarks)),
        Line("改製年月日", era(record.rewritten_on)),
        Line("処理の保留", "保留中" if record.processing_hold else _NONE),
        Line("個人番号カードの失効", era(card_void_since(record))),
    ]
    former = record.name.former_surname
    if former is not None:
        lines.insert(3, Line("旧氏", former.kanji, name=True))
    if record.name.alias:
        lines.insert(3, Line("通称", record.name.alias, name=True))
    if record.name.roman:
        lines.insert(3, Line("ローマ字氏名", record.name.roman))
    return (*lines, *_foreign(record), *_leaving(record))


def further(record: ResidentRecord) -> tuple[Line, ...]:
    """Write what of the register's items the basic lines do not say: days of notice, places, histories."""
    former, plan, removal = record.name.former_surname, record.scheduled_move_out, record.removal
    foreign = record.foreign
    return (
        Line("住民区分", "" if foreign is not None else word(record.resident_kind)),
        Line("旧氏の振り仮名", (former.furigana or "") if former is not None else ""),
        Line("住民となった届出日", era(record.resident_since_notified_on)),
        Line("住所を定めた届出日", era(record.address_since_notified_on)),
        Line("転入元の住所", record.move_in_from_address or ""),
        Line("転出先の住所", record.move_out_to_address or ""),
        Line("事実上の世帯主", record.de_facto_householder or "", name=True),
        Line("通称の記載・削除", "／".join(foreign.alias_history) if foreign is not None else ""),
        Line("転出の届出日", era(plan.notified_on) if plan is not None else ""),
        Line("消除の届出日", era(removal.notified_on) if removal is not None else ""),
    )


def postal(code: str) -> str:
    """Write a postal code with its hyphen."""
    return f"〒{code[:3]}-{code[3:]}" if len(code) == 7 else ""


def _foreign(record: ResidentRecord) -> tuple[Line, ...]:
    items = record.foreign
    if record.resident_kind is not ResidentKind.FOREIGN or items is None:
        return ()
    return (
        Line("住民区分", word(record.resident_kind)),
        Line("国籍・地域", items.nationality),
        Line("外国人住民となった日", era(items.since)),
        Line("法第30条の45の区分", items.category),
        Line("在留カード等の番号", items.residence_card_number or ""),
        Line("在留資格", items.residence_status or ""),
        Line("在留期間", items.residence_period or ""),
        Line("在留期間の満了日", era(items.residence_expires_on)),
    )


def _leaving(record: ResidentRecord) -> tuple[Line, ...]:
    lines: list[Line] = []
    if record.scheduled_move_out is not None:
        lines.append(Line("転出予定日", era(record.scheduled_move_out.scheduled_on)))
        lines.append(Line("転出先", record.scheduled_move_out.destination))
    if record.removal is not None:
        lines.append(Line("消除の事由", word(record.removal.reason)))
        removed_on, written = record.removal.removed_on, record.removal.removed_written
        lines.append(Line("消除の日", text_of_counted(removed_on, written)))
    return tuple(lines)


def compare(entry: Entry) -> tuple[Compared, ...]:
    """Put each record of a change before and after side by side, the people concerned first."""
    people = [
        Compared(
            name=after.name.kanji,
            furigana=after.name.furigana or "",
            sides=_sides(before, after),
            new=before is None,
            revived=before is not None and before.removal is not None and after.removal is None,
            struck=after.removal is not None and (before is None or before.removal is None),
            subject=after.addressee_number in entry.subjects,
        )
        for before, after in entry.pairs()
    ]
    return tuple(sorted(people, key=lambda one: not one.subject))


def change_day(change: Entry | HistoryLine) -> str:
    """Write the day of a change as it is written, where the day that counts says more than is certain."""
    if isinstance(change, HistoryLine):
        records: tuple[ResidentRecord, ...] = (change.record,)
    else:
        records = tuple(one for one in change.after if one.addressee_number in change.subjects)
    for record in records:
        removal, day = record.removal, change.change_date
        if removal is not None and removal.removed_on == day and removal.removed_written:
            return text_of_counted(day, removal.removed_written)
        if removal is None and record.address_since == day and change.kind in _KINDS_OF_ARRIVAL:
            return text_of_counted(day, record.address_since_written)
    return era(change.change_date)


def said(entry: Entry) -> tuple[Line, ...]:
    """Write what was said about a change besides its days: why, by whose leave, what it undoes."""
    lines = (
        Line("情報の入手元", word(entry.source)),
        Line("理由", entry.words),
        Line("許可番号", entry.permission),
        Line("取り消す異動の受付番号", entry.cancels),
        Line("記録が誤っていた最初の日", era(entry.effective_on) if entry.permission else _NONE),
        *received_lines(entry.reception),
    )
    return tuple(line for line in lines if line.value)


def received_lines(reception: Reception | None) -> tuple[Line, ...]:
    """Write how a notice was received; nothing where none was handed in."""
    if reception is None:
        return ()
    shown = [word(one) for one in reception.documents]
    if reception.card_expires_on is not None:
        shown.append(f"個人番号カードの有効期限 {era(reception.card_expires_on)}")
    if reception.questions_answered:
        shown.append("聞き取り")
    notifier = word(reception.notifier)
    return (
        Line("届出人", f"{notifier}（{reception.name}）" if reception.name else notifier),
        Line("本人確認", "・".join(shown)),
        Line("代理権限の書類", word(reception.authority) if reception.authority else _NONE),
        Line("届出の方法", word(reception.channel)),
    )


def _sides(before: ResidentRecord | None, after: ResidentRecord) -> tuple[Side, ...]:
    old = {line.label: line.value for line in basics(before)} if before is not None else {}
    new = {line.label: line for line in basics(after)}
    labels = list(new) + [label for label in old if label not in new]
    sides = []
    for label in labels:
        line = new.get(label, Line(label, ""))
        sides.append(Side(label, old.get(label, ""), line.value, line.name))
    return (*_recoded(before, after), *(side for side in sides if side.before or side.after))


def _recoded(before: ResidentRecord | None, after: ResidentRecord) -> tuple[Side, ...]:
    """Say that a code takes the place of another one; which one, only the notice to its person says."""
    if before is None or before.resident_record_code in (None, after.resident_record_code):
        return ()
    return (
        Side("住民票コード", masked(before.resident_record_code), "別のコード（本人へ変更通知票で通知）"),
        Side("コードの使用を始めた日", era(before.record_code_used_from), era(after.record_code_used_from)),
    )
