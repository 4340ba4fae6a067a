"""Which papers a verified change makes owed to somebody, and how such a paper reaches them."""

from dataclasses import dataclass

from daicho.rules.certificates.content import CertificateKind
from daicho.rules.certificates.request import Delivery
from daicho.rules.law.article import Article, juki, juki_order
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.register.changes import Entry
from daicho.rules.register.reasons import ChangeKind, Ground
from daicho.rules.register.reception import Channel
from daicho.rules.register.record import ResidentRecord

_MOVES_OUT = frozenset((ChangeKind.MOVE_OUT_NOTICE, ChangeKind.MOVE_OUT))
_OF_ADDRESS = _MOVES_OUT | {ChangeKind.MOVE_IN, ChangeKind.MOVE_WITHIN}
_WITH_NEW_CODE = frozenset(
    (
        ChangeKind.MOVE_IN, ChangeKind.MOVE_IN_FROM_ABROAD, ChangeKind.BIRTH, ChangeKind.EX_OFFICIO_ENTRY,
        ChangeKind.CODE_CHANGE,
    )
)  # fmt: skip
_BASES = {
    CertificateKind.MOVE_OUT: juki_order("23"),
    CertificateKind.CODE_NOTICE: juki("30-3"),
    CertificateKind.CODE_CHANGE_NOTICE: juki("30-4"),
    CertificateKind.ACCEPTANCE_NOTICE: juki("27"),
}


@dataclass(frozen=True, slots=True)
class OwedNotice:
    """A paper that a change makes owed, and to whom.  送付すべき通知"""

    kind: CertificateKind
    people: tuple[int, ...]


def notices_owed(entry: Entry) -> tuple[OwedNotice, ...]:
    """List the papers that a verified change makes owed.

    Whoever got a code is told it; whoever somebody else gave notice for is told at the address before; whoever
    announced by post that they move away is sent the certificate.

    Law: 住民基本台帳法 第27条, 第30条の3第4項, 第30条の4第4項; 住民基本台帳法施行令 第23条; the notice of acceptance is
    own definition.
    """
    return (*_acceptances(entry), *_codes(entry), *_certificates(entry))


def _acceptances(entry: Entry) -> tuple[OwedNotice, ...]:
    reception = entry.reception
    if entry.kind not in _OF_ADDRESS or reception is None or not reception.owes_notice:
        return ()
    return tuple(OwedNotice(CertificateKind.ACCEPTANCE_NOTICE, (number,)) for number in entry.subjects)


def _codes(entry: Entry) -> tuple[OwedNotice, ...]:
    if entry.kind not in _WITH_NEW_CODE:
        return ()
    changed = entry.kind is ChangeKind.CODE_CHANGE
    kind = CertificateKind.CODE_CHANGE_NOTICE if changed else CertificateKind.CODE_NOTICE
    return tuple(
        OwedNotice(kind, (after.addressee_number,))
        for before, after in entry.pairs()
        if after.addressee_number in entry.subjects and _new_code(before, after)
    )


def _new_code(before: ResidentRecord | None, after: ResidentRecord) -> bool:
    """Tell whether this town drew a code; whoever brings one along was told it by another town."""
    known = before.resident_record_code if before is not None else None
    return after.record_code_used_from is not None and after.resident_record_code != known


def _certificates(entry: Entry) -> tuple[OwedNotice, ...]:
    by_post = entry.reception is not None and entry.reception.channel is Channel.POST
    if entry.kind not in _MOVES_OUT or not by_post or entry.ground is not Ground.NOTICE:
        return ()
    households: dict[int, list[int]] = {}
    for one in entry.after:
        if one.addressee_number in entry.subjects and needs_certificate(one):
            households.setdefault(one.household_number, []).append(one.addressee_number)
    return tuple(OwedNotice(CertificateKind.MOVE_OUT, tuple(people)) for people in households.values())


def needs_certificate(record: ResidentRecord) -> bool:
    """Tell whether somebody leaves, or left, in a way for which a certificate on paper is made.

    Law: 住民基本台帳法施行令 第23条; 住民基本台帳法 第24条の2
    """
    plan = record.scheduled_move_out
    return plan is not None and not plan.abroad and not plan.by_card


def basis_of_notice(kind: CertificateKind) -> Article | None:
    """Name the article under which a paper is owed; nothing for papers that somebody asks for.

    Law: 住民基本台帳法 第27条, 第30条の3, 第30条の4; 住民基本台帳法施行令 第23条
    """
    return _BASES.get(kind)


def notice_delivery(kind: CertificateKind, *, by_hand: bool) -> Delivery | Refusal:
    """Choose how a notice goes out: by post, or over the counter to the person who is there.

    A notice of acceptance asks somebody who did not come: it never goes out over the counter.

    Law: 住民基本台帳法 第27条; own definition.
    """
    if not by_hand:
        return Delivery.POSTED_TO_PERSON
    if kind is CertificateKind.ACCEPTANCE_NOTICE:
        return Refusal(Reason.CHANNEL_NOT_ALLOWED, juki("27"), "channel")
    return Delivery.HANDED_OVER
