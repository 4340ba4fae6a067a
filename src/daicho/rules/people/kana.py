"""Search keys of names: made for finding, never stored as the name itself."""

MAX_KEY_LENGTH = 200

_HALF = "｡｢｣､･ｦｧｨｩｪｫｬｭｮｯｰｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝ"
_FULL = (
    "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテト"
    "ナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン"
)
_SMALL = dict(zip("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ", strict=True))
_VOICED = dict(
    zip(
        "ガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポヴ",
        "カキクケコサシスセソタチツテトハヒフヘホハヒフヘホウ",
        strict=True,
    )
)
_VOICED_OF_PLAIN = {
    ("カ", "ガ"), ("キ", "ギ"), ("ク", "グ"), ("ケ", "ゲ"), ("コ", "ゴ"), ("サ", "ザ"), ("シ", "ジ"), ("ス", "ズ"),
    ("セ", "ゼ"), ("ソ", "ゾ"), ("タ", "ダ"), ("チ", "ヂ"), ("ツ", "ヅ"), ("テ", "デ"), ("ト", "ド"), ("ハ", "バ"),
    ("ヒ", "ビ"), ("フ", "ブ"), ("ヘ", "ベ"), ("ホ", "ボ"), ("ウ", "ヴ"),
}  # fmt: skip
_DAKUTEN = dict(_VOICED_OF_PLAIN)
_HANDAKUTEN = dict(zip("ハヒフヘホ", "パピプペポ", strict=True))
_DROPPED = frozenset(" 　・･'’-‐−.,、。")
_OLD = {"ヰ": "イ", "ヱ": "エ", "ヲ": "オ"}

# Own list: forms of one character that clerks and residents use for each other. Only searching folds them.
_VARIANTS = {
    "髙": "高", "﨑": "崎", "嵜": "崎", "邊": "辺", "邉": "辺", "齋": "斎", "齊": "斎", "斉": "斎", "澤": "沢",
    "廣": "広", "濱": "浜", "濵": "浜", "櫻": "桜", "國": "国", "眞": "真", "惠": "恵", "德": "徳", "榮": "栄",
    "嶋": "島", "嶌": "島", "條": "条", "桒": "桑", "冨": "富", "淵": "渕", "龍": "竜", "瀨": "瀬", "隆": "隆",
    "神": "神", "福": "福", "吉": "吉", "𠮷": "吉", "曾": "曽", "槇": "槙", "塚": "塚", "祐": "祐", "藏": "蔵",
    "黑": "黒", "礒": "磯", "壽": "寿", "寶": "宝", "實": "実", "彌": "弥", "與": "与", "豐": "豊", "鹽": "塩",
    "瀧": "滝", "關": "関", "圓": "円", "應": "応", "數": "数", "學": "学", "會": "会", "擴": "拡", "當": "当",
}  # fmt: skip
_SELECTORS = ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF))


def is_selector(character: str) -> bool:
    """Tell whether a character is a variation selector, which chooses a form of the one before it.

    Law: none, Unicode.
    """
    point = ord(character)
    return any(low <= point <= high for low, high in _SELECTORS)


def search_key(kana: str) -> str:
    """Fold a reading to full-width katakana without spaces and marks; small kana become large.

    Law: none, own definition of the first search key.
    """
    out: list[str] = []
    for raw in kana[:MAX_KEY_LENGTH]:
        character = _katakana(raw)
        if character in ("ﾞ", "゛", "゙"):
            if out and out[-1] in _DAKUTEN:
                out[-1] = _DAKUTEN[out[-1]]
        elif character in ("ﾟ", "゜", "゚"):
            if out and out[-1] in _HANDAKUTEN:
                out[-1] = _HANDAKUTEN[out[-1]]
        elif character not in _DROPPED:
            folded = _SMALL.get(character, character)
            out.append(_OLD.get(folded, folded))
    return "".join(out)


def voiceless_key(kana: str) -> str:
    """Fold a reading further: no voicing marks, no long-vowel marks.  清音化かな氏名

    Law: none, own definition after F2-5.
    """
    return "".join(_VOICED.get(character, character) for character in search_key(kana) if character != "ー")


def kanji_key(text: str) -> str:
    """Fold a written name or an address for searching: no selectors, no spaces, one form of each character.

    Law: none, own definition; the name itself is never folded.
    """
    kept = (c for c in text[:MAX_KEY_LENGTH] if not is_selector(c) and c not in _DROPPED)
    return "".join(_VARIANTS.get(character, character) for character in map(_full_to_plain, kept))


def _katakana(character: str) -> str:
    point = ord(character)
    if 0x3041 <= point <= 0x3096:
        return chr(point + 0x60)
    place = _HALF.find(character)
    return _FULL[place] if place >= 0 else _full_to_plain(character)


def _full_to_plain(character: str) -> str:
    point = ord(character)
    if 0xFF01 <= point <= 0xFF5E:
        character = chr(point - 0xFEE0)
    return character.upper()
