"""送付先情報 through three mailrooms: whatever the line loses or repeats, and wherever a node dies, one notice is printed."""

import json
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Thread
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from tests.nodes.mailroom.test_filings_on_the_way import CLERK, HOME, SECOND, Killed, Towns, die, meet, run
from tests.nodes.registry.conftest import AT_COUNTER, DAY, HERE, lines_about, person
from tests.rules.destination.test_destination import PLACES
from tests.store.test_identity import person as known

from daicho.nodes import seams
from daicho.nodes.cs import destination as at_cs
from daicho.nodes.cs import intake
from daicho.nodes.keeping.destination import forget_some, kept_destination
from daicho.nodes.keeping.numbers import sealed_number
from daicho.nodes.mailroom.blanking import blank_some
from daicho.nodes.national import notices
from daicho.nodes.registry.counter import enter, verify_entry
from daicho.nodes.registry.destination import telling
from daicho.nodes.registry.destination.telling import tell_some
from daicho.nodes.registry.intake import draw_codes
from daicho.nodes.registry.reports import receive_number
from daicho.rules.destination.keeping import DESTINATION_FILE, PRINTED_FILE
from daicho.rules.destination.record import PrintKind
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Operator, Role
from daicho.rules.people.codes import IndividualNumber, MunicipalityCode, ResidentRecordCode, with_check_digit
from daicho.rules.register.move_in import MoveInFromAbroad
from daicho.store import code_stock, destination, identity, mailbox, mailbox_blank, numbers
from daicho.store.identity import Replacement
from daicho.store.mailbox import PostedLetter
from daicho.store.mailbox_blank import OldLetter
from daicho.wire.codecs.destination import INFO, REFUSED, DestinationLetter, DestinationRefused
from daicho.wire.codecs.identity import HallBulk
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
    meet(line, parties, Nation)
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
    held_at_cs(way, code, number)
    with way[0].node.store.unit() as unit:
        assert not isinstance(receive_number(unit, way[0].node, code, number, peer=PEER), Refusal)


def take(party, info, sender):
    """Hand a file to a server as if a letter had come."""
    handler = party.handlers[INFO]
    with party.node.store.unit() as unit:
        return handler(unit, party.node, sender.node.me, encode(DestinationLetter(info)))


def queued(way):
    return notices.queued_notices(way[2].node, PRINTER).lines


def on_paper(way, chosen=()):
    """Let notices be printed, as if the press had done it: all that wait, unless some are chosen."""
    nation = way[2].node
    chosen = list(chosen) or names(way)
    with nation.store.unit() as unit:
        destination.mark_notices(unit, chosen, "printed", ("card01", nation.clock.now()))


def whole(way):
    """Give the file that the nation keeps, with its numbers."""
    nation = way[2].node
    with nation.store.unit() as unit:
        (row,) = destination.files(unit, [one.row.file for one in queued(way)]).values()
        return kept_destination(unit, nation, row)


def names(way):
    return [(*one.row.file, one.row.place) for one in queued(way)]


def held_at_cs(way, code, number):
    """Let the CS hold a record of the town with a number, as the registry's own letter makes it."""
    cs = way[1].node
    with cs.store.unit() as unit:
        identity.save(unit, [Replacement(known(1, resident_record_code=code, municipality_code=HOME))])
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
    assert [one["outcome"] for one in lines_about(way[1].node, "number:destination:passed")] == ["kept"] * 2
    assert [one["outcome"] for one in lines_about(way[2].node, "number:notice:queued")] == ["queued"] * 2
    assert [one["outcome"] for one in lines_about(way[0].node, "number:notice:told")] == ["told"] * 2


@pytest.mark.requirement("R-081")
def test_the_cs_passes_on_what_the_registry_made_to_the_letter(way, clock, monkeypatch):
    posted = []
    for room in (telling, at_cs):
        really = room.post_letters

        def and_note(unit, node, letters, really=really):
            posted.extend(
                one.content if isinstance(one.content, bytes) else encode(one.content) for one in letters
            )
            really(unit, node, letters)

        monkeypatch.setattr(room, "post_letters", and_note)
    tell_some(way[0].node, PLACES)
    run(way, clock)
    made, passed_on = posted
    assert passed_on == made
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


@pytest.mark.requirement("R-068")
def test_only_the_own_registry_brings_destinations_and_identification_information_to_a_cs(way, clock):
    tell_some(way[0].node, PLACES)
    run(way, clock)
    info = replace(whole(way), destination_control_number="other")
    for sender in (way[1], way[2]):
        with way[1].node.store.unit() as unit:
            (told,) = intake.take_entries(unit, way[1].node, sender.node.me, [HallBulk((), "e")])
        for refusal in (told.refusal, take(way[1], info, sender).refusal):
            assert (refusal.reason, refusal.field) == (Reason.NOT_PERMITTED, "sender")


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
    for part in (written, written["destination"], written["destination"]["persons"][0]):
        part["remarks"] = "備考"
        way[0].post(way[1], json.dumps(written).encode(), kind=INFO)
        del part["remarks"]
    run(way, clock)
    reasons = way[1].rows("select reason from mailbox.inbox where outcome = 'refused'")
    assert [one for (one,) in reasons] == ["MALFORMED_LETTER"] * 3
    assert len(way[1].rows("select 1 from destination.file")) == 1


def test_what_another_town_told_of_a_resident_waits_until_that_town_holds_them(way, clock):
    tell_some(way[0].node, PLACES)
    run(way, clock)
    info = replace(whole(way), destination_control_number="other")
    elsewhere = replace(way[1].node.me, municipality=MunicipalityCode("01202"))
    theirs = replace(info, municipality_code=MunicipalityCode("01202"))
    with way[2].node.store.unit() as unit:
        settled = notices.take_destination(unit, way[2].node, elsewhere, encode(DestinationLetter(theirs)))
    assert settled.refusal is None
    assert len(queued(way)) == 2, "nothing is printed of a resident whom another town holds"
    code = info.persons[0].resident_record_code
    for town, many in ((HOME, 2), (MunicipalityCode("01202"), 3)):
        report = SimpleNamespace(record=SimpleNamespace(resident_record_code=code, municipality_code=town))
        with way[2].node.store.unit() as unit:
            notices.release_held(unit, way[2].node, [report])
        assert len(queued(way)) == many
    assert notices.mark_notices(
        way[2].node, PRINTER, [(theirs.municipality_code, "other", 2)], "sent"
    ).reason is (Reason.NOT_PENDING)


def test_the_cs_passes_on_no_number_but_the_one_that_it_keeps_of_a_resident(way, monkeypatch):
    party, cs = way[:2]
    made: list[Any] = []
    monkeypatch.setattr(telling, "post_letters", lambda _unit, _node, letters: made.extend(letters))
    tell_some(party.node, PLACES)
    info = made[0].content.destination
    nobody, without, elsewhere = (with_check_digit(f"{number:010d}") for number in (7_001, 7_002, 7_003))
    with cs.node.store.unit() as unit:
        save = [
            Replacement(known(2, resident_record_code=without, municipality_code=HOME)),
            Replacement(
                known(3, resident_record_code=elsewhere, municipality_code=MunicipalityCode("01202"))
            ),
        ]
        identity.save(unit, save)
        with unit.as_number_keeper():
            numbers.keep_number(unit, sealed_number(cs.node, elsewhere, NUMBERS[2], DAY))
    first, second = info.persons
    for changed in (
        replace(first, individual_number=NUMBERS[2]),
        *(replace(first, resident_record_code=ResidentRecordCode(one)) for one in (nobody, without)),
        replace(first, resident_record_code=ResidentRecordCode(elsewhere), individual_number=NUMBERS[2]),
    ):
        refusal = take(cs, replace(info, persons=(changed, second)), party).refusal
        assert (refusal.reason, refusal.field) == (Reason.NUMBER_NOT_THEIRS, "individual_number")
    assert cs.rows("select 1 from destination.file") == []
    assert take(cs, info, party).refusal is None


def test_a_number_of_a_file_is_used_once_by_each_town(way, clock):
    tell_some(way[0].node, PLACES)
    run(way, clock)
    info = whole(way)
    later = replace(info, processed_on=info.processed_on + timedelta(days=1))
    other = replace(info, operator_role_id="somebody")
    for party, sender in ((way[1], way[0]), (way[2], way[1])):
        assert take(party, later, sender).refusal is None, (
            "a register that was restored tells the same once more"
        )
        assert take(party, other, sender).refusal.reason is Reason.FILE_ALREADY_MADE
        assert len(party.rows("select 1 from destination.file")) == 1
    theirs = replace(info, municipality_code=MunicipalityCode("01202"))
    elsewhere = replace(way[1].node.me, municipality=MunicipalityCode("01202"))
    with way[2].node.store.unit() as unit:
        settled = notices.take_destination(unit, way[2].node, elsewhere, encode(DestinationLetter(theirs)))
    assert settled.refusal is None, "what another town calls its file is its own affair"


@pytest.mark.requirement("R-082", "R-469")
def test_letters_with_a_file_are_blank_on_every_side_once_their_term_is_over(way, clock):
    tell_some(way[0].node, PLACES)
    run(way, clock)
    sizes = "select size_bytes > 1000 from mailbox.{} where kind = 'destination.info'"
    clock.instant += timedelta(days=DESTINATION_FILE.days - 1)
    assert [blank_some(party.node) for party in way] == [0, 0, 0]
    clock.instant += timedelta(days=1)
    assert [blank_some(party.node) for party in way] == [1, 1, 1]
    assert [blank_some(party.node) for party in way] == [0, 0, 0]
    for party, boxes in zip(way, (("outbox",), ("outbox", "inbox"), ("inbox",)), strict=True):
        for box in boxes:
            assert party.rows(sizes.format(box)) == [(False,)]
        assert [one["outcome"] for one in lines_about(party.node, "number:destination:forgotten")] == [
            "blanked"
        ]
    # The streams go on, and whatever is sent again is the letter that it was.
    with way[0].node.store.unit() as unit:
        mailbox.raise_epoch(unit, str(way[1].node.me.name), 2)
        mailbox.post_again(unit, str(way[1].node.me.name), (1, 1), 2)
    run(way, clock)
    assert way[0].rows("select distinct state, outcome from mailbox.outbox") == [("settled", "accepted")]
    assert way[1].rows("select count(*) from mailbox.inbox where kind = 'destination.info'") == [(1,)]
    assert way[0].rows("select 1 from mailbox.returned") == []


def test_no_other_letter_and_none_that_waits_is_ever_blanked(way):
    tell_some(way[0].node, PLACES)
    ((waits,),) = way[0].rows("select letter_id from mailbox.outbox")
    with way[0].node.store.unit() as unit:
        mailbox.post(unit, [PostedLetter("l", "cs", "note", b"x")], way[0].node.clock.now())
        unit.execute(
            "update mailbox.outbox set state = 'settled', outcome = 'accepted' where letter_id = 'l'"
        )
        old = [OldLetter("cs", one) for one in ("l", waits)]
        mailbox_blank.blank_sent(unit, old, [b"", b""])
    assert way[0].rows("select count(*) from mailbox.outbox where blanked or content = ''") == [(0,)]


def test_two_who_mark_the_last_notices_at_once_leave_no_file_for_ever(way, clock):
    tell_some(way[0].node, PLACES)
    run(way, clock)
    nation, (first, second) = way[2].node, names(way)
    on_paper(way)
    told: list[Any] = []
    other = Thread(target=lambda: told.append(notices.mark_notices(nation, PRINTER, [second], "sent")))
    with nation.store.unit() as unit:
        destination.lock_files(unit, {first[:2]})
        destination.mark_notices(unit, [first], "sent", ("card02", clock.now()))
        other.start()
        other.join(0.5)
        destination.keep_until(unit, {first[:2]}, DAY)
    other.join()
    assert told == [None]
    assert way[2].rows("select kept_until is null from destination.file") == [(False,)]


def test_a_letter_that_came_back_is_found_by_its_number_or_its_person_and_pages_go_on(
    way, clock, monkeypatch
):
    tell_some(way[0].node, PLACES)
    run(way, clock)
    nation, (first, second) = way[2].node, names(way)
    person_of = queued(way)[0].file.persons[0]
    monkeypatch.setattr(notices, "SHOWN_ROWS", 1)
    for state in ("waiting", "printed", "sent", "returned"):
        page = notices.queued_notices(nation, PRINTER, state)
        assert page.more is not None
        rest = notices.queued_notices(nation, PRINTER, state, after=page.more)
        assert ({one.row.place for one in (*page.lines, *rest.lines)}, rest.more) == ({1, 2}, None)
        by_person = notices.found_notices(
            nation, PRINTER, name=person_of.name_kanji.replace("　", ""), birth=person_of.birth_date
        )
        assert [one.row.place for one in by_person.lines] == [1]
        assert [
            one.row.place for one in notices.found_notices(nation, PRINTER, control_number=first[1]).lines
        ] == [1]
        if state == "waiting":
            on_paper(way, [first, second])
        elif state != "returned":
            following = {"printed": "sent", "sent": "returned"}[state]
            assert notices.mark_notices(nation, PRINTER, [first, second], following) is None
    assert notices.found_notices(nation, PRINTER, name="来訪　1号").field == "birth"
    assert notices.found_notices(nation, PRINTER).field == "control_number"
    assert notices.found_notices(nation, PRINTER, control_number="none").lines == ()


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
    (line_of,) = lines_about(way[1].node, "number:destination:forgotten")
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
    for state in ("sent", "returned"):
        assert notices.mark_notices(nation, PRINTER, [first], state).reason is Reason.NOT_PENDING
    on_paper(way, [first])
    assert notices.mark_notices(nation, PRINTER, [first], "sent") is None
    assert notices.mark_notices(nation, PRINTER, [first, second], "sent").reason is Reason.NOT_PENDING
    assert notices.mark_notices(nation, PRINTER, [(HOME, "none", 1)], "sent").reason is Reason.NOT_PENDING
    assert [one.row.place for one in queued(way)] == [2], "all or none"
    assert notices.mark_notices(nation, PRINTER, [first], "returned") is None
    (back,) = notices.queued_notices(nation, PRINTER, "returned").lines
    assert (back.row.state, back.row.marked_by) == ("returned", "card01")
    assert [one["outcome"] for one in lines_about(way[2].node, "number:notice:sent")] == ["sent", "returned"]


def test_the_nation_deletes_a_file_once_none_of_its_notices_can_come_back_any_more(way, clock):
    tell_some(way[0].node, PLACES)
    run(way, clock)
    nation = way[2].node
    first, second = names(way)
    on_paper(way, [first])
    notices.mark_notices(nation, PRINTER, [first], "sent")
    clock.instant += timedelta(days=PRINTED_FILE.days + 1)
    assert forget_some(nation) == 0, "the other one still waits"
    on_paper(way)
    assert forget_some(nation) == 0, "what is printed was not sent"
    notices.mark_notices(nation, PRINTER, [second], "sent")
    clock.instant += timedelta(days=PRINTED_FILE.days)
    assert forget_some(nation) == 0
    clock.instant += timedelta(days=1)
    assert forget_some(nation) == 1
    assert notices.queued_notices(nation, PRINTER, "sent").lines == ()


def test_a_notice_that_waits_is_not_forgotten_with_one_that_is_held_beside_it(way, clock):
    tell_some(way[0].node, PLACES)
    run(way, clock)
    nation, info = way[2].node, whole(way)
    town, other = replace(way[1].node.me, municipality=MunicipalityCode("01202")), MunicipalityCode("01202")
    first, second = (one.resident_record_code for one in info.persons)
    with nation.store.unit() as unit:
        identity.save(unit, [Replacement(known(2, resident_record_code=first, municipality_code=other))])
    for number, people in (("both", info.persons), ("held", info.persons[1:])):
        told = replace(
            info, municipality_code=other, destination_control_number=number, persons=people,
            person_count=len(people),
        )  # fmt: skip
        with nation.store.unit() as unit:
            settled = notices.take_destination(unit, nation, town, encode(DestinationLetter(told)))
        assert settled.refusal is None
    assert way[2].rows("select state from destination.notice where control_number = 'both' order by place") == [
        ("waiting",), ("held",),
    ]  # fmt: skip
    clock.instant += timedelta(days=PRINTED_FILE.days + 1)
    assert forget_some(nation) == 1, "of what is held alone nothing may ever be printed"
    assert (other, "both", 1) in names(way)
    on_paper(way, [(other, "both", 1)])
    assert notices.mark_notices(nation, PRINTER, [(other, "both", 1)], "sent") is None
    clock.instant += timedelta(days=PRINTED_FILE.days + 1)
    assert forget_some(nation) == 1, "what is held beside it keeps the file no longer"
    assert second not in {
        code
        for (code,) in way[2].rows("select resident_record_code from destination.notice where state = 'held'")
    }


def test_what_was_told_is_made_anew_from_the_record_each_time(way, clock):
    """A file that the registry has made lies nowhere in it: its number alone does."""
    tell_some(way[0].node, PLACES)
    row = way[0].rows("select row_to_json(n)::text from register.number_notice n limit 1")[0][0]
    assert "架空町" not in row
    assert not any(number in row for number in NUMBERS)


def test_files_that_stay_with_the_cs_do_not_stop_what_the_nation_refused_behind_them(way, clock, monkeypatch):
    """A file whose number the nation knows with other content stays there, however many there are."""
    monkeypatch.setattr(at_cs, "ROUND_ROWS", 1)
    with psycopg.connect(way[2].admin) as admin:
        admin.execute("delete from numbers.individual_number")
    tell_some(way[0].node, PLACES)
    run(way, clock)
    with psycopg.connect(way[1].admin) as admin:
        admin.execute(
            "insert into mailbox.outbox (letter_id, receiver, kind, content, matter, posted_at, state, outcome)"
            " select 'earlier', receiver, kind, content, 'earlier', posted_at, 'settled', 'refused'"
            " from mailbox.outbox join mailbox.returned using (letter_id)"
        )
        admin.execute(
            "insert into mailbox.returned (letter_id, reason, returned_at)"
            " select 'earlier', 'FILE_ALREADY_MADE', returned_at - interval '1 day' from mailbox.returned"
        )
    assert at_cs.tell_refused(way[1].node) == 1
    waits = way[1].rows("select letter_id from mailbox.returned where resolved_by is null")
    assert waits == [("earlier",)]


def test_what_the_nation_refused_waits_at_the_registry_with_the_reason_and_goes_again_once_it_is_mended(
    way, clock
):
    """CS and registry believe the town's number; the nation has made none for these people."""
    way[0].handlers[REFUSED] = telling.take_refused
    nation = way[2].node
    with nation.store.unit() as unit, unit.as_number_keeper():
        unit.cursor.execute("select resident_record_code, lookup, sealed from numbers.individual_number")
        known = unit.cursor.fetchall()
    with psycopg.connect(way[2].admin) as admin:
        admin.execute("delete from numbers.individual_number")
    tell_some(way[0].node, PLACES)
    run(way, clock)
    assert queued(way) == ()
    assert at_cs.tell_refused(way[1].node) == 1
    assert at_cs.tell_refused(way[1].node) == 0, "it is told once"
    run(way, clock)
    waits = way[0].rows("select distinct state, hindrance from register.number_notice")
    assert waits == [("waiting", "nation NUMBER_NOT_THEIRS individual_number")]
    assert way[1].rows("select 1 from destination.file") == []
    assert [one["outcome"] for one in lines_about(way[1].node, "number:destination:refused")] == [
        "NUMBER_NOT_THEIRS"
    ]
    assert tell_some(way[0].node, PLACES) == 0, "it rests for a day"
    with nation.store.unit() as unit, unit.as_number_keeper():
        for code, lookup, sealed in known:
            numbers.keep_number(unit, numbers.SealedNumber(str(code), bytes(sealed), bytes(lookup), DAY))
    clock.instant += timedelta(days=1)
    assert tell_some(way[0].node, PLACES) == 1
    run(way, clock)
    assert len(queued(way)) == 2


def test_only_the_own_cs_tells_a_registry_what_was_refused(way):
    told = encode(DestinationRefused("x", "NUMBER_NOT_THEIRS", "individual_number"))
    for sender in (way[2], way[0]):
        with way[0].node.store.unit() as unit:
            settled = telling.take_refused(unit, way[0].node, sender.node.me, told)
        assert settled.refusal.reason is Reason.NOT_PERMITTED
