"""Founds a nation on this machine: authorities, keys, databases, configurations, operators, the directory."""

import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from daicho.paper.offices import CERTIFICATES, certify_office, make_seal_authority
from daicho.rules.law.closed_days import CLOSED_DAYS
from daicho.rules.network.kinds import Member, MessageKey, NodeKind, NodeName
from daicho.rules.people.codes import MunicipalityCode
from daicho.store.migrate import migrate
from daicho.store.replicated import Server
from daicho.store.resting_indexes import build_resting_indexes, let_autovacuum_come
from daicho.store.roles import NodeDatabase, add_disposal_role
from daicho.store.templates import create_migrated_database, make_template
from daicho.wire.authority import (
    RENEW_BELOW_DAYS,
    Authority,
    TlsFiles,
    days_left,
    make_node_request,
    make_root,
    make_sub_authority,
)
from daicho.wire.directory import Directory, sign_directory, verify_directory
from daicho.wire.press import PRIVATE_KEY, PUBLIC_KEY, make_press_key
from daicho.wire.signer.keystore import make_keys, public_keys, write_private
from daicho.world.plan import KEEPERS, Places, PlannedNode, StandIn

SERVICE_DAY = date(2026, 11, 20)
DIRECTORY_HOURS = 24
MESSAGE_KEY_DAYS = 365
HARDWARE = "hardware.json"
FIRST_PORT = 9100
_DIRECTORY_KEY = "directory.key"
_OFFICE_SEAL = "office-seal"
_SEAL_AUTHORITY = "Daicho デモ組織認証局"
_SEAL_DAYS_LEFT = 30
_MANY = 3  # nodes of one kind, for which a template is worth its making
_FOUNDED_AT_ONCE = 4
_MONITORS_FROM = 200  # above the ports of a hundred nodes
_STAND_INS_FROM = 390
_ELSEWHERE_FROM = (
    500  # above the usual ports, and below those that the system gives to whoever calls somebody
)


@dataclass(frozen=True, slots=True)
class Ports:
    """Where one node listens today."""

    exchange: int
    terminal: int
    monitor: int


@dataclass(frozen=True, slots=True)
class HardwareKey:
    """A node's message key in a token: where it is, and what the directory shows of it."""

    module: str
    token: str
    kid: str
    x: str
    y: str

    def section(self) -> tuple[str, ...]:
        """Write the section of the node's configuration file."""
        return ("[hardware]", f'module = "{self.module}"', f'token = "{self.token}"')


def hardware_of(folder: Path) -> HardwareKey | None:
    """Read which token a node uses; None when its key lies in a file."""
    file = folder / HARDWARE
    return HardwareKey(**json.loads(file.read_text())) if file.exists() else None


def found(places: Places, plan: Iterable[PlannedNode], server: Server, said: Callable[[str], None]) -> None:
    """Make everything that is made once."""
    now = datetime.now(UTC)
    places.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    nodes = tuple(plan)
    root = make_root(places.keys / "root", now)
    for subtree in dict.fromkeys(_subtree(node) for node in nodes):
        make_sub_authority(places.keys / f"sub-{subtree}", root, f"{subtree}.daicho.internal", now)
    key = Ed25519PrivateKey.generate()
    write_private(places.keys / _DIRECTORY_KEY, key.private_bytes_raw())
    places.directory_key.write_bytes(key.public_key().public_bytes_raw())
    said("鍵と認証局")
    _found_nodes(places, nodes, server, said)
    state = {"serial": 0, "business_day": SERVICE_DAY.isoformat(), "started_at": now.isoformat()}
    places.state.write_text(json.dumps(state))


def _subtree(node: PlannedNode) -> str:
    return f"p{node.prefecture}" if node.prefecture else "n"


def _found_nodes(
    places: Places, nodes: tuple[PlannedNode, ...], server: Server, said: Callable[[str], None]
) -> None:
    """Make keys and databases of several nodes at a time; where a kind has many, they are copied from one."""
    counts = Counter(node.kind for node in nodes)
    templates = {kind: make_template(server, kind.value) for kind, count in counts.items() if count >= _MANY}

    def one(node: PlannedNode) -> None:
        folder = places.node(node.short)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        make_keys(folder / "signer")
        template = templates.get(node.kind)
        if template is not None:
            made = template.copy(node.database)
        else:
            made = create_migrated_database(server, node.database, node.kind.value)
        write_private(folder / "database.json", json.dumps(made.passwords).encode())

    with ThreadPoolExecutor(_FOUNDED_AT_ONCE) as pool:
        for node, _ in zip(nodes, pool.map(one, nodes), strict=True):
            said(node.title)
    for template in templates.values():
        template.drop()


def _upgrade(places: Places, nodes: Iterable[PlannedNode], server: Server) -> None:
    """Apply what an earlier version's databases lack, before any node of this version opens them.

    Indexes that rest since a first load was cut off are built.
    """
    for node in nodes:
        dsn = owner_dsn(places, node, server)
        add_disposal_role(server.dsn(), node.database)
        migrate(dsn, node.kind.value)
        if node.kind in KEEPERS:
            build_resting_indexes(dsn)
            let_autovacuum_come(dsn)


def owner_dsn(places: Places, node: PlannedNode, server: Server) -> str:
    """Write the address of a node's database for the role that owns what is in it."""
    passwords = json.loads((places.node(node.short) / "database.json").read_text())
    database = NodeDatabase(node.database, passwords)
    return server.dsn(node.database, database.role("owner"), passwords["owner"])


def prepare(
    places: Places,
    plan: Iterable[PlannedNode],
    server: Server,
    *,
    fresh: bool,
    first_port: int = FIRST_PORT,
    beside: Iterable[StandIn] = (),
) -> tuple[dict[str, Ports], dict[str, int]]:
    """Do what is done at every start: databases, revocation lists, directory, certificates, configurations.

    Give the ports of the nodes, and those of who is no node.

    Raises: MigrationFault when the databases are of a newer version.
    """
    nodes = tuple(plan)
    now = datetime.now(UTC)
    state = json.loads(places.state.read_text())
    crl = make_lists(places, now)
    chosen = _FreePorts(first_port)
    ports = _ports(nodes, state, first_port, chosen)
    known = state.get("stand_ins", {})
    stand_ins = {
        one.short: chosen.choose(int(known.get(one.short, first_port + _STAND_INS_FROM + place)))
        for place, one in enumerate(beside)
    }
    state["stand_ins"] = {**known, **stand_ins}
    state["ports"] = {short: [one.exchange, one.terminal, one.monitor] for short, one in ports.items()}
    state["serial"] = int(state["serial"]) + 1
    if not fresh:
        _upgrade(places, nodes, server)
        _next_service_day(state, now)
    forget_sockets(places)
    # A socket's path may have 107 characters, so it cannot lie in the nation's own folder.
    sockets = Path(tempfile.mkdtemp(prefix="daicho-"))
    state["sockets"] = str(sockets)
    places.state.write_text(json.dumps(state))
    _publish(places, nodes, ports, int(state["serial"]), now, SERVICE_DAY)
    _certify_offices(places, nodes, now)
    for node in nodes:
        _renew(places, node, crl, now)
        _configure(places, node, ports[node.short], server, sockets, state)
    for one in beside:
        _configure_stand_in(places, one, stand_ins[one.short], nodes, state)
    return ports, stand_ins


def forget_sockets(places: Places) -> None:
    """Remove the folder of the signers' sockets, which a nation has while it runs."""
    folder = json.loads(places.state.read_text()).get("sockets") if places.state.exists() else None
    if folder:
        shutil.rmtree(folder, ignore_errors=True)


class _FreePorts:
    """Ports that are free now, each given once; one that is busy moves."""

    def __init__(self, first: int) -> None:
        self._taken: set[int] = set()
        self._elsewhere = count(first + _ELSEWHERE_FROM)

    def choose(self, wanted: int) -> int:
        port = wanted
        while port in self._taken or not _is_free(port):
            port = next(self._elsewhere)
        self._taken.add(port)
        return port


def _ports(
    nodes: tuple[PlannedNode, ...], state: dict[str, object], first: int, chosen: _FreePorts
) -> dict[str, Ports]:
    """Keep the ports of last time; one that is busy now moves."""
    known = state.get("ports", {})
    assert isinstance(known, dict)  # noqa: S101 - our own file
    ports: dict[str, Ports] = {}
    for place, node in enumerate(nodes):
        usual = [first + 2 * place, first + 2 * place + 1, first + _MONITORS_FROM + place]
        last = known.get(node.short, usual)
        # A nation of an earlier version knows fewer ports.
        wanted = (int(port) for port in (*last, *usual[len(last) :]))
        ports[node.short] = Ports(*map(chosen.choose, wanted))
    return ports


def _is_free(port: int) -> bool:
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _next_service_day(state: dict[str, str], now: datetime) -> None:
    """Begin a later start on the next open day at 10:00, so that the counter's time never runs backwards."""
    day = date.fromisoformat(state["business_day"]) + timedelta(days=1)
    while day in CLOSED_DAYS:
        day += timedelta(days=1)
    state["business_day"], state["started_at"] = day.isoformat(), now.isoformat()


def directory_key(places: Places) -> Ed25519PrivateKey:
    """Open the key with which the nation signs the directory."""
    return Ed25519PrivateKey.from_private_bytes((places.keys / _DIRECTORY_KEY).read_bytes())


def _publish(
    places: Places,
    nodes: tuple[PlannedNode, ...],
    ports: dict[str, Ports],
    serial: int,
    now: datetime,
    day: date,
) -> None:
    names = {node.short: node.name for node in nodes}
    members = tuple(_member(places, node, ports[node.short], _cosigner(node, names), now) for node in nodes)
    known = tuple(Authority(folder).pem() for folder in sorted(places.keys.iterdir()) if folder.is_dir())
    until = now + timedelta(hours=DIRECTORY_HOURS)
    publish(places, Directory(serial, now, until, "demo", members, day, known))


def publish(places: Places, directory: Directory) -> None:
    """Sign a directory and put it where the national node looks."""
    write_private(places.directory, sign_directory(directory, directory_key(places)))


def read_directory(places: Places) -> Directory:
    """Read the directory as published."""
    return verify_directory(places.directory.read_bytes(), places.directory_key.read_bytes())


def _cosigner(node: PlannedNode, names: dict[str, str]) -> str:
    """A municipality's witness is its prefecture, a prefecture's and an agency's the nation, the nation's a prefecture.

    A registry speaks to nobody but its CS, so its CS stands witness for it.
    """
    prefecture = next(name for short, name in names.items() if short.startswith("prefecture"))
    return {
        NodeKind.REGISTRY: names.get(node.short.replace("registry", "cs"), ""),
        NodeKind.CS: names.get(f"prefecture-p{node.prefecture}", ""),
        NodeKind.NATIONAL: prefecture,
        NodeKind.AUDITOR: "",
    }.get(node.kind, names["national"])


def _member(places: Places, node: PlannedNode, ports: Ports, cosigner: str, now: datetime) -> Member:
    folder = places.node(node.short)
    keys = public_keys(folder / "signer")
    validity = (now - timedelta(days=1), now + timedelta(days=MESSAGE_KEY_DAYS))
    message_keys = [MessageKey(keys.kid, keys.x, keys.y, *validity)]
    in_token = hardware_of(folder)
    if in_token is not None:
        # A minute younger than the file's, so that it counts as the newest.
        younger = validity[0] + timedelta(minutes=1)
        message_keys.append(MessageKey(in_token.kid, in_token.x, in_token.y, younger, validity[1]))
    return Member(
        NodeName(node.name), node.kind, node.title, f"127.0.0.1:{ports.exchange}",
        tuple(message_keys), keys.checkpoint_key, keys.box_key,
        MunicipalityCode(node.municipality) if node.municipality else None, node.prefecture, cosigner,
    )  # fmt: skip


def _renew(places: Places, node: PlannedNode, crl: bytes, now: datetime) -> None:
    """Give a node a new certificate when the old one has less than half of its week left."""
    files = TlsFiles(places.node(node.short))
    root = places.keys / "root" / "certificate.pem"
    files.root.write_bytes(root.read_bytes())
    files.install_lists(crl)
    if files.is_installed() and days_left(files.pair, now) > RENEW_BELOW_DAYS:
        return
    certify(places, node, now)


def certify(places: Places, node: PlannedNode, now: datetime) -> None:
    """Give a node a new key and a new certificate of its authority."""
    key, request = make_node_request(node.name)
    chain = authority_of(places, node).issue_for_request(request, node.name, now)
    TlsFiles(places.node(node.short)).install(key, chain)


def authority_of(places: Places, node: PlannedNode) -> Authority:
    """Open the authority that certifies a node."""
    return Authority(_authority_folder(places, node))


def make_lists(places: Places, now: datetime) -> bytes:
    """Let every authority make a new revocation list; give all of them."""
    folders = sorted(folder for folder in places.keys.iterdir() if folder.is_dir())
    return b"".join(Authority(folder).make_crl(now) for folder in folders)


def _authority_folder(places: Places, node: PlannedNode) -> Path:
    return places.keys / f"sub-{_subtree(node)}"


def _own_authority(places: Places, node: PlannedNode) -> str:
    if node.kind not in (NodeKind.PREFECTURE, NodeKind.NATIONAL):
        return ""
    return str(_authority_folder(places, node))


def _certify_offices(places: Places, nodes: Iterable[PlannedNode], now: datetime) -> None:
    """Give every registry a key for sealing papers, and a new one long before the old one's certificate ends."""
    authority = places.seal_authority
    if not (authority / CERTIFICATES).exists():
        make_seal_authority(authority, _SEAL_AUTHORITY, now)
    for node in nodes:
        if node.kind is NodeKind.REGISTRY:
            folder = places.node(node.short) / _OFFICE_SEAL
            if (
                not (folder / CERTIFICATES).exists()
                or days_left(folder / CERTIFICATES, now) < _SEAL_DAYS_LEFT
            ):
                certify_office(folder, authority, node.town + "長", now)


def _issuer(folder: Path) -> tuple[str, ...]:
    return ("[issuer]", 'name = "見本　一郎"\nfee_yen = 300', f'seal_folder = "{folder / _OFFICE_SEAL}"')


def _destination(node: PlannedNode) -> tuple[str, ...]:
    """Say where the invented town hands out cards, as notices of individual numbers name it."""
    town = node.town
    place = f'name = "{town}市民課"\npostal_code = "0000000"\naddress = "{town}見本一丁目1番1号"\nphone = "00-0000-0000"'
    return (
        "[destination]",
        f'postal_code = "0000000"\naddress = "{town}見本一丁目1番1号"\nphone = "00-0000-0000"',
        f"[destination.issue_place]\n{place}",
        f"[destination.card_delivery_place]\n{place}",
    )


def _press(places: Places) -> tuple[str, ...]:
    """Name the press's public key; one of an earlier version's nation is made now."""
    if not (places.press / PRIVATE_KEY).exists():
        make_press_key(places.press)
    return ("[press]", f'public_key_file = "{places.press / PUBLIC_KEY}"')


def _configure(
    places: Places, node: PlannedNode, ports: Ports, server: Server, sockets: Path, state: dict[str, str]
) -> None:
    folder = places.node(node.short)
    passwords = json.loads((folder / "database.json").read_text())

    def dsn(role: str) -> str:
        return server.dsn(node.database, f"{node.database}_{role}", passwords[role])

    seams = folder / "seams.json"
    text = "\n".join(
        [
            f'name = "{node.name}"',
            f'folder = "{folder}"',
            f'signer_socket = "{sockets / node.short}.sock"',
            f'directory_file = "{places.directory if node.kind is NodeKind.NATIONAL else folder / "directory.jws"}"',
            f'directory_key_file = "{places.directory_key}"',
            f'authority = "{_own_authority(places, node)}"',
            "[database]",
            *(f'{role} = "{dsn(role)}"' for role in ("app", "read", "audit")),
            f'copy = "{server.dsn_of_copies(node.database, f"{node.database}_read", passwords["read"])}"',
            "[tls]",
            f'folder = "{folder}"',
            "[exchange]",
            f'host = "127.0.0.1"\nport = {ports.exchange}',
            *(in_token.section() if (in_token := hardware_of(folder)) else ()),
            *(["[terminal]", f'host = "127.0.0.1"\nport = {ports.terminal}'] if node.terminal else []),
            *(_issuer(folder) if node.kind is NodeKind.REGISTRY else ()),
            *(_destination(node) if node.kind is NodeKind.REGISTRY else ()),
            *(_press(places) if node.kind is NodeKind.NATIONAL else ()),
            f"[monitor]\nport = {ports.monitor}",
            "[clock]",
            f"business_day = {state['business_day']}",
            f"started_at = {state['started_at']}",
            "[seams]",
            *(
                f'"{name}" = {count}'
                for name, count in (json.loads(seams.read_text()) if seams.exists() else {}).items()
            ),
        ]
    )
    (folder / "directory.jws").write_bytes(places.directory.read_bytes())
    write_private(folder / "node.toml", (text + "\n").encode())


def _configure_stand_in(
    places: Places, one: StandIn, port: int, nodes: Iterable[PlannedNode], state: dict[str, str]
) -> None:
    """Write what a stand-in is told when it starts: the day, and which towns there are; nothing of any node's."""
    folder = places.node(one.short)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lines = [
        f'name = "{one.name}"',
        f'folder = "{folder}"',
        f"port = {port}",
        f"business_day = {state['business_day']}",
        f"started_at = {state['started_at']}",
        "[towns]",
        *(f'{node.municipality} = "{node.town}"' for node in nodes if node.kind is NodeKind.REGISTRY),
    ]
    write_private(folder / "node.toml", "\n".join((*lines, "")).encode())
