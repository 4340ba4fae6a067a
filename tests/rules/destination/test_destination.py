"""送付先情報: every item on its own value, what is computed, what is refused, when a notice is owed, where it goes."""

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.register.conftest import DAY, HERE, HOME, THERE, code, record

from daicho.nodes.watch.characters import character_tables
from daicho.rules.destination.checking import check_destination
from daicho.rules.destination.keeping import DESTINATION_FILE, destination_kept_until
from daicho.rules.destination.making import Addressed, DestinationStamp, addressed_to, make_destination
from daicho.rules.destination.owed import check_order, owed_notice
from daicho.rules.destination.record import MAX_PERSONS, DestinationInfo, DestinationPerson, PrintKind
from daicho.rules.destination.settings import OfficePlace, TownPlaces, check_places
from daicho.rules.destination.stated import StatedDestination, StatedGround, check_stated, waits_for_officer
from daicho.rules.law.refusal import Reason
from daicho.rules.people.characters.identify import OwnCharacter, character_count, split_characters
from daicho.rules.people.characters.substitute import GaijiPattern, SubstitutionResult
from daicho.rules.people.codes import IndividualNumber, MunicipalityCode, with_check_digit
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.names import PersonName, gaiji_count
from daicho.rules.people.sex import Sex
from daicho.rules.register.changes import Entry
from daicho.rules.register.reasons import ChangeKind, ChangeReason
from daicho.rules.register.reception import Document, Notifier, Reception
from daicho.rules.register.record import AddressReason, ForeignItems, Removal, ResidentKind

TOWN = "東京都千代田区"
NUMBER = IndividualNumber(with_check_digit("12345678901"))
TABLES = character_tables()
# An own character of the town, drawn; a form with a selector; one beyond the plain planes.
OWN = {"\ue000": OwnCharacter(image=b"picture")}
PLACES = TownPlaces(
    HOME,
    OfficePlace("架空区", "1000010", "東京都架空区𠮷田一番", "03-0000-0001"),
    OfficePlace("架空区𠮷田市民課", "1000011", "東京都架空区二番", "03-0000-0002"),
    OfficePlace("架空区邉\U000e0101支所", "1000012", "東京都架空区𠮷野三番地", "03-0000-0003"),
)
STAMP = DestinationStamp("d-1", DAY, "machine", "t-1", PrintKind.FIRST)
FOREIGN = record(
    2,
    relationship="妻",
    name=PersonName("邉\U000e0101　\ue000子", "ヘン　コ", roman="HEN KO"),
    birth_date=PartialDate(1985, 5, 6),
    sex=Sex.MALE,
    resident_kind=ResidentKind.FOREIGN,
    foreign=ForeignItems(DAY, "仮想国", "中長期在留者", residence_expires_on=date(2028, 3, 4)),
    current_address=replace(HERE, town="\ue000町𠮷丁目"),
)
STATED = StatedDestination(
    "2000001", "神奈川県架空市𠮷一番", StatedGround.INSTITUTION, name="受取　邉\U000e0101",
    reception=Reception(Notifier.SELF, (Document.NUMBER_CARD,), card_expires_on=date(2199, 1, 2)),
)  # fmt: skip


def made(*people, where=None, stamp=STAMP, places=PLACES):
    people = people or (FOREIGN,)
    where = where or addressed_to(people[0], STATED, TOWN, DAY)
    return make_destination(where, [(one, NUMBER) for one in people], places, stamp, TABLES, OWN, town=TOWN)


def entry(after, reason=ChangeReason.NUMBER_ENTERED, kind=ChangeKind.NUMBER_CHANGE):
    return Entry(kind, reason, DAY, DAY, (after,), (after,), (after.addressee_number,))


@pytest.mark.parametrize(
    ("item", "value"),
    [
        pytest.param("destination_control_number", "d-1", marks=pytest.mark.requirement("F3-1")),
        pytest.param("destination_postal_code", "2000001", marks=pytest.mark.requirement("F3-2")),
        pytest.param("destination_address_length", 10, marks=pytest.mark.requirement("F3-3")),
        pytest.param("destination_address", "神奈川県架空市𠮷一番", marks=pytest.mark.requirement("F3-4")),
        pytest.param("destination_address_gaiji_count", 1, marks=pytest.mark.requirement("F3-5")),
        pytest.param("destination_name_length", 4, marks=pytest.mark.requirement("F3-6")),
        pytest.param("destination_name", "受取　邉\U000e0101", marks=pytest.mark.requirement("F3-7")),
        pytest.param("destination_name_gaiji_count", 1, marks=pytest.mark.requirement("F3-8")),
        pytest.param("municipality_code", "13101", marks=pytest.mark.requirement("F3-9")),
        pytest.param("municipality_name_length", 3, marks=pytest.mark.requirement("F3-10")),
        pytest.param("municipality_name", "架空区", marks=pytest.mark.requirement("F3-11")),
        pytest.param("municipality_postal_code", "1000010", marks=pytest.mark.requirement("F3-12")),
        pytest.param("municipality_address_length", 10, marks=pytest.mark.requirement("F3-13")),
        pytest.param("municipality_address", "東京都架空区𠮷田一番", marks=pytest.mark.requirement("F3-14")),
        pytest.param("municipality_address_gaiji_count", 1, marks=pytest.mark.requirement("F3-15")),
        pytest.param("municipality_phone", "03-0000-0001", marks=pytest.mark.requirement("F3-16")),
        pytest.param("issue_place_name_length", 8, marks=pytest.mark.requirement("F3-17")),
        pytest.param("issue_place_name", "架空区𠮷田市民課", marks=pytest.mark.requirement("F3-18")),
        pytest.param("issue_place_name_gaiji_count", 1, marks=pytest.mark.requirement("F3-19")),
        pytest.param("issue_place_postal_code", "1000011", marks=pytest.mark.requirement("F3-20")),
        pytest.param("issue_place_address_length", 8, marks=pytest.mark.requirement("F3-21")),
        pytest.param("issue_place_address", "東京都架空区二番", marks=pytest.mark.requirement("F3-22")),
        pytest.param("issue_place_address_gaiji_count", 0, marks=pytest.mark.requirement("F3-23")),
        pytest.param("issue_place_phone", "03-0000-0002", marks=pytest.mark.requirement("F3-24")),
        pytest.param("card_delivery_place_name_length", 6, marks=pytest.mark.requirement("F3-25")),
        pytest.param(
            "card_delivery_place_name", "架空区邉\U000e0101支所", marks=pytest.mark.requirement("F3-26")
        ),
        pytest.param("card_delivery_place_name_gaiji_count", 1, marks=pytest.mark.requirement("F3-27")),
        pytest.param("card_delivery_place_postal_code", "1000012", marks=pytest.mark.requirement("F3-28")),
        pytest.param("card_delivery_place_address_length", 11, marks=pytest.mark.requirement("F3-29")),
        pytest.param(
            "card_delivery_place_address", "東京都架空区𠮷野三番地", marks=pytest.mark.requirement("F3-30")
        ),
        pytest.param("card_delivery_place_address_gaiji_count", 1, marks=pytest.mark.requirement("F3-31")),
        pytest.param("card_delivery_place_phone", "03-0000-0003", marks=pytest.mark.requirement("F3-32")),
        pytest.param("person_count", 1, marks=pytest.mark.requirement("F3-33")),
        pytest.param("processed_on", DAY, marks=pytest.mark.requirement("F3-34")),
        pytest.param("operator_role_id", "machine", marks=pytest.mark.requirement("F3-35")),
        pytest.param("terminal_id", "t-1", marks=pytest.mark.requirement("F3-36")),
        pytest.param("print_kind", PrintKind.FIRST, marks=pytest.mark.requirement("F3-37")),
    ],
)
def test_a_destination_says(item, value):
    assert getattr(made(), item) == value


@pytest.mark.parametrize(
    ("item", "value"),
    [
        pytest.param("resident_record_code", code(2), marks=pytest.mark.requirement("F3-38")),
        pytest.param("name_kanji_length", 4, marks=pytest.mark.requirement("F3-39")),
        pytest.param("name_kanji", "邉\U000e0101　\ue000子", marks=pytest.mark.requirement("F3-40")),
        pytest.param("name_gaiji_count", 2, marks=pytest.mark.requirement("F3-41")),
        pytest.param("name_kana_length", 4, marks=pytest.mark.requirement("F3-42")),
        pytest.param("name_kana", "ヘン　コ", marks=pytest.mark.requirement("F3-43")),
        pytest.param("postal_code", "1000001", marks=pytest.mark.requirement("F3-44")),
        pytest.param("address_length", 16, marks=pytest.mark.requirement("F3-45")),
        pytest.param("address", "東京都千代田区\ue000町𠮷丁目2番3号", marks=pytest.mark.requirement("F3-46")),
        pytest.param("address_gaiji_count", 2, marks=pytest.mark.requirement("F3-47")),
        pytest.param("birth_date", PartialDate(1985, 5, 6), marks=pytest.mark.requirement("F3-48")),
        pytest.param("sex", Sex.MALE, marks=pytest.mark.requirement("F3-49")),
        pytest.param("individual_number", NUMBER, marks=pytest.mark.requirement("F3-50")),
        pytest.param("foreign_category", "中長期在留者", marks=pytest.mark.requirement("F3-51")),
        pytest.param("stay_expires_on", date(2028, 3, 4), marks=pytest.mark.requirement("F3-52")),
        pytest.param(
            "substitution_result", SubstitutionResult.INCOMPLETE, marks=pytest.mark.requirement("F3-53")
        ),
        pytest.param("substitute_name_length", 4, marks=pytest.mark.requirement("F3-54")),
        pytest.param("substitute_name", "邉　〓子", marks=pytest.mark.requirement("F3-55")),
        pytest.param("substitute_address_length", 16, marks=pytest.mark.requirement("F3-56")),
        pytest.param(
            "substitute_address", "東京都千代田区〓町吉丁目2番3号", marks=pytest.mark.requirement("F3-57")
        ),
        pytest.param("substitute_name_positions", (1, 3), marks=pytest.mark.requirement("F3-58")),
        pytest.param("substitute_address_positions", (8, 10), marks=pytest.mark.requirement("F3-59")),
        pytest.param("gaiji_flag", True, marks=pytest.mark.requirement("F3-60")),
        pytest.param(
            "gaiji_pattern",
            (GaijiPattern(3, "\ue000", b"picture"), GaijiPattern(8, "\ue000", b"picture")),
            marks=pytest.mark.requirement("F3-61"),
        ),
        pytest.param("roman_name", "HEN KO", marks=pytest.mark.requirement("F3-62")),
        pytest.param("roman_name_update_flag", True, marks=pytest.mark.requirement("F3-63")),
    ],
)
def test_of_a_person_it_says(item, value):
    assert getattr(made().persons[0], item) == value


def test_of_a_plain_resident_what_is_not_there_is_empty():
    info = made(record(1), where=Addressed("1000001", "東京都架空区一番", "試験　1号"))
    (one,) = info.persons
    assert (one.foreign_category, one.stay_expires_on, one.roman_name, one.roman_name_update_flag) == (
        "", None, "", False,
    )  # fmt: skip
    assert (one.substitution_result, one.gaiji_flag, one.gaiji_pattern) == ("0", False, ())
    assert one.substitute_name_positions == one.substitute_address_positions == ()
    assert check_destination(info, HOME, DAY) is None


def test_the_file_has_the_63_items_and_no_other():
    items = [one.name for one in fields(DestinationInfo)][:-1] + [
        one.name for one in fields(DestinationPerson)
    ]
    assert len(items) == len(set(items)) == 63


def test_a_household_is_one_destination_with_each_persons_items():
    info = made(record(1), FOREIGN, record(3, relationship="子"))
    assert info.person_count == 3
    assert [one.resident_record_code for one in info.persons] == [code(1), code(2), code(3)]
    assert check_destination(info, HOME, DAY) is None
    with pytest.raises(ValueError, match="from one person"):
        made(*[record(one) for one in range(MAX_PERSONS + 1)])


WRITTEN = st.lists(
    st.sampled_from(["髙", "邉\U000e0101", "𠮷", "\ue000", "あ", "１", "试", "葛\U000e0100"]),
    min_size=1,
    max_size=9,
).map("".join)


@pytest.mark.requirement("R-239", "R-240", "R-241")
@given(WRITTEN, WRITTEN, WRITTEN, WRITTEN)
def test_lengths_counts_and_places_are_those_of_the_texts(name, town, goes_to, to_whom):
    who = record(1, name=PersonName(name, "テスト"), current_address=replace(HERE, town=town))
    info = made(who, where=Addressed("1000001", goes_to, to_whom))
    (one,) = info.persons
    assert check_destination(info, HOME, DAY) is None
    assert (info.destination_address_length, info.destination_name_length) == (
        len(split_characters(goes_to)), len(split_characters(to_whom)),
    )  # fmt: skip
    assert (info.destination_address_gaiji_count, info.destination_name_gaiji_count) == (
        gaiji_count(goes_to), gaiji_count(to_whom),
    )  # fmt: skip
    for text, length, gaiji, written, written_length, places in (
        (one.name_kanji, one.name_kanji_length, one.name_gaiji_count, one.substitute_name,
         one.substitute_name_length, one.substitute_name_positions),
        (one.address, one.address_length, one.address_gaiji_count, one.substitute_address,
         one.substitute_address_length, one.substitute_address_positions),
    ):  # fmt: skip
        whole, printed = split_characters(text), split_characters(written)
        assert (length, gaiji, written_length) == (len(whole), gaiji_count(text), character_count(written))
        assert len(printed) == len(whole), "each character has its replacement at its place"
        for place, (before, after) in enumerate(zip(whole, printed, strict=True), start=1):
            if place not in places:
                assert after[0] == before[0] or len(before) > 1
            else:
                assert after != before
    assert one.gaiji_flag is bool(one.name_gaiji_count + one.address_gaiji_count)
    assert {(p.position, p.character) for p in one.gaiji_pattern} == {
        (place, char) for text in (one.name_kanji, one.address)
        for place, char in enumerate(split_characters(text), start=1) if char == "\ue000"
    }  # fmt: skip


@pytest.mark.requirement("R-069")
@pytest.mark.parametrize(
    ("changed", "reason", "field"),
    [
        ({"municipality_code": MunicipalityCode("01202")}, Reason.OTHER_MUNICIPALITY, "municipality_code"),
        ({"destination_control_number": ""}, Reason.ITEM_MALFORMED, "destination_control_number"),
        ({"destination_postal_code": "100-001"}, Reason.ITEM_MALFORMED, "destination_postal_code"),
        ({"processed_on": DAY + timedelta(days=2)}, Reason.DATE_IN_FUTURE, "processed_on"),
        ({"operator_role_id": ""}, Reason.FIELD_MISSING, "operator_role_id"),
        ({"terminal_id": "t" * 65}, Reason.ITEM_MALFORMED, "terminal_id"),
        ({"destination_address_length": 12}, Reason.COUNT_DIFFERS, "destination_address_length"),
        ({"destination_name_gaiji_count": 0}, Reason.COUNT_DIFFERS, "destination_name_gaiji_count"),
        ({"municipality_name_length": 4}, Reason.COUNT_DIFFERS, "municipality_name_length"),
        ({"municipality_address_gaiji_count": 2}, Reason.COUNT_DIFFERS, "municipality_address_gaiji_count"),
        ({"issue_place_name_gaiji_count": 0}, Reason.COUNT_DIFFERS, "issue_place_name_gaiji_count"),
        ({"issue_place_address_gaiji_count": 1}, Reason.COUNT_DIFFERS, "issue_place_address_gaiji_count"),
        (
            {"card_delivery_place_name_gaiji_count": 0},
            Reason.COUNT_DIFFERS, "card_delivery_place_name_gaiji_count",
        ),
        (
            {"card_delivery_place_address_gaiji_count": 0},
            Reason.COUNT_DIFFERS, "card_delivery_place_address_gaiji_count",
        ),
        ({"destination_name": "", "destination_name_length": 0}, Reason.FIELD_MISSING, "destination_name"),
        (
            {"destination_name": "受\n取", "destination_name_length": 3, "destination_name_gaiji_count": 0},
            Reason.FIELD_CONTROL_CHARACTER, "destination_name",
        ),
        ({"municipality_phone": "なし"}, Reason.ITEM_MALFORMED, "municipality_phone"),
        ({"issue_place_postal_code": ""}, Reason.ITEM_MALFORMED, "issue_place_postal_code"),
        ({"person_count": 2}, Reason.COUNT_DIFFERS, "person_count"),
    ],
)  # fmt: skip
def test_a_destination_that_contradicts_itself_is_refused(changed, reason, field):
    refusal = check_destination(replace(made(), **changed), HOME, DAY)
    assert (refusal.reason, refusal.field) == (reason, field)


@pytest.mark.requirement("R-069")
@pytest.mark.parametrize(
    ("changed", "reason", "field"),
    [
        ({"name_kanji_length": 3}, Reason.COUNT_DIFFERS, "name_kanji_length"),
        ({"name_gaiji_count": 1}, Reason.COUNT_DIFFERS, "name_gaiji_count"),
        ({"name_kana_length": 1}, Reason.COUNT_DIFFERS, "name_kana_length"),
        ({"address_gaiji_count": 0}, Reason.COUNT_DIFFERS, "address_gaiji_count"),
        ({"substitute_name_length": 9}, Reason.COUNT_DIFFERS, "substitute_name_length"),
        ({"substitute_address_length": 9}, Reason.COUNT_DIFFERS, "substitute_address_length"),
        ({"substitute_name_positions": (5,)}, Reason.ITEM_MALFORMED, "substitute_name_positions"),
        ({"substitute_address_positions": (8, 8)}, Reason.ITEM_MALFORMED, "substitute_address_positions"),
        (
            {"substitution_result": SubstitutionResult.NOT_NEEDED},
            Reason.ITEM_FORBIDDEN,
            "substitution_result",
        ),
        ({"gaiji_flag": False}, Reason.COUNT_DIFFERS, "gaiji_flag"),
        ({"gaiji_pattern": (GaijiPattern(1, "\ue000", b"x"),)}, Reason.ITEM_FORBIDDEN, "gaiji_pattern"),
        ({"gaiji_pattern": (GaijiPattern(3, "\ue000", b""),)}, Reason.FIELD_TOO_LONG, "gaiji_pattern"),
        ({"individual_number": None}, Reason.FIELD_MISSING, "individual_number"),
        ({"postal_code": "1"}, Reason.ITEM_MALFORMED, "postal_code"),
        ({"foreign_category": ""}, Reason.ITEM_FORBIDDEN, "stay_expires_on"),
        ({"foreign_category": "x" * 41}, Reason.FIELD_TOO_LONG, "foreign_category"),
        ({"roman_name": "A\nB"}, Reason.ITEM_MALFORMED, "roman_name"),
        ({"roman_name_update_flag": False}, Reason.ITEM_FORBIDDEN, "roman_name_update_flag"),
    ],
)
def test_a_person_whose_items_contradict_each_other_is_refused(changed, reason, field):
    info = made()
    refusal = check_destination(replace(info, persons=(replace(info.persons[0], **changed),)), HOME, DAY)
    assert (refusal.reason, refusal.field) == (reason, field)


def test_nobody_stands_twice_in_one_destination():
    info = made(FOREIGN, FOREIGN)
    assert check_destination(info, HOME, DAY).field == "resident_record_code"


def test_settings_with_which_no_notice_can_be_printed_are_refused():
    assert check_places(PLACES) is None
    for part, field in (
        ("town", "municipality"), ("issue_place", "issue_place"), ("card_delivery_place", "card_delivery_place"),
    ):  # fmt: skip
        place = getattr(PLACES, part)
        for item, text, reason in (
            ("name", "", Reason.FIELD_MISSING),
            ("address", "字" * 621, Reason.FIELD_TOO_LONG),
            ("name", "市\n", Reason.FIELD_CONTROL_CHARACTER),
            ("postal_code", "100-0001", Reason.ITEM_MALFORMED),
            ("phone", "-3", Reason.ITEM_MALFORMED),
        ):
            refusal = check_places(replace(PLACES, **{part: replace(place, **{item: text})}))
            assert (refusal.reason, refusal.field) == (reason, f"{field}_{item}")


@pytest.mark.parametrize(
    "reason",
    [AddressReason.MOVE_IN, AddressReason.BIRTH, AddressReason.MOVE_IN_FROM_ABROAD, AddressReason.EX_OFFICIO],
)
def test_the_first_number_of_whoever_is_born_or_comes_from_abroad_is_told(reason):
    who = record(1, address_reason=reason)
    assert owed_notice(entry(who), code_allotted_here=True, asked_here=False) == (who, PrintKind.FIRST)


def test_a_number_that_another_town_has_told_is_not_told_again():
    back = record(1, address_reason=AddressReason.MOVE_IN_FROM_ABROAD)
    assert owed_notice(entry(back), code_allotted_here=False, asked_here=False) is None
    mover = record(1, address_reason=AddressReason.MOVE_IN)
    elsewhere = entry(mover, ChangeReason.NUMBER_CHANGED_EX_OFFICIO)
    assert owed_notice(elsewhere, code_allotted_here=True, asked_here=False) is None


@pytest.mark.parametrize(
    "reason", [ChangeReason.NUMBER_CHANGED_ON_REQUEST, ChangeReason.NUMBER_CHANGED_EX_OFFICIO]
)
def test_another_number_that_was_asked_for_here_is_told(reason):
    mover = record(1, address_reason=AddressReason.MOVE_IN)
    owed = owed_notice(entry(mover, reason), code_allotted_here=False, asked_here=True)
    assert owed == (mover, PrintKind.CHANGED)


def test_no_other_change_owes_a_notice():
    born = record(1, address_reason=AddressReason.BIRTH)
    for kind in set(ChangeKind) - {ChangeKind.NUMBER_CHANGE}:
        assert owed_notice(entry(born, kind=kind), code_allotted_here=True, asked_here=True) is None


def test_by_order_it_goes_once_more_to_whoever_lives_here_and_has_a_number():
    gone = record(1, removal=Removal(ChangeReason.DEATH, DAY, DAY))
    assert check_order(record(1), "返戻", has_number=True) is None
    for who, words, has, field in (
        (None, "返戻", True, "addressee_number"), (gone, "返戻", True, "addressee_number"),
        (record(1), " ", True, "words"), (record(1), "返" * 201, True, "words"), (record(1), "返\n戻", True, "words"),
        (record(1), f"番号{NUMBER}", True, "words"), (record(1), "返戻", False, "individual_number"),
        (record(1, resident_record_code=None), "返戻", True, "individual_number"),
    ):  # fmt: skip
        assert check_order(who, words, has_number=has).field == field


def test_the_letter_goes_to_the_householder_unless_another_place_is_stated_and_still_holds():
    who = record(2, relationship="子", current_address=THERE)
    at_home = Addressed("1000002", "東京都千代田区想像町二丁目4番5号　仮想荘101", "試験　1号")
    assert addressed_to(who, None, TOWN, DAY) == at_home
    until = replace(STATED, until=DAY)
    assert addressed_to(who, until, TOWN, DAY).address == STATED.address
    assert addressed_to(who, until, TOWN, DAY + timedelta(days=1)) == at_home
    assert addressed_to(who, replace(STATED, name=""), TOWN, DAY).name == "試験　2号"
    assert addressed_to(replace(who, householder_name=""), None, TOWN, DAY).name == "試験　2号"


def test_whoever_is_guarded_is_written_to_themselves_and_waits_for_an_officers_word():
    who = record(2, relationship="子", current_address=THERE)
    assert addressed_to(who, None, TOWN, DAY, guarded=True).name == "試験　2号"
    over = replace(STATED, until=DAY - timedelta(days=1))
    for stated, for_officer, confirmed, waits in (
        (None, False, False, True), (None, False, True, False), (STATED, False, False, True),
        (STATED, True, False, False), (over, True, False, True),
    ):  # fmt: skip
        plain = {"for_officer": for_officer, "confirmed": confirmed}
        assert waits_for_officer(stated, DAY, guarded=True, **plain) is waits
        assert not waits_for_officer(stated, DAY, guarded=False, **plain)


def test_another_destination_needs_a_place_a_reason_and_somebody_who_lives_here():
    gone = record(1, removal=Removal(ChangeReason.DEATH, DAY, DAY))
    assert check_stated(STATED, record(1), DAY) is None
    for stated, who, field in (
        (STATED, None, "addressee_number"), (STATED, gone, "addressee_number"),
        (replace(STATED, postal_code="12345"), record(1), "postal_code"),
        (replace(STATED, address=" "), record(1), "address"),
        (replace(STATED, address="字" * 621), record(1), "address"),
        (replace(STATED, name="受\n取"), record(1), "name"),
        (replace(STATED, words=str(NUMBER)), record(1), "words"),
        (replace(STATED, ground=StatedGround.OTHER), record(1), "words"),
        (replace(STATED, until=DAY - timedelta(days=1)), record(1), "until"),
        (replace(STATED, reception=None), record(1), "notifier"),
        (replace(STATED, reception=Reception(Notifier.SELF, ())), record(1), "documents"),
        (replace(STATED, reception=Reception(Notifier.HOUSEHOLDER, (Document.PASSPORT,))), record(1), "notifier"),
    ):  # fmt: skip
        assert check_stated(stated, who, DAY).field == field
    assert replace(STATED, ground=StatedGround.VIOLENCE).for_officer
    assert not STATED.for_officer


def test_the_cs_keeps_a_file_for_a_set_term():
    assert destination_kept_until(DAY) - DAY == timedelta(days=DESTINATION_FILE.days)
