"""個別記載事項: noted as offices tell, kept with their history, on paper only where asked, told to nobody above."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import pytest
from tests.nodes.registry.conftest import AT_COUNTER, DAY
from tests.nodes.registry.test_certificates import NUMBER, K, Press, R, issue, own
from tests.nodes.registry.test_protection import OFFICER, application, arrived

from daicho.nodes.registry import programmes, protection
from daicho.nodes.registry.certificates import IssuedPaper
from daicho.nodes.registry.counter import EntryView, enter, verify_entry
from daicho.nodes.registry.residents import Purpose, search_residents
from daicho.rules.certificates.content import CertificateItem
from daicho.rules.certificates.request import CertificateRequest, IdentityProof, Judgement
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.sex import Sex
from daicho.rules.programmes.item import (
    Programme,
    ProgrammeChange,
    ProgrammeItem,
    ProgrammeKind,
    ProgrammeSource,
    ProgrammeStep,
)
from daicho.rules.protection.measure import AskingPerson
from daicho.rules.register.death import DeathEntry
from daicho.rules.register.lookup import ResidentTerms
from daicho.rules.register.move_out import MoveOutNotice
from daicho.store import numbers
from daicho.store.programmes import ItemRow, ProgrammeStepRow, items_of_person, items_to_change, keep_step
from daicho.store.unit import Unit
from daicho.wire.codecs.letters import encode

WHY = Purpose("資格の記録", "住民基本台帳法第7条", "t1")
P, S = Programme, ProgrammeStep
SINCE = date(2026, 11, 10)


@pytest.fixture
def woman(counter, move_in, comer):
    return arrived(counter, move_in(comer(1), comer(2, "妻"), comer(3, "子")))[1]


def told(programme=P.NHI, step=S.ACQUIRED, on=SINCE, **more):
    return ProgrammeChange(programme, step, on, ProgrammeSource.OFFICE, "国保第12号", **more)


def change(counter, record, what, operator=None, seen=None):
    """Note something after looking, or as somebody who saw the items some time ago."""
    number, shown = record.addressee_number, seen
    if shown is None:
        with counter.node.store.unit() as unit:
            shown = sum(row.version for row in items_of_person(unit, number))
    return programmes.change_programme(counter.node, operator or counter.clerk, number, what, shown, WHY)


def view(counter, record, operator=None):
    return programmes.programmes_view(counter.node, operator or counter.clerk, record.addressee_number, WHY)


@pytest.mark.requirement("R-045")
def test_a_resident_record_says_what_the_law_wants_of_it(counter, move_in, comer):
    born_of = {"registered_domicile": "架空県架空市１番", "family_register_head": "来訪　1号"}
    old = replace(comer(1, **born_of), birth_date=PartialDate(1955, 1, 2))
    man, told_of = arrived(counter, move_in(old, comer(2, "妻", **born_of)))
    noted = {P.VOTER: told_of, P.NHI: told_of, P.PENSION: told_of, P.CHILD_ALLOWANCE: told_of, P.CARE: man}
    for which, whose in noted.items():
        change(counter, whose, told(which, kind=ProgrammeKind.FIRST if which is P.PENSION else None))
    seen = {one.programme for whose in (man, told_of) for one in view(counter, whose).items}
    assert seen == set(noted)
    (kept,) = search_residents(
        counter.node,
        counter.clerk,
        ResidentTerms(kanji="来訪　2号", address=told_of.current_address.town),
        WHY,
    ).records
    assert (kept.name.kanji, kept.birth_date.whole, kept.sex) == ("来訪　2号", date(1990, 1, 2), Sex.MALE)
    assert (kept.householder_name, kept.relationship) == ("来訪　1号", "妻")
    assert (kept.registered_domicile, kept.family_register_head) == ("架空県架空市１番", "来訪　1号")
    assert (kept.resident_since, kept.address_since, kept.address_since_notified_on) == (SINCE, SINCE, DAY)
    assert kept.current_address.block
    assert kept.resident_record_code


@pytest.mark.requirement("F1-23")
def test_what_an_office_tells_stands_with_its_history_and_nobody_above_is_told(counter, woman):
    letters = len(counter.letters)
    change(counter, woman, told())
    change(counter, woman, told(step=S.LOST, on=DAY))
    seen = view(counter, woman)
    assert seen.items == (ProgrammeItem(P.NHI, SINCE, DAY),)
    assert [(one.change.step, one.by) for one in seen.history] == [
        (S.LOST, "clerk01"),
        (S.ACQUIRED, "clerk01"),
    ]
    assert len(counter.letters) == letters
    subject = str(woman.resident_record_code)
    lines = [line for line in counter.lines() if line[0].startswith("programme:")]
    assert lines == [
        ("programme:item:changed", "clerk01", subject),
        ("programme:item:changed", "clerk01", subject),
        ("programme:items:shown", "clerk01", subject),
    ]


def test_whoever_saw_less_than_was_told_meanwhile_changes_nothing(counter, woman):
    seen = view(counter, woman).seen
    change(counter, woman, told())
    for late in (told(), told(step=S.LOST, on=DAY), told(P.VOTER)):
        refused = change(counter, woman, late, seen=seen)
        assert (refused.reason, refused.field) == (Reason.CHANGED_SINCE, "seen")
    now = view(counter, woman)
    assert (now.items, len(now.history), now.seen) == ((ProgrammeItem(P.NHI, SINCE),), 1, seen + 1)
    # What was revoked counts, too: a page from before it is no page of now.
    change(counter, woman, told(step=S.REVOKED, why="別人の通知"))
    assert change(counter, woman, told(), seen=now.seen).reason is Reason.CHANGED_SINCE
    assert isinstance(change(counter, woman, told(), seen=view(counter, woman).seen), ProgrammeItem)


def test_the_database_itself_lets_no_step_follow_but_on_the_version_before(counter, woman):
    change(counter, woman, told())
    step = ProgrammeStepRow("clerk01", counter.node.clock.now(), "{}")
    with counter.node.store.unit() as unit:
        (row,) = items_to_change(unit, woman.addressee_number)
        for version in (row.version, row.version + 2):
            again = ItemRow(row.programme, version, row.body)
            assert not keep_step(unit, woman.addressee_number, again, step)
    assert len(view(counter, woman).history) == 1


def test_a_history_that_goes_on_says_so(counter, woman, monkeypatch):
    monkeypatch.setattr(programmes, "SHOWN_STEPS", 2)
    change(counter, woman, told())
    change(counter, woman, told(step=S.LOST, on=DAY))
    assert not view(counter, woman).more
    change(counter, woman, told(P.VOTER))
    seen = view(counter, woman)
    assert (len(seen.history), seen.more, seen.seen) == (2, True, 3)


@pytest.mark.parametrize(
    ("there", "asked"),
    [(MunicipalityCode("01202"), ()), (MunicipalityCode("13120"), (P.NHI,)), (None, (P.NHI,))],
    ids=["another prefecture", "the same prefecture", "unknown"],
)
def test_health_insurance_of_whoever_stays_in_the_prefecture_is_asked_about(counter, woman, there, asked):
    change(counter, woman, told())
    notice = MoveOutNotice((woman.addressee_number,), DAY, DAY, "転出先", there)
    entered = enter(counter.node, counter.clerk, notice, draw_codes=counter.draw, reception=AT_COUNTER)
    assert isinstance(entered, EntryView), entered
    assert isinstance(verify_entry(counter.node, counter.checker, entered.entry_id), EntryView)
    seen = view(counter, woman)
    assert seen.to_confirm == asked
    assert (P.NHI in {one.programme for one in seen.proposed}) == (not asked)


def test_a_refused_change_keeps_nothing(counter, woman):
    refused = change(counter, woman, told(step=S.LOST))
    assert refused.reason is Reason.NOT_FOUND
    assert view(counter, woman).history == ()


def test_what_was_revoked_is_gone_and_its_history_stays(counter, woman):
    change(counter, woman, told())
    assert change(counter, woman, told(step=S.REVOKED, why="別人の通知")) is None
    seen = view(counter, woman)
    assert seen.items == ()
    assert len(seen.history) == 2
    assert isinstance(change(counter, woman, told()), ProgrammeItem)


@pytest.mark.parametrize("operator", ["checker", "officer", "admin"])
def test_only_who_enters_changes_notes_what_an_office_tells(counter, woman, operator):
    refused = change(counter, woman, told(), getattr(counter, operator))
    assert refused.reason is Reason.NOT_PERMITTED
    assert programmes.programmes_view(
        counter.node, counter.clerk, woman.addressee_number, Purpose("", "")
    ).reason is Reason.PURPOSE_MISSING  # fmt: skip


def test_of_somebody_unknown_nothing_is_shown_nor_noted(counter, woman):
    for answer in (
        programmes.programmes_view(counter.node, counter.clerk, 999, WHY),
        programmes.change_programme(counter.node, counter.clerk, 999, told(), 0, WHY),
    ):
        assert answer.reason is Reason.NOT_FOUND


def test_a_protected_person_s_items_are_kept_back_and_the_attempt_leaves_a_line(counter, woman):
    change(counter, woman, told())
    protection.apply_for_protection(counter.node, OFFICER, application(woman))
    before = len([line for line in counter.lines() if line[0] == "protection:record:kept_back"])
    assert view(counter, woman).reason is Reason.PROTECTED
    assert change(counter, woman, told(step=S.LOST, on=DAY)).reason is Reason.PROTECTED
    after = [line for line in counter.lines() if line[0] == "protection:record:kept_back"]
    assert len(after) == before + 2
    assert len(view(counter, woman, OFFICER).items) == 1


def test_what_ends_by_death_is_proposed_and_not_done(counter, woman):
    change(counter, woman, told())
    died = DeathEntry(woman.addressee_number, SINCE, DAY)
    entered = enter(counter.node, counter.clerk, died, draw_codes=counter.draw)
    assert isinstance(entered, EntryView), entered
    assert isinstance(verify_entry(counter.node, counter.checker, entered.entry_id), EntryView)
    seen = view(counter, woman)
    assert seen.items[0].held
    (proposed,) = seen.proposed
    assert (proposed.programme, proposed.on) == (P.NHI, date(2026, 11, 11))
    ended = change(counter, woman, proposed)
    assert ended.lost_on == date(2026, 11, 11)
    assert view(counter, woman).proposed == ()


def paper(counter, woman, items, *, third=False):
    press = Press()
    request = own(woman, K.PERSONAL_COPY, items=items)
    if third:
        request = CertificateRequest(
            K.PERSONAL_COPY, R.THIRD_PARTY, AskingPerson("架空　債権者"), people=(woman.addressee_number,),
            items=items, purpose="債権の回収", judgement=Judgement.JUSTIFIED, justified_items=items,
            proof=IdentityProof.PHOTO,
        )  # fmt: skip
    printed = issue(counter, request, woman, press)
    assert isinstance(printed, IssuedPaper), printed
    return press.text


def test_items_are_printed_only_for_whoever_asks_and_the_pension_s_number_only_by_own_right(counter, woman):
    pension = told(P.PENSION, kind=ProgrammeKind.FIRST, number="0123456789")
    change(counter, woman, pension)
    items = frozenset({CertificateItem.PROGRAMMES})
    assert "国民年金" not in paper(counter, woman, frozenset())
    assert "国民年金　令和8年11月10日資格取得　第1号被保険者　基礎年金番号0123-456789" in paper(
        counter, woman, items
    )
    other = paper(counter, woman, items, third=True)
    assert "国民年金" in other
    assert "0123" not in other


def test_whoever_works_with_programmes_is_given_no_individual_number(counter, woman, monkeypatch):
    code = woman.resident_record_code
    vault = counter.node.vault
    with counter.node.store.unit() as unit, unit.as_number_keeper():
        sealed = numbers.SealedNumber(str(code), vault.seal(NUMBER, str(code)), vault.lookup(NUMBER), DAY)
        numbers.keep_numbers(unit, [sealed])
    keepers = []

    @contextmanager
    def counted(unit):
        keepers.append(unit)
        yield unit

    monkeypatch.setattr(Unit, "as_number_keeper", counted)
    refused = change(counter, woman, told(why=f"番号 {NUMBER}"))
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.INDIVIDUAL_NUMBER_NOT_USED
    change(counter, woman, told())
    # As it is written, not as it is shown: a number's own repr says nothing of its digits.
    assert str(NUMBER).encode() in encode([NUMBER])
    assert str(NUMBER).encode() not in encode(view(counter, woman))
    assert keepers == [], "nobody stepped into the role that may read numbers"
