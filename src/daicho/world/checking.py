"""What must hold in a nation at rest."""

from daicho.rules.network.kinds import NodeKind
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
        findings.append(f"各階層の人数が一致しません: { {kind.value: count for kind, count in sums.items()} }")
    for short, one in counts.items():
        if one.get("parked"):
            findings.append(f"{short}: 処理できない電文が {one['parked']} 件")
        if one.get("returned"):
            findings.append(f"{short}: 返戻された電文が {one['returned']} 件")
    return findings
