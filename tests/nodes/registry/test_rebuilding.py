"""R-046: a register that is lost comes back from what the network keeps of its residents, person by person."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from tests.nodes.mailroom.conftest import make_member
from tests.nodes.registry.conftest import AT_COUNTER, DAY, HERE, HOME, Counter
from tests.nodes.registry.test_extract import bring, file, line
from tests.nodes.registry.test_genuineness import number_of
from tests.nodes.registry.test_handover import silent, step
from tests.nodes.registry.test_protection import OFFICER, application, arrived

from daicho.faces.desks.handover import hands_of
from daicho.nodes.cs import intake
from daicho.nodes.handover import ordering
from daicho.nodes.handover.orders import compare, load, rebuild
from daicho.nodes.handover.writing import FolderThere
from daicho.nodes.registry import corrections, protection
from daicho.nodes.registry.bodies import read_record
from daicho.nodes.registry.counter import enter
from daicho.nodes.registry.numbers import numbers_of
from daicho.nodes.registry.telling_cs import KIND as KEPT_BACK_KIND
from daicho.nodes.registry.telling_cs import tell_cs_whom_to_keep_back
from daicho.rules.handover.order import HandoverOrder, HandoverWay
from daicho.rules.handover.rebuilding import NOT_RELATED, REBUILT, UNKNOWN, UNKNOWN_DAY
from daicho.rules.identity.acceptance import Accepted, accept_above, accept_at_cs
from daicho.rules.law.refusal import Reason
from daicho.rules.network.kinds import NodeKind
from daicho.rules.register.correction import Correction
from daicho.rules.register.death import DeathEntry
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.store import handover, identity, kept_back
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


def events(node, beginning):
    with node.store.unit() as unit:
        rows = unit.execute(
            "select convert_from(body, 'UTF8')::json from ledger.line order by line_id"
        ).fetchall()
    return [row[0] for row in rows if row[0]["event"].startswith(beginning)]


@pytest.mark.requirement("R-046")
def test_a_lost_register_comes_back_from_its_cs_person_by_person(town, cs, anew, tmp_path):
    before, known = standing(town.node), kept(cs.store)
    take(anew, rebuilt(town, cs, tmp_path / "out"))
    after = standing(anew.node)
    assert set(after) == set(before) == {one.record.resident_record_code for one in known}
    assert len(after) == 6
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
    begun, written = events(cs, "register:handover:written")
    assert [begun["outcome"], written["outcome"]] == ["accepted", "written"]
    assert (written["operator"], written["detail"]["approved_by"]) == ("admin01", "officer01")
    assert (written["detail"]["people"], written["detail"]["manifest"]) == ("6", report.manifest_sha256)
    (loaded,) = events(anew.node, "register:handover:loaded")
    assert (loaded["detail"]["people"], loaded["detail"]["manifest"]) == ("6", report.manifest_sha256)
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
    assert ask(HandoverOrder(HandoverWay.IN, "滅失", "a" * 64)).field == "way"
    assert ask(replace(out, town=HOME)).field == "town"
    assert ask(replace(out, town=HOME), town.node).field == "town"
