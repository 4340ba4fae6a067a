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
    "seal_entered": "受け付けました。別の職員の審査で決まります。",
    "seal_inquiry": "受け付けました。照会書を本人の住所へ送ってください。",
    "seal_answered": "回答書の持参を記録しました。別の職員の審査で決まります。",
    "seal_withdrawn": "申請を取り下げました。",
    "seal_suspended": "印鑑登録を停止しました。証明書は交付できません。",
    "seal_accepted": "審査を終え、印鑑登録に記録しました。",
    "seal_declined": "申請を認めないことを記録しました。",
    "programme_noted": "個別記載事項に記録しました。",
    "closed_elsewhere": "同じ照合IDで開いていた別の端末の利用を終了しました。"
    "心当たりがないときは責任者へ報告してください。",
    "enrolled": "認証器を登録しました。次回のサインインから使えます。",
}
