"""The Japanese word of each coded value of cards."""

from enum import StrEnum

from daicho.rules.cards_held.duties import CardDutyKind
from daicho.rules.cards_held.events import CardCause, CardStep
from daicho.rules.cards_held.kinds import CardKind
from daicho.rules.cards_held.standing import CardState, LapseCause

CARD_WORDS: dict[type[StrEnum], dict[str, str]] = {
    CardKind: {
        CardKind.NUMBER_CARD: "個人番号カード",
        CardKind.SPECIFIED_RESIDENCE_CARD: "特定在留カード等",
        CardKind.RESIDENT_CARD: "住民基本台帳カード",
        CardKind.NOTIFICATION_CARD: "通知カード",
    },
    CardStep: {
        CardStep.ISSUED: "交付",
        CardStep.AMENDED: "券面記載事項の変更",
        CardStep.CONTINUED: "継続利用",
        CardStep.EXTENDED: "有効期間の変更",
        CardStep.SUSPENDED: "一時停止（紛失等）",
        CardStep.RESUMED: "一時停止の解除",
        CardStep.VOIDED: "廃止",
        CardStep.RETURNED: "返納・回収",
        CardStep.CAME_BACK: "返戻（通知カード）",
        CardStep.DISPOSED: "廃棄",
        CardStep.WITHDRAWN: "直前の記録の取消し",
    },
    CardCause: {
        CardCause.LOST: "紛失・焼失",
        CardCause.STOLEN: "盗難",
        CardCause.DAMAGED: "損傷・機能の喪失",
        CardCause.REQUEST: "本人の申出",
        CardCause.DUTY: "失効・有効期間の満了",
        CardCause.MISTAKE: "錯誤・過失による交付",
        CardCause.OTHER: "その他",
    },
    CardState: {
        CardState.VALID: "有効",
        CardState.CONTINUING: "継続利用の手続き前",
        CardState.SUSPENDED: "一時停止中",
        CardState.LAPSED: "失効",
        CardState.GONE: "転出等",
        CardState.RETURNED: "返納済み",
        CardState.DISPOSED: "廃棄済み",
    },
    LapseCause: {
        LapseCause.EXPIRED: "有効期間の満了",
        LapseCause.DEATH: "死亡",
        LapseCause.ABROAD: "国外転出",
        LapseCause.LATE_ARRIVAL: "転入届の遅れ",
        LapseCause.NOT_CONTINUED: "継続利用の手続きがないこと",
        LapseCause.CODE_CHANGED: "住民票コードの変更",
        LapseCause.NUMBER_CHANGED: "個人番号の変更",
        LapseCause.STRUCK: "住民票の職権消除",
        LapseCause.REPLACED: "新たなカードの交付",
        LapseCause.ABOLISHED: "廃止",
        LapseCause.FACE_DIFFERS: "記載が住民票と異なること",
    },
    CardDutyKind: {
        CardDutyKind.CONTINUE: "継続利用の手続き",
        CardDutyKind.AMEND: "券面記載事項の変更届",
        CardDutyKind.RETURN: "返納",
        CardDutyKind.MOVE_IN: "転出先での転入届と継続利用",
        CardDutyKind.RENEW: "更新の申請",
        CardDutyKind.EXTEND: "在留期間の更新に伴う有効期間の変更",
    },
}
CARD_STATES = {
    CardState.VALID: ("有効", "green"),
    CardState.CONTINUING: ("継続利用の手続き前", "orange"),
    CardState.SUSPENDED: ("一時停止中", "orange"),
    CardState.LAPSED: ("失効", "grey"),
    CardState.GONE: ("転出等", "grey"),
    CardState.RETURNED: ("返納済み", "grey"),
    CardState.DISPOSED: ("廃棄済み", "grey"),
}


def nth_card(kind: CardKind, card: int, *, new: bool = False) -> str:
    """Name a card of somebody: the kind, and which one where there was one before."""
    words = CARD_WORDS[CardKind][kind]
    if new:
        return f"まだ記録のない{words}" if card == 1 else f"まだ記録のない{words}（{card}枚目）"
    return words if card == 1 else f"{words}（{card}枚目）"
