"""Which papers a verified change makes owed to somebody, and how such a paper reaches them."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date

from daicho.rules.certificates.content import CertificateKind
from daicho.rules.certificates.request import PHOTO_PROOFS, CertificateRequester, Delivery, IdentityProof
from daicho.rules.law.article import Article, juki, juki_order
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.register.changes import Entry
from daicho.rules.register.reasons import ChangeKind, ChangeReason, Ground
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
    gone_otherwise = record.removal is not None and record.removal.reason is not ChangeReason.MOVE_OUT
    return plan is not None and not (gone_otherwise or plan.abroad or plan.by_card)


def left_by_notice(struck: Entry) -> bool:
    """Tell whether whoever was struck as moved out had given notice of it, and may still be certified.

    Who told it more than 14 days later gave information, and gets a paper of another name (転出証明書に準ずる証明書), which
    is not made here; whom another town reported has moved in there.

    Law: 住民基本台帳法施行令 第23条; 住民基本台帳事務処理要領 第4
    """
    return struck.kind is ChangeKind.MOVE_OUT and struck.ground is Ground.NOTICE


@dataclass(frozen=True, slots=True)
class Handing:
    """How a moving-out certificate goes out: by post, or to whoever came and proved who they are.  転出証明書の交付

    `taker` is of the household; `agent` names somebody else. `again` says why one more is made (再交付).
    """

    by_hand: bool
    taker: int | None = None
    agent: str = ""
    proof: IdentityProof = IdentityProof.NONE
    legal_representative: bool = False  # 法定代理人
    authority_shown: bool = False
    again: str = ""
    card_expires_on: date | None = None  # 有効期限 of a number card by its face


def check_handing(handing: Handing, household: Container[int]) -> Refusal | None:
    """Refuse to hand a certificate to somebody unproven; with its numbers it never goes through a voluntary agent's hands.

    Law: 住民基本台帳法施行令 第23条; 住民基本台帳法 第27条第2項; that a voluntary agent is answered by post is own definition.
    """
    article = _BASES[CertificateKind.MOVE_OUT]
    if not handing.by_hand:
        return None
    if handing.proof not in PHOTO_PROOFS | {IdentityProof.DOCUMENTS}:
        return Refusal(Reason.IDENTITY_NOT_PROVEN, article, "proof")
    if not handing.agent.strip():
        known = handing.taker is not None and handing.taker in household
        return None if known else Refusal(Reason.FIELD_MISSING, article, "taker")
    if not handing.legal_representative:
        return Refusal(Reason.CHANNEL_NOT_ALLOWED, article, "channel")
    return (
        None if handing.authority_shown else Refusal(Reason.AUTHORITY_NOT_SHOWN, article, "authority_shown")
    )


def taker_of(handing: Handing, leaving: Container[int]) -> CertificateRequester:
    """Tell as whom the book enters whoever takes a certificate.

    Law: 住民基本台帳法施行令 第23条; own definition.
    """
    if handing.agent.strip():
        return CertificateRequester.AGENT
    own = handing.taker is None or handing.taker in leaving
    return CertificateRequester.SELF if own else CertificateRequester.SAME_HOUSEHOLD


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
