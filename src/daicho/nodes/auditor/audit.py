"""The whole audit: every node's books, every witness, both ends of every answer, the three copies."""

from collections.abc import Sequence
from datetime import datetime

from daicho.nodes.auditor.answers import audit_answers
from daicho.nodes.auditor.books import Books, audit_books, audit_witness
from daicho.nodes.auditor.copies import audit_copies
from daicho.nodes.auditor.findings import Finding
from daicho.wire.directory import Directory


def audit(books: Sequence[Books], directory: Directory, now: datetime) -> list[Finding]:
    """Recompute everything and accuse; an empty list is the best news."""
    by_name = {str(one.member.name): one for one in books}
    findings: list[Finding] = []
    for one in books:
        findings += audit_books(one, directory, now)
        findings += audit_witness(one, by_name)
    return findings + audit_answers(books) + audit_copies(books)
