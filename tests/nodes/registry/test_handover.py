"""Moving in and out: what goes out comes back byte for byte; a folder with any fault leaves nothing behind."""

import json
import os
import shutil
from dataclasses import replace
from datetime import date

import pytest
from tests.nodes.registry.conftest import AT_COUNTER, DAY, HERE, Counter
from tests.nodes.registry.test_cards_held import CARD
from tests.nodes.registry.test_cards_held import note as note_card
from tests.nodes.registry.test_cards_held import told as card_told
from tests.nodes.registry.test_characters import SECOND, identified, named
from tests.nodes.registry.test_extract import bring, file, line
from tests.nodes.registry.test_programmes import change, told
from tests.nodes.registry.test_protection import OFFICER, application, arrived
from tests.nodes.registry.test_seals import register as register_seal
from tests.paper.test_own_characters import SQUARE

from daicho.faces.desks.handover import hands_of
from daicho.nodes.handover import loading
from daicho.nodes.handover.orders import Comparison, check, compare, load, write
from daicho.nodes.handover.writing import FolderThere
from daicho.nodes.registry import corrections, protection, residents, stops
from daicho.nodes.registry.counter import EntryView, enter, verify_entry
from daicho.nodes.registry.numbers import number_reader
from daicho.nodes.registry.residents import Purpose
from daicho.rules.cards_held.events import CardStep
from daicho.rules.handover.layout import MANIFEST, HandoverFile
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.operators.authority import Operator, Role
from daicho.rules.people.codes import with_check_digit
from daicho.rules.people.dates import PartialDate
from daicho.rules.programmes.item import ProgrammeStep
from daicho.rules.register.correction import Correction
from daicho.rules.register.death import DeathEntry
from daicho.rules.register.lookup import ResidentTerms
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.processing import ProcessingStop, StopCause, StopKind
from daicho.store import handover, register

WHY = Purpose("調査", "住民基本台帳法第14条", "t1")
OWN = "\ue001"
BORN = PartialDate(1990, 1, 2)


def silent(_lines):
    return None


def out(counter, folder, **more):
    done = write(
        counter.node,
        counter.admin,
        counter.officer,
        folder,
        hands_of(counter.node),
        silent,
        purpose="更改",
        **more,
    )
    assert not isinstance(done, Refusal), done
    return done


def take(counter, folder, **more):
    done = load(counter.node, counter.admin, counter.officer, folder, hands_of(counter.node), silent, **more)
    assert not isinstance(done, Refusal), done
    return done


def look(counter, folder):
    return check(counter.node, counter.admin, folder, hands_of(counter.node), silent)


def content(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def said(report):
    return [(fault.file, fault.line, fault.field, fault.reason) for fault in report.faults]


@pytest.fixture
def town(counter, move_in, comer):
    """A town with everything: an import, changes, a death, a correction, items, seals, a measure, own characters."""
    bring(
        counter,
        file(
            line(101, 101, name_kanji="髙\U000e0100橋　花"),
            line(102, 101, relationship="子", birth_date="1945-00-00", birth_written="昭和20年3月頃"),
            line(103, 103, removal_reason="DEATH", removed_on="2020-01-02", removal_notified_on="2020-01-05"),
            line(104, 104, resident_kind="FOREIGN", nationality="ブラジル", foreign_category="中長期在留者",
                 foreign_since="2012-05-01", alias="通称　三郎", individual_number=""),
            line(105, 555, relationship="子"),
        ),
    )  # fmt: skip
    identified(counter, picture=SQUARE)
    bearer = arrived(counter, move_in(named(comer), comer(2, "妻"), comer(3, "子")))
    arrived(counter, move_in(named(comer, 8, "\ue044島　八"), household_number=None))
    step(
        counter,
        MoveWithinNotice((bearer[2].addressee_number,), replace(HERE, block="9番9号"), DAY, DAY),
        reception=AT_COUNTER,
    )
    step(counter, DeathEntry(102, DAY, DAY))
    permit = corrections.permit_correction(counter.node, counter.officer, 101, "字の誤り")
    step(
        counter,
        Correction(101, DAY, permit.permit_id, "誤記", minor=True, registered_domicile='北海道,"函館"'),
    )
    corrections.permit_correction(counter.node, counter.officer, 104, "使わない許可")
    change(counter, bearer[1], told())
    change(counter, bearer[1], told(step=ProgrammeStep.LOST, on=DAY))
    for event in (CARD, card_told(CardStep.CONTINUED)):
        assert note_card(counter, bearer[1], event) is None
    register_seal(counter, bearer[1])
    protection.apply_for_protection(
        counter.node, OFFICER, application(bearer[1], (bearer[2].addressee_number,))
    )
    return counter


def step(counter, notice, **more):
    entered = enter(counter.node, counter.clerk, notice, draw_codes=counter.draw, **more)
    assert isinstance(entered, EntryView), entered
    assert isinstance(verify_entry(counter.node, counter.checker, entered.entry_id), EntryView)


@pytest.fixture
def elsewhere(town, database):
    """Another maker's machine: an empty register of the same town."""
    return Counter(replace(town.node, store=database("registry")))


@pytest.fixture
def folder(town, tmp_path):
    out(town, tmp_path / "out")
    return tmp_path / "out"


def test_a_town_goes_out_and_in_and_out_again_byte_for_byte(town, elsewhere, folder, tmp_path):
    report = take(elsewhere, folder)
    assert report.faults == []
    out(elsewhere, tmp_path / "again")
    assert content(tmp_path / "again") == content(folder)
    assert len(content(folder)) > len(HandoverFile) + 2
    assert "昭和20年3月頃" in (folder / "versions.csv").read_text("utf-8")


def test_what_was_loaded_is_lived_with_as_before(town, elsewhere, folder):
    take(elsewhere, folder)
    for who in (101, 102, 103, 104, 105):
        before = residents.resident_view(town.node, town.clerk, who, WHY)
        after = residents.resident_view(elsewhere.node, elsewhere.clerk, who, WHY)
        assert (after.record, after.household, after.versions) == (
            before.record,
            before.household,
            before.versions,
        )
        assert [
            (one.entry_id, one.entry.kind, set(one.entry.before), set(one.entry.after))
            for one in after.entries
        ] == [
            (one.entry_id, one.entry.kind, set(one.entry.before), set(one.entry.after))
            for one in before.entries
        ]
    with elsewhere.node.store.unit() as unit:
        code = with_check_digit(f"{101:010d}")
        assert number_reader(elsewhere.node.vault)(unit, [code]) == {code: with_check_digit(f"{101:011d}")}
        highest = max(number for number, _, _, _, _, _ in handover.versions(unit))
        assert register.draw_addressees(unit, 1) == (highest + 1,)
    found = residents.search_residents(
        elsewhere.node,
        elsewhere.clerk,
        ResidentTerms(kanji="渡邉　花子", birth_date=PartialDate(1990, 1, 2)),
        WHY,
    )
    there = residents.search_residents(
        town.node, town.clerk, ResidentTerms(kanji="渡邉　花子", birth_date=PartialDate(1990, 1, 2)), WHY
    )
    assert (
        [one.addressee_number for one in found.records]
        == [one.addressee_number for one in there.records]
        != []
    )
    step(elsewhere, DeathEntry(101, DAY, DAY))


def test_protection_holds_from_the_first_moment(town, elsewhere, folder):
    take(elsewhere, folder)
    for counter in (town, elsewhere):
        hidden = [
            one.addressee_number
            for one in residents.search_residents(
                counter.node, counter.clerk, ResidentTerms(kana="ライホウ", birth_date=BORN), WHY
            ).records
            if residents.resident_view(counter.node, counter.clerk, one.addressee_number, WHY).hidden
        ]
        assert hidden
    with elsewhere.node.store.unit() as unit:
        names = unit.execute("select count(*) from register.protection_other_party").fetchone()
    assert names == (1,)


def test_the_own_cs_is_told_only_where_it_has_nobody(town, elsewhere, folder):
    before = len(town.letters)  # both post through the same hands
    take(elsewhere, folder)
    assert len(town.letters) == before


def test_a_register_in_which_anybody_is_takes_no_folder(town, folder):
    done = load(town.node, town.admin, town.officer, folder, hands_of(town.node), silent)
    assert isinstance(done, Refusal)
    assert done.reason is Reason.REGISTER_NOT_EMPTY


@pytest.mark.requirement("R-267")
def test_moving_in_and_out_asks_for_two_people_and_leaves_lines(town, elsewhere, folder, tmp_path):
    hands = hands_of(town.node)
    alone = write(town.node, town.admin, town.admin, tmp_path / "x", hands, silent, purpose="x")
    assert alone.reason is Reason.NOT_PERMITTED
    twice = Operator("admin01", "s1", (Role.SECURITY_OFFICER,))
    assert load(elsewhere.node, town.admin, twice, folder, hands, silent).reason is Reason.SAME_PERSON
    assert check(town.node, town.clerk, folder, hands, silent).reason is Reason.NOT_PERMITTED
    assert not (tmp_path / "x").exists()
    take(elsewhere, folder)
    assert ("register:handover:written", "admin01", "") in town.lines()
    assert ("register:handover:loaded", "admin01", "") in elsewhere.lines()


def test_no_folder_is_written_over_another(town, folder):
    with pytest.raises(FolderThere):
        write(town.node, town.admin, town.officer, folder, hands_of(town.node), silent, purpose="x")


def test_nobody_else_on_the_machine_reads_a_folder(folder):
    assert folder.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.rglob("*"))


def swap(folder, name, old, new, count=-1):
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text, name
    path.write_text(text.replace(old, new, count), "utf-8")


def nothing_stands(counter):
    with counter.node.store.unit() as unit:
        tables = (
            "entry",
            "resident_version",
            "resident",
            "own_character",
            "protection",
            "seal_image",
            "programme_item",
            "card_event",
        )
        counts = [unit.cursor.execute(f"select count(*) from register.{one}").fetchone()[0] for one in tables]
    return counts == [0] * len(tables)


HOSTILE = [
    ("versions.csv", ",FEMALE,", ",X,", ("versions.csv", "sex", Reason.FIELD_UNKNOWN_VALUE)),
    ("versions.csv", "2012-05-01", "2012-13-01", ("versions.csv", "legal_day", Reason.DATE_MALFORMED)),
    ("households.csv", ",1\n", ",2\n", ("households.csv", "members", Reason.COUNT_DIFFERS)),
    ("entries.csv", ",check01,", ",clerk01,", ("entries.csv", "verified_by", Reason.SAME_PERSON)),
    ("programmes.csv", '""ACQUIRED""', '""STOLEN""', ("programmes.csv", "change", Reason.ITEM_MALFORMED)),
    ("cards.csv", '""CONTINUED""', '""STOLEN""', ("cards.csv", "body", Reason.ITEM_MALFORMED)),
    ("seals.csv", '""inscription""', '""unknown""', ("seals.csv", "body", Reason.ITEM_MALFORMED)),
    ("protections.csv", '""applicant"":', '""applicant"":9', ("protections.csv", "body", Reason.REFERENCE_MISSING)),
    ("characters.csv", "U+E001,,U+E001", "U+E009,,U+E001", ("versions.csv", "name_kanji", Reason.CHARACTER_UNMAPPED)),
    ("manifest.csv", "seals.csv,lines,1", "seals.csv,lines,7", ("seals.csv", "lines", Reason.COUNT_DIFFERS)),
    ("manifest.csv", "municipality_code,13101", "municipality_code,13102", ("manifest.csv", "municipality_code", Reason.OTHER_MUNICIPALITY)),
    ("manifest.csv", "invented,1", "invented,0", ("manifest.csv", "invented", Reason.TRAINING_DATA)),
    ("manifest.csv", "character U+E044,", "character U+E045,", ("manifest.csv", "character U+E044", Reason.COUNT_DIFFERS)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"), HOSTILE, ids=[f"{one[0]}-{one[1]}" for one in HOSTILE]
)
def test_each_hostile_change_is_named_and_nothing_is_loaded(elsewhere, folder, name, old, new, fault):
    if name == "versions.csv" and old == ",FEMALE,":
        old = ",MALE,"
    swap(folder, name, old, new, 1)
    report = take(elsewhere, folder)
    assert fault in {(one.file, one.field, one.reason) for one in report.faults}
    assert nothing_stands(elsewhere)
    if name != MANIFEST:
        assert (name, "sha256", Reason.FILE_CHANGED) in {
            (one.file, one.field, one.reason) for one in report.faults
        }


def test_many_faults_in_many_files_are_all_named(elsewhere, folder):
    for name, old, new, _ in HOSTILE[2:7]:
        swap(folder, name, old, new, 1)
    found = {(one.file, one.field, one.reason) for one in look(elsewhere, folder).faults}
    assert {fault for _, _, _, fault in HOSTILE[2:7]} <= found


def test_lost_strange_and_linked_files_are_named(elsewhere, folder, tmp_path):
    (folder / "permits.csv").unlink()
    (folder / "notes.txt").write_text("x")
    picture = next((folder / "pictures").iterdir())
    shutil.move(picture, tmp_path / "picture")
    picture.symlink_to(tmp_path / "picture")
    imprint = next((folder / "imprints").iterdir())
    imprint.write_bytes(b"no picture")
    os.mkfifo(folder / "pictures" / "pipe.png")
    found = {(one.file.partition("/")[0], one.reason) for one in look(elsewhere, folder).faults}
    assert {
        ("permits.csv", Reason.FILE_MISSING),
        ("notes.txt", Reason.FILE_UNKNOWN),
        ("pictures", Reason.FILE_UNKNOWN),
        ("imprints", Reason.PICTURE_UNREADABLE),
        ("imprints", Reason.FILE_CHANGED),
    } <= found


def test_a_folder_without_a_manifest_is_no_folder(elsewhere, folder):
    (folder / MANIFEST).unlink()
    assert said(look(elsewhere, folder)) == [(MANIFEST, 0, "", Reason.FILE_MISSING)]


def test_a_person_whose_record_changed_on_the_way_is_found_by_the_digest(elsewhere, folder):
    swap(folder, "versions.csv", "髙\U000e0100橋　花", "高橋　花", 1)
    faults = [one for one in said(look(elsewhere, folder)) if one[3] is Reason.DIGEST_DIFFERS]
    rows = (folder / "residents.csv").read_text("utf-8").splitlines()
    assert [rows[place - 1].split(",")[0] for _, place, _, _ in faults] == ["101"]


def test_a_folder_that_changes_between_check_and_load_leaves_nothing(elsewhere, folder, monkeypatch):
    real = loading.load_folder

    def changed(*given):
        swap(folder, "permits.csv", "使わない許可", "別の許可")
        real(*given)

    monkeypatch.setattr("daicho.nodes.handover.orders.load_folder", changed)
    report = take(elsewhere, folder)
    assert said(report) == [("permits.csv", 0, "", Reason.FILE_CHANGED)]
    assert nothing_stands(elsewhere)


def test_a_load_that_loses_something_itself_leaves_nothing(elsewhere, folder, monkeypatch):
    real = handover.keep_programmes
    monkeypatch.setattr("daicho.store.handover.keep_programmes", lambda unit, lives: real(unit, lives[1:]))
    report = take(elsewhere, folder)
    assert [one.reason for one in report.faults] == [Reason.COUNT_DIFFERS]
    assert nothing_stands(elsewhere)


def test_both_sides_are_compared_at_any_time(town, folder):
    report, equal = compare(town.node, town.admin, folder, hands_of(town.node), silent)
    assert report.fine
    assert equal == Comparison((), ())
    step(town, DeathEntry(104, DAY, DAY))
    _, differing = compare(town.node, town.admin, folder, hands_of(town.node), silent)
    assert differing.people == (104,)
    assert {one.category.value for one in differing.differences} >= {"RECORDS", "KIND", "VERSIONS", "ENTRIES"}


def test_another_makers_folder_needs_no_changes_and_brings_its_own_characters(elsewhere, folder, tmp_path):
    """Versions that name no change, and characters at other code points."""
    take_names_away(folder)
    for name in ("versions.csv", "entries.csv", "protections.csv", "seals.csv", "households.csv"):
        text = (folder / name).read_text("utf-8")
        (folder / name).write_text(text.replace(OWN, "\ue0f1").replace("\ue044", "\ue0f4"), "utf-8")
    swap(folder, "characters.csv", "U+E001,,U+E001", "U+E0F1,F0A1,U+E001")
    swap(folder, "characters.csv", "U+E044,,U+E044", "U+E0F4,F0A4,U+9BC6")
    named_by_two(folder, "U+E0F4")
    seal_manifest(folder)
    report = take(elsewhere, folder)
    assert report.faults == []
    view = residents.resident_view(elsewhere.node, elsewhere.clerk, 101, WHY)
    assert [one.entry.kind.value for one in view.entries] == ["IMPORT"]
    names = {
        one.name.kanji
        for one in residents.search_residents(
            elsewhere.node, elsewhere.clerk, ResidentTerms(kana="ワタナベ", birth_date=BORN), WHY
        ).records
    }
    assert f"渡{OWN}　花子" in names
    assert "\u9bc6島　八" in names


def named_by_two(folder, point, by="bunji01", second="bunji02"):
    """Let two people stand for what a maker's character is here."""
    lines = (folder / "characters.csv").read_text("utf-8").splitlines()
    made = [f"{one.rsplit(',', 2)[0]},{by},{second}" if one.startswith(f"{point},") else one for one in lines]
    (folder / "characters.csv").write_text("\n".join(made) + "\n", "utf-8")


def take_names_away(folder):
    """Let no version say which change wrote it, as of a maker who kept none."""
    lines = (folder / "versions.csv").read_text("utf-8").splitlines()
    head, *rest = (one.split(",", 3) for one in lines)
    kept = [f"{a},{b},,{rest_of}" for a, b, _, rest_of in rest]
    (folder / "versions.csv").write_text("\n".join([",".join(head), *kept]) + "\n", "utf-8")
    for name in ("entries.csv", "permits.csv"):
        text = (folder / name).read_text("utf-8")
        (folder / name).write_text(text.splitlines()[0] + "\n", "utf-8")
    residents_file = folder / "residents.csv"
    rows = [one.rpartition(",")[0] for one in residents_file.read_text("utf-8").splitlines()]
    residents_file.write_text(
        "\n".join([f"{rows[0]},digest", *(f"{one}," for one in rows[1:])]) + "\n", "utf-8"
    )


def seal_manifest(folder):
    """Write the sums of a folder anew, as its maker would."""
    import csv
    import hashlib
    from collections import Counter

    rows = list(csv.reader((folder / MANIFEST).read_text("utf-8").splitlines()))
    met = Counter()
    for row in rows[1:]:
        if not row[0]:
            continue
        raw = (folder / row[0]).read_bytes()
        lines = raw.decode("utf-8").splitlines()[1:] if row[0].endswith(".csv") else []
        if row[0].endswith(".csv") and row[0] != "characters.csv" and row[1] == "lines":
            met.update(one for one in "\n".join(lines) if 0xE000 <= ord(one) <= 0xF8FF)
        first = [one.split(",")[0] for one in lines]
        row[2] = {
            "lines": str(len(lines)), "bytes": str(len(raw)), "sha256": hashlib.sha256(raw).hexdigest(),
            "total": str(sum(int(one) for one in first if one.isdigit() and row[0] not in ("entries.csv", "seals.csv", "protections.csv", "permits.csv"))),
        }[row[1]]  # fmt: skip
    rows = [row for row in rows if not row[1].startswith("character ")]
    rows += [["", f"character U+{ord(one):04X}", str(count)] for one, count in met.items()]
    (folder / MANIFEST).write_text("\n".join(",".join(row) for row in rows) + "\n", "utf-8")


def test_what_waits_for_somebody_is_counted_and_not_carried(town, tmp_path):
    enter(town.node, town.clerk, DeathEntry(104, DAY, DAY), draw_codes=town.draw)
    stop = ProcessingStop(StopKind.PAPERS, StopCause.DISPUTE, "係争中", 104)
    assert stops.place_stop(town.node, town.clerk, "s1", stop) == "s1"
    done = out(town, tmp_path / "out")
    assert (done.left_behind.entries, done.left_behind.nothing) == (1, False)
    assert (done.left_behind.stops, done.left_behind.number_changes) == (1, 0)
    entries = (tmp_path / "out" / "entries.csv").read_text("utf-8")
    assert json.dumps("DEATH")[1:-1] in entries
    assert date(2026, 11, 20).isoformat() in entries


def test_a_folder_says_nothing_of_a_second_persons_proposals(town, folder):
    assert SECOND.login_id in (folder / "characters.csv").read_text("utf-8")
