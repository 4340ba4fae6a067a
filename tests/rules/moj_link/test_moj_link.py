"""法務省通知 and 市町村通知: read strictly, matched with reasons, turned into changes, owed after each of them."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.register.conftest import record

from daicho.nodes.watch.characters import character_tables
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.moj_link.drafting import STRUCK_WORDS, check_moj_fit, draft_of_notice
from daicho.rules.moj_link.files import (
    FILE_BYTES,
    MOJ_COLUMNS,
    MUNICIPAL_COLUMNS,
    NOTICES_MOST,
    MojFileHead,
    MojFileKind,
    missing_serials,
    read_moj_file,
    read_municipal_file,
    write_moj_file,
    write_municipal_file,
)
from daicho.rules.moj_link.matching import (
    MojCandidate,
    MojItem,
    MojOutcome,
    latest_change,
    match_notice,
    may_be_meant,
)
from daicho.rules.moj_link.municipal import (
    MunicipalAct,
    in_ministry_characters,
    in_registry_characters,
    municipal_notice,
    municipal_notices_owed,
)
from daicho.rules.moj_link.notice import MojChange, MojItems, MojNotice, MojPerson, check_moj_notice
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.names import PersonName
from daicho.rules.people.sex import Sex
from daicho.rules.register.changes import Allotment, Desk, Entry
from daicho.rules.register.death import DeathEntry
from daicho.rules.register.drafting import draft
from daicho.rules.register.ex_officio import ExOfficioStrike
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.name_change import NameCause, NameChangeEntry
from daicho.rules.register.reasons import ChangeKind, ChangeReason, Ground
from daicho.rules.register.record import ForeignItems, Removal, ResidentKind
from daicho.rules.register.residence_change import ResidenceChange, draft_residence_change

HOME = MunicipalityCode("13101")
DAY, TODAY = date(2026, 11, 18), date(2026, 11, 20)
CARD, NEW_CARD = "AB12345678CD", "EF87654321GH"
HELD = ForeignItems(
    date(2020, 4, 1), "ベトナム", "中長期在留者", CARD, "技術・人文知識・国際業務", "3年", date(2027, 3, 1)
)
NAME = PersonName("ＮＧＵＹＥＮ　ＶＡＮ　ＡＮ", "グエン　バン　アン", roman="NGUYEN VAN AN", alias="阮　安")
PERSON = MojPerson(CARD, "NGUYEN VAN AN", "", PartialDate(1990, 1, 2), Sex.MALE, "ベトナム")
TOLD = {
    MojChange.NAME: MojItems(roman="NGUYEN VAN BINH"),
    MojChange.BIRTH_DATE: MojItems(birth_date=PartialDate(1990, 2, 1)),
    MojChange.SEX: MojItems(sex=Sex.FEMALE),
    MojChange.NATIONALITY: MojItems(nationality="オーストラリア"),
    MojChange.STATUS: MojItems(status="永住者", card_number=NEW_CARD),
    MojChange.CARD: MojItems(card_number=NEW_CARD),
    MojChange.CATEGORY: MojItems(category="特別永住者"),
    MojChange.DEATH: MojItems(),
    MojChange.LEFT_JAPAN: MojItems(),
    MojChange.STAY_ENDED: MojItems(),
}


def foreigner(number: int = 1, **items: Any) -> Any:
    given = {
        "name": NAME, "birth_date": PERSON.birth_date, "sex": Sex.MALE, "resident_kind": ResidentKind.FOREIGN,
        "foreign": HELD, "registered_domicile": None, "family_register_head": None,
        "resident_since": date(2020, 4, 1), "address_since": date(2020, 4, 1),
    }  # fmt: skip
    return record(number, **(given | items))


def notice(change: MojChange = MojChange.CARD, **items: Any) -> MojNotice:
    return replace(MojNotice("N-1", change, DAY, DAY, PERSON, TOLD[change]), **items)


def head(count: int, kind: MojFileKind = MojFileKind.MOJ_NOTICE) -> MojFileHead:
    return MojFileHead(kind, HOME, 7, TODAY, count)


def matched(told: MojNotice, *people: Any, by_number: bool = True, **more: Any) -> Any:
    return match_notice(told, [MojCandidate(one, by_number, **more) for one in people])


def drafted(told: MojNotice, *people: Any) -> Entry:
    entry = draft(draft_of_notice(told, people[0], TODAY), people, TODAY, Desk(HOME))
    assert isinstance(entry, Entry), entry
    return entry


# the file


@pytest.mark.requirement("R-232")
@pytest.mark.parametrize("change", MojChange)
def test_a_file_gives_back_every_kind_of_notice_as_it_was_written(change: MojChange) -> None:
    content = write_moj_file(head(1), [notice(change)])
    read = read_moj_file(content)
    assert (read.head, read.notices, read.faults) == (head(1), (notice(change),), ())


def line_with(column: str, text: str, change: MojChange = MojChange.CARD) -> bytes:
    first, line = write_moj_file(head(1), [notice(change)]).decode().splitlines()
    fields = line.split("\t")
    fields[MOJ_COLUMNS.index(column)] = text
    return (first + "\n" + "\t".join(fields) + "\n").encode()


@pytest.mark.parametrize(
    ("column", "text", "reason"),
    [
        ("notice_id", "a b", Reason.ITEM_MALFORMED),
        ("change", "ELSE", Reason.FIELD_UNKNOWN_VALUE),
        ("happened_on", "2026-2-30", Reason.DATE_MALFORMED),
        ("happened_on", "20261118", Reason.DATE_MALFORMED),
        ("happened_on", "1868-01-24", Reason.DATE_MALFORMED),
        ("happened_on", "", Reason.FIELD_MISSING),
        ("notified_on", "2026-11-17", Reason.DATE_ORDER),
        ("card_number", "AB1234", Reason.NUMBER_MALFORMED),
        ("roman", "nguyen", Reason.ITEM_MALFORMED),
        ("roman", "", Reason.FIELD_MISSING),
        ("roman", "A\x7fB", Reason.FIELD_CONTROL_CHARACTER),
        ("kanji", "阮" * 151, Reason.ITEM_MALFORMED),
        ("kanji", "阮" * 301, Reason.FIELD_TOO_LONG),
        ("birth_date", "1990", Reason.DATE_MALFORMED),
        ("sex", "M", Reason.FIELD_UNKNOWN_VALUE),
        ("nationality", "", Reason.FIELD_MISSING),
        ("new_card_number", "", Reason.FIELD_MISSING),
        ("new_card_number", "ab12345678cd", Reason.NUMBER_MALFORMED),
        ("new_status", "永住者", Reason.ITEM_FORBIDDEN),
    ],
)
def test_a_line_that_is_wrong_is_named_with_its_column_and_nothing_is_read(
    column: str, text: str, reason: Reason
) -> None:
    read = read_moj_file(line_with(column, text))
    assert read.notices == ()
    assert [(one.line, one.column, one.reason) for one in read.faults] == [(2, column, reason)]


def test_a_file_that_was_cut_off_lengthened_doubled_or_meant_for_the_other_way_is_refused_whole() -> None:
    whole = write_moj_file(head(2), [notice(), notice(notice_id="N-2")])
    lines = whole.splitlines(keepends=True)

    def faults(content: bytes) -> Any:
        read = read_moj_file(content)
        assert read.notices == ()
        return [(one.column, one.reason) for one in read.faults]

    assert faults(b"") == [("", Reason.FILE_EMPTY)]
    assert faults(whole[:-1]) == [("", Reason.LINE_MALFORMED)]
    assert faults(b"".join(lines[:2])) == [("count", Reason.COUNT_DIFFERS)]
    assert faults(whole + lines[1]) == [("count", Reason.COUNT_DIFFERS)]
    assert faults(lines[0] + lines[1] + lines[1]) == [("notice_id", Reason.LINE_DOUBLED)]
    assert faults(b"\xff\n") == [("", Reason.LINE_NOT_UTF8)]
    assert faults(b"x" * (FILE_BYTES + 1)) == [("", Reason.FILE_TOO_LARGE)]
    assert faults(lines[0] + b"\n" * (NOTICES_MOST + 1)) == [("", Reason.TOO_MANY_LINES)]
    assert faults(whole.replace(b"MOJ_NOTICE", b"MUNICIPAL_NOTICE", 1)) == [("kind", Reason.LAYOUT_UNKNOWN)]
    assert faults(whole.replace(b"\t7\t", b"\t0\t", 1)) == [("serial", Reason.NUMBER_MALFORMED)]
    assert faults(whole.replace(b"\t7\t", "\t７\t".encode(), 1)) == [("serial", Reason.NUMBER_MALFORMED)]
    assert faults(b"\xef\xbb\xbf" + whole) == [("format", Reason.LAYOUT_UNKNOWN)]


@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_whatever_is_read_as_a_file_is_a_file_or_a_fault(content: bytes) -> None:
    for told in (content, write_moj_file(head(1), [notice()])[:-1] + content + b"\n"):
        read = read_moj_file(told)
        assert bool(read.faults) or len(read.notices) == (read.head.count if read.head else -1)


@given(st.sets(st.integers(1, 300), min_size=1))
def test_serials_between_the_first_and_the_last_file_are_missed(known: set[int]) -> None:
    expected = sorted(set(range(min(known), max(known))) - known)
    assert list(missing_serials(known, 1_000)) == expected
    assert list(missing_serials(known, 5)) == expected[:5]


def test_items_that_a_kind_needs_must_be_told_and_others_must_not() -> None:
    for change in MojChange:
        assert check_moj_notice(notice(change)) is None
    refused = check_moj_notice(notice(MojChange.NAME, items=MojItems()))
    assert isinstance(refused, Refusal)
    assert (refused.reason, refused.field) == (Reason.FIELD_MISSING, "new_roman")
    ended = check_moj_notice(notice(MojChange.LEFT_JAPAN, items=MojItems(status="永住者")))
    assert isinstance(ended, Refusal)
    assert (ended.reason, ended.field) == (Reason.ITEM_FORBIDDEN, "new_status")


# whom it means


def test_a_notice_means_whoever_bears_its_number_when_all_items_agree() -> None:
    match = matched(
        notice(), foreigner(), foreigner(2, name=PersonName("ＬＥ　ＡＮ", roman="LE AN")), by_number=True
    )
    assert match.outcome is MojOutcome.SEVERAL
    match = matched(notice(), foreigner())
    assert (match.outcome, match.addressee_number, match.differing) == (MojOutcome.MATCHED, 1, ())


@pytest.mark.parametrize(
    ("items", "differing"),
    [
        ({"birth_date": PartialDate(1990, 1, 3)}, MojItem.BIRTH_DATE),
        ({"sex": Sex.FEMALE}, MojItem.SEX),
        ({"name": PersonName("ＴＲＡＮ", roman="TRAN")}, MojItem.NAME),
        ({"foreign": replace(HELD, nationality="ラオス")}, MojItem.NATIONALITY),
        ({"foreign": replace(HELD, residence_card_number="ZZ00000000ZZ")}, MojItem.FORMER_CARD_NUMBER),
        ({"foreign": replace(HELD, residence_card_number=None)}, MojItem.CARD_NUMBER),
    ],
)
def test_a_record_that_differs_in_an_item_waits_for_a_person_who_is_told_which(
    items: dict[str, Any], differing: MojItem
) -> None:
    match = matched(notice(MojChange.STATUS), foreigner(**items))
    assert (match.outcome, match.addressee_number, match.differing) == (MojOutcome.DIFFERS, 1, (differing,))


def test_somebody_found_by_name_alone_is_matched_only_when_neither_side_knows_a_number() -> None:
    by_name = matched(notice(), foreigner(foreign=replace(HELD, residence_card_number=None)), by_number=False)
    assert (by_name.outcome, by_name.differing) == (MojOutcome.DIFFERS, (MojItem.CARD_NUMBER,))
    unnumbered = notice(person=replace(PERSON, card_number=""))
    assert matched(unnumbered, foreigner(), by_number=False).outcome is MojOutcome.MATCHED
    other = foreigner(birth_date=PartialDate(1991, 1, 2))
    nobody = matched(notice(), other, by_number=False)
    assert (nobody.outcome, nobody.addressee_number, nobody.candidates) == (MojOutcome.NOBODY, None, (1,))


def test_a_number_borne_before_a_change_of_the_same_day_still_names_its_person_but_gives_no_other_number() -> (
    None
):
    renewed = foreigner(foreign=replace(HELD, residence_card_number=NEW_CARD))
    assert matched(notice(MojChange.NAME), renewed).outcome is MojOutcome.MATCHED
    assert matched(notice(MojChange.NAME), renewed, by_number=False).outcome is MojOutcome.DIFFERS
    other = notice(MojChange.CARD, items=MojItems(card_number="ZZ00000000ZZ"))
    assert matched(other, renewed).differing == (MojItem.FORMER_CARD_NUMBER,)


def test_a_name_is_one_whatever_its_width_and_case_and_in_kanji_too() -> None:
    wide = notice(person=replace(PERSON, roman="NGUYEN  VAN AN"))
    assert (
        matched(wide, foreigner(name=PersonName("ＮＧＵＹＥＮ　ＶＡＮ　ＡＮ"))).outcome is MojOutcome.MATCHED
    )
    kanji = notice(person=replace(PERSON, roman="", kanji="阮　文安"))
    assert matched(kanji, foreigner(name=PersonName("阮　文安"))).outcome is MojOutcome.MATCHED


@pytest.mark.parametrize(
    "change", sorted(set(MojChange) - {MojChange.DEATH, MojChange.LEFT_JAPAN, MojChange.STAY_ENDED})
)
def test_what_stands_there_already_is_not_recorded_twice(change: MojChange) -> None:
    after = drafted(notice(change), foreigner()).after[0]
    assert matched(notice(change), after).outcome is MojOutcome.ALREADY_SO


def test_whoever_moved_away_is_another_towns_and_whoever_left_japan_is_told_of_once() -> None:
    moved = foreigner(removal=Removal(ChangeReason.MOVE_OUT, DAY, DAY))
    assert matched(notice(), moved).outcome is MojOutcome.MOVED_AWAY
    assert matched(notice(MojChange.LEFT_JAPAN), moved).outcome is MojOutcome.MOVED_AWAY
    abroad = foreigner(removal=Removal(ChangeReason.MOVE_OUT_ABROAD, DAY, DAY))
    assert matched(notice(), abroad).outcome is MojOutcome.REMOVED
    assert matched(notice(MojChange.LEFT_JAPAN), abroad).outcome is MojOutcome.ALREADY_SO
    assert matched(notice(MojChange.DEATH), abroad).outcome is MojOutcome.REMOVED
    dead = foreigner(removal=Removal(ChangeReason.DEATH, DAY, DAY))
    assert matched(notice(MojChange.DEATH), dead).outcome is MojOutcome.ALREADY_SO


def test_an_older_notice_does_not_undo_a_later_change_nor_end_a_later_stay() -> None:
    later = matched(notice(MojChange.STATUS), foreigner(), last_changed_on=TODAY)
    assert later.outcome is MojOutcome.OUTDATED
    assert matched(notice(MojChange.STATUS), foreigner(), last_changed_on=DAY).outcome is MojOutcome.MATCHED
    back = foreigner(resident_since=TODAY, address_since=TODAY)
    assert matched(notice(MojChange.LEFT_JAPAN), back).outcome is MojOutcome.OUTDATED
    changes = [(ChangeKind.NAME_CHANGE, TODAY), (ChangeKind.RESIDENCE_STATUS_CHANGE, DAY)]
    assert latest_change(changes, ChangeKind.RESIDENCE_STATUS_CHANGE) == DAY
    assert latest_change(changes, ChangeKind.DEATH) is None


def test_whoever_is_japanese_by_now_is_shown_to_a_person() -> None:
    japanese = record(1, birth_date=PERSON.birth_date)
    match = matched(notice(), japanese)
    assert (match.outcome, match.differing) == (MojOutcome.DIFFERS, (MojItem.KIND,))
    assert not may_be_meant(notice(), japanese)
    assert may_be_meant(notice(), foreigner())
    assert not may_be_meant(notice(), foreigner(name=PersonName("ＴＲＡＮ")))


def test_a_name_that_cannot_be_written_is_nobodys_draft() -> None:
    match = match_notice(notice(MojChange.NAME), [MojCandidate(foreigner(), by_number=True)], readable=False)
    assert match.outcome is MojOutcome.CHARACTERS


# what becomes of it


def test_a_changed_name_keeps_the_alias_and_loses_the_reading_of_the_former_name() -> None:
    entry = drafted(notice(MojChange.NAME), foreigner())
    name = entry.after[0].name
    assert (name.kanji, name.roman, name.alias) == (
        "ＮＧＵＹＥＮ　ＶＡＮ　ＢＩＮＨ",
        "NGUYEN VAN BINH",
        "阮　安",
    )
    assert name.furigana is None
    assert (entry.kind, entry.reason, entry.ground) == (
        ChangeKind.NAME_CHANGE, ChangeReason.AMENDED_EX_OFFICIO, Ground.EX_OFFICIO,
    )  # fmt: skip
    kanji = drafted(notice(MojChange.NAME, items=MojItems(roman="RUAN WENAN", kanji="阮　文安")), foreigner())
    assert (kanji.after[0].name.kanji, kanji.after[0].name.roman) == ("阮　文安", "RUAN WENAN")


def test_a_status_without_end_takes_the_end_of_the_former_one_away() -> None:
    entry = drafted(notice(MojChange.STATUS), foreigner())
    held = entry.after[0].foreign
    assert held is not None
    assert (held.residence_status, held.residence_period, held.residence_expires_on) == ("永住者", None, None)
    assert held.residence_card_number == NEW_CARD
    assert (entry.kind, entry.reason) == (ChangeKind.RESIDENCE_STATUS_CHANGE, ChangeReason.NOT_REPORTED)


@pytest.mark.parametrize("change", [MojChange.BIRTH_DATE, MojChange.SEX])
def test_a_birth_date_or_sex_that_was_wrong_is_told_above_the_town(change: MojChange) -> None:
    assert drafted(notice(change), foreigner()).reason is ChangeReason.AMENDED_EX_OFFICIO


def test_whoever_died_left_or_may_not_stay_is_struck_on_the_ministrys_word() -> None:
    dead = draft_of_notice(notice(MojChange.DEATH), foreigner(), TODAY)
    assert isinstance(dead, DeathEntry)
    assert not dead.by_report
    for change, words in STRUCK_WORDS.items():
        strike = draft_of_notice(notice(change), foreigner(), TODAY)
        assert isinstance(strike, ExOfficioStrike)
        assert (strike.reason, strike.detail) == (ChangeReason.STRUCK_OTHER, words)
        entry = drafted(notice(change), foreigner())
        assert check_moj_fit(change, 1, entry) is None
        assert check_moj_fit(MojChange.NAME, 1, entry) is not None
        assert check_moj_fit(change, 2, entry) is not None
    for items in ({"birth_date": PartialDate(1990, 1, 3)}, {"sex": Sex.FEMALE}):
        more = draft(
            replace(draft_of_notice(notice(), foreigner(), TODAY), **items), (foreigner(),), TODAY, Desk(HOME)
        )
        assert isinstance(more, Entry)
        refused = check_moj_fit(MojChange.CARD, 1, more)
        assert refused is not None
        assert refused.reason is Reason.MOJ_NOTICE_NOT_FITTING
    dead = draft(DeathEntry(1, DAY, DAY), (record(1),), TODAY, Desk(HOME))
    assert isinstance(dead, Entry)
    assert check_moj_fit(MojChange.DEATH, None, dead) is not None  # of no foreign resident
    own_word = NameChangeEntry(1, replace(NAME, alias=None), NameCause.ALIAS, DAY, DAY)
    entry = draft(own_word, (foreigner(),), TODAY, Desk(HOME))
    assert isinstance(entry, Entry)
    assert check_moj_fit(MojChange.NAME, 1, entry) is not None


@pytest.mark.parametrize(
    ("items", "reason", "column"),
    [
        ({}, Reason.NOTHING_CHANGES, "change"),
        ({"card_number": "X1"}, Reason.NUMBER_MALFORMED, "card_number"),
        ({"status": "在" * 51}, Reason.FIELD_TOO_LONG, "status"),
        ({"period": "年" * 31}, Reason.FIELD_TOO_LONG, "period"),
        ({"ends_on": TODAY, "endless": True}, Reason.ITEM_FORBIDDEN, "ends_on"),
        ({"birth_date": PartialDate(2025, 1, 1)}, Reason.DATE_ORDER, "birth_date"),
    ],
)
def test_a_change_of_the_stay_that_says_nothing_or_nonsense_is_refused(
    items: dict[str, Any], reason: Reason, column: str
) -> None:
    refused = draft_residence_change(ResidenceChange(1, DAY, DAY, **items), (foreigner(),), TODAY)
    assert isinstance(refused, Refusal)
    assert (refused.reason, refused.field) == (reason, column)


def test_a_japanese_record_has_no_stay_to_be_changed() -> None:
    refused = draft_residence_change(ResidenceChange(1, DAY, DAY, status="永住者"), (record(1),), TODAY)
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.FOREIGN_ITEMS_FORBIDDEN


# what the town tells


def entry_of(*pairs: Any, **items: Any) -> Entry:
    old = tuple(one for one, _ in pairs if one is not None)
    given = {"kind": ChangeKind.CORRECTION, "reason": ChangeReason.NOT_REPORTED}
    return Entry(
        **(given | items), change_date=DAY, notified_on=TODAY, before=old, after=tuple(one for _, one in pairs),
        subjects=tuple(one.addressee_number for _, one in pairs),
    )  # fmt: skip


@pytest.mark.requirement("R-233")
def test_entry_deletion_and_amendment_of_a_foreign_resident_are_owed_and_nothing_else() -> None:
    here, struck = foreigner(), foreigner(removal=Removal(ChangeReason.DEATH, DAY, DAY))
    moved = foreigner(current_address=replace(here.current_address, block="9番9号"))
    other_head = foreigner(householder_name="別家　花子")

    def acts(old: Any, new: Any) -> list[MunicipalAct]:
        return [one.act for one in municipal_notices_owed(entry_of((old, new)))]

    assert acts(None, here) == [MunicipalAct.ENTERED]
    assert acts(struck, here) == [MunicipalAct.ENTERED]
    assert acts(here, struck) == [MunicipalAct.STRUCK]
    assert acts(here, moved) == [MunicipalAct.AMENDED]
    assert acts(here, foreigner(name=replace(NAME, alias="青山　安"))) == [MunicipalAct.AMENDED]
    assert acts(here, foreigner(foreign=replace(HELD, residence_status="永住者"))) == [MunicipalAct.AMENDED]
    assert acts(here, other_head) == []
    assert acts(struck, struck) == []
    assert acts(None, record(1)) == []
    assert acts(here, record(1)) == [MunicipalAct.STRUCK]


def test_a_notice_of_the_town_says_where_from_where_to_and_of_which_notice() -> None:
    here = foreigner()
    there = MoveWithinNotice((1,), replace(here.current_address, block="9番9号"), DAY, TODAY)
    entry = draft(there, (here,), TODAY, Desk(HOME, allotment=Allotment(household_numbers=(99,))))
    assert isinstance(entry, Entry)
    told = municipal_notice(entry, 1, MunicipalAct.AMENDED, "E-1", about="N-1")
    assert told is not None
    assert (told.address, told.former_address) == (
        entry.after[0].current_address.one_line(), here.current_address.one_line(),
    )  # fmt: skip
    assert (told.card_number, told.roman, told.alias, told.about) == (CARD, NAME.roman, NAME.alias, "N-1")
    assert municipal_notice(entry, 2, MunicipalAct.AMENDED, "E-1") is None
    gone = foreigner(removal=Removal(ChangeReason.MOVE_OUT, DAY, DAY), move_out_to_address="北海道函館市")
    struck = municipal_notice(entry_of((here, gone)), 1, MunicipalAct.STRUCK, "E-2")
    assert struck is not None
    assert (struck.destination, struck.former_address) == ("北海道函館市", "")


@pytest.mark.requirement("R-235")
def test_names_go_out_in_the_ministrys_characters_and_come_back_in_the_registrys() -> None:
    tables = character_tables()
    told = municipal_notice(
        entry_of((None, foreigner(name=PersonName("髙橋　丽")))), 1, MunicipalAct.ENTERED, "E-1"
    )
    assert told is not None
    written, unwritten = in_ministry_characters(told, tables)
    assert unwritten == ()
    assert "丽" not in written.name  # the simplified form is written by its standard form
    content = write_municipal_file(head(1, MojFileKind.MUNICIPAL_NOTICE), [written])
    read_head, notices, faults = read_municipal_file(content)
    assert (faults, notices) == ((), (written,))
    assert read_head == head(1, MojFileKind.MUNICIPAL_NOTICE)
    text, readable = in_registry_characters(written.name, tables)
    assert readable
    assert text.startswith("髙橋")


@pytest.mark.requirement("R-235")
def test_a_character_that_the_ministry_lacks_is_named_with_its_place_until_somebody_writes_it_otherwise() -> (
    None
):
    tables = character_tables()
    told = municipal_notice(
        entry_of((None, foreigner(name=PersonName("\ue001田　一")))), 1, MunicipalAct.ENTERED, "E-1"
    )
    assert told is not None
    _, unwritten = in_ministry_characters(told, tables)
    assert [(one.item, [two.position for two in one.characters]) for one in unwritten] == [("name", [1])]
    written, unwritten = in_ministry_characters(told, tables, written=[("name", "上田　一")])
    assert (written.name, unwritten) == ("上田　一", ())
    assert in_registry_characters("\ue001", tables) == ("〓", False)


def test_no_separator_inside_an_item_makes_a_line_longer() -> None:
    told = municipal_notice(entry_of((None, foreigner())), 1, MunicipalAct.ENTERED, "E-1")
    assert told is not None
    content = write_municipal_file(
        head(1, MojFileKind.MUNICIPAL_NOTICE), [replace(told, destination="a\tb\nc")]
    )
    assert len(content.decode().splitlines()[1].split("\t")) == len(MUNICIPAL_COLUMNS)


def test_a_day_before_the_first_era_is_refused() -> None:
    early = replace(notice(MojChange.CARD), happened_on=date(1868, 1, 24))
    assert check_moj_notice(early) == Refusal(Reason.DATE_MALFORMED, juki("30-50"), "happened_on")
