"""Notices that are owed: whoever got a code hears it, whoever did not come is asked, and nothing is sent twice."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.rules.register.conftest import DAY, HERE, THERE, Town, arriving, code, record

from daicho.rules.certificates.content import CertificateKind
from daicho.rules.certificates.owed import (
    OwedNotice,
    basis_of_notice,
    needs_certificate,
    notice_delivery,
    notices_owed,
)
from daicho.rules.certificates.request import Delivery
from daicho.rules.law.refusal import Reason
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.register.changes import Entry
from daicho.rules.register.drafting import received
from daicho.rules.register.move_in import MoveInNotice
from daicho.rules.register.move_out import MoveOutNotice
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.numbering import CodeChange
from daicho.rules.register.reception import Authority, Channel, Document, Notifier, Reception

K = CertificateKind
AWAY = MunicipalityCode("01202")
SELF = Reception(Notifier.SELF, (Document.NUMBER_CARD,))
AGENT = Reception(
    Notifier.AGENT, (Document.DRIVING_LICENCE,), "架空　代理", authority=Authority.POWER_OF_ATTORNEY
)
BY_POST = Reception(Notifier.SELF, (Document.DRIVING_LICENCE,), channel=Channel.POST)


@pytest.fixture
def family():
    return Town().settle(record(1), record(2, relationship="夫"))


def filed(town, notice, reception=SELF):
    entry = town.draft(notice)
    assert isinstance(entry, Entry), entry
    if reception is not None:
        entry = received(entry, reception)
        assert isinstance(entry, Entry), entry
    return entry


def moving_in(*people):
    return MoveInNotice(people, HERE, date(2026, 11, 10), DAY, "北海道函館市", AWAY)


def moving_out(*numbers, days=10, **items):
    notice = MoveOutNotice(numbers, DAY + timedelta(days=days), DAY, "北海道函館市", AWAY, **items)
    return notice if len(numbers) > 1 or numbers[0] != 1 else replace(notice, successor=2)


def test_whoever_gets_a_code_here_hears_it_and_whoever_brings_one_does_not():
    new = filed(Town(), moving_in(arriving(1), arriving(2, "妻")))
    numbers = [one.addressee_number for one in new.after]
    assert notices_owed(new) == tuple(OwedNotice(K.CODE_NOTICE, (number,)) for number in numbers)
    brought = filed(Town(), moving_in(arriving(1, resident_record_code=code(7))))
    assert notices_owed(brought) == ()


def test_a_changed_code_is_told_as_changed(family):
    entry = filed(family, CodeChange(2, DAY, on_request=True), None)
    assert notices_owed(entry) == (OwedNotice(K.CODE_CHANGE_NOTICE, (2,)),)


def test_whoever_did_not_come_is_written_to_each_by_themselves(family):
    moved = MoveWithinNotice((1, 2), THERE, date(2026, 11, 15), DAY)
    assert notices_owed(filed(family, moved)) == ()
    owed = notices_owed(filed(family, moved, AGENT))
    assert owed == tuple(OwedNotice(K.ACCEPTANCE_NOTICE, (number,)) for number in (1, 2))


def test_a_certificate_is_owed_to_whoever_announced_by_post_and_to_nobody_else(family):
    assert notices_owed(filed(family, moving_out(1, 2))) == ()
    assert notices_owed(filed(family, moving_out(1, 2), BY_POST)) == (OwedNotice(K.MOVE_OUT, (1, 2)),)
    assert notices_owed(filed(family, moving_out(2, by_card=True), BY_POST)) == ()
    assert notices_owed(filed(family, moving_out(2, abroad=True), BY_POST)) == ()


def test_whoever_is_struck_on_the_day_is_owed_the_certificate_too_but_not_on_mere_information(family):
    at_once = filed(family, moving_out(2, days=0), BY_POST)
    assert notices_owed(at_once) == (OwedNotice(K.MOVE_OUT, (2,)),)
    assert notices_owed(filed(family, moving_out(2, days=-60), BY_POST)) == ()


def test_only_whoever_leaves_within_the_country_without_a_card_needs_paper(family):
    assert not needs_certificate(record(1))
    assert needs_certificate(filed(family, moving_out(2)).after[0])
    assert not needs_certificate(filed(family, moving_out(2, by_card=True)).after[0])


def test_who_did_not_come_is_never_handed_the_notice_over_the_counter():
    assert notice_delivery(K.CODE_NOTICE, by_hand=True) is Delivery.HANDED_OVER
    assert notice_delivery(K.CODE_NOTICE, by_hand=False) is Delivery.POSTED_TO_PERSON
    assert notice_delivery(K.ACCEPTANCE_NOTICE, by_hand=False) is Delivery.POSTED_TO_PERSON
    refusal = notice_delivery(K.ACCEPTANCE_NOTICE, by_hand=True)
    assert (refusal.reason, refusal.field) == (Reason.CHANNEL_NOT_ALLOWED, "channel")


def test_every_notice_has_an_article_and_a_copy_has_none_here():
    assert {kind for kind in K if basis_of_notice(kind) is not None} == {
        K.MOVE_OUT, K.CODE_NOTICE, K.CODE_CHANGE_NOTICE, K.ACCEPTANCE_NOTICE,
    }  # fmt: skip
