"""Which nodes a nation of ours has, and where its files lie."""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from daicho.rules.network.kinds import NodeKind
from daicho.world.tables import rows_of

TOWNS_MAX = 40
SEED = 20_261_120  # of the towns' synthetic residents
NEWCOMERS_WITHOUT_NUMBER = 3
KEEPERS = frozenset({NodeKind.REGISTRY, NodeKind.CS, NodeKind.PREFECTURE, NodeKind.NATIONAL})  # of people


@dataclass(frozen=True, slots=True)
class PlannedNode:
    """One node before it exists; `short` names its folder and its database."""

    short: str
    name: str
    kind: NodeKind
    title: str
    municipality: str = ""
    prefecture: str = ""
    terminal: bool = False
    residents: int = 0

    @property
    def town(self) -> str:
        """Name the municipality whose node this is, as its title begins."""
        return self.title.partition(" ")[0]

    @property
    def database(self) -> str:
        """Name the node's database."""
        return self.short.replace("-", "_")

    @property
    def command(self) -> str:
        """Name the command that runs it."""
        return "run"


@dataclass(frozen=True, slots=True)
class StandIn:
    """A process that plays somebody of the outside world: no node, certified by nobody, called by no node."""

    short: str
    name: str
    title: str
    command: str


MINISTRY = StandIn("moj", "moj.stand-in", "出入国在留管理庁（模擬）", "ministry-terminal")


@dataclass(frozen=True, slots=True)
class Town:
    """A municipality of the plan: five-digit code, six-digit code, name, its prefecture's name, people."""

    code: str
    code_with_check: str
    title: str
    prefecture_title: str
    residents: int

    @property
    def prefecture(self) -> str:
        """Give the two digits of the town's prefecture."""
        return self.code[:2]


def towns(people: int, count: int = 4) -> tuple[Town, ...]:
    """Share `people` evenly among the first `count` towns of the plan, at most TOWNS_MAX."""
    return tuple(
        Town(row["code"][:5], row["code"], row["name"], row["prefecture"], people // count)
        for row in islice(rows_of("municipalities.csv"), count)
    )


def plan_nation(people: int, town_count: int = 4) -> tuple[PlannedNode, ...]:
    """List the nodes: nation, prefectures, CSs, registries, then the rest."""
    chosen = towns(people, town_count)
    prefectures = {town.prefecture: town.prefecture_title for town in chosen}
    nodes = [
        PlannedNode(
            "national",
            "national.n.daicho.internal",
            NodeKind.NATIONAL,
            "地方公共団体情報システム機構",
            terminal=True,
        )
    ]
    nodes += [
        PlannedNode(f"prefecture-p{p}", f"prefecture.p{p}.daicho.internal", NodeKind.PREFECTURE, title,
                    prefecture=p, terminal=True)
        for p, title in prefectures.items()
    ]  # fmt: skip
    for kind, title in ((NodeKind.CS, "コミュニケーションサーバ"), (NodeKind.REGISTRY, "住民記録")):
        nodes += [
            PlannedNode(f"{kind.value.lower()}-m{town.code_with_check}",
                        f"{kind.value.lower()}.m{town.code_with_check}.p{town.prefecture}.daicho.internal",
                        kind, f"{town.title} {title}", town.code, town.prefecture, terminal=True,
                        residents=town.residents if kind is NodeKind.REGISTRY else 0)
            for town in chosen
        ]  # fmt: skip
    nodes.append(
        PlannedNode("agency-kensetsu", "agency-kensetsu.n.daicho.internal", NodeKind.AGENCY, "国土交通省")
    )
    nodes.append(PlannedNode("auditor", "auditor.n.daicho.internal", NodeKind.AUDITOR, "監査人"))
    return tuple(nodes)


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one nation on this machine."""

    home: Path

    @property
    def database(self) -> Path:
        """Where the database cluster lies."""
        return self.home / "database"

    @property
    def servers(self) -> Path:
        """Where the database's three servers lie, in a nation that has them."""
        return self.home / "cluster"

    @property
    def keys(self) -> Path:
        """Where the authorities' keys lie."""
        return self.home / "keys"

    @property
    def seal_authority(self) -> Path:
        """Where the authority for the offices' seals keeps its key: it is none of the network's."""
        return self.home / "seal-authority"

    @property
    def press(self) -> Path:
        """Where the machine that prints notices of numbers keeps its key: no node opens the private part."""
        return self.home / "press"

    @property
    def directory(self) -> Path:
        """The signed directory as published."""
        return self.home / "directory.jws"

    @property
    def directory_key(self) -> Path:
        """The public key that the directory is checked with."""
        return self.home / "directory.pub"

    @property
    def state(self) -> Path:
        """What the supervisor remembers between two starts."""
        return self.home / "nation.json"

    @property
    def extracts(self) -> Path:
        """Where the synthetic extracts lie until they are imported."""
        return self.home / "extracts"

    def extract(self, node: "PlannedNode") -> Path:
        """Where the extract of a registry's town lies."""
        return self.extracts / f"{node.municipality}.csv"

    @property
    def opened(self) -> Path:
        """A mark: everybody is entered and the first story is told; a start that finds none goes on there."""
        return self.home / "opened"

    @property
    def pid(self) -> Path:
        """The supervisor's process number."""
        return self.home / "supervisor.pid"

    def node(self, short: str) -> Path:
        """Where one node keeps its configuration, keys and log."""
        return self.home / "nodes" / short
