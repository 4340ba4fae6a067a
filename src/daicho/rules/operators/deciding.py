"""May a second person decide what somebody else asked for?  承認

Law: 本人確認情報管理方法 第3(2)ア.  Pure: no clock, no store.
"""

from dataclasses import dataclass

from daicho.rules.law.article import Article
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.law.words import WORDS_CHARACTERS
from daicho.rules.operators.authority import may_verify


@dataclass(frozen=True, slots=True)
class Undecided:
    """Something on which a second person is to decide: where it stands, and who answers for it by 照合ID.  承認待ちの事項

    `waits` is the state in which it may be decided; `field` and `article` say of what a refusal speaks.
    Law: 本人確認情報管理方法 第3(2)ア
    """

    article: Article
    field: str
    state: str
    waits: str
    asked_by: tuple[str, ...]


def check_decision(undecided: Undecided, by: str) -> Refusal | None:
    """Refuse a word for what does not wait any more, and the word of whoever answers for it already.

    Law: 本人確認情報管理方法 第3(2)ア
    """
    if undecided.state != undecided.waits:
        return Refusal(Reason.NOT_PENDING, undecided.article, undecided.field, undecided.state.upper())
    refusals = (may_verify(asked_by, by) for asked_by in undecided.asked_by)
    return next((refusal for refusal in refusals if refusal is not None), None)


def check_reasoned_decision(undecided: Undecided, by: str, *, accept: bool, why: str) -> Refusal | None:
    """Refuse as `check_decision` does, and besides a no without its reason or with too long a one.

    Law: 本人確認情報管理方法 第3(2)ア; that a no has its reason is own definition
    """
    refusal = check_decision(undecided, by)
    if refusal is None and not accept and not why.strip():
        refusal = Refusal(Reason.FIELD_MISSING, undecided.article, "why")
    if refusal is None and len(why) > WORDS_CHARACTERS:
        refusal = Refusal(Reason.FIELD_TOO_LONG, undecided.article, "why")
    return refusal
