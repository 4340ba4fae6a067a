"""Do two copies of the same records agree, and where do they differ?  本人確認情報整合"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter

from daicho.rules.identity.record import IdentityRecord

# That somebody plans to move is known below before it is told above: no disagreement.
_NOT_COMPARED = frozenset({"scheduled_flag", "scheduled_move_out_on"})
COMPARED = tuple(field.name for field in fields(IdentityRecord) if field.name not in _NOT_COMPARED)
_VALUES = attrgetter(*COMPARED)
_LENGTHS = tuple(b"%d:" % length for length in range(1_024))
BUCKETS = 4096


def written(record: IdentityRecord) -> list[bytes | None]:
    """Write each item on which two levels must agree as text in UTF-8, in the order of `COMPARED`.

    Law: none, own definition.
    """
    # Days write themselves in ISO 8601, members of our enumerations their value.
    return [None if value is None else str(value).encode() for value in _VALUES(record)]


def canonical(record: IdentityRecord) -> bytes:
    """Write what two levels must agree on as bytes; each part carries its length.

    Law: none, own definition.
    """
    return _joined(written(record))


def _joined(items: Sequence[bytes | None]) -> bytes:
    try:
        return b"|".join([b"-" if item is None else _LENGTHS[len(item)] + item for item in items])
    except IndexError:
        return b"|".join([b"-" if item is None else b"%d:%b" % (len(item), item) for item in items])


def row_hash(record: IdentityRecord) -> bytes:
    """Hash a record's canonical bytes with SHA-256.

    Law: none, arithmetic.
    """
    return hash_of_written(written(record))


def hash_of_written(items: Sequence[bytes | None]) -> bytes:
    """Hash a record of which the items are written already.

    Law: none, arithmetic.
    """
    return hashlib.sha256(_joined(items)).digest()


def bucket_of(code: str) -> int:
    """Tell which bucket of a copy a resident record code falls into.

    Law: none, own definition.
    """
    return int.from_bytes(hashlib.sha256(code.encode("ascii")).digest()[:2], "big") % BUCKETS


@dataclass(frozen=True, slots=True)
class BucketDigest:
    """What two levels compare first: how many rows, and two sums of their hashes.  整合用の要約

    Law: none, own definition.
    """

    rows: int
    xor: bytes
    total: bytes


def digests(hashes: Mapping[str, bytes]) -> dict[int, BucketDigest]:
    """Sum up row hashes by bucket; the sum beside the exclusive-or keeps pairs from cancelling.

    Law: none, own definition.
    """
    sums: dict[int, tuple[int, int, int]] = {}
    for code, value in hashes.items():
        bucket = bucket_of(code)
        rows, xor, total = sums.get(bucket, (0, 0, 0))
        number = int.from_bytes(hashlib.sha256(code.encode("ascii") + value).digest(), "big")
        sums[bucket] = (rows + 1, xor ^ number, (total + number) % (1 << 256))
    return {
        bucket: BucketDigest(rows, xor.to_bytes(32, "big"), total.to_bytes(32, "big"))
        for bucket, (rows, xor, total) in sums.items()
    }


def unequal_buckets(left: Mapping[int, BucketDigest], right: Mapping[int, BucketDigest]) -> tuple[int, ...]:
    """List the buckets in which two copies differ.

    Law: none, comparison.
    """
    return tuple(sorted(b for b in left.keys() | right.keys() if left.get(b) != right.get(b)))


@dataclass(frozen=True, slots=True)
class Differences:
    """Where two copies part: codes that only one has, and codes whose records are unequal.  不整合

    Law: 住民基本台帳法 第30条の8
    """

    only_left: tuple[str, ...]
    only_right: tuple[str, ...]
    unequal: tuple[str, ...]

    @property
    def none(self) -> bool:
        """Tell whether the copies agree.

        Law: none, comparison.
        """
        return not (self.only_left or self.only_right or self.unequal)


def compare(left: Mapping[str, bytes], right: Mapping[str, bytes]) -> Differences:
    """Compare two copies given as row hashes by resident record code.

    Law: 住民基本台帳法 第30条の8
    """
    both = left.keys() & right.keys()
    return Differences(
        tuple(sorted(left.keys() - both)),
        tuple(sorted(right.keys() - both)),
        tuple(sorted(code for code in both if left[code] != right[code])),
    )


def hashes_of(records: Iterable[IdentityRecord]) -> dict[str, bytes]:
    """Hash many records by code.

    Law: none, arithmetic.
    """
    return {str(record.resident_record_code): row_hash(record) for record in records}
