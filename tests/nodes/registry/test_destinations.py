"""送付先情報 at the registry: when a notice is owed, once; what waits and why; where it goes; what protection hides."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.nodes.registry.conftest import (
    AT_COUNTER,
    DAY,
    HERE,
    let_nobody_know_the_measures,
    lines_about,
    say_the_measures_are_known,
)
from tests.nodes.registry.test_number_changes import FIRST, OTHER, PEER, asked, came
from tests.nodes.registry.test_protection import OFFICER, application, arrived
from tests.rules.destination.test_destination import PLACES, STATED

from daicho.nodes.registry import protection
from daicho.nodes.registry.counter import enter, verify_entry
from daicho.nodes.registry.destination import seeing, stating, telling
from daicho.nodes.registry.destination.telling import NO_SETTINGS, PROTECTED, UNVERIFIED, tell_some
from daicho.nodes.registry.renumbering import asking
from daicho.nodes.registry.reports import receive_number
from daicho.rules.destination.checking import check_destination
from daicho.rules.destination.owed import check_order
from daicho.rules.destination.record import PrintKind
from daicho.rules.destination.stated import StatedGround
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.operators.authority import Operator, Role
from daicho.rules.people.codes import IndividualNumber, with_check_digit
from daicho.rules.people.names import PersonName
from daicho.rules.register.cancellation import Cancellation
from daicho.rules.register.death import DeathEntry
from daicho.rules.register.move_in import MoveInFromAbroad
from daicho.store import code_stock, mailbox
from daicho.store.mailbox import PostedLetter, ToldFate
from daicho.wire.codecs.destination import INFO

SECOND_OFFICER = Operator("keeper02", "p2", (Role.PROTECTION_OFFICER,))
AT = datetime(2026, 11, 20, tzinfo=UTC)
THIRD = IndividualNumber(with_check_digit("42345678901"))


@pytest.fixture
def town(counter, monkeypatch):
    """The registry; its letters about destinations and numbers are gathered with the others."""
    for room in ("destination.telling", "renumbering.asking"):
        monkeypatch.setattr(
            f"daicho.nodes.registry.{room}.post_letters",
            lambda _unit, _node, letters: counter.letters.extend(letters),
        )
    return counter


@pytest.fixture
def family(town, comer):
    """Two who came from abroad with codes of the own stock, and have their first numbers."""
    with town.node.store.unit() as unit:
        code_stock.add_to_stock(unit, [str(one) for one in town.draw(None, 4)])
    town.stock = 0
    people = arrived(town, MoveInFromAbroad((comer(1), comer(2, "妻")), HERE, DAY, DAY, "カナダ"))
    for record, number in zip(people, (FIRST, OTHER), strict=True):
        numbered(town, record, number)
    return people


def numbered(town, record, number):
    with town.node.store.unit() as unit:
        outcome = receive_number(unit, town.node, record.resident_record_code, number, peer=PEER)
        assert not isinstance(outcome, Refusal)


def files(town):
    return [one.content.destination for one in town.letters if one.kind == INFO]


def states(town, column="state"):
    with town.node.store.unit() as unit:
        rows = unit.execute(f"select {column}, count(*) from register.number_notice group by 1").fetchall()
    return dict(rows)


def order(town, record, name="o-1", who=None, words="返戻のため"):
    return stating.order_notice(
        town.node, who or town.clerk, name, record.addressee_number, words, terminal="t-9"
    )


def state(town, record, stated=STATED, who=None, name="s-1"):
    return stating.state_destination(town.node, who or town.clerk, name, record.addressee_number, stated)


def verify(town, name="s-1", who=None):
    return stating.verify_destinations(town.node, who or town.checker, [name])


def confirm(town, record, who=OFFICER):
    return stating.confirm_notice(town.node, who, record.addressee_number)


def reason(answer):
    return answer.reason if isinstance(answer, Refusal) else answer


@pytest.mark.requirement("R-028", "R-065")
def test_the_first_numbers_of_a_family_go_in_one_file_once(town, family):
    assert tell_some(town.node, PLACES) == 1
    assert tell_some(town.node, PLACES) == 0
    (info,) = files(town)
    assert check_destination(info, PLACES.municipality, DAY) is None
    assert [one.individual_number for one in info.persons] == [FIRST, OTHER]
    assert (info.print_kind, info.operator_role_id, info.person_count) == (PrintKind.FIRST, "machine", 2)
    assert states(town) == {"told": 2}
    assert [one["outcome"] for one in lines_about(town.node, "number:notice:owed")] == ["owed"] * 2


def test_whoever_moves_in_with_a_code_of_elsewhere_is_told_nothing(town, move_in, comer):
    (mover,) = arrived(town, move_in(comer(3)))
    numbered(town, mover, THIRD)
    assert tell_some(town.node, PLACES) == 0
    assert states(town) == {}


def test_whoever_moves_in_without_a_code_has_a_first_number_of_here(town, move_in, comer):
    with town.node.store.unit() as unit:
        code_stock.add_to_stock(unit, [str(one) for one in town.draw(None, 1)])
    town.stock = 0
    (mover,) = arrived(town, move_in(comer(3)))
    numbered(town, mover, THIRD)
    assert tell_some(town.node, PLACES) == 1


@pytest.mark.requirement("R-011")
def test_art7_another_number_that_was_asked_for_is_told_as_such(town, family):
    tell_some(town.node, PLACES)
    assert asking.enter_number_change(town.node, town.clerk, "r1", asked(family[0])) == "r1"
    assert asking.ask_nation(town.node, town.checker, "r1") is None
    came(town, family[0].resident_record_code, THIRD)
    assert tell_some(town.node, PLACES) == 1
    info = files(town)[-1]
    assert (info.print_kind, [one.individual_number for one in info.persons]) == (PrintKind.CHANGED, [THIRD])


def test_without_the_towns_settings_it_waits_and_says_so(town, family):
    assert tell_some(town.node, None) == 0
    assert states(town, "hindrance") == {NO_SETTINGS: 2}
    assert {one.hindrance for one in seeing.number_notices_of_town(town.node, town.clerk).waiting} == {
        NO_SETTINGS
    }
    assert tell_some(town.node, PLACES) == 1
    assert states(town, "hindrance") == {"": 2}


def test_settings_that_no_server_takes_keep_everybody_waiting_and_say_what(town, family):
    assert tell_some(town.node, replace(PLACES, town=replace(PLACES.town, name="区" * 81))) == 0
    assert states(town, "hindrance") == {"FIELD_TOO_LONG municipality_name": 2}
    assert files(town) == []


def test_one_person_whose_items_no_server_takes_keeps_nobody_else_waiting(town, family, monkeypatch):
    def without_the_second(info, home, on):
        names = [one.name_kanji for one in info.persons]
        return (
            check_order(None, "", has_number=True)
            if "来訪　2号" in names
            else check_destination(info, home, on)
        )

    with monkeypatch.context() as short:
        short.setattr("daicho.nodes.registry.destination.telling.check_destination", without_the_second)
        assert tell_some(town.node, PLACES) == 1
        assert tell_some(town.node, PLACES) == 0
    assert [one.name_kanji for one in files(town)[0].persons] == ["来訪　1号"]
    assert states(town) == {"told": 1, "waiting": 1}
    assert tell_some(town.node, PLACES) == 1
    assert states(town) == {"told": 2}


def test_whoever_left_before_it_was_told_is_told_nothing(town, family):
    died = DeathEntry(family[1].addressee_number, DAY, DAY)
    entered = enter(town.node, town.clerk, died, draw_codes=town.draw, reception=AT_COUNTER)
    assert not isinstance(entered, Refusal), entered
    assert verify_entry(town.node, town.checker, entered.entry_id).state == "verified"
    assert tell_some(town.node, PLACES) == 1
    assert files(town)[0].person_count == 1
    assert states(town) == {"told": 1, "lapsed": 1}


@pytest.mark.requirement("R-082")
def test_by_order_a_notice_goes_once_more_as_the_record_stands_then(town, family):
    tell_some(town.node, PLACES)
    assert order(town, family[0]) is None
    assert order(town, family[0]) is None, "the same form twice is one order"
    assert reason(order(town, family[0], "o-2")) is Reason.NUMBER_NOTICE_WAITS
    assert reason(order(town, family[1], "o-1")) is Reason.NUMBER_NOTICE_WAITS, (
        "another form under a name that is taken"
    )
    assert tell_some(town.node, PLACES) == 1
    info = files(town)[-1]
    assert (info.print_kind, info.operator_role_id, info.terminal_id) == (PrintKind.AGAIN, "k1", "t-9")
    assert [one.resident_record_code for one in info.persons] == [family[0].resident_record_code]
    assert info.destination_control_number != files(town)[0].destination_control_number


def test_only_whoever_enters_changes_orders_states_and_ends(town, family):
    for answer in (
        order(town, family[0], who=town.checker),
        state(town, family[0], who=town.checker),
        stating.end_destination(town.node, town.checker, family[0].addressee_number),
        seeing.number_notices_of(town.node, town.checker, family[0].addressee_number),
        seeing.number_notices_of_town(town.node, town.admin),
    ):
        assert reason(answer) is Reason.NOT_PERMITTED


def test_a_letter_goes_where_somebody_stated_until_that_ends(town, family):
    assert state(town, family[1], replace(STATED, until=DAY)) is None
    assert state(town, family[1], replace(STATED, until=DAY)) is None, "the same form twice states one"
    assert reason(state(town, family[1], name="s-2")) is Reason.DESTINATION_STATED
    assert verify(town) is None
    assert tell_some(town.node, PLACES) == 2
    there, home = sorted(files(town), key=lambda one: one.destination_address != STATED.address)
    assert (there.destination_postal_code, there.destination_name) == (STATED.postal_code, STATED.name)
    assert there.persons[0].address == home.persons[0].address, "where they live stays what the record says"
    assert stating.end_destination(town.node, town.clerk, family[1].addressee_number) is None
    assert (
        reason(stating.end_destination(town.node, town.clerk, family[1].addressee_number)) is Reason.NOT_FOUND
    )
    order(town, family[1])
    tell_some(town.node, PLACES)
    assert files(town)[-1].destination_address == home.destination_address
    assert [one["outcome"] for one in lines_about(town.node, "number:destination:stated")] == [
        "stated", "verified", "ended",
    ]  # fmt: skip
    with town.node.store.unit() as unit:
        assert unit.execute("select body from register.stated_destination").fetchall() == [(None,)]


def test_a_stated_destination_is_over_after_its_last_day_and_when_its_person_leaves(town, family, clock):
    state(town, family[0], replace(STATED, until=DAY))
    state(town, family[1], name="s-2")
    died = DeathEntry(family[1].addressee_number, DAY, DAY)
    entered = enter(town.node, town.clerk, died, draw_codes=town.draw, reception=AT_COUNTER)
    verify_entry(town.node, town.checker, entered.entry_id)
    tell_some(town.node, PLACES)
    assert [one.addressee_number for one in seeing.number_notices_of_town(town.node, town.clerk).stated] == [
        family[0].addressee_number
    ]
    clock.instant += timedelta(days=1)
    tell_some(town.node, PLACES)
    assert seeing.number_notices_of_town(town.node, town.clerk).stated == ()
    assert [one["outcome"] for one in lines_about(town.node, "number:destination:stated")] == [
        "stated", "stated", "over", "over",
    ]  # fmt: skip


def protect(town, record):
    kept = protection.apply_for_protection(town.node, OFFICER, application(record))
    assert not isinstance(kept, Refusal), kept


def test_whoever_a_measure_hides_is_in_no_list_and_no_count_and_an_officer_lets_their_letter_go(town, family):
    tell_some(town.node, None)
    protect(town, family[1])
    clerk, officer = (seeing.number_notices_of_town(town.node, who) for who in (town.clerk, OFFICER))
    hidden = {family[1].addressee_number}
    assert hidden.isdisjoint(one.addressee_number for one in clerk.waiting)
    assert hidden <= {one.addressee_number for one in officer.waiting}
    with town.node.store.unit() as unit:
        counted = [seeing.how_many_hindered(unit, town.node, who) for who in (town.clerk, OFFICER)]
    assert counted == [0, 2], "they and their household"
    for answer in (
        order(town, family[1]), state(town, family[1]),
        stating.end_destination(town.node, town.clerk, family[1].addressee_number),
        seeing.number_notices_of(town.node, town.clerk, family[1].addressee_number),
    ):  # fmt: skip
        assert reason(answer) is Reason.PROTECTED
    assert len(lines_about(town.node, "protection:record:kept_back")) == 4
    assert tell_some(town.node, PLACES) == 0
    assert states(town, "hindrance") == {PROTECTED: 2}, "nothing goes to the householder by itself"
    assert reason(confirm(town, family[1], town.clerk)) is Reason.NOT_PERMITTED
    assert confirm(town, family[1]) is None
    assert reason(confirm(town, family[1])) is Reason.NOT_PENDING
    assert tell_some(town.node, PLACES) == 1
    (info,) = files(town)
    assert info.destination_name == info.persons[0].name_kanji == "来訪　2号", "alone, and to themselves"
    assert states(town, "for_officer") == {True: 1, False: 1}
    closed = seeing.number_notices_of_town(town.node, town.clerk).closed
    assert hidden.isdisjoint(one.addressee_number for one in closed)


def test_nothing_goes_to_a_householder_while_a_rebuilt_register_knows_of_no_measures(town, family):
    let_nobody_know_the_measures(town.node)
    assert tell_some(town.node, PLACES) == 0
    assert states(town, "hindrance") == {PROTECTED: 2}
    assert confirm(town, family[1]) is None
    assert tell_some(town.node, PLACES) == 1
    (info,) = files(town)
    assert info.destination_name == info.persons[0].name_kanji == "来訪　2号", "alone, and to themselves"
    say_the_measures_are_known(town.node)
    assert tell_some(town.node, PLACES) == 1, "what waits goes once it is known who is protected"


def test_where_somebody_flees_to_is_an_officers_affair(town, family):
    fled = replace(STATED, ground=StatedGround.VIOLENCE, address="神奈川県架空市秘密町1番")
    assert state(town, family[0], fled).field == "ground"
    assert state(town, family[0], fled, OFFICER) is None
    assert reason(verify(town)) is Reason.NOT_PENDING, "nothing of it is there for whoever may not see it"
    assert reason(verify(town, who=OFFICER)) is Reason.SAME_PERSON
    assert seeing.number_notices_of_town(town.node, town.clerk).stated == ()
    (line,) = seeing.number_notices_of_town(town.node, OFFICER).stated
    assert line.stated.address == fled.address
    for answer in (
        seeing.number_notices_of(town.node, town.clerk, family[0].addressee_number),
        state(town, family[0], name="s-2"), order(town, family[0]),
        stating.end_destination(town.node, town.clerk, family[0].addressee_number),
    ):  # fmt: skip
        assert reason(answer) is Reason.PROTECTED
    assert tell_some(town.node, PLACES) == 0
    assert verify(town, who=SECOND_OFFICER) is None
    assert tell_some(town.node, PLACES) == 1
    (info,) = files(town)
    assert (info.destination_address, info.person_count) == (fled.address, 1)
    assert states(town, "hindrance")[PROTECTED] == 1, (
        "whom they left behind waits, too: a child's number tells where"
    )
    closed = seeing.number_notices_of_town(town.node, town.clerk).closed
    assert closed == (), "that a letter went elsewhere tells that they fled"
    with town.node.store.unit() as unit:
        assert seeing.how_many_hindered(unit, town.node, town.clerk) == 0
        assert seeing.how_many_hindered(unit, town.node, OFFICER) == 1


def test_the_last_day_of_whoever_fled_ends_nothing_silently(town, family, clock):
    fled = replace(STATED, ground=StatedGround.VIOLENCE, until=DAY)
    assert state(town, family[0], fled, OFFICER) is None
    assert verify(town, who=SECOND_OFFICER) is None
    clock.instant += timedelta(days=1)
    assert tell_some(town.node, PLACES) == 0
    assert states(town, "hindrance") == {PROTECTED: 2}, "no letter goes back to the address"
    (line,) = seeing.number_notices_of_town(town.node, OFFICER).stated
    assert line.over
    with town.node.store.unit() as unit:
        assert seeing.how_many_hindered(unit, town.node, OFFICER) == 3
    assert stating.end_destination(town.node, OFFICER, family[0].addressee_number) is None
    assert tell_some(town.node, PLACES) == 0, "whoever fled once is guarded from then on"


def test_one_clerk_alone_diverts_nobodys_letter(town, family):
    assert state(town, family[1]) is None
    assert tell_some(town.node, PLACES) == 1
    assert states(town, "hindrance")[UNVERIFIED] == 1
    assert reason(verify(town, who=town.clerk)) is Reason.NOT_PERMITTED
    with town.node.store.unit() as unit:
        assert seeing.how_many_hindered(unit, town.node, town.checker) == 1
    (line,) = seeing.number_notices_of_town(town.node, town.checker).stated
    assert (line.may_verify, line.stated.reception) == (True, STATED.reception)
    assert verify(town) is None
    assert reason(verify(town)) is Reason.NOT_PENDING
    assert tell_some(town.node, PLACES) == 1
    assert files(town)[-1].destination_address == STATED.address


def refused_by_cs(town, info, why="NUMBER_NOT_THEIRS"):
    with town.node.store.unit() as unit:
        mailbox.post(
            unit, [PostedLetter("l-1", "cs", INFO, b"x", matter=info.destination_control_number)], AT
        )
        mailbox.put_into_returned(
            unit, "l-1", ToldFate(1, b"", "refused", why, "", "individual_number"), now=AT
        )


def test_what_went_in_a_file_that_was_refused_waits_with_the_reason_and_rests(town, family, clock):
    tell_some(town.node, PLACES)
    refused_by_cs(town, files(town)[0])
    assert tell_some(town.node, PLACES) == 0
    assert states(town, "hindrance") == {"refused NUMBER_NOT_THEIRS individual_number": 2}
    assert states(town) == {"waiting": 2}
    with town.node.store.unit() as unit:
        assert mailbox.count_returned(unit) == 0, "it is work of this list now"
    clock.instant += timedelta(days=1)
    assert tell_some(town.node, PLACES) == 1
    assert files(town)[0].destination_control_number == files(town)[1].destination_control_number


def test_a_file_that_the_cs_had_before_the_register_was_restored_stays_told(town, family):
    tell_some(town.node, PLACES)
    refused_by_cs(town, files(town)[0], "FILE_ALREADY_MADE")
    tell_some(town.node, PLACES)
    assert states(town) == {"told": 2}


def test_what_cannot_be_told_keeps_nothing_behind_it_waiting(town, family, comer):
    protect(town, family[0])
    assert telling.tell_round(town.node, PLACES, limit_rows=2)[1], "a whole round: there may be more"
    (third,) = arrived(town, MoveInFromAbroad((comer(3),), HERE, DAY, DAY, "カナダ"))
    numbered(town, third, THIRD)
    assert telling.tell_round(town.node, PLACES, limit_rows=2) == (1, True)
    assert telling.tell_round(town.node, PLACES, limit_rows=2) == (0, False), "and not for ever at once"


def test_without_settings_no_number_is_opened(town, family, monkeypatch):
    def opened(*_given):
        raise AssertionError("a number was opened for nothing")

    monkeypatch.setattr("daicho.nodes.registry.destination.telling.numbers_of", opened)
    assert tell_some(town.node, None) == 0


def test_whose_death_was_entered_by_mistake_is_told_after_all(town, family):
    died = DeathEntry(family[1].addressee_number, DAY, DAY)
    entered = enter(town.node, town.clerk, died, draw_codes=town.draw, reception=AT_COUNTER)
    verify_entry(town.node, town.checker, entered.entry_id)
    tell_some(town.node, PLACES)
    assert states(town) == {"told": 1, "lapsed": 1}
    undone = enter(town.node, town.clerk, Cancellation(entered.entry_id, DAY, "錯誤"), draw_codes=town.draw)
    assert verify_entry(town.node, town.checker, undone.entry_id).state == "verified"
    assert tell_some(town.node, PLACES) == 1
    assert states(town) == {"told": 2}
    assert [one["outcome"] for one in lines_about(town.node, "number:notice:owed")] == [
        "owed",
        "owed",
        "back",
    ]


def test_another_number_while_the_first_waits_is_told_as_another_one(town, family):
    tell_some(town.node, None)
    assert asking.enter_number_change(town.node, town.clerk, "r1", asked(family[0])) == "r1"
    assert asking.ask_nation(town.node, town.checker, "r1") is None
    came(town, family[0].resident_record_code, THIRD)
    assert tell_some(town.node, PLACES) == 2
    kinds = {one.persons[0].individual_number: one.print_kind for one in files(town)}
    assert kinds[THIRD] is PrintKind.CHANGED


def test_the_first_notice_by_order_is_no_second_one(town, move_in, comer):
    (mover,) = arrived(town, move_in(comer(3)))
    numbered(town, mover, THIRD)
    assert tell_some(town.node, PLACES) == 0, "another town's code: it told the number"
    assert order(town, mover) is None
    tell_some(town.node, PLACES)
    assert files(town)[-1].print_kind is PrintKind.FIRST


@pytest.mark.requirement("R-241")
def test_a_character_of_the_towns_own_goes_with_its_picture_once_two_people_stand_for_it(town, family, comer):
    image = b"<svg/>"
    (odd,) = arrived(
        town,
        MoveInFromAbroad(
            (replace(comer(3), name=PersonName("\ue000　太郎", "ガイ　タロウ")),), HERE, DAY, DAY, "カナダ"
        ),
    )
    numbered(town, odd, THIRD)
    tell_some(town.node, PLACES)
    with town.node.store.unit() as unit:
        unit.execute(
            "insert into register.character_picture values (%s, 'svg', %s, 'x', now())", ("a" * 64, image)
        )
        unit.execute(
            "insert into register.own_character values ('\ue000', 1, 5, '', false, 'MJ022335', '', %s, 'a', 'b', '{}')",
            ("a" * 64,),
        )
    assert order(town, odd) is None
    tell_some(town.node, PLACES)
    before, after = (
        one
        for info in files(town)
        for one in info.persons
        if one.resident_record_code == odd.resident_record_code
    )
    assert (before.gaiji_pattern, before.substitute_name[0], before.gaiji_flag) == ((), "〓", True)
    assert [(one.position, one.image) for one in after.gaiji_pattern] == [(1, image)]
    assert after.substitute_name[0] != "〓"
