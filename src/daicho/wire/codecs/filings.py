"""What letters about filings carry, from registry to CS to CS to registry, and the answers back.

Own definitions: the real network's message formats are not public, and the Act asks for no answer.
"""

import msgspec

from daicho.rules.filings.answer import ReportAnswer
from daicho.rules.filings.report import FilingReport, Route
from daicho.wire.codecs.letters import Unreadable, decode

REPORT = "filing.report"
ANSWER = "filing.answer"
LETTER_BYTES = 16 * 1024  # three times what the longest items come to


class FilingLetter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One town tells another one what to record of its resident (法9条2項)."""

    route: Route
    report: FilingReport


class FilingAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the town that was told made of it; the route is the report's, and nothing says where anybody lives."""

    route: Route
    answer: ReportAnswer


def read_filing(content: bytes) -> FilingLetter:
    """Read a report. Raises: Unreadable."""
    return decode(FilingLetter, _limited(content))


def read_answer(content: bytes) -> FilingAnswer:
    """Read an answer. Raises: Unreadable."""
    return decode(FilingAnswer, _limited(content))


def _limited(content: bytes) -> bytes:
    if len(content) > LETTER_BYTES:
        raise Unreadable("a letter about a filing that is too long")
    return content
