"""From a notice of the Ministry and the record that it means to the change of the register.  法務省通知による職権修正等"""

from datetime import date

from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.moj_link.notice import MojChange, MojItems, MojNotice, change_kind_of
from daicho.rules.people.names import PersonName
from daicho.rules.register.changes import Entry
from daicho.rules.register.death import DeathEntry
from daicho.rules.register.ex_officio import ExOfficioStrike
from daicho.rules.register.name_change import NameCause, NameChangeEntry
from daicho.rules.register.reasons import ChangeReason, Ground
from daicho.rules.register.record import ResidentKind, ResidentRecord
from daicho.rules.register.residence_change import ResidenceChange

_ARTICLE = juki("30-50")
NOT_FITTING = Refusal(Reason.MOJ_NOTICE_NOT_FITTING, _ARTICLE, "moj_notice")
_FULL_WIDTH = {point: point + 0xFEE0 for point in range(0x21, 0x7F)} | {0x20: 0x3000}
STRUCK_WORDS = {
    MojChange.LEFT_JAPAN: "出国（法第30条の50の通知による）",
    MojChange.STAY_ENDED: "在留の終了（法第30条の50の通知による）",
}
"""What stands in the record of whoever is struck on the Ministry's word."""

MojDraft = NameChangeEntry | DeathEntry | ExOfficioStrike | ResidenceChange


def draft_of_notice(notice: MojNotice, record: ResidentRecord, on: date) -> MojDraft:
    """Write what a notice says as the change of one record, in the registry's own characters.

    Striking somebody who left is the mayor's own act, decided `on` the day of the draft.
    Who becomes householder of those who stay is not the Ministry's to say: where it must be told, the draft is refused.
    Law: 住民基本台帳法 第30条の50; 住民基本台帳法施行令 第8条, 第12条第2項
    """
    number, happened, notified = record.addressee_number, notice.happened_on, notice.notified_on
    if notice.change is MojChange.NAME:
        name = name_after(record.name, notice.items)
        return NameChangeEntry(number, name, NameCause.FOREIGN_REPORT, happened, notified)
    if notice.change is MojChange.DEATH:
        return DeathEntry(number, happened, notified)
    if notice.change in STRUCK_WORDS:
        words = STRUCK_WORDS[notice.change]
        return ExOfficioStrike((number,), ChangeReason.STRUCK_OTHER, happened, on, words)
    return residence_after(notice, number)


def residence_after(notice: MojNotice, addressee_number: int) -> ResidenceChange:
    """Write the items that only a foreign resident's record holds, and a birth date or sex that was wrong.

    Law: 住民基本台帳法 第30条の45, 第30条の50
    """
    items = notice.items
    return ResidenceChange(
        addressee_number,
        notice.happened_on,
        notice.notified_on,
        nationality=items.nationality,
        category=items.category,
        card_number=items.card_number or None,
        status=items.status or None,
        # A status without a period or an end of the stay has none: what stood there belonged to the former one.
        period=items.period if items.status else None,
        ends_on=items.ends_on,
        endless=bool(items.status) and items.ends_on is None,
        birth_date=items.birth_date,
        sex=items.sex,
    )


def name_after(old: PersonName, items: MojItems) -> PersonName:
    """Write the new name: in kanji where the card shows them, else in Roman letters; the alias stays as it is.

    A reading belongs to the name that was read so. Roman letters of full width stand where a name has no kanji (own).
    Law: 住民基本台帳法 第30条の50; 住民基本台帳事務処理要領 第1の4(1)
    """
    written = written_name(items)
    same = written == old.kanji
    return PersonName(
        kanji=written,
        furigana=old.furigana if same else None,
        furigana_confirmed=old.furigana_confirmed and same,
        roman=items.roman or None,
        alias=old.alias,
    )


def written_name(items: MojItems) -> str:
    """Give how a name is written in the record: in kanji, else in Roman letters of full width.

    Law: 住民基本台帳事務処理要領 第1の4(1); the width is own definition.
    """
    return items.kanji or items.roman.translate(_FULL_WIDTH)


def check_moj_fit(change: MojChange, addressee_number: int | None, entry: Entry) -> Refusal | None:
    """Refuse to close a notice by a change of another kind, of somebody else, of no foreign resident, or on another's word.

    A notice is of one person. Of birth date and sex only the one may change of which it tells.
    Law: 住民基本台帳法 第30条の50; 住民基本台帳法施行令 第12条第2項
    """
    fits = entry.kind is change_kind_of(change) and entry.ground is Ground.EX_OFFICIO
    if not fits or (addressee_number is not None and addressee_number not in entry.subjects):
        return NOT_FITTING
    pairs = [(old, new) for old, new in entry.pairs() if new.addressee_number in entry.subjects]
    if len(pairs) != 1 or pairs[0][1].resident_kind is not ResidentKind.FOREIGN:
        return NOT_FITTING
    old, new = pairs[0]
    corrected = old is not None and (
        (change is not MojChange.BIRTH_DATE and old.birth_date != new.birth_date)
        or (change is not MojChange.SEX and old.sex is not new.sex)
    )
    return NOT_FITTING if corrected else None
