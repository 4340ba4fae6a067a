"""What a folder may be trusted with: nobody who is over, nothing that was not checked, and a line for everything done."""

import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.nodes.registry.conftest import DAY
from tests.nodes.registry.test_handover import (
    elsewhere,
    folder,
    look,
    named_by_two,
    nothing_stands,
    out,
    said,
    seal_manifest,
    silent,
    step,
    swap,
    take,
    town,
)
from tests.nodes.registry.test_protection import OFFICER
from tests.nodes.registry.test_retention import approved, done

from daicho.faces.desks.handover import hands_of
from daicho.nodes.handover import loading
from daicho.nodes.handover.orders import compare, load, write
from daicho.nodes.registry import deferral
from daicho.nodes.registry.telling_cs import KIND as KEEP_BACK
from daicho.rules.deferral.affair import AffairKind, DeferredAffair
from daicho.rules.handover.comparison import TallyCategory
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.register.death import DeathEntry
from daicho.rules.seals.registration import SealRegistration
from daicho.store import audit, handover, retention
from daicho.wire.codecs.letters import decode, encode

__all__ = ["elsewhere", "folder", "town"]  # fixtures
OVER = datetime(2176, 11, 20, 1, 0, tzinfo=UTC) + timedelta(days=1)


def rows(counter, statement, *values):
    with counter.node.store.unit() as unit:
        return unit.execute(statement, values).fetchall()


def outcomes(counter, event):
    found = rows(counter, "select convert_from(body, 'UTF8')::json from ledger.line order by line_id")
    return [line["outcome"] for (line,) in found if line["event"] == event.value]


def people_of(folder):
    return [one.split(",")[0] for one in (folder / "residents.csv").read_text("utf-8").splitlines()[1:]]


@pytest.fixture
def thinned(town):
    """The town a century and a half later: two who died have been over since, one of them under an ended measure."""
    ((protected,),) = rows(
        town, "select addressee_number from register.protection_person order by 1 desc limit 1"
    )
    with town.node.store.unit() as unit:
        unit.execute("update register.protection set open = false")
    step(replace(town, clerk=OFFICER), DeathEntry(protected, DAY, DAY))
    town.node.clock.instant = OVER
    return town, {"102", "103", str(protected)}


@pytest.mark.parametrize("destroyed", [True, False])
def test_whoever_is_over_is_in_no_file_and_what_is_left_comes_in(thinned, elsewhere, tmp_path, destroyed):
    """令34条1項: destroyed or not yet, they are there for nobody; a folder is whole without them."""
    town, gone = thinned
    if destroyed:
        done(town, approved(town).line.number)
        assert rows(town, "select count(*) from register.entry where disposed") != [(0,)]
    out(town, tmp_path / "out")
    assert gone.isdisjoint(people_of(tmp_path / "out"))
    measure = (tmp_path / "out" / "protections.csv").read_text("utf-8")
    assert all(f"[{number}]" not in measure for number in gone)
    assert '""companions"":[]' in measure
    report = take(elsewhere, tmp_path / "out")
    assert report.faults == []
    with town.node.store.unit() as unit:
        (body,) = [one.body for one in handover.measure_steps(unit)]
    assert f"[{max(gone)}]" in body, "in the register itself nothing was changed"
    _, found = compare(town.node, town.admin, tmp_path / "out", hands_of(town.node), silent)
    assert found.equal


def test_what_somebody_holds_goes_along_after_its_years(thinned, elsewhere, tmp_path):
    town, gone = thinned
    with town.node.store.unit() as unit:
        retention.keep_hold(unit, "103", "LITIGATION", "令和8年(ワ)第1号", "bunsho01", OVER)
    out(town, tmp_path / "out")
    assert gone & set(people_of(tmp_path / "out")) == {"103"}
    assert take(elsewhere, tmp_path / "out").faults == []
    held = rows(elsewhere, "select whose, reason, why, set_by from retention.hold")
    assert held == [("103", "LITIGATION", "令和8年(ワ)第1号", "bunsho01")]


def test_a_record_that_is_over_does_not_come_in(town, elsewhere, folder):
    town.node.clock.instant = OVER
    found = {(one.file, one.field, one.reason) for one in take(elsewhere, folder).faults}
    assert found == {("versions.csv", "removed_on", Reason.RETENTION_OVER)}
    assert nothing_stands(elsewhere)


def test_an_audit_finds_every_change_of_a_load_and_no_other(elsewhere, folder):
    take(elsewhere, folder)

    def counted():
        with elsewhere.node.store.unit() as unit:
            return (
                audit.entries_and_lines_alone(unit, Event.CHANGE_VERIFIED.value),
                audit.loads_that_differ(unit, Event.HANDOVER_LOADED.value),
            )

    assert counted() == ((0, 0), [])
    with elsewhere.node.store.unit() as unit:
        unit.execute(
            "insert into register.entry select (jsonb_populate_record(null::register.entry,"
            ' to_jsonb(e) || \'{"id": "forged", "cancels": null, "permit": null}\')).* from register.entry e'
            " where loaded_by is not null limit 1"
        )
    alone, ((_, told, there),) = counted()
    assert alone == (0, 0)
    assert there == told + 1


def test_the_line_of_a_load_names_the_folder(elsewhere, folder):
    import hashlib

    take(elsewhere, folder)
    ((line,),) = rows(
        elsewhere,
        "select convert_from(body, 'UTF8')::json from ledger.line where convert_from(body, 'UTF8') like %s",
        f"%{Event.HANDOVER_LOADED.value}%",
    )
    detail = line["detail"]
    assert detail["manifest"] == hashlib.sha256((folder / "manifest.csv").read_bytes()).hexdigest()
    assert detail["characters"] == hashlib.sha256((folder / "characters.csv").read_bytes()).hexdigest()
    assert rows(elsewhere, "select distinct loaded_by from register.entry") == [(detail["order"],)]


@pytest.mark.parametrize("room", ["imprints", "pictures"])
def test_a_picture_that_changes_between_check_and_load_leaves_nothing(elsewhere, folder, monkeypatch, room):
    real = loading.load_folder

    def changed(*given):
        picture = next((folder / room).iterdir())
        picture.write_bytes(picture.read_bytes() + b" ")
        real(*given)

    monkeypatch.setattr("daicho.nodes.handover.orders.load_folder", changed)
    report = take(elsewhere, folder)
    assert [(one.file.partition("/")[0], one.reason) for one in report.faults] == [
        (room, Reason.FILE_CHANGED)
    ]
    assert nothing_stands(elsewhere)


def test_a_load_that_changes_what_a_step_says_leaves_nothing(elsewhere, folder, monkeypatch):
    """As many steps as before, one of them with another content."""
    real = handover.keep_seals

    def other(unit, registrations, steps):
        read = decode(SealRegistration, steps[0].body.encode())
        body = encode(replace(read, card_number=f"{read.card_number}9")).decode()
        real(unit, registrations, [replace(steps[0], body=body), *steps[1:]])

    monkeypatch.setattr("daicho.store.handover.keep_seals", other)
    assert [one.reason for one in take(elsewhere, folder).faults] == [Reason.COUNT_DIFFERS]
    assert nothing_stands(elsewhere)


def test_a_change_of_words_alone_shows_in_a_comparison(town, folder):
    swap(folder, "permits.csv", "使わない許可", "使わぬ許可")
    _, found = compare(town.node, town.admin, folder, hands_of(town.node), silent)
    assert [(one.category, one.key) for one in found.differences] == [(TallyCategory.CONTENT, "permits.csv")]


def test_the_own_cs_hears_whom_to_keep_back_before_it_hears_of_anybody(town, elsewhere, folder):
    before = len(town.letters)
    take(elsewhere, folder, tell_cs=True)
    kinds = [letter.kind for letter in town.letters[before:]]
    assert kinds[0] == KEEP_BACK
    assert len(kinds) > 1
    assert KEEP_BACK not in kinds[1:]


def test_an_own_character_behind_an_escape_is_found(elsewhere, folder):
    swap(
        folder, "protections.csv", '""other_parties"":[{""name"":""', '""other_parties"":[{""name"":""\\ue077'
    )
    found = said(look(elsewhere, folder))
    assert [(name, item) for name, _, item, why in found if why is Reason.CHARACTER_UNMAPPED] == [
        ("protections.csv", "body")
    ]


def test_a_demonstrations_people_come_into_no_real_register(elsewhere, folder, monkeypatch):
    monkeypatch.setattr(elsewhere.node.wire.directory(), "profile", "production")
    assert ("manifest.csv", 0, "invented", Reason.TRAINING_DATA) in said(look(elsewhere, folder))


def test_strange_names_of_files_stand_in_a_report_as_one_line(elsewhere, folder):
    (folder / "imprints" / "a\nb\x1b[2J.png").write_bytes(b"no picture")
    os.close(os.open(os.fsencode(folder / "imprints") + b"/\xff.png", os.O_CREAT, 0o600))
    report = look(elsewhere, folder)
    names = {one.file for one in report.faults}
    assert {"imprints/a?b?[2J.png", "imprints/?.png"} <= names
    assert all(one.isprintable() for one in names)
    json.dumps(sorted(names)).encode()


def test_a_folder_that_could_not_be_written_whole_is_gone_and_its_end_is_told(town, tmp_path, monkeypatch):
    def torn(*_given):
        raise OSError("no room left")

    monkeypatch.setattr("daicho.nodes.handover.writing.RegisterLines.seals", torn)
    with pytest.raises(OSError, match="no room"):
        out(town, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert outcomes(town, Event.HANDOVER_WRITTEN) == ["accepted", "failed"]
    monkeypatch.undo()


def test_whatever_is_done_with_a_folder_leaves_a_line(town, elsewhere, folder):
    assert outcomes(town, Event.HANDOVER_WRITTEN) == ["accepted", "written"]
    look(elsewhere, folder)
    swap(folder, "permits.csv", "使わない許可", "使わぬ許可")
    look(elsewhere, folder)
    assert outcomes(elsewhere, Event.HANDOVER_CHECKED) == ["accepted", "refused"]
    take(elsewhere, folder)
    assert outcomes(elsewhere, Event.HANDOVER_LOADED) == ["refused"]


def test_a_number_that_somebody_else_holds_is_told_as_such(elsewhere, folder):
    hands = replace(hands_of(elsewhere.node), keep_numbers=lambda _unit, held: [held[0][0]])
    done = load(elsewhere.node, elsewhere.admin, elsewhere.officer, folder, hands, silent)
    assert isinstance(done, Refusal)
    assert done.reason is Reason.NUMBER_DUPLICATE
    assert outcomes(elsewhere, Event.HANDOVER_LOADED) == ["NUMBER_DUPLICATE"]


def test_no_register_is_handed_over_while_somebody_waits_for_the_line(town, tmp_path):
    affair = DeferredAffair(AffairKind.OTHER, "住民票コードの照会")
    deferral.put_off(town.node, town.clerk, affair, terminal="t1")
    hands = hands_of(town.node)
    asked = write(town.node, town.admin, town.officer, tmp_path / "out", hands, silent, purpose="更改")
    assert asked.reason is Reason.AFFAIRS_WAIT
    assert not (tmp_path / "out").exists()


def test_a_makers_character_that_nobody_stands_for_is_not_taken(elsewhere, folder):
    swap(folder, "characters.csv", "U+E044,,U+E044", "U+E044,,U+9BC6")
    assert ("characters.csv", "confirmed_by", Reason.FIELD_MISSING) in {
        (one.file, one.field, one.reason) for one in look(elsewhere, folder).faults
    }
    named_by_two(folder, "U+E044")
    seal_manifest(folder)
    assert ("characters.csv", "confirmed_by", Reason.FIELD_MISSING) not in {
        (one.file, one.field, one.reason) for one in look(elsewhere, folder).faults
    }
