"""Writes the tables of characters anew from `moji.db` of the npm package `@mandel59/mojidata` 1.8.1.

`python scripts/character_tables.py <path of moji.db>`; then renew data/SHA256SUMS.
"""

import csv
import re
import sqlite3
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOM = Path(__file__).resolve().parents[1] / "src" / "daicho" / "rules" / "people" / "characters"
RELATIONS = {
    "U": "JIS包摂規準UCS統合規則",
    "T": "民二5202号通知別表_正字俗字等対照表",
    "G": "民一2842号通達別表_誤字俗字正字一覧表_無印",
    "Z": "民一2842号通達別表_誤字俗字正字一覧表_俗字",
    "K": "戸籍統一文字情報_親字正字",
    "N": "法務省告示582号別表第四_一",
    "B": "民一2842号通達別表_誤字俗字正字一覧表_別字",
    "M": "法務省告示582号別表第四_二",
    "D": "辞書類等による関連字",
    "Y": "読み字形による類推",
}
FOLDED_BY = "UTGZKNDY"  # the strongest first; 別字 and 類字 are other characters, and stay apart
BOTH_WAYS = (
    "UTZK"  # the rarer form is searched by the more usual one, whichever of them the registers hold for right
)
RANKED = {"K": "ホップ数", "N": "順位", "M": "順位"}
# Own list: names that people take for each other although no table says so.
OWN_PAIRS = "斎斉 磯礒 昇曻 兎莵 旗籏 庵菴 柳栁 鶴靏 船舩 陰隂 島隝 学斈 虎乕 沖冲 杉杦 氷冰"
PAIR_TABLES = (
    "kdpv_jinmei1/variant",
    "kdpv_jinmei2/variant",
    "kdpv_joyo/variant",
    "kdpv_hyogai/variant",
    "kdpv_jp/old-style",
)
LINE_CHARACTERS = 160
LICENCE = '''"""One row of forms for each character: the usual form, then those that a search takes for it. A table, not program.

Drawn from MJ縮退マップ and MJ文字情報一覧表 © IPA, CC BY-SA 2.1 JP, altered (改変あり); see LICENCE.txt beside this file.
"""
'''


class Source:
    """The rows of the package that the tables are made of."""

    def __init__(self, path: str) -> None:
        """Open the package's database for reading."""
        self.database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        self.glyphs = self._glyphs()
        self.plain = {row["plain"]: row for row in self.glyphs if row["plain"]}
        self.targets = self._targets()
        self.usual = {row["plain"]: row["policy"] for row in self.glyphs if row["plain"] and row["policy"]}

    def _glyphs(self) -> list[dict[str, str]]:
        rows = self.database.execute(
            'SELECT "MJ文字図形名", "対応するUCS", "実装したUCS", "実装したMoji_JohoコレクションIVS", "実装したSVS",'
            ' "住基ネット統一文字コード", "戸籍統一文字番号", "入管正字コード", "入管外字コード", "漢字施策" FROM mji ORDER BY 1'
        )
        names = ("mj", "ucs", "plain", "ivs", "svs", "juki", "koseki", "nyukan", "gaiji", "policy")
        return [dict(zip(names, (value or "" for value in row), strict=True)) for row in rows]

    def _targets(self) -> dict[str, list[tuple[str, int, str]]]:
        found: dict[str, list[tuple[str, int, str]]] = defaultdict(list)
        for letter, table in RELATIONS.items():
            rank = f'"{RANKED[letter]}"' if letter in RANKED else "1"
            for mj, target, place in self.database.execute(
                f'SELECT "MJ文字図形名", "縮退UCS", {rank} FROM "mjsm_{table}"'
            ):
                found[mj].append((letter, int(place), target))
        return found

    def pairs(self, table: str) -> Iterator[tuple[str, str]]:
        """Give the pairs of a table of variants, without selectors."""
        for one, other in self.database.execute(f'SELECT subject, object FROM "{table}"'):
            yield _bare(one), _bare(other)


def _bare(text: str) -> str:
    return "".join(character for character in text if not 0xE0100 <= ord(character) <= 0xE01EF)


def _hex(text: str) -> str:
    return f"{ord(text):04X}" if text else ""


def _write(path: Path, header: str, rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)


def glyph_rows(source: Source) -> Iterator[tuple[str, ...]]:
    """Write a glyph per row; "=" stands for the value of the column ucs."""
    for row in source.glyphs:
        ucs = _hex(row["ucs"])
        same = [
            "=" if value and value == ucs else value
            for value in (
                _hex(row["plain"]),
                row["juki"].removeprefix("J+"),
                row["nyukan"].removeprefix("0x"),
            )
        ]
        selector = f"{ord(row['ivs'][1]) - 0xE0100:02X}" if row["ivs"] else ""
        standardized = f"{ord(row['svs'][1]) - 0xFE00:X}" if row["svs"] else ""
        if any(sequence and sequence[0] != row["ucs"] for sequence in (row["ivs"], row["svs"])):
            raise ValueError(row["mj"])
        yield (
            row["mj"].removeprefix("MJ"), ucs, same[0], selector, standardized, same[1], row["koseki"], same[2],
            row["gaiji"].removeprefix("0x"),
        )  # fmt: skip


def reading_rows(source: Source) -> Iterator[tuple[str, ...]]:
    """Write strokes and readings of a glyph in one row; "=" stands for the readings of the glyph before."""
    readings: dict[str, list[str]] = defaultdict(list)
    for mj, reading in source.database.execute("SELECT * FROM mji_reading ORDER BY rowid"):
        readings[mj].append(reading)
    before = ""
    for mj, strokes in source.database.execute('SELECT "MJ文字図形名", "総画数" FROM mji ORDER BY 1'):
        words = " ".join(readings[mj])
        yield mj.removeprefix("MJ"), str(strokes), "=" if words and words == before else words
        before = words


def shrink_rows(source: Source) -> Iterator[tuple[str, ...]]:
    """Write the targets of a glyph in one row, as relation, rank and code point."""
    order = {letter: place for place, letter in enumerate(RELATIONS)}
    for row in source.glyphs:
        found = sorted(source.targets.get(row["mj"], ()), key=lambda one: (order[one[0]], one[1], one[2]))
        words = [f"{letter}{rank}{_hex(target)}" for letter, rank, target in found if target != row["plain"]]
        if words:
            yield row["mj"].removeprefix("MJ"), " ".join(words)


def sequence_rows(source: Source) -> Iterator[tuple[str, ...]]:
    """Write every Adobe-Japan1 sequence with the glyph that it certainly stands for, or none."""
    query = source.database.execute
    shapes = Shapes(source)
    others = defaultdict(list)
    for character, cid in shapes.new.items():
        others[cid].append(character)
    sequences = dict(query('SELECT IVS, CID FROM "ivs_Adobe-Japan1"'))
    forms = defaultdict(set)
    for sequence, cid in sequences.items():
        forms[sequence[0]].add(cid)

    def certain(sequence: str, cid: int) -> str:
        base = sequence[0]
        if cid in (shapes.new.get(base), shapes.old.get(base)):
            glyph = shapes.glyph(base, new=cid == shapes.new.get(base))
            return glyph["mj"] if glyph is not None and (_in_jis(base) or len(forms[base]) == 1) else ""
        elsewhere = [source.plain[other] for other in others[cid] if other in source.plain]
        return elsewhere[0]["mj"] if len(elsewhere) == 1 and elsewhere[0]["ucs"] == base else ""

    for sequence in sorted(sequences):
        mj = certain(sequence, sequences[sequence])
        yield _hex(sequence[0]), f"{ord(sequence[1]) - 0xE0100:02X}", mj.removeprefix("MJ")
    for mj, sequence in query("SELECT * FROM mji_duplicated_ivs"):
        yield _hex(sequence[0]), f"{ord(sequence[1]) - 0xE0100:02X}", mj.removeprefix("MJ")


class Shapes:
    """Which glyph draws a character as JIS did in 1990 and as it does since 2004.

    Hanyo-Denshi names shapes by their source: JA, JB, JC and JD are places in the standards of 1990 and 2000, HG and FT
    the shapes of 表外漢字字体表, which the standard of 2004 took over.
    """

    def __init__(self, source: Source) -> None:
        """Gather the two standards and the names of the shapes."""
        query = source.database.execute
        self.plain = source.plain
        self.new: dict[str, int] = dict(query("SELECT UCS, CID FROM aj1_UniJIS2004_H"))
        self.old: dict[str, int] = dict(query("SELECT UCS, CID FROM aj1_UniJIS_H"))
        codes = dict(query('SELECT IVS, code FROM "ivs_Hanyo-Denshi"'))
        self.glyphs: dict[str, list[tuple[str, dict[str, str]]]] = defaultdict(list)
        for row in source.glyphs:
            self.glyphs[row["ucs"]].append((codes.get(row["ivs"], ""), row))

    def _coded(self, base: str, pattern: str) -> list[dict[str, str]]:
        return [row for code, row in self.glyphs[base] if re.fullmatch(pattern, code)]

    def glyph(self, base: str, *, new: bool) -> dict[str, str] | None:
        """Name the glyph of one of the two shapes, or nothing when there is doubt."""
        plain = self.plain.get(base)
        if plain is None:
            return None
        if self.new.get(base) == self.old.get(base):
            standard = self._coded(base, "J[A-D][0-9]{4}")
            other = [row for row in self._coded(base, "J[AB][0-9]{4}") if row is not plain]
            return plain if len(self.glyphs[base]) == 1 or (plain in standard and not other) else None
        found = self._coded(base, "(?:FT|HG)[0-9]{4}" if new else "JA[0-9]{4}")
        return found[0] if len(found) == 1 else None


def _in_jis(character: str) -> bool:
    try:
        character.encode("euc_jis_2004")
    except UnicodeEncodeError:
        return False
    return True


class Folding:
    """Which form stands for a character, found along the relations of the tables."""

    def __init__(self, source: Source) -> None:
        """Gather every relation that a search follows."""
        self.source = source
        self.edges: dict[str, list[tuple[str, int, str]]] = defaultdict(list)
        for row in source.glyphs:
            if row["plain"]:
                found = source.targets.get(row["mj"], ())
                self.edges[row["plain"]] += [
                    one for one in found if one[0] in FOLDED_BY and one[2] != row["plain"]
                ]
                if row["plain"] != row["ucs"] and row["ucs"]:
                    self.edges[row["plain"]].append(("U", 1, row["ucs"]))
        for character, found in list(self.edges.items()):
            for letter, rank, target in found:
                if letter in BOTH_WAYS and self.rank(target) > self.rank(character):
                    self.edges[target].append((letter, rank, character))
        for usual, *others in OWN_PAIRS.split():
            for other in others:
                self.edges[max(usual, other, key=self.rank)].append(
                    ("U", 0, min(usual, other, key=self.rank))
                )
        for table in PAIR_TABLES:
            for pair in source.pairs(table):
                rare, usual = sorted(pair, key=self.rank, reverse=True)
                if rare != usual:
                    self.edges[rare].append(("U", 1, usual))
        for one, target in source.database.execute(
            'SELECT 簡体字等のUCS, 正字のUCS FROM nyukan_itaiji WHERE 順位 = 1 AND 簡体字等のUCS <> "" AND 正字のUCS <> ""'
        ):
            if one not in source.plain:
                self.edges[one].append(("N", 1, target))
        for point in (*range(0x2F00, 0x2FE0), *range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20)):
            usual = unicodedata.normalize("NFKC", chr(point))
            if usual != chr(point) and len(usual) == 1:
                self.edges[chr(point)].append(("U", 0, usual))

    def rank(self, character: str) -> tuple[int, int, int]:
        """Tell how usual a character is: 常用, 人名用, then the levels of JIS, then the rest."""
        policy = {"常用漢字": 0, "人名用漢字": 1}.get(self.source.usual.get(character, ""), 2)
        if character != unicodedata.normalize("NFC", character):
            return 3, 9, ord(character)
        try:
            octets = character.encode("euc_jis_2004")
        except UnicodeEncodeError:
            return policy, 9, ord(character)
        level = (1 if octets[0] < 0xD0 else 2) if len(octets) == 2 and octets[0] != 0x8F else 4
        try:
            character.encode("iso2022_jp")
        except UnicodeEncodeError:
            level = 4
        return policy, level, ord(character)

    def usual(self, character: str, seen: frozenset[str] = frozenset()) -> str:
        """Find the form by which a character is searched."""
        own = any(rank == 0 for _, rank, _ in self.edges.get(character, ()))
        if character in seen or (self.rank(character)[0] == 0 and not own):
            return character
        edges = self.edges.get(character, ())
        for letter in FOLDED_BY:
            ranks = [rank for relation, rank, _ in edges if relation == letter]
            near = [target for relation, rank, target in edges if relation == letter and rank == min(ranks)]
            ends = {self.usual(target, seen | {character}) for target in near} - {character}
            if len(ends) > 1 and letter in "DY":
                continue  # a dictionary that names several names none
            if ends:
                best = min(ends, key=self.rank)
                return best if self.rank(best) < self.rank(character) else character
        return character


def variants(source: Source) -> Iterator[str]:
    """Give the rows of the folding: the usual form and then the others."""
    folding = Folding(source)
    groups: dict[str, list[str]] = defaultdict(list)
    for character in sorted(folding.edges):
        usual = folding.usual(character)
        while (still := folding.usual(usual)) != usual:  # each step is to a more usual form
            usual = still
        if usual != character:
            groups[usual].append(character)
    for usual in sorted(groups):
        yield usual + "".join(groups[usual])


def main() -> None:
    """Write every table."""
    source = Source(sys.argv[1])
    data = ROOM / "data"
    _write(
        data / "glyphs.csv",
        "mj,ucs,plain,selector,standardized,juki,koseki,nyukan,nyukan_gaiji",
        glyph_rows(source),
    )
    _write(data / "readings.csv", "mj,strokes,readings", reading_rows(source))
    _write(data / "shrink.csv", "mj,targets", shrink_rows(source))
    _write(data / "adobe_japan1.csv", "ucs,selector,mj", sequence_rows(source))
    rows = [
        (kind, *row)
        for kind, table in (("i", "nyukan_itaiji"), ("r", "nyukan_ruiji"))
        for row in source.database.execute(
            f"SELECT upper(簡体字等の文字コード等), upper(正字の文字コード等), 順位 FROM {table} ORDER BY rowid"
        )
    ]
    _write(ROOM / "nyukan_seiji.csv", "table,simplified,seiji,rank", rows)
    lines, line = [], ""
    for group in variants(source):
        if len(line) + len(group) > LINE_CHARACTERS:
            lines.append(line)
            line = ""
        line += group + "|"
    lines.append(line.rstrip("|"))
    # Compatibility ideographs are written as escapes: an editor that normalises would silently change them.
    text = "\n".join(lines)
    escaped = "".join(_escaped(character) for character in text)
    (data / "variants.py").write_text(f'{LICENCE}\nVARIANTS = """\\\n{escaped}\\\n"""\n', encoding="utf-8")


def _escaped(character: str) -> str:
    if character == unicodedata.normalize("NFC", character):
        return character
    return f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}"


if __name__ == "__main__":
    main()
