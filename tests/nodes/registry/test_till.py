"""日計・証明用紙: every paper in one cash-up, one person closes, a second one confirms, and no sheet goes missing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import psycopg
import pytest
from tests.nodes.registry.conftest import DAY
from tests.nodes.registry.test_certificates import K, Press, issue, own
from tests.nodes.registry.test_protection import arrived

from daicho.nodes.registry.papers import sheets, till
from daicho.nodes.registry.papers.till import ClosedTill, TillOverview, TillSeen
from daicho.rules.certificates.request import (
    CertificateRequest,
    CertificateRequester,
    IdentityProof,
    IssueChannel,
)
from daicho.rules.certificates.sheets import SheetNote, SheetRange, SpoilCause, sheet_range
from daicho.rules.certificates.till import FreeCause, Means, TillClosing, TillCount
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.operators.authority import Operator, Role
from daicho.rules.protection.measure import AskingPerson

OTHER = Operator("clerk02", "k2", (Role.CLERK,))
FEE_YEN = 300


@pytest.fixture
def family(counter, move_in, comer):
    return arrived(counter, move_in(comer(1), comer(2, "妻")))


def overview(counter, operator=None):
    found = till.till_overview(counter.node, operator or counter.clerk, DAY - timedelta(days=31), DAY)
    assert isinstance(found, TillOverview), found
    return found


def seen(counter):
    account = overview(counter).account
    return TillSeen(account.papers, account.fees_yen)


def close(counter, cash_yen, orders_yen=0, words="", *, looked=None, operator=None):
    count = TillCount(cash_yen, orders_yen)
    return till.close_till(counter.node, operator or counter.clerk, looked or seen(counter), count, words)


def decide(counter, closing, *, accept=True, why="", operator=None):
    return till.decide_on_till(counter.node, operator or counter.both, closing.number, accept=accept, why=why)


def public(record):
    return CertificateRequest(
        K.PERSONAL_COPY, CertificateRequester.PUBLIC, AskingPerson("架空税務署"),
        people=(record.addressee_number,), purpose="税の調査", proof=IdentityProof.PHOTO,
    )  # fmt: skip


def test_a_day_is_closed_by_one_person_and_confirmed_by_a_second(counter, family):
    for _ in range(2):
        issue(counter, own(family[0]), family[0])
    issue(counter, own(family[0], channel=IssueChannel.POST), family[0])
    issue(counter, public(family[0]), family[0])
    account = overview(counter).account
    assert (account.papers, account.charged, account.fees_yen) == (4, 3, 900)
    assert [account.due_yen(means) for means in Means] == [600, 300]
    assert [one.cause for line in account.lines for one in line.free] == [FreeCause.PUBLIC]
    closing = close(counter, 600, 300)
    assert isinstance(closing, TillClosing)
    assert overview(counter).account.papers == 0
    assert decide(counter, closing, operator=counter.clerk).reason is Reason.NOT_PERMITTED
    assert decide(counter, closing) is None
    shown = till.closed_till(counter.node, counter.checker, closing.number)
    assert isinstance(shown, ClosedTill)
    assert (shown.state, shown.closed_by, shown.decided_by) == ("confirmed", "clerk01", "both01")
    assert shown.closing == closing
    assert decide(counter, closing).reason is Reason.NOT_PENDING
    events = [event for event, _, _ in counter.lines() if event.startswith("till:")]
    assert events == ["till:day:closed", "till:day:decided"]


def test_nobody_confirms_what_they_closed(counter, family):
    issue(counter, own(family[0]), family[0])
    closing = close(counter, FEE_YEN, operator=counter.both)
    assert decide(counter, closing, operator=counter.both).reason is Reason.SAME_PERSON
    with (
        counter.node.store.unit() as unit,
        pytest.raises(psycopg.errors.CheckViolation),
        unit.connection.transaction(),
    ):
        unit.execute(
            "update register.till_closing set state = 'confirmed', decided_by = closed_by, decided_at = now()"
        )


def test_what_was_returned_is_closed_again_with_what_came_since(counter, family):
    issue(counter, own(family[0]), family[0])
    first = close(counter, FEE_YEN)
    issue(counter, own(family[0]), family[0])
    assert decide(counter, first, accept=False).field == "why"
    assert decide(counter, first, accept=False, why="小銭の数え違い") is None
    assert overview(counter).account.papers == 2
    second = close(counter, 2 * FEE_YEN)
    assert decide(counter, second) is None
    assert [(one.closing.number, one.state) for one in overview(counter).past] == [
        (second.number, "confirmed"),
        (first.number, "returned"),
    ]


def test_a_paper_issued_while_somebody_counts_is_in_the_next_cash_up_not_in_none(counter, family):
    issue(counter, own(family[0]), family[0])
    looked = seen(counter)
    issue(counter, own(family[0]), family[0])
    refused = close(counter, FEE_YEN, looked=looked)
    assert refused.reason is Reason.CHANGED_SINCE
    assert close(counter, 2 * FEE_YEN).account.papers == 2
    issue(counter, own(family[0]), family[0])
    assert overview(counter).account.papers == 1


def test_a_difference_is_closed_with_words_alone_and_stays_readable(counter, family):
    issue(counter, own(family[0]), family[0])
    assert close(counter, 200).field == "difference_words"
    assert overview(counter).account.papers == 1
    closing = close(counter, 200, words="釣銭の渡し過ぎ")
    shown = till.closed_till(counter.node, counter.clerk, closing.number).closing
    assert (shown.difference_yen(Means.CASH), shown.words) == (-100, "釣銭の渡し過ぎ")


def test_papers_of_a_day_that_nobody_closed_are_told_apart_and_taken_up(counter, family, clock):
    issue(counter, own(family[0]), family[0])
    yesterday = counter.node.clock.business_today()
    clock.move(timedelta(days=1))
    issue(counter, own(family[0]), family[0])
    found = till.till_overview(counter.node, counter.clerk, yesterday, yesterday)
    assert found.earlier_days == (yesterday,)
    assert close(counter, 2 * FEE_YEN).account.papers == 2


def test_a_day_without_papers_is_closed_once(counter):
    closing = close(counter, 0)
    assert isinstance(closing, TillClosing)
    assert close(counter, 0).reason is Reason.NOTHING_CHANGES
    assert decide(counter, closing, accept=False, why="数え直し") is None
    assert isinstance(close(counter, 0), TillClosing)


def test_a_fee_that_was_not_taken_says_why_until_the_paper_is_in_a_cash_up(counter, family):
    spoiled = issue(counter, own(family[0]), family[0])
    again = issue(counter, own(family[0]), family[0])
    waive = till.waive_fee
    words = f"{spoiled.number}の書損"
    assert waive(counter.node, counter.clerk, again.number, FreeCause.SPOILED, words) is None
    twice = waive(counter.node, counter.clerk, again.number, FreeCause.SPOILED, words)
    assert twice.reason is Reason.NOTHING_CHANGES
    assert waive(counter.node, counter.clerk, "x", FreeCause.SPOILED, words).reason is Reason.NOT_FOUND
    refused = waive(counter.node, counter.checker, spoiled.number, FreeCause.REDUCED, words)
    assert refused.reason is Reason.NOT_PERMITTED
    found = overview(counter)
    assert (found.account.fees_yen, [one.by for one in found.waivers]) == (300, ["clerk01"])
    undo = till.undo_waiver
    assert undo(counter.node, counter.clerk, again.number, "誤り").reason is Reason.SAME_PERSON
    assert undo(counter.node, OTHER, again.number, " ").field == "undo_why"
    assert undo(counter.node, OTHER, spoiled.number, "誤り").reason is Reason.NOT_FOUND
    assert undo(counter.node, OTHER, again.number, "誤り") is None
    assert (overview(counter).account.fees_yen, overview(counter).waivers) == (600, ())
    assert waive(counter.node, counter.clerk, again.number, FreeCause.SPOILED, words) is None
    closing = close(counter, 300)
    assert undo(counter.node, OTHER, again.number, "誤り").reason is Reason.NOT_PENDING
    assert [(one.number, one.cause) for one in closing.waivers] == [(again.number, FreeCause.SPOILED)]
    late = waive(counter.node, counter.clerk, spoiled.number, FreeCause.REDUCED, words)
    assert (late.reason, late.detail) == (Reason.NOT_PENDING, "CLOSED")


@pytest.mark.parametrize("operator", ["officer", "admin"])
def test_whoever_keeps_no_till_sees_and_does_nothing(counter, operator):
    who = getattr(counter, operator)
    node, one = counter.node, SheetRange("A", 7, 1, 1)
    for answer in (
        till.till_overview(node, who, DAY, DAY),
        till.closed_till(node, who, "x"),
        till.waive_fee(node, who, "x", FreeCause.SPOILED, "x"),
        till.undo_waiver(node, who, "x", "x"),
        till.close_till(node, who, TillSeen(0, 0), TillCount(0, 0), ""),
        till.decide_on_till(node, who, "x", accept=True),
        sheets.sheet_book(node, who),
        sheets.sheets_of_paper(node, who, "x"),
        sheets.receive_sheets(node, who, one, DAY, ""),
        sheets.note_sheets(node, who, SheetNote(one, "x")),
        sheets.destroy_spoiled(node, who, ()),
        sheets.undo_sheets(node, who, one, "x"),
    ):
        assert isinstance(answer, Refusal)
        assert answer.reason is Reason.NOT_PERMITTED


def test_two_who_close_at_once_close_one_cash_up(counter, family):
    issue(counter, own(family[0]), family[0])
    looked, begin = seen(counter), Barrier(2)

    def closes(operator):
        begin.wait()
        return close(counter, FEE_YEN, looked=looked, operator=operator)

    with ThreadPoolExecutor(2) as both:
        done = list(both.map(closes, (counter.clerk, OTHER)))
    closings = [one for one in done if isinstance(one, TillClosing)]
    refused = [one for one in done if isinstance(one, Refusal)]
    assert (len(closings), [one.reason for one in refused]) == (1, [Reason.CHANGED_SINCE])
    assert closings[0].account.papers == 1
    assert len(overview(counter).waiting) == 1


def test_a_number_that_was_mistyped_is_taken_back_by_a_second_person_and_the_sheet_used(counter, family):
    received(counter)
    paper, other = (issue(counter, own(family[0]), family[0]) for _ in range(2))
    assert noted(counter, "A0000001", last="A0000002", paper=paper.number) is None
    undo, second = sheets.undo_sheets, sheet_range("A0000002")
    assert undo(counter.node, counter.clerk, second, "入力誤り").reason is Reason.SAME_PERSON
    assert undo(counter.node, OTHER, second, " ").field == "words"
    assert undo(counter.node, OTHER, sheet_range("A0000003"), "x").reason is Reason.NOTHING_CHANGES
    assert undo(counter.node, OTHER, second, "入力誤り") is None
    assert book(counter).deliveries[0].left == 99
    assert sheets.sheets_of_paper(counter.node, counter.clerk, paper.number).texts == ("A0000001",)
    assert overview(counter).sheets.used == 1
    assert noted(counter, "A0000002", other.number, operator=OTHER) is None
    assert overview(counter).sheets.unnoted == ()
    assert undo(counter.node, counter.clerk, second, "再度") is None
    with counter.node.store.unit() as unit:
        kept = "select undone, paper, undone_why from register.sheet where place = 2 order by undone"
        assert unit.execute(kept).fetchall() == [
            (1, paper.number, "入力誤り"), (2, other.number, "再度"),
        ]  # fmt: skip


def test_a_sheet_that_is_cut_up_is_not_taken_back(counter):
    received(counter)
    assert noted(counter, "A0000001", cause=SpoilCause.JAM) is None
    assert sheets.destroy_spoiled(counter.node, OTHER, ("A0000001",)) == 1
    refused = sheets.undo_sheets(counter.node, OTHER, sheet_range("A0000001"), "x")
    assert refused.reason is Reason.NOTHING_CHANGES


def received(counter, first="A0000001", last="A0000100"):
    answer = sheets.receive_sheets(counter.node, counter.clerk, sheet_range(first, last), DAY, "納品書1")
    assert isinstance(answer, str), answer


def noted(counter, first, paper="", *, last="", cause=None, words="", operator=None):
    told = SheetNote(sheet_range(first, last), paper, cause, words)
    return sheets.note_sheets(counter.node, operator or counter.clerk, told)


def book(counter):
    return sheets.sheet_book(counter.node, counter.clerk)


def test_what_came_less_what_went_is_what_lies_in_the_cabinet(counter, family):
    received(counter)
    paper = issue(counter, own(family[0]), family[0], Press())
    assert overview(counter).sheets.unnoted == (paper.number,)
    assert noted(counter, "A0000001", paper.number) is None
    assert noted(counter, "A0000002", last="A0000004", cause=SpoilCause.JAM) is None
    (delivery,) = book(counter).deliveries
    assert (delivery.left, delivery.next_text) == (96, "A0000005")
    found = overview(counter).sheets
    assert (found.used, found.spoiled, found.left, found.unnoted) == (1, 3, 96, ())
    shown = sheets.sheets_of_paper(counter.node, counter.clerk, paper.number)
    assert (shown.texts, shown.next_text) == (("A0000001",), "A0000005")
    closing = close(counter, FEE_YEN)
    assert (closing.sheets.used, closing.sheets.spoiled) == (1, 3)
    assert overview(counter).sheets.used == 0
    assert decide(counter, closing, accept=False, why="x") is None
    assert overview(counter).sheets.used == 1


def test_a_town_without_numbered_sheets_is_not_asked_for_them(counter, family):
    issue(counter, own(family[0]), family[0])
    assert overview(counter).sheets.unnoted == ()
    received(counter)
    assert len(overview(counter).sheets.unnoted) == 1


def test_a_sheet_comes_once_and_goes_once(counter, family):
    received(counter)
    again = sheets.receive_sheets(counter.node, counter.clerk, sheet_range("A0000100", "A0000200"), DAY, "")
    assert again.reason is Reason.SHEET_KNOWN
    received(counter, "A0000101", "A0000200")
    received(counter, "B0000001", "B0000002")
    paper = issue(counter, own(family[0]), family[0])
    assert noted(counter, "A0000100", paper.number, last="A0000101").reason is Reason.SHEET_UNKNOWN
    assert noted(counter, "C0000001", paper.number).reason is Reason.SHEET_UNKNOWN
    assert noted(counter, "A0000001", "2026-99999999").reason is Reason.NOT_FOUND
    assert noted(counter, "A0000001", paper.number) is None
    assert noted(counter, "A0000001", cause=SpoilCause.JAM).reason is Reason.SHEET_NOTED


def test_spoiled_sheets_are_cut_up_on_the_word_of_somebody_else(counter):
    received(counter)
    assert noted(counter, "A0000001", last="A0000002", cause=SpoilCause.MISPRINT) is None
    assert noted(counter, "A0000003", cause=SpoilCause.TEST, operator=OTHER) is None
    assert noted(counter, "A0000004", cause=SpoilCause.MISSING, words="納品時の欠番") is None
    assert [one.place for one in book(counter).spoiled] == [3, 1, 2]
    assert book(counter).to_destroy == ("A0000003",)
    destroy = sheets.destroy_spoiled
    assert destroy(counter.node, counter.clerk, ("A0000001",)).reason is Reason.CHANGED_SINCE
    assert destroy(counter.node, counter.clerk, ("A0000003", "A0000004")).reason is Reason.CHANGED_SINCE
    assert destroy(counter.node, counter.clerk, ("A0000003",)) == 1
    assert [one.place for one in book(counter).spoiled] == [1, 2]
    assert destroy(counter.node, counter.clerk, ()).reason is Reason.NOTHING_CHANGES
    seen = sheets.sheet_book(counter.node, OTHER).to_destroy
    assert noted(counter, "A0000005", cause=SpoilCause.JAM) is None
    # What came after somebody looked lies in another heap.
    assert destroy(counter.node, OTHER, seen) == 2
    assert [one.place for one in book(counter).spoiled] == [5]
    assert destroy(counter.node, OTHER, ("A0000005",)) == 1
    assert book(counter).spoiled == ()
    with (
        counter.node.store.unit() as unit,
        pytest.raises(psycopg.errors.CheckViolation),
        unit.connection.transaction(),
    ):
        unit.execute("update register.sheet set destroyed_by = noted_by, destroyed_at = now()")
