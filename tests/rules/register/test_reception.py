"""届出の受付: who may hand a notice in, and how that person is known (法26条, 27条)."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.register.conftest import DAY, THERE, Town

from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.register.death import DeathEntry
from daicho.rules.register.drafting import received
from daicho.rules.register.move_out import MoveOutNotice
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.numbering import NumberNotice
from daicho.rules.register.reasons import ChangeKind, ChangeReason, Source
from daicho.rules.register.reception import (
    Authority,
    Channel,
    Document,
    Notifier,
    Reception,
    check_reception,
    identity_confirmed,
)

CARD = (Document.NUMBER_CARD,)
WITHOUT_PHOTO = frozenset(
    {
        Document.NOTIFICATION_CARD,
        Document.INSURANCE_CERTIFICATE,
        Document.PENSION_CERTIFICATE,
        Document.OTHER_OFFICIAL,
    }
)


def reason(reception, kind=ChangeKind.MOVE_WITHIN):
    refusal = check_reception(reception, kind)
    return refusal.reason if isinstance(refusal, Refusal) else None


@pytest.mark.requirement("R-040")
@pytest.mark.parametrize("document", sorted(set(Document) - WITHOUT_PHOTO - {Document.SIGNATURE}))
def test_one_paper_with_a_photo_is_enough_at_the_counter(document):
    assert reason(Reception(Notifier.SELF, (document,))) is None


@pytest.mark.requirement("R-040")
@pytest.mark.parametrize("document", sorted(WITHOUT_PHOTO))
def test_a_paper_without_a_photo_needs_answers_about_the_register(document):
    assert reason(Reception(Notifier.SELF, (document,))) is Reason.IDENTITY_NOT_PROVEN
    assert reason(Reception(Notifier.SELF, (document,), questions_answered=True)) is None


@pytest.mark.requirement("R-040")
def test_answers_without_any_paper_are_not_enough():
    assert reason(Reception(Notifier.SELF, (), questions_answered=True)) is Reason.IDENTITY_NOT_PROVEN


def test_a_signature_is_no_paper_that_can_be_shown_at_the_counter():
    assert not identity_confirmed(Reception(Notifier.SELF, (Document.SIGNATURE,), questions_answered=True))


@pytest.mark.requirement("R-039")
@pytest.mark.parametrize(
    ("notifier", "authority", "expected"),
    [
        (Notifier.AGENT, None, Reason.AUTHORITY_NOT_SHOWN),
        (Notifier.AGENT, Authority.FAMILY_REGISTER_CERTIFICATE, Reason.AUTHORITY_NOT_SHOWN),
        (Notifier.AGENT, Authority.GUARDIANSHIP_CERTIFICATE, Reason.AUTHORITY_NOT_SHOWN),
        (Notifier.AGENT, Authority.POWER_OF_ATTORNEY, None),
        (Notifier.LEGAL_REPRESENTATIVE, None, Reason.AUTHORITY_NOT_SHOWN),
        (Notifier.LEGAL_REPRESENTATIVE, Authority.POWER_OF_ATTORNEY, Reason.AUTHORITY_NOT_SHOWN),
        (Notifier.LEGAL_REPRESENTATIVE, Authority.FAMILY_REGISTER_CERTIFICATE, None),
        (Notifier.LEGAL_REPRESENTATIVE, Authority.GUARDIANSHIP_CERTIFICATE, None),
        (Notifier.SAME_HOUSEHOLD, None, None),
    ],
)
def test_whoever_acts_for_another_shows_the_paper_that_allows_it(notifier, authority, expected):
    assert reason(Reception(notifier, CARD, "架空　代理", authority=authority)) is expected


@pytest.mark.requirement("R-039")
@pytest.mark.parametrize("notifier", [Notifier.SAME_HOUSEHOLD, Notifier.LEGAL_REPRESENTATIVE, Notifier.AGENT])
def test_whoever_acts_for_another_is_named(notifier):
    assert reason(Reception(notifier, CARD, authority=Authority.POWER_OF_ATTORNEY)) is Reason.FIELD_MISSING


@pytest.mark.parametrize("kind", sorted(set(ChangeKind) - {ChangeKind.MOVE_OUT_NOTICE, ChangeKind.MOVE_OUT}))
def test_only_moving_out_can_be_notified_from_afar(kind):
    signed = Reception(Notifier.SELF, (Document.SIGNATURE,), channel=Channel.ONLINE)
    assert reason(signed, kind) is Reason.CHANNEL_NOT_ALLOWED
    assert reason(Reception(Notifier.SELF, CARD, channel=Channel.POST), kind) is Reason.CHANNEL_NOT_ALLOWED


def test_moving_out_by_post_takes_a_copy_with_a_photo_or_two_without():
    def by_post(*documents, answered=False):
        posted = Reception(Notifier.SELF, documents, questions_answered=answered, channel=Channel.POST)
        return reason(posted, ChangeKind.MOVE_OUT_NOTICE)

    assert by_post(Document.PASSPORT) is None
    assert by_post(Document.INSURANCE_CERTIFICATE, Document.PENSION_CERTIFICATE) is None
    one = by_post(Document.INSURANCE_CERTIFICATE, answered=True)
    assert one is Reason.IDENTITY_NOT_PROVEN


def test_moving_out_over_the_network_takes_a_signature_and_nothing_else():
    online = Reception(Notifier.SELF, (Document.SIGNATURE,), channel=Channel.ONLINE)
    assert reason(online, ChangeKind.MOVE_OUT_NOTICE) is None
    shown = Reception(Notifier.SELF, tuple(set(Document) - {Document.SIGNATURE}), channel=Channel.ONLINE)
    assert reason(shown, ChangeKind.MOVE_OUT_NOTICE) is Reason.IDENTITY_NOT_PROVEN


@given(
    st.sets(st.sampled_from(Document)),
    st.sets(st.sampled_from(Document)),
    st.booleans(),
    st.sampled_from(Channel),
)
def test_showing_more_never_confirms_less(few, more, answered, channel):
    def confirmed(documents):
        return identity_confirmed(
            Reception(Notifier.SELF, tuple(documents), questions_answered=answered, channel=channel)
        )

    assert not confirmed(few) or confirmed(few | more)


@pytest.mark.requirement("R-033", "R-039")
def test_no_notice_is_taken_without_its_reception_and_what_is_done_ex_officio_needs_none(
    family: Town,
) -> None:
    notice = family.draft(MoveWithinNotice((1, 2, 3), THERE, DAY, DAY))
    assert received(notice, None).reason is Reason.RECEPTION_MISSING
    at_counter = Reception(Notifier.SELF, CARD)
    kept = received(notice, at_counter)
    assert kept.reception == at_counter
    assert kept.after == notice.after
    death = family.draft(DeathEntry(3, DAY, DAY))
    assert received(death, None) == death


def test_a_moving_out_told_too_late_to_be_a_notice_is_received_like_one(family: Town) -> None:
    late = family.draft(
        MoveOutNotice(
            (1, 2, 3),
            DAY - timedelta(days=20),
            DAY,
            "北海道函館市",
            MunicipalityCode("01202"),
            abroad=False,
            by_card=False,
        )
    )
    assert late.late
    assert received(late, None).reason is Reason.RECEPTION_MISSING


@pytest.mark.requirement("R-026")
def test_each_change_says_from_whom_it_is_known(family: Town) -> None:
    own = family.draft(MoveWithinNotice((1, 2, 3), THERE, DAY, DAY))
    known = family.current()[0].resident_record_code
    late = family.draft(
        MoveOutNotice((1, 2, 3), DAY - timedelta(days=20), DAY, "北海道函館市", MunicipalityCode("01202"))
    )
    by_agent = Reception(Notifier.AGENT, CARD, authority=Authority.POWER_OF_ATTORNEY, name="代理　一郎")
    assert [
        one.source
        for one in (
            own,
            received(own, Reception(Notifier.HOUSEHOLDER, CARD)),
            received(own, by_agent),
            received(late, Reception(Notifier.SELF, CARD)),
            family.draft(DeathEntry(3, DAY, DAY)),
            family.draft(DeathEntry(3, DAY, DAY, by_report=True)),
            family.draft(NumberNotice(known, ChangeReason.NUMBER_ENTERED, DAY)),
        )
    ] == [
        Source.PERSON,
        Source.PERSON,
        Source.REPRESENTATIVE,
        Source.PERSON,
        Source.OWN_OFFICE,
        Source.OTHER_MUNICIPALITY,
        Source.AGENCY,
    ]
