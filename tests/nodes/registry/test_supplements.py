"""法19条の通知: owed by verified changes, told to the town of the registered domicile, recorded there or said not to agree."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from tests.nodes.registry.conftest import (
    DAY,
    HERE,
    code,
    let_nobody_know_the_measures,
    lines_about,
    say_the_measures_are_known,
)
from tests.nodes.registry.test_extract import bring, file
from tests.nodes.registry.test_extract import line as extract_line
from tests.nodes.registry.test_filings import AWAY, AWAY_CS, CS, HOME, HOME_TWO, Towns, member
from tests.nodes.registry.test_protection import OFFICER, SECOND, application, arrived

from daicho.nodes.mailroom.receiving import ACCEPTED, SUPERSEDED
from daicho.nodes.registry import protection
from daicho.nodes.registry.corrections import permit_correction
from daicho.nodes.registry.counter import EntryView, enter, verify_entry
from daicho.nodes.registry.reports import strike_due_movers
from daicho.nodes.registry.supplements import counting, differing, receiving
from daicho.nodes.registry.supplements.seeing import notice_out, owed_of
from daicho.nodes.registry.supplements.telling import ROUND_ROWS, tell_some
from daicho.rules.filings.report import Route
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.network.kinds import NodeKind
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.names import PersonName
from daicho.rules.people.sex import Sex
from daicho.rules.register.correction import Correction
from daicho.rules.register.move_out import MoveOutNotice
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.reasons import ChangeKind
from daicho.rules.supplements.mismatch import MismatchItem, RegisterMismatch
from daicho.rules.supplements.notice import AddressSupplementNotice, SupplementStanding
from daicho.store import hall_feed, register, supplements
from daicho.wire.codecs.letters import Unreadable, encode
from daicho.wire.codecs.supplements import (
    LETTER_BYTES,
    LETTER_PEOPLE,
    MISMATCH,
    NOTICES,
    MismatchLetter,
    ProtectionMark,
    SupplementLetter,
    ToldNotice,
    in_letters,
    read_notices,
)

AWAY_DOMICILE, OWN_DOMICILE = "北海道函館市架空町1番地", "東京都千代田区架空町九丁目9番"
NAMED = RegisterMismatch((MismatchItem.NAME,), name="来訪　弐号")


@pytest.fixture
def town(counter, monkeypatch):
    """The town that tells and is told: its letters about supplements are gathered with the others."""
    counter.node.wire.directory = Towns
    for room in ("telling", "receiving"):
        monkeypatch.setattr(
            f"daicho.nodes.registry.supplements.{room}.post_letters",
            lambda _unit, _node, letters: counter.letters.extend(letters),
        )
    return counter


@pytest.fixture
def family(town, move_in, comer):
    """Two whose family register is in another town, one whose is here, one whose is nobody knows where."""
    return arrived(
        town,
        move_in(
            comer(1, registered_domicile=AWAY_DOMICILE, family_register_head="来訪　1号"),
            comer(2, "妻", registered_domicile=AWAY_DOMICILE, family_register_head="来訪　1号"),
            comer(3, "子", registered_domicile=OWN_DOMICILE, family_register_head="来訪　3号"),
            comer(4, "子", registered_domicile="樺太豊原市架空1番地"),
        ),
    )


def sent(town) -> list[SupplementLetter]:
    return [one.content for one in town.letters if one.kind == NOTICES]


def answers(town) -> list[MismatchLetter]:
    return [one.content for one in town.letters if one.kind == MISMATCH]


def rows(town, query) -> list[Any]:
    with town.node.store.unit() as unit:
        return unit.execute(query).fetchall()


def states(town) -> dict[str, int]:
    return dict(rows(town, "select state, count(*) from register.supplement_out group by state"))


def notice_of(number=9, name="遠方　太郎", **items) -> AddressSupplementNotice:
    made = AddressSupplementNotice(
        f"e-{number}.0", ChangeKind.MOVE_WITHIN, SupplementStanding.RESIDENT, DAY, name, PartialDate(1980, 1, 2),
        Sex.MALE, "北海道函館市秘密町1番", DAY, OWN_DOMICILE, name, resident_record_code=code(number),
    )  # fmt: skip
    return replace(made, **items)


def letter(*notices, sender=AWAY, receiver=HOME, marks=(), protected=False, position=0) -> bytes:
    told = tuple(ToldNotice(one, protected, position + place) for place, one in enumerate(notices))
    return encode(SupplementLetter(Route("l-1", sender, receiver), told, tuple(marks)))


def told(town, *notices, by=CS, **more):
    with town.node.store.unit() as unit:
        return receiving.take_notices(unit, town.node, by, letter(*notices, **more))


def name_of(number=9) -> tuple[str, str]:
    return str(AWAY), f"e-{number}.0"


def received(town, who=None, *, done=False):
    return receiving.received_notices(town.node, who or town.clerk, done=done).lines


def mismatch(town, notice_id, content=NAMED, sender=HOME, receiver=AWAY, by=CS):
    body = encode(MismatchLetter(Route(notice_id, sender, receiver), content))
    with town.node.store.unit() as unit:
        return differing.take_mismatch(unit, town.node, by, body)


def owed(town, who=None):
    return differing.owed_notices(town.node, who or town.clerk)


def id_of(town, record) -> str:
    query = "select id from register.supplement_out where addressee_number = %d order by owed_on, id"
    return rows(town, query % record.addressee_number)[-1][0]


def moving(record) -> MoveWithinNotice:
    there = replace(HERE, town="想像町", block="9番")
    return MoveWithinNotice((record.addressee_number,), there, DAY, DAY)


def corrected(town, record, **items) -> str:
    permit = permit_correction(town.node, town.officer, record.addressee_number, what="氏名の誤記")
    notice = Correction(record.addressee_number, DAY, permit.permit_id, "氏名の誤記", **items)
    view = enter(town.node, town.clerk, notice, draw_codes=town.draw)
    assert isinstance(view, EntryView), view
    assert isinstance(verify_entry(town.node, town.checker, view.entry_id), EntryView)
    return view.entry_id


# what a change owes, and what it costs the change


@pytest.mark.requirement("R-004", "R-050")
def test_a_verified_moving_in_is_told_to_the_town_of_the_registered_domicile(town, family):
    assert sent(town) == []
    assert tell_some(town.node) == 4
    (one,) = sent(town)
    assert (one.route.sender, one.route.receiver) == (HOME, AWAY)
    assert [item.notice.name for item in one.notices] == ["来訪　1号", "来訪　2号"]
    first = one.notices[0].notice
    assert (first.address, first.registered_domicile) == ("東京都千代田区架空町一丁目2番3号", AWAY_DOMICILE)
    assert first.resident_record_code == family[0].resident_record_code
    assert [line.notice.name for line in received(town)] == ["来訪　3号"], (
        "the own town's goes into its own queue"
    )
    assert [line.record.name.kanji for line in owed(town).waiting] == ["来訪　4号"]
    subjects = {one["subject"]: one["outcome"] for one in lines_about(town.node, "report:supplement:told")}
    assert subjects == {
        family[0].resident_record_code: "told",
        family[1].resident_record_code: "told",
        family[2].resident_record_code: "own_town",
        family[3].resident_record_code: "waiting",
    }


def test_no_town_is_told_where_anybody_lives_while_a_rebuilt_register_knows_of_no_measures(town, family):
    let_nobody_know_the_measures(town.node)
    assert tell_some(town.node) == 0
    assert (sent(town), states(town)) == ([], {})
    say_the_measures_are_known(town.node)
    assert tell_some(town.node) == 4, "all of it goes once it is known who is protected"


def test_the_unit_of_a_verified_change_touches_nothing_of_it(town, family, monkeypatch):
    """What is owed costs the counter nothing: no statement of that unit names a table of notices, nor fires a trigger on one."""
    said: list[str] = []

    def hearing(plainly):
        def heard(self, query, *given, **named):
            said.append(str(query))
            return plainly(self, query, *given, **named)

        return heard

    people = tuple(one.addressee_number for one in family)
    notice = MoveWithinNotice(people, replace(HERE, block="9番9号"), DAY, DAY)
    with monkeypatch.context() as listening:
        for name in ("execute", "executemany", "copy"):
            listening.setattr(psycopg.Cursor, name, hearing(getattr(psycopg.Cursor, name)))
        arrived(town, notice)
    assert any("hall.untold" in one for one in said), "the whole unit was heard"
    assert [one for one in said if "supplement" in one] == []
    assert rows(town, "select count(*) from register.supplement_out") == [(0,)]
    fired = rows(
        town,
        "select tgname, tgtype & (4 + 8 + 16) from pg_trigger t join pg_proc p on p.oid = t.tgfoid"
        " where prosrc like '%supplement%'",
    )
    assert fired == [("in_no_supplement", 8)], "on a deletion alone"


def test_what_was_told_is_told_once_however_often_it_is_looked(town, family):
    assert tell_some(town.node) == 4
    assert tell_some(town.node) == 0
    with town.node.store.unit() as unit:
        unit.execute("update register.supplement_cursor set position = 0")  # as in a copy of before
    tell_some(town.node)
    assert len(sent(town)) == 1
    assert states(town) == {"told": 3, "waiting": 1}
    assert len(lines_about(town.node, "report:supplement:told")) == 4


def test_whoever_dies_while_telling_begins_again_where_nothing_was_done(town, family, monkeypatch):
    def die(*_given):
        raise RuntimeError("the line")

    with monkeypatch.context() as broken:
        broken.setattr("daicho.store.hall_feed.Follower.move", die)
        with pytest.raises(RuntimeError):
            tell_some(town.node)
    town.letters.clear()  # they were of the unit that came to nothing
    assert states(town) == {}
    assert tell_some(town.node) == 4
    assert len(sent(town)) == 1


def test_many_people_of_one_town_are_one_letter_and_no_letter_is_too_long(town, move_in, comer):
    for number in range(6):
        arrived(town, move_in(comer(number, registered_domicile=AWAY_DOMICILE)))
    tell_some(town.node)
    assert [len(one.notices) for one in sent(town)] == [6]
    many = [ToldNotice(notice_of(number)) for number in range(LETTER_PEOPLE + 5)]
    assert max(len(part) for part in in_letters(many)) <= LETTER_PEOPLE
    assert [one for part in in_letters(many) for one in part] == many
    long = [ToldNotice(notice_of(number, address="𠮷" * 600)) for number in range(60)]
    for part in in_letters(long):
        content = encode(SupplementLetter(Route("l", HOME, AWAY), part))
        assert len(content) <= LETTER_BYTES
        assert read_notices(content).notices == part
    with pytest.raises(Unreadable):
        read_notices(encode(SupplementLetter(Route("l", HOME, AWAY), tuple(many))))


def test_a_round_is_bounded_and_the_next_one_goes_on(town, move_in, comer):
    for number in range(3):
        arrived(town, move_in(comer(number, registered_domicile=AWAY_DOMICILE)))
    assert tell_some(town.node, limit_rows=2) == 2
    assert tell_some(town.node, limit_rows=2) == 1
    assert tell_some(town.node) == 0
    assert ROUND_ROWS >= 1_000


def test_what_lies_before_the_cursor_is_not_told(town, family):
    """The migration puts it behind whatever was verified before."""
    with town.node.store.unit() as unit:
        hall_feed.place(unit, limit_rows=10)
        unit.execute("update register.supplement_cursor set position = (select max(position) from hall.feed)")
    assert tell_some(town.node) == 0


def test_an_imported_register_owes_nothing(town):
    people = (
        extract_line(1, registered_domicile=AWAY_DOMICILE),
        extract_line(2, registered_domicile=AWAY_DOMICILE),
    )
    bring(town, file(*people))
    assert rows(town, "select count(*) from register.resident") == [(2,)]
    assert tell_some(town.node) == 0
    assert states(town) == {}


def test_a_move_abroad_is_told_and_a_move_to_another_town_is_not(town, family):
    tell_some(town.node)
    town.letters.clear()
    arrived(town, MoveOutNotice((family[1].addressee_number,), DAY, DAY, "アメリカ合衆国", abroad=True))
    arrived(town, MoveOutNotice((family[2].addressee_number,), DAY, DAY, "北海道函館市架空町2番", AWAY))
    strike_due_movers(town.node)
    tell_some(town.node)
    told_now = [one.notice for letter in sent(town) for one in letter.notices]
    assert [(one.name, one.standing, one.address) for one in told_now] == [
        ("来訪　2号", SupplementStanding.ABROAD, "アメリカ合衆国")
    ]
    assert [line.notice.standing for line in received(town)] == [SupplementStanding.RESIDENT]


# what cannot be told by itself


def test_what_a_clerk_is_to_see_first_is_not_told_by_itself(town, family, monkeypatch):
    """A withdrawn restoration of whoever went to another town, for one."""

    def seen_first(*given):
        return tuple(replace(one, by_itself=False) for one in owed_of(*given))

    monkeypatch.setattr("daicho.nodes.registry.supplements.telling.owed_of", seen_first)
    tell_some(town.node)
    assert sent(town) == []
    assert states(town) == {"waiting": 4}
    assert [one.receiver for one in owed(town).waiting] == [AWAY, AWAY, HOME, None]


def test_a_clerk_names_the_town_or_notes_the_paper(town, family, move_in, comer):
    arrived(town, move_in(comer(5, registered_domicile="長野県架空市1番地")))
    tell_some(town.node)
    town.letters.clear()
    first, second = (one.notice_id for one in owed(town).waiting)
    assert differing.send_to(town.node, town.checker, [first], AWAY).reason is Reason.NOT_PERMITTED
    nowhere = differing.send_to(town.node, town.clerk, [first], MunicipalityCode("47201"))
    assert (nowhere.reason, nowhere.field) == (Reason.MUNICIPALITY_UNKNOWN, "to_municipality")
    assert differing.send_to(town.node, town.clerk, [], AWAY).field == "notices"
    assert differing.send_to(town.node, town.clerk, [first], AWAY) is None
    (one,) = sent(town)
    assert [item.notice.notice_id for item in one.notices] == [first]
    again = differing.send_to(town.node, town.both, [first, second], AWAY)
    assert again.reason is Reason.REPORT_SETTLED
    assert [one.notice_id for one in owed(town).waiting] == [second], "all or none"
    assert differing.note_paper(town.node, town.clerk, [second]) is None
    assert differing.note_paper(town.node, town.clerk, [second]).reason is Reason.REPORT_SETTLED
    assert owed(town).waiting == ()
    assert states(town) == {"told": 4, "paper": 1}


def test_what_is_not_to_be_told_is_closed_by_two_people(town, family):
    """Somebody without a family register, for one."""
    tell_some(town.node)
    notice_id = id_of(town, family[3])
    assert differing.propose_closing(town.node, town.clerk, notice_id, "無籍") is None
    assert owed(town).waiting == ()
    (line,) = owed(town).differing
    assert (line.state, line.why, line.mismatch) == ("proposed", "無籍", None)
    assert differing.send_to(town.node, town.clerk, [notice_id], AWAY).reason is Reason.REPORT_SETTLED
    assert differing.decline_closing(town.node, town.checker, notice_id) is None
    assert [one.notice_id for one in owed(town).waiting] == [notice_id]
    differing.propose_closing(town.node, town.clerk, notice_id, "無籍")
    assert differing.confirm_closing(town.node, town.checker, notice_id) is None
    assert states(town) == {"told": 3, "closed": 1}


def test_whose_mate_was_destroyed_is_still_found_in_the_change(town, family):
    """The others' places in a change are other ones then."""
    tell_some(town.node)
    row = next(one for one in _rows_of(town, family[3]))
    with town.node.store.unit() as unit:
        body = json.loads(register.load_entry(unit, row.entry_id).body)
    body["after"].pop(0)
    found = owed_of(town.node, row.entry_id, json.dumps(body, ensure_ascii=False))
    assert row.id not in {
        one.notice.notice_id for one in found if one.addressee_number == row.addressee_number
    }
    with town.node.store.unit() as unit:
        held = register.load_entry(unit, row.entry_id)
        shorter = replace(held, body=json.dumps(body, ensure_ascii=False))
        told_then = _told_from(unit, town.node, row, shorter)
    assert (told_then.notice_id, told_then.name) == (row.id, "来訪　4号")


def _rows_of(town, record):
    with town.node.store.unit() as unit:
        return supplements.out_of_people(unit, [record.addressee_number])


def _told_from(unit, node, row, held):
    with pytest.MonkeyPatch.context() as patch:
        seen = "daicho.nodes.registry.supplements.seeing.register.entry_bodies"
        patch.setattr(seen, lambda *_given: {row.entry_id: held.body})
        return notice_out(unit, node, row)


def test_a_record_that_no_letter_takes_waits_alone(town, move_in, comer):
    arrived(
        town,
        move_in(
            comer(1, registered_domicile=AWAY_DOMICILE),
            comer(2, "妻", registered_domicile=AWAY_DOMICILE + "一" * 400),
        ),
    )
    tell_some(town.node)
    assert [[item.notice.name for item in one.notices] for one in sent(town)] == [["来訪　1号"]]
    (waits,) = owed(town).waiting
    assert (waits.record.name.kanji, waits.receiver) == ("来訪　2号", AWAY)
    assert differing.send_to(town.node, town.clerk, [waits.notice_id], AWAY).reason is Reason.FIELD_TOO_LONG


def letter_of(town, record) -> str:
    query = "select letter from register.supplement_out where addressee_number = %d order by position"
    return rows(town, query % record.addressee_number)[-1][0]


def test_what_went_in_a_letter_that_came_back_is_told_anew(town, family):
    """A town whose CS knows no such letter refuses it; nobody in it has heard of anything."""
    tell_some(town.node)
    came_back = letter_of(town, family[0])
    assert came_back == sent(town)[0].route.report_id == letter_of(town, family[1])
    assert letter_of(town, family[2]) is None, "the own town needs no letter"
    listed = differing.owed_notices(town.node, town.clerk, letter=came_back)
    assert [one.record.name.kanji for one in listed.waiting] == ["来訪　1号", "来訪　2号"]
    assert listed.differing == ()
    first, second = (one.notice_id for one in listed.waiting)
    unnamed = differing.send_to(town.node, town.clerk, [first], AWAY)
    assert unnamed.reason is Reason.REPORT_SETTLED, "what is told and has not come back stays so"
    assert differing.send_to(town.node, town.clerk, [first], AWAY, letter=came_back) is None
    assert [item.notice.notice_id for item in sent(town)[-1].notices] == [first]
    again = differing.send_to(town.node, town.both, [first], AWAY, letter=came_back)
    assert again.reason is Reason.REPORT_SETTLED, "a second clerk finds that it went in another letter"
    listed = differing.owed_notices(town.node, town.clerk, letter=came_back)
    assert [one.notice_id for one in listed.waiting] == [second]
    assert differing.note_paper(town.node, town.clerk, [second], letter=came_back) is None
    assert differing.owed_notices(town.node, town.clerk, letter=came_back).waiting == ()
    assert states(town) == {"told": 2, "paper": 1, "waiting": 1}
    for nobodys in ("x", "x" * 99, "\x00"):
        assert differing.owed_notices(town.node, town.clerk, letter=nobodys).waiting == ()


def test_whom_a_measure_hides_is_not_found_by_the_letter_either(town, family):
    tell_some(town.node)
    protection.apply_for_protection(town.node, OFFICER, application(family[0]))
    came_back = letter_of(town, family[0])
    assert differing.owed_notices(town.node, town.clerk, letter=came_back).waiting == ()
    assert len(differing.owed_notices(town.node, OFFICER, letter=came_back).waiting) == 2


def test_no_earlier_change_is_sent_after_a_later_one(town, family):
    """The town would record it as the newer address."""
    tell_some(town.node)
    earlier = id_of(town, family[3])
    corrected(town, family[3], registered_domicile=AWAY_DOMICILE)
    tell_some(town.node)
    (waits,) = owed(town).waiting
    assert (waits.notice_id, waits.overtaken) == (earlier, True)
    assert waits.told.registered_domicile == "樺太豊原市架空1番地", "as it was then, not as it is now"
    town.letters.clear()
    late = differing.send_to(town.node, town.clerk, [earlier], AWAY)
    assert (late.reason, late.field) == (Reason.NOTICE_OVERTAKEN, "notice")
    assert sent(town) == []
    assert differing.send_to(town.node, town.clerk, [earlier], HOME_TWO) is None, "that town knows of neither"


def test_two_changes_of_one_person_in_a_letter_that_came_back_go_together_and_in_order(town, family):
    arrived(town, moving(family[1]))
    tell_some(town.node)
    came_back = letter_of(town, family[1])
    ids = [
        one.notice_id
        for one in differing.owed_notices(town.node, town.clerk, letter=came_back).waiting
        if one.record.addressee_number == family[1].addressee_number
    ]
    assert len(ids) == 2
    alone = differing.send_to(town.node, town.clerk, ids[:1], AWAY, letter=came_back)
    assert alone.reason is Reason.NOTICE_OVERTAKEN
    assert differing.send_to(town.node, town.clerk, ids[::-1], AWAY, letter=came_back) is None
    assert [item.notice.notice_id for item in sent(town)[-1].notices] == ids


# what comes


def test_a_notice_is_kept_once_and_recorded_by_a_clerk(town):
    assert told(town, notice_of(1), notice_of(2)) == ACCEPTED
    assert told(town, notice_of(1), notice_of(2)) == SUPERSEDED
    assert [line.notice.notice_id for line in received(town)] == ["e-1.0", "e-2.0"]
    assert receiving.record_notices(town.node, town.checker, [name_of(1)]).reason is Reason.NOT_PERMITTED
    assert receiving.record_notices(town.node, town.clerk, [name_of(1), name_of(2)]) == 2
    assert received(town) == ()
    assert told(town, notice_of(1)) == SUPERSEDED, "it is recorded, and stays so"
    done = received(town, done=True)
    assert [(line.state, line.notice, line.done_by) for line in done] == [("recorded", None, "clerk01")] * 2
    assert rows(
        town, "select count(*) from register.supplement_in where body is not null or code is not null"
    ) == [(0,)]
    again = receiving.record_notices(town.node, town.both, [name_of(1)])
    assert (again.reason, again.field) == (Reason.REPORT_SETTLED, "notice")
    outcomes = [
        (one["subject"], one["outcome"]) for one in lines_about(town.node, "report:supplement:decided")
    ]
    assert outcomes == [(code(1), "recorded"), (code(2), "recorded")]


def test_of_two_clerks_the_second_one_records_nothing_at_all(town):
    told(town, notice_of(1), notice_of(2))
    receiving.record_notices(town.node, town.clerk, [name_of(1)])
    both = receiving.record_notices(town.node, town.both, [name_of(1), name_of(2)])
    assert both.reason is Reason.REPORT_SETTLED
    assert [line.notice.notice_id for line in received(town)] == ["e-2.0"]
    assert receiving.record_notices(town.node, town.clerk, [name_of(7)]).reason is Reason.NOT_FOUND
    assert receiving.record_notices(town.node, town.clerk, []).field == "notices"


@pytest.mark.parametrize(
    ("by", "more", "reason"),
    [
        (member(NodeKind.REGISTRY, AWAY), {}, Reason.NOT_PERMITTED),
        (CS, {"receiver": HOME_TWO}, Reason.OTHER_MUNICIPALITY),
        (CS, {"sender": HOME}, Reason.OTHER_MUNICIPALITY),
    ],
)
def test_only_the_own_cs_brings_notices_and_only_those_for_this_town(town, by, more, reason):
    assert told(town, notice_of(), by=by, **more).refusal.reason is reason
    assert rows(town, "select count(*) from register.supplement_in") == [(0,)]


def test_art19_a_misaddressed_letter_is_refused_as_one_of_the_supplement(town):
    for settled in (
        told(town, notice_of(), sender=HOME),
        mismatch(town, "e-1.0", sender=HOME, receiver=HOME),
    ):
        assert settled.refusal == Refusal(Reason.OTHER_MUNICIPALITY, juki("19"), "to_municipality")


def test_a_letter_of_notices_that_no_register_would_make_is_refused(town):
    future = notice_of(changed_on=DAY + timedelta(days=9))
    assert told(town, future).refusal.reason is Reason.DATE_IN_FUTURE
    assert received(town) == ()


def test_one_notice_that_no_register_would_make_holds_up_no_other(town):
    future = notice_of(9, changed_on=DAY + timedelta(days=9))
    assert told(town, notice_of(1), future, notice_of(2)) == ACCEPTED
    assert [line.notice.notice_id for line in received(town)] == ["e-1.0", "e-2.0"]
    (bad,) = [
        one for one in lines_about(town.node, "report:supplement:received") if one["outcome"] == "refused"
    ]
    assert "subject" not in bad
    assert (bad["detail"]["notice"], bad["detail"]["reason"]) == ("e-9.0", "DATE_IN_FUTURE")


def test_the_changes_of_one_person_are_listed_in_the_order_in_which_they_were_made(town):
    """Their names tell no order: the first one here sorts last."""
    first, second, third = (notice_of(9, notice_id=name) for name in ("z.0", "m.0", "a.0"))
    for one, position in ((third, 30), (first, 10), (second, 20)):
        told(town, one, position=position)
    assert [line.notice_id for line in received(town)] == ["z.0", "m.0", "a.0"]


def test_a_letter_tells_in_which_order_its_changes_were_made(town, family):
    arrived(town, moving(family[1]))
    tell_some(town.node)
    of_one = [
        item
        for one in sent(town)
        for item in one.notices
        if item.notice.resident_record_code == family[1].resident_record_code
    ]
    assert ["想像町" in item.notice.address for item in of_one] == [False, True]
    assert of_one[0].position < of_one[1].position


@pytest.mark.requirement("R-017")
def test_what_does_not_agree_is_told_back_and_the_notice_comes_again_to_be_recorded(town):
    told(town, notice_of())
    wrong = receiving.tell_mismatch(town.node, town.clerk, name_of(), RegisterMismatch(()))
    assert wrong.field == "items"
    assert receiving.tell_mismatch(town.node, town.checker, name_of(), NAMED).reason is Reason.NOT_PERMITTED
    assert receiving.tell_mismatch(town.node, town.clerk, name_of(), NAMED) is None
    assert answers(town) == [MismatchLetter(Route("e-9.0", AWAY, HOME), NAMED)]
    assert received(town) == ()
    assert receiving.tell_mismatch(town.node, town.clerk, name_of(), NAMED).reason is Reason.REPORT_SETTLED
    assert told(town, notice_of()) == ACCEPTED, (
        "a town that lost it came back from a copy, and is to hear it again"
    )
    assert [line.state for line in received(town)] == ["open"]


def test_the_ledger_tells_whoever_lives_here_and_was_shown(town, family):
    told(town, replace(notice_of(), resident_record_code=family[0].resident_record_code))
    received(town)
    shown = lines_about(town.node, "report:supplement:shown")
    assert [(one["subject"], one["outcome"]) for one in shown] == [(family[0].resident_record_code, "listed")]
    assert "resident_record_code" not in shown[0]["detail"]
    receiving.received_notice(town.node, town.checker, name_of())
    (_, one) = lines_about(town.node, "report:supplement:shown")
    assert (one["outcome"], one["detail"]["resident_record_code"]) == ("shown", "shown")


# what does not agree


def test_a_correction_closes_the_mismatch_and_the_town_tells_anew(town, family):
    tell_some(town.node)
    notice_id = id_of(town, family[1])
    assert mismatch(town, notice_id) == ACCEPTED
    assert mismatch(town, notice_id) == SUPERSEDED
    (line,) = owed(town).differing
    assert (line.record.name.kanji, line.mismatch) == ("来訪　2号", NAMED)
    view = differing.owed_notice(town.node, town.clerk, notice_id)
    assert view.told.name == "来訪　2号"
    town.letters.clear()
    corrected(town, family[1], sex=Sex.FEMALE)
    tell_some(town.node)
    assert len(owed(town).differing) == 1, "that was another item"
    corrected(town, family[1], name=PersonName("来訪　弐号", "ライホウ　ジロウ"))
    tell_some(town.node)
    assert owed(town).differing == ()
    (anew,) = [one.notice for letter in sent(town)[-1:] for one in letter.notices]
    assert (anew.name, anew.sex) == ("来訪　弐号", Sex.FEMALE)
    assert rows(
        town, f"select state, body::text, settled_by from register.supplement_out where id = '{notice_id}'"
    ) == [("closed", None, anew.notice_id)]


@pytest.mark.parametrize(
    ("more", "outcome"),
    [
        ({"receiver": HOME_TWO}, SUPERSEDED),
        ({"sender": AWAY, "receiver": HOME}, Reason.OTHER_MUNICIPALITY),
        ({"by": member(NodeKind.REGISTRY, AWAY)}, Reason.NOT_PERMITTED),
        ({"content": RegisterMismatch(())}, Reason.FIELD_MISSING),
    ],
)
def test_only_the_town_that_was_told_says_that_it_does_not_agree(town, family, more, outcome):
    tell_some(town.node)
    settled = mismatch(town, id_of(town, family[1]), **more)
    assert settled == outcome if outcome == SUPERSEDED else settled.refusal.reason is outcome
    assert states(town) == {"told": 3, "waiting": 1}


def test_two_people_close_a_mismatch_with_a_reason(town, family):
    tell_some(town.node)
    notice_id = id_of(town, family[1])
    mismatch(town, notice_id)
    assert differing.confirm_closing(town.node, town.checker, notice_id).reason is Reason.REPORT_SETTLED
    assert differing.propose_closing(town.node, town.both, notice_id, "　").field == "why"
    assert differing.propose_closing(town.node, town.both, notice_id, "戸籍の記載の誤り") is None
    assert differing.confirm_closing(town.node, town.both, notice_id).reason is Reason.SAME_PERSON
    assert differing.confirm_closing(town.node, town.clerk, notice_id).reason is Reason.NOT_PERMITTED
    assert differing.decline_closing(town.node, town.clerk, notice_id).reason is Reason.NOT_PERMITTED
    assert differing.decline_closing(town.node, town.both, notice_id) is None
    assert differing.propose_closing(town.node, town.clerk, notice_id, "戸籍の記載の誤り") is None
    assert differing.confirm_closing(town.node, town.checker, notice_id) is None
    assert owed(town).differing == ()
    assert states(town) == {"told": 2, "waiting": 1, "closed": 1}


def test_a_town_without_such_a_register_is_passed_over_for_another(town, family):
    tell_some(town.node)
    notice_id = id_of(town, family[1])
    mismatch(town, notice_id, RegisterMismatch((MismatchItem.NO_REGISTER,)))
    assert differing.send_to(town.node, town.clerk, [notice_id], AWAY) is None, "asked to look once more"
    assert mismatch(town, notice_id, RegisterMismatch((MismatchItem.NO_REGISTER,))) == ACCEPTED
    assert differing.send_to(town.node, town.clerk, [notice_id], HOME_TWO) is None
    assert sent(town)[-1].route.receiver == HOME_TWO
    assert owed(town).differing == ()
    assert mismatch(town, notice_id, receiver=AWAY) == SUPERSEDED, "that town has no say any more"
    assert mismatch(town, notice_id, receiver=HOME_TWO) == ACCEPTED


def test_the_own_towns_mismatch_needs_no_letter(town, family):
    tell_some(town.node)
    (line,) = received(town)
    name = (str(HOME), line.notice_id)
    assert receiving.tell_mismatch(town.node, town.clerk, name, NAMED) is None
    assert answers(town) == []
    assert [one.record.name.kanji for one in owed(town).differing] == ["来訪　3号"]


def test_a_mismatch_of_what_a_later_change_has_corrected_is_settled_as_it_comes(town, family):
    tell_some(town.node)
    notice_id = id_of(town, family[1])
    corrected(town, family[1], name=PersonName("来訪　弐号", "ライホウ　ジロウ"))
    tell_some(town.node)
    assert mismatch(town, notice_id) == ACCEPTED
    assert owed(town).differing == ()
    assert rows(town, f"select state from register.supplement_out where id = '{notice_id}'") == [("closed",)]


def test_a_correction_that_no_town_has_heard_of_settles_nothing(town, family):
    tell_some(town.node)
    notice_id = id_of(town, family[1])
    mismatch(town, notice_id, RegisterMismatch((MismatchItem.NO_REGISTER,)))
    corrected(town, family[1], registered_domicile="樺太豊原市架空2番地")
    tell_some(town.node)
    assert [one.notice_id for one in owed(town).differing] == [notice_id]
    waits = next(one.id for one in _rows_of(town, family[1]) if one.state == "waiting")
    assert differing.send_to(town.node, town.clerk, [waits], HOME_TWO) is None
    assert owed(town).differing == ()


def test_what_did_not_agree_may_be_told_on_paper(town, family):
    tell_some(town.node)
    notice_id = id_of(town, family[1])
    mismatch(town, notice_id)
    assert differing.note_paper(town.node, town.clerk, [notice_id]) is None
    assert owed(town).differing == ()
    assert states(town) == {"told": 2, "paper": 1, "waiting": 1}


# whom a measure hides


def test_whom_an_own_measure_hides_is_in_no_list_or_count_once_it_is_done(town, family):
    """Whose notice it was is forgotten with it; that nobody else may see it is not."""
    told(town, replace(notice_of(), resident_record_code=family[0].resident_record_code), notice_of(2))
    protection.apply_for_protection(town.node, OFFICER, application(family[0]))
    assert receiving.record_notices(town.node, OFFICER, [name_of(), name_of(2)]) == 2
    assert [line.notice_id for line in received(town, done=True)] == ["e-2.0"]
    assert len(received(town, OFFICER, done=True)) == 2
    sums = counting.supplement_counts(town.node, town.clerk, DAY).sums
    assert (sums["received"], sums["recorded"]) == (1, 1)
    sums = counting.supplement_counts(town.node, OFFICER, DAY).sums
    assert (sums["received"], sums["recorded"]) == (2, 2)


def test_a_mark_that_overtakes_its_notice_holds_for_it(town):
    assert told(town, marks=[ProtectionMark("e-9.0", protected=True)]) == ACCEPTED
    assert told(town, marks=[ProtectionMark("e-9.0", protected=True)]) == SUPERSEDED
    told(town, notice_of())
    assert received(town) == ()
    assert [line.protected for line in received(town, OFFICER)] == [True]
    assert rows(town, "select count(*) from register.supplement_mark") == [(0,)]
    told(town, marks=[ProtectionMark("e-8.0", protected=True)])
    told(
        town,
        marks=[ProtectionMark("e-8.0", protected=False), ProtectionMark("no id of ours", protected=True)],
    )
    told(town, notice_of(8))
    assert [line.notice_id for line in received(town)] == ["e-8.0"]


def test_no_town_that_was_never_told_hears_of_a_measure(town, move_in, comer):
    """Its name may be in a domicile that no letter takes."""
    (person,) = arrived(town, move_in(comer(1, registered_domicile=AWAY_DOMICILE + "一" * 400)))
    tell_some(town.node)
    (waits,) = owed(town).waiting
    assert waits.receiver == AWAY
    protection.apply_for_protection(town.node, OFFICER, application(person))
    tell_some(town.node)
    assert sent(town) == []


def test_a_notice_that_tells_where_a_protected_person_lives_is_the_officers_though_the_record_does_not(
    town, move_in, comer
):
    """The record of whoever once lived there was corrected since; what was owed then still says it."""
    place = "架空町一丁目2番3号"
    protected, left = arrived(town, move_in(comer(1), comer(2, "子", registered_domicile=f"長野県{place}")))
    arrived(town, moving(left))
    corrected(town, left, registered_domicile="長野県想像町8番地", previous_address="想像町7番")
    tell_some(town.node)
    protection.apply_for_protection(town.node, OFFICER, application(protected))
    ours = [one for one in owed(town).waiting if one.record.addressee_number == left.addressee_number]
    assert [(one.for_officer, one.told is None) for one in ours] == [
        (True, True), (True, True), (False, False),
    ]  # fmt: skip
    refusal = differing.owed_notice(town.node, town.clerk, ours[0].notice_id)
    assert refusal.reason is Reason.PROTECTED


def test_what_is_protected_is_in_no_list_count_or_answer_but_the_officers(town):
    told(town, notice_of(1), protected=True)
    told(town, notice_of(2))
    assert [line.notice.notice_id for line in received(town)] == ["e-2.0"]
    refusal = receiving.received_notice(town.node, town.clerk, name_of(1))
    assert refusal.reason is Reason.PROTECTED
    assert (
        receiving.record_notices(town.node, town.clerk, [name_of(2), name_of(1)]).reason is Reason.PROTECTED
    )
    assert receiving.tell_mismatch(town.node, town.clerk, name_of(1), NAMED).reason is Reason.PROTECTED
    assert [one["subject"] for one in lines_about(town.node, "protection:record:kept_back")] == [code(1)] * 3
    assert counting.supplement_counts(town.node, town.clerk, DAY).sums["received"] == 1
    assert counting.supplement_counts(town.node, OFFICER, DAY).sums["received"] == 2
    by_officer = received(town, OFFICER)
    assert [(line.notice.notice_id, line.protected) for line in by_officer] == [
        ("e-1.0", True),
        ("e-2.0", False),
    ]
    assert receiving.record_notices(town.node, OFFICER, [name_of(1)]) == 1
    assert received(town, done=True) == ()
    assert len(received(town, OFFICER, done=True)) == 1


def test_whom_an_own_measure_hides_is_hidden_in_what_others_tell(town, family):
    told(town, replace(notice_of(), resident_record_code=family[0].resident_record_code))
    assert len(received(town)) == 1
    protection.apply_for_protection(town.node, OFFICER, application(family[0]))
    assert received(town) == ()
    assert receiving.received_notice(town.node, town.clerk, name_of()).reason is Reason.PROTECTED
    assert len(received(town, OFFICER)) == 1


def test_the_letter_carries_the_mark_and_a_later_measure_is_told_as_well(town, family):
    protection.apply_for_protection(town.node, OFFICER, application(family[0]))
    tell_some(town.node)
    marked = {item.notice.name: item.protected for item in sent(town)[0].notices}
    assert marked["来訪　1号"] is True
    town.letters.clear()
    assert [one.record.name.kanji for one in owed(town, OFFICER).waiting] == ["来訪　4号"]


def test_a_measure_that_begins_later_hides_what_was_told_before(town, family):
    tell_some(town.node)
    assert len(received(town)) == 1
    town.letters.clear()
    protection.apply_for_protection(town.node, OFFICER, application(family[2]))
    tell_some(town.node)
    (one,) = sent(town)
    assert (one.route.receiver, [mark.protected for mark in one.marks]) == (AWAY, [True, True]), (
        "the household"
    )
    assert rows(town, "select protected from register.supplement_in") == [(True,)]
    with town.node.store.unit() as unit:
        unit.execute("update register.supplement_in set protected = false")
    assert received(town) == (), "the own measure hides them, marked or not"
    told(town, notice_of())
    assert told(town, marks=[ProtectionMark("e-9.0", protected=True)]) == ACCEPTED
    assert told(town, marks=[ProtectionMark("e-9.0", protected=True)]) == SUPERSEDED
    assert received(town) == ()


def test_whoever_is_hidden_waits_for_the_officer_in_the_town_that_tells(town, family):
    tell_some(town.node)
    notice_id = id_of(town, family[3])
    protection.apply_for_protection(town.node, OFFICER, application(family[3]))
    assert owed(town).waiting == ()
    for act in (
        lambda: differing.owed_notice(town.node, town.clerk, notice_id),
        lambda: differing.send_to(town.node, town.clerk, [notice_id], AWAY),
        lambda: differing.note_paper(town.node, town.clerk, [notice_id]),
    ):
        refusal = act()
        assert isinstance(refusal, Refusal)
        assert refusal.reason is Reason.PROTECTED
    assert differing.send_to(town.node, OFFICER, [notice_id], AWAY) is None
    assert [item.protected for item in sent(town)[-1].notices] == [True]
    assert SECOND.login_id != OFFICER.login_id


def test_whose_domicile_names_a_protected_home_is_the_officers_to_tell(town, move_in, comer):
    """Who once lived with a protected person may have their present address as a domicile."""
    place = "架空町一丁目2番3号"
    protected, left = arrived(town, move_in(comer(1), comer(2, "子", registered_domicile=f"長野県{place}")))
    arrived(
        town, MoveWithinNotice((left.addressee_number,), replace(HERE, town="想像町", block="9番"), DAY, DAY)
    )
    tell_some(town.node)
    protection.apply_for_protection(town.node, OFFICER, application(protected))
    ours = [one for one in owed(town).waiting if one.record.addressee_number == left.addressee_number]
    assert [(one.for_officer, one.receiver, place in one.record.registered_domicile) for one in ours] == [
        (True, None, False)
    ] * 2
    for one in ours:
        assert differing.owed_notice(town.node, town.clerk, one.notice_id).reason is Reason.PROTECTED
        sent_now = differing.send_to(town.node, town.clerk, [one.notice_id], AWAY)
        assert sent_now.reason is Reason.PROTECTED
    assert differing.note_paper(town.node, OFFICER, [one.notice_id for one in ours]) is None
    own = f"東京都千代田区{place}"
    told(town, replace(notice_of(), resident_record_code=left.resident_record_code, registered_domicile=own))
    (line,) = received(town)
    assert (line.for_officer, place in line.notice.registered_domicile + line.notice.address) == (True, False)
    assert receiving.received_notice(town.node, town.clerk, name_of()).reason is Reason.PROTECTED
    assert receiving.record_notices(town.node, town.clerk, [name_of()]).reason is Reason.PROTECTED
    assert receiving.record_notices(town.node, OFFICER, [name_of()]) == 1


# counts


@pytest.mark.requirement("R-324")
def test_the_list_counts_each_day_what_was_told_received_and_answered(town, family, clock):
    tell_some(town.node)
    told(town, notice_of(1), notice_of(2))
    receiving.record_notices(town.node, town.clerk, [name_of(1)])
    receiving.tell_mismatch(town.node, town.clerk, name_of(2), NAMED)
    mismatch(town, id_of(town, family[1]))
    differing.note_paper(town.node, town.clerk, [id_of(town, family[3])])
    counts = counting.supplement_counts(town.node, town.clerk, DAY)
    today = town.node.clock.business_today()
    assert counts.days == (
        (
            today,
            {"told": 2, "own_town": 1, "paper": 1, "differs": 1, "received": 3, "recorded": 1, "answered": 1},
        ),
    )
    assert counts.sums == counts.days[0][1]
    assert counting.supplement_counts(town.node, town.clerk, DAY - timedelta(days=40)).days == ()
    assert counting.supplement_counts(town.node, town.admin, DAY).reason is Reason.NOT_PERMITTED
    assert AWAY_CS.municipality == AWAY


@pytest.mark.requirement("R-324")
def test_what_becomes_of_a_notice_later_changes_no_day_that_is_over(town, family, clock):
    tell_some(town.node)
    notice_id = id_of(town, family[1])
    told(town, notice_of())
    receiving.tell_mismatch(town.node, town.clerk, name_of(), NAMED)
    mismatch(town, notice_id, RegisterMismatch((MismatchItem.NO_REGISTER,)))
    day = town.node.clock.business_today()
    before = dict(counting.supplement_counts(town.node, town.clerk, day).days)[day]
    clock.instant += timedelta(days=1)
    assert differing.send_to(town.node, town.clerk, [notice_id], HOME_TWO) is None
    told(town, notice_of())
    receiving.record_notices(town.node, town.clerk, [name_of()])
    days: dict[Any, Any] = {}
    for month in {day.replace(day=1), (day + timedelta(days=1)).replace(day=1)}:
        days |= dict(counting.supplement_counts(town.node, town.clerk, month).days)
    assert days[day] == before
    later = days[day + timedelta(days=1)]
    there_were = {name: number for name, number in later.items() if number}
    assert there_were == {"told": 1, "received": 1, "recorded": 1}
