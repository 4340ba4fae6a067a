"""What is said once after an act succeeded."""

FLASHES: dict[str, str] = {
    "verified": "審査を終え、異動を記録しました。通知は自動的に送られます。",
    "rejected": "入力を差し戻しました。入力した職員に理由が伝わります。",
    "letter_resolve": "返戻された通知を処理済みにしました。",
    "letter_hold": "通知を保留にしました。",
    "protection_applied": "支援措置の申出を受け付けました。今から制限が働いています。",
    "protection_noted": "支援措置に記録しました。",
    "protection_asked": "申請しました。別の担当者が決定すると反映されます。",
    "protection_RELEASE": "一時解除を決定しました。時間が過ぎると自動的に元へ戻ります。",
    "protection_END": "支援措置を終了しました。",
    "protection_declined": "申請を認めないことを記録しました。",
    "alert_seen": "確認済みにしました。",
    "upkeep_opened": "事案を受け付けました。",
    "upkeep_noted": "事案に記録しました。",
    "upkeep_closed": "事案を終了しました。",
    "upkeep_alerted": "記録しました。支援措置に関わる事案です。「支援措置」の画面に警告を残しました。",
    "upkeep_officer": "記録しました。支援措置担当へ連絡してください。対象の方や関係者には伝えないでください。",
    "character_described": "外字台帳に記録しました。",
    "character_proposed": "同定の案を記録しました。別の職員が確認すると反映されます。",
    "character_confirmed": "同定を確認しました。検索と証明書に反映されます。記録は変わりません。",
    "character_declined": "同定の案を差し戻しました。",
    "character_closed": "同定待ちを完了にしました。",
    "character_corrected": "軽微な修正を入力しました。別の職員が審査すると記録されます。",
    "closed_elsewhere": "同じ照合IDで開いていた別の端末の利用を終了しました。"
    "心当たりがないときは責任者へ報告してください。",
    "enrolled": "認証器を登録しました。次回のサインインから使えます。",
}
