"""個別記載事項: noted as offices tell, kept with their history, on paper only where asked, told to nobody above."""

from datetime import date

import pytest
from tests.nodes.registry.conftest import DAY
from tests.nodes.registry.test_certificates import NUMBER, K, Press, R, issue, own
from tests.nodes.registry.test_protection import OFFICER, application, arrived

from daicho.nodes.registry import programmes, protection
from daicho.nodes.registry.certificates import IssuedPaper
from daicho.nodes.registry.counter import EntryView, enter, verify_entry
from daicho.nodes.registry.residents import Purpose
from daicho.rules.certificates.content import CertificateItem
from daicho.rules.certificates.request import CertificateRequest, IdentityProof, Judgement
from daicho.rules.law.refusal import Reason, Refusal
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
from daicho.store import numbers

WHY = Purpose("資格の記録", "住民基本台帳法第7条", "t1")
P, S = Programme, ProgrammeStep
SINCE = date(2026, 11, 10)


@pytest.fixture
def woman(counter, move_in, comer):
    return arrived(counter, move_in(comer(1), comer(2, "妻"), comer(3, "子")))[1]


def told(programme=P.NHI, step=S.ACQUIRED, on=SINCE, **more):
    return ProgrammeChange(programme, step, on, ProgrammeSource.OFFICE, "国保第12号", **more)


def change(counter, record, what, operator=None):
    return programmes.change_programme(
        counter.node, operator or counter.clerk, record.addressee_number, what, WHY
    )


def view(counter, record, operator=None):
    return programmes.programmes_view(counter.node, operator or counter.clerk, record.addressee_number, WHY)


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
        programmes.change_programme(counter.node, counter.clerk, 999, told(), WHY),
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


def test_whoever_works_with_programmes_is_given_no_individual_number(counter, woman):
    code = woman.resident_record_code
    vault = counter.node.vault
    with counter.node.store.unit() as unit, unit.as_number_keeper():
        sealed = numbers.SealedNumber(str(code), vault.seal(NUMBER, str(code)), vault.lookup(NUMBER), DAY)
        numbers.keep_numbers(unit, [sealed])
    refused = change(counter, woman, told(why=f"番号 {NUMBER}"))
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.INDIVIDUAL_NUMBER_NOT_USED
    change(counter, woman, told())
    assert str(NUMBER) not in repr(view(counter, woman))
