"""What a handover folder says of itself: of which town, made when and by what, and of each file its size and sums.

Law: none, an own layout.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from daicho.rules.handover.fields import COUNT_DIGITS
from daicho.rules.handover.layout import (
    LAYOUT,
    LINE_MAX_BYTES,
    MANIFEST,
    HandoverFault,
    HandoverFile,
    shown_name,
)
from daicho.rules.handover.order import GIVES_BACK
from daicho.rules.law.refusal import Reason
from daicho.rules.network.kinds import NodeKind
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.register.extract import decode_line, split_line

MANIFEST_LINES_MAX = 200_000  # a line for each picture
_HEADER = "file,item,value"
_FOLDER = ""  # of the folder itself
_BOM = b"\xef\xbb\xbf"
_DAY_CHARACTERS = 10
_SOURCES = frozenset(("", *(kind.value for kind in GIVES_BACK)))


@dataclass(frozen=True, slots=True)
class FileSums:
    """How large a file is, how many lines stand under its header, the sum of its first numbers, its SHA-256.  検査値

    `total` adds the addressee, household or other leading numbers of all lines; files that begin with none have 0.
    Law: none, an own layout.
    """

    lines: int
    size_bytes: int
    total: int
    sha256: str


@dataclass(frozen=True, slots=True)
class HandoverManifest:
    """What a folder says of itself.  移行目録

    `invented` tells that the people in it are invented, `source` of what it was made where that is no register;
    `characters` counts how often each own character stands in it.
    Law: none, an own layout.
    """

    municipality: MunicipalityCode
    made_on: date
    maker: str
    files: Mapping[str, FileSums]
    characters: Mapping[str, int] = field(default_factory=dict)
    invented: bool = False
    source: str = ""


def format_manifest(manifest: HandoverManifest) -> str:
    """Write the manifest, always the same for the same folder.

    Law: none, an own layout.
    """
    lines = [
        _HEADER,
        f"{_FOLDER},layout,{LAYOUT}",
        f"{_FOLDER},municipality_code,{manifest.municipality}",
        f"{_FOLDER},made_on,{manifest.made_on.isoformat()}",
        f"{_FOLDER},maker,{_quoted(manifest.maker)}",
        f"{_FOLDER},invented,{int(manifest.invented)}",
    ]
    if manifest.source:
        lines.append(f"{_FOLDER},source,{_quoted(manifest.source)}")
    for name, sums in sorted(manifest.files.items()):
        lines += [
            f"{name},lines,{sums.lines}",
            f"{name},bytes,{sums.size_bytes}",
            f"{name},total,{sums.total}",
            f"{name},sha256,{sums.sha256}",
        ]
    lines += [f"{_FOLDER},character U+{ord(one):04X},{n}" for one, n in sorted(manifest.characters.items())]
    return "\n".join(lines) + "\n"


def check_source(manifest: HandoverManifest | None, *, tell_cs: bool) -> tuple[HandoverFault, ...]:
    """Find a fault in a folder that the network gave back and of which the own CS would be told wrongly.

    A CS that wrote it knows everybody already; where a prefecture did there is none that knows anybody.

    Law: none, own definition.
    """
    wrong = {NodeKind.CS.value: True, NodeKind.PREFECTURE.value: False}
    if manifest is None or wrong.get(manifest.source) is not tell_cs:
        return ()
    return (HandoverFault(MANIFEST, 0, "source", Reason.SOURCE_DIFFERS),)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if "," in text or '"' in text else text


def read_manifest(lines: Iterable[bytes]) -> HandoverManifest | tuple[HandoverFault, ...]:
    """Read the manifest, or name everything that is wrong with it.

    Law: none, an own layout.
    """
    faults: list[HandoverFault] = []
    folder: dict[str, str] = {}
    files: dict[str, dict[str, str]] = {}
    for number, raw in enumerate(lines, 1):
        if number > MANIFEST_LINES_MAX:
            faults.append(HandoverFault(MANIFEST, number, "", Reason.TOO_MANY_LINES))
            break
        found = _triple(raw.removeprefix(_BOM) if number == 1 else raw)
        if isinstance(found, Reason):
            faults.append(HandoverFault(MANIFEST, number, "", found))
        elif number == 1:
            if ",".join(found) != _HEADER:
                return (HandoverFault(MANIFEST, 1, "", Reason.COLUMN_UNKNOWN),)
        else:
            name, item, value = found
            held = files.setdefault(name, {}) if name else folder
            if item in held:
                faults.append(HandoverFault(MANIFEST, number, shown_name(item), Reason.LINE_DOUBLED))
            held[item] = value
    if not folder:
        faults.append(HandoverFault(MANIFEST, 1, "", Reason.FILE_EMPTY))
    made = _made(folder, files, faults)
    return tuple(faults) if made is None or faults else made


def _triple(raw: bytes) -> tuple[str, str, str] | Reason:
    line = decode_line(raw, LINE_MAX_BYTES)
    if isinstance(line, Reason):
        return line
    try:
        fields = split_line(line)
    except ValueError:
        return Reason.LINE_MALFORMED
    return (
        (fields[0], fields[1], fields[2])
        if len(fields) == len(("file", "item", "value"))
        else Reason.FIELD_COUNT
    )


def _made(
    folder: Mapping[str, str], files: Mapping[str, Mapping[str, str]], faults: list[HandoverFault]
) -> HandoverManifest | None:
    def wrong(item: str, reason: Reason) -> None:
        faults.append(HandoverFault(MANIFEST, 0, item, reason))

    if folder.get("layout") != LAYOUT:
        wrong("layout", Reason.LAYOUT_UNKNOWN)
    if folder.get("source", "") not in _SOURCES:
        wrong("source", Reason.FIELD_UNKNOWN_VALUE)
    if folder.get("invented") not in ("0", "1"):
        wrong("invented", Reason.FIELD_UNKNOWN_VALUE)
    for name in HandoverFile:
        if name not in files:
            wrong(name, Reason.FILE_MISSING)
    sums = {name: _sums(name, told, wrong) for name, told in files.items()}
    characters = _characters(folder, wrong)
    town = made_on = None
    try:
        town = MunicipalityCode(folder.get("municipality_code", ""))
    except ValueError:
        wrong("municipality_code", Reason.MUNICIPALITY_UNKNOWN)
    try:
        day = folder.get("made_on", "")
        made_on = date.fromisoformat(day) if len(day) == _DAY_CHARACTERS else None
    except ValueError:
        made_on = None
    if made_on is None:
        wrong("made_on", Reason.DATE_MALFORMED)
    if faults or town is None or made_on is None:
        return None
    whole = {name: one for name, one in sums.items() if one is not None}
    return HandoverManifest(
        town, made_on, folder.get("maker", ""), whole, characters, folder.get("invented") == "1",
        folder.get("source", ""),
    )  # fmt: skip


def _sums(name: str, told: Mapping[str, str], wrong: Callable[[str, Reason], None]) -> FileSums | None:
    numbers = [_whole(told.get(item, "")) for item in ("lines", "bytes", "total")]
    digest = told.get("sha256", "")
    if any(one is None for one in numbers) or len(digest) != 64 or digest.strip("0123456789abcdef"):
        wrong(shown_name(name), Reason.NUMBER_MALFORMED)
        return None
    lines, size_bytes, total = (one or 0 for one in numbers)
    return FileSums(lines, size_bytes, total, digest)


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 * COUNT_DIGITS else None


def _characters(folder: Mapping[str, str], wrong: Callable[[str, Reason], None]) -> dict[str, int]:
    found: dict[str, int] = {}
    for item, value in folder.items():
        head, _, point = item.partition(" U+")
        if head != "character":
            continue
        times = _whole(value)
        try:
            found[chr(int(point, 16))] = times or 0
        except (ValueError, OverflowError):
            times = None
        if times is None:
            wrong(shown_name(item), Reason.NUMBER_MALFORMED)
    return found
