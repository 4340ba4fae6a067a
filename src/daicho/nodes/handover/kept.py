"""What the network keeps of a town's residents, as the lines of a folder say it: for a register that is lost."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from daicho.nodes.handover.registered import Values
from daicho.rules.handover.entries import EntryLine
from daicho.rules.handover.mapping import MappedCharacter
from daicho.rules.handover.rebuilding import rebuilt_measure, rebuilt_record
from daicho.rules.identity.record import KeptRecord
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.protection.measure import ProtectionStep
from daicho.rules.register.record import HOUSEHOLDER, ResidentRecord
from daicho.store import handover, identity, kept_back
from daicho.store.unit import Unit
from daicho.wire.codecs.letters import encode
from daicho.wire.vault import Vault

_BATCH_ROWS = 2_000


@dataclass(slots=True)
class NetworkLines:
    """Everybody of a town whom a CS or a prefecture keeps and who is not over, numbered anew in the order of their codes.

    `kept_from` is the first day of striking of which records are not over; only a CS (`own_cs`) has items and addresses
    kept back of its own. `by` and `at` are whose act it is, and when. `numbered` is read first.
    """

    unit: Unit
    vault: Vault
    home: MunicipalityCode
    kept_from: date
    made_on: date
    by: str
    at: datetime
    own_cs: bool
    _homes: list[tuple[int, int, int]] = field(default_factory=list)
    _people: dict[str, int] = field(default_factory=dict)  # of those whose address is kept back

    def _everybody(self) -> Iterator[list[tuple[int, KeptRecord, ResidentRecord]]]:
        """Give everybody with the record that is made again, some at a time, always under the same numbers."""
        last = 0
        for batch in identity.kept_of_town(self.unit, self.home, _BATCH_ROWS):
            codes = [str(one.record.resident_record_code) for one in batch]
            items = identity.items_of(self.unit, codes) if self.own_cs else {}
            made: list[tuple[int, KeptRecord, ResidentRecord]] = []
            for code, kept in zip(codes, batch, strict=True):
                if kept.kept_until is not None and kept.kept_until < self.made_on:
                    continue
                record = rebuilt_record(kept, items.get(code), last + 1)
                if record.removal is None or record.removal.struck_on >= self.kept_from:
                    last += 1
                    made.append((last, kept, record))
            yield made

    def numbered(self) -> Iterator[tuple[int, int, str, str]]:
        """Give everybody's number of versions, which is one, individual number and its first day; "" without one."""
        hidden = kept_back.all_kept_back(self.unit) if self.own_cs else frozenset()
        for batch in self._everybody():
            codes = [str(kept.record.resident_record_code) for _, kept, _ in batch]
            with self.unit.as_number_keeper():
                sealed = handover.sealed_numbers(self.unit, codes)
            for (who, _, record), code in zip(batch, codes, strict=True):
                if record.living:
                    self._homes.append((who, who if record.relationship == HOUSEHOLDER else 0, 1))
                if code in hidden:
                    self._people[code] = who
                number = sealed.get(code)
                if number is None:
                    yield who, 1, "", ""
                else:
                    yield who, 1, self.vault.open(number[0], code), number[1].isoformat()

    def versions(self) -> Iterator[tuple[Values, ResidentRecord]]:
        """Give the one version of everybody, what stands before its items apart."""
        for batch in self._everybody():
            for who, kept, record in batch:
                head = {
                    "addressee_number": who, "version": 1, "entry_id": "", "legal_day": kept.record.change_date,
                    "recorded_at": None,
                }  # fmt: skip
                yield head, record

    def households(self) -> Iterator[tuple[int, int, int]]:
        """Give a household for each living person: who lives with whom the network does not know."""
        yield from self._homes

    def measures(self) -> Iterator[Values]:
        """Give a provisional measure for everybody whose address the CS keeps back."""
        for place, who in enumerate(sorted(self._people.values()), 1):
            number = f"{self.made_on.year}-{place:06d}"
            body = encode(rebuilt_measure(number, who, self.made_on)).decode()
            yield {
                "number": number, "version": 1, "step": ProtectionStep.APPLIED.value, "by": self.by, "at": self.at,
                "body": body,
            }  # fmt: skip

    def entries(self) -> Iterable[tuple[EntryLine, bool]]:
        """The network keeps no changes."""
        return ()

    def permissions(self) -> Iterable[Values]:
        """The network keeps no permissions."""
        return ()

    def programmes(self) -> Iterable[Values]:
        """The network keeps no programme items."""
        return ()

    def cards(self) -> Iterable[Values]:
        """The network keeps no notes of cards."""
        return ()

    def seals(self) -> Iterable[Values]:
        """The network keeps no seals."""
        return ()

    def imprints(self, wanted: Collection[str]) -> Iterable[tuple[str, bytes]]:  # noqa: ARG002 - as of a register
        """The network keeps no prints."""
        return ()

    def holds(self) -> Iterable[Values]:
        """The network keeps no holds of a hand."""
        return ()

    def characters(self) -> tuple[list[MappedCharacter], Mapping[str, bytes]]:
        """The network keeps no list of a town's own characters."""
        return [], {}
