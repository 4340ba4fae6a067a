"""`daicho run`: one node, until it is told to stop."""

import logging
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from daicho.cli.assembling import assemble, log_to_standard_error, serve, told_to_stop
from daicho.faces.exchange.answerers import Answerers
from daicho.faces.exchange.answering import Asked, Exchange, Reply
from daicho.faces.exchange.calls import ExchangeApp
from daicho.faces.exchange.listener import Listener
from daicho.nodes import seams
from daicho.nodes.chronicle import note
from daicho.nodes.config import NodeConfig, read_config
from daicho.nodes.mailroom.jobs import MailroomLoops
from daicho.nodes.watch.assembly import found_node
from daicho.nodes.watch.gathering import BATCHES_AT_ONCE
from daicho.nodes.watch.health import Health, health
from daicho.nodes.watch.loops import Job, Loops
from daicho.nodes.watch.refusals import RefusedCalls
from daicho.nodes.watch.standing import stand
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import NodeKind
from daicho.store.copies import beat
from daicho.store.ledger import ensure_months
from daicho.wire.authority import TlsFiles
from daicho.wire.http import terminal_context


class RunningNode:
    """A node with its listeners and threads."""

    def __init__(self, config: NodeConfig) -> None:
        """Open everything that the node stands on; nothing listens yet."""
        self.config = config
        self.foundation = found_node(config)
        node = self.foundation.node
        with node.store.unit("node.months") as unit:
            ensure_months(unit, node.clock.now().date())
        self.assembly = assemble(self.foundation)
        # A training copy has no place in any network: it opens no door to it and sends nothing.
        alone = node.training
        count = 0 if alone else config.answering_processes
        self.answerers = Answerers(config) if count else None
        elsewhere = self._answer_elsewhere if self.answerers else None
        exchange = Exchange(
            node.me, node.wire.directory, node.wire.signer, node.clock.now, self.assembly.operations,
            self.foundation.files, config.workers + count, health=lambda: msgspec.structs.asdict(self._health()),
            together=self.assembly.together, elsewhere=elsewhere,
            batches=count or BATCHES_AT_ONCE, answered=self.foundation.meter.answered,
            refused=RefusedCalls(node).note, hear_of=self.foundation.keeper.hear_of,
        )  # fmt: skip
        self.listeners: list[Listener] = []
        if not alone:
            place = config.exchange
            self.listeners.append(
                Listener(ExchangeApp(exchange), place.host, place.port, self.foundation.files)
            )
        if config.terminal is not None:
            from daicho.faces.desks.bind import enrol_demo_operators, terminal_of

            enrol_demo_operators(self.foundation)
            tls = TlsFiles(Path(config.terminal.tls_folder)) if config.terminal.tls_folder else None
            self.listeners.append(
                Listener(
                    terminal_of(self.foundation),
                    config.terminal.host,
                    config.terminal.port,
                    tls,
                    terminal_context,
                )
            )
        if config.hall is not None and node.me.kind is NodeKind.REGISTRY and not alone:
            from daicho.faces.hall.app import HallApp

            hall, tls = (
                config.hall,
                TlsFiles(Path(config.hall.tls_folder)) if config.hall.tls_folder else None,
            )
            app = HallApp(node, hall.ordinance)
            self.listeners.append(Listener(app, hall.host, hall.port, tls, terminal_context))
        if config.monitor is not None:
            from daicho.faces.monitor.app import MonitorApp

            monitor = MonitorApp(
                self._health, lambda: stand(node, self.foundation.files), self.foundation.meter
            )
            self.listeners.append(Listener(monitor, config.monitor.host, config.monitor.port))
        own = [Job("renewal", 5.0, self._renewed), Job("processes", 2.0, self._processes)]
        if config.database.copy:
            own.append(Job("beat", 1.0, self._beat))
        self.loops = Loops((*self.assembly.jobs, *own))
        self.mailroom = (
            MailroomLoops(node, self.assembly.letters, self.foundation.box_key)
            if self.assembly.letters and not alone
            else None
        )
        self._stamp = self._tls_stamp()

    def _answer_elsewhere(self, asked: Sequence[Asked]) -> list[Reply]:
        """Let another process answer; the lines that it wrote are rung for here."""
        assert self.answerers is not None  # noqa: S101 - nobody is sent here without them
        replies = self.answerers.work(asked)
        self.foundation.node.store.line_bell.ring()
        return replies

    def _health(self) -> Health:
        return health(self.foundation.node, self.foundation.files)

    def start(self) -> None:
        """Note the start in the ledger, open the listeners, start the threads."""
        node = self.foundation.node
        with node.store.unit("node.start") as unit:
            note(unit, node, event=Event.NODE_STARTED, outcome="started")
        if self.answerers is not None:
            self.answerers.start()
        for listener in self.listeners:
            listener.start()
        self.loops.start()
        if self.mailroom is not None:
            self.mailroom.start()

    def stop(self) -> None:
        """Stop in the reverse order."""
        for listener in self.listeners:
            listener.begin_to_stop()
        if self.mailroom is not None:
            self.mailroom.stop()
        self.loops.stop()
        for listener in reversed(self.listeners):
            listener.stop()
        if self.answerers is not None:
            self.answerers.stop()
        self.foundation.close()

    def _tls_stamp(self) -> tuple[int, ...]:
        files = [self.foundation.files.pair, self.foundation.files.crl]
        if self.config.terminal is not None and self.config.terminal.tls_folder:
            files.append(TlsFiles(Path(self.config.terminal.tls_folder)).pair)
        if self.config.hall is not None and self.config.hall.tls_folder:
            files.append(TlsFiles(Path(self.config.hall.tls_folder)).pair)
        return tuple(file.stat().st_mtime_ns for file in files)

    def _renewed(self) -> bool:
        """Take certificates and revocation lists that were renewed on the disk."""
        stamp = self._tls_stamp()
        if stamp != self._stamp:
            self._stamp = stamp
            for listener in self.listeners:
                listener.reload_tls()
        return False

    def _beat(self) -> bool:
        """Give the servers that follow something to follow, so that their age is known while nothing happens."""
        with self.foundation.node.store.unit("node.beat") as unit:
            beat(unit)
        return False

    def _processes(self) -> bool:
        """Start again what died; let the signer take a newer message key once the directory lists it."""
        self.foundation.signer.ensure()
        if self.answerers is not None:
            self.answerers.ensure()
        node = self.foundation.node
        me = node.wire.directory().member(self.config.name)
        in_force = [key for key in me.message_keys if key.valid_from <= node.clock.now()] if me else []
        if in_force:
            newest = max(in_force, key=lambda key: key.valid_from)
            if newest.kid != node.wire.signer.kid():
                node.wire.signer.reload()
        return False


@click.command(short_help="run one node until it is told to stop")
@click.argument("name")
@click.option("--config", "path", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True,
              help="The node's configuration file (TOML).")  # fmt: skip
def run(name: str, path: Path) -> None:
    """Run the node NAME with its configuration file, as in production."""
    log_to_standard_error()
    config = read_config(path)
    if config.name != name:
        raise click.UsageError(f"{path} is the configuration of {config.name}")
    seams.arm_all(dict(config.seams))
    told = told_to_stop()
    running = RunningNode(config)
    logging.getLogger().addHandler(running.foundation.meter.counts_log())
    running.start()
    serve(Path(config.folder), told)
    running.stop()
