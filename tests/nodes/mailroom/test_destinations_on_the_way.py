"""送付先情報 through three mailrooms: whatever the line loses or repeats, and wherever a node dies, one notice is printed."""

import json
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.nodes.mailroom.test_filings_on_the_way import CLERK, HOME, SECOND, Killed, Towns, die, run
from tests.nodes.registry.conftest import AT_COUNTER, DAY, HERE, person
from tests.rules.destination.test_destination import PLACES

from daicho.nodes import seams
from daicho.nodes.cs import destination as at_cs
from daicho.nodes.keeping.destination import forget_some
from daicho.nodes.keeping.numbers import sealed_number
from daicho.nodes.national import notices
from daicho.nodes.registry.counter import enter, verify_entry
from daicho.nodes.registry.destination.telling import tell_some
from daicho.nodes.registry.intake import draw_codes
from daicho.nodes.registry.reports import receive_number
from daicho.rules.destination.keeping import DESTINATION_FILE, PRINTED_FILE
from daicho.rules.destination.record import PrintKind
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Operator, Role
from daicho.rules.people.codes import IndividualNumber, MunicipalityCode, with_check_digit
from daicho.rules.register.move_in import MoveInFromAbroad
from daicho.store import code_stock, numbers
from daicho.wire.codecs.destination import INFO, DestinationLetter
from daicho.wire.codecs.letters import encode
from daicho.wire.vault import Vault

PRINTER = Operator("card01", "c1", (Role.CARD_CLERK,))
PEER = "cs"
NUMBERS = [IndividualNumber(with_check_digit(f"1234567890{place}")) for place in range(3)]


class Nation(Towns):
    """The directory of one town and the nation."""

    def national(self) -> Any:
        return self._of(NodeKind.NATIONAL, None)


@pytest.fixture
def way(line, make, monkeypatch):
    """The registry that tells, its CS, the nation; a family of two who came from abroad, with the numbers made for them."""
    for room in ("records", "telling_cs"):
        monkeypatch.setattr(f"daicho.nodes.registry.{room}.post_letters", lambda *_given: None)
    parties = []
    for town, kind, handler in (
        (HOME, NodeKind.REGISTRY, None), (HOME, NodeKind.CS, at_cs.take_destination),
        (None, NodeKind.NATIONAL, notices.take_destination),
    ):  # fmt: skip
        party = make(kind.value.lower(), kind)
        party.node.me = replace(party.node.me, municipality=town)
        party.handlers = {INFO: handler} if handler else {}
        party.node.vault, party.node.limits = Vault(kind.value.encode().ljust(32)), {}
        party.node.training, party.node.invented = False, True
        parties.append(party)
    nation = Nation(line.parties)
    for party in parties:
        party.node.wire.directory = lambda: nation
        party.node.wire.post = line.post_of(party.node.me)
    come(parties, [(1, "世帯主"), (2, "妻")])
    return parties


def come(way, people, *, made=True):
    """Let people come from abroad: codes of the town's stock, numbers of the nation."""
    ours = way[0].node
    with ours.store.unit() as unit:
        code_stock.add_to_stock(unit, [with_check_digit(f"{2_000 + number:010d}") for number, _ in people])
    notice = MoveInFromAbroad(
        tuple(person(number, relation) for number, relation in people), HERE, DAY, DAY, "カナダ"
    )
    came = enter(ours, CLERK, notice, draw_codes=draw_codes, reception=AT_COUNTER)
    verified = verify_entry(ours, SECOND, came.entry_id)
    for record in verified.entry.after:
        given(
            way,
            record.resident_record_code,
            NUMBERS[people[0][0] - 1 + record.addressee_number % 2],
            made=made,
        )
    return verified.entry.after


def given(way, code, number, *, made=True):
    """Let the nation's number of somebody arrive at the registry; unless `made`, the nation knows nothing of it."""
    nation = way[2].node
    if made:
        with nation.store.unit() as unit, unit.as_number_keeper():
            numbers.keep_number(unit, sealed_number(nation, code, number, DAY))
        with nation.store.unit() as unit:
            code_stock.hand_out(unit, "p-1", HOME, [code])
    with way[0].node.store.unit() as unit:
        assert not isinstance(receive_number(unit, way[0].node, code, number, peer=PEER), Refusal)


def lines(party, event) -> list[dict[str, Any]]:
    found = party.rows("select convert_from(body, 'UTF8') from ledger.line order by line_id")
    return [one for one in (json.loads(row[0]) for row in found) if one["event"] == event]


def take(party, info, sender):
    """Hand a file to a server as if a letter had come."""
    handler = party.handlers[INFO]
    with party.node.store.unit() as unit:
        return handler(unit, party.node, sender.node.me, encode(DestinationLetter(info)))


def queued(way):
    return notices.queued_notices(way[2].node, PRINTER).lines


def whole(way):
    """Give the file that the nation keeps, with its numbers."""
    nation = way[2].node
    with nation.store.unit() as unit:
        ((name, row),) = destination.files(unit, [one.row.file for one in queued(way)]).items()
        return kept_destination(unit, nation, row)


def names(way):
    return [(*one.row.file, one.row.place) for one in queued(way)]


def held_at_cs(way, code, number):
    """Let the CS hold a record of the town with a number, as the registry's own letter makes it."""
    cs = way[1].node
    with cs.store.unit() as unit:
        unit.execute(HELD, (code, HOME))
        with unit.as_number_keeper():
            numbers.keep_number(unit, sealed_number(cs, code, number, DAY))


@pytest.mark.requirement("R-028", "R-065")
@pytest.mark.parametrize(
    ("spoilt", "killed_at"),
    [
        ("", ""),
        ("lost", ""),
        ("twice", "mailroom.handle.before_commit"),
        ("answer lost", "mailroom.handle.after_commit"),
    ],
)
def test_a_family_is_one_destination_and_each_of_its_numbers_is_printed_once(
    way, line, clock, spoilt, killed_at
):
    spoils = iter([spoilt] * 3)
    line.spoil = lambda _operation, _to: next(spoils, "")
    assert tell_some(way[0].node, PLACES) == 1
    if killed_at:
        seams.arm(killed_at, passing=2, action=die)
    run(way, clock)
    assert tell_some(way[0].node, PLACES) == 0
    found = queued(way)
    info = found[0].file
    assert [one.name_kanji for one in info.persons] == ["来訪　1号", "来訪　2号"]
    assert {one.individual_number for one in info.persons} == {None}, "a list opens no number"
    assert {one.individual_number for one in whole(way).persons} == set(NUMBERS[:2])
    assert (info.destination_name, info.destination_address, info.print_kind) == (
        "来訪　1号", "東京都千代田区架空町一丁目2番3号", PrintKind.FIRST,
    )  # fmt: skip
    assert names(way) == [(HOME, info.destination_control_number, place) for place in (1, 2)]
    assert [one["outcome"] for one in lines(way[1], "number:destination:passed")] == ["kept"] * 2
    assert [one["outcome"] for one in lines(way[2], "number:notice:queued")] == ["queued"] * 2
    assert [one["outcome"] for one in lines(way[0], "number:notice:told")] == ["told"] * 2


@pytest.mark.requirement("R-081")
def test_the_cs_passes_on_what_the_registry_made_to_the_letter(way, clock):
    tell_some(way[0].node, PLACES)
    run(way, clock)
    kept = "select body::text from destination.file"
    assert way[1].rows(kept) == way[2].rows(kept) != []
    for party in way[1:]:
        ((body,),) = party.rows(kept)
        assert not any(number in body for number in NUMBERS), "numbers lie sealed, and nowhere else"


@pytest.mark.parametrize("committed", [False, True])
def test_a_registry_that_dies_while_it_tells_tells_once(way, clock, monkeypatch, committed):
    ours = way[0].node
    plainly = ours.store.unit

    @contextmanager
    def dying(name="", **more):
        with plainly(name, **more) as unit:
            yield unit
            if name == "destinations.tell" and not committed:
                die()
        if name == "destinations.tell":
            die()

    with monkeypatch.context() as short:
        short.setattr(ours.store, "unit", dying)
        with pytest.raises(Killed):
            tell_some(ours, PLACES)
    tell_some(ours, PLACES)
    run(way, clock)
    assert len(queued(way)) == 2
    assert way[1].rows("select count(*) from mailbox.inbox") == [(1,)]


def test_only_the_own_registry_brings_destinations_to_a_cs_and_only_a_towns_cs_to_the_nation(way, clock):
    tell_some(way[0].node, PLACES)
    run(way, clock)
    info = replace(whole(way), destination_control_number="other")
    for party, sender in ((way[1], way[2]), (way[1], way[1]), (way[2], way[0])):
        refusal = take(party, info, sender).refusal
        assert (refusal.reason, refusal.field) == (Reason.NOT_PERMITTED, "sender")
    elsewhere = replace(info, municipality_code=MunicipalityCode("01202"))
    for party, sender in ((way[1], way[0]), (way[2], way[1])):
        assert take(party, elsewhere, sender).refusal.reason is Reason.OTHER_MUNICIPALITY
        assert take(party, replace(info, person_count=1), sender).refusal.field == "person_count"
    assert len(queued(way)) == 2


@pytest.mark.requirement("R-069")
def test_an_item_that_no_destination_has_enters_no_cs(way, clock):
    tell_some(way[0].node, PLACES)
    run(way, clock)
    info = replace(whole(way), destination_control_number="other")
    written = json.loads(encode(DestinationLetter(info)))
    for whole in (written, written["destination"], written["destination"]["persons"][0]):
        whole["remarks"] = "備考"
        way[0].post(way[1], json.dumps(written).encode(), kind=INFO)
        del whole["remarks"]
    run(way, clock)
    reasons = way[1].rows("select reason from mailbox.inbox where outcome = 'refused'")
    assert [one for (one,) in reasons] == ["MALFORMED_LETTER"] * 3
    assert len(way[1].rows("select 1 from destination.file")) == 1


def test_a_town_has_nothing_printed_of_a_resident_of_another_one(way, clock):
    tell_some(way[0].node, PLACES)
    run(way, clock)
    info = replace(whole(way), destination_control_number="other")
    elsewhere = replace(way[1].node.me, municipality=MunicipalityCode("01202"))
    theirs = replace(info, municipality_code=MunicipalityCode("01202"))
    with way[2].node.store.unit() as unit:
        settled = notices.take_destination(unit, way[2].node, elsewhere, encode(DestinationLetter(theirs)))
    assert settled.refusal.reason is Reason.NUMBER_NOT_THEIRS
    assert len(queued(way)) == 2


def test_a_number_that_was_made_for_somebody_else_is_not_printed(way, clock):
    tell_some(way[0].node, PLACES)
    run(way, clock)
    info = replace(whole(way), destination_control_number="other")
    first, second = info.persons
    swapped = replace(
        info,
        persons=(
            replace(first, individual_number=second.individual_number),
            replace(second, individual_number=first.individual_number),
        ),
    )
    never = replace(info, persons=(replace(first, individual_number=NUMBERS[2]), second))
    for one in (swapped, never):
        refusal = take(way[2], one, way[1]).refusal
        assert (refusal.reason, refusal.field) == (Reason.NUMBER_NOT_THEIRS, "individual_number")
    assert len(queued(way)) == 2
    # One that is drawn for its person and not in force yet is theirs: the town's report may come later.
    code = first.resident_record_code
    with way[2].node.store.unit() as unit, unit.as_number_keeper():
        numbers.draw_number(unit, sealed_number(way[2].node, code, NUMBERS[2], DAY))
    assert take(way[2], never, way[1]).refusal is None


@pytest.mark.requirement("R-469")
def test_the_cs_deletes_a_file_with_its_numbers_when_its_term_is_over(way, clock):
    tell_some(way[0].node, PLACES)
    run(way, clock)
    sealed = "select count(*) from numbers.destination_number"
    clock.instant += timedelta(days=DESTINATION_FILE.days)
    assert forget_some(way[1].node) == 0
    assert len(way[1].rows("select 1 from destination.file")) == 1
    clock.instant += timedelta(days=1)
    assert forget_some(way[1].node) == 1
    assert forget_some(way[1].node) == 0
    assert way[1].rows("select 1 from destination.file") == []
    with way[1].node.store.unit() as unit, unit.as_number_keeper():
        unit.cursor.execute(sealed)
        assert unit.cursor.fetchone() == (0,)
    (line_of,) = lines(way[1], "number:destination:forgotten")
    assert line_of["outcome"] == "deleted"
    assert len(queued(way)) == 2, "what is to be printed waits at the nation"


def test_a_notice_is_sent_once_and_a_letter_that_was_sent_may_come_back(way, clock):
    tell_some(way[0].node, PLACES)
    run(way, clock)
    nation = way[2].node
    first, second = names(way)
    stranger = Operator("clerk09", "k9", (Role.CLERK,))
    assert notices.queued_notices(nation, stranger).reason is Reason.NOT_PERMITTED
    assert notices.mark_notices(nation, stranger, [first], "sent").reason is Reason.NOT_PERMITTED
    assert notices.mark_notices(nation, PRINTER, [first], "returned").reason is Reason.NOT_PENDING
    assert notices.mark_notices(nation, PRINTER, [first], "sent") is None
    assert notices.mark_notices(nation, PRINTER, [first, second], "sent").reason is Reason.NOT_PENDING
    assert notices.mark_notices(nation, PRINTER, [(HOME, "none", 1)], "sent").reason is Reason.NOT_PENDING
    assert [one.row.place for one in queued(way)] == [2], "all or none"
    assert notices.mark_notices(nation, PRINTER, [first], "returned") is None
    (back,) = notices.queued_notices(nation, PRINTER, "returned").lines
    assert (back.row.state, back.row.marked_by) == ("returned", "card01")
    assert [one["outcome"] for one in lines(way[2], "number:notice:sent")] == ["sent", "returned"]


def test_the_nation_deletes_a_file_once_none_of_its_notices_can_come_back_any_more(way, clock):
    tell_some(way[0].node, PLACES)
    run(way, clock)
    nation = way[2].node
    first, second = names(way)
    notices.mark_notices(nation, PRINTER, [first], "sent")
    clock.instant += timedelta(days=PRINTED_FILE.days + 1)
    assert forget_some(nation) == 0, "the other one still waits"
    notices.mark_notices(nation, PRINTER, [second], "sent")
    clock.instant += timedelta(days=PRINTED_FILE.days)
    assert forget_some(nation) == 0
    clock.instant += timedelta(days=1)
    assert forget_some(nation) == 1
    assert notices.queued_notices(nation, PRINTER, "sent").lines == ()


def test_what_was_told_is_made_anew_from_the_record_each_time(way, clock):
    """A file that the registry has made lies nowhere in it: its number alone does."""
    tell_some(way[0].node, PLACES)
    row = way[0].rows("select row_to_json(n)::text from register.number_notice n limit 1")[0][0]
    assert "架空町" not in row
    assert not any(number in row for number in NUMBERS)
