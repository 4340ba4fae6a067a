"""A small country with real authorities, keys and certificates, and nodes that run as `daicho run` runs them."""

import contextlib
import http.client
import json
import os
import shutil
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import msgspec
import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from daicho.cli.run import RunningNode
from daicho.faces.exchange.answering import Exchange
from daicho.faces.exchange.calls import ExchangeApp
from daicho.faces.exchange.listener import Listener
from daicho.nodes.config import DatabaseConfig, ListenConfig, NodeConfig, TlsConfig
from daicho.rules.network.kinds import Member, MessageKey, NodeKind, NodeName
from daicho.rules.people.codes import MunicipalityCode
from daicho.store.launcher import free_port
from daicho.wire.authority import Authority, TlsFiles, make_node_request, make_root, make_sub_authority
from daicho.wire.directory import Directory, sign_directory
from daicho.wire.envelope import Head, seal
from daicho.wire.http import client_context
from daicho.wire.operations import LETTERS_DELIVER, Letter, Operation
from daicho.wire.signer.client import SignerClient, SignerProcess
from daicho.wire.signer.keystore import make_keys, public_keys
from daicho.wire.signer.process import KeyHolder, SignRequest

SECONDS = 15.0


def now() -> datetime:
    return datetime.now(UTC)


def until(holds: Callable[[], bool], seconds: float = SECONDS) -> None:
    """Wait for something that a thread does; fail when it does not."""
    pause = threading.Event()
    for _ in range(int(seconds / 0.02)):
        if holds():
            return
        pause.wait(0.02)
    raise AssertionError("did not happen in time")


class Pen:
    """Signs with a node's real key files, without a process of its own."""

    def __init__(self, keys: Path) -> None:
        self._holder = KeyHolder(keys)

    def kid(self) -> str:
        return self._holder.answer(SignRequest("letter", [])).kid

    def forget_kid(self) -> None:
        pass

    def sign_digests(self, purpose: str, digests: list[bytes]) -> tuple[str, list[bytes]]:
        answer = self._holder.answer(SignRequest(purpose, digests))
        return answer.kid, answer.signatures


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def code(self) -> str:
        return str(json.loads(self.body)["code"])

    @property
    def parts(self) -> list[bytes]:
        return [bytes(part) for part in msgspec.json.decode(self.body, type=_Sealed).parts]


class _Sealed(msgspec.Struct):
    seal: str
    parts: list[bytes]


class Line:
    """One open TLS connection."""

    def __init__(self, port: int, context: ssl.SSLContext, name: str, session: Any = None) -> None:
        plain = socket.create_connection(("127.0.0.1", port), SECONDS)
        try:
            self.tls = context.wrap_socket(plain, server_hostname=name, session=session)
        except BaseException:
            plain.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.tls.close()

    def send(self, content: bytes) -> None:
        self.tls.sendall(content)

    def ask(
        self, path: str, body: bytes = b"", *, method: str = "POST", headers: dict[str, str] | None = None
    ) -> Answer:
        given = {"Host": "node", "Content-Length": str(len(body)), **(headers or {})}
        head = f"{method} {path} HTTP/1.1\r\n" + "".join(
            f"{key}: {value}\r\n" for key, value in given.items()
        )
        self.send(head.encode() + b"\r\n" + body)
        return self.answer()

    def answer(self) -> Answer:
        """Read one answer. TLS 1.3 tells a client only here that its certificate was refused."""
        with contextlib.closing(http.client.HTTPResponse(self.tls)) as found:
            found.begin()
            return Answer(found.status, dict(found.getheaders()), found.read())


@dataclass
class Caller:
    """A node as others see it: its member entry, key files and certificate."""

    member: Member
    folder: Path
    authority: Authority
    _pen: list[Pen] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(self.member.name)

    @property
    def files(self) -> TlsFiles:
        return TlsFiles(self.folder)

    @property
    def pen(self) -> Pen:
        if not self._pen:
            self._pen.append(Pen(self.folder / "signer"))
        return self._pen[0]

    def certify(self, *, at: datetime | None = None, days: float = 7, name: str = "") -> int:
        """Take a fresh certificate; give its serial number."""
        from cryptography import x509

        key, request = make_node_request(self.name)
        public = x509.load_der_x509_csr(request).public_key()
        chain = self.authority.issue(public, name or self.name, at or now(), days)
        self.files.install(key, chain)
        return x509.load_pem_x509_certificate(chain).serial_number

    def copy(self, folder: Path) -> "Caller":
        """The same node with files that a test may spoil."""
        shutil.copytree(self.folder, folder)
        return Caller(self.member, folder, self.authority)

    def line(self, port: int, to: str, context: ssl.SSLContext | None = None, session: Any = None) -> Line:
        return Line(port, context or client_context(self.files), to, session)

    def sealed(
        self,
        operation: Operation,
        to: str,
        parts: list[bytes],
        *,
        epoch: int = 0,
        first: int = 0,
        **head: Any,
    ) -> bytes:
        made = Head(self.name, to, operation.name, now(), 1, [], "", epoch, first)
        return seal(self.pen, msgspec.structs.replace(made, **head), parts)

    def letter(self, to: str, *, first: int, letter_id: str = "", epoch: int = 1) -> bytes:
        """A batch of one letter."""
        part = msgspec.json.encode(Letter(letter_id or os.urandom(8).hex(), "note", b"closed box"))
        return self.sealed(LETTERS_DELIVER, to, [part], epoch=epoch, first=first)


class Country:
    """Root, authorities of two prefectures and the nation, members, the signed directory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = make_root(folder / "keys" / "root", now())
        self.subs = {
            label: make_sub_authority(folder / "keys" / label, self.root, f"{label}.daicho.internal", now())
            for label in ("p13", "p01", "n")
        }
        self._key = Ed25519PrivateKey.generate()
        self.key_file = folder / "directory.pub"
        self.key_file.write_bytes(self._key.public_key().public_bytes_raw())
        self.serial = 0
        self.callers: dict[str, Caller] = {}
        for short, kind, town, prefecture in (
            ("national.n", NodeKind.NATIONAL, "", ""),
            ("prefecture.p13", NodeKind.PREFECTURE, "", "13"),
            ("cs.m131016.p13", NodeKind.CS, "13101", "13"),
            ("registry.m131016.p13", NodeKind.REGISTRY, "13101", "13"),
            ("cs.m012025.p01", NodeKind.CS, "01202", "01"),
            ("agency-kensetsu.n", NodeKind.AGENCY, "", ""),
            ("auditor.n", NodeKind.AUDITOR, "", ""),
        ):
            self._add(short, kind, town, prefecture)
        self.new_lists()

    def _add(self, short: str, kind: NodeKind, town: str, prefecture: str) -> None:
        folder = self.folder / "nodes" / short
        make_keys(folder / "signer")
        keys = public_keys(folder / "signer")
        span = (now() - timedelta(days=1), now() + timedelta(days=365))
        member = Member(
            NodeName(f"{short}.daicho.internal"), kind, short, f"127.0.0.1:{free_port()}",
            (MessageKey(keys.kid, keys.x, keys.y, *span),), keys.checkpoint_key, keys.box_key,
            MunicipalityCode(town) if town else None, prefecture,
        )  # fmt: skip
        caller = Caller(member, folder, self.subs[short.rpartition(".")[2]])
        caller.files.root.write_bytes((self.root.folder / "certificate.pem").read_bytes())
        caller.certify()
        self.callers[short] = caller

    def __getitem__(self, short: str) -> Caller:
        return self.callers[short]

    def lists(self) -> bytes:
        return b"".join(authority.make_crl(now()) for authority in (self.root, *self.subs.values()))

    def new_lists(self, *also: Caller) -> None:
        made = self.lists()
        for caller in (*self.callers.values(), *also):
            fresh = caller.files.crl.with_suffix(".new")
            fresh.write_bytes(made)
            fresh.replace(caller.files.crl)

    def directory(self, *, without: str = "", hours: float = 24) -> Directory:
        self.serial += 1
        members = tuple(one.member for one in self.callers.values() if one.name != without)
        at = now()
        known = (self.root.pem(), *(sub.pem() for sub in self.subs.values()))
        return Directory(self.serial, at, at + timedelta(hours=hours), "demo", members, None, known)

    def publish(self, file: Path, directory: Directory) -> None:
        fresh = file.with_suffix(".new")
        fresh.write_bytes(sign_directory(directory, self._key))
        fresh.replace(file)


@pytest.fixture(scope="package")
def country() -> Iterator[Country]:
    folder = Path(tempfile.mkdtemp(prefix="daicho-exchange-"))
    yield Country(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def new_country(tmp_path: Path) -> Country:
    """A country of the test's own."""
    return Country(tmp_path / "country")


@pytest.fixture
def copied(country: Country, tmp_path: Path) -> Callable[[str], Caller]:
    """A member whose files a test may spoil."""
    return lambda short: country[short].copy(tmp_path / short)


@dataclass
class Running:
    """One node that runs, with the databases' own view of it."""

    node: RunningNode
    caller: Caller
    addresses: dict[str, str]
    directory_file: Path

    @property
    def name(self) -> str:
        return self.caller.name

    @property
    def port(self) -> int:
        return self.node.config.exchange.port

    def inbox(self) -> int:
        with psycopg.connect(self.addresses["admin"]) as admin:
            row = admin.execute("select count(*) from mailbox.inbox").fetchone()
            assert row is not None
            return int(row[0])

    def expected(self, sender: Caller) -> tuple[int, int]:
        """Epoch and number that the node expects from a sender."""
        with psycopg.connect(self.addresses["admin"]) as admin:
            row = admin.execute(
                "select epoch, next_expected from mailbox.stream_in where sender = %s", (sender.name,)
            ).fetchone()
            return (int(row[0]), int(row[1])) if row else (1, 1)

    def take_directory(self, country: Country, directory: Directory) -> None:
        country.publish(self.directory_file, directory)
        self.node.foundation.keeper.take_from_disk()
        assert self.node.foundation.keeper.current().serial == directory.serial


@contextlib.contextmanager
def _runner(databases: Any) -> Iterator[Callable[[str, Country], Running]]:
    """Start nodes of a country, each on a database of its own, as `daicho run` does."""
    running: list[Running] = []

    def start(short: str, land: Country, **more: Any) -> Running:
        caller = land[short]
        addresses = databases.fresh(caller.member.kind.value)
        sockets = Path(tempfile.mkdtemp(prefix="daicho-"))
        file = caller.folder / "directory.jws"
        land.publish(file, land.directory())
        issues = caller.member.kind in (NodeKind.NATIONAL, NodeKind.PREFECTURE)
        config = NodeConfig(
            caller.name, str(caller.folder), str(sockets / "s.sock"), str(file), str(land.key_file),
            DatabaseConfig(addresses["app"], addresses["read"], addresses["audit"], pool_connections=4),
            TlsConfig(str(caller.folder)), ListenConfig("127.0.0.1", int(caller.member.endpoint.split(":")[1])),
            authority=str(caller.authority.folder) if issues else "", **more,
        )  # fmt: skip
        made = RunningNode(config)
        made.start()
        running.append(Running(made, caller, addresses, file))
        return running[-1]

    try:
        yield start
    finally:
        for one in running:
            one.node.stop()
            databases.drop(one.addresses)
            shutil.rmtree(Path(one.node.config.signer_socket).parent)


@pytest.fixture
def run_node(databases: Any) -> Iterator[Callable[[str, Country], Running]]:
    """Run nodes for one test."""
    with _runner(databases) as start:
        yield start


@pytest.fixture(scope="package")
def prefecture(country: Country, databases: Any) -> Iterator[Running]:
    """The running server of prefecture 13; tests leave it as they found it."""
    with _runner(databases) as start:
        yield start("prefecture.p13", country)


@pytest.fixture
def nothing_kept(prefecture: Running) -> Iterator[None]:
    """Whatever the test does, no letter of it is kept."""
    before = prefecture.inbox()
    yield
    assert prefecture.inbox() == before


@dataclass
class Bare:
    """A listener alone, with handlers of the test's own."""

    caller: Caller
    port: int
    listener: Listener
    exchange: Exchange
    signer: SignerProcess

    @property
    def name(self) -> str:
        return self.caller.name


@pytest.fixture
def listen(country: Country) -> Iterator[Callable[..., Bare]]:
    """Open a listener for a node with handlers of the test's own."""
    opened: list[tuple[Listener, SignerProcess, SignerClient, Path]] = []

    def start(
        short: str, handlers: dict[str, Any], *, clock: Callable[[], datetime] = now, **options: Any
    ) -> Bare:
        caller = country[short]
        sockets = Path(tempfile.mkdtemp(prefix="daicho-"))
        process = SignerProcess(caller.folder / "signer", sockets / "s.sock")
        process.ensure()
        client = SignerClient(sockets / "s.sock")
        directory = country.directory()
        exchange = Exchange(
            caller.member, lambda: directory, client, clock, handlers, files=caller.files, **options
        )
        port = free_port()
        listener = Listener(ExchangeApp(exchange), "127.0.0.1", port, caller.files)
        listener.start()
        opened.append((listener, process, client, sockets))
        return Bare(caller, port, listener, exchange, process)

    yield start
    for listener, process, client, sockets in opened:
        listener.stop()
        client.close()
        process.stop()
        shutil.rmtree(sockets)
