"""The Japanese word of each coded value of a change of names, and what is wrong with a line of its table."""

from enum import StrEnum

from daicho.rules.areas.matching import AreaItemState
from daicho.rules.areas.plan import AreaKind, AreaState, Asked
from daicho.rules.law.refusal import Reason

AREA_WORDS: dict[type[StrEnum], dict[str, str]] = {
    AreaKind: {
        AreaKind.RESIDENCE_INDICATION: "住居表示の実施",
        AreaKind.INDICATION_CHANGED: "住居表示の変更",
        AreaKind.TOWN_RENAMED: "町・字の区域又は名称の変更",
        AreaKind.LAND_READJUSTED: "土地区画整理事業による町名地番の変更",
        AreaKind.MUNICIPALITY_CHANGED: "合併・区の設置に伴う町名の変更",
    },
    AreaState: {
        AreaState.FAULTY: "対照表に誤りあり",
        AreaState.CHECKING: "照合中",
        AreaState.CHECKED: "承認待ち",
        AreaState.APPROVED: "承認済み",
        AreaState.STOPPED: "停止中",
        AreaState.DONE: "処理済み",
        AreaState.DECLINED: "不承認",
        AreaState.WITHDRAWN: "取下げ",
    },
    AreaItemState: {
        AreaItemState.LISTED: "処理する世帯",
        AreaItemState.DONE: "修正した世帯",
        AreaItemState.GONE: "区域を離れた世帯",
        AreaItemState.UNNAMED: "対照表にない住所",
        AreaItemState.WAITS: "審査待ちの異動あり",
        AreaItemState.HELD: "異動処理の保留中",
        AreaItemState.TOGETHER: "同じ住所の世帯の処理待ち",
        AreaItemState.REFUSED: "修正できない記録",
        AreaItemState.DOUBTFUL: "別の変更の新住所と同じ住所",
        AreaItemState.BACK: "修正を取り消した世帯",
        AreaItemState.FOUND: "終了後に旧住所となった世帯",
        AreaItemState.DISMISSED: "修正しないこととした世帯",
    },
}
ASKED_WORDS = {
    Asked.HOUSEHOLDS_DIFFER: "実施日の世帯数が、照合のときと大きく違いました。",
    Asked.WORD_GONE: "登録した方か承認した方が、いまはその権限を持っていません。",
    Asked.RESUMED: "停止していた変更です。",
    Asked.MANY_FAULTS: "続けて修正できない世帯があったため、自動で停止しました。",
}
_FAULTS = {
    Reason.COLUMN_MISSING: "必要な列がありません。",
    Reason.COLUMN_UNKNOWN: "様式にない列か、二度ある列です。",
    Reason.FIELD_CONTROL_CHARACTER: "使えない文字が含まれています。",
    Reason.FIELD_COUNT: "列の数が見出しと違います。",
    Reason.FIELD_FORMULA: "表計算の式で始まる値です。",
    Reason.FIELD_MISSING: "入力が必要です。",
    Reason.FIELD_TOO_LONG: "文字数の上限を超えています。",
    Reason.FIELD_UNKNOWN_VALUE: "この行では使えない値です。旧番地が空欄の行は、町名だけを変更します。",
    Reason.FILE_EMPTY: "対照の行がありません。",
    Reason.FILE_TOO_LARGE: "ファイルが大きすぎます。表を分けてください。",
    Reason.LINE_CHAINED: "新しい町名・番地が、ほかの行の古い町名・番地と同じです。表を分けて順に登録してください。",
    Reason.LINE_DOUBLED: "同じ町名・番地の行がすでにあります。",
    Reason.LINE_MALFORMED: "行の形式が正しくありません。引用符と区切りを確かめてください。",
    Reason.LINE_NOT_UTF8: "文字コードがUTF-8ではありません。「CSV UTF-8」で保存し直してください。",
    Reason.LINE_TOO_LONG: "行が長すぎます。引用符の閉じ忘れを確かめてください。",
    Reason.NOTHING_CHANGES: "新旧の町名・番地が同じです。",
    Reason.TOO_MANY_LINES: "行数の上限を超えています。表を分けてください。",
}


def fault_words(reason: Reason) -> str:
    """Say what is wrong with a line of a table.

    Raises: KeyError for what no table is refused for, which a test forbids.
    """
    return _FAULTS[reason]
