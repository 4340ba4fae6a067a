"""The Ministry of the demonstration: what it makes of a town's file is taken in by the town, and something waits for a person."""

from dataclasses import replace
from datetime import date

import pytest
from click.testing import CliRunner
from tests.rules.moj_link.test_moj_link import DAY, HOME, entry_of, foreigner, matched

from daicho.cli.main import main
from daicho.rules.moj_link.files import MojFileHead, MojFileKind, read_moj_file, write_municipal_file
from daicho.rules.moj_link.matching import MojOutcome
from daicho.rules.moj_link.municipal import MunicipalAct, municipal_notice
from daicho.rules.people.names import PersonName
from daicho.world.ministry import MinistryReply, reply_to

TODAY = date(2026, 11, 20)


def town_file(*records) -> bytes:
    told = [municipal_notice(entry_of((None, one)), one.addressee_number, MunicipalAct.ENTERED, f"e-{one.addressee_number}")
            for one in records]  # fmt: skip
    head = MojFileHead(MojFileKind.MUNICIPAL_NOTICE, HOME, 3, DAY, len(told))
    return write_municipal_file(head, [one for one in told if one is not None])


def people():
    names = ("NGUYEN VAN AN", "LE MAI", "SILVA MARIA", "PARK JISU")
    held = foreigner().foreign
    return [
        foreigner(
            number, name=PersonName(name, roman=name),
            foreign=replace(held, residence_card_number=f"AB0000000{number}CD"),
        )
        for number, name in enumerate(names, 1)
    ]  # fmt: skip


def test_its_file_names_the_people_of_the_towns_and_one_of_them_wrongly() -> None:
    records = people()
    reply = reply_to(town_file(*records), serial=5, day=TODAY, seed="a")
    assert isinstance(reply, MinistryReply)
    read = read_moj_file(reply.content)
    assert read.faults == ()
    assert read.head == MojFileHead(MojFileKind.MOJ_NOTICE, HOME, 5, TODAY, 4)
    outcomes = [matched(one, record).outcome for one, record in zip(read.notices, records, strict=True)]
    assert outcomes == [MojOutcome.MATCHED] * 3 + [MojOutcome.DIFFERS]
    assert reply_to(town_file(*records), serial=5, day=TODAY, seed="a") == reply


def test_a_name_in_kanji_stays_in_kanji() -> None:
    reply = reply_to(
        town_file(foreigner(name=PersonName("阮　文安", roman="RUAN WENAN"))), serial=1, day=TODAY, seed="a"
    )
    assert isinstance(reply, MinistryReply)
    (one,) = read_moj_file(reply.content).notices
    assert (one.person.kanji, one.person.roman) == ("阮　文安", "RUAN WENAN")


@pytest.mark.parametrize("content", [b"", b"x\n"])
def test_what_is_no_towns_file_is_refused_by_line(content: bytes, tmp_path) -> None:
    assert not isinstance(reply_to(content, serial=1, day=TODAY, seed="a"), MinistryReply)
    (tmp_path / "a.txt").write_bytes(content)
    done = CliRunner().invoke(
        main, ["ministry", str(tmp_path / "a.txt"), str(tmp_path / "b.txt"), "--day", "2026-11-20"]
    )
    assert done.exit_code == 1
    assert "1行目" in done.output


def test_the_command_writes_the_reply_and_says_how_many(tmp_path) -> None:
    (tmp_path / "a.txt").write_bytes(town_file(*people()))
    done = CliRunner().invoke(
        main, ["ministry", str(tmp_path / "a.txt"), str(tmp_path / "b.txt"), "--day", "2026-11-20"]
    )
    assert done.exit_code == 0, done.output
    assert "記載 4" in done.output
    assert read_moj_file((tmp_path / "b.txt").read_bytes()).head is not None
