"""個人番号通知書 at the nation's press: whole letters, each once, closed for the press alone, whoever dies; anew only by two."""

import json
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import psycopg
import pytest
from tests.nodes.mailroom.conftest import make_member
from tests.paper.reading import pages_of, text_of
from tests.rules.destination.test_destination import PLACES, TABLES, TOWN
from tests.rules.register.conftest import DAY, HOME, record

from daicho.nodes.keeping.destination import forget_some
from daicho.nodes.keeping.numbers import sealed_number
from daicho.nodes.national import bundles, holding, notices
from daicho.nodes.national.setting import (
    NO_CHARACTER,
    NO_CONTENT,
    NO_FONT,
    NO_PRESS,
    NUMBER_CHANGED,
    TRIES,
    set_next,
)
from daicho.paper.arrangement import wide_digits
from daicho.paper.fonts import NoFont, find_fonts
from daicho.paper.glyphs import MissingGlyph
from daicho.paper.workers import Press, PressFault, Sheet, Unprintable
from daicho.rules.destination.keeping import PRINTED_FILE
from daicho.rules.destination.making import DestinationStamp, addressed_to, make_destination
from daicho.rules.destination.record import PrintKind
from daicho.rules.law.refusal import Reason
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Operator, Role
from daicho.rules.people.codes import IndividualNumber, with_check_digit
from daicho.store import code_stock, notice_bundles, numbers
from daicho.store.notice_bundles import RefusedRow
from daicho.wire.box import box_public_key, make_box_key
from daicho.wire.codecs.destination import DestinationLetter
from daicho.wire.codecs.letters import encode
from daicho.wire.press import open_letters
from daicho.wire.vault import Vault

PRINTER, OTHER = (Operator(f"card0{n}", "c", (Role.CARD_CLERK,)) for n in (1, 2))
CLERK = Operator("clerk01", "k", (Role.CLERK,))
KEY = make_box_key()
PUBLIC = box_public_key(KEY)


class Killed(Exception):
    """Stands for the end of a process."""


@pytest.fixture
def nation(make):
    """The nation alone; what towns tell is put before it."""
    party = make("national", NodeKind.NATIONAL)
    party.node.vault, party.node.invented = Vault(b"n" * 32), True
    return party


def number_of(place):
    return IndividualNumber(with_check_digit(f"7{place:010d}"))


def told(nation, name, *places, kind=PrintKind.FIRST):
    """Let the town tell where the notices of some people of one household go, whose numbers were made here."""
    people = [record(place) for place in places]
    info = make_destination(
        addressed_to(people[0], None, TOWN, DAY), [(one, number_of(one.addressee_number)) for one in people], PLACES,
        DestinationStamp(name, DAY, "machine", "t-1", kind), TABLES, town=TOWN,
    )  # fmt: skip
    cs, _ = make_member("cs", NodeKind.CS)
    with nation.node.store.unit() as unit:
        with unit.as_number_keeper():
            for one in info.persons:
                number = sealed_number(nation.node, one.resident_record_code, str(one.individual_number), DAY)
                numbers.keep_number(unit, number)
        codes = [str(one.resident_record_code) for one in info.persons]
        code_stock.hand_out(unit, f"p-{name}", HOME, codes)
    with nation.node.store.unit() as unit:
        sender = replace(cs, municipality=HOME)
        return notices.take_destination(unit, nation.node, sender, encode(DestinationLetter(info)))


def sheets(papers):
    """Set papers as a press would: what stands on them, to be read again."""
    said = [
        f"{one.number}:{one.content.people[0].name}:{one.content.people[0].items[0].text}:{one.verification}"
        for one in papers
    ]
    return Sheet(papers[0].number, "\n".join(said).encode(), specimen=True, sealed=False)


def make_all(nation, press=sheets):
    while set_next(nation.node, PUBLIC, press):
        pass


def order(nation, name="o-1", names=(), who=PRINTER):
    return bundles.order_bundle(nation.node, who, name, names)


def fetched(nation, number):
    return open_letters(bundles.fetch_bundle(nation.node, PRINTER, number), KEY)


def states(nation):
    return nation.rows("select control_number, place, state from destination.notice order by 1, 2")


def lines(nation, event="number:notice:printed"):
    found = nation.rows("select convert_from(body, 'UTF8') from ledger.line order by line_id")
    return [one for one in (json.loads(row[0]) for row in found) if one["event"] == event]


def outcomes(nation):
    return [one["outcome"] for one in lines(nation)]


def printed(nation, name="o-1"):
    number = order(nation, name)
    make_all(nation)
    fetched(nation, number)
    assert bundles.note_printed(nation.node, PRINTER, number) is None
    return number


@pytest.mark.requirement("R-191")
def test_the_agency_prints_the_notice_and_the_form_for_a_card_of_everybody_whom_a_town_told(nation) -> None:
    told(nation, "d-1", 1, 2)
    told(nation, "d-2", 3)
    number = order(nation)
    with Press(find_fonts(), workers=1) as press:
        make_all(nation, press.set_bundle)
    letters = fetched(nation, number)
    assert [(one.bundle, one.place, one.letters, pages_of(one.pdf)) for one in letters] == [
        (number, 1, 2, 4), (number, 2, 2, 2),
    ]  # fmt: skip
    family = letters[0].pdf
    for place, page in ((1, 1), (2, 3)):
        assert wide_digits(number_of(place)) in text_of(family, page)
        assert "交付申請書" in text_of(family, page + 1)
    assert "架空町一丁目" in text_of(family, 1)
    assert "宛名は、この封筒の１枚目" in text_of(family, 3)
    assert wide_digits(number_of(3)) in text_of(letters[1].pdf, 1)
    assert wide_digits(number_of(3)) not in text_of(family)


def test_a_number_lies_nowhere_in_the_open_and_its_opening_leaves_a_line(nation) -> None:
    told(nation, "d-1", 1, 2)
    number = order(nation)
    make_all(nation)
    everything = nation.rows(
        "select l::text from destination.letter l union all select p::text from destination.print p"
        " union all select b::text from destination.bundle b"
        " union all select convert_from(body, 'UTF8') from ledger.line"
    )
    assert not [row for (row,) in everything for place in (1, 2) if number_of(place) in row]
    for sealed in nation.rows("select sealed from destination.letter"):
        assert b"7000000" not in bytes(sealed[0])
    opened = [one for one in lines(nation) if one["outcome"] == "set"]
    assert len(opened) == 2
    assert {one["detail"]["bundle"] for one in opened} == {str(number)}
    assert bundles.note_printed(nation.node, PRINTER, number).field == "bundle", "nobody has fetched it"
    fetched(nation, number)
    (line,) = lines(nation, "number:bundle:fetched")
    assert (line["outcome"], line["detail"]["letters"]) == ("fetched", "1")


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("passing", [1, 2])
def test_whoever_dies_between_two_letters_sets_each_of_them_once(nation, after, passing) -> None:
    for name, place in (("d-1", 1), ("d-2", 2)):
        told(nation, name, place)
    number = order(nation)
    plainly, passed = nation.node.store.unit, []

    def dying(name="", **more):
        return _Dying(plainly(name, **more), name, after, passing, passed)

    nation.node.store = SimpleNamespace(unit=dying, reading=nation.node.store.reading)
    with pytest.raises(Killed):
        make_all(nation)
    nation.node.store = SimpleNamespace(unit=plainly, reading=nation.node.store.reading)
    make_all(nation)
    letters = fetched(nation, number)
    assert [one.place for one in letters] == [1, 2]
    assert outcomes(nation).count("set") == 2
    assert nation.rows("select count(*) from destination.print where not over") == [(2,)]


class _Dying:
    """A unit of a process that dies before or after the commit of its n-th letter."""

    def __init__(self, unit, name, after, passing, passed):
        self.unit, self.name, self.after, self.passing, self.passed = unit, name, after, passing, passed

    def __enter__(self):
        return self.unit.__enter__()

    def __exit__(self, *fault):
        if self.name != "notice_bundles.set" or fault[0] is not None:
            return self.unit.__exit__(*fault)
        self.passed.append(1)
        if len(self.passed) != self.passing:
            return self.unit.__exit__(*fault)
        if self.after:
            self.unit.__exit__(None, None, None)
        else:
            self.unit.__exit__(Killed, Killed(), None)
        raise Killed


def test_an_order_goes_by_whole_letters_and_the_same_one_twice_is_one_bundle(nation, monkeypatch) -> None:
    monkeypatch.setattr(bundles, "BUNDLE_NOTICES", 3)
    told(nation, "d-1", 1, 2)
    nation.node.clock.instant += timedelta(seconds=1)
    told(nation, "d-2", 3, 4)
    first = order(nation)
    assert order(nation) == first
    assert [state for *_, state in states(nation)] == ["bundled", "bundled", "waiting", "waiting"]
    assert order(nation, "o-2", [(HOME, "d-1", 1)]).reason is Reason.NOT_PENDING, "it is in a bundle"
    second = order(nation, "o-2", [(HOME, "d-2", 2)])
    assert second > first
    assert [state for *_, state in states(nation)] == ["bundled"] * 4, (
        "who goes into one envelope goes together"
    )
    make_all(nation)
    assert [len(one.pdf.splitlines()) for one in fetched(nation, second)] == [2]
    assert order(nation, "o-3").reason is Reason.NOT_PENDING, "nothing waits"
    ids = nation.rows("select count(distinct application_id), count(*) from destination.print")
    assert ids == [(4, 4)]


def test_only_the_nations_card_clerks_print_and_nobody_names_a_bundle_that_is_not_there(nation) -> None:
    told(nation, "d-1", 1)
    number = order(nation)
    make_all(nation)
    node = nation.node
    for refused in (
        order(nation, "o-2", who=CLERK), bundles.bundle_list(node, CLERK), bundles.bundle_view(node, CLERK, number),
        bundles.fetch_bundle(node, CLERK, number), bundles.note_printed(node, CLERK, number),
        bundles.drop_bundle(node, CLERK, number), bundles.send_bundle(node, CLERK, number),
        bundles.ask_reprint(node, CLERK, [(HOME, "d-1", 1)], "x"), bundles.asked_reprints(node, CLERK),
        bundles.decide_reprint(node, CLERK, [(HOME, "d-1", 1)], grant=True),
        holding.decide_stuck(node, CLERK, [(HOME, "d-1", 1)], again=True), bundles.refused_files(node, CLERK),
    ):  # fmt: skip
        assert refused.reason is Reason.NOT_PERMITTED
    for act in (
        bundles.bundle_view,
        bundles.fetch_bundle,
        bundles.note_printed,
        bundles.drop_bundle,
        bundles.send_bundle,
    ):
        assert act(node, PRINTER, number + 1).reason is Reason.NOT_FOUND


def test_a_bundle_goes_from_its_order_to_the_post_and_its_file_is_gone_in_the_end(nation, clock) -> None:
    told(nation, "d-1", 1, 2)
    number = order(nation)
    assert bundles.fetch_bundle(nation.node, PRINTER, number).reason is Reason.NOT_PENDING, (
        "it is not made yet"
    )
    make_all(nation)
    fetched(nation, number)
    assert len(fetched(nation, number)) == 1, "what was lost on its way is fetched again"
    assert bundles.drop_bundle(nation.node, PRINTER, number).reason is Reason.NOT_PENDING
    assert bundles.note_printed(nation.node, PRINTER, number) is None
    assert bundles.fetch_bundle(nation.node, PRINTER, number).reason is Reason.NOT_PENDING
    assert nation.rows("select count(sealed) from destination.letter") == [(0,)]
    assert [state for *_, state in states(nation)] == ["printed"] * 2
    assert bundles.send_bundle(nation.node, PRINTER, number) is None
    assert bundles.send_bundle(nation.node, PRINTER, number).reason is Reason.NOT_PENDING
    assert [state for *_, state in states(nation)] == ["sent"] * 2
    clock.instant += timedelta(days=PRINTED_FILE.days + 1)
    assert forget_some(nation.node) == 1
    assert nation.rows("select 1 from destination.print union all select 1 from destination.letter") == []
    (row,) = bundles.bundle_list(nation.node, PRINTER).rows
    assert (row.letters, row.notices) == (1, 2), "how much it was stays"


def test_an_envelope_is_printed_anew_by_two_people_with_a_reason_and_counts_once(nation) -> None:
    """Its first sheet alone bears the address: without it the others would go nowhere."""
    told(nation, "d-1", 1, 2)
    told(nation, "d-2", 3)
    number = printed(nation)
    node, spoiled = nation.node, [(HOME, "d-1", 1)]
    assert bundles.ask_reprint(node, PRINTER, spoiled, " ").field == "why"
    assert bundles.ask_reprint(node, PRINTER, spoiled, "x" * 201).reason is Reason.FIELD_TOO_LONG
    assert bundles.ask_reprint(node, PRINTER, spoiled, "紙詰まり") is None
    for place in (1, 2):
        name = [(HOME, "d-1", place)]
        assert bundles.ask_reprint(node, OTHER, name, "紙詰まり").reason is Reason.NOT_PENDING
        assert notices.mark_notices(node, PRINTER, name, "sent").reason is Reason.NOT_PENDING
    assert bundles.decide_reprint(node, PRINTER, spoiled, grant=True).reason is Reason.SAME_PERSON
    assert [one.printed.why for one in bundles.asked_reprints(node, OTHER)] == ["紙詰まり"] * 2
    assert bundles.send_bundle(node, PRINTER, number) is None
    assert [state for *_, state in states(nation)] == ["printed", "printed", "sent"]
    assert bundles.decide_reprint(node, OTHER, spoiled, grant=True) is None
    assert bundles.decide_reprint(node, OTHER, spoiled, grant=True).reason is Reason.NOT_PENDING
    assert [state for *_, state in states(nation)] == ["waiting", "waiting", "sent"]
    again = printed(nation, "o-2")
    found = nation.rows(
        "select bundle, over, asked_by, granted_by from destination.print where control_number = 'd-1' order by 1, place"
    )
    assert [row[1:] for row in found] == [(True, "card01", "card02")] * 2 + [(False, None, None)] * 2
    assert nation.rows("select count(distinct application_id) from destination.print") == [(5,)]
    view = bundles.bundle_view(node, PRINTER, again)
    assert [(one.row.place, one.row.state) for one in view.notices] == [(1, "printed"), (2, "printed")]
    assert {"reprint_asked", "reprint_granted"} <= set(outcomes(nation))


def test_an_envelope_of_which_a_notice_is_sent_is_not_printed_anew(nation) -> None:
    told(nation, "d-1", 1, 2)
    printed(nation)
    notices.mark_notices(nation.node, PRINTER, [(HOME, "d-1", 1)], "sent")
    asked = bundles.ask_reprint(nation.node, PRINTER, [(HOME, "d-1", 2)], "x")
    assert asked.reason is Reason.NOT_PENDING


def test_what_is_not_printed_anew_stays_printed_and_whoever_asked_may_take_it_back(nation) -> None:
    told(nation, "d-1", 1)
    number = printed(nation)
    node, one = nation.node, [(HOME, "d-1", 1)]
    bundles.ask_reprint(node, PRINTER, one, "紙詰まり")
    assert bundles.send_bundle(node, PRINTER, number).reason is Reason.NOT_PENDING, (
        "it waits for a second person"
    )
    assert bundles.decide_reprint(node, PRINTER, one, grant=False) is None
    assert bundles.asked_reprints(node, PRINTER) == ()
    assert bundles.send_bundle(node, PRINTER, number) is None


def test_a_letter_with_a_character_that_nobody_can_write_is_left_out_and_may_be_tried_again(nation) -> None:
    told(nation, "d-1", 1)
    told(nation, "d-2", 2)
    number = order(nation)

    def lacking(papers):
        bad = any(one.content.people[0].items[0].text == number_of(1) for one in papers)
        return Unprintable("", (MissingGlyph("葛", 0, "name"),)) if bad else sheets(papers)

    make_all(nation, lacking)
    assert [one.place for one in fetched(nation, number)] == [2]
    view = bundles.bundle_view(nation.node, PRINTER, number)
    assert [(one.state, one.hindrance) for one in view.letters] == [("left", NO_CHARACTER), ("set", "")]
    assert (view.row.state, view.row.left_out) == ("made", 1)
    assert [state for *_, state in states(nation)] == ["stuck", "bundled"]
    (line,) = notices.queued_notices(nation.node, PRINTER, "stuck").lines
    assert line.row.place == 1
    assert (
        holding.decide_stuck(nation.node, PRINTER, [(HOME, "d-2", 1)], again=True).reason
        is Reason.NOT_PENDING
    )
    assert holding.decide_stuck(nation.node, PRINTER, [(HOME, "d-1", 1)], again=True) is None
    order(nation, "o-2")
    make_all(nation)
    assert [state for *_, state in states(nation)] == ["bundled", "bundled"]


def test_what_could_not_be_printed_and_was_told_anew_is_given_up_and_forgotten(nation, clock) -> None:
    told(nation, "d-1", 1)
    order(nation)
    make_all(nation, lambda _papers: Unprintable("", ()))
    assert holding.decide_stuck(nation.node, PRINTER, [(HOME, "d-1", 1)], again=False) is None
    assert [state for *_, state in states(nation)] == ["void"]
    clock.instant += timedelta(days=PRINTED_FILE.days + 1)
    assert forget_some(nation.node) == 1


def change_number(nation, place):
    code = record(place).resident_record_code
    with nation.node.store.unit() as unit, unit.as_number_keeper():
        numbers.change_number(unit, sealed_number(nation.node, code, number_of(9), DAY))


def test_a_number_replaced_after_its_letter_was_set_does_not_leave_for_the_press(nation, clock) -> None:
    told(nation, "d-1", 1, 2)
    told(nation, "d-2", 3)
    number = order(nation)
    make_all(nation)
    change_number(nation, 1)
    assert [one.place for one in fetched(nation, number)] == [2]
    view = bundles.bundle_view(nation.node, PRINTER, number)
    assert [(one.state, one.hindrance) for one in view.letters] == [("left", NUMBER_CHANGED), ("set", "")]
    assert (view.row.left_out, [state for *_, state in states(nation)]) == (1, ["void", "waiting", "bundled"])
    assert f"void:{NUMBER_CHANGED}" in outcomes(nation)
    assert nation.rows("select count(sealed) from destination.letter where place = 1") == [(0,)]
    again = order(nation, "o-2")
    make_all(nation)
    (letter,) = fetched(nation, again)
    assert number_of(1) not in letter.pdf.decode()
    bundles.note_printed(nation.node, PRINTER, again)
    bundles.send_bundle(nation.node, PRINTER, again)
    clock.instant += timedelta(days=PRINTED_FILE.days + 1)
    assert forget_some(nation.node) == 1


def test_a_bundle_of_which_only_a_replaced_number_is_left_is_closed_instead_of_fetched(nation) -> None:
    told(nation, "d-1", 1)
    number = order(nation)
    make_all(nation)
    change_number(nation, 1)
    assert bundles.fetch_bundle(nation.node, PRINTER, number).reason is Reason.NOT_PENDING
    assert bundles.bundle_view(nation.node, PRINTER, number).row.state == "dropped"
    assert [state for *_, state in states(nation)] == ["void"]


def test_a_number_replaced_after_it_was_printed_is_named_and_not_sent_until_it_is_held_back(nation) -> None:
    told(nation, "d-1", 1, 2)
    told(nation, "d-2", 3)
    number = printed(nation)
    node, name = nation.node, [(HOME, "d-2", 1)]
    change_number(nation, 3)
    for refused in (
        bundles.send_bundle(node, PRINTER, number),
        notices.mark_notices(node, PRINTER, name, "sent"),
    ):
        assert (refused.reason, refused.detail[-12:]) == (
            Reason.NOTICE_OF_FORMER_NUMBER,
            f"-{number:06d}-0003",
        )
    assert [state for *_, state in states(nation)] == ["printed"] * 3
    assert notices.mark_notices(node, PRINTER, [(HOME, "d-1", 1)], "sent") is None
    assert holding.decide_stuck(node, PRINTER, name, again=False, why="個人番号の変更") is None
    assert bundles.send_bundle(node, PRINTER, number) is None
    assert [state for *_, state in states(nation)] == ["sent", "sent", "void"]


def test_a_notice_that_waits_or_is_printed_is_held_back_for_a_reason(nation, clock) -> None:
    """A measure of protection begins a day after the town told its file, and the town phones."""
    told(nation, "d-1", 1)
    node, one = nation.node, (HOME, "d-1", 1)
    assert holding.decide_stuck(node, PRINTER, [one], again=False).field == "why"
    assert holding.decide_stuck(node, PRINTER, [one], again=True, why="x").reason is Reason.NOT_PENDING
    assert holding.decide_stuck(node, PRINTER, [one], again=False, why="市の申出") is None
    assert order(nation).reason is Reason.NOT_PENDING, "nothing waits"
    (line,) = notices.found_notices(node, PRINTER, control_number="d-1").lines
    assert (line.row.state, line.row.why) == ("void", "市の申出")
    told(nation, "d-2", 2)
    number = order(nation)
    assert holding.decide_stuck(node, PRINTER, [(HOME, "d-2", 1)], again=False, why="x").reason is (
        Reason.NOT_PENDING
    ), "in the making: its bundle is dropped first"
    make_all(nation)
    fetched(nation, number)
    bundles.note_printed(node, PRINTER, number)
    assert holding.decide_stuck(node, PRINTER, [(HOME, "d-2", 1)], again=False, why="市の申出") is None
    assert bundles.send_bundle(node, PRINTER, number).reason is Reason.NOT_PENDING
    assert "given_up" in outcomes(nation)
    clock.instant += timedelta(days=PRINTED_FILE.days + 1)
    assert forget_some(node) == 2


def test_what_lies_printed_with_a_notice_held_back_waits_for_a_second_person(nation) -> None:
    """The sheet that is taken out may be the one with the address."""
    told(nation, "d-1", 1, 2)
    number = printed(nation)
    node, rest = nation.node, [(HOME, "d-1", 2)]
    assert holding.decide_stuck(node, PRINTER, [(HOME, "d-1", 1)], again=False, why="市の申出") is None
    assert bundles.send_bundle(node, PRINTER, number).reason is Reason.NOT_PENDING
    assert [one.row.name for one in bundles.asked_reprints(node, OTHER)] == rest
    assert bundles.decide_reprint(node, OTHER, rest, grant=True) is None
    assert [state for *_, state in states(nation)] == ["void", "waiting"]


def test_a_letter_that_fails_again_and_again_is_left_out_and_the_next_one_is_set(
    nation, clock, caplog
) -> None:
    for name, place in (("d-1", 1), ("d-2", 2)):
        told(nation, name, place)
    number, secret = order(nation), number_of(1)

    def poisoned(papers):
        if papers[0].content.people[0].items[0].text == secret:
            raise LookupError(secret)
        return sheets(papers)

    for done in range(TRIES):
        make_all(nation, poisoned)
        row = bundles.bundle_view(nation.node, PRINTER, number).row
        assert (row.done, row.tries) == ((0, done + 1) if done + 1 < TRIES else (2, 0))
        clock.instant += timedelta(minutes=6)
    view = bundles.bundle_view(nation.node, PRINTER, number)
    assert [(one.state, one.hindrance) for one in view.letters] == [("left", NO_PRESS), ("set", "")]
    assert [state for *_, state in states(nation)] == ["stuck", "bundled"]
    (line,) = notices.queued_notices(nation.node, PRINTER, "stuck").lines
    assert (line.bundle, line.hindrance) == (number, NO_PRESS)
    assert "LookupError" in caplog.text
    assert secret not in caplog.text


def test_a_number_that_cannot_be_opened_does_not_stop_the_letters_behind_it(nation, clock) -> None:
    for name, place in (("d-1", 1), ("d-2", 2)):
        told(nation, name, place)
    number = order(nation)
    plainly, code = nation.node.vault, record(1).resident_record_code

    def failing(content, of):
        if of == code:
            raise ValueError("not of this key")
        return plainly.open(content, of)

    nation.node.vault = SimpleNamespace(open=failing, lookup=plainly.lookup)
    for _ in range(TRIES):
        make_all(nation)
        clock.instant += timedelta(minutes=6)
    assert [one.place for one in fetched(nation, number)] == [2]
    assert [state for *_, state in states(nation)] == ["stuck", "bundled"]


def test_a_bundle_of_which_every_letter_was_left_out_is_closed_and_waits_for_nobody(nation) -> None:
    told(nation, "d-1", 1)
    number = order(nation)
    make_all(nation, lambda _papers: Unprintable("", ()))
    row = bundles.bundle_view(nation.node, PRINTER, number).row
    assert (row.state, row.closed_by, row.made_at) == ("dropped", "machine:press", None)
    with nation.node.store.reading() as unit:
        assert notice_bundles.how_many_ready(unit) == 0


def test_an_item_that_no_paper_takes_is_named(nation, monkeypatch) -> None:
    monkeypatch.setattr("daicho.paper.certificate.MAX_TEXT_CHARS", 20)
    monkeypatch.setattr("daicho.nodes.national.letters.MAX_TEXT_CHARS", 20)
    told(nation, "d-1", 1)
    number = order(nation)
    make_all(nation)
    (letter,) = bundles.bundle_view(nation.node, PRINTER, number).letters
    assert (letter.state, letter.hindrance) == ("left", f"{NO_CONTENT} address")
    assert f"stuck:{NO_CONTENT}" in outcomes(nation)


def test_a_bundle_that_is_never_wholly_made_is_deleted_in_its_term_too(nation, clock) -> None:
    for name, place in (("d-1", 1), ("d-2", 2)):
        told(nation, name, place)
    number = order(nation)
    assert set_next(nation.node, PUBLIC, sheets)
    assert nation.rows("select count(sealed) from destination.letter") == [(1,)]
    clock.instant += bundles.SEALED_FOR + timedelta(seconds=1)
    assert bundles.forget_bundles(nation.node) == 1
    assert nation.rows("select count(sealed) from destination.letter") == [(0,)]
    assert [state for *_, state in states(nation)] == ["waiting"] * 2
    assert bundles.bundle_view(nation.node, PRINTER, number).row.state == "dropped"


def test_a_file_that_is_accepted_is_not_listed_as_refused_any_more(nation) -> None:
    with nation.node.store.unit() as unit:
        row = RefusedRow(str(HOME), "d-1", nation.node.clock.now(), "OTHER_NUMBER", "x")
        notice_bundles.keep_refused(unit, row)
    told(nation, "d-1", 1)
    assert bundles.refused_files(nation.node, PRINTER) == ()


def test_a_number_that_another_one_has_replaced_meanwhile_is_told_to_nobody(nation, clock) -> None:
    told(nation, "d-1", 1, 2)
    number = order(nation)
    code = record(1).resident_record_code
    with nation.node.store.unit() as unit, unit.as_number_keeper():
        numbers.change_number(unit, sealed_number(nation.node, code, number_of(9), DAY))
    make_all(nation)
    (letter,) = fetched(nation, number)
    assert number_of(2) in letter.pdf.decode()
    assert number_of(1) not in letter.pdf.decode()
    assert [state for *_, state in states(nation)] == ["void", "bundled"]
    assert f"void:{NUMBER_CHANGED}" in outcomes(nation)
    bundles.note_printed(nation.node, PRINTER, number)
    bundles.send_bundle(nation.node, PRINTER, number)
    clock.instant += timedelta(days=PRINTED_FILE.days + 1)
    assert forget_some(nation.node) == 1


@pytest.mark.parametrize(
    ("fault", "why"), [(NoFont("x"), NO_FONT), (PressFault("x"), NO_PRESS), (None, NO_FONT)]
)
def test_a_press_that_cannot_print_rests_and_goes_on_where_it_was(nation, clock, fault, why) -> None:
    """Without the residents' font nothing real is printed: a specimen is sent to nobody."""
    told(nation, "d-1", 1)
    number = order(nation)
    nation.node.invented = False

    def failing(papers):
        if fault is not None:
            raise fault
        return sheets(papers)

    make_all(nation, failing)
    view = bundles.bundle_view(nation.node, PRINTER, number)
    assert (view.row.state, view.row.done, view.row.hindrance) == ("making", 0, why)
    nation.node.invented = True
    make_all(nation)
    assert bundles.bundle_view(nation.node, PRINTER, number).row.done == 0, "it rests"
    clock.instant += timedelta(minutes=6)
    make_all(nation)
    row = bundles.bundle_view(nation.node, PRINTER, number).row
    assert (row.state, row.hindrance) == ("made", "")


def test_what_nobody_prints_is_deleted_and_waits_again_unless_somebody_has_fetched_it(nation, clock) -> None:
    for name, place in (("d-1", 1), ("d-2", 2)):
        told(nation, name, place)
    left = order(nation, "o-1", [(HOME, "d-1", 1)])
    taken = order(nation, "o-2", [(HOME, "d-2", 1)])
    make_all(nation)
    fetched(nation, taken)
    clock.instant += bundles.SEALED_FOR
    assert bundles.forget_bundles(nation.node) == 0
    clock.instant += timedelta(seconds=1)
    assert bundles.forget_bundles(nation.node) == 2
    assert bundles.forget_bundles(nation.node) == 0
    assert nation.rows("select count(sealed) from destination.letter") == [(0,)]
    assert [state for *_, state in states(nation)] == ["waiting", "printed"]
    rows = {one.number: one.state for one in bundles.bundle_list(nation.node, PRINTER).rows}
    assert rows == {left: "dropped", taken: "printed"}


def test_a_bundle_that_is_dropped_while_a_letter_is_set_keeps_nothing(nation) -> None:
    told(nation, "d-1", 1)
    number = order(nation)

    def dropping(papers):
        assert bundles.drop_bundle(nation.node, PRINTER, number) is None
        return sheets(papers)

    make_all(nation, dropping)
    assert nation.rows("select count(sealed) from destination.letter") == [(0,)]
    assert [state for *_, state in states(nation)] == ["waiting"]
    assert "set" not in outcomes(nation)
    assert order(nation, "o-2") > number


def test_a_file_that_was_refused_is_known_by_its_number_and_the_reason_until_its_term_is_over(
    nation, clock
) -> None:
    told(nation, "d-1", 1)
    assert told(nation, "d-1", 1, 2).refusal.reason is Reason.FILE_ALREADY_MADE
    (row,) = bundles.refused_files(nation.node, PRINTER)
    assert (row.municipality, row.control_number, row.reason) == (str(HOME), "d-1", "FILE_ALREADY_MADE")
    clock.instant += timedelta(days=PRINTED_FILE.days, seconds=1)
    bundles.forget_bundles(nation.node)
    assert bundles.refused_files(nation.node, PRINTER) == ()


def test_the_database_keeps_a_notice_from_being_printed_twice(nation) -> None:
    told(nation, "d-1", 1)
    order(nation)
    nation.change(
        "insert into destination.letter (bundle, place, municipality, control_number)"
        " select bundle, 2, municipality, control_number from destination.letter"
    )
    again = (
        "insert into destination.print (bundle, letter, municipality, control_number, place, sheet, application_id)"
        " select bundle, 2, municipality, control_number, place, 2, repeat('1', 23) from destination.print"
    )
    with pytest.raises(psycopg.errors.UniqueViolation, match="print_in_force"):
        nation.change(again)


def test_bundles_go_on_over_pages(nation, monkeypatch) -> None:
    monkeypatch.setattr(bundles, "BUNDLES_SHOWN", 1)
    for place in (1, 2):
        told(nation, f"d-{place}", place)
        order(nation, f"o-{place}")
    page = bundles.bundle_list(nation.node, PRINTER)
    assert page.more == page.rows[0].number
    rest = bundles.bundle_list(nation.node, PRINTER, before=page.more)
    assert (rest.rows[0].number < page.more, rest.more) == (True, None)
