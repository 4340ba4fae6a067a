"""R-046: a register that is lost comes back from what the network keeps of its residents, person by person."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from tests.nodes.mailroom.conftest import make_member
from tests.nodes.registry.conftest import AT_COUNTER, DAY, HERE, HOME, Counter, lines_about
from tests.nodes.registry.test_extract import bring, file, line
from tests.nodes.registry.test_genuineness import number_of
from tests.nodes.registry.test_handover import silent, step
from tests.nodes.registry.test_protection import OFFICER, application, arrived

from daicho.faces.desks.handover import hands_of
from daicho.nodes.cs import intake
from daicho.nodes.handover import ordering
from daicho.nodes.handover.orders import check, compare, load, rebuild
from daicho.nodes.handover.writing import FolderThere
from daicho.nodes.registry import corrections, protection
from daicho.nodes.registry import intake as letters_in
from daicho.nodes.registry.bodies import read_record
from daicho.nodes.registry.counter import enter, verify_entry
from daicho.nodes.registry.guarding import hidden_among, hidden_from, veil_for
from daicho.nodes.registry.numbers import numbers_of
from daicho.nodes.registry.rebuilt.completing import records_to_complete
from daicho.nodes.registry.rebuilt.opening import opening_of, say_measures_entered
from daicho.nodes.registry.reports import receive_move_in_report
from daicho.nodes.registry.telling_cs import KIND as KEPT_BACK_KIND
from daicho.nodes.registry.telling_cs import tell_cs_whom_to_keep_back
from daicho.rules.handover.order import HandoverOrder, HandoverWay
from daicho.rules.handover.rebuilding import NOT_RELATED
from daicho.rules.identity.acceptance import Accepted, accept_above, accept_at_cs
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.network.kinds import NodeKind
from daicho.rules.people.dates import UNKNOWN
from daicho.rules.register.correction import Correction
from daicho.rules.register.death import DeathEntry
from daicho.rules.register.household_change import HouseholdChangeNotice, HouseholderChange, HouseholdMove
from daicho.rules.register.move_out import MoveInReport
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.record import HOUSEHOLDER, REBUILT, UNKNOWN_DAY, HouseholdRelation
from daicho.rules.register.residence_change import ResidenceChange
from daicho.store import code_stock, handover, identity, kept_back
from daicho.wire.codecs.identity import CodesGiven
from daicho.wire.codecs.letters import encode
from daicho.wire.vault import Vault


def server(kind, database, clock, **more):
    name = kind.value.lower()
    return SimpleNamespace(
        me=replace(make_member(name, kind)[0], **more), store=database(name), clock=clock, vault=Vault(b"c" * 32), invented=True,
    )  # fmt: skip


def kept(store):
    with store.unit() as unit:
        return [one for batch in identity.kept_of_town(unit, HOME, 500) for one in batch]


def standing(node):
    with node.store.reading() as unit:
        return {one.resident_record_code: one for one in map(read_record, handover.records(unit))}


@pytest.fixture
def cs(database, clock, monkeypatch):
    """A CS that takes what the registry tells it."""
    node = server(NodeKind.CS, database, clock, municipality=HOME)
    monkeypatch.setattr(intake, "_letters", lambda _node, _accepted: [])  # nobody stands above it
    return node


@pytest.fixture
def town(counter, cs, move_in, comer):
    """A town of an import, a family, a death, a removal, a change within, and somebody who is kept back; told to its CS."""
    bring(
        counter,
        file(
            line(101, 101, individual_number=str(number_of(1)), building="海風荘２０１"),
            line(102, 101, relationship="子", birth_date="1945-00-00", individual_number=str(number_of(2))),
            line(103, 101, relationship="子", birth_date="1970-02-03", building="海風荘２０１", individual_number=""),
            line(104, 104, resident_kind="FOREIGN", nationality="ブラジル", foreign_category="中長期在留者",
                 foreign_since="2012-05-01", alias="通称　三郎", individual_number=""),
        ),
    )  # fmt: skip
    family = arrived(counter, move_in(comer(1), comer(2, "妻"), comer(3, "子")))
    there = replace(HERE, block="9番9号", building="丘の上")
    step(counter, MoveWithinNotice((family[2].addressee_number,), there, DAY, DAY), reception=AT_COUNTER)
    step(counter, DeathEntry(102, DAY, DAY))
    protection.apply_for_protection(counter.node, OFFICER, application(family[1]))
    with counter.node.store.unit() as unit:
        tell_cs_whom_to_keep_back(unit, counter.node)
    tell(counter, cs)
    return counter


def tell(counter, cs):
    """Bring the CS what waits for it."""
    with cs.store.unit() as unit:
        for letter in counter.letters:
            if letter.kind == KEPT_BACK_KIND:
                kept_back.take(unit, letter.content.told, [str(one) for one in letter.content.codes])
            else:
                settled = intake.take_entries(unit, cs, counter.node.me, [letter.content])
                assert {one.outcome for one in settled} == {"accepted"}
    counter.letters.clear()


@pytest.fixture
def anew(town, database):
    """The same town with an empty database, and nothing of the former one."""
    return Counter(replace(town.node, store=database("registry"), vault=Vault(b"n" * 32)))


def rebuilt(counter, node, folder):
    done = rebuild(node, counter.admin, counter.officer, folder, HOME, silent, purpose="滅失")
    assert done.source == node.me.kind.value
    return folder


def take(counter, folder, **more):
    hands = hands_of(counter.node)
    report = load(counter.node, counter.admin, counter.officer, folder, hands, silent, **more)
    assert report.fine, report.faults
    return report


@pytest.mark.requirement("R-046")
def test_a_lost_register_comes_back_from_its_cs_person_by_person(town, cs, anew, tmp_path):
    before, known = standing(town.node), kept(cs.store)
    take(anew, rebuilt(town, cs, tmp_path / "out"))
    after = standing(anew.node)
    assert set(after) == set(before) == {one.record.resident_record_code for one in known}
    assert len(after) == 7
    for code, old in before.items():
        new = after[code]
        same = ("birth_date", "sex", "resident_kind", "resident_since", "address_since", "update_sequence", "previous_address",
                "previous_municipality", "old_resident_record_code", "living")  # fmt: skip
        assert {one: getattr(new, one) for one in same} == {one: getattr(old, one) for one in same}
        assert (new.name.kanji, new.name.furigana, new.name.alias) == (
            old.name.kanji, old.name.furigana, old.name.alias,
        )  # fmt: skip
        assert new.current_address.one_line() == old.current_address.one_line()
        assert new.current_address.building == old.current_address.building
        if old.removal is not None:
            assert (new.removal.reason, new.removal.removed_on) == (
                old.removal.reason,
                old.removal.removed_on,
            )
    with town.node.store.unit() as unit:
        numbers = numbers_of(unit, town.node.vault, list(before.values()))
    with anew.node.store.unit() as unit:
        assert numbers_of(unit, anew.node.vault, list(after.values())) == numbers
    assert len(numbers) == 2


@pytest.mark.requirement("R-046")
def test_what_the_network_does_not_keep_is_marked_and_the_record_held_until_somebody_completes_it(
    town, cs, anew, tmp_path
):
    take(anew, rebuilt(town, cs, tmp_path / "out"))
    people = standing(anew.node).values()
    assert {one.remarks[0] for one in people} == {REBUILT}
    assert [one.processing_hold for one in people] == [one.living for one in people]
    assert {one.registered_domicile for one in people} == {None}
    assert {one.householder_name for one in people if not one.is_householder} == {UNKNOWN}
    assert len({one.household_number for one in people}) == len(people)
    (foreign,) = [one.foreign for one in people if one.foreign is not None]
    assert (foreign.nationality, foreign.category) == (UNKNOWN, UNKNOWN)
    living = [one for one in people if one.living]
    held = living[0]
    notice = MoveWithinNotice((held.addressee_number,), HERE, DAY, DAY)
    refusal = enter(anew.node, anew.clerk, notice, draw_codes=anew.draw, reception=AT_COUNTER)
    assert refusal.reason is Reason.PROCESSING_HELD
    with anew.node.store.unit() as unit:
        assert handover.left_to_complete(unit, 100) == len(living)
    permit = corrections.permit_correction(anew.node, anew.officer, held.addressee_number, "再製の補完")
    told = {
        "registered_domicile": "北海道函館市",
        "family_register_head": held.name.kanji,
        "processing_hold": False,
    }
    step(anew, Correction(held.addressee_number, DAY, permit.permit_id, "補完", **told))
    with anew.node.store.unit() as unit:
        left = [read_record(body).addressee_number for body in handover.to_complete(unit, 0, 100)]
    assert left == sorted(one.addressee_number for one in living[1:])


def corrected(counter, number, **items):
    """Let a permitted correction of one record be entered and verified, or give why not."""
    permit = corrections.permit_correction(counter.node, counter.officer, number, "再製の補完")
    told = Correction(number, DAY, permit.permit_id, "補完", **items)
    entry = enter(counter.node, counter.clerk, told, draw_codes=counter.draw)
    return (
        entry if isinstance(entry, Refusal) else verify_entry(counter.node, counter.checker, entry.entry_id)
    )


WHOLE = {"registered_domicile": "北海道函館市", "family_register_head": "架空", "processing_hold": False}


def joins(counter, who, home, relationship):
    relations = (HouseholdRelation(who, relationship),)
    step(
        counter,
        HouseholdChangeNotice(HouseholdMove.JOIN, (who,), DAY, DAY, home, relations),
        reception=AT_COUNTER,
    )


@pytest.mark.requirement("R-046")
def test_a_child_comes_back_into_a_whole_household(town, cs, anew, tmp_path):
    take(anew, rebuilt(town, cs, tmp_path / "out"))
    people = [one for one in standing(anew.node).values() if one.living]
    child = next(one for one in people if one.relationship == "子")
    home = child.current_address
    head = next(one for one in people if one.is_householder and one.current_address == home)
    alone = corrected(anew, child.addressee_number, **WHOLE)
    assert (alone.reason, alone.field) == (Reason.HOUSEHOLDER_MISSING, "relationship"), (
        "it has no householder"
    )
    corrected(anew, child.addressee_number, previous_address="北海道函館市")
    joins(anew, child.addressee_number, head.household_number, "子")
    lacks = corrected(anew, child.addressee_number, processing_hold=False)
    assert (lacks.reason, lacks.field) == (Reason.FIELD_MISSING, "registered_domicile")
    for who in (head, child):
        corrected(anew, who.addressee_number, **WHOLE)
    whole = standing(anew.node)[child.resident_record_code]
    assert (whole.processing_hold, whole.relationship, whole.householder_name) == (
        False,
        "子",
        head.name.kanji,
    )
    assert whole.household_number == head.household_number
    left = {
        one.addressee_number for one in records_to_complete(anew.node, anew.clerk, 0, terminal="t").records
    }
    assert left == {one.addressee_number for one in people} - {head.addressee_number, child.addressee_number}


@pytest.mark.requirement("R-046")
def test_a_foreign_resident_is_completed_and_a_held_record_stays_on_the_list(town, cs, anew, tmp_path):
    take(anew, rebuilt(town, cs, tmp_path / "out"))
    (foreign,) = [one for one in standing(anew.node).values() if one.foreign is not None]
    number = foreign.addressee_number
    assert corrected(anew, number, processing_hold=False).field == "nationality"
    step(anew, ResidenceChange(number, DAY, DAY, nationality="ブラジル", category="中長期在留者"))
    corrected(anew, number, previous_address="北海道函館市")
    listed = records_to_complete(anew.node, anew.clerk, 0, terminal="t").records
    assert number in {one.addressee_number for one in listed}, "it is held still"
    corrected(anew, number, processing_hold=False)
    listed = records_to_complete(anew.node, anew.clerk, 0, terminal="t").records
    assert number not in {one.addressee_number for one in listed}


@pytest.mark.requirement("R-046")
def test_codes_that_people_have_do_not_come_back_into_stock(town, cs, anew, tmp_path):
    def given(codes, pool):
        with anew.node.store.unit() as unit:
            peer = town.node.wire.directory().cs
            return letters_in.take_codes(unit, anew.node, peer, encode(CodesGiven(tuple(codes), pool)))

    def left():
        with anew.node.store.unit() as unit:
            return code_stock.left(unit)

    with anew.node.store.unit() as unit:
        code_stock.add_to_stock(unit, [str(one) for one in anew.draw(None, 2)])
    take(anew, rebuilt(town, cs, tmp_path / "out"))
    assert left() == 0, "nobody knows whose those are"
    given(anew.draw(None, 2), "asked by the former register")
    assert left() == 0
    with anew.node.store.unit() as unit:
        assert code_stock.open_request(unit, DAY, "asked by this one")
    given(anew.draw(None, 2), "asked by this one")
    assert left() == 2


@pytest.mark.requirement("R-046")
def test_another_towns_report_about_somebody_held_waits_for_a_person(town, cs, anew, tmp_path):
    take(anew, rebuilt(town, cs, tmp_path / "out"))
    held = next(one for one in standing(anew.node).values() if one.living)
    report = MoveInReport((held.resident_record_code,), DAY, DAY, "01202", "北海道函館市")
    with anew.node.store.unit() as unit:
        assert receive_move_in_report(unit, anew.node, report, peer="cs").state == "waiting"


@pytest.mark.requirement("R-046")
def test_addresses_that_were_kept_back_stay_kept_back(town, cs, anew, tmp_path):
    with cs.store.unit() as unit:
        hidden = kept_back.all_kept_back(unit)
    assert hidden
    take(anew, rebuilt(town, cs, tmp_path / "out"))
    with anew.node.store.unit() as unit:
        assert tell_cs_whom_to_keep_back(unit, anew.node)
    (letter,) = [one for one in town.letters if one.kind == KEPT_BACK_KIND]
    assert set(map(str, letter.content.codes)) >= hidden


def test_both_sides_are_counted_and_compared_and_both_ledgers_tell_of_it(town, cs, anew, tmp_path):
    folder = rebuilt(town, cs, tmp_path / "out")
    report = take(anew, folder)
    _, found = compare(anew.node, anew.admin, folder, hands_of(anew.node), silent)
    assert found.equal
    begun, written = lines_about(cs, "register:handover:written")
    assert [begun["outcome"], written["outcome"]] == ["accepted", "written"]
    assert {(one["detail"]["town"], one["detail"]["source"]) for one in (begun, written)} == {(HOME, "CS")}
    assert (written["operator"], written["detail"]["approved_by"]) == ("admin01", "officer01")
    assert (written["detail"]["people"], written["detail"]["manifest"]) == ("7", report.manifest_sha256)
    (loaded,) = lines_about(anew.node, "register:handover:loaded")
    assert (loaded["detail"]["people"], loaded["detail"]["manifest"]) == ("7", report.manifest_sha256)
    assert loaded["detail"]["source"] == "CS"


@pytest.mark.requirement("R-046")
def test_where_the_cs_is_lost_too_the_prefecture_gives_back_what_it_has(
    town, cs, anew, database, clock, tmp_path
):
    prefecture = server(NodeKind.PREFECTURE, database, clock)
    with prefecture.store.unit() as unit:
        known = kept(cs.store)
        elsewhere = replace(
            known[0].record, resident_record_code=anew.draw(None, 1)[0], municipality_code="13102"
        )
        identity.save(
            unit, [identity.Replacement(one) for one in (*known, replace(known[0], record=elsewhere))]
        )
    report = take(anew, rebuilt(town, prefecture, tmp_path / "out"), tell_cs=True)
    assert report.manifest.source == "PREFECTURE"
    before, after = standing(town.node), standing(anew.node)
    assert set(after) == set(before)
    for code, old in before.items():
        new = after[code]
        assert (new.birth_date, new.sex, new.name.kanji) == (old.birth_date, old.sex, old.name.kanji)
        assert new.current_address.one_line() == old.current_address.one_line()
        assert (new.relationship, new.resident_since_written) == (NOT_RELATED, UNKNOWN_DAY)
    told = [one for letter in town.letters for one in letter.content.updates]
    above = {one.record.resident_record_code: one.record for one in known}
    for one in told:
        code = one.record.resident_record_code
        assert isinstance(accept_at_cs(None, one, home=HOME), Accepted)
        assert isinstance(accept_above(above[code], one.record, HOME), Accepted)
    assert len(told) == len([one for one in after.values() if one.living])
    assert not [one for one in town.letters if one.kind == KEPT_BACK_KIND], "nobody knows whom to keep back"


def from_prefecture(town, cs, anew, database, clock, tmp_path):
    prefecture = server(NodeKind.PREFECTURE, database, clock)
    with prefecture.store.unit() as unit:
        identity.save(unit, [identity.Replacement(one) for one in kept(cs.store)])
    return rebuilt(town, prefecture, tmp_path / "out")


@pytest.mark.requirement("R-046")
def test_from_the_prefecture_nobodys_address_is_shown_until_two_people_said_that_measures_are_entered(
    town, cs, anew, database, clock, tmp_path
):
    take(anew, from_prefecture(town, cs, anew, database, clock, tmp_path), tell_cs=True)
    people = {one.addressee_number for one in standing(anew.node).values()}
    at, node = clock.business_now(), anew.node

    def hidden():
        with node.store.reading() as unit:
            assert bool(veil_for(unit, anew.clerk, people, at).hidden) == bool(
                hidden_from(unit, anew.clerk, at)
            )
            return hidden_among(unit, anew.clerk, people, at)

    def listed():
        with node.store.unit() as unit:
            return tell_cs_whom_to_keep_back(unit, node)

    assert hidden() == people
    with node.store.reading() as unit:
        assert not hidden_among(unit, OFFICER, people, at), "who enters the measures sees whom"
    one = next(one for one in standing(node).values() if one.foreign is not None)
    protection.apply_for_protection(node, OFFICER, application(one))
    assert not listed()
    assert say_measures_entered(node, anew.clerk, security=False).reason is Reason.NOT_PERMITTED
    assert say_measures_entered(node, anew.officer, security=False).reason is Reason.NOT_PERMITTED
    both = replace(OFFICER, roles=(*OFFICER.roles, *anew.officer.roles))
    assert say_measures_entered(node, both, security=False) is None
    assert say_measures_entered(node, both, security=True).reason is Reason.SAME_PERSON
    assert say_measures_entered(node, OFFICER, security=False).reason is Reason.NOT_PENDING
    assert hidden() == people
    assert opening_of(node).lacks(security=True)
    town.letters.clear()
    assert say_measures_entered(node, anew.officer, security=True) is None
    assert (hidden(), opening_of(node)) == (frozenset({one.addressee_number}), None)
    assert [len(letter.content.codes) for letter in town.letters if letter.kind == KEPT_BACK_KIND] == [1]
    assert [one["outcome"] for one in lines_about(node, "register:rebuilt")] == ["accepted", "opened"]


@pytest.mark.requirement("R-046")
def test_from_the_prefecture_a_whole_household_is_put_together(town, cs, anew, database, clock, tmp_path):
    take(anew, from_prefecture(town, cs, anew, database, clock, tmp_path), tell_cs=True)
    for who, security in ((OFFICER, False), (anew.officer, True)):
        assert say_measures_entered(anew.node, who, security=security) is None
    people = [one for one in standing(anew.node).values() if one.living and one.foreign is None]
    one, other = next(
        (one, other)
        for one in people
        for other in people
        if one is not other and one.current_address == other.current_address
    )
    assert {one.relationship, other.relationship} == {NOT_RELATED}
    step(
        anew,
        HouseholderChange(one.household_number, one.addressee_number, (), DAY, DAY),
        reception=AT_COUNTER,
    )
    joins(anew, other.addressee_number, one.household_number, "妻")
    unknown = corrected(anew, one.addressee_number, **WHOLE)
    assert (unknown.reason, unknown.field) == (Reason.FIELD_MISSING, "resident_since")
    for who in (one, other):
        corrected(
            anew, who.addressee_number, resident_since=DAY, address_since=DAY, resident_since_written="令和年月日不詳",
            **WHOLE,
        )  # fmt: skip
    after = standing(anew.node)
    head, wife = after[one.resident_record_code], after[other.resident_record_code]
    assert (head.relationship, wife.relationship, wife.householder_name) == (
        HOUSEHOLDER,
        "妻",
        head.name.kanji,
    )
    assert head.household_number == wife.household_number
    assert {head.processing_hold, wife.processing_hold} == {False}


def test_the_own_cs_is_told_of_what_a_prefecture_gave_back_and_of_nothing_that_it_gave_itself(
    town, cs, anew, database, clock, tmp_path
):
    own = rebuilt(town, cs, tmp_path / "cs")
    other = from_prefecture(town, cs, anew, database, clock, tmp_path)
    hands = hands_of(anew.node)
    for folder, wrong in ((own, True), (other, False)):
        report = load(anew.node, anew.admin, anew.officer, folder, hands, silent, tell_cs=wrong)
        assert [(one.field, one.reason) for one in report.faults] == [("source", Reason.SOURCE_DIFFERS)]
        assert not check(anew.node, anew.admin, folder, hands, silent, tell_cs=wrong).fine
        assert check(anew.node, anew.admin, folder, hands, silent, tell_cs=not wrong).fine


def test_a_folder_of_the_network_without_anybody_is_a_fault_and_no_traceback(anew, database, clock, tmp_path):
    folder = rebuilt(anew, server(NodeKind.CS, database, clock, municipality=HOME), tmp_path / "out")
    report = load(anew.node, anew.admin, anew.officer, folder, hands_of(anew.node), silent)
    assert [(one.field, one.reason) for one in report.faults] == [("source", Reason.REFERENCE_MISSING)]


def test_it_takes_two_people_the_own_town_and_a_new_folder(town, cs, tmp_path):
    folder = tmp_path / "out"

    def refused(who, second, where=HOME, node=cs):
        return rebuild(node, who, second, folder, where, silent, purpose="滅失").reason

    assert refused(town.admin, town.admin) is Reason.NOT_PERMITTED
    assert refused(town.clerk, town.officer) is Reason.NOT_PERMITTED
    assert refused(town.admin, town.officer, "13102") is Reason.OTHER_MUNICIPALITY
    assert refused(town.admin, town.officer, node=town.node) is Reason.FIELD_UNKNOWN_VALUE
    assert not folder.exists()
    rebuilt(town, cs, folder)
    with pytest.raises(FolderThere):
        rebuilt(town, cs, folder)


def test_an_order_at_a_cs_writes_out_and_takes_nothing_in(town, cs):
    def ask(order, node=cs):
        return ordering.ask_for_handover(node, town.admin, order, terminal="t")

    out = HandoverOrder(HandoverWay.OUT, "滅失")
    number = ask(out)
    assert ordering.decide_handover(cs, town.officer, number, "", accept=True, terminal="t") is None
    told = [*lines_about(cs, "register:handover:ordered"), *lines_about(cs, "register:handover:decided")]
    assert [(one["detail"]["town"], one["detail"]["source"]) for one in told] == [(HOME, "CS")] * 2
    assert ask(HandoverOrder(HandoverWay.IN, "滅失", "a" * 64)).field == "way"
    assert ask(replace(out, town=HOME)).field == "town"
    assert ask(replace(out, town=HOME), town.node).field == "town"
