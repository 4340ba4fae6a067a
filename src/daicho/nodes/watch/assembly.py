"""A node put together from its configuration file: what every actor does the same way."""

import importlib.resources
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from daicho.nodes.clock import RealClock, clock_started_on
from daicho.nodes.config import NodeConfig
from daicho.nodes.membership.certificates import CertificateKeeper
from daicho.nodes.membership.keeper import DirectoryKeeper
from daicho.nodes.node import Node, Wire
from daicho.nodes.watch.line import Line
from daicho.nodes.watch.loops import Job
from daicho.nodes.watch.meter import Meter
from daicho.rules.network.kinds import NodeKind
from daicho.rules.provision.basis import BasisTable
from daicho.store.launcher import check_server_address
from daicho.store.unit import Store
from daicho.wire.authority import Authority, TlsFiles
from daicho.wire.directory import TRAINING
from daicho.wire.envelope import Opened
from daicho.wire.http import Post, WireUnavailable
from daicho.wire.poor_line import PoorLine
from daicho.wire.signer.client import SignerClient, SignerProcess
from daicho.wire.signer.keystore import box_key, vault_key
from daicho.wire.vault import Vault


class NotAMember(RuntimeError):
    """The signed directory does not list this node, or lists it with other keys."""


@dataclass(slots=True)
class Foundation:
    """The parts that a running node stands on."""

    config: NodeConfig
    node: Node
    keeper: DirectoryKeeper
    signer: SignerProcess
    box_key: bytes
    files: TlsFiles
    certificates: CertificateKeeper
    meter: Meter
    line: Line

    def close(self) -> None:
        """Let go of everything."""
        self.node.wire.post.close()
        self.node.wire.signer.close()
        self.node.store.close()
        self.signer.stop()


@dataclass(frozen=True, slots=True)
class Assembly:
    """What an actor adds: operations it answers, letters it takes, work it repeats."""

    operations: Mapping[str, Callable[[Opened], Any]]
    letters: Mapping[str, Any] = field(default_factory=dict)
    jobs: tuple[Job, ...] = ()
    together: Mapping[str, Callable[[Sequence[Opened]], Sequence[Any]]] = field(default_factory=dict)


@cache
def bases() -> BasisTable:
    """Read the legal bases that come with the program."""
    folder = importlib.resources.files("daicho.rules.provision")
    return BasisTable.parse(
        *((folder / name).read_text("utf-8") for name in ("bases.csv", "bases_outside.csv"))
    )


def found_node(config: NodeConfig, *, own_signer: bool = True) -> Foundation:
    """Check the configuration against the signed directory and open everything.

    Raises: NotAMember, DirectoryFault, DatabaseFault, SignerUnavailable.
    """
    for address in (config.database.app, config.database.read, config.database.audit, config.database.copy):
        check_server_address(address)
    keeper = DirectoryKeeper(Path(config.directory_file), Path(config.directory_key_file))
    directory = keeper.current()
    me = directory.member(config.name)
    if me is None:
        raise NotAMember(config.name)
    keys = Path(config.folder) / "signer"
    process = SignerProcess(keys, Path(config.signer_socket), _hardware(config))
    if own_signer:
        process.ensure()
    signer = SignerClient(Path(config.signer_socket))
    clock = _clock(config, demo=directory.profile == "demo")
    meter = Meter()
    store = Store(
        config.database.app, read_dsn=config.database.read, copy_dsn=config.database.copy,
        pool_connections=config.database.pool_connections, kept_plans=me.kind is NodeKind.REGISTRY, watch=meter,
    )  # fmt: skip
    files = TlsFiles(Path(config.tls.folder))
    demo = directory.profile == "demo"
    line = _nobody if directory.profile == TRAINING else _line(config, clock, demo=demo)
    seen = Line(clock.now)
    post = Post(
        config.name, signer, keeper.current, files, clock.now, line, keeper.hear_of,
        lambda name, answered: seen.heard(name, answered=answered),
    )  # fmt: skip
    wire = Wire(signer, post, keeper.current)
    node = Node(me, store, wire, clock, Vault(vault_key(keys)), bases())
    authority = Authority(Path(config.authority)) if config.authority else None
    certificates = CertificateKeeper(node, files, authority)
    return Foundation(config, node, keeper, process, box_key(keys), files, certificates, meter, seen)


def _hardware(config: NodeConfig) -> tuple[str, ...]:
    if config.hardware is None:
        return ()
    return ("--pkcs11-module", config.hardware.module, "--pkcs11-token", config.hardware.token)


def _nobody(_send: Callable[[], bytes]) -> bytes:
    """Carry nothing: a training copy speaks to nobody, whatever it is told."""
    raise WireUnavailable("a training copy speaks to nobody")


def _line(config: NodeConfig, clock: RealClock, *, demo: bool) -> Callable[[Callable[[], bytes]], bytes]:
    """A poor line is for drills alone."""
    if config.line is None or not demo:
        return lambda send: send()
    return PoorLine(config.line.lost_percent, config.line.repeated_percent, clock.token).carry


def _clock(config: NodeConfig, *, demo: bool) -> RealClock:
    """A fixed service day is for demonstrations alone."""
    if config.clock is None or not demo:
        return RealClock()
    return clock_started_on(config.clock.business_day, started_at=config.clock.started_at)
