"""What one person asks for and another one decides, and what a veiled record no longer says."""

from dataclasses import asdict, replace
from datetime import date, datetime, timedelta

import pytest
from tests.rules.protection.test_protection import measure
from tests.rules.register.conftest import record

from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.protection.measure import EndCause, ProtectionState, state_on
from daicho.rules.protection.proposal import (
    ProposalKind,
    ProtectionProposal,
    carry_out,
    check_proposal,
    lapsed,
)
from daicho.rules.protection.veil import (
    WITHHELD,
    draft_without_places,
    entry_without_places,
    names_place,
    places_of,
    veiled,
    veiled_entry,
    without_places,
    without_remarks_on,
)
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
    opened = carry_out(RELEASE, measure(), "責任者", AT, (1, 2))
    (one,) = opened.releases
    assert (one.asked_by, one.approved_by, one.begins_at, one.why) == ("窓口", "責任者", AT, "本人が来庁した")
    assert one.ends_at == AT + timedelta(minutes=30)
    assert one.people == (1, 2)


@pytest.mark.parametrize(
    ("proposal", "hours", "over"), [(RELEASE, 4, False), (RELEASE, 5, True), (END, 24 * 400, False)]
)
def test_a_release_that_nobody_decided_in_time_lapses_and_an_end_does_not(proposal, hours, over) -> None:
    assert lapsed(proposal, AT, AT + timedelta(hours=hours)) is over


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


PLACE = places_of(_told_everything())


def test_the_places_of_somebody_are_home_and_where_they_go() -> None:
    one = _told_everything()
    assert len(places_of(one)) == 2
    assert places_of(
        replace(one, current_address=replace(one.current_address, building="別の棟"))
    ) == places_of(one)


@pytest.mark.parametrize(
    "item", ["previous_address", "move_in_from_address", "move_out_to_address", "registered_domicile"]
)
def test_whoever_lived_with_them_gives_their_place_away_in_no_item(item) -> None:
    protected = _told_everything()
    home = protected.current_address
    mate = replace(record(9), **{item: f"東京都千代田区{home.town}{home.block}"})
    assert home.block not in str(asdict(without_places(mate, PLACE))[item])
    assert without_places(mate, PLACE).name == mate.name
    assert without_places(mate, frozenset()) == mate


def test_a_part_of_their_place_is_kept_back_too_and_other_places_stay() -> None:
    protected = _told_everything()
    near = replace(record(9), previous_address=protected.current_address.town)
    far = replace(record(9), previous_address="架空県遠方市一丁目")
    home = replace(far.current_address, town="別町", block="7番")
    assert without_places(near, PLACE).previous_address == WITHHELD
    assert without_places(replace(far, current_address=home), PLACE) == replace(far, current_address=home)


def test_a_change_of_whoever_lived_with_them_says_only_the_rest() -> None:
    protected = _told_everything()
    mate = replace(record(9), current_address=protected.current_address)
    moved = replace(mate, current_address=replace(mate.current_address, town="別町", block="7番"))
    change = Entry(
        ChangeKind.MOVE_WITHIN, ChangeReason.MOVE_WITHIN, date(2026, 5, 1), date(2026, 5, 1), (mate,), (moved,),
        (9,), words="元の家を出た",
    )  # fmt: skip
    seen = entry_without_places(change, {9: PLACE})
    assert seen.before[0].current_address.town == WITHHELD
    assert seen.after[0].current_address == moved.current_address
    assert seen.words == ""
    assert entry_without_places(change, {8: PLACE}) == change
    back = replace(change, before=(moved,), after=(mate,))
    assert draft_without_places(back, {9: PLACE}).after == (mate,), "what a notice brings was typed from it"
    assert entry_without_places(back, {9: PLACE}).after[0].current_address.town == WITHHELD


def test_what_was_written_about_a_change_names_no_place_by_itself() -> None:
    protected = _told_everything()
    home = f"{protected.current_address.town}{protected.current_address.block}"
    mate = replace(record(9), current_address=replace(protected.current_address, town="別町", block="7番"))
    change = Entry(
        ChangeKind.MOVE_WITHIN, ChangeReason.MOVE_WITHIN, date(2026, 5, 1), date(2026, 5, 1), (mate,), (mate,), (9,),
    )  # fmt: skip
    for told in (replace(change, words=f"元の家は{home}"), replace(change, reason_detail=f"{home}から")):
        seen = entry_without_places(told, {9: PLACE})
        assert (seen.words, seen.reason_detail) == ("", "")
        assert seen.after == told.after
        assert entry_without_places(told, {8: PLACE}) == told
        assert draft_without_places(told, {9: PLACE}) == told, "typed from a notice: no guess is answered"


@pytest.mark.parametrize("before", [0, 199, 1_000])
def test_a_place_is_found_wherever_it_stands_in_a_text(before) -> None:
    home = _told_everything().current_address
    assert names_place("あ" * before + home.town + home.block, PLACE)
    assert not names_place("あ" * before + home.town, PLACE)
    assert not names_place(home.town + home.block, frozenset())


def test_of_their_own_past_people_read_everything_but_what_a_clerk_remarked_on_it() -> None:
    home = _told_everything().current_address
    own = replace(
        record(9), previous_address=home.town + home.block, remarks=(f"妻は{home.town}{home.block}", "別件")
    )
    seen = without_remarks_on(own, PLACE)
    assert (seen.previous_address, seen.remarks) == (own.previous_address, ("別件",))
    assert without_remarks_on(own, frozenset()) == own
