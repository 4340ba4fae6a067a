"""The training copy of a town: invented people under the same law and pages, with keys and a database of its own.

One registry alone on the loopback. Its directory is its own and says so under its own key; in it stands a
communication server that nobody runs, so that letters are written as ever and go nowhere.
"""

import json
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from daicho.nodes.config import read_config
from daicho.nodes.registry.transfer import import_extract
from daicho.nodes.watch.assembly import found_node
from daicho.rules.law.refusal import Refusal
from daicho.rules.network.kinds import Member, MessageKey, NodeKind, NodeName
from daicho.rules.people.codes import MunicipalityCode, with_check_digit
from daicho.store import code_stock
from daicho.store.launcher import Cluster
from daicho.store.migrate import migrate
from daicho.store.roles import NodeDatabase
from daicho.store.templates import create_migrated_database
from daicho.wire.authority import TlsFiles, make_root, make_sub_authority
from daicho.wire.directory import TRAINING, Directory, sign_directory
from daicho.wire.signer.keystore import make_keys, public_keys, write_private
from daicho.world.founding import certify, directory_key, forget_sockets, make_lists
from daicho.world.loading import ADMINISTRATOR, SECURITY_OFFICER
from daicho.world.nation import NationRuns, running_pid
from daicho.world.people import population, ranges_of
from daicho.world.plan import Places, PlannedNode, Town
from daicho.world.supervisor import Supervisor
from daicho.world.tables import rows_of

TOWN_PLACE = 90  # codes and numbers behind those of every town of a demonstration
CODES_IN_STOCK = 2_000
DIRECTORY_DAYS = 400  # nobody signs another one meanwhile but the next start
_CODES_FROM = 9_000_000  # of a town's ten million: no resident of the copy has one of these
_NOWHERE = "127.0.0.1:9"
_LINES_A_CHUNK = 2_000
_SHORT, _CS = "training", "cs"
_DIRECTORY_KEY = "directory.key"
_MARK = "training.json"  # which town a copy is of; a folder without it is none
_CONNECTIONS = 40


class TrainingFailed(RuntimeError):
    """The invented people could not be brought in."""


@dataclass(slots=True)
class TrainingCopy:
    """A training copy that runs."""

    places: Places
    plan: PlannedNode
    cluster: Cluster
    supervisor: Supervisor
    address: str = ""


def town_of(municipality: str) -> Town:
    """Find a municipality by its five or six digits. Raises: ValueError."""
    code = MunicipalityCode(municipality)
    row = next((row for row in rows_of("municipalities.csv") if row["code"][:5] == code), None)
    if row is None:
        raise ValueError("no such municipality")
    return Town(row["code"][:5], row["code"], row["name"], row["prefecture"], 0)


def planned(town: Town) -> PlannedNode:
    """Plan the one node of a copy."""
    name = f"registry.kenshu-m{town.code_with_check}.p{town.prefecture}.daicho.internal"
    return PlannedNode(
        _SHORT, name, NodeKind.REGISTRY, f"{town.title} 住民記録（研修用）", town.code, town.prefecture,
        terminal=True,
    )  # fmt: skip


def raise_training(
    home: Path,
    *,
    municipality: str,
    people: int,
    seed: int,
    binaries: Path | None,
    said: Callable[[str], None],
) -> TrainingCopy:
    """Make the copy if it is not there, and start it.

    Raises: NationRuns, DatabaseFault, NodeDidNotStart, TrainingFailed, ValueError.
    """
    places = Places(home.resolve())
    pid = running_pid(places)
    if pid is not None:
        raise NationRuns(str(pid))
    fresh = not places.state.exists()
    if not fresh and not (places.home / _MARK).exists():
        raise TrainingFailed("the folder holds something else")
    if fresh:
        _make_room(places)
        town = {"municipality": town_of(municipality).code, "people": people, "seed": seed}
        (places.home / _MARK).write_text(json.dumps(town))
    told = json.loads((places.home / _MARK).read_text())
    plan = planned(town_of(str(told["municipality"])))
    places.pid.write_text(str(os.getpid()))
    cluster = Cluster(places.database, binaries=binaries, max_connections=_CONNECTIONS)
    copy = TrainingCopy(places, plan, cluster, Supervisor(places, [plan]))
    try:
        cluster.start({})
        if fresh:
            _found(places, plan, cluster)
            said("鍵とデータベース")
        copy.address = _address(plan, _prepare(places, plan, cluster))
        copy.supervisor.start_all(lambda node: said(f"起動: {node.title}"))
        if not places.opened.exists():
            _fill(places, plan, int(told["people"]), int(told["seed"]))
            places.opened.touch()
            said(f"架空の住民 {int(told['people']):,} 人")
    except BaseException:
        lower_training(copy)
        raise
    return copy


def _make_room(places: Places) -> None:
    """Begin with nothing, where there is nothing but what an earlier beginning left. Raises: TrainingFailed."""
    marked = (places.home / _MARK).exists()
    if places.home.exists() and any(places.home.iterdir()) and not marked:
        raise TrainingFailed("the folder holds something else")
    shutil.rmtree(places.home, ignore_errors=True)
    places.home.mkdir(parents=True, mode=0o711)


def lower_training(copy: TrainingCopy) -> None:
    """Stop a copy."""
    copy.supervisor.stop_all(lambda _: None)
    copy.cluster.stop()
    forget_sockets(copy.places)
    copy.places.pid.unlink(missing_ok=True)


def remove_training(places: Places) -> bool:
    """Remove a copy that does not run, with everything that trainees did in it; False when the folder is none."""
    if not (places.home / _MARK).exists():
        return False
    if places.database.exists():
        Cluster(places.database).stop("immediate")
    shutil.rmtree(places.home, ignore_errors=True)
    return True


def _address(plan: PlannedNode, port: int) -> str:
    label = ".".join(plan.name.split(".")[:-2]).replace(".", "-")
    return f"http://{label}.localhost:{port}"


def _found(places: Places, plan: PlannedNode, cluster: Cluster) -> None:
    now = datetime.now(UTC)
    root = make_root(places.keys / "root", now)
    subtree = f"p{plan.prefecture}"
    make_sub_authority(places.keys / f"sub-{subtree}", root, f"{subtree}.daicho.internal", now)
    key = Ed25519PrivateKey.generate()
    write_private(places.keys / _DIRECTORY_KEY, key.private_bytes_raw())
    places.directory_key.write_bytes(key.public_key().public_bytes_raw())
    for short in (_SHORT, _CS):
        places.node(short).mkdir(mode=0o700, parents=True)
        make_keys(places.node(short) / "signer")
    made = create_migrated_database(cluster, plan.database, plan.kind.value)
    write_private(places.node(_SHORT) / "database.json", json.dumps(made.passwords).encode())
    places.state.write_text(json.dumps({"serial": 0}))


def _prepare(places: Places, plan: PlannedNode, cluster: Cluster) -> int:
    """Do what is done at every start; give the terminal's port."""
    now = datetime.now(UTC)
    state = json.loads(places.state.read_text())
    passwords = json.loads((places.node(_SHORT) / "database.json").read_text())
    owner = NodeDatabase(plan.database, passwords)
    migrate(cluster.dsn(plan.database, owner.role("owner"), passwords["owner"]), plan.kind.value)
    forget_sockets(places)
    # A socket's path may have 107 characters, so it cannot lie in the copy's own folder.
    state["sockets"] = tempfile.mkdtemp(prefix="daicho-")
    state["serial"] = int(state["serial"]) + 1
    state["port"] = _free_port(int(state.get("port", 0)))
    places.state.write_text(json.dumps(state))
    folder = places.node(_SHORT)
    TlsFiles(folder).root.write_bytes((places.keys / "root" / "certificate.pem").read_bytes())
    TlsFiles(folder).install_lists(make_lists(places, now))
    certify(places, plan, now)
    _publish(places, plan, int(state["serial"]), now)
    _configure(places, plan, cluster, state, passwords)
    return int(state["port"])


def _publish(places: Places, plan: PlannedNode, serial: int, now: datetime) -> None:
    """Sign the directory that says what this is: whoever could make it say otherwise has another key."""
    cs = plan.name.replace("registry.", "cs.", 1)
    members = (
        _member(places, _SHORT, plan.name, NodeKind.REGISTRY, plan, now),
        _member(places, _CS, cs, NodeKind.CS, plan, now),
    )
    until = now + timedelta(days=DIRECTORY_DAYS)
    signed = sign_directory(Directory(serial, now, until, TRAINING, members), directory_key(places))
    write_private(places.directory, signed)
    write_private(places.node(_SHORT) / "directory.jws", signed)


def _member(
    places: Places, short: str, name: str, kind: NodeKind, plan: PlannedNode, now: datetime
) -> Member:
    keys = public_keys(places.node(short) / "signer")
    span = now - timedelta(days=1), now + timedelta(days=DIRECTORY_DAYS)
    return Member(
        NodeName(name), kind, plan.title, _NOWHERE, (MessageKey(keys.kid, keys.x, keys.y, *span),),
        keys.checkpoint_key, keys.box_key, MunicipalityCode(plan.municipality), plan.prefecture, "",
    )  # fmt: skip


def _configure(
    places: Places, plan: PlannedNode, cluster: Cluster, state: dict[str, str], passwords: dict[str, str]
) -> None:
    folder = places.node(_SHORT)
    roles = {
        role: cluster.dsn(plan.database, f"{plan.database}_{role}", passwords[role])
        for role in ("app", "read", "audit")
    }
    text = "\n".join(
        [
            f'name = "{plan.name}"',
            f'folder = "{folder}"',
            f'signer_socket = "{Path(state["sockets"]) / _SHORT}.sock"',
            f'directory_file = "{folder / "directory.jws"}"',
            f'directory_key_file = "{places.directory_key}"',
            "[database]",
            *(f'{role} = "{dsn}"' for role, dsn in roles.items()),
            "[tls]",
            f'folder = "{folder}"',
            "[exchange]",
            'host = "127.0.0.1"\nport = 9',
            "[terminal]",
            f'host = "127.0.0.1"\nport = {state["port"]}',
            "[issuer]",
            'name = "研修　太郎"\nfee_yen = 300',
        ]
    )
    write_private(folder / "node.toml", (text + "\n").encode())


def _free_port(wanted: int) -> int:
    """Keep the port of last time; one that is busy now moves."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise TrainingFailed("no port is free")


def _fill(places: Places, plan: PlannedNode, people: int, seed: int) -> None:
    """Bring the invented people in, and codes for those who will be born or come from abroad."""
    foundation = found_node(read_config(places.node(_SHORT) / "node.toml"), own_signer=False)
    ranges = ranges_of(TOWN_PLACE)
    lines = population(seed, plan.municipality, people, ranges)
    try:
        report = import_extract(foundation.node, ADMINISTRATOR, SECURITY_OFFICER, _chunks(lines))
        if isinstance(report, Refusal) or report.imported + report.already_there != people:
            raise TrainingFailed("the invented people were not all taken")
        first = ranges.first_code + _CODES_FROM
        codes = [with_check_digit(f"{first + place:010d}") for place in range(CODES_IN_STOCK)]
        with foundation.node.store.unit() as unit:
            code_stock.add_to_stock(unit, codes)
    finally:
        foundation.close()


def _chunks(lines: Iterator[str]) -> Iterator[bytes]:
    while part := list(islice(lines, _LINES_A_CHUNK)):
        yield ("\n".join(part) + "\n").encode()
