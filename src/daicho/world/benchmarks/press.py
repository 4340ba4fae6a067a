"""Certificates on paper: copies of whole households set and sealed by two workers."""

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby, islice
from pathlib import Path
from statistics import median
from typing import Any

from daicho.paper.certificate import Certificate
from daicho.paper.fonts import find_fonts
from daicho.paper.offices import certify_office, make_seal_authority, read_seal_key
from daicho.paper.sealing import SealKey
from daicho.paper.workers import Press, Sheet
from daicho.rules.certificates.content import CertificateItem, CertificateKind
from daicho.rules.certificates.request import CertificateSubject
from daicho.rules.certificates.text import content_of
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.register.extract import ExtractReader, ExtractRow, decode_line, parse_header
from daicho.rules.register.record import ResidentRecord
from daicho.world.benchmarks.filling import ON, SEED
from daicho.world.benchmarks.measuring import percentile
from daicho.world.people import population, ranges_of

PAPERS = 600
WORKERS = 2
_SINGLES = 100
_WARM = 8
_TOWN, _PLACE = "13101", "東京都千代田区"
_LEFT_OUT = (CertificateItem.INDIVIDUAL_NUMBER, CertificateItem.RECORD_CODE)


def bench_press() -> dict[str, Any]:
    """Set household copies, each of another household: sealed in bulk, unsealed in bulk, sealed one by one.

    The ceiling of sealed papers is what the same workers do without a seal.
    """
    papers = _papers(PAPERS)
    with Press(find_fonts(), _seal_key(), workers=WORKERS) as press:
        now = datetime.now(UTC)
        _all_set(press, papers[:_WARM], now)
        singles = [_seconds(press, [paper], now) for paper in papers[-_SINGLES:]]
        sealed = len(papers) / _seconds(press, papers, now)
        unsealed = len(papers) / _seconds(press, papers, None)
    return {
        "name": "press",
        "result": sealed,
        "unit": "sealed/s",
        "ceiling": unsealed,
        "ratio": sealed / unsealed,
        "single_sealed_p50_ms": round(1000 * median(singles), 1),
        "single_sealed_p95_ms": round(1000 * percentile(singles, 95), 1),
        "papers": len(papers),
        "people_a_paper": round(sum(len(paper.content.people) for paper in papers) / len(papers), 2),
        "workers": WORKERS,
    }


def _seconds(press: Press, papers: list[Certificate], signed_at: datetime | None) -> float:
    begun = time.monotonic()
    _all_set(press, papers, signed_at)
    return time.monotonic() - begun


def _all_set(press: Press, papers: list[Certificate], signed_at: datetime | None) -> None:
    for sheet in press.set_all(papers, signed_at):
        if not isinstance(sheet, Sheet) or sheet.sealed != (signed_at is not None):
            raise AssertionError("not every paper was set")


def _seal_key() -> SealKey:
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="daicho-bench-") as folder:
        authority, office = Path(folder) / "authority", Path(folder) / "office"
        make_seal_authority(authority, "Daicho 測定認証局", now)
        certify_office(office, authority, f"{_PLACE}長", now)
        return read_seal_key(office, now)


def _papers(count: int) -> list[Certificate]:
    shown = frozenset(CertificateItem).difference(_LEFT_OUT)
    return [
        Certificate(
            content=content_of(CertificateKind.HOUSEHOLD_COPY, subjects, shown, _PLACE),
            issuer_title=f"{_PLACE}長",
            issuer_name="見本　一郎",
            issued_on=ON,
            number=f"2026-{number:08d}",
            verification=f"https://registry.example/paper?n=2026-{number:08d}&k=Zm9yLW1lYXN1cmluZy1vbmx5",
        )
        for number, subjects in enumerate(islice(_households(), count), start=1)
    ]


def _households() -> Iterator[list[CertificateSubject]]:
    for _, members in groupby(_records(), key=lambda record: record.household_number):
        yield [CertificateSubject(record) for record in members]


def _records() -> Iterator[ResidentRecord]:
    lines = (f"{line}\n".encode() for line in population(SEED, _TOWN, 5 * PAPERS, ranges_of(0)))
    columns = parse_header(str(decode_line(next(lines))))
    if not isinstance(columns, tuple):
        raise TypeError(columns.reason)
    reader = ExtractReader(columns, MunicipalityCode(_TOWN), frozenset())
    for number, line in enumerate(lines, 2):
        row = reader.read(number, line)
        if isinstance(row, ExtractRow):
            yield row.record
