"""What an administrator should look at, and what to do about it."""

from datetime import timedelta

from daicho.nodes.watch.standing import FEW_CERTIFICATE_DAYS, LATE_LETTERS, LATE_WITNESS, Worry

_MINUTE = timedelta(minutes=1)
_LEVELS = {"warning": "警告", "error": "障害", "critical": "重大な障害"}
WORRIES: dict[Worry, tuple[str, str]] = {
    Worry.DATABASE: (
        "データベースに接続できません。",
        "データベースの稼働と空き容量を確かめてください。戻れば自動で再開します。",
    ),
    Worry.SIGNER: (
        "署名装置が応答しません。",
        "署名プロセスとHSMの接続を確かめてください。署名できない間、通知も照会も止まります。",
    ),
    Worry.DIRECTORY: (
        "構成員名簿の有効期限が近づいています。",
        "全国サーバへの通信を確かめてください。期限が切れると通信を止めます。",
    ),
    Worry.CERTIFICATE: (
        f"通信用証明書の残りが{FEW_CERTIFICATE_DAYS:.0f}日を切りました。",
        "自動更新が続けて失敗しています。認証局側のサーバとの通信を確かめてください。",
    ),
    Worry.LATE_LETTERS: (
        f"{LATE_LETTERS // _MINUTE}分以上待っている通知があります。",
        "下の表で相手方を確かめ、その稼働と通信を確認してください。届けば順に送られます。",
    ),
    Worry.PARKED_LETTERS: (
        "処理できずに取り置いた通知があります。",
        "この端末側の障害です。ログで原因を確かめ、直した後に処理を再開してください。",
    ),
    Worry.RETURNED_LETTERS: (
        "返戻された通知が処理を待っています。",
        "窓口担当が「返戻された通知」で内容を確かめ、処理します。",
    ),
    Worry.NO_WITNESS: (
        f"台帳の第三者署名が{LATE_WITNESS // _MINUTE}分以上遅れています。",
        "署名する相手方のサーバとの通信を確かめてください。",
    ),
}


def worry_words(worry: Worry) -> tuple[str, str]:
    """Say what is wrong, and what to do."""
    return WORRIES[worry]


def level_word(level: str) -> str:
    """Say how grave a line of the log is."""
    return _LEVELS.get(level, level)
