"""法9条2項の通知, from one town's registry by two CSs to another town's, recorded there and answered back."""

import json
from dataclasses import replace
from datetime import timedelta
from itertools import groupby
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from tests.nodes.mailroom.conftest import make_member
from tests.nodes.registry.conftest import AT_COUNTER, DAY, HOME, lines_about
from tests.nodes.registry.test_characters import identified, named
from tests.nodes.registry.test_protection import OFFICER, SECOND, application, arrived

from daicho.faces.desks.sightings import sightings_of
from daicho.nodes.cs import passing
from daicho.nodes.mailroom.receiving import ACCEPTED, SUPERSEDED
from daicho.nodes.registry import protection, stops
from daicho.nodes.registry.counter import EntryView, reject_entry, verify_entry, withdraw_entry
from daicho.nodes.registry.filings import receiving, sending
from daicho.nodes.registry.filings.receiving import ReceivedView
from daicho.nodes.registry.filings.sending import SentView
from daicho.nodes.registry.filings.waiting import late_before
from daicho.rules.filings.answer import ReportAnswer
from daicho.rules.filings.report import FilingKind, FilingReport, ReportedPerson, Route
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Operator, Role
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.names import PersonName
from daicho.rules.people.sex import Sex
from daicho.rules.register.birth import BirthEntry
from daicho.rules.register.death import DeathEntry
from daicho.rules.register.move_out import MoveOutNotice
from daicho.rules.register.name_change import NameCause, NameChangeEntry
from daicho.rules.register.processing import ProcessingStop, StopCause, StopKind
from daicho.store import filings
from daicho.wire.codecs.filings import ANSWER, REPORT, FilingAnswer, FilingLetter
from daicho.wire.codecs.letters import encode

AWAY, HOME_TWO = MunicipalityCode("01202"), MunicipalityCode("13102")
BORN = PartialDate(1990, 1, 2)
HOME_WORDS = "東京都千代田区架空町一丁目2番3号"


def member(kind: NodeKind, town: MunicipalityCode) -> Any:
    return replace(make_member(f"{kind.value.lower()}.m{town}", kind)[0], municipality=town)


TWO_CS = member(NodeKind.CS, HOME_TWO)
CS, AWAY_CS = member(NodeKind.CS, HOME), member(NodeKind.CS, AWAY)
AWAY_REGISTRY = member(NodeKind.REGISTRY, AWAY)


class Towns:
    """A directory of three towns."""

    profile = "demo"

    def cs_of(self, town: str) -> Any:
        return {HOME: CS, AWAY: AWAY_CS, HOME_TWO: TWO_CS}.get(MunicipalityCode(town))

    def registry_of(self, town: str) -> Any:
        return {HOME: member(NodeKind.REGISTRY, HOME), AWAY: AWAY_REGISTRY}.get(MunicipalityCode(town))


@pytest.fixture
def town(counter, monkeypatch):
    """The town that is told: its letters about filings are gathered with the others."""
    counter.node.wire.directory = Towns
    for room in ("sending", "closing"):
        monkeypatch.setattr(
            f"daicho.nodes.registry.filings.{room}.post_letters",
            lambda _unit, _node, letters: counter.letters.extend(letters),
        )
    return counter


@pytest.fixture
def family(town, move_in, comer):
    return arrived(town, move_in(comer(1), comer(2, "妻"), comer(3, "子")))


def report_of(whose="来訪　2号", kind=FilingKind.DEATH, **items):
    whom = ReportedPerson(whose, items.pop("born", BORN), items.pop("address", HOME_WORDS), "来訪　1号")
    return FilingReport(kind, "第12号", DAY, DAY, whom, **items)


def letter(report, report_id="r-1", sender=AWAY, receiver=HOME):
    return encode(FilingLetter(Route(report_id, sender, receiver), report))


def told(town, report, report_id="r-1", *, by=CS, **route):
    with town.node.store.unit() as unit:
        return receiving.take_report(unit, town.node, by, letter(report, report_id, **route))


def answers(town):
    return [one.content for one in town.letters if one.kind == ANSWER]


def entered(town, notice, report_id="r-1", who=None, reception=None):
    return receiving.enter_from_report(
        town.node,
        who or town.clerk,
        notice,
        (str(AWAY), report_id),
        draw_codes=town.draw,
        reception=reception,
    )


def died(record, **items):
    return DeathEntry(record.addressee_number, DAY, DAY, **({"by_report": True} | items))


def seen(town, report_id="r-1", who=None, **more):
    return receiving.received_report(town.node, who or town.clerk, str(AWAY), report_id, **more)


def count_rows(node, table):
    with node.store.unit() as unit:
        return unit.execute(f"select count(*) from register.{table}").fetchone()[0]


# what comes


def test_a_report_is_kept_once_and_shown_with_whom_it_means(town, family):
    assert told(town, report_of()) == ACCEPTED
    assert told(town, report_of()) == SUPERSEDED
    assert count_rows(town.node, "filing_in") == 1
    (line,) = receiving.received_reports(town.node, town.clerk).lines
    assert (line.kind, line.sender, line.name, line.state) == (FilingKind.DEATH, AWAY, "来訪　2号", "open")
    view = seen(town)
    assert isinstance(view, ReceivedView)
    # The day of birth and the place are everybody's in this family; the name is one person's.
    assert family[1].addressee_number in {one.addressee_number for one in view.people}
    seen_by = sightings_of(town.node, family[1])[0]
    assert [(one.purpose, one.basis) for one in seen_by] == [("職権による記載・調査", "法9条2項")]
    assert family[1].resident_record_code in {
        one.get("subject") for one in lines_about(town.node, "report:filing:shown")
    }


@pytest.mark.parametrize(
    ("by", "route", "reason"),
    [
        (member(NodeKind.REGISTRY, AWAY), {}, Reason.NOT_PERMITTED),
        (CS, {"receiver": MunicipalityCode("27100")}, Reason.OTHER_MUNICIPALITY),
        (CS, {"sender": HOME}, Reason.OTHER_MUNICIPALITY),
    ],
)
def test_only_the_own_cs_brings_reports_and_only_those_for_this_town(town, by, route, reason):
    settled = told(town, report_of(), by=by, **route)
    assert settled.refusal.reason is reason
    assert count_rows(town.node, "filing_in") == 0


def test_a_report_that_no_form_would_have_made_is_refused(town):
    assert told(town, report_of(sex=Sex.MALE)).refusal.reason is Reason.ITEM_FORBIDDEN
    future = replace(report_of(), accepted_on=DAY + timedelta(days=9))
    assert told(town, future).refusal.reason is Reason.DATE_IN_FUTURE
    assert told(town, replace(report_of(), accepted_on=DAY + timedelta(days=1))) == ACCEPTED


def test_the_verified_entry_closes_its_report_and_answers_the_town_in_one_unit(town, family, monkeypatch):
    told(town, report_of())
    view = entered(town, died(family[1]))
    assert isinstance(view, EntryView), view
    assert seen(town).line.state == "entered"
    assert answers(town) == []

    def break_down(*_given):
        raise RuntimeError("the line to the CS")

    with monkeypatch.context() as broken:
        broken.setattr("daicho.nodes.registry.counter.tell_cs", break_down)
        with pytest.raises(RuntimeError):
            verify_entry(town.node, town.checker, view.entry_id)
    town.letters.clear()  # they were of the unit that came to nothing
    assert seen(town).line.state == "entered"
    assert isinstance(verify_entry(town.node, town.checker, view.entry_id), EntryView)
    assert answers(town)[-1:] == [FilingAnswer(Route("r-1", AWAY, HOME), ReportAnswer.RECORDED)]
    assert receiving.received_reports(town.node, town.clerk).lines == ()
    (closed,) = receiving.received_reports(town.node, town.clerk, closed=True).lines
    assert (closed.answer, closed.name) == (ReportAnswer.RECORDED, ""), "its content is not kept any longer"
    (line,) = lines_about(town.node, "report:filing:answered")
    assert (line["subject"], line["outcome"]) == (family[1].resident_record_code, "RECORDED")
    verified = verify_entry(town.node, town.checker, view.entry_id)
    assert verified.reason is Reason.NOT_PENDING
    assert len(answers(town)) == 1


def test_of_two_clerks_at_one_report_the_second_one_enters_nothing(town, family):
    told(town, report_of())
    assert isinstance(entered(town, died(family[1])), EntryView)
    before = count_rows(town.node, "entry")
    again = entered(town, died(family[2]), who=town.both)
    assert (again.reason, again.field) == (Reason.REPORT_SETTLED, "report")
    assert count_rows(town.node, "entry") == before
    refused = receiving.answer_report(town.node, town.both, str(AWAY), "r-1", ReportAnswer.NOT_HERE)
    assert refused.reason is Reason.REPORT_SETTLED
    assert answers(town) == []


@pytest.mark.parametrize("by_whom", ["rejected", "withdrawn"])
def test_a_report_whose_entry_does_not_stand_waits_again(town, family, by_whom):
    told(town, report_of())
    view = entered(town, died(family[1]))
    if by_whom == "rejected":
        reject_entry(town.node, town.checker, view.entry_id, why="日付の誤り")
    else:
        withdraw_entry(town.node, town.clerk, view.entry_id, why="誤入力")
    assert seen(town).line.state == "open"
    assert isinstance(entered(town, died(family[1])), EntryView)


@pytest.mark.parametrize(
    ("notice", "reception"),
    [
        (lambda family: died(family[1], by_report=False), None),
        (
            lambda family: MoveOutNotice((family[1].addressee_number,), DAY, DAY, "北海道函館市", AWAY),
            AT_COUNTER,
        ),
    ],
)
def test_a_change_that_does_not_fit_leaves_neither_an_entry_nor_a_closed_report(
    town, family, notice, reception
):
    told(town, report_of())
    before = count_rows(town.node, "entry")
    refusal = entered(town, notice(family), reception=reception)
    assert (refusal.reason, refusal.field) == (Reason.REPORT_NOT_FITTING, "report")
    assert count_rows(town.node, "entry") == before
    assert seen(town).line.state == "open"


def test_a_birth_and_a_marriage_are_recorded_from_reports(town, family, comer):
    child = PersonName("来訪　新", "ライホウ　アラタ")
    told(town, report_of("来訪　1号", FilingKind.BIRTH, name=child, sex=Sex.MALE))
    told(town, report_of("来訪　2号", FilingKind.MARRIAGE, name=PersonName("婚姻　2号")), "r-2")
    born = BirthEntry(
        replace(comer(9, "子"), name=child, birth_date=PartialDate(DAY.year, DAY.month, DAY.day)),
        family[0].household_number, DAY, DAY, by_report=True,
    )  # fmt: skip
    wed = NameChangeEntry(
        family[1].addressee_number, PersonName("婚姻　2号", "コンイン　ニゴウ"), NameCause.MARRIAGE, DAY, DAY,
        by_report=True,
    )  # fmt: skip
    first, second = entered(town, born), entered(town, wed, "r-2")
    verify_entry(town.node, town.checker, second.entry_id)
    stale = verify_entry(town.node, town.checker, first.entry_id)
    assert stale.reason is Reason.CONFLICT, "the household changed meanwhile"
    reject_entry(town.node, town.checker, first.entry_id, why="入れ直し")
    assert isinstance(verify_entry(town.node, town.checker, entered(town, born).entry_id), EntryView)
    assert [(one.route.report_id, one.answer) for one in answers(town)] == [
        ("r-2", ReportAnswer.RECORDED),
        ("r-1", ReportAnswer.RECORDED),
    ]


@pytest.mark.parametrize("answer", [ReportAnswer.NOT_HERE, ReportAnswer.MOVED_ON])
def test_whoever_does_not_live_here_is_answered_without_a_word_of_where(town, family, answer):
    moved = MoveOutNotice((family[1].addressee_number,), DAY, DAY, "北海道函館市秘密町9番", AWAY)
    arrived(town, moved)
    told(town, report_of())
    assert receiving.answer_report(town.node, town.clerk, str(AWAY), "r-1", answer) is None
    (content,) = answers(town)
    assert (content.answer, "秘密町" in encode(content).decode()) == (answer, False)
    again = receiving.answer_report(town.node, town.clerk, str(AWAY), "r-1", answer)
    assert again.reason is Reason.REPORT_SETTLED
    assert len(answers(town)) == 1


def test_that_nothing_is_to_be_recorded_is_told_by_a_second_person_alone(town, family):
    told(town, report_of())
    name = (str(AWAY), "r-1")
    assert receiving.confirm_answer(town.node, town.checker, *name).reason is Reason.REPORT_SETTLED
    assert receiving.answer_report(town.node, town.both, *name, answer=ReportAnswer.NOTHING_TO_RECORD) is None
    assert answers(town) == []
    view = seen(town)
    assert (view.line.state, view.line.proposed_by, view.report) == ("proposed", "both01", report_of())
    assert entered(town, died(family[1])).reason is Reason.REPORT_SETTLED
    assert receiving.confirm_answer(town.node, town.both, *name).reason is Reason.SAME_PERSON
    assert receiving.confirm_answer(town.node, town.clerk, *name).reason is Reason.NOT_PERMITTED
    assert receiving.decline_answer(town.node, town.clerk, *name).reason is Reason.NOT_PERMITTED
    assert receiving.decline_answer(town.node, town.checker, *name) is None
    assert seen(town).line.state == "open"
    receiving.answer_report(town.node, town.clerk, *name, ReportAnswer.NOTHING_TO_RECORD)
    assert receiving.confirm_answer(town.node, town.both, *name) is None
    assert [one.answer for one in answers(town)] == [ReportAnswer.NOTHING_TO_RECORD]
    assert receiving.confirm_answer(town.node, town.checker, *name).reason is Reason.REPORT_SETTLED
    outcomes = [one["outcome"] for one in lines_about(town.node, "report:filing:answered")]
    assert [one for one, _ in groupby(outcomes)] == ["proposed", "declined", "proposed", "NOTHING_TO_RECORD"]


def test_whoever_holds_a_report_to_be_recorded_takes_it_back_alone(town):
    told(town, report_of())
    receiving.answer_report(town.node, town.clerk, str(AWAY), "r-1", ReportAnswer.NOTHING_TO_RECORD)
    assert receiving.decline_answer(town.node, town.clerk, str(AWAY), "r-1") is None
    assert receiving.answer_report(town.node, town.clerk, str(AWAY), "r-1", ReportAnswer.NOT_HERE) is None


@pytest.mark.parametrize("by", ["clerk01", None])
def test_the_database_ends_no_report_by_one_persons_word_that_nothing_is_to_be_recorded(town, by):
    told(town, report_of())
    with pytest.raises(psycopg.errors.CheckViolation), town.node.store.unit() as unit:
        unit.execute(
            "update register.filing_in set state = 'closed', answer = 'NOTHING_TO_RECORD', closed_by = 'clerk01',"
            " closed_at = now(), proposed_by = %s, proposed_at = case when %s::text is null then null else now() end,"
            " body = null, people = '{}'",
            (by, by),
        )


def test_a_town_that_lost_the_answer_and_sends_again_is_answered_again(town):
    told(town, report_of())
    assert told(town, report_of()) == SUPERSEDED
    assert answers(town) == [], "nobody has answered yet"
    receiving.answer_report(town.node, town.clerk, str(AWAY), "r-1", ReportAnswer.NOT_HERE)
    assert told(town, report_of()) == SUPERSEDED
    assert answers(town) == [FilingAnswer(Route("r-1", AWAY, HOME), ReportAnswer.NOT_HERE)] * 2
    assert count_rows(town.node, "filing_in") == 1


def test_a_report_that_waits_for_longer_than_a_week_is_late(town, clock):
    told(town, report_of())
    clock.instant += timedelta(days=7)
    assert not receiving.received_reports(town.node, town.clerk).lines[0].late
    clock.instant += timedelta(minutes=1)
    assert receiving.received_reports(town.node, town.clerk).lines[0].late
    receiving.answer_report(town.node, town.clerk, str(AWAY), "r-1", ReportAnswer.NOT_HERE)
    assert not receiving.received_reports(town.node, town.clerk, closed=True).lines[0].late


def test_nobody_answers_recorded_by_hand(town):
    told(town, report_of())
    refusal = receiving.answer_report(town.node, town.clerk, str(AWAY), "r-1", ReportAnswer.RECORDED)
    assert refusal.reason is Reason.FIELD_UNKNOWN_VALUE


# whom a measure hides


@pytest.mark.parametrize(
    "report",
    [
        report_of(),
        report_of(born=PartialDate(1991, 3, 4)),
        report_of("来訪　弐号"),
        report_of("来訪　弐号", address="千代田区架空町1丁目2-3"),
        report_of(born=PartialDate(1990, 1, None)),
    ],
    ids=["as recorded", "another day of birth", "another spelling", "name and place otherwise", "no day"],
)
def test_a_report_that_may_mean_somebody_protected_is_for_the_officer_alone(town, family, report):
    told(town, report)
    protection.apply_for_protection(town.node, OFFICER, application(family[1]))
    (line,) = receiving.received_reports(town.node, town.clerk).lines
    assert (line.hidden, line.name) == (True, "")
    refusal = seen(town)
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.PROTECTED
    assert lines_about(town.node, "protection:record:kept_back")
    answered = receiving.answer_report(town.node, town.clerk, str(AWAY), "r-1", ReportAnswer.NOT_HERE)
    assert answered.reason is Reason.PROTECTED
    assert answers(town) == []
    view = seen(town, who=OFFICER)
    assert view.report.person == report.person
    (line,) = receiving.received_reports(town.node, OFFICER).lines
    assert line.name == report.person.name


def about(town, person, who=None):
    found = receiving.open_reports_about(town.node, who or town.clerk, person.addressee_number)
    return [one.report_id for one in found]


def test_whom_an_open_report_may_mean_bears_it_until_it_is_answered(town, family):
    assert about(town, family[0]) == []
    told(town, report_of())
    meant = [one for one in family if about(town, one)]
    assert about(town, meant[0]) == ["r-1"]
    assert about(town, meant[0], town.admin) == [], "whoever sees no report learns of none"
    receiving.answer_report(town.node, town.clerk, str(AWAY), "r-1", ReportAnswer.NOT_HERE)
    assert about(town, meant[0]) == []


def test_a_report_that_comes_near_somebody_protected_is_on_nobodys_page_for_a_clerk(town, family):
    told(town, report_of())
    before = [one for one in family if about(town, one)]
    protection.apply_for_protection(town.node, OFFICER, application(family[1]))
    for one in family:
        assert about(town, one) == []
        assert about(town, one, OFFICER) == (["r-1"] if one in before else [])


def test_whose_name_holds_an_own_character_is_recognised_by_its_counterpart(town, move_in, comer):
    """Other towns write the counterpart, for an own character is nobody else's."""
    (bearer,) = arrived(town, move_in(named(comer)))
    identified(town)
    born = PartialDate(1991, 3, 4)  # the name alone is to find them
    told(town, report_of("渡辺　花子"))
    told(town, report_of("渡辺　花子", born=born, address="どこか"), "r-2")
    assert [one.addressee_number for one in seen(town).people] == [bearer.addressee_number]
    for report_id, name in (("s-1", "渡辺　花子"), ("s-2", bearer.name.kanji)):
        whom = ReportedPerson(name, BORN, "北海道函館市秘密町9番")
        assert drafted(town, report_id, replace(OUT, person=whom)) == report_id
    protection.apply_for_protection(town.node, OFFICER, application(bearer))
    assert [one.hidden for one in receiving.received_reports(town.node, town.clerk).lines] == [True, True]
    assert [seen(town, one).reason for one in ("r-1", "r-2")] == [Reason.PROTECTED] * 2
    assert [one.hidden for one in sending.sent_reports(town.node, town.clerk).lines] == [True, True]
    assert bearer.resident_record_code in {
        one.get("subject") for one in lines_about(town.node, "protection:record:kept_back")
    }


def test_a_clerk_who_opened_a_report_before_somebody_was_protected_enters_nothing_from_it(
    town, family, move_in, comer
):
    told(town, report_of())
    (other,) = arrived(town, move_in(comer(9)))
    protection.apply_for_protection(town.node, OFFICER, application(family[1]))
    before = count_rows(town.node, "entry")
    assert entered(town, died(other)).reason is Reason.PROTECTED
    assert count_rows(town.node, "entry") == before
    subjects = [one.get("subject") for one in lines_about(town.node, "protection:record:kept_back")]
    assert family[1].resident_record_code in subjects
    assert seen(town, who=OFFICER).line.state == "open"


def test_whoever_is_destroyed_is_meant_by_no_report_any_more(town, family, cluster):
    told(town, report_of())
    gone = family[1].addressee_number
    name = psycopg.conninfo.conninfo_to_dict(town.node.store.app_dsn)["dbname"]
    with psycopg.connect(cluster.dsn(str(name))) as admin:
        for table in ("resident", "card_event"):
            admin.execute(f"alter table register.{table} disable trigger is_not_removed")
        admin.execute("delete from register.resident where addressee_number = %s", (gone,))
        ((people,),) = admin.execute("select people from register.filing_in").fetchall()
    assert gone not in people
    assert family[0].addressee_number in people


def test_whoever_comes_under_a_measure_after_moving_in_is_found_when_the_report_is_opened(
    town, move_in, comer
):
    told(town, report_of("来訪　7号"))
    assert seen(town).people == ()
    (record,) = arrived(town, move_in(comer(7)))
    protection.apply_for_protection(town.node, OFFICER, application(record))
    assert seen(town).reason is Reason.PROTECTED


def test_a_second_resident_beside_those_that_were_found_is_shown_unless_hidden(town, family):
    told(town, report_of("別人　某", born=PartialDate(1950, 1, 1), address="どこか"))
    assert seen(town).people == ()
    view = seen(town, beside=family[1].addressee_number)
    assert [one.addressee_number for one in view.people] == [family[1].addressee_number]
    assert seen(town, beside=9_999).reason is Reason.NOT_FOUND
    protection.apply_for_protection(town.node, OFFICER, application(family[1]))
    assert seen(town, beside=family[1].addressee_number).reason is Reason.PROTECTED


def test_an_entry_from_a_report_by_the_officer_is_verified_by_whoever_may_see(town, family):
    told(town, report_of())
    protection.apply_for_protection(town.node, OFFICER, application(family[1]))
    assert entered(town, died(family[1])).reason is Reason.PROTECTED
    view = entered(town, died(family[1]), who=OFFICER)
    assert isinstance(view, EntryView), view
    assert isinstance(verify_entry(town.node, SECOND, view.entry_id), EntryView)
    assert [one.answer for one in answers(town)] == [ReportAnswer.RECORDED]


# what goes out

OUT = FilingReport(FilingKind.DEATH, "第30号", DAY, DAY, ReportedPerson("遠方　太郎", PartialDate(1950, 5, 5), "北海道函館市五稜郭町1番"))  # fmt: skip


def drafted(town, report_id="s-1", report=OUT, to=AWAY, who=None, **more):
    return sending.enter_report(town.node, who or town.clerk, report_id, to, report, **more)


def sent(town):
    return [one for one in town.letters if one.kind == REPORT]


def test_a_report_goes_out_by_two_people_and_only_once(town):
    assert drafted(town) == "s-1"
    assert drafted(town) == "s-1", "a form that is sent twice makes one report"
    assert count_rows(town.node, "filing_out") == 1
    assert sent(town) == []
    own = sending.send_report(town.node, replace(town.both, login_id="clerk01"), "s-1")
    assert own.reason is Reason.SAME_PERSON
    assert sending.send_report(town.node, town.clerk, "s-1").reason is Reason.NOT_PERMITTED
    assert sending.send_report(town.node, town.checker, "s-1") is None
    assert sending.send_report(town.node, town.both, "s-1").reason is Reason.REPORT_SETTLED
    (letter_out,) = sent(town)
    assert (letter_out.to, letter_out.content) == (CS, FilingLetter(Route("s-1", HOME, AWAY), OUT))
    (line,) = sending.sent_reports(town.node, town.clerk).lines
    assert (line.state, line.name) == ("sent", "遠方　太郎")
    assert "遠方" not in json.dumps(lines_about(town.node, "report:filing:decided"), ensure_ascii=False)


@pytest.mark.parametrize(
    ("to", "reason"),
    [(HOME, Reason.OTHER_MUNICIPALITY), (MunicipalityCode("27100"), Reason.MUNICIPALITY_UNKNOWN)],
)
def test_neither_the_own_town_nor_one_that_nobody_knows_is_told(town, to, reason):
    refusal = drafted(town, to=to)
    assert (refusal.reason, refusal.field) == (reason, "to_municipality")


def answered(town, answer, *, receiver=AWAY, by=CS, report_id="s-1", sender=HOME):
    content = encode(FilingAnswer(Route(report_id, sender, receiver), answer))
    with town.node.store.unit() as unit:
        return receiving.take_answer(unit, town.node, by, content)


def test_the_sender_sees_the_fate_and_the_first_word_of_the_town_that_was_told_stays(town):
    drafted(town)
    assert answered(town, ReportAnswer.RECORDED) == SUPERSEDED, "nothing was sent yet"
    sending.send_report(town.node, town.checker, "s-1")
    assert answered(town, ReportAnswer.RECORDED, receiver=MunicipalityCode("27100")) == SUPERSEDED
    assert answered(town, ReportAnswer.RECORDED, by=AWAY_REGISTRY).refusal.reason is Reason.NOT_PERMITTED
    assert answered(town, ReportAnswer.RECORDED, sender=AWAY, receiver=HOME).refusal is not None
    assert answered(town, ReportAnswer.RECORDED) == ACCEPTED
    assert answered(town, ReportAnswer.NOT_HERE) == SUPERSEDED
    assert sending.sent_reports(town.node, town.clerk).lines == ()
    (closed,) = sending.sent_reports(town.node, town.clerk, closed=True).lines
    assert (closed.answer, closed.name, closed.filing_number) == (ReportAnswer.RECORDED, "", "第30号")


def test_the_same_form_with_something_else_in_it_is_refused_and_not_dropped(town):
    drafted(town)
    corrected = replace(OUT, accepted_on=DAY - timedelta(days=1), happened_on=DAY - timedelta(days=1))
    for refusal in (
        drafted(town, report=corrected),
        drafted(town, to=HOME_TWO),
        drafted(town, who=town.both),
    ):
        assert (refusal.reason, refusal.field) == (Reason.REPORT_SETTLED, "report")
    assert sending.sent_report(town.node, town.clerk, "s-1").report == OUT
    sending.close_report(town.node, town.clerk, "s-1")
    assert drafted(town).reason is Reason.REPORT_SETTLED


def test_what_somebody_has_to_do_stands_before_what_waits_for_an_answer(town, monkeypatch):
    for place in range(3):
        drafted(town, f"s-{place}")
        sending.send_report(town.node, town.checker, f"s-{place}")
        town.node.clock.instant += timedelta(minutes=1)
    drafted(town, "s-8")
    drafted(town, "s-9")
    sending.return_report(town.node, town.checker, "s-9", "死亡日の誤り")
    monkeypatch.setattr(sending, "SHOWN_ROWS", 3)
    found = sending.sent_reports(town.node, town.clerk)
    assert ([one.report_id for one in found.lines], found.more) == (["s-8", "s-9", "s-0"], True)


def test_a_report_that_nobody_answers_for_a_week_counts_with_those_that_came_back(town, clock):
    def back():
        with town.node.store.reading() as unit:
            return filings.how_many_came_back(unit, late_before(town.node))

    drafted(town)
    clock.instant += timedelta(days=8)
    assert (back(), sending.sent_reports(town.node, town.clerk).lines[0].late) == (0, False), "not sent yet"
    sending.send_report(town.node, town.checker, "s-1")
    assert (back(), sending.sent_reports(town.node, town.clerk).lines[0].late) == (0, False)
    clock.instant += timedelta(days=7, minutes=1)
    assert (back(), sending.sent_reports(town.node, town.clerk).lines[0].late) == (1, True)
    answered(town, ReportAnswer.NOT_HERE)
    assert (back(), sending.sent_reports(town.node, town.clerk).lines[0].late) == (1, False)
    sending.close_report(town.node, town.clerk, "s-1")
    assert back() == 0


def test_a_report_that_reached_the_wrong_town_comes_back_and_is_sent_to_another_one(town):
    drafted(town)
    sending.send_report(town.node, town.checker, "s-1")
    assert answered(town, ReportAnswer.MOVED_ON) == ACCEPTED
    view = sending.sent_report(town.node, town.clerk, "s-1")
    assert isinstance(view, SentView)
    assert (view.line.state, view.report) == ("back", OUT)
    assert drafted(town, "s-2", replaces="s-1") == "s-2"
    assert drafted(town, "s-2", replaces="s-1") == "s-2", "the same form again"
    second = drafted(town, "s-3", replaces="s-1", who=town.both)
    assert second.reason is Reason.REPORT_SETTLED, "somebody else has taken it up meanwhile"
    states = {one.report_id: one.state for one in sending.sent_reports(town.node, town.clerk).lines}
    assert states == {"s-2": "drafted"}
    assert sending.sent_report(town.node, town.clerk, "s-1").report is None


def test_a_draft_is_given_back_with_a_reason_and_closed_by_hand(town):
    drafted(town)
    assert sending.return_report(town.node, town.checker, "s-1", " ").reason is Reason.FIELD_MISSING
    assert sending.return_report(town.node, town.checker, "s-1", "死亡日の誤り") is None
    assert sending.sent_report(town.node, town.clerk, "s-1").why == "死亡日の誤り"
    assert sending.close_report(town.node, town.clerk, "s-1") is None
    assert sending.sent_report(town.node, town.clerk, "s-1").why == "", "it may name the person"
    assert sending.close_report(town.node, town.clerk, "s-1").reason is Reason.REPORT_SETTLED
    drafted(town, "s-2")
    other = sending.close_report(town.node, town.both, "s-2")
    assert other.reason is Reason.NOT_PERMITTED, "a draft is withdrawn by whoever entered it"
    assert sending.close_report(town.node, town.clerk, "s-2") is None


def test_a_report_that_nobody_answers_can_be_closed_and_a_late_answer_changes_nothing(town):
    drafted(town)
    sending.send_report(town.node, town.checker, "s-1")
    assert sending.close_report(town.node, town.clerk, "s-1") is None
    assert answered(town, ReportAnswer.NOT_HERE) == SUPERSEDED


def test_the_address_in_a_report_of_somebody_protected_who_left_is_for_the_officer_alone(town, family):
    protection.apply_for_protection(town.node, OFFICER, application(family[1]))
    out = replace(OUT, person=ReportedPerson("来訪　2号", BORN, "北海道函館市秘密町9番"))
    drafted(town, report=out, who=OFFICER)
    (line,) = sending.sent_reports(town.node, town.clerk).lines
    assert (line.hidden, line.name) == (True, "")
    assert sending.sent_report(town.node, town.clerk, "s-1").reason is Reason.PROTECTED
    assert sending.send_report(town.node, town.checker, "s-1").reason is Reason.PROTECTED
    assert sent(town) == []
    assert sending.send_report(town.node, SECOND, "s-1") is None
    assert len(sent(town)) == 1


@pytest.mark.parametrize("place", [HOME_WORDS, "東京都千代田区架空町九丁目9番9号"], ids=["right", "wrong"])
@pytest.mark.parametrize(
    ("whose", "hidden"),
    [
        (("別人　某", BORN), True),
        (("来訪　2号", PartialDate(1991, 3, 4)), True),
        (("別人　某", PartialDate(1991, 3, 4)), False),
    ],
    ids=["another name", "another day", "another name and day"],
)
def test_a_clerk_who_guesses_at_an_address_in_a_report_does_not_learn_whether_it_was_right(
    town, family, whose, hidden, place
):
    protection.apply_for_protection(town.node, OFFICER, application(family[1]))
    assert drafted(town, report=replace(OUT, person=ReportedPerson(*whose, place))) == "s-1"
    (line,) = sending.sent_reports(town.node, town.clerk).lines
    assert (line.hidden, line.name) == (hidden, "" if hidden else whose[0])
    seen_alone = sending.sent_report(town.node, town.clerk, "s-1")
    assert (isinstance(seen_alone, SentView), isinstance(seen_alone, Refusal)) == (not hidden, hidden)


def test_a_report_that_is_not_for_a_clerk_is_not_replaced_by_them_either(town, family):
    out = replace(OUT, person=ReportedPerson("来訪　2号", BORN, "北海道函館市秘密町9番"))
    drafted(town, report=out)
    sending.send_report(town.node, town.checker, "s-1")
    answered(town, ReportAnswer.NOT_HERE)
    protection.apply_for_protection(town.node, OFFICER, application(family[1]))
    assert drafted(town, "s-2", replaces="s-1").reason is Reason.PROTECTED
    assert drafted(town, "s-2", replaces="s-1", who=OFFICER) == "s-2"


def test_whoever_neither_enters_nor_verifies_sees_no_report(town):
    administrator = Operator("admin", "a", (Role.ADMINISTRATOR,))
    told(town, report_of())
    drafted(town)
    for refusal in (
        sending.sent_reports(town.node, administrator),
        sending.sent_report(town.node, administrator, "s-1"),
        receiving.received_reports(town.node, administrator),
        seen(town, who=administrator),
        drafted(town, "s-9", who=administrator),
        receiving.decline_answer(town.node, administrator, str(AWAY), "r-1"),
    ):
        assert refusal.reason is Reason.NOT_PERMITTED


# on the way


@pytest.fixture
def cs(database, clock, monkeypatch):
    posted: list[Any] = []
    monkeypatch.setattr(passing, "post_letters", lambda _unit, _node, letters: posted.extend(letters))
    wire = SimpleNamespace(directory=Towns)
    return SimpleNamespace(me=CS, store=database("cs"), clock=clock, wire=wire, posted=posted)


def passed(cs, by, content, kind=REPORT):
    with cs.store.unit() as unit:
        return passing.passing(kind)(unit, cs, by, content)


OWN = member(NodeKind.REGISTRY, HOME)


@pytest.mark.parametrize(
    ("by", "route", "to"),
    [(OWN, {"sender": HOME, "receiver": AWAY}, AWAY_CS), (AWAY_CS, {"sender": AWAY, "receiver": HOME}, OWN)],
    ids=["out", "in"],
)
def test_a_cs_passes_a_report_on_unchanged_and_its_answer_back(cs, by, route, to):
    content = letter(report_of(), **route)
    assert passed(cs, by, content) == ACCEPTED
    (one,) = cs.posted
    assert (one.to.name, one.kind, one.content) == (to.name, REPORT, content)
    back = encode(FilingAnswer(Route("r-1", route["receiver"], route["sender"]), ReportAnswer.RECORDED))
    assert passed(cs, by, back, ANSWER) == ACCEPTED
    assert (cs.posted[-1].to.name, cs.posted[-1].kind, cs.posted[-1].content) == (to.name, ANSWER, back)
    assert [one["detail"]["report"] for one in lines_about(cs, "report:filing:passed")] == ["r-1", "r-1"]


@pytest.mark.parametrize(
    ("by", "route", "reason"),
    [
        (OWN, {"sender": AWAY, "receiver": HOME}, Reason.NOT_PERMITTED),
        (AWAY_CS, {"sender": MunicipalityCode("27100"), "receiver": HOME}, Reason.NOT_PERMITTED),
        (AWAY_CS, {"sender": AWAY, "receiver": MunicipalityCode("27100")}, Reason.NOT_PERMITTED),
        (member(NodeKind.PREFECTURE, HOME), {"sender": HOME, "receiver": AWAY}, Reason.NOT_PERMITTED),
        (OWN, {"sender": HOME, "receiver": MunicipalityCode("27100")}, Reason.MUNICIPALITY_UNKNOWN),
        (OWN, {"sender": HOME, "receiver": HOME}, Reason.OTHER_MUNICIPALITY),
    ],
)
def test_no_town_speaks_for_another_one(cs, by, route, reason):
    assert passed(cs, by, letter(report_of(), **route)).refusal.reason is reason
    assert cs.posted == []


def test_an_answer_is_passed_only_from_the_town_that_was_told(cs):
    content = encode(FilingAnswer(Route("r-1", HOME, MunicipalityCode("27100")), ReportAnswer.NOT_HERE))
    assert passed(cs, AWAY_CS, content, ANSWER).refusal.reason is Reason.NOT_PERMITTED


def test_what_another_town_s_letter_says_passes_a_stop_of_changes(town, family):
    told(town, report_of())
    stop = ProcessingStop(StopKind.CHANGES, StopCause.DISPUTE, "係争中", family[1].addressee_number)
    assert stops.place_stop(town.node, town.clerk, "s1", stop) == "s1"
    view = entered(town, died(family[1]))
    assert isinstance(view, EntryView)
    assert isinstance(verify_entry(town.node, town.checker, view.entry_id), EntryView)
