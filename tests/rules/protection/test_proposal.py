"""What one person asks for and another one decides, and what a veiled record no longer says."""

from dataclasses import asdict, replace
from datetime import date, datetime, timedelta

import pytest
from tests.rules.protection.test_protection import measure
from tests.rules.register.conftest import record

from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.protection.measure import EndCause, ProtectionState, released_at, state_on
from daicho.rules.protection.proposal import ProposalKind, ProtectionProposal, carry_out, check_proposal
from daicho.rules.protection.veil import WITHHELD, veiled, veiled_entry
from daicho.rules.register.changes import Entry
from daicho.rules.register.reasons import ChangeKind, ChangeReason
from daicho.rules.register.record import ScheduledMoveOut

RELEASE = ProtectionProposal(ProposalKind.RELEASE, "窓口", "本人が来庁した", minutes=30)
END = ProtectionProposal(ProposalKind.END, "窓口", "本人の申出", cause=EndCause.WITHDRAWN)
AT = datetime(2026, 5, 1, 10)
FAR = MunicipalityCode("01202")


@pytest.mark.parametrize(
    ("proposal", "reason", "field"),
    [
        (replace(RELEASE, why=" 　"), Reason.FIELD_MISSING, "why"),
        (replace(RELEASE, minutes=0), Reason.RELEASE_TOO_LONG, "minutes"),
        (replace(RELEASE, minutes=61), Reason.RELEASE_TOO_LONG, "minutes"),
        (replace(END, cause=None), Reason.FIELD_MISSING, "cause"),
        (replace(END, why=""), Reason.FIELD_MISSING, "why"),
    ],
)
def test_what_could_never_be_decided_is_not_asked(proposal, reason, field) -> None:
    refusal = check_proposal(proposal)
    assert isinstance(refusal, Refusal)
    assert (refusal.reason, refusal.field) == (reason, field)


@pytest.mark.parametrize(
    "proposal", [RELEASE, replace(RELEASE, minutes=60), replace(RELEASE, minutes=1), END]
)
def test_what_can_be_decided_is_asked(proposal) -> None:
    assert check_proposal(proposal) is None


def test_a_release_is_of_whoever_asked_and_begins_with_the_decision() -> None:
    opened = carry_out(RELEASE, measure(), "責任者", AT)
    (one,) = opened.releases
    assert (one.asked_by, one.approved_by, one.begins_at, one.why) == ("窓口", "責任者", AT, "本人が来庁した")
    assert one.ends_at == AT + timedelta(minutes=30)
    assert released_at(opened, AT, "窓口")
    assert not released_at(opened, AT, "責任者")
    assert not released_at(opened, one.ends_at, "窓口")


@pytest.mark.parametrize("proposal", [RELEASE, END])
def test_nobody_carries_out_what_they_asked_for(proposal) -> None:
    refusal = carry_out(proposal, measure(), "窓口", AT)
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.SAME_PERSON


def test_an_end_names_both_and_is_of_the_day_of_the_decision() -> None:
    ended = carry_out(END, measure(), "責任者", AT)
    assert (ended.end.asked_by, ended.end.ended_by, ended.end.ended_on) == (
        "窓口",
        "責任者",
        date(2026, 5, 1),
    )
    assert state_on(ended, date(2026, 5, 1)) is ProtectionState.ENDED


def _told_everything():
    plan = ScheduledMoveOut(
        date(2026, 5, 2), date(2026, 5, 1), "函館市秘密町", FAR, abroad=False, by_card=False
    )
    return replace(
        record(1),
        previous_address="函館市秘密町", previous_municipality=FAR, move_in_from_address="函館市秘密町",
        move_out_to_address="函館市秘密町", registered_domicile="函館市秘密町", family_register_head="秘密　筆頭",
        householder_name="秘密　世帯主", de_facto_householder="秘密　事実上", remarks=("秘密",),
        scheduled_move_out=plan, programme_info=("秘密",), certificate_history=("秘密",), card_info=("秘密",),
        seal_registration=("秘密",),
    )  # fmt: skip


def test_a_veiled_record_says_nothing_of_where() -> None:
    whole = _told_everything()
    less = veiled(whole)
    text = str(asdict(less))
    assert "秘密" not in text
    assert whole.current_address.town not in text
    assert str(FAR) not in text
    assert less.current_address.one_line() == WITHHELD
    assert less.current_address.municipality == whole.current_address.municipality
    assert (less.name, less.birth_date, less.relationship) == (
        whole.name,
        whole.birth_date,
        whole.relationship,
    )
    assert less.scheduled_move_out.scheduled_on == date(2026, 5, 2)
    assert less.previous_address == less.registered_domicile == less.family_register_head == WITHHELD
    assert less.move_in_from_address == less.move_out_to_address == WITHHELD
    assert less.householder_name == less.de_facto_householder == WITHHELD
    assert less.scheduled_move_out.destination == WITHHELD
    assert less.previous_municipality is None
    assert less.scheduled_move_out.destination_municipality is None


def test_what_a_record_does_not_have_is_not_made_up_by_the_veil() -> None:
    less = veiled(record(1))
    assert less.scheduled_move_out is None
    assert less.previous_address is None


def _entry():
    before, other = _told_everything(), record(2, 2)
    after = replace(before, update_sequence=before.update_sequence + 1)
    return Entry(
        ChangeKind.MOVE_WITHIN, ChangeReason.MOVE_WITHIN, date(2026, 5, 1), date(2026, 5, 1), (before, other),
        (after, other), (1,), words="秘密", reason_detail="秘密",
    )  # fmt: skip


def test_a_change_in_which_somebody_is_hidden_hides_both_sides_of_everybody() -> None:
    entry = _entry()
    less = veiled_entry(entry, {1})
    assert "秘密" not in str(asdict(less))
    assert less.before[1] == veiled(entry.before[1])
    assert less.after[1] == veiled(entry.after[1])
    assert less.after[0] == veiled(entry.after[0])
    assert less.before[0] == veiled(entry.before[0])
    assert less.reception is None


def test_a_change_of_nobody_hidden_is_left_as_it_is() -> None:
    entry = _entry()
    assert veiled_entry(entry, {9}) is entry


def test_a_change_whose_hidden_person_stands_on_one_side_only_is_veiled() -> None:
    entry = replace(_entry(), before=())
    assert "秘密" not in str(asdict(veiled_entry(entry, {1})))
