"""支援措置の転送: between two towns' registries, with what each may open, lose, repeat and overtake."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from tests.nodes.mailroom.conftest import make_member
from tests.nodes.registry.conftest import AT_COUNTER, DAY, HOME, Counter, lines_about, person
from tests.nodes.registry.test_protection import LOOK, OFFICER, PARTY, SECOND, arrived
from tests.wire.conftest import NOW, HereSigner, make_directory, message_key

from daicho.nodes.cs import passing
from daicho.nodes.mailroom.receiving import ACCEPTED, SUPERSEDED
from daicho.nodes.node import Node
from daicho.nodes.registry import protection, residents
from daicho.nodes.registry.counter import enter
from daicho.nodes.registry.measures import receiving, sending
from daicho.nodes.registry.measures.receiving import ForwardView
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.network.kinds import Member, NodeKind, NodeName
from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.protection.forwarding import ForwardAnswer, ForwardStanding
from daicho.rules.protection.measure import (
    AddressRole,
    ConsultedBody,
    EndCause,
    Opinion,
    OtherParty,
    ProtectedAddress,
    ProtectionAlert,
    ProtectionGround,
    ProtectionMeasure,
    ProtectionState,
    state_on,
)
from daicho.rules.register.move_in import MoveInNotice
from daicho.store import forwarding, register
from daicho.wire.codecs.forwarding import FORWARD, REPLY, read_carried
from daicho.wire.codecs.letters import Unreadable, encode
from daicho.wire.signer.client import SignerUnavailable
from daicho.wire.signer.keystore import box_key as read_box_key
from daicho.wire.signer.keystore import make_keys
from daicho.wire.signer.process import KeyHolder
from daicho.wire.vault import Vault

AWAY = MunicipalityCode("01202")
NOWHERE = MunicipalityCode("27100")
THERE = {
    HOME: Address(HOME, "架空町一丁目", "2番3号", "", "1000001", ""),
    AWAY: Address(AWAY, "前町四丁目", "5番6号", "", "0400001", ""),
}
PLACES = {HOME: "東京都千代田区架空町一丁目2番3号", AWAY: "北海道函館市前町四丁目5番6号"}
CLERK_EYES = LOOK


@dataclass
class Town(Counter):
    """One registry with keys of its own; what it posts to its CS is gathered."""

    code: MunicipalityCode = HOME
    cs: Any = None
    box_key: bytes = b""
    taken: list[bytes] = field(default_factory=list)

    def posted(self, kind: str) -> list[bytes]:
        return [encode(one.content) for one in self.letters if one.kind == kind]


class Wire:
    """The signer and the directory of one node."""

    def __init__(self, signer: Any, directory: Any) -> None:
        self.signer, self.directory = signer, directory


@pytest.fixture
def towns(database, clock, tmp_path, monkeypatch):
    """Give two towns of one directory; the town that forwards comes first."""
    members, made = [], {}
    for code in (HOME, AWAY):
        folder = tmp_path / str(code)
        keys = make_keys(folder)
        name = NodeName(f"registry.m{code}.p13.daicho.internal")
        registry = Member(
            name, NodeKind.REGISTRY, "架空市", "127.0.0.1:1", (message_key(keys, valid_until=NOW + timedelta(days=900)),), keys.checkpoint_key,
            keys.box_key, code, "13",
        )  # fmt: skip
        cs = replace(make_member(f"cs.m{code}", NodeKind.CS)[0], municipality=code)
        members += [registry, cs]
        made[code] = (registry, cs, HereSigner(KeyHolder(folder)), read_box_key(folder))
    directory = make_directory(*members)
    directory.__post_init__()
    found = {}
    for code, (registry, cs, signer, key) in made.items():
        wire: Any = Wire(signer, lambda: directory)
        node = Node(registry, database("registry"), wire, clock, Vault(b"v" * 32), None)  # type: ignore[arg-type]  # nobody asks for a basis
        found[code] = Town(node, code=code, cs=cs, box_key=key, stock=10_000 if code == AWAY else 0)

    def gather(_unit, node, letters):
        found[node.me.municipality].letters.extend(letters)

    for room in ("records", "telling_cs", "measures.carrying"):
        monkeypatch.setattr(f"daicho.nodes.registry.{room}.post_letters", gather)
    return found[HOME], found[AWAY]


def comes(town, *people, waits=False):
    other = AWAY if town.code == HOME else HOME
    notice = MoveInNotice(
        people or (person(1),), THERE[town.code], DAY - timedelta(days=3), DAY, PLACES[other], other
    )
    if waits:
        return enter(town.node, town.clerk, notice, draw_codes=town.draw, reception=AT_COUNTER).entry.after
    return arrived(town, notice)


def applied(town, record, *, companions=(), more=(AWAY,), party=PARTY):
    addresses = [ProtectedAddress(AddressRole.PRESENT, town.code, PLACES[town.code])]
    addresses += [ProtectedAddress(AddressRole.PREVIOUS, one, PLACES.get(one, "他市1番")) for one in more]
    made = protection.apply_for_protection(
        town.node,
        OFFICER,
        ProtectionMeasure(
            "",
            ProtectionGround.STALKING,
            record.addressee_number,
            (party,),
            tuple(addresses),
            DAY,
            companions,
        ),
    )
    assert isinstance(made, ProtectionMeasure), made
    return made


def forward(town, measure):
    told = protection.forward_measure(town.node, OFFICER, measure.number)
    assert isinstance(told, ProtectionMeasure), told
    return told


def carried(town, content, by=None):
    """Let a registry take a letter from its CS."""
    with town.node.store.unit() as unit:
        return receiving.take_forward(unit, town.node, town.box_key, by or town.cs, content)


def replied(town, content, by=None):
    with town.node.store.unit() as unit:
        return sending.take_reply(unit, town.node, town.box_key, by or town.cs, content)


def told_rows(town, measure):
    with town.node.store.unit() as unit:
        return forwarding.told_of(unit, measure.number)


def waiting(town, **more):
    found = receiving.forwarded_list(town.node, OFFICER, **more)
    assert not isinstance(found, Refusal)
    return found.lines


def seen(town, line, **more):
    found = receiving.forwarded_view(town.node, OFFICER, str(line.sender), line.forward_id, **more)
    assert isinstance(found, ForwardView), found
    return found


def take(town, line, *people, who=OFFICER):
    return receiving.take_up(
        town.node, who, (str(line.sender), line.forward_id), people, sequence=line.sequence
    )


def answer(town, line, word, who=OFFICER):
    return receiving.answer_forward(
        town.node, who, (str(line.sender), line.forward_id), word, sequence=line.sequence
    )


def measures(town):
    return [one for one, _ in protection.overview(town.node, OFFICER).measures]


def confirmed(town, measure):
    done = protection.note_opinion(
        town.node, OFFICER, measure.number, Opinion(ConsultedBody.POLICE, DAY, True)
    )
    assert isinstance(done, ProtectionMeasure), done
    return done


def ended(town, number, cause=EndCause.WITHDRAWN):
    (asked,) = protection.ask_for_end(town.node, OFFICER, number, "申出", cause)
    assert not isinstance(protection.decide_on_proposal(town.node, SECOND, asked, accept=True), Refusal)


def tick(town, seconds=1):
    town.node.clock.move(timedelta(seconds=seconds))


def is_hidden(town, record):
    return residents.resident_view(town.node, town.clerk, record.addressee_number, LOOK).hidden


# the way there


def test_a_measure_goes_along_and_holds_at_the_other_town_before_anybody_has_looked(towns):
    home, away = towns
    here, there = comes(home)[0], comes(away)[0]
    measure = forward(home, applied(home, here))
    assert measure.forwarded_to == (AWAY,)
    (letter,) = home.posted(FORWARD)
    assert not is_hidden(away, there)
    assert carried(away, letter) == ACCEPTED
    assert is_hidden(away, there), "from the moment of arrival"
    (held,) = measures(away)
    assert (held.received_from, held.people) == (HOME, {there.addressee_number})
    assert held.last_day is None
    assert [one.text for one in held.addresses] == [PLACES[AWAY]], "not where they live now"
    assert held.other_parties == (replace(PARTY, furigana=""),)
    assert [one["subject"] for one in lines_about(away.node, "protection:letter:received")] == [
        there.resident_record_code
    ]
    assert [one["detail"]["to"] for one in lines_about(home.node, "protection:letter:sent")] == [str(AWAY)]


def test_neither_cs_can_read_who_is_protected_from_whom(towns):
    home, away = towns
    forward(home, applied(home, comes(home)[0]))
    (letter,) = home.posted(FORWARD)
    text = letter.decode("unicode_escape", errors="replace") + str(read_carried(letter))
    for word in ("来訪", "相手", "架空町", "前町", "DOMESTIC"):
        assert word not in text
    route = read_carried(letter).route
    assert (route.sender, route.receiver) == (HOME, AWAY)
    del away


def test_who_carries_a_letter_cannot_change_its_way_nor_write_one(towns):
    home, away = towns
    comes(away)
    forward(home, applied(home, comes(home)[0]))
    (content,) = home.posted(FORWARD)
    letter = read_carried(content)
    later = replace(letter.route, sequence=letter.route.sequence + 1)
    for changed in (
        type(letter)(later, letter.sealed),
        type(letter)(replace(letter.route, forward_id="other"), letter.sealed),
        type(letter)(letter.route, letter.sealed[:-2] + b'"}'),
    ):
        with pytest.raises(Unreadable):
            carried(away, encode(changed))
    # Nobody who knows the receiver's key alone can have written it: the signer of another node does not pass.
    home.node.wire.signer = away.node.wire.signer
    forward(home, applied(home, comes(home, person(5))[0]))
    with pytest.raises(Unreadable):
        carried(away, home.posted(FORWARD)[-1])
    assert waiting(away) == ()


@pytest.mark.parametrize("who", ["registry", "away_cs"])
def test_only_the_own_cs_brings_letters(towns, who):
    home, away = towns
    forward(home, applied(home, comes(home)[0]))
    (letter,) = home.posted(FORWARD)
    by = {"registry": home.node.me, "away_cs": replace(home.cs, kind=NodeKind.PREFECTURE)}[who]
    assert carried(away, letter, by=by).refusal.reason is Reason.NOT_PERMITTED
    assert carried(home, letter).refusal.reason is Reason.OTHER_MUNICIPALITY
    assert waiting(away) == ()


def test_a_town_that_is_not_on_the_network_is_told_on_paper(towns):
    home, _ = towns
    measure = applied(home, comes(home)[0], more=(NOWHERE, AWAY))
    assert forward(home, measure).forwarded_to == (AWAY,)
    again = protection.forward_measure(home.node, OFFICER, measure.number)
    assert again.reason is Reason.NOTHING_CHANGES
    assert protection.note_towns_told(home.node, OFFICER, measure.number).forwarded_to == (AWAY, NOWHERE)
    assert len(home.posted(FORWARD)) == 1


def test_only_the_officer_forwards_sees_and_takes_up(towns):
    home, away = towns
    measure = applied(home, comes(home)[0])
    for who in (home.clerk, home.checker, home.admin, home.officer):
        assert protection.forward_measure(home.node, who, measure.number).reason is Reason.NOT_PERMITTED
    forward(home, measure)
    there = comes(away)[0]
    carried(away, home.posted(FORWARD)[0])
    (line,) = waiting(away)
    assert receiving.forwarded_list(away.node, away.clerk).reason is Reason.NOT_PERMITTED
    assert (
        receiving.forwarded_view(away.node, away.clerk, str(HOME), line.forward_id).reason
        is Reason.NOT_PERMITTED
    )
    assert take(away, line, there.addressee_number, who=away.both).reason is Reason.NOT_PERMITTED
    assert answer(away, line, ForwardAnswer.NOT_HERE, who=away.both).reason is Reason.NOT_PERMITTED


# taking up, and the way back


def test_the_officer_takes_it_up_with_the_other_towns_term_and_its_town_hears_of_it(towns):
    home, away = towns
    here, there = comes(home)[0], comes(away)[0]
    measure = confirmed(home, applied(home, here))
    forward(home, measure)
    carried(away, home.posted(FORWARD)[0])
    (line,) = waiting(away)
    assert (line.standing, line.names) == (ForwardStanding.IN_FORCE, ("来訪　1号",))
    view = seen(away, line)
    assert [one.addressee_number for one in view.people] == [there.addressee_number]
    assert view.protected == {there.addressee_number}
    assert take(away, line, there.addressee_number) is None
    (held,) = measures(away)
    assert held.last_day == measure.last_day
    assert state_on(held, DAY) is ProtectionState.IN_FORCE
    assert waiting(away) == ()
    (closed,) = waiting(away, closed=True)
    assert (closed.answer, closed.names, closed.number) == (ForwardAnswer.TAKEN_UP, (), held.number)
    (told,) = told_rows(home, measure)
    assert told.waits
    assert replied(home, away.posted(REPLY)[0]) == ACCEPTED
    (told,) = told_rows(home, measure)
    assert (told.answer, told.waits) == ("TAKEN_UP", False)
    assert take(away, line, there.addressee_number).reason is Reason.REPORT_SETTLED
    lines = lines_about(away.node, "protection:letter:answered")
    assert [(one["subject"], one["outcome"]) for one in lines] == [(there.resident_record_code, "TAKEN_UP")]


def test_a_letter_that_comes_again_changes_nothing_and_a_lost_answer_is_given_again(towns):
    home, away = towns
    there = comes(away)[0]
    measure = forward(home, applied(home, comes(home)[0]))
    (letter,) = home.posted(FORWARD)
    carried(away, letter)
    assert carried(away, letter) == SUPERSEDED
    assert len(measures(away)) == 1
    (line,) = waiting(away)
    take(away, line, there.addressee_number)
    (row,) = told_rows(home, measure)
    assert sending.send_again(home.node, OFFICER, measure.number, row.id) is None
    assert carried(away, home.posted(FORWARD)[-1]) == SUPERSEDED
    first, again = away.posted(REPLY)
    assert replied(home, again) == ACCEPTED
    assert replied(home, first) == SUPERSEDED
    assert sending.send_again(home.node, OFFICER, measure.number, row.id).reason is Reason.NOTHING_CHANGES


def test_letters_that_overtake_each_other_leave_the_last_word(towns):
    home, away = towns
    there = comes(away)[0]
    measure = forward(home, applied(home, comes(home)[0]))
    tick(home)
    measure = confirmed(home, measure)
    first, second = home.posted(FORWARD)
    assert carried(away, second) == ACCEPTED
    assert carried(away, first) == SUPERSEDED
    (line,) = waiting(away)
    assert line.standing is ForwardStanding.IN_FORCE
    assert take(away, line, there.addressee_number) is None
    assert measures(away)[0].last_day == measure.last_day


def test_an_answer_to_what_was_told_before_does_not_answer_what_was_told_last(towns):
    home, away = towns
    there = comes(away)[0]
    measure = forward(home, applied(home, comes(home)[0]))
    carried(away, home.posted(FORWARD)[0])
    take(away, waiting(away)[0], there.addressee_number)
    tick(home)
    confirmed(home, measure)
    replied(home, away.posted(REPLY)[0])
    (row,) = told_rows(home, measure)
    assert (row.answer, row.waits) == ("TAKEN_UP", True)


def test_what_was_seen_before_a_later_letter_came_is_not_decided_on(towns):
    home, away = towns
    there = comes(away)[0]
    measure = forward(home, applied(home, comes(home)[0]))
    carried(away, home.posted(FORWARD)[0])
    (line,) = waiting(away)
    tick(home)
    confirmed(home, measure)
    carried(away, home.posted(FORWARD)[1])
    assert take(away, line, there.addressee_number).reason is Reason.CHANGED_SINCE
    assert answer(away, line, ForwardAnswer.NOT_HERE).reason is Reason.CHANGED_SINCE
    assert len(measures(away)) == 1


# renewal and end


def test_a_renewal_is_told_by_itself_and_taken_up_by_an_officer(towns):
    home, away = towns
    there = comes(away)[0]
    measure = confirmed(home, applied(home, comes(home)[0]))
    forward(home, measure)
    carried(away, home.posted(FORWARD)[0])
    take(away, waiting(away)[0], there.addressee_number)
    replied(home, away.posted(REPLY)[0])
    tick(home, 340 * 24 * 3600)
    today = home.node.clock.business_today()
    renewed = protection.renew_measure(
        home.node, OFFICER, measure.number, Opinion(ConsultedBody.POLICE, today, True), today
    )
    assert isinstance(renewed, ProtectionMeasure), renewed
    (row,) = told_rows(home, measure)
    assert row.waits
    assert carried(away, home.posted(FORWARD)[1]) == ACCEPTED
    (line,) = waiting(away)
    assert measures(away)[0].last_day == measure.last_day
    assert take(away, line, there.addressee_number) is None
    assert measures(away)[0].last_day == renewed.last_day
    assert [one.number for one in measures(away)] == [line.number]
    assert replied(home, away.posted(REPLY)[1]) == ACCEPTED


def test_an_end_ends_nothing_at_the_other_town(towns):
    home, away = towns
    there = comes(away)[0]
    measure = forward(home, applied(home, comes(home)[0]))
    carried(away, home.posted(FORWARD)[0])
    take(away, waiting(away)[0], there.addressee_number)
    tick(home)
    ended(home, measure.number)
    assert carried(away, home.posted(FORWARD)[1]) == ACCEPTED
    assert is_hidden(away, there)
    (line,) = waiting(away)
    view = seen(away, line)
    assert (line.standing, view.notice.cause, view.stands) == (
        ForwardStanding.ENDED,
        EndCause.WITHDRAWN,
        True,
    )
    assert take(away, line, there.addressee_number).reason is Reason.PROTECTION_ENDED
    assert answer(away, line, ForwardAnswer.NOTED) is None
    assert is_hidden(away, there), "that an end was seen ends nothing either"
    (held,) = measures(away)
    ended(away, held.number)
    assert not is_hidden(away, there)
    assert len(home.posted(FORWARD)) == 2


def test_an_end_that_comes_first_needs_nobody_and_the_beginning_behind_it_protects_nobody(towns):
    home, away = towns
    there = comes(away)[0]
    measure = forward(home, applied(home, comes(home)[0]))
    tick(home)
    ended(home, measure.number)
    begun, over = home.posted(FORWARD)
    assert carried(away, over) == ACCEPTED
    assert waiting(away) == ()
    assert carried(away, begun) == SUPERSEDED
    assert not is_hidden(away, there)
    assert replied(home, away.posted(REPLY)[0]) == ACCEPTED
    assert told_rows(home, measure)[0].answer == "NOTED"


# whom it means


def test_of_two_namesakes_nobody_is_hidden_until_an_officer_says_who(towns):
    home, away = towns
    one = comes(away)[0]
    other = comes(away, replace(person(1), relationship="世帯主"))[0]
    forward(home, applied(home, comes(home)[0]))
    carried(away, home.posted(FORWARD)[0])
    # Both live at the place that is told, too.
    assert not is_hidden(away, one)
    assert not is_hidden(away, other)
    (line,) = waiting(away)
    view = seen(away, line)
    assert {who.addressee_number for who in view.people} == {one.addressee_number, other.addressee_number}
    assert take(away, line).field == "people"
    assert take(away, line, other.addressee_number) is None
    assert [one.people for one in measures(away)] == [{other.addressee_number}]


def test_who_was_held_at_once_is_let_go_by_two_people_alone(towns):
    home, away = towns
    namesake = comes(away)[0]
    right = comes(away, person(7))[0]
    forward(home, applied(home, comes(home)[0]))
    carried(away, home.posted(FORWARD)[0])
    (line,) = waiting(away)
    assert take(away, line, right.addressee_number).reason is Reason.PROTECTION_STANDS
    assert answer(away, line, ForwardAnswer.NOT_HERE).reason is Reason.PROTECTION_STANDS
    assert is_hidden(away, namesake)
    ended(away, measures(away)[0].number, EndCause.NOT_CONFIRMED)
    (line,) = waiting(away)
    assert take(away, line, right.addressee_number) is None
    assert not is_hidden(away, namesake)
    assert is_hidden(away, right)


def test_companions_are_added_and_nobody_is_lost_where_two_officers_take_it_up(towns):
    home, away = towns
    mother, child = comes(away, person(1), person(2, "子"))
    family = comes(home, person(1), person(2, "子"))
    measure = applied(home, family[0], companions=(family[1].addressee_number,))
    forward(home, measure)
    carried(away, home.posted(FORWARD)[0])
    assert measures(away)[0].people == {mother.addressee_number, child.addressee_number}
    third = comes(away, person(8))[0]
    (line,) = waiting(away)
    assert take(away, line, mother.addressee_number, child.addressee_number, third.addressee_number) is None
    assert take(away, line, mother.addressee_number, child.addressee_number).reason is Reason.REPORT_SETTLED
    assert measures(away)[0].people == {one.addressee_number for one in (mother, child, third)}
    assert is_hidden(away, third)


def test_nobody_there_is_answered_and_hears_of_no_end(towns):
    home, away = towns
    measure = forward(home, applied(home, comes(home)[0]))
    carried(away, home.posted(FORWARD)[0])
    (line,) = waiting(away)
    assert seen(away, line).people == ()
    assert answer(away, line, ForwardAnswer.NOTED).reason is Reason.FIELD_UNKNOWN_VALUE
    assert answer(away, line, ForwardAnswer.NOT_HERE) is None
    assert answer(away, line, ForwardAnswer.NOT_HERE).reason is Reason.REPORT_SETTLED
    replied(home, away.posted(REPLY)[0])
    tick(home)
    ended(home, measure.number)
    assert len(home.posted(FORWARD)) == 1
    assert told_rows(home, measure)[0].answer == "NOT_HERE"


def test_who_is_about_to_move_there_is_protected_from_their_entry_on(towns):
    home, away = towns
    forward(home, applied(home, comes(home)[0]))
    carried(away, home.posted(FORWARD)[0])
    receiving.hold_who_came(away.node)
    assert measures(away) == []
    (coming,) = comes(away, waits=True)
    receiving.hold_who_came(away.node)
    (held,) = measures(away)
    assert held.people == {coming.addressee_number}
    receiving.hold_who_came(away.node)
    assert len(measures(away)) == 1
    (line,) = waiting(away)
    assert line.number == held.number
    assert take(away, line, coming.addressee_number) is None


def test_towns_that_forward_to_each_other_do_not_go_round_in_circles(towns):
    home, away = towns
    here, there = comes(home)[0], comes(away)[0]
    one = applied(home, here, more=(AWAY,))
    two = applied(away, there, more=(HOME,))
    forward(home, one)
    forward(away, two)
    carried(away, home.posted(FORWARD)[0])
    carried(home, away.posted(FORWARD)[0])
    take(away, waiting(away)[0], there.addressee_number)
    take(home, waiting(home)[0], here.addressee_number)
    tick(home)
    confirmed(home, one)
    confirmed(away, two)
    assert (len(home.posted(FORWARD)), len(away.posted(FORWARD))) == (2, 2)
    carried(away, home.posted(FORWARD)[1])
    take(away, waiting(away)[0], there.addressee_number)
    assert len(away.posted(FORWARD)) == 2, "what was taken up is not told back"
    for town in towns:
        for held in measures(town):
            if held.received_from is not None:
                assert protection.forward_measure(town.node, OFFICER, held.number).reason is (
                    Reason.NOTHING_CHANGES
                )
    tick(home)
    ended(home, one.number)
    carried(away, home.posted(FORWARD)[2])
    assert is_hidden(away, there)
    assert len(measures(away)) == 2


def test_the_officer_sees_that_somebody_is_the_other_party_of_another_measure_and_nobody_else_does(towns):
    home, away = towns
    him = replace(person(1), name=replace(person(1).name, kanji=PARTY.name), birth_date=PARTY.birth_date)
    her = comes(away, person(4))[0]
    hers = applied(away, her, more=())
    there = comes(away, him)[0]
    forward(home, applied(home, comes(home, him)[0], party=OtherParty("別人　花子")))
    carried(away, home.posted(FORWARD)[0])
    (line,) = waiting(away)
    view = seen(away, line)
    assert view.against == {there.addressee_number: (hers.number,)}
    assert is_hidden(away, there)
    assert is_hidden(away, her)
    assert take(away, line, there.addressee_number) is None
    reply = away.posted(REPLY)[0].decode()
    assert hers.number not in reply


def test_the_officer_sees_that_the_letter_names_somebody_protected_as_the_other_party(towns):
    home, away = towns
    her = comes(away, replace(person(4), name=replace(person(4).name, kanji=PARTY.name), birth_date=PARTY.birth_date))[0]  # fmt: skip
    hers = applied(away, her, more=())
    comes(away)
    forward(home, applied(home, comes(home)[0]))
    carried(away, home.posted(FORWARD)[0])
    assert seen(away, waiting(away)[0]).crossing == (hers.number,)


def test_a_town_that_came_back_from_a_copy_and_tells_it_under_another_name_makes_no_second_measure(towns):
    home, away = towns
    comes(away)
    measure = applied(home, comes(home)[0])
    forward(home, measure)
    carried(away, home.posted(FORWARD)[0])
    again = applied(home, comes(home, person(1))[0])
    forward(home, again)
    carried(away, home.posted(FORWARD)[1])
    assert len(measures(away)) == 1
    assert [line.number for line in waiting(away)] == [measures(away)[0].number] * 2


def test_a_part_of_a_birth_date_makes_nobody_certain(towns):
    home, away = towns
    there = comes(away, replace(person(1), birth_date=PartialDate(1990, 1, None)))[0]
    forward(home, applied(home, comes(home)[0]))
    carried(away, home.posted(FORWARD)[0])
    assert not is_hidden(away, there)
    assert [one.addressee_number for one in seen(away, waiting(away)[0]).people] == [there.addressee_number]


def test_an_address_is_added_and_its_town_is_told_then(towns):
    home, _ = towns
    measure = applied(home, comes(home)[0], more=())
    assert protection.forward_measure(home.node, OFFICER, measure.number).reason is Reason.NOTHING_CHANGES
    moved = ProtectedAddress(AddressRole.PRESENT, AWAY, PLACES[AWAY])
    added = protection.add_address(home.node, OFFICER, measure.number, moved)
    assert isinstance(added, ProtectionMeasure)
    assert forward(home, added).forwarded_to == (AWAY,)


def moved_to(town, measure, text=PLACES[AWAY], role=AddressRole.PRESENT):
    added = protection.add_address(town.node, OFFICER, measure.number, ProtectedAddress(role, AWAY, text))
    assert isinstance(added, ProtectionMeasure), added
    return added


def test_a_town_that_said_nobody_is_there_is_told_when_the_victim_moves_there(towns):
    home, away = towns
    measure = forward(home, applied(home, comes(home)[0]))
    carried(away, home.posted(FORWARD)[0])
    answer(away, waiting(away)[0], ForwardAnswer.NOT_HERE)
    replied(home, away.posted(REPLY)[0])
    tick(home)
    assert moved_to(home, measure).forwarded_to == (AWAY,)
    (row,) = told_rows(home, measure)
    assert row.waits
    (coming,) = comes(away, waits=True)
    assert carried(away, home.posted(FORWARD)[1]) == ACCEPTED
    assert [one.people for one in measures(away)] == [{coming.addressee_number}]
    tick(home)
    confirmed(home, measure)
    assert len(home.posted(FORWARD)) == 3, "it hears of what follows again"


def test_a_town_that_took_it_up_hears_of_a_second_address_of_its_own(towns):
    home, away = towns
    there = comes(away)[0]
    measure = forward(home, applied(home, comes(home)[0]))
    carried(away, home.posted(FORWARD)[0])
    take(away, waiting(away)[0], there.addressee_number)
    replied(home, away.posted(REPLY)[0])
    tick(home)
    second = "北海道函館市前町四丁目9番9号"
    moved_to(home, measure, second)
    carried(away, home.posted(FORWARD)[1])
    assert take(away, waiting(away)[0], there.addressee_number) is None
    assert second in [one.text for one in measures(away)[0].addresses]


def test_a_town_that_was_told_on_paper_is_to_be_told_of_another_address(towns):
    home, _ = towns
    measure = applied(home, comes(home)[0])
    told = protection.note_towns_told(home.node, OFFICER, measure.number)
    assert told.forwarded_to == (AWAY,)
    assert moved_to(home, measure).forwarded_to == ()
    assert forward(home, measure).forwarded_to == (AWAY,)


def test_what_no_town_would_take_is_not_added_to_what_it_was_told(towns):
    home, _ = towns
    measure = forward(home, applied(home, comes(home)[0]))
    wrong = ProtectedAddress(AddressRole.PRESENT, AWAY, "前町\u0007一丁目")
    assert protection.add_address(home.node, OFFICER, measure.number, wrong).reason is (
        Reason.FIELD_CONTROL_CHARACTER
    )
    assert len(home.posted(FORWARD)) == 1


def test_a_late_answer_that_nobody_is_there_keeps_no_renewal_and_no_end_from_a_town(towns):
    home, away = towns
    measure = forward(home, applied(home, comes(home)[0]))
    carried(away, home.posted(FORWARD)[0])
    answer(away, waiting(away)[0], ForwardAnswer.NOT_HERE)
    tick(home)
    confirmed(home, measure)
    replied(home, away.posted(REPLY)[0])
    (row,) = told_rows(home, measure)
    assert (row.answer, row.waits) == ("NOT_HERE", True)
    tick(home)
    ended(home, measure.number)
    assert len(home.posted(FORWARD)) == 3


@pytest.mark.parametrize("here", [True, False])
def test_the_answer_to_an_end_does_not_tell_whether_anybody_of_that_name_is_here(towns, here):
    home, away = towns
    if here:
        comes(away)
    measure = forward(home, applied(home, comes(home)[0]))
    tick(home)
    ended(home, measure.number)
    begun, over = home.posted(FORWARD)
    carried(away, begun)
    carried(away, over)
    carried(away, over)
    carried(away, begun)
    answers = away.posted(REPLY)
    assert len(answers) == 3, "to the end, to the end again, and to what was overtaken"
    for line in waiting(away):
        assert answer(away, line, ForwardAnswer.NOTED) is None
    carried(away, over)
    assert len(away.posted(REPLY)) == 4, "that an officer looked is not told either"
    assert replied(home, answers[0]) == ACCEPTED
    assert told_rows(home, measure)[0].answer == "NOTED"


def test_a_town_that_was_set_back_to_a_copy_is_answered_under_the_number_that_it_knows(towns):
    home, away = towns
    there = comes(away)[0]
    measure = forward(home, applied(home, comes(home)[0]))
    (copy,) = told_rows(home, measure)
    tick(home)
    confirmed(home, measure)
    for letter in home.posted(FORWARD):
        carried(away, letter)
    take(away, waiting(away)[0], there.addressee_number)
    with home.node.store.unit() as unit:
        unit.execute("update register.protection_told set sequence = %s", (copy.sequence,))
    assert sending.send_again(home.node, OFFICER, measure.number, copy.id) is None
    assert carried(away, home.posted(FORWARD)[-1]) == SUPERSEDED
    assert replied(home, away.posted(REPLY)[-1]) == ACCEPTED
    (row,) = told_rows(home, measure)
    assert (row.answer, row.waits) == ("TAKEN_UP", False)


def test_nobody_is_held_by_a_letter_that_turns_on_the_very_people_it_names(towns):
    home, away = towns
    there = comes(away)[0]
    forward(home, applied(home, comes(home)[0], party=OtherParty("来訪　1号")))
    carried(away, home.posted(FORWARD)[0])
    receiving.hold_who_came(away.node)
    assert measures(away) == []
    assert not is_hidden(away, there)
    (line,) = waiting(away)
    assert [one.addressee_number for one in seen(away, line).people] == [there.addressee_number]


def test_the_officer_is_alerted_that_a_measure_began_against_somebody_protected(towns):
    home, away = towns
    her = comes(away, replace(person(4), name=replace(person(4).name, kanji=PARTY.name), birth_date=PARTY.birth_date))[0]  # fmt: skip
    applied(away, her, more=())
    there = comes(away)[0]
    forward(home, applied(home, comes(home)[0]))
    carried(away, home.posted(FORWARD)[0])
    assert is_hidden(away, there), "a letter that may be right protects until somebody has looked"
    alerts = protection.overview(away.node, OFFICER).alerts
    (held,) = (one for one in measures(away) if one.received_from == HOME)
    assert [(one.number, one.alerts) for one in alerts] == [(held.number, (ProtectionAlert.CROSSING,))]


def test_who_came_is_found_behind_many_letters_and_one_fault_keeps_nobody_else_unprotected(
    towns, monkeypatch
):
    home, away = towns
    monkeypatch.setattr(receiving, "SHOWN_ROWS", 2)
    for one in range(1, 6):
        forward(home, applied(home, comes(home, person(one))[0]))
        tick(home)
        carried(away, home.posted(FORWARD)[-1])
    third = comes(away, person(3), waits=True)[0]
    last = comes(away, person(5), waits=True)[0]
    begin, failed = receiving.begin_measure, []

    def once(unit, node, operator, made, *more, **also):
        if not failed:
            failed.append(made.people)
            raise RuntimeError("a fault of our own")
        return begin(unit, node, operator, made, *more, **also)

    monkeypatch.setattr(receiving, "begin_measure", once)
    receiving.hold_who_came(away.node)
    assert failed == [{third.addressee_number}]
    assert [one.people for one in measures(away)] == [{last.addressee_number}]
    receiving.hold_who_came(away.node)
    assert {one for held in measures(away) for one in held.people} == {
        third.addressee_number, last.addressee_number,
    }  # fmt: skip


def test_a_batch_of_letters_waits_for_no_household_and_who_lives_there_is_held_a_moment_later(towns):
    home, away = towns
    there = comes(away)[0]
    forward(home, applied(home, comes(home)[0]))
    with away.node.store.unit() as unit:
        register.lock_concerned(unit, households=[there.household_number], codes=())
        assert carried(away, home.posted(FORWARD)[0]) == ACCEPTED
        assert measures(away) == []
    receiving.hold_who_came(away.node)
    assert is_hidden(away, there)


def test_a_town_that_left_the_network_is_counted_no_letter_and_stands_in_the_ledger_as_out_of_reach(
    towns, monkeypatch
):
    home, _ = towns
    measure = forward(home, applied(home, comes(home)[0]))
    (before,) = told_rows(home, measure)
    monkeypatch.setattr(sending, "reachable", lambda _node, _town: False)
    monkeypatch.setattr(protection, "reachable", lambda _node, _town: False)
    tick(home)
    confirmed(home, measure)
    assert told_rows(home, measure) == [before]
    assert [one["outcome"] for one in lines_about(home.node, "protection:letter:sent")] == [
        "PROVISIONAL",
        "unreachable",
    ]
    assert len(home.posted(FORWARD)) == 1
    view = protection.measure_view(home.node, OFFICER, measure.number)
    assert view.out_of_reach == {str(AWAY)}
    assert sending.send_again(home.node, OFFICER, measure.number, before.id).reason is Reason.NOTHING_CHANGES
    assert moved_to(home, measure).forwarded_to == ()


def test_while_nobody_can_sign_a_step_is_refused_and_not_done(towns, monkeypatch):
    home, _ = towns
    measure = forward(home, applied(home, comes(home)[0]))

    def away(*_given, **_named):
        raise SignerUnavailable("away")

    monkeypatch.setattr("daicho.nodes.registry.measures.carrying.close_for", away)
    (asked,) = protection.ask_for_end(home.node, OFFICER, measure.number, "申出", EndCause.WITHDRAWN)
    (row,) = told_rows(home, measure)
    for refusal in (
        protection.note_opinion(home.node, OFFICER, measure.number, Opinion(ConsultedBody.POLICE, DAY, True)),
        protection.decide_on_proposal(home.node, SECOND, asked, accept=True),
        protection.add_address(
            home.node, OFFICER, measure.number, ProtectedAddress(AddressRole.PRESENT, AWAY, PLACES[AWAY])
        ),
        sending.send_again(home.node, OFFICER, measure.number, row.id),
    ):
        assert refusal.reason is Reason.SIGNER_AWAY
    assert measures(home) == [measure]
    assert told_rows(home, measure) == [row]


def test_who_is_chosen_as_the_applicant_is_it_though_a_measure_stands(towns):
    home, away = towns
    mother, child = comes(away, person(1), person(2, "子"))
    family = comes(home, person(1), person(2, "子"))
    forward(home, applied(home, family[1], companions=(family[0].addressee_number,)))
    carried(away, home.posted(FORWARD)[0])
    (line,) = waiting(away)
    assert seen(away, line).people[0].addressee_number == child.addressee_number
    assert take(away, line, mother.addressee_number, child.addressee_number) is None
    (held,) = measures(away)
    assert (held.applicant, held.companions) == (mother.addressee_number, (child.addressee_number,))


# the CS


@pytest.fixture
def cs(towns, database, clock, monkeypatch):
    home, _ = towns
    wire: Any = Wire(None, home.node.wire.directory)
    node = Node(home.cs, database("cs"), wire, clock, Vault(b"v" * 32), None)  # type: ignore[arg-type]  # nobody asks for a basis
    posted: list[Any] = []
    monkeypatch.setattr(passing, "post_letters", lambda _unit, _node, letters: posted.extend(letters))
    return node, posted


def at(node, way, by, content):
    with node.store.unit() as unit:
        return way(unit, node, by, content)


def test_a_cs_passes_letters_on_unchanged_and_lets_no_town_speak_for_another_one(towns, cs):
    home, away = towns
    node, posted = cs
    forward(home, applied(home, comes(home)[0]))
    (content,) = home.posted(FORWARD)
    assert at(node, passing.passing(FORWARD), home.node.me, content) == ACCEPTED
    assert (posted[-1].to.name, posted[-1].content) == (away.cs.name, content)
    assert at(node, passing.passing(REPLY), away.cs, content) == ACCEPTED
    assert (posted[-1].to.name, posted[-1].content) == (home.node.me.name, content)
    for way, by in ((passing.passing(FORWARD), away.cs), (passing.passing(REPLY), home.node.me)):
        assert at(node, way, by, content).refusal.reason is Reason.NOT_PERMITTED
    (line, _) = lines_about(node, "protection:letter:passed")
    assert line.get("subject", "") == ""
    assert set(line["detail"]) == {"forward", "to"}
