"""What an operator should know besides the answer: lateness, a notice that is owed, relationships to ask for."""

from collections.abc import Sequence

from daicho.rules.register.changes import Entry


def remarks_on(entry: Entry) -> tuple[str, ...]:
    """Say what follows from how a change was received."""
    late, reception, remarks = entry.lateness, entry.reception, []
    if late is not None:
        remarks.append(
            f"届出期間を{late.days_late}日経過しています（{late.article}）。正当な理由がない場合は{late.fine_article}の通知の対象です。"
        )
    if reception is not None and reception.owes_notice:
        remarks.append("代理人による届出です。本人に受理通知を送ってください。")
    return tuple(remarks)


RELATIONS_PROPOSED = "新しい世帯主との続柄を確かめてください。"


def relations_proposed(asked: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Say that relationships were filled in, and of whom they must be asked, with what they may be."""
    ask = "、".join(f"{name}（{'・'.join(candidates)}）" for name, candidates in asked)
    return "記録から導ける続柄を入れました。" + (f"次の方は聞き取って入力してください：{ask}" if ask else "")
