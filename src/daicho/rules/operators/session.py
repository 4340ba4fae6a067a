"""How long a sign-in lasts, and what must be said before a search."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from daicho.rules.law.article import Article
from daicho.rules.law.refusal import Reason, Refusal

_ACCESS = Article("住民基本台帳ネットワークシステム運用管理要綱", "11")
_CLOCKS_DIFFER = timedelta(seconds=60)
_PURPOSE = Article("本人確認情報管理方法", "3")


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """After how much quiet, and after how long in all, a session ends.  自動ログアウトの時間

    Law: none names a figure; these are our own, and a site may choose shorter ones.
    Units: whole seconds
    """

    idle_seconds: int
    absolute_seconds: int


def session_refusal(
    *, signed_in_at: datetime, last_seen_at: datetime, now: datetime, limits: SessionLimits
) -> Refusal | None:
    """Refuse a session that was quiet for too long, has lasted for too long, or begins in the future.

    A session from the future was opened while a clock was wrong; it would last until that clock is right.
    Law: 住民基本台帳ネットワークシステム運用管理要綱 第11条
    """
    if signed_in_at - now > _CLOCKS_DIFFER:
        return Refusal(Reason.SESSION_ENDED, _ACCESS, "session")
    if now - signed_in_at >= timedelta(seconds=limits.absolute_seconds):
        return Refusal(Reason.SESSION_ENDED, _ACCESS, "session")
    if now - last_seen_at >= timedelta(seconds=limits.idle_seconds):
        return Refusal(Reason.SESSION_IDLE, _ACCESS, "session")
    return None


def ends_at(*, signed_in_at: datetime, last_seen_at: datetime, limits: SessionLimits) -> datetime:
    """Tell the instant at which a session ends if nothing more happens; the countdown shows it.

    Law: 住民基本台帳ネットワークシステム運用管理要綱 第11条
    """
    return min(
        last_seen_at + timedelta(seconds=limits.idle_seconds),
        signed_in_at + timedelta(seconds=limits.absolute_seconds),
    )


def check_purpose(purpose: str, basis: str) -> Refusal | None:
    """Refuse a search that does not say beforehand what it is for and under which article.

    Law: 本人確認情報管理方法 第3(3)イ
    """
    if not purpose.strip():
        return Refusal(Reason.PURPOSE_MISSING, _PURPOSE, "purpose")
    if not basis.strip():
        return Refusal(Reason.PURPOSE_MISSING, _PURPOSE, "basis")
    return None
