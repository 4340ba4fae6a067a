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
from daicho.nodes.national import bundles, notices
from daicho.nodes.national.setting import NO_CHARACTER, NO_FONT, NO_PRESS, NUMBER_CHANGED, set_next
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
from daicho.store import code_stock, numbers
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
        bundles.decide_stuck(node, CLERK, [(HOME, "d-1", 1)], again=True), bundles.refused_files(node, CLERK),
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


def test_a_sheet_is_printed_anew_by_two_people_with_a_reason_and_counts_once(nation) -> None:
    told(nation, "d-1", 1, 2)
    printed(nation)
    node, spoiled = nation.node, [(HOME, "d-1", 2)]
    assert bundles.ask_reprint(node, PRINTER, spoiled, " ").field == "why"
    assert bundles.ask_reprint(node, PRINTER, spoiled, "x" * 201).reason is Reason.FIELD_TOO_LONG
    assert bundles.ask_reprint(node, PRINTER, spoiled, "紙詰まり") is None
    assert bundles.ask_reprint(node, OTHER, spoiled, "紙詰まり").reason is Reason.NOT_PENDING, (
        "it is asked for already"
    )
    assert notices.mark_notices(node, PRINTER, spoiled, "sent").reason is Reason.NOT_PENDING
    assert bundles.decide_reprint(node, PRINTER, spoiled, grant=True).reason is Reason.SAME_PERSON
    assert [one.printed.why for one in bundles.asked_reprints(node, OTHER)] == ["紙詰まり"]
    assert bundles.decide_reprint(node, OTHER, spoiled, grant=True) is None
    assert bundles.decide_reprint(node, OTHER, spoiled, grant=True).reason is Reason.NOT_PENDING
    assert [state for *_, state in states(nation)] == ["printed", "waiting"]
    again = printed(nation, "o-2")
    found = nation.rows(
        "select bundle, over, asked_by, granted_by from destination.print where place = 2 order by 1"
    )
    assert [row[1:] for row in found] == [(True, "card01", "card02"), (False, None, None)]
    assert nation.rows("select count(distinct application_id) from destination.print") == [(3,)]
    (notice,) = bundles.bundle_view(node, PRINTER, again).notices
    assert (notice.row.place, notice.row.state) == (2, "printed")
    assert {"reprint_asked", "reprint_granted"} <= set(outcomes(nation))


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
        bundles.decide_stuck(nation.node, PRINTER, [(HOME, "d-2", 1)], again=True).reason
        is Reason.NOT_PENDING
    )
    assert bundles.decide_stuck(nation.node, PRINTER, [(HOME, "d-1", 1)], again=True) is None
    order(nation, "o-2")
    make_all(nation)
    assert [state for *_, state in states(nation)] == ["bundled", "bundled"]


def test_what_could_not_be_printed_and_was_told_anew_is_given_up_and_forgotten(nation, clock) -> None:
    told(nation, "d-1", 1)
    order(nation)
    make_all(nation, lambda _papers: Unprintable("", ()))
    assert bundles.decide_stuck(nation.node, PRINTER, [(HOME, "d-1", 1)], again=False) is None
    assert [state for *_, state in states(nation)] == ["void"]
    clock.instant += timedelta(days=PRINTED_FILE.days + 1)
    assert forget_some(nation.node) == 1


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
