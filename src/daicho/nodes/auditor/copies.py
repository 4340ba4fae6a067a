"""The three copies of everybody, compared by their row hashes."""

from collections.abc import Sequence

from daicho.nodes.auditor.books import Books
from daicho.nodes.auditor.findings import Fault, Finding
from daicho.rules.network.kinds import NodeKind
from daicho.store import identity

_PAGE_ROWS = 20_000
_SHOWN = 100


def audit_copies(books: Sequence[Books]) -> list[Finding]:
    """Compare CS with prefecture and prefecture with nation; a person is named by nothing but a count."""
    lower = [one for one in books if one.member.kind is NodeKind.CS]
    middle = [one for one in books if one.member.kind is NodeKind.PREFECTURE]
    upper = [one for one in books if one.member.kind is NodeKind.NATIONAL]
    towns = _all(lower)
    findings = _compare(towns, {**_all(middle)}, middle)
    return findings + _compare(_all(middle), _all(upper), upper)


def _all(books: Sequence[Books]) -> dict[str, bytes]:
    """Read living people's row hashes; whoever moved between two towns is known to the newer one."""
    found: dict[str, bytes] = {}
    for one in books:
        after = ""
        while True:
            with one.store.unit("audit.copies") as unit:
                page = identity.living_hashes(unit, after, _PAGE_ROWS)
            if not page:
                break
            found |= page
            after = max(page)
    return found


def _compare(below: dict[str, bytes], above: dict[str, bytes], books: Sequence[Books]) -> list[Finding]:
    name = " ".join(str(one.member.name) for one in books)
    missing = [code for code in below if code not in above]
    extra = [code for code in above if code not in below]
    differing = [code for code, value in below.items() if code in above and above[code] != value]
    findings = []
    if missing or extra:
        findings.append(
            Finding(name, Fault.COPY_MISSING, f"{len(missing)} unknown above, {len(extra)} unknown below")
        )
    if differing:
        findings.append(Finding(name, Fault.COPY_DIFFERS, f"{len(differing)} records"))
    return findings[:_SHOWN]
