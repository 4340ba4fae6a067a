"""Who hands a notice in, by which papers that person is known, and on whose behalf.  届出の受付"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.register.reasons import ChangeKind

_IN_WRITING = juki("27")
_ON_BEHALF = juki("26")


class Channel(StrEnum):
    """By which way a notice came.  届出の方法"""

    COUNTER = "COUNTER"  # 窓口
    POST = "POST"  # 郵送
    ONLINE = "ONLINE"  # 電子申請（引越しワンストップサービス）


class Notifier(StrEnum):
    """As what somebody hands a notice in.  届出の任に当たる者の区分

    Law: 住民基本台帳法 第26条, 第27条第3項
    """

    SELF = "SELF"  # 本人
    HOUSEHOLDER = "HOUSEHOLDER"  # 世帯主
    SAME_HOUSEHOLD = "SAME_HOUSEHOLD"  # 同一の世帯に属する者
    LEGAL_REPRESENTATIVE = "LEGAL_REPRESENTATIVE"  # 法定代理人
    AGENT = "AGENT"  # 任意代理人


class Document(StrEnum):
    """What was shown to prove who somebody is; its number is never kept.  本人確認書類

    Law: 住民基本台帳法 第27条第2項
    """

    NUMBER_CARD = "NUMBER_CARD"  # 個人番号カード
    NOTIFICATION_CARD = "NOTIFICATION_CARD"  # 通知カード
    DRIVING_LICENCE = "DRIVING_LICENCE"  # 運転免許証・運転経歴証明書
    PASSPORT = "PASSPORT"  # 旅券
    RESIDENCE_CARD = "RESIDENCE_CARD"  # 在留カード・特別永住者証明書
    DISABILITY_CERTIFICATE = "DISABILITY_CERTIFICATE"  # 障害者手帳
    OTHER_PHOTO = "OTHER_PHOTO"  # その他官公署発行の写真付き証明書
    INSURANCE_CERTIFICATE = "INSURANCE_CERTIFICATE"  # 資格確認書・被保険者証
    PENSION_CERTIFICATE = "PENSION_CERTIFICATE"  # 年金手帳・年金証書
    OTHER_OFFICIAL = "OTHER_OFFICIAL"  # その他官公署発行の写真なしの書類
    SIGNATURE = "SIGNATURE"  # 署名用電子証明書


class Authority(StrEnum):
    """What shows that somebody may act for another.  代理権限を示す書類

    Law: 住民基本台帳法 第27条第3項
    """

    POWER_OF_ATTORNEY = "POWER_OF_ATTORNEY"  # 委任状
    FAMILY_REGISTER_CERTIFICATE = "FAMILY_REGISTER_CERTIFICATE"  # 戸籍の証明書
    GUARDIANSHIP_CERTIFICATE = "GUARDIANSHIP_CERTIFICATE"  # 登記事項証明書（後見等）


_WITH_PHOTO = frozenset(
    (
        Document.NUMBER_CARD,
        Document.DRIVING_LICENCE,
        Document.PASSPORT,
        Document.RESIDENCE_CARD,
        Document.DISABILITY_CERTIFICATE,
        Document.OTHER_PHOTO,
    )
)
_ENOUGH_AUTHORITY = {
    Notifier.AGENT: frozenset((Authority.POWER_OF_ATTORNEY,)),
    Notifier.LEGAL_REPRESENTATIVE: frozenset(
        (Authority.FAMILY_REGISTER_CERTIFICATE, Authority.GUARDIANSHIP_CERTIFICATE)
    ),
}
# Whoever moves away may write; everybody else comes to the counter.
_WAYS = {ChangeKind.MOVE_OUT_NOTICE: frozenset(Channel), ChangeKind.MOVE_OUT: frozenset(Channel)}
_COUNTER_ONLY = frozenset((Channel.COUNTER,))
# A request about somebody's own code or number is theirs alone; whoever comes for them is an agent, householder or not.
_OWN = frozenset((ChangeKind.CODE_CHANGE, ChangeKind.NUMBER_CHANGE))
_OWN_ARTICLE = juki("30-4")


@dataclass(frozen=True, slots=True)
class Reception:
    """How one notice was received: by whom, shown what, with which authority.  受付

    `card_expires_on` is what the face of a number card said that was shown (有効期限).

    Law: 住民基本台帳法 第26条, 第27条
    """

    notifier: Notifier
    documents: tuple[Document, ...]
    name: str = ""  # of whoever is not the person or the householder
    questions_answered: bool = False  # asked about the register's own items, where no photo was shown
    authority: Authority | None = None
    channel: Channel = Channel.COUNTER
    card_expires_on: date | None = None

    @property
    def owes_notice(self) -> bool:
        """Tell whether the person is to be written to that somebody gave notice in their stead.

        Law: none, own definition after the custom of 受理通知.
        """
        return self.notifier is Notifier.AGENT


def check_reception(reception: Reception, kind: ChangeKind) -> Refusal | None:
    """Refuse a notice that came by a way not open to it, by somebody not known, or without authority.

    Law: 住民基本台帳法 第24条, 第26条, 第27条, 第30条の4; 番号法施行令 第3条
    """
    if reception.channel not in _WAYS.get(kind, _COUNTER_ONLY):
        return Refusal(Reason.CHANNEL_NOT_ALLOWED, _IN_WRITING, "channel")
    if not identity_confirmed(reception):
        return Refusal(Reason.IDENTITY_NOT_PROVEN, _IN_WRITING, "documents")
    if kind in _OWN and reception.notifier in (Notifier.HOUSEHOLDER, Notifier.SAME_HOUSEHOLD):
        return Refusal(Reason.AUTHORITY_NOT_SHOWN, _OWN_ARTICLE, "notifier")
    if reception.notifier in (Notifier.SELF, Notifier.HOUSEHOLDER):
        return None
    if not reception.name:
        return Refusal(Reason.FIELD_MISSING, _ON_BEHALF, "notifier_name")
    enough = _ENOUGH_AUTHORITY.get(reception.notifier)
    if enough is not None and reception.authority not in enough:
        return Refusal(Reason.AUTHORITY_NOT_SHOWN, _IN_WRITING, "authority")
    return None


def identity_confirmed(reception: Reception) -> bool:
    """Tell whether what was shown confirms who hands the notice in.

    One paper with a photo is enough; without one, a paper of a public office and answers about the register, by
    post two such papers; over the network a signature. A notification card counts as a paper without a photo.

    Law: 住民基本台帳法 第27条第2項
    """
    shown = set(reception.documents)
    if reception.channel is Channel.ONLINE:
        return Document.SIGNATURE in shown
    papers = shown - {Document.SIGNATURE}
    if papers & _WITH_PHOTO:
        return True
    if reception.channel is Channel.POST:
        return len(papers) > 1
    return bool(papers) and reception.questions_answered
