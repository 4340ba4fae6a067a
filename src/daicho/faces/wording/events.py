"""What each event of the ledger and each outcome is called on a screen."""

from daicho.rules.ledger.events import Event

_EVENTS: dict[str, str] = {
    Event.EXTRACT_IMPORTED: "住民記録の取り込み",
    Event.EXTRACT_EXPORTED: "住民記録の書き出し",
    Event.HANDOVER_LOADED: "移行データの取り込み",
    Event.HANDOVER_WRITTEN: "移行データの書き出し",
    Event.HANDOVER_COMPARED: "移行データとの突合",
    Event.CHANGE_ENTERED: "異動の入力",
    Event.CHANGE_VERIFIED: "異動の審査",
    Event.CHANGE_REJECTED: "異動の差し戻し",
    Event.CORRECTION_PERMITTED: "修正の許可",
    Event.PROTECTION_RECORDED: "支援措置の記録",
    Event.PROTECTION_PROPOSED: "支援措置の解除・終了の申請",
    Event.PROTECTION_DECIDED: "支援措置の解除・終了の決定",
    Event.PROTECTION_SHOWN: "支援措置の表示",
    Event.PROTECTION_ALERTED: "支援措置に関わる異動の警告",
    Event.PROTECTION_TOLD: "支援措置による非表示の通知",
    Event.PROTECTED_KEPT_BACK: "支援措置による非表示",
    Event.UPKEEP_RECORDED: "正確な記録の確保の記録",
    Event.UPKEEP_SHOWN: "正確な記録の確保の表示",
    Event.ARRIVALS_LISTED: "転入通知未着の一覧",
    Event.CHARACTER_RECORDED: "外字の登録",
    Event.CHARACTER_PROPOSED: "外字の同定の案",
    Event.CHARACTER_DECIDED: "外字の同定の決定",
    Event.CHARACTER_CLOSED: "同定待ちの文字の完了",
    Event.AFFAIR_TAKEN: "通信回復後に処理する事務の受付",
    Event.AFFAIR_SHOWN: "通信回復後に処理する事務の表示",
    Event.AFFAIR_CLOSED: "通信回復後に処理する事務の終了",
    Event.CERTIFICATE_HANDED_OUT: "証明書の交付",
    Event.CERTIFICATE_REFUSED: "証明書の不交付",
    Event.RESIDENT_SHOWN: "住民の表示",
    Event.RESIDENT_CODE_SHOWN: "住民票コードの表示",
    Event.STATISTICS_SHOWN: "人口統計の表示",
    Event.PROGRAMMES_SHOWN: "個別記載事項の表示",
    Event.PROGRAMME_CHANGED: "個別記載事項の記録",
    Event.SEAL_SHOWN: "印鑑登録の表示",
    Event.SEAL_ENTERED: "印鑑登録の申請の入力",
    Event.SEAL_DECIDED: "印鑑登録の審査",
    Event.SEAL_CHANGED: "印鑑登録の停止・抹消・変更",
    Event.UPDATE_ACCEPTED: "本人確認情報の更新",
    Event.UPDATE_REFUSED: "本人確認情報の更新（拒否）",
    Event.UPDATE_SUPERSEDED: "本人確認情報の更新（後の通知が優先）",
    Event.BULK_ACCEPTED: "本人確認情報の一括受領",
    Event.IDENTITY_SHOWN: "本人確認情報の表示",
    Event.IDENTITY_CODE_SHOWN: "住民票コードの表示",
    Event.PROVISION_GRANTED: "本人確認情報の提供",
    Event.PROVISION_REFUSED: "本人確認情報の提供（拒否）",
    Event.PROVISION_RECEIVED: "提供の受領",
    Event.NUMBER_MADE: "個人番号の生成",
    Event.NUMBER_WAITS: "個人番号とすべき番号の求め（転入の通知待ち）",
    Event.NUMBER_RECEIVED: "個人番号の受領",
    Event.CODES_HANDED_OUT: "住民票コードの割り当て",
    Event.CODES_RECEIVED: "住民票コードの受領",
    Event.MOVE_IN_REPORTED: "転入通知の受領",
    Event.MOVE_OUT_CONFIRMED: "転出確定通知の受領",
    Event.LETTER_RESOLVED: "返戻された通知の処理",
    Event.OPERATOR_ENROLLED: "操作者の登録",
    Event.OPERATOR_CLOSED: "操作者の登録抹消",
    Event.CREDENTIAL_ENROLLED: "認証器の登録",
    Event.CREDENTIAL_REVOKED: "認証器の登録抹消",
    Event.SESSION_OPENED: "サインイン",
    Event.SESSION_CLOSED: "ログアウト",
    Event.SESSION_EXPIRED: "自動ログアウト",
    Event.SESSION_REPLACED: "別端末のサインインによる終了",
    Event.SESSION_REFUSED: "サインイン（拒否）",
    Event.HISTORY_SHOWN: "操作履歴の表示",
    Event.PAGE_OPENED: "画面の表示",
    Event.ACCESS_REFUSED: "操作の拒否",
    Event.DISCLOSURE_HANDED_OUT: "確認コードの発行",
    Event.DISCLOSURE_OPENED: "本人による開示",
    Event.NODE_STARTED: "サーバーの起動",
    Event.CERTIFICATE_ISSUED: "ノード証明書の発行",
    Event.CERTIFICATE_RENEWED: "証明書の更新",
    Event.DIRECTORY_TAKEN: "名簿の受領",
    Event.CALL_REFUSED: "他のサーバーからの呼出し（拒否）",
}
_OUTCOMES: dict[str, str] = {
    "": "",
    "accepted": "許可",
    "granted": "許可",
    "shown": "表示",
    "answered": "回答を受領",
    "entered": "受付",
    "verified": "記録",
    "rejected": "差し戻し",
    "refused": "拒否",
}


def event_word(event: str) -> str:
    """Name an event; one without a name is shown as it is."""
    return _EVENTS.get(event, event)


def outcome_word(outcome: str) -> str:
    """Name an outcome; one without a name is shown as it is."""
    return _OUTCOMES.get(outcome, outcome)


def unnamed_events() -> tuple[str, ...]:
    """List the events that have no name yet; a test wants none."""
    return tuple(event.value for event in Event if event.value not in _EVENTS)
