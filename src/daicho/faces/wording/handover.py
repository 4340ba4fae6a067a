"""What is wrong with the data of a migration, and what differs between its two sides, in words."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict

from daicho.faces.wording.refusals import REFUSALS
from daicho.faces.wording.refused_data import Words
from daicho.rules.handover.comparison import TallyCategory, TallyDifference
from daicho.rules.handover.layout import COLUMNS, HandoverFault
from daicho.rules.law.refusal import Reason
from daicho.store.handover import LeftBehind

_FORMULA = ("=", "+", "-", "@")
FAULTS_HEADER = "file,line,field,code,detail,words"
_CATEGORIES: dict[TallyCategory, str] = {
    TallyCategory.RECORDS: "住民票（現存・消除）",
    TallyCategory.KIND: "住民（住民区分別）",
    TallyCategory.SEX: "住民（性別）",
    TallyCategory.BIRTH_YEAR: "住民（出生年別）",
    TallyCategory.DISTRICT: "住民（町・字別）",
    TallyCategory.HOUSEHOLDS: "世帯",
    TallyCategory.VERSIONS: "住民票の履歴",
    TallyCategory.CHARACTERS: "外字の使用（履歴の数）",
    TallyCategory.CODES: "現存する住民の住民票コード",
    TallyCategory.NUMBERS: "個人番号",
    TallyCategory.ENTRIES: "異動",
    TallyCategory.PERMITS: "修正の許可",
    TallyCategory.PROGRAMMES: "個別記載事項の履歴",
    TallyCategory.CARDS: "カードの異動の履歴",
    TallyCategory.SEALS: "印鑑登録の経過",
    TallyCategory.PROTECTIONS: "支援措置の経過",
    TallyCategory.HOLDS: "廃棄の保留",
    TallyCategory.CONTENT: "内容の検査値",
}
_KEYS = {
    "living": "現存", "removed": "消除", "JAPANESE": "日本人住民", "FOREIGN": "外国人住民", "MALE": "男",
    "FEMALE": "女", "UNKNOWN": "不明", "0000": "不詳", "": "合計", "present": "あり", "absent": "なし（付番を待つ人）",
}  # fmt: skip
_LEFT = {
    "entries": "審査待ちの異動", "seal_requests": "印鑑の申請", "proposals": "支援措置の申請",
    "characters": "外字の同定の案", "cases": "正確な記録の確保の事案", "affairs": "通信回復後に処理する事務",
    "owed_notices": "送るべき通知", "awaited": "到着の通知を待つ転出者", "releases": "支援措置の一時解除",
    "inspections": "閲覧の申出", "disposals": "廃棄の案", "boxes": "保管中の文書箱",
    "moj_notices": "処理を待つ法務省通知",
    "municipal_notices": "作成を待つ市町村通知",
    "stops": "処理の抑止", "number_changes": "個人番号の変更の請求・職権",
}  # fmt: skip
# By which kind of node a folder was made of what the network keeps.
REBUILT_LACKS: dict[str, str] = {
    "CS": (
        "世帯の構成・本籍・筆頭者・在留情報・個別記載事項・印鑑登録・異動の履歴・宛名番号は含まれません。"
        "住所を表示しない方は、相手方も理由も分からない仮の支援措置として含めました。"
        "支援措置担当が申出を受け直して新しい措置を記録してから、仮の措置を終えてください。"
    ),
    "PREFECTURE": (
        "世帯の構成・続柄・本籍・筆頭者・住民となった日・在留情報・個別記載事項・印鑑登録・異動の履歴・宛名番号は含まれません。"
        "支援措置も含まれません。取り込んだら、窓口を開く前に支援措置を登録し直してください。支援措置担当とセキュリティ責任者が確かめるまで、"
        "どなたの住所も表示しません。"
    ),
}
_SOURCES = {
    "CS": "コミュニケーションサーバの保有する本人確認情報",
    "PREFECTURE": "都道府県サーバの保有する本人確認情報",
}
# What a person at a form is told to do does not fit whoever writes a file.
_OF_FILES: dict[Reason, Words] = {
    Reason.DATE_MALFORMED: Words("日付か日時として読めません。", "書き方を仕様と見比べてください。"),
    Reason.FIELD_MISSING: Words("必要な項目が空です。", "移行元で値を確かめてください。"),
    Reason.FIELD_UNKNOWN_VALUE: Words("使えない値です。", "仕様にある値で書き出してください。"),
    Reason.ITEM_MALFORMED: Words("JSONの値が仕様と合いません。", "備考に示した場所を確かめてください。"),
    Reason.NUMBER_MALFORMED: Words("数として読めません。", "数字だけで書き出してください。"),
    Reason.RETENTION_OVER: Words(
        "保存期間の過ぎた記録です。",
        "取り込めません。移行元で廃棄するか、保留の理由を holds.csv に書いてください。",
    ),
    Reason.SAME_PERSON: Words("入力者と審査者が同じです。", "移行元で二人目の職員を確かめてください。"),
    Reason.TOO_MANY_LINES: Words("行数の上限を超えています。", "仕様の上限を確かめてください。"),
}


def source_words(source: str) -> str:
    """Say of what a folder was made; nothing of one that was made of a register."""
    return f"出所: {_SOURCES.get(source, source)}（{source}）" if source else ""


def left_behind_words(left: LeftBehind) -> str:
    """Say how much waits for somebody, or is going on, and is not in a folder that was written."""
    return "、".join(f"{_LEFT[name]} {number:,}" for name, number in asdict(left).items() if number)


def category_word(category: TallyCategory) -> str:
    """Say by what is counted."""
    return _CATEGORIES[category]


def key_word(key: str) -> str:
    """Say what is counted; a year, a town or a character stands for itself."""
    return _KEYS.get(key, key)


def fault_words(fault: HandoverFault) -> str:
    """Say what is wrong, what to do, and in which form the field is to be."""
    words = _OF_FILES.get(fault.reason) or REFUSALS[fault.reason]
    columns = COLUMNS.get(fault.file, ())
    kind = next((column.kind.words for column in columns if column.name == fault.field), "")
    return f"{words.happened}{words.now}" + (f"形式：{kind}" if kind else "")


def fault_lines(faults: Iterable[HandoverFault]) -> Iterator[str]:
    """Write the file of faults: where, which code, and what it means."""
    yield FAULTS_HEADER
    for fault in faults:
        cells = (
            fault.file, str(fault.line), fault.field, fault.reason.value, fault.detail, fault_words(fault),
        )  # fmt: skip
        yield ",".join(_cell(one) for one in cells)


def _cell(text: str) -> str:
    """Write one cell; what a spreadsheet would take for a formula is told to be a text."""
    if text.startswith(_FORMULA):
        text = f"'{text}"
    return '"' + text.replace('"', '""') + '"' if "," in text or '"' in text else text


def tally_lines(counts: Mapping[tuple[TallyCategory, str], int]) -> Iterator[str]:
    """Write counts line by line."""
    for (category, key), number in sorted(counts.items()):
        yield f"{category_word(category)}　{key_word(key)}　{number:,}"


def difference_lines(differences: Iterable[TallyDifference]) -> Iterator[str]:
    """Write what is not the same on both sides."""
    for one in differences:
        yield (
            f"{category_word(one.category)}　{key_word(one.key)}　"
            f"台帳 {one.here:,}　移行データ {one.there:,}　差 {one.here - one.there:+,}"
        )
