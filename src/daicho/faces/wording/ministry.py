"""The Japanese word of each coded value of the link with the Ministry of Justice, and what is wrong with a line of its file."""

from enum import StrEnum

from daicho.faces.wording.refused_data import Words
from daicho.rules.law.refusal import Reason
from daicho.rules.moj_link.files import NOTICES_MOST
from daicho.rules.moj_link.matching import MojItem, MojOutcome
from daicho.rules.moj_link.municipal import MunicipalAct
from daicho.rules.moj_link.notice import MojChange, MojEnding

MINISTRY_WORDS: dict[type[StrEnum], dict[str, str]] = {
    MojChange: {
        MojChange.NAME: "氏名の変更",
        MojChange.BIRTH_DATE: "生年月日の訂正",
        MojChange.SEX: "性別の訂正",
        MojChange.NATIONALITY: "国籍・地域の変更",
        MojChange.STATUS: "在留資格・在留期間",
        MojChange.CARD: "在留カード等の番号",
        MojChange.CATEGORY: "法第30条の45の区分",
        MojChange.DEATH: "死亡",
        MojChange.LEFT_JAPAN: "出国",
        MojChange.STAY_ENDED: "在留の終了",
    },
    MojOutcome: {
        MojOutcome.MATCHED: "一致",
        MojOutcome.NOBODY: "該当者なし",
        MojOutcome.SEVERAL: "複数の方が該当",
        MojOutcome.DIFFERS: "項目の相違",
        MojOutcome.MOVED_AWAY: "転出済み",
        MojOutcome.REMOVED: "消除済み",
        MojOutcome.ALREADY_SO: "記載済み",
        MojOutcome.OUTDATED: "後の異動あり",
        MojOutcome.CHARACTERS: "変換できない文字",
    },
    MojItem: {
        MojItem.CARD_NUMBER: "在留カード等の番号",
        MojItem.FORMER_CARD_NUMBER: "在留カード等の番号（以前の番号）",
        MojItem.NAME: "氏名",
        MojItem.BIRTH_DATE: "生年月日",
        MojItem.SEX: "性別",
        MojItem.NATIONALITY: "国籍・地域",
        MojItem.KIND: "外国人住民でない",
    },
    MojEnding: {
        MojEnding.RECORDED: "記載した",
        MojEnding.ALREADY_SO: "既に記載がある（自動）",
        MojEnding.NOBODY_HERE: "該当者なし",
        MojEnding.MOVED_AWAY: "他の市区町村へ転出済み",
        MojEnding.OVERTAKEN: "後の通知・異動により不要",
        MojEnding.TAKEN_BACK: "法務省が取り消した",
        MojEnding.RECORDED_BEFORE: "別の入力で記載した",
    },
    MunicipalAct: {
        MunicipalAct.ENTERED: "記載",
        MunicipalAct.STRUCK: "消除",
        MunicipalAct.AMENDED: "記載の修正",
    },
}
MOJ_STATES = {
    "new": ("照合中", "grey"),
    "matched": ("入力待ち", "orange"),
    "open": ("確認待ち", "orange"),
    "entered": ("異動の審査待ち", "blue"),
    "proposed": ("終了の審査待ち", "blue"),
    "closed": ("終了", "grey"),
}
WHAT_TO_DO = {
    MojOutcome.MATCHED: "通知のとおり一人に定まりました。まとめて入力するか、下の「異動を入力する」から入力します。",
    MojOutcome.NOBODY: (
        "番号でも、氏名と生年月日でも、該当する方が見つかりません。住民検索でも確かめ、いないときは理由を付けて終了するか、"
        "法務省に照会してください。"
    ),
    MojOutcome.SEVERAL: "複数の方が該当します。通知の内容と見比べ、該当する方の異動を入力してください。",
    MojOutcome.DIFFERS: (
        "次の項目が通知と住民の記録とで違います。同じ方と確かめられたときは異動を入力し、確かめられないときは法務省に照会して"
        "ください。"
    ),
    MojOutcome.MOVED_AWAY: (
        "この方は、ほかの市区町村へ転出しています。転出先の市区町村の事務です。法務省に照会し、理由を付けて終了してください。"
    ),
    MojOutcome.REMOVED: "この方の住民票は消除されています。消除の理由と通知を見比べてください。",
    MojOutcome.ALREADY_SO: (
        "通知の内容は、既に記載されています。ただし、この方には審査を待つ異動か、ほかの通知があります。それらが済んでから、"
        "もう一度照合してください。"
    ),
    MojOutcome.OUTDATED: (
        "通知の変更の日より後の異動が、既に記載されています。後の異動を確かめ、要らない通知は理由を付けて終了してください。"
    ),
    MojOutcome.CHARACTERS: (
        "法務省の文字のうち、住民記録の文字に変換できないものがあります（〓の箇所）。在留カード等で文字を確かめ、"
        "氏名を入力してください。"
    ),
}
NOT_LOOKED = "自動では照合できませんでした。内容を確かめ、もう一度照合してください。"
HELD_BACK = {
    "WAITS": "同じ世帯に審査を待つ異動があります。審査が済んでから、もう一度入力します。",
    "HOUSEHOLDER_MISSING": "世帯主が消除されるため、新しい世帯主の入力が必要です。",
    "RELATIONSHIP_MISSING": "残る方の続柄の入力が必要です。",
    "PROTECTED": "支援措置担当が入力します。",
    "RESENT": "同じ通知番号で、内容の違う通知が届いています。どちらが正しいか、法務省に照会してください。",
    "SENT_BACK": "差し戻された通知です。理由を確かめ、通知の画面から入力してください。",
}
STAND_IN = {
    (Reason.OTHER_MUNICIPALITY, "file"): Words(
        "このデモの市区町村のファイルではありません。",
        "このデモの市区町村の端末で作成したファイルを選んでください。",
    ),
    (Reason.SERIAL_TAKEN, "file"): Words(
        "同じ通番で、内容の違うファイルを既に受け取っています。",
        "どちらが正しいか、市区町村に確かめてください。受け取ったファイルは、そのまま残っています。",
    ),
    (Reason.DATE_IN_FUTURE, "file"): Words(
        "作成日が、まだ来ていない日付です。", "ファイルを作成した端末の業務日を確かめてください。"
    ),
    (Reason.NOTHING_OWED, "file"): Words(
        "このファイルには、通知を作成できる方がいません（消除のみ）。", "回答は要りません。"
    ),
    (Reason.NOTHING_OWED, ""): Words(
        "ファイルに入れる通知がありません。", "通知を作成してから、もう一度操作してください。"
    ),
    (Reason.TOO_MANY_LINES, ""): Words("作成を待つ通知が多すぎます。", "先にファイルを作成してください。"),
}
"""What is said otherwise by whoever plays the Ministry than by a town, by reason and field."""
NOTICE_HINTS = {
    "roman": "大文字。名の全体を書く",
    "kanji": "漢字のない方は空欄",
    "card_number": "英字2字・数字8字・英字2字",
    "category": "例：中長期在留者",
    "status": "例：定住者",
    "period": "例：3年。無期限は空欄",
    "ends_on": "期限のない在留は空欄",
}
"""What stands beside the items of the form of a notice."""
WRONG_BIRTH_DATE = "生年月日を1日違える（項目の相違）"
WRONG_NUMBER_TOO = "番号と生年月日を違える（該当者なし）"
WRONG_WITHOUT_NUMBER = "生年月日を1日違える（該当者なし）"
_TOWN_FAULTS = {
    Reason.LAYOUT_UNKNOWN: "市町村通知のファイルの様式ではありません。",
    Reason.TOO_MANY_LINES: f"一つのファイルに入る通知は{NOTICES_MOST:,}件までです。",
}
"""What is said otherwise of a line of a town's file than of the Ministry's."""
BY_NOTICE = "審査が終わると、法務省の通知は処理済みになります。"
ITEM_LABELS = {
    "name": "氏名", "alias": "通称", "address": "住所", "former_address": "前の住所", "destination": "転出先",
}  # fmt: skip
_COLUMNS = {
    "format": "様式", "kind": "種別", "municipality": "市区町村コード", "serial": "通番", "made_on": "作成日", "count": "件数",
    "notice_id": "通知番号", "change": "通知の種類", "happened_on": "変更年月日", "notified_on": "通知年月日",
    "card_number": "在留カード等の番号", "roman": "ローマ字氏名", "kanji": "漢字氏名", "birth_date": "生年月日", "sex": "性別",
    "nationality": "国籍・地域", "new_roman": "変更後のローマ字氏名", "new_kanji": "変更後の漢字氏名",
    "new_birth_date": "変更後の生年月日", "new_sex": "変更後の性別", "new_nationality": "変更後の国籍・地域",
    "new_category": "変更後の区分", "new_card_number": "変更後の番号", "new_status": "変更後の在留資格",
    "new_period": "変更後の在留期間", "new_ends_on": "変更後の満了の日",
    "act": "記載・消除・修正の別", "reason": "異動事由", "changed_on": "異動年月日", "name": "氏名", "alias": "通称",
    "category": "区分", "address": "住所", "former_address": "前の住所", "destination": "転出先", "about": "記載した法務省通知",
}  # fmt: skip
_FAULTS = {
    Reason.COUNT_DIFFERS: "件数が、ファイルの行数と違います。",
    Reason.DATE_MALFORMED: "実在する年月日として読めません。",
    Reason.DATE_ORDER: "変更年月日より前の日です。",
    Reason.FIELD_CONTROL_CHARACTER: "使えない文字が含まれています。",
    Reason.FIELD_COUNT: "項目の数が様式と違います。",
    Reason.FIELD_MISSING: "必要な項目が空欄です。",
    Reason.FIELD_TOO_LONG: "文字数の上限を超えています。",
    Reason.FIELD_UNKNOWN_VALUE: "決められた値にありません。",
    Reason.FILE_EMPTY: "ファイルが空です。",
    Reason.FILE_TOO_LARGE: "ファイルが大きすぎます。",
    Reason.ITEM_FORBIDDEN: "この種類の通知にない項目です。",
    Reason.ITEM_MALFORMED: "この項目の形式が正しくありません。",
    Reason.LAYOUT_UNKNOWN: "法務省通知のファイルの様式ではありません。",
    Reason.LINE_DOUBLED: "同じ通知番号の行がすでにあります。",
    Reason.LINE_MALFORMED: "最後の行が途中で切れています。",
    Reason.LINE_NOT_UTF8: "文字コードがUTF-8ではありません。",
    Reason.MUNICIPALITY_UNKNOWN: "市区町村コードとして読めません。",
    Reason.NUMBER_MALFORMED: "番号の形式が正しくありません。",
    Reason.TOO_MANY_LINES: "行数の上限を超えています。",
}


def moj_fault_words(reason: Reason) -> str:
    """Say what is wrong with a line of a file of the Ministry.

    Raises: KeyError for what no file is refused for, which a test forbids.
    """
    return _FAULTS[reason]


def town_fault_words(reason: Reason) -> str:
    """Say what is wrong with a line of a town's file. Raises: KeyError as above."""
    return _TOWN_FAULTS.get(reason) or moj_fault_words(reason)


def column_words(column: str) -> str:
    """Name a column of a file of the Ministry."""
    return _COLUMNS.get(column, "")
