"""What each call between nodes is for, in the words of the administrator's page."""

_WORDS = {
    "directory.fetch": "構成員名簿と失効リストの取得",
    "letters.deliver": "通知の送付",
    "letters.settle": "通知の処理結果の連絡",
    "identity.look_up": "本人確認情報の照会",
    "number.confirm": "個人番号の確認",
    "ledger.cosign": "台帳への立会署名の求め",
    "ledger.disclose": "開示のための記録の収集",
    "certificate.renew": "通信用証明書の更新",
}


def call_words(operation: str) -> str:
    """Put a call into words.

    Raises: KeyError for a call without words, which a test forbids.
    """
    return _WORDS[operation]
