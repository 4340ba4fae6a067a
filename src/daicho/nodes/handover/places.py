"""Where in the file of versions each change wrote: so that a change can be put together without holding a town in memory."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from daicho.nodes.handover.folder import FolderChanged, opened
from daicho.rules.handover.layout import LINE_MAX_BYTES, HandoverFile, LineReader
from daicho.rules.handover.mapping import CharacterTable
from daicho.rules.handover.records import read_record_values
from daicho.rules.register.record import ResidentRecord

_NOWHERE = -1


@dataclass(slots=True)
class VersionPlaces:
    """The places of all versions by the change that wrote them, each with that of its person's version before.

    Three numbers for each version and a name for each change: a town of half a million with twenty years of changes
    takes some hundred megabytes.
    """

    _newest: dict[str, int] = field(default_factory=dict)
    _places: "array[int]" = field(default_factory=lambda: array("q"))
    _before: "array[int]" = field(default_factory=lambda: array("q"))
    _earlier: "array[int]" = field(default_factory=lambda: array("q"))

    def add(self, entry_id: str, place: int, before: int | None) -> None:
        """Note where a version stands, and where the one before it."""
        self._earlier.append(self._newest.get(entry_id, _NOWHERE))
        self._newest[entry_id] = len(self._places)
        self._places.append(place)
        self._before.append(_NOWHERE if before is None else before)

    def of(self, entry_id: str) -> Iterator[tuple[int, int | None]]:
        """Give the places of what a change wrote, the last one first."""
        at = self._newest.get(entry_id, _NOWHERE)
        while at != _NOWHERE:
            before = self._before[at]
            yield self._places[at], None if before == _NOWHERE else before
            at = self._earlier[at]


@dataclass(frozen=True, slots=True)
class PlacedVersion:
    """A version that was read at its place."""

    version: int
    record: ResidentRecord


class VersionsAtPlaces:
    """Reads versions at their places."""

    def __init__(self, folder: Path, table: CharacterTable) -> None:
        """Open the file and read its header. Raises: OSError, FolderChanged."""
        self._opened = opened(folder / HandoverFile.VERSIONS)
        self._file: IO[bytes] = self._opened.__enter__()
        header = self._file.readline(LINE_MAX_BYTES + 1)
        reader = LineReader.begun(HandoverFile.VERSIONS, header, table.translation, table.known)
        if not isinstance(reader, LineReader):
            self._opened.__exit__(None, None, None)
            raise FolderChanged(HandoverFile.VERSIONS)
        self._reader = reader

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.__exit__(kind, fault, trace)

    def at(self, place: int) -> PlacedVersion:
        """Read the version that stands at a place. Raises: FolderChanged."""
        self._file.seek(place)
        values: dict[str, Any] | tuple[Any, ...] = self._reader.read(
            0, self._file.readline(LINE_MAX_BYTES + 1)
        )
        if isinstance(values, dict):
            record = read_record_values(values["addressee_number"], values)
            if isinstance(record, ResidentRecord):
                return PlacedVersion(values["version"], record)
        raise FolderChanged(HandoverFile.VERSIONS)
