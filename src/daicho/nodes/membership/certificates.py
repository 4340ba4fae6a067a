"""A node's certificate of seven days, renewed by itself, and everybody's revocation lists."""

import hashlib
import logging
import threading
from datetime import timedelta

import msgspec
from cryptography import x509

from daicho.nodes.chronicle import note
from daicho.nodes.node import Node
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import Member, NodeKind
from daicho.wire.authority import (
    RENEW_BELOW_DAYS,
    Authority,
    AuthorityFault,
    TlsFiles,
    days_left,
    make_node_request,
)
from daicho.wire.envelope import EnvelopeError, Head, Opened, open_sealed, seal
from daicho.wire.operations import CERTIFICATE_RENEW, RenewAnswer, RenewRequest
from daicho.wire.revocation import newest_lists, newest_only

LISTS_EVERY = timedelta(hours=12)
_LOG = logging.getLogger("daicho.membership")


class CertificateKeeper:
    """Keeps one node's certificate and lists fresh; at a prefecture and at the nation also issues them."""

    def __init__(self, node: Node, files: TlsFiles, authority: Authority | None = None) -> None:
        """Take the node's files, and the authority that it runs, if it runs one."""
        self._node = node
        self._files = files
        self._authority = authority
        self._renewing = threading.Lock()
        self._offered = (0, b"")  # the file's stamp, and what of it is given to others

    def renew(self) -> bool:
        """Replace the certificate when less than half of its week is left; the old one holds until then.

        Raises: WireUnavailable, WireRefused, SignerUnavailable, StoreUnavailable.
        """
        with self._renewing:  # whoever waited here finds it renewed
            return self._renew()

    def _renew(self) -> bool:
        node, now = self._node, self._node.clock.now()
        if days_left(self._files.pair, now) > RENEW_BELOW_DAYS:
            return False
        key, request = make_node_request(str(node.me.name))
        if self._authority is not None:
            chain = self._authority.issue_for_request(request, str(node.me.name), now)
        else:
            answer = self._ask(request)
            chain = answer.chain
            self.take_lists(answer.lists)
        if not _is_for(chain, request):
            _LOG.error("the certificate that came is not the one that was asked for")
            return False
        self._files.install(key, chain)
        with node.store.unit("certificate.renewed") as unit:
            note(unit, node, event=Event.CERTIFICATE_RENEWED, outcome="installed")
        return False

    def _ask(self, request: bytes) -> RenewAnswer:
        node, directory = self._node, self._node.wire.directory()
        wanted = RenewRequest(csr=request)
        to = directory.national()
        if node.me.kind is NodeKind.CS:
            to = directory.prefecture(node.me.prefecture)
        elif node.me.kind is NodeKind.REGISTRY:
            # It speaks to its CS alone, which carries the closed question on to the prefecture.
            to = _found(directory.cs_of(str(node.me.municipality)))
            prefecture = directory.prefecture(node.me.prefecture)
            head = Head(
                str(node.me.name), str(prefecture.name), CERTIFICATE_RENEW.name, node.clock.now(), directory.serial, []
            )  # fmt: skip
            wanted = RenewRequest(relayed=seal(node.wire.signer, head, [msgspec.json.encode(wanted)]))
        answer = node.wire.post.call(CERTIFICATE_RENEW, to, wanted)
        return answer if isinstance(answer, RenewAnswer) else RenewAnswer(b"")

    def answer(self, opened: Opened) -> RenewAnswer:
        """Issue for the member that signed the question, or carry a registry's question on.

        Raises: EnvelopeError when the question, or the one inside it, is not in order; WireUnavailable.
        """
        request: RenewRequest = opened.request
        if request.relayed and self._node.me.kind is NodeKind.CS:
            prefecture = self._node.wire.directory().prefecture(self._node.me.prefecture)
            carried = self._node.wire.post.call(CERTIFICATE_RENEW, prefecture, request)
            return carried if isinstance(carried, RenewAnswer) else RenewAnswer(b"")
        if self._authority is None:
            raise EnvelopeError("REQUEST_FORM", 13)
        name, csr = str(opened.sender.name), request.csr
        if request.relayed:
            name, csr = self._open_relayed(opened.sender, request.relayed)
        try:
            chain = self._authority.issue_for_request(csr, name, self._node.clock.now())
        except AuthorityFault:
            raise EnvelopeError("REQUEST_FORM", 13) from None
        with self._node.store.unit("certificate.issued") as unit:
            note(unit, self._node, event=Event.CERTIFICATE_ISSUED, peer=name, outcome="issued")
        return RenewAnswer(chain, self.lists())

    def _open_relayed(self, carrier: Member, content: bytes) -> tuple[str, bytes]:
        """Open what a CS carries for the registry of its own town, and for nobody else."""
        node, directory = self._node, self._node.wire.directory()
        registry = directory.registry_of(str(carrier.municipality)) if carrier.municipality else None
        if registry is None or carrier.kind is not NodeKind.CS:
            raise EnvelopeError("REQUEST_FORM", 13)
        inner = open_sealed(
            content, me=str(node.me.name), directory=directory, now=node.clock.now(), peer=str(registry.name),
            operation=CERTIFICATE_RENEW.name, max_bytes=CERTIFICATE_RENEW.max_bytes, max_parts=1,
        )  # fmt: skip
        try:
            return str(registry.name), msgspec.json.decode(inner.parts[0], type=RenewRequest).csr
        except (msgspec.DecodeError, UnicodeDecodeError, IndexError):
            raise EnvelopeError("REQUEST_FORM", 13) from None

    def lists(self) -> bytes:
        """Give the newest revocation lists that this node holds; read anew only when the file has changed."""
        stamp = self._files.crl.stat().st_mtime_ns
        if stamp != self._offered[0]:
            self._offered = (stamp, newest_only(self._files.crl.read_bytes()))
        return self._offered[1]

    def lists_digest(self) -> bytes:
        """Name the lists as held, so that nobody sends what is there already."""
        return hashlib.sha256(self.lists()).digest()

    def take_lists(self, offered: bytes) -> bool:
        """Take what is newer and signed by an authority that the directory names; tell whether anything was."""
        if not offered:
            return False
        now, known = self._node.clock.now(), self._node.wire.directory().authorities
        try:
            authorities = [x509.load_pem_x509_certificate(one.encode()) for one in known]
            joined = newest_lists(self._files.crl.read_bytes(), offered, authorities, now)
        except ValueError:
            _LOG.error("revocation lists that cannot be read were passed over")
            return False
        if joined is None:
            return False
        self._files.install_lists(joined)
        return True

    def go_back_if_too_new(self) -> None:
        """Go back to the former certificate when the clock has been set to a time before the present one begins."""
        if self._files.take_back_former(self._node.clock.now()):
            _LOG.warning("the certificate begins in the future: the former one is in use again")
            with self._node.store.unit("certificate.former") as unit:
                note(unit, self._node, event=Event.CERTIFICATE_RENEWED, outcome="former")

    def make_lists(self) -> bool:
        """Make a new list twelve hours after the last, or as soon as something was revoked."""
        if self._authority is not None:
            self.take_lists(self._authority.current_crl(self._node.clock.now(), LISTS_EVERY))
        return False


def _is_for(chain: bytes, request: bytes) -> bool:
    try:
        made = x509.load_pem_x509_certificate(chain)
    except ValueError:
        return False
    return made.public_key() == x509.load_der_x509_csr(request).public_key()


def _found(member: Member | None) -> Member:
    if member is None:
        raise LookupError("no CS of this town in the directory")
    return member
