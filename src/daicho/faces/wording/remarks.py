"""What an operator should know besides the answer: lateness, a notice that is owed, relationships to ask for."""

from collections.abc import Sequence

from daicho.rules.operators.authority import Operator, Permission, permissions_of
from daicho.rules.protection.measure import ProtectionAlert
from daicho.rules.register.changes import Entry
from daicho.rules.register.reasons import ChangeKind

_ALERTS = {
    ProtectionAlert.PROTECTED_PERSON: "支援措置の対象者の異動です。",
    ProtectionAlert.SEPARATED: "支援措置の対象者の一部だけが異動します。ほかの対象者の扱いを確かめてください。",
    ProtectionAlert.ADDRESSES_CHANGE: "保護する住所が変わります。支援措置の内容と、転送する市区町村を見直してください。",
    ProtectionAlert.PREVIOUS_ADDRESS_PART: "転出後も、前住所地として支援措置が続きます。",
    ProtectionAlert.OTHER_PARTY: "支援措置の相手方と氏名が同じ方の異動です。",
    ProtectionAlert.TERM_OVER: "支援措置の期間が満了しています。終了の処理が済むまで、制限は続きます。",
    ProtectionAlert.CROSSING: "転送により始まったこの支援措置の相手方は、別の支援措置の対象の方とみられます。",
}
_TO_THE_OFFICER = "この異動を支援措置担当へ連絡してください。届出人には伝えないでください。"


def alert_words(alert: ProtectionAlert) -> str:
    """Say what an alert means."""
    return _ALERTS[alert]


def remarks_of_alerts(alerts: Sequence[ProtectionAlert], operator: Operator) -> tuple[str, ...]:
    """Say what protection measures tell of a change: all of it to whoever may know, to others whom to tell."""
    if Permission.SEE_PROTECTED in permissions_of(operator):
        return tuple(map(alert_words, alerts))
    return (_TO_THE_OFFICER,) if alerts else ()


def remarks_on(entry: Entry) -> tuple[str, ...]:
    """Say what follows from how a change was received."""
    late, reception, remarks = entry.lateness, entry.reception, []
    if late is not None:
        remarks.append(
            f"届出期間を{late.days_late}日経過しています（{late.article}）。正当な理由がない場合は{late.fine_article}の通知の対象です。"
        )
    if reception is not None and reception.owes_notice:
        remarks.append("代理人による届出です。本人に受理通知を送ってください。")
    if entry.kind in (ChangeKind.CODE_CHANGE, ChangeKind.NUMBER_CHANGE):
        remarks.append(CARD_VOID)
    return tuple(remarks)


def remarks_on_cards(entry: Entry, holders: int) -> tuple[str, ...]:
    """Say what is due on number cards that are known, after a change of so many of their holders."""
    abroad = any(one.scheduled_move_out is not None and one.scheduled_move_out.abroad for one in entry.after)
    due = _CARD_ABROAD if abroad else _CARD_DUE.get(entry.kind, "")
    return (
        (f"個人番号カードの記録がある方が{holders}人います。{due}を案内してください。",)
        if holders and due
        else ()
    )


_CARD_ABROAD = "転出の日までの継続利用の手続き、または返納"
_CARD_DUE = {
    ChangeKind.MOVE_IN: "継続利用の手続き（届出の日から90日以内）",
    ChangeKind.MOVE_WITHIN: "券面記載事項の変更届（異動の日から14日以内）",
    ChangeKind.NAME_CHANGE: "券面記載事項の変更届（異動の日から14日以内）",
    ChangeKind.MOVE_OUT_NOTICE: "転出先での転入届と継続利用の手続き",
    ChangeKind.MOVE_OUT: "転出先での転入届と継続利用の手続き",
    ChangeKind.DEATH: "返納",
}
CARD_VOID = (
    "個人番号カードをお持ちの方は、変更によりカードが失効します。"
    "カードの返納と、必要なら新しいカードの申請を案内してください。"
)
RELATIONS_PROPOSED = "新しい世帯主との続柄を確かめてください。"


def relations_proposed(asked: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Say that relationships were filled in, and of whom they must be asked, with what they may be."""
    ask = "、".join(f"{name}（{'・'.join(candidates)}）" for name, candidates in asked)
    return "記録から導ける続柄を入れました。" + (f"次の方は聞き取って入力してください：{ask}" if ask else "")
