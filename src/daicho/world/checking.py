"""What must hold in a nation at rest."""

from datetime import UTC, datetime

from daicho.nodes.auditor.audit import audit
from daicho.nodes.auditor.books import Books
from daicho.nodes.auditor.findings import Finding
from daicho.nodes.config import read_config
from daicho.rules.network.kinds import NodeKind
from daicho.store.unit import Store
from daicho.world.founding import read_directory
from daicho.world.nation import Nation, count_copies


def check_nation(nation: Nation) -> list[str]:
    """Say what does not hold; nothing when everything does."""
    counts = count_copies(nation)
    findings: list[str] = []
    sums = {
        kind: sum(counts[node.short].get(key, 0) for node in nation.plan if node.kind is kind)
        for kind, key in (
            (NodeKind.REGISTRY, "residents"), (NodeKind.CS, "records"), (NodeKind.PREFECTURE, "records"),
            (NodeKind.NATIONAL, "records"),
        )
    }  # fmt: skip
    if len(set(sums.values())) != 1:
        findings.append(
            f"各階層の人数が一致しません: { {kind.value: count for kind, count in sums.items()} }"
        )
    for short, one in counts.items():
        if one.get("parked"):
            findings.append(f"{short}: 処理できない電文が {one['parked']} 件")
        if one.get("returned"):
            findings.append(f"{short}: 返戻された電文が {one['returned']} 件")
    return findings + [str(finding) for finding in audit_nation(nation)]


def audit_nation(nation: Nation) -> list[Finding]:
    """Let the auditor read every node with the read-only role."""
    directory = read_directory(nation.places)
    books: list[Books] = []
    try:
        for node in nation.plan:
            config = read_config(nation.places.node(node.short) / "node.toml")
            member = directory.member(node.name)
            if member is not None:
                books.append(Books(member, Store(config.database.audit, pool_connections=1)))
        return audit(books, directory, datetime.now(UTC))
    finally:
        for one in books:
            one.store.close()
