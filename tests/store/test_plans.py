"""Every query of daily work can be answered from an index: the planner, forbidden to leaf, finds a way."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest

from daicho.rules.retention.disposal import DisposalKind
from daicho.store import (
    areas,
    cards_held,
    characters,
    correspondence,
    deferral,
    destination,
    extractions,
    filings,
    folding,
    forwarding,
    hall_clients,
    hall_feed,
    identity,
    inspection,
    ledger,
    mailbox,
    mailbox_blank,
    mailbox_in,
    mailed,
    moj_link,
    notice_bundles,
    number_changes,
    number_notices,
    numbers,
    office,
    owed,
    posting,
    processing,
    programmes,
    protection,
    register,
    retention,
    seals,
    sheets,
    statistics,
    supplements,
    surveys,
    till,
    upkeep,
)
from daicho.store.extractions import Narrowed
from daicho.store.mailbox import Lease, ToldFate
from daicho.store.number_notices import NumberNoticeRow
from daicho.store.register import SearchKeys
from daicho.store.statistics import Window
from daicho.store.unit import Store, Unit

AT = datetime(2026, 11, 20, tzinfo=UTC)
DAY = date(2026, 11, 20)
SEES = supplements.SupplementEyes(False, frozenset({1}))
Query = Callable[[Unit], Any]


class _Explaining:
    """A cursor that asks for the plan of each statement before it runs it."""

    def __init__(self, unit: Unit) -> None:
        self._cursor, self._plain = unit.cursor, unit.connection.cursor()
        self.plans: list[str] = []

    def execute(self, query: Any, parameters: Any = None) -> Any:
        if isinstance(query, str) and re.match(
            r"\s*(select|with|update|delete|insert)\b", query, re.IGNORECASE
        ):
            rows = self._plain.execute("explain " + query, parameters).fetchall()
            self.plans.append("\n".join(str(row[0]) for row in rows))
        return self._cursor.execute(query, parameters)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)


@pytest.fixture(scope="module")
def database(databases: Any) -> Iterator[Callable[[str], Store]]:
    """One empty database of a kind for all questions, since none leaves anything there."""
    addresses: dict[str, dict[str, str]] = {}
    stores: dict[str, Store] = {}

    def of_kind(kind: str) -> Store:
        if kind not in stores:
            addresses[kind] = databases.fresh(kind)
            stores[kind] = Store(addresses[kind]["app"], read_dsn=addresses[kind]["read"], pool_connections=2)
        return stores[kind]

    yield of_kind
    for kind, store in stores.items():
        store.close()
        databases.drop(addresses[kind])


def plans(store: Store, query: Query, *without: str) -> list[str]:
    with store.unit() as unit:
        for one in ("seqscan", *without):
            unit.execute(f"set local enable_{one} = off")
        unit.execute("savepoint before")
        watching, plain = _Explaining(unit), unit.cursor
        unit.cursor = watching
        query(unit)
        plain.execute("rollback to savepoint before")
    assert watching.plans, "the query asked the database something"
    return watching.plans


REGISTER: dict[str, Query] = {
    "by addressee number": lambda unit: register.resident(unit, 1),
    "by resident code": lambda unit: register.resident_by_code(unit, "1"),
    "people, their codes and their households": lambda unit: register.load_people(
        unit, people=[1, 2], codes=["1"], households=[3]
    ),
    "who was struck before a day": lambda unit: register.closed_before(unit, [1, 2], DAY, stood=True),
    "a household": lambda unit: register.household(unit, 1),
    "its history": lambda unit: register.versions(unit, 1),
    "its entries": lambda unit: register.entries_of(unit, 1),
    "as of a day": lambda unit: register.version_as_of(unit, 1, legal_day=DAY, recorded_at=AT),
    "what waits for a person": lambda unit: register.waiting_for(unit, [1]),
    "what waits for a second person": lambda unit: register.waiting_entries(unit, limit=50),
    "who cancels an entry": lambda unit: register.cancelling_entry(unit, "1"),
    "search by reading": lambda unit: register.search(unit, SearchKeys(kana="ワタ"), limit=50),
    "search by name": lambda unit: register.search(unit, SearchKeys(kanji="渡"), limit=50),
    "search by address": lambda unit: register.search(unit, SearchKeys(address="丸の内"), limit=50),
    "search by birth": lambda unit: register.search(unit, SearchKeys(birth="1970-03-10"), limit=50),
    "search by month of birth": lambda unit: register.search(
        unit, SearchKeys(kana="ワタ", birth="1970-03-"), limit=50
    ),
    "search by year of birth": lambda unit: register.search(
        unit, SearchKeys(kanji="渡", birth="1970-"), limit=50
    ),
    "the population of a day": lambda unit: statistics.population(
        unit, Window(last_legal_day=DAY), ["1970-01-01"]
    ),
    "the districts of a day": lambda unit: statistics.districts(
        unit, Window(last_legal_day=DAY), ["1970-01-01"], [1, 2]
    ),
    "a table of districts that was given out": lambda unit: statistics.publication(unit, DAY),
    "the newest table of districts": statistics.newest_publication,
    "the tables of districts": lambda unit: statistics.publications(unit, limit_rows=240),
    "the changes of a period": lambda unit: statistics.moves(unit, Window(recorded_from=AT)),
    "search among those who are kept": lambda unit: register.search(
        unit, SearchKeys(kana="ワタ", include_removed=True, closed_from=DAY), limit=50
    ),
    "search by household": lambda unit: register.search(unit, SearchKeys(household_number=1), limit=50),
}
EVERYWHERE: dict[str, Query] = {
    "lines about a person": lambda unit: ledger.lines_about(unit, "1", 100),
    "people in the lines of an operator": lambda unit: ledger.people_in_lines(
        unit, "A", "provision:answer:received", AT
    ),
    "lines of an operator": lambda unit: ledger.lines_of_operator(unit, "A", AT, AT, 100),
    "the newest checkpoint": ledger.latest_checkpoint,
    "whether anything waits": lambda unit: mailbox.work_waits(unit, now=AT, silent_until=AT),
    "letters to send": lambda unit: mailbox.candidates(unit, Lease("cs", 1, 3, 0), 200),
    "letters' fates": lambda unit: mailbox.settle(
        unit, "cs", 1, [ToldFate(number, bytes(32), "accepted") for number in range(1, 500)], now=AT
    ),
    "letters kept": lambda unit: mailbox.mark_kept(unit, "cs", 1, 5),
    "letters to handle": lambda unit: mailbox_in.next_kept(
        unit, "cs", 100, 1_000_000, now=AT, pause_until=AT
    ),
    "letters at numbers": lambda unit: mailbox_in.letters_at(unit, "cs", 1, 1, 5),
    "who is to be told": lambda unit: mailbox_in.untold_senders(unit, now=AT, rest_until=AT),
    "fates to tell": lambda unit: mailbox_in.untold(unit, "cs", 500),
    "a session": lambda unit: office.session(unit, bytes(32)),
    "an operator": lambda unit: office.operator(unit, "MADO-01"),
}


PROTECTION: dict[str, Query] = {
    "whom measures cover": lambda unit: protection.measures_over(unit, [1, 2]),
    "measures against a name": lambda unit: protection.measures_against(unit, ["相手太郎"]),
    "a measure": lambda unit: protection.measure(unit, "2026-000001"),
    "some measures": lambda unit: protection.bodies_of(unit, ["2026-000001"]),
    "whoever is of a measure": protection.people_of_measures,
    "whom measures hide": lambda unit: protection.hidden(unit, [1, 2], "MADO-01", AT),
    "whether nobody knows who is protected": protection.awaits_measures,
    "who once lived with whom": lambda unit: protection.once_together(
        unit, [1, 2], shut_for="MADO-01", at=AT
    ),
    "whose measures are beside": lambda unit: protection.measures_beside(unit, [1, 2]),
    "who ever lived with whom": lambda unit: protection.ever_with(unit, [1, 2]),
    "measures that began": lambda unit: protection.begun_since(unit, AT),
    "a request by post": lambda unit: mailed.mailed(unit, "x", locked=True),
    "requests by post that wait": lambda unit: mailed.mailed_list(unit, done=False, limit_rows=200),
    "requests by post that are done": lambda unit: mailed.mailed_list(unit, done=True, limit_rows=200),
    "where the papers of requests are": lambda unit: mailed.posts_of(unit, ["x"]),
    "a step of a request by post": lambda unit: mailed.move_mailed(
        unit, mailed.MailedRow("x", "y", "OPEN", DAY, None, None, "{}")
    ),
    "how many requests by post wait": mailed.how_many_wait,
    "towns that were told of a measure": lambda unit: forwarding.told_of(unit, "2026-000001", locked=True),
    "whom measures of other towns name": forwarding.open_bodies,
    "letters that mean nobody here yet": lambda unit: forwarding.untied(unit, forwarding.BEFORE_ALL, 200),
    "a town that was told": lambda unit: forwarding.lock_told(unit, "x"),
    "another letter to a town": lambda unit: forwarding.tell_again(unit, "x", "IN_FORCE", "y", AT),
    "the answer of a town": lambda unit: forwarding.answered(unit, "x", "01202", 1, "TAKEN_UP", AT),
    "letters that nobody answered": lambda unit: forwarding.unanswered(unit, 200),
    "a measure of another town": lambda unit: forwarding.received(unit, "01202", "x", locked=True),
    "measures of other towns that wait": lambda unit: forwarding.received_list(
        unit, closed=False, limit_rows=200
    ),
    "measures of other towns that are settled": lambda unit: forwarding.received_list(
        unit, closed=True, limit_rows=200
    ),
    "a measure of another town to settle": lambda unit: forwarding.close_received(
        unit, "01202", "x", "NOT_HERE", ("y", AT)
    ),
    "how many measures of other towns wait": lambda unit: forwarding.how_much_waits(unit, AT),
    "of what a measure alerted": lambda unit: protection.alerted_of(unit, "2026-000001"),
    "open measures": lambda unit: protection.open_measures(unit, after=(DAY, "2026-000001"), limit_rows=200),
    "its steps": lambda unit: protection.steps_of(unit, "2026-000001"),
    "waiting proposals": lambda unit: protection.waiting_proposals(unit, releases_since=AT, limit_rows=200),
    "unseen alerts": lambda unit: protection.unseen_alerts(unit, limit_rows=200),
    "what waits": lambda unit: protection.how_much_waits(unit, AT),
    "a proposal": lambda unit: protection.lock_proposal(unit, "x"),
}

UPKEEP: dict[str, Query] = {
    "a case": lambda unit: upkeep.upkeep_case(unit, "2026-000001"),
    "open cases": lambda unit: upkeep.open_cases(unit, after=(DAY, "2026-000001"), limit_rows=200),
    "ended cases": lambda unit: upkeep.ended_cases(unit, before="2026-000001", limit_rows=200),
    "how many cases": upkeep.how_many_cases,
    "the steps of a case": lambda unit: upkeep.case_steps(unit, "2026-000001"),
    "cases of people": lambda unit: upkeep.cases_of(unit, [1, 2]),
    "cases of an entry": lambda unit: upkeep.cases_of_entry(unit, "e1"),
    "movers whom nobody reported": lambda unit: upkeep.missing_arrivals(
        unit, before=DAY, after=(DAY, "e1"), limit_rows=200
    ),
    "when they left": lambda unit: upkeep.left_by(unit, "e1"),
    "movers of a case": lambda unit: upkeep.release_arrivals(unit, "2026-000001"),
    "movers to take up": lambda unit: upkeep.lock_missing(unit, [1, 2]),
    "movers who arrived": lambda unit: upkeep.note_arrivals(unit, [1, 2], DAY, AT),
    "which movers arrived": lambda unit: upkeep.reported_arrivals(unit, [1, 2]),
}


CHARACTERS: dict[str, Query] = {
    "a character of the town": lambda unit: characters.own_character(unit, "\ue001"),
    "some of them": lambda unit: characters.own_of(unit, ["\ue001"]),
    "its steps": lambda unit: characters.own_steps(unit, "\ue001", limit_rows=100),
    "all of them": lambda unit: characters.own_characters(unit, limit_rows=200),
    "those of a family": lambda unit: characters.own_of_family(unit, "辺", limit_rows=200),
    "those of a number of strokes": lambda unit: characters.own_of_strokes(unit, 16, 18, limit_rows=200),
    "those that wait": lambda unit: characters.own_waiting(unit, limit_rows=200),
    "how counterparts are written": lambda unit: characters.written_counterparts(unit, ["\ue001"]),
    "what two people stand for": lambda unit: characters.settled_characters(unit, ["\ue001"]),
    "how characters are shown": lambda unit: characters.shown_characters(unit, ["\ue001"]),
    "a picture": lambda unit: characters.picture(unit, "0" * 64),
    "the case of a character": lambda unit: characters.case_of(unit, "\ue001"),
    "a case to close": lambda unit: characters.lock_case(unit, "\ue001"),
    "open cases": lambda unit: characters.open_cases(unit, limit_rows=200),
    "open cases behind one": lambda unit: characters.open_cases(unit, after=(AT, "\ue001"), limit_rows=200),
    "where they were met": lambda unit: characters.meetings_of(unit, ["\ue001"]),
    "in whose record it stands": lambda unit: characters.users_of(unit, "\ue001", after=0, limit_rows=500),
    "in whose records each of them stands": lambda unit: characters.users_of_each(
        unit, {"\ue001": 0, "\ue002": 7}, limit_rows=20
    ),
    "what waits": characters.how_much_waits,
    "their keys": lambda unit: folding.residents_named(unit, [1, 2]),
}


AFFAIRS: dict[str, Query] = {
    "items to change": lambda unit: programmes.items_to_change(unit, 1),
    "items of people": lambda unit: programmes.bodies_of_people(unit, [1, 2]),
    "what was told of items": lambda unit: programmes.steps_of_person(unit, 1, limit_rows=100),
    "what was noted of cards": lambda unit: cards_held.notes_of_people(unit, [1, 2]),
    "seals that stand": lambda unit: seals.standing_of(unit, [1, 2]),
    "somebody's seals": lambda unit: seals.registrations_of(unit, 1),
    "a print": lambda unit: seals.image(unit, "x"),
    "the steps of seals": lambda unit: seals.steps_of_seals(unit, 1, limit_rows=200),
    "what is open about a seal": lambda unit: seals.open_request_of(unit, 1),
    "a request about a seal": lambda unit: seals.seal_request(unit, "x"),
    "seals that wait": lambda unit: seals.waiting_requests(unit, limit_rows=200),
    "how many seals wait": seals.how_many_wait,
    "letters of inquiry that are out": lambda unit: seals.open_inquiries(unit, limit_rows=200),
    "what was declined about a seal": lambda unit: seals.unmet_requests_of(unit, 1, limit_rows=200),
    "a registration": lambda unit: seals.registration(unit, "x"),
    "cards that wait": lambda unit: seals.cards_that_wait(unit, limit_rows=200),
    "ends of which nobody was told": lambda unit: seals.ends_to_tell(unit, limit_rows=200),
    "certificates of seals": lambda unit: seals.seal_papers_of(unit, 1, limit_rows=200),
    "reports to other towns that wait": lambda unit: filings.filings_out(unit, closed=False, limit_rows=200),
    "reports to other towns that are closed": lambda unit: filings.filings_out(
        unit, closed=True, limit_rows=200
    ),
    "reports of other towns that wait": lambda unit: filings.filings_in(unit, closed=False, limit_rows=200),
    "reports of other towns that are closed": lambda unit: filings.filings_in(
        unit, closed=True, limit_rows=200
    ),
    "a report to close by a second person": lambda unit: filings.confirm_in(
        unit, "01202", "x", "NOTHING_TO_RECORD", ("y", AT)
    ),
    "how many reports are to be confirmed": filings.how_many_to_confirm,
    "how many reports came back": lambda unit: filings.how_many_came_back(unit, AT),
    "names and births of some": lambda unit: folding.names_and_births(unit, [1, 2]),
    "namesakes": lambda unit: register.search(
        unit, SearchKeys(names=frozenset(("渡辺花子", "渡邉花子")), include_removed=True), limit=500
    ),
    "open reports about a resident": lambda unit: filings.open_filings_about(unit, 7, limit_rows=10),
    "the report of an entry": lambda unit: filings.filing_of_entry(unit, "x"),
    "a report of a town": lambda unit: filings.filing_in(unit, "01202", "x"),
    "who may be meant now": lambda unit: filings.note_people(unit, "01202", "x", [1]),
    "reports of entries that stand": lambda unit: filings.close_recorded(unit, [("x", "y")], "RECORDED", AT),
    "a report whose entry does not stand": lambda unit: filings.release_in(unit, "x"),
    "how many reports are to be recorded": filings.how_many_to_record,
    "how many reports are to be sent": filings.how_many_to_send,
    "other numbers that are asked for": lambda unit: number_changes.listed(
        unit, closed=False, limit_rows=200
    ),
    "what came of other numbers": lambda unit: number_changes.listed(unit, closed=True, limit_rows=200),
    "somebody's other number": lambda unit: number_changes.open_of(unit, [1]),
    "what an answer of the nation answers": lambda unit: number_changes.answered_by(unit, "00000000000"),
    "another number to ask for": lambda unit: number_changes.ask(unit, "x", "y", AT, "00000000000"),
    "other numbers of who left": number_changes.of_who_left,
    "movers whose day has come": lambda unit: processing.due_movers(unit, on=AT.date(), limit=500),
    "how many of them are stopped": lambda unit: processing.due_and_stopped(unit, on=AT.date()),
    "how many other numbers wait": number_changes.how_many_to_decide,
    "what is stopped for people and households": lambda unit: processing.over(unit, [1, 2], [1]),
    "stops that have not ended": lambda unit: processing.listed(unit, ended=False, limit_rows=200),
    "stops that have": lambda unit: processing.listed(unit, ended=True, limit_rows=200),
    "a stop to end": lambda unit: processing.end(unit, "x", "y", AT),
    "how many ends of stops wait": processing.how_many_to_decide,
    "notices that are owed to a town": lambda unit: supplements.waiting_out(unit, [1], limit_rows=200),
    "notices that do not agree": lambda unit: supplements.differing_out(unit, [1], limit_rows=200),
    "how many notices wait for a town": lambda unit: supplements.how_many_wait(unit, [1]),
    "how many do not agree": lambda unit: supplements.how_many_differ(unit, [1], proposed=False),
    "notices about people": lambda unit: supplements.out_of_people(unit, [1, 2]),
    "some notices to decide": lambda unit: supplements.lock_out(unit, ["x"]),
    "a mismatch that comes": lambda unit: supplements.differ_out(unit, "x", "01202", DAY, "{}"),
    "notices of towns to record": lambda unit: supplements.open_in(unit, SEES, limit_rows=200),
    "notices of towns that are done": lambda unit: supplements.done_in(unit, SEES, limit_rows=200),
    "how many are to be recorded": lambda unit: supplements.how_many_open(unit, SEES),
    "notices to note as recorded": lambda unit: supplements.finish_in(
        unit, "01202", ["x"], "recorded", ("y", DAY, AT)
    ),
    "notices to mark": lambda unit: supplements.mark_in(unit, "01202", {"x": True}),
    "whether anything is owed": supplements.FEED.behind,
    "notices of days": lambda unit: supplements.counts_between(unit, SEES, DAY, DAY),
    "whether a number is to be told": number_notices.FEED.behind,
    "codes of the own stock": lambda unit: number_notices.allotted_here(unit, ["1", "2"]),
    "numbers that were asked for": lambda unit: number_notices.asked_here(unit, ["x", "y"]),
    "numbers to tell": lambda unit: number_notices.lock_next(unit, AT, limit_rows=200),
    "numbers that change": lambda unit: number_notices.number_changes(
        unit, 5, "NUMBER_CHANGE", limit_rows=200
    ),
    "a kind that is raised": lambda unit: number_notices.raise_kind(
        unit, NumberNoticeRow("x", 1, "x", "2", "waiting", AT)
    ),
    "whether somebody was told": lambda unit: number_notices.ever_told(unit, 1),
    "whether somebody is back": number_notices.somebody_is_back,
    "files that came back": lambda unit: mailbox.returned(unit, 200, "destination.info"),
    "numbers of a file that came back": lambda unit: number_notices.lock_of_file(unit, "x"),
    "numbers that wait again": lambda unit: number_notices.untell(unit, ["x"], "refused", AT),
    "a number that an officer confirms": lambda unit: number_notices.confirm(unit, 1, ("x", AT)),
    "destinations to verify": lambda unit: number_notices.lock_stated(unit, ["x", "y"]),
    "a destination that is verified": lambda unit: number_notices.verify_stated(unit, ["x"], ("y", AT)),
    "how many destinations are to be verified": lambda unit: number_notices.how_many_unverified(
        unit, [1], "x", for_officer=False
    ),
    "how many are over for an officer": lambda unit: number_notices.how_many_over_for_officer(unit, DAY),
    "whose household somebody fled from": lambda unit: number_notices.fled(unit, [1, 2]),
    "everybody whose household somebody fled from": number_notices.fled_everywhere,
    "whether numbers wait": number_notices.any_waiting,
    "numbers that wait": lambda unit: number_notices.waiting(unit, [1], limit_rows=101),
    "numbers that were told": lambda unit: number_notices.closed(unit, [1], limit_rows=101),
    "how many numbers could not be told": lambda unit: number_notices.how_many_hindered(unit, [1]),
    "numbers of a person": lambda unit: number_notices.of_person(unit, 1, limit_rows=20),
    "numbers that are told": lambda unit: number_notices.tell(unit, ["x"], ("y", False, False), AT),
    "stated destinations of people": lambda unit: number_notices.stated_of(unit, [1, 2]),
    "stated destinations": lambda unit: number_notices.stated(unit, [1], everything=False, limit_rows=101),
    "stated destinations to end": lambda unit: number_notices.end_stated(unit, [1, 2], ("x", AT)),
    "stated destinations that are over": lambda unit: number_notices.stated_over(unit, DAY, limit_rows=200),
    "notices of a letter that came back": lambda unit: supplements.out_of_letter(
        unit, "x", [1], limit_rows=200
    ),
    "notices that go in a letter": lambda unit: supplements.put_in_letters(unit, {"x": "y"}),
    "notices to mark when they come": lambda unit: supplements.keep_marks(unit, "01202", ["x"]),
    "marks of notices that come": lambda unit: supplements.take_marks(unit, "01202", ["x"]),
    "whom notices are about": lambda unit: supplements.numbers_of_codes(unit, ["1", "2"]),
    "what changes owe": lambda unit: register.entry_bodies(unit, ["x", "y"]),
    "what waits for the line": lambda unit: deferral.waiting_affairs(unit, limit_rows=200),
    "how much waits for the line": deferral.how_many_wait,
    "an affair that waits": lambda unit: deferral.affair(unit, "x"),
}


OFFICE: dict[str, Query] = {
    "papers in no cash-up": lambda unit: till.open_papers(unit, DAY),
    "a paper of the till": lambda unit: till.charged_paper(unit, "2026-00000001"),
    "fees that were not taken": lambda unit: till.waivers_of(unit, ["2026-00000001"]),
    "a cash-up": lambda unit: till.closing(unit, "2026-000001"),
    "cash-ups that wait": lambda unit: till.waiting_closings(unit, limit_rows=200),
    "cash-ups of days": lambda unit: till.closings_between(unit, DAY, DAY, limit_rows=200),
    "how many cash-ups wait": till.how_many_wait,
    "papers of a cash-up set back": lambda unit: unit.cursor.execute(till._SET_BACK, ("2026-000001",)),
    "the delivery of a sheet": lambda unit: sheets.delivery_from(unit, "A", 7, 1),
    "deliveries that last": lambda unit: sheets.open_deliveries(unit, limit_rows=200),
    "sheets that are noted": lambda unit: sheets.noted_places(unit, "2026-0001", 1, 9),
    "the last of them": lambda unit: sheets.last_noted(unit, "2026-0001"),
    "spoiled sheets": lambda unit: sheets.spoiled_sheets(unit, "A1001", limit_rows=200),
    "who noted sheets": lambda unit: sheets.noted_by(unit, "2026-0001", 1, 9),
    "sheets to take back": lambda unit: sheets.undo_sheets(unit, "2026-0001", 1, 1, "A1001", AT, "x"),
    "whether sheets ever came": sheets.any_delivery,
    "spoiled sheets to destroy": lambda unit: sheets.destroy_sheets(unit, [], "A1001", AT),
    "the sheets of a paper": lambda unit: sheets.sheets_of(unit, "2026-00000001"),
    "sheets since the last cash-up": sheets.sheets_since_closing,
    "sheets of a cash-up": lambda unit: sheets.take_up_sheets(unit, "2026-000001"),
    "sheets of a cash-up set back": lambda unit: sheets.set_sheets_back(unit, "2026-000001"),
    "sheets that are left": sheets.sheets_left,
    "a notice": lambda unit: owed.owed_notice(unit, "x-1"),
    "notices that are owed": lambda unit: owed.open_notices(unit, limit_rows=200),
    "notices of papers": lambda unit: owed.notices_of_papers(unit, ["2026-00000001"]),
    "what changes made owed": lambda unit: owed.open_of_entries(unit, ["x"]),
    "a notice for oneself": lambda unit: owed.lock_open(unit, "x-1"),
    "how much is owed": owed.how_many_owed,
    "notices that were handed over": lambda unit: owed.handed_over(unit, AT, limit_rows=200),
    "a notice that was printed": lambda unit: owed.lock_printed(unit, "x-1"),
    "letters of cancelled changes": lambda unit: owed.turned_back(unit, ["2026-00000001"]),
    "a waiver to take back": lambda unit: till.undo_waiver(unit, "2026-00000001", "A1001", AT, "x"),
    "papers that were destroyed": lambda unit: posting.destroyed_papers(unit, ["2026-00000001"]),
    "papers to post": lambda unit: posting.papers_to_post(unit, limit_rows=200),
    "papers that were sent": lambda unit: posting.papers_sent(unit, limit_rows=200),
    "a paper on its way": lambda unit: posting.posted_paper(unit, "2026-00000001"),
    "who stands on papers": lambda unit: posting.people_on(unit, ["2026-00000001"]),
    "the steps of a letter": lambda unit: posting.post_steps(unit, "2026-00000001"),
    "the next step of a letter": lambda unit: posting.next_place(unit, "2026-00000001"),
    "how much is to be posted": posting.how_many_to_post,
    "an inspection": lambda unit: inspection.inspection(unit, "2026-00001"),
    "inspections that wait": lambda unit: inspection.waiting_inspections(unit, limit_rows=200),
    "the newest inspections": lambda unit: inspection.newest_inspections(unit, limit_rows=200),
    "readings of an inspection": lambda unit: inspection.readings_of(unit, "2026-00001"),
    "readings of days": lambda unit: inspection.readings_between(unit, DAY, DAY, limit_rows=200),
    "how many inspections wait": inspection.how_many_wait,
    "an inspection to end": lambda unit: inspection.lock_inspection(unit, "2026-00001"),
    "people of an area": lambda unit: inspection.people_in_area(
        unit, inspection.AreaKeys("丸の内"), limit_rows=50
    ),
    "inspections that stand in no cash-up": lambda unit: till.open_readings(unit, DAY),
    "papers without sheets": lambda unit: sheets.without_sheets(unit, ["2026-00000001"]),
}
LETTERS: dict[str, Query] = {
    "a letter": lambda unit: correspondence.letter(unit, "2026-00000001"),
    "a letter for oneself": lambda unit: correspondence.lock_letter(unit, "2026-00000001"),
    "letters of a case": lambda unit: correspondence.letters_of_case(unit, "2026-000001"),
    "letters of a request": lambda unit: correspondence.letters_of_request(unit, "x"),
    "letters of a run": lambda unit: correspondence.letters_of_run(
        unit, "2026-000001", first="", limit_rows=50
    ),
    "bundles of a run": lambda unit: correspondence.numbers_of_run(
        unit, "2026-000001", first="2026-000001", limit_rows=501
    ),
    "to whom a letter was written": lambda unit: correspondence.written_to(
        unit, "2026-000001", "REMINDER", [1, 2]
    ),
    "whether letters are to be written": correspondence.run_waits,
    "letters to write": correspondence.lock_next_run,
    "runs of a survey": lambda unit: correspondence.runs_of(unit, "2026-000001"),
    "to whom nothing was written": lambda unit: correspondence.left_of_run(
        unit, "2026-000001", limit_rows=50
    ),
    "letters printed again": lambda unit: correspondence.note_again(unit, ["2026-00000001"]),
    "households that were renamed": lambda unit: areas.households_done(unit, "2026-000001", 0, limit_rows=25),
    "a survey": lambda unit: surveys.lock_survey(unit, "2026-000001"),
    "surveys": lambda unit: surveys.surveys(unit, limit_rows=50),
    "surveys to list": surveys.lock_next_listing,
    "households one after the other": lambda unit: surveys.households_on(unit, 5, limit_rows=300),
    "who lives in households": lambda unit: surveys.members_of(unit, [1, 2]),
    "to whom a letter came back": lambda unit: surveys.returned_to(unit, [1, 2]),
    "households of a survey": lambda unit: surveys.households(
        unit, "2026-000001", result=None, after=("", 0), without=[3], limit_rows=50
    ),
    "households of one result": lambda unit: surveys.households(
        unit, "2026-000001", result="DIFFERS", after=("", 0), without=[3], limit_rows=50
    ),
    "a household of a survey": lambda unit: surveys.household(unit, "2026-000001", 1),
    "some households of a survey": lambda unit: surveys.households_among(unit, "2026-000001", [1, 2]),
    "households to write to": lambda unit: surveys.next_households(unit, "2026-000001", 0, limit_rows=25),
    "figures of a survey": lambda unit: surveys.tallies(unit, "2026-000001"),
}
HALL: dict[str, Query] = {
    "the feed": lambda unit: hall_feed.read(unit, 5, limit_rows=200),
    "the feed of a day": lambda unit: hall_feed.read_day(unit, DAY, 5, limit_rows=200),
    "what has no place": lambda unit: hall_feed.place(unit, limit_rows=2_000),
    "who lives of whom the feed tells": lambda unit: hall_feed.living_among(unit, [1, 2]),
    "base data": lambda unit: hall_feed.residents_behind(unit, 5, limit_rows=200),
    "the last place": hall_feed.end,
    "how much has no place": hall_feed.unplaced,
    "a client": lambda unit: hall_clients.client(unit, "c1"),
    "a client to change": lambda unit: hall_clients.lock_client(unit, "c1"),
    "all clients": lambda unit: hall_clients.clients(unit, limit_rows=200),
    "scopes that wait": lambda unit: hall_clients.waiting_scopes(unit, limit_rows=200),
    "how many scopes wait": hall_clients.how_many_wait,
    "a scope to take back": lambda unit: hall_clients.withdraw_scope(unit, "c1", "juki:base:read", "A", AT),
    "a word for a secret": lambda unit: hall_clients.use_word_for_secret(unit, "c1", "A", AT, since=AT),
    "what was asked for a client": lambda unit: hall_clients.scope_proposals_of(unit, "c1", limit_rows=200),
    "whether a secret fits": lambda unit: hall_clients.secret_fits(unit, "c1", bytes(32), AT),
    "secrets of a client": lambda unit: hall_clients.secrets_of(unit, "c1", limit_rows=20),
    "a token": lambda unit: hall_clients.token(unit, bytes(32), AT),
    "tokens of a client": lambda unit: hall_clients.close_client(unit, "c1", "KANRI-01", AT),
    "how far a client has read": lambda unit: hall_clients.note_read(unit, "c1", 5, AT),
    "an extraction": lambda unit: extractions.lock_extraction(unit, "2026-E000001"),
    "own extractions": lambda unit: extractions.extractions_of(unit, "MADO-01", limit_rows=50),
    "extractions that wait": lambda unit: extractions.waiting_extractions(unit, limit_rows=50),
    "how many extractions wait": extractions.how_many_wait,
    "whether a large file is to be made": lambda unit: extractions.making_waits(unit, AT),
    "the large file that was begun first": extractions.lock_next_making,
    "the next records of a large file": lambda unit: extractions.records_after(
        unit, Narrowed("1950", "1960"), 5, limit_rows=100
    ),
    "a large file begun": lambda unit: extractions.begin_making(unit, "2026-E000001", AT, "M", "t", "{}"),
    "parts of a large file": lambda unit: list(extractions.parts_of(unit, "2026-E000001")),
    "a part that has no lines yet": lambda unit: extractions.next_unnoted(unit, "2026-E000001"),
    "a part that has its lines": lambda unit: extractions.note_part(unit, "2026-E000001", 0),
    "a large file put back": lambda unit: extractions.put_back(unit, "2026-E000001", "CHANGED_SINCE"),
    "large files that nobody fetched": lambda unit: extractions.lapse_kept(unit, AT, limit_rows=20),
    "an operator's orders of late": lambda unit: extractions.without_approval_lately(
        unit, "MADO-01", since=AT, ready_since=AT
    ),
    "how many may be meant": lambda unit: extractions.how_many_may_be_meant(unit, Narrowed("1950", "1960")),
    "records to extract": lambda unit: list(
        extractions.records(unit, Narrowed("1950", "1960", "丸の内"), batch_rows=100)
    ),
}
RETENTION: dict[str, Query] = {
    "a run": lambda unit: retention.run(unit, "2026-000001"),
    "a run to carry out": lambda unit: retention.lock_run(unit, "2026-000001"),
    "the run that is open": retention.open_run,
    "runs that are through": lambda unit: retention.past_runs(unit, limit_rows=50),
    "what is on a list": lambda unit: retention.items_of_run(unit, "2026-000001"),
    "how much of a list": lambda unit: retention.counts_of_run(unit, "2026-000001"),
    "a page of a list": lambda unit: retention.page_of_run(unit, "2026-000001", 100, limit_rows=100),
    "whether anything is being destroyed": retention.wait_for_run,
    "open holds": lambda unit: retention.open_holds(unit, limit_rows=200),
    "a hold to lift": lambda unit: retention.lift_hold(unit, 1, "A", AT),
    "a box": lambda unit: retention.box(unit, "2026-000001"),
    "boxes": lambda unit: retention.standing_boxes(unit, limit_rows=200),
    "boxes that are gone": lambda unit: retention.destroyed_boxes(unit, limit_rows=200),
    "the steps of a box": lambda unit: retention.box_steps(unit, "2026-000001"),
    "the first checkpoint over a line": lambda unit: ledger.checkpoint_over(unit, 1),
}
MINISTRY: dict[str, Query] = {
    "a file of the ministry": lambda unit: moj_link.moj_file(unit, 1),
    "its files": lambda unit: moj_link.moj_files(unit, limit_rows=50),
    "their serials": lambda unit: moj_link.moj_serials(unit, limit_rows=50),
    "which notices came before": lambda unit: moj_link.known_notices(unit, ["a", "b"]),
    "a notice": lambda unit: moj_link.moj_notice(unit, (1, 2)),
    "the next new notice": moj_link.lock_next_new,
    "notices in one state": lambda unit: moj_link.notices_in(unit, "open", limit_rows=100),
    "notices to enter": lambda unit: moj_link.notices_to_enter(unit, limit_rows=50),
    "closed notices": lambda unit: moj_link.closed_notices(unit, limit_rows=100),
    "notices by state": moj_link.notice_counts,
    "how many notices wait": moj_link.how_many_wait,
    "how many notices are to be closed": moj_link.how_many_to_confirm,
    "the notice of an entry": lambda unit: moj_link.notice_of_entry(unit, "x"),
    "the notices of entries": lambda unit: moj_link.notices_of_entries(unit, ["x"]),
    "notices of entries that stand": lambda unit: moj_link.close_recorded_notices(unit, [("x", "y")], AT),
    "a notice whose entry does not stand": lambda unit: moj_link.release_notice(unit, "x"),
    "who bears a card": lambda unit: moj_link.people_by_card(unit, "AB12345678CD", limit_rows=20),
    "notices of people to look at again": lambda unit: moj_link.look_again(unit, [1, 2]),
    "whether another notice waits": lambda unit: moj_link.another_waits(unit, (1, 2), 1),
    "what a record said already": lambda unit: moj_link.said_so(unit, 1),
    "old whys": lambda unit: moj_link.forget_whys(unit, AT, limit_rows=50),
    "what is owed to the ministry": lambda unit: moj_link.owed_first(unit, [1, 2], limit_rows=500),
    "what is stuck": lambda unit: moj_link.stuck_notices(unit, limit_rows=100),
    "of whom something is stuck": moj_link.stuck_people,
    "how items were written before": lambda unit: moj_link.written_before(unit, [1, 2]),
    "how many are written otherwise": moj_link.how_many_written,
    "notices that came otherwise before": lambda unit: moj_link.note_resent(unit, ["a"]),
    "what a file of ours tells": lambda unit: moj_link.notices_of_file(unit, 1),
    "how many are owed to the ministry": moj_link.how_many_municipal_owed,
    "how many are stuck": moj_link.how_many_stuck,
    "the last file of ours": moj_link.last_made,
    "our files": lambda unit: moj_link.made_files(unit, limit_rows=50),
    "a file of ours": lambda unit: moj_link.made_file(unit, 1),
    "old contents": lambda unit: moj_link.forget_contents(unit, AT, limit_rows=50),
}
AREAS: dict[str, Query] = {
    "a change of names": lambda unit: areas.area(unit, "2026-000001"),
    "a change of names to decide": lambda unit: areas.lock_area(unit, "2026-000001"),
    "changes of names to work on": lambda unit: areas.lock_next_work(unit, DAY),
    "whether changes of names are to be worked on": lambda unit: areas.work_waits(unit, DAY),
    "open changes of names": lambda unit: areas.open_areas(unit, limit_rows=200),
    "tables with faults": lambda unit: areas.faulty_areas(unit, limit_rows=5),
    "whether a table is open twice": lambda unit: areas.open_under_another(unit, "2026-000001", "d" * 64),
    "whether another change goes first": lambda unit: areas.must_go_first(unit, "2026-000001"),
    "places that other tables name as new": lambda unit: areas.named_new(
        unit, "2026-000001", {("甲町", "5番")}, DAY
    ),
    "households that wait for an entry": lambda unit: areas.waiting_items(unit, "2026-000001"),
    "households at some places": lambda unit: areas.items_at(unit, "2026-000001", ["甲町1番"]),
    "entries that nobody verified": lambda unit: areas.entered_behind(unit, (None, ""), limit_rows=500),
    "a household left as it stands": lambda unit: areas.dismiss_item(unit, "2026-000001", 1, "x", AT, "y"),
    "changes of names that are over": lambda unit: areas.past_areas(unit, limit_rows=50),
    "how many changes of names wait": areas.how_many_wait,
    "their lines": lambda unit: areas.lines_of(unit, "2026-000001"),
    "how many households are left": lambda unit: areas.left_over(unit, ("", 0), limit_rows=200),
    "lines that meet somebody": lambda unit: areas.add_met(unit, "2026-000001", {2: 1}),
    "who lives in some towns": lambda unit: areas.look_on(unit, 0, ["甲町", "乙町"], limit_rows=2_000),
    "households to rename": lambda unit: areas.next_items(unit, "2026-000001", few=200, most=1_000),
    "households that were renamed": lambda unit: areas.settle_items(
        unit, "2026-000001", [areas.AreaItemRow(1, "甲町", 2, 1, "done")]
    ),
    "households on the list again": lambda unit: areas.list_again(unit, "2026-000001"),
    "households to see to": lambda unit: areas.queue(
        unit, "2026-000001", after=0, without=[7], limit_rows=100
    ),
    "some of its households": lambda unit: areas.items_among(unit, "2026-000001", [1, 2]),
    "how much came to what": lambda unit: areas.tallies(unit, "2026-000001"),
    "where some people live": lambda unit: areas.households_of(unit, [1, 2]),
    "households that an entry concerns": lambda unit: areas.households_that_wait(unit, [1, 2]),
    "how homes of people were renamed": lambda unit: areas.renamings_of(unit, [1, 2]),
}
_SALT = bytes(32)
OVER: dict[DisposalKind, tuple[Query, ...]] = {
    kind: (
        lambda unit, kind=kind: retention.how_many_over(unit, kind, before=DAY, limit_rows=200),
        lambda unit, kind=kind: retention.how_many_held(unit, kind, before=DAY, at=AT, limit_rows=200),
        lambda unit, kind=kind: retention.what_is_over(
            unit, kind, before=DAY, at=AT, salt=_SALT, limit_rows=200
        ),
    )
    for kind in DisposalKind
}


def _by_number(unit: Unit) -> None:
    with unit.as_number_keeper():
        numbers.code_of_lookup(unit, bytes(32))


def _unmatched(unit: Unit) -> None:
    with unit.as_number_keeper():
        numbers.unmatched_today(unit, "01202", DAY)
        numbers.note_unmatched(unit, "01202", DAY)


def _destination_numbers(unit: Unit) -> None:
    with unit.as_number_keeper():
        destination.numbers_of(unit, FILE)


FILE = ("13101", "x")
NATION: dict[str, Query] = {
    "until when destination files are kept": lambda unit: destination.keep_until(unit, [FILE], DAY),
    "notices to print": lambda unit: destination.waiting_notices(unit, limit_rows=101),
    "notices that were sent": lambda unit: destination.marked_notices(unit, "sent", limit_rows=101),
    "notices of a file": lambda unit: destination.notices_of_file(unit, "x", limit_rows=101),
    "notices of a person": lambda unit: destination.notices_of_person(
        unit, "1990-01-02", "x", limit_rows=101
    ),
    "notices to release": lambda unit: destination.release(unit, [("00000000001", "13101")]),
    "how many notices are to be printed": destination.how_many_wait,
    "some notices to mark": lambda unit: destination.lock_notices(unit, [(*FILE, 1), (*FILE, 2)]),
    "notices that are printed": lambda unit: destination.marked_notices(unit, "printed", limit_rows=101),
    "notices that wait again": lambda unit: destination.wait_again(unit, [(*FILE, 1)]),
    "what waits of some files": lambda unit: notice_bundles.lock_waiting_in(unit, [FILE]),
    "the bundle of an order": lambda unit: notice_bundles.known_bundle(unit, "x"),
    "the next bundle": lambda unit: notice_bundles.next_bundle(unit, AT, AT),
    "the next letter": lambda unit: notice_bundles.letter_from(unit, 1, 2),
    "letters of a bundle": lambda unit: notice_bundles.letters(unit, 1),
    "what is printed in a letter": lambda unit: notice_bundles.prints_of_letter(unit, 1, 1),
    "what is printed in a bundle": lambda unit: notice_bundles.prints(unit, 1),
    "a bundle": lambda unit: notice_bundles.lock_bundle(unit, 1),
    "bundles": lambda unit: notice_bundles.bundles_before(unit, 9, limit_rows=51),
    "how far a bundle is": lambda unit: notice_bundles.advance(unit, 1, 1, AT, "x", left=0),
    "letters for the press": lambda unit: notice_bundles.sealed_letters(unit, 1),
    "a bundle that is closed": lambda unit: notice_bundles.close_bundle(unit, 1, "dropped", ("x", AT)),
    "bundles that nobody printed": lambda unit: notice_bundles.overdue(unit, AT, limit_rows=20),
    "notices of a bundle to mark": lambda unit: notice_bundles.mark_bundle(
        unit, 1, ("bundled", "printed"), ("x", AT)
    ),
    "a bundle of which nothing counts": lambda unit: notice_bundles.end_prints(unit, 1),
    "prints that do not count": lambda unit: notice_bundles.end_some(unit, [(*FILE, 1)]),
    "prints that count": lambda unit: notice_bundles.lock_prints(unit, [(*FILE, 1), (*FILE, 2)]),
    "prints of the same envelopes": lambda unit: notice_bundles.in_same_letters(
        unit, [(*FILE, 1), (*FILE, 2)]
    ),
    "why notices were left out": lambda unit: notice_bundles.why_left_out(unit, [(*FILE, 1), (*FILE, 2)]),
    "letters that are taken out": lambda unit: notice_bundles.take_letters_out(unit, 1, [1], "number"),
    "a bundle that rests": lambda unit: notice_bundles.hinder(unit, 1, "fault", AT, tried=True),
    "a file that is not refused any more": lambda unit: notice_bundles.not_refused(unit, FILE),
    "prints to ask anew": lambda unit: notice_bundles.ask_again(unit, [(*FILE, 1)], ("x", AT, "y")),
    "what is asked anew": lambda unit: notice_bundles.asked(unit, limit_rows=100),
    "how much is asked anew": lambda unit: notice_bundles.how_many_asked(unit, "x"),
    "how many notices are to be sent": notice_bundles.how_many_to_send,
    "how many bundles are ready": notice_bundles.how_many_ready,
    "what is printed anew": lambda unit: notice_bundles.grant_again(unit, [(*FILE, 1)], ("x", AT)),
    "what stays as printed": lambda unit: notice_bundles.decline_again(unit, [(*FILE, 1)]),
    "files that were refused": lambda unit: notice_bundles.refused_files(unit, limit_rows=100),
    "refused files to forget": lambda unit: notice_bundles.forget_refused(unit, AT),
}
CS: dict[str, Query] = {
    "a person by number": _by_number,
    "destination files that are over": lambda unit: destination.files_over(unit, DAY, limit_rows=500),
    "destination files to delete": lambda unit: destination.forget_files(unit, [FILE]),
    "numbers of a destination file": _destination_numbers,
    "sent letters to blank": lambda unit: mailbox_blank.sent_before(unit, AT, limit_rows=500),
    "taken letters to blank": lambda unit: mailbox_blank.taken_before(unit, AT, limit_rows=500),
    "what is kept under some codes": lambda unit: identity.kept_under(unit, ["00000000001"]),
    "the codes that a code replaced": lambda unit: identity.codes_replaced_by(unit, "00000000001"),
}


COUNTS = ("the population of a day", "the changes of a period")


def _leafs_through(plan: str) -> list[str]:
    # One row per peer or per kind: small tables, read whole.
    return re.findall(r"Seq Scan on (?!stream_out|stream_in|checkpoint|pending)\w+", plan)


# Referred to by keys that nobody changes and rows that nobody removes, so that nothing is ever asked of them.
_NEVER_ASKED = {
    "register.entry_person.entry_id",
    "register.resident.entry_id",
    "register.entry.cancels",
    "register.entry.permit",
    "office.session.login_id",
}
_UNSUPPORTED = """
SELECT format('%s.%s', c.conrelid::regclass, string_agg(a.attname, ',' ORDER BY k.place))
FROM pg_constraint c CROSS JOIN LATERAL unnest(c.conkey) WITH ORDINALITY AS k (attnum, place)
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum
WHERE c.contype = 'f' AND NOT EXISTS (
    SELECT FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indpred IS NULL AND i.indkey[0] = ANY(c.conkey))
GROUP BY c.oid, c.conrelid ORDER BY 1
"""


def test_a_town_is_counted_without_opening_its_records(database):
    """The records of a town's history are gigabytes, their keys a hundredth of them."""
    counted, moved = (plans(database("registry"), REGISTER[name], "bitmapscan", "sort")[0] for name in COUNTS)
    by_key = "Index Only Scan (?:Backward )?using resident_version_pkey on resident_version"
    assert len(re.findall(by_key, counted)) == len(re.findall(" on resident_version", counted)) == 1, counted
    assert len(re.findall(by_key, moved)) == len(re.findall(" on resident_version", moved)) - 1 == 2, moved


@pytest.mark.parametrize("kind", ["registry", "cs", "prefecture", "national", "agency", "auditor"])
def test_no_row_that_is_referred_to_is_changed_by_leafing_through_those_that_refer_to_it(database, kind):
    with database(kind).unit() as unit:
        found = {str(row[0]) for row in unit.execute(_UNSUPPORTED).fetchall()}
    assert found - _NEVER_ASKED == set()


_CHANGEABLE_KEYS = """
SELECT format('%s.%s', c.conrelid::regclass, c.conname) FROM pg_constraint c
JOIN pg_roles r ON r.rolname = current_user CROSS JOIN LATERAL unnest(c.confkey) AS k (attnum)
WHERE c.contype = 'f' AND has_column_privilege(r.oid, c.confrelid, k.attnum, 'UPDATE') AND NOT EXISTS (
    SELECT FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indisunique AND i.indnatts = 1
    AND i.indkey[0] = c.conkey[1]) ORDER BY 1
"""


@pytest.mark.parametrize("kind", ["registry", "cs", "prefecture", "national", "agency", "auditor"])
def test_nobody_may_change_a_key_that_many_refer_to(database, kind):
    """Each change of one is asked of all who refer to it; after an import that was every resident."""
    few = {"office.credential.credential_login_id_fkey", "office.session.session_login_id_fkey"}
    with database(kind).unit() as unit:
        assert {row[0] for row in unit.execute(_CHANGEABLE_KEYS).fetchall()} - few == set()


@pytest.mark.parametrize(
    "name",
    [*REGISTER, *PROTECTION, *UPKEEP, *CHARACTERS, *AFFAIRS, *OFFICE, *LETTERS, *HALL, *AREAS, *MINISTRY],
)
def test_the_registrys_questions_are_answered_from_an_index(database, name):
    questions = (
        REGISTER | PROTECTION | UPKEEP | CHARACTERS | AFFAIRS | OFFICE | LETTERS | HALL | AREAS | MINISTRY
    )
    found = plans(database("registry"), questions[name])
    assert [wrong for plan in found for wrong in _leafs_through(plan)] == [], found


@pytest.mark.parametrize("kind", ["registry", "national"])
def test_how_often_somebody_guessed_is_read_by_who_it_is(database, kind):
    found = plans(database(kind), _unmatched)
    assert [wrong for plan in found for wrong in _leafs_through(plan)] == [], found


def test_an_area_is_read_by_its_addresses_and_not_by_leafing_through_the_town(database):
    (found,) = plans(database("registry"), OFFICE["people of an area"])
    assert "using resident_address on resident" in found, found
    assert "using resident_version_pkey on resident_version" in found, found


@pytest.mark.parametrize("kind", DisposalKind)
def test_what_is_over_is_found_by_its_day(database, kind):
    store = database("registry" if kind is DisposalKind.REMOVED_RECORD else "cs")
    for query in OVER[kind]:
        found = plans(store, query)
        assert [wrong for plan in found for wrong in _leafs_through(plan)] == [], found


def test_who_comes_next_on_a_list_is_read_by_its_place(database):
    found = plans(database("registry"), lambda unit: retention.concerned_next(unit, "2026-000001", 100))
    assert [wrong for plan in found for wrong in _leafs_through(plan)] == [], found


@pytest.mark.parametrize(
    "query",
    [
        lambda unit: retention.removals_of(unit, [1, 2]),
        lambda unit: retention.subject_of_resident(unit, 1),
    ],
)
def test_who_is_on_a_list_or_held_is_read_by_the_number(database, query):
    found = plans(database("registry"), query)
    assert [wrong for plan in found for wrong in _leafs_through(plan)] == [], found


# What `retention.erase_resident` and `retention.hold_of` ask beside primary keys, for one person.
_ABOUT_ONE = (
    "SELECT 1 FROM register.owed_notice n WHERE n.people @> ARRAY[1::bigint]",
    "SELECT 1 FROM register.posting_step s WHERE s.whose = 1",
    "SELECT 1 FROM register.deferred_affair a WHERE a.addressee_number = 1",
    "SELECT 1 FROM register.mailed_request m WHERE m.about = 1",
    "SELECT 1 FROM register.filing_in f WHERE f.state <> 'closed' AND f.people @> ARRAY[1::bigint]",
    "SELECT 1 FROM register.filing_out f WHERE f.state <> 'closed' AND f.people @> ARRAY[1::bigint]",
    "SELECT 1 FROM register.supplement_out s WHERE s.addressee_number = 1",
    "SELECT 1 FROM register.number_notice n WHERE n.addressee_number = 1",
    "SELECT 1 FROM register.stated_destination s WHERE s.addressee_number = 1",
    "SELECT 1 FROM register.sheet s WHERE s.paper = 'x'",
    "SELECT 1 FROM register.owed_notice n WHERE n.paper = 'x'",
    "SELECT 1 FROM hall.feed f WHERE f.people @> ARRAY[1::bigint]",
    "SELECT 1 FROM register.resident_version v WHERE v.household_number = ANY ('{1}'::bigint[])",
)


@pytest.mark.parametrize("statement", _ABOUT_ONE)
def test_what_is_destroyed_with_one_person_is_found_by_an_index(database, statement):
    found = plans(database("registry"), lambda unit: unit.execute(statement))
    assert [wrong for plan in found for wrong in _leafs_through(plan)] == [], found


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 1 FROM identity.record r WHERE r.old_resident_record_code = '1'",
        "SELECT 1 FROM identity.history h WHERE h.resident_record_code = '1'",
    ],
)
def test_the_codes_of_before_are_found_by_an_index(database, statement):
    for query in (lambda unit: unit.execute(statement), lambda unit: retention.subject_of_code(unit, "1")):
        found = plans(database("cs"), query)
        assert [wrong for plan in found for wrong in _leafs_through(plan)] == [], found


def test_a_version_that_is_over_is_found_without_its_whole_table(database):
    found = plans(
        database("cs"),
        lambda unit: retention.what_is_over(
            unit, DisposalKind.IDENTITY_VERSION, before=DAY, at=AT, salt=b"s", limit_rows=10
        ),
    )
    assert [wrong for plan in found for wrong in _leafs_through(plan)] == [], found


@pytest.mark.parametrize("name", [*EVERYWHERE, *CS, *RETENTION])
def test_every_nodes_questions_are_answered_from_an_index(database, name):
    found = plans(database("cs"), (EVERYWHERE | CS | RETENTION)[name])
    assert [wrong for plan in found for wrong in _leafs_through(plan)] == [], found


@pytest.mark.parametrize("name", NATION)
def test_the_nations_questions_are_answered_from_an_index(database, name):
    found = plans(database("national"), NATION[name])
    assert [wrong for plan in found for wrong in _leafs_through(plan)] == [], found


def test_a_household_of_a_town_that_was_just_imported_is_read_by_its_key(databases):
    """Until statistics are made, a planner who may choose takes every household for a fifth of the town."""
    addresses = databases.fresh("registry")
    query = register._PEOPLE
    for place, name in enumerate(("people", "codes", "homes"), 1):
        query = query.replace(f"%({name})s", f"${place}")
    with psycopg.connect(addresses["admin"]) as admin:
        for table in ("resident", "resident_version"):
            admin.execute(f"alter table register.{table} set (autovacuum_enabled = off)")
        admin.execute(
            "insert into register.entry (id, kind, reason, change_date, notified_on, entered_by, entered_at,"
            " verified_by, verified_at, state, seen, households, body)"
            " values ('i', 'IMPORT', 'X', now(), now(), 'a', now(), 'b', now(), 'verified', '{}', '{}', '{}')"
        )
        admin.execute(
            "insert into register.resident_version select n, 1, 'i', 'verified', now(), now(), '{}', n / 2, true,"
            " 'JAPANESE', 'MALE', '1990-01-01' from generate_series(1, 20000) n"
        )
        admin.execute(
            "insert into register.resident select n, 1, 'i', 'verified', lpad(n::text, 11, '0'), n / 2, true, false,"
            " 'a', 'b', 'c', 'd', null from generate_series(1, 20000) n"
        )
        admin.execute("set plan_cache_mode = force_generic_plan")
        admin.execute(f"prepare people (bigint[], text[], bigint[]) as {query}")
        rows = admin.execute("explain execute people (array[7], array['00000000007'], array[3])").fetchall()
        found = admin.execute("execute people (array[7], array['00000000007'], array[3])").fetchall()
        plans = []
        for name in ("_WHOM", "_HIDDEN", "_MATES", "_EVERYBODY", "_EVER_WITH"):
            query = getattr(protection, name)
            for place, parameter in enumerate(("%(numbers)s", "%(login)s", "%(at)s"), 1):
                query = query.replace(parameter, f"${place}")
            admin.execute(f"prepare {name} (bigint[], text, timestamptz) as {query}")
            plans.append(admin.execute(f"explain execute {name} (array[7], 'x', now())").fetchall())
    databases.drop(addresses)
    assert [row[0] for row in found] == [6, 7]
    assert _leafs_through("\n".join(str(row[0]) for row in rows)) == []
    for plan in plans:
        assert not re.findall(r"Seq Scan on resident", "\n".join(str(row[0]) for row in plan)), plan


def test_the_districts_of_a_day_are_counted_from_the_key_alone(databases):
    """No record is opened: not for the districts, nor for whom a measure keeps back."""
    addresses = databases.fresh("registry")
    given = {
        **Window(last_legal_day=DAY).parameters(),
        "births": ["1970-01-01"],
        "kept": [1, 2],
        "all_kept": False,
    }
    with psycopg.connect(addresses["admin"], autocommit=True) as admin:
        admin.execute(
            "insert into register.entry (id, kind, reason, change_date, notified_on, entered_by, entered_at,"
            " verified_by, verified_at, state, seen, households, body)"
            " values ('i', 'IMPORT', 'X', now(), now(), 'a', now(), 'b', now(), 'verified', '{}', '{}', '{}')"
        )
        admin.execute(
            "insert into register.resident_version select n, 1, 'i', 'verified', '2026-11-01', now(),"
            " json_build_object('a', repeat('x', 900)), n / 2, true, 'JAPANESE', 'MALE', '1990-01-01', 'A' || n % 40"
            " from generate_series(1, 5000) n"
        )
        admin.execute("vacuum analyze register.resident_version")
        for one in ("seqscan", "bitmapscan"):  # as a unit that only reads does
            admin.execute(f"set enable_{one} = off")
        rows = admin.execute("explain " + statistics._DISTRICTS, given).fetchall()
    databases.drop(addresses)
    plan = "\n".join(str(row[0]) for row in rows)
    assert "Index Only Scan Backward using resident_version_pkey" in plan, plan
    assert "Sort Key: resident_version" not in plan, plan
    assert not [one for one in ("Nested Loop", "Seq Scan") if one in plan], plan
