"""The certificates of the network: a root, one authority per prefecture and one of the nation, nodes of 7 days.

Names are DNS names, held to a prefecture by name constraints. Every list of revocations has a newer date and a
higher number than the one before, because OpenSSL ignores one that has not.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from daicho.wire.signer.keystore import write_private

NODE_DAYS = 7
RENEW_BELOW_DAYS = NODE_DAYS / 2
SUB_DAYS = 3 * 365
ROOT_DAYS = 10 * 365
LIST_HOURS = 48
ROOT_LIST_HOURS = 100 * 24  # the root lies in a safe; who revokes an authority brings it out
_BACKDATE = timedelta(minutes=5)
_KEY, _CERTIFICATE, _PASSPHRASE, _STATE, _CRL = (
    "key.pem",
    "certificate.pem",
    "passphrase",
    "state.json",
    "crl.pem",
)


# What the library raises for bytes that are no such thing; a field may be read only when it is asked for.
MALFORMED = (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion, x509.DuplicateExtension)


class AuthorityFault(RuntimeError):
    """A certificate cannot be issued: the request is malformed, or asks for somebody else's name."""


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """The files from which a node's TLS contexts are made."""

    folder: Path

    @property
    def pair(self) -> Path:
        """The private key of 7 days, the node's certificate and its authority's: one file, replaced in one step."""
        return self.folder / "tls.pem"

    @property
    def root(self) -> Path:
        """The root that everybody trusts."""
        return self.folder / "ca.pem"

    @property
    def crl(self) -> Path:
        """All revocation lists."""
        return self.folder / "crl.pem"

    @property
    def former_pair(self) -> Path:
        """What `pair` was before it was replaced."""
        return self.folder / "tls.former.pem"

    def install(self, key: bytes, chain: bytes) -> None:
        """Put a key and its certificate in the place of the old ones; nobody ever reads half of them."""
        if self.is_installed():
            write_private(self.former_pair, self.pair.read_bytes())
        write_private(self.pair, key + chain)

    def take_back_former(self, now: datetime) -> bool:
        """Go back to the former certificate while the present one only begins in the future; tell whether it was done.

        A clock that was wrong when a certificate was issued and has been set right since leaves such a one behind.
        """
        if begins(self.pair) <= now or not self.former_pair.exists():
            return False
        if not begins(self.former_pair) <= now or days_left(self.former_pair, now) <= 0:
            return False
        write_private(self.pair, self.former_pair.read_bytes())
        return True

    def install_lists(self, lists: bytes) -> None:
        """Put revocation lists in the place of the old ones, in one step."""
        write_private(self.crl, lists)

    def is_installed(self) -> bool:
        """Tell whether key and certificate are there."""
        return self.pair.exists() and b"PRIVATE KEY" in self.pair.read_bytes()


class Authority:
    """One authority: its key (encrypted), its certificate, its serials and its revocations."""

    def __init__(self, folder: Path) -> None:
        """Open an authority that was made before."""
        self.folder = folder
        self.certificate = x509.load_pem_x509_certificate((folder / _CERTIFICATE).read_bytes())

    @property
    def subtree(self) -> str:
        """The end of every name that this authority may certify; of the root, nothing."""
        try:
            named = self.certificate.extensions.get_extension_for_class(x509.NameConstraints).value
        except x509.ExtensionNotFound:
            return ""
        return str((named.permitted_subtrees or [x509.DNSName("")])[0].value)

    def pem(self) -> str:
        """Give the authority's own certificate."""
        return _pem(self.certificate).decode()

    def _key(self) -> ec.EllipticCurvePrivateKey:
        passphrase = (self.folder / _PASSPHRASE).read_bytes()
        key = serialization.load_pem_private_key((self.folder / _KEY).read_bytes(), passphrase)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise AuthorityFault("not an EC key")
        return key

    def issue(
        self, public_key: ec.EllipticCurvePublicKey, name: str, now: datetime, days: float = NODE_DAYS
    ) -> bytes:
        """Issue a node certificate for one DNS name; give it as PEM with this authority's behind it."""
        builder = (
            _builder(_name(name), self.certificate.subject, public_key, now, timedelta(days=days))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(authority=False), critical=True)
            .add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]),
                critical=False,
            )
            .add_extension(_issuer_key(self.certificate), critical=False)
        )
        signed = builder.sign(self._key(), hashes.SHA256())
        return _pem(signed) + _pem(self.certificate)

    def issue_for_request(self, request: bytes, name: str, now: datetime) -> bytes:
        """Issue for a PKCS#10 request whose own signature holds. Raises: AuthorityFault."""
        try:
            csr = x509.load_der_x509_csr(request)
            key = csr.public_key()
        except MALFORMED:
            raise AuthorityFault("MALFORMED_REQUEST") from None
        if not name.endswith("." + self.subtree):
            raise AuthorityFault("NAME_OUTSIDE_SUBTREE")
        if not csr.is_signature_valid or not isinstance(key, ec.EllipticCurvePublicKey):
            raise AuthorityFault("BAD_REQUEST_SIGNATURE")
        return self.issue(key, name, now)

    def revoke(self, serial: int, now: datetime) -> None:
        """Put a certificate on the list; the list itself is made anew by `make_crl`."""
        with self._alone():
            state = self._state()
            state.setdefault("revoked", {})[str(serial)] = now.isoformat()
            self._write_state(state)

    def current_crl(self, now: datetime, every: timedelta) -> bytes:
        """Give the list made last, or a new one when it is old or something was revoked since."""
        state = self._state()
        made = datetime.fromisoformat(state["this_update"]) + _BACKDATE if "this_update" in state else None
        if made is None or not -_BACKDATE < now - made < every:
            return self.make_crl(now)
        if state.get("listed", 0) != len(state.get("revoked", {})):
            return self.make_crl(now)
        return self.crl()

    def make_crl(self, now: datetime) -> bytes:
        """Make a revocation list, newer and higher than the last."""
        with self._alone():
            return self._make_crl(now)

    def _make_crl(self, now: datetime) -> bytes:
        state = self._state()
        itself = self.certificate.issuer == self.certificate.subject
        hours = ROOT_LIST_HOURS if itself else LIST_HOURS
        this_update = now - _BACKDATE
        if "this_update" in state:
            before = datetime.fromisoformat(state["this_update"])
            # A list from the future was made by a wrong clock; those before it are older than this instant.
            this_update = max(this_update, before + timedelta(seconds=1)) if before <= now else now
        number = int(state.get("number", 0)) + 1
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(this_update)
            .next_update(this_update + timedelta(hours=hours))
            .add_extension(x509.CRLNumber(number), critical=False)
            .add_extension(_issuer_key(self.certificate), critical=False)
        )
        for serial, at in state.get("revoked", {}).items():
            revoked = x509.RevokedCertificateBuilder().serial_number(int(serial))
            builder = builder.add_revoked_certificate(
                revoked.revocation_date(datetime.fromisoformat(at)).build()
            )
        signed = builder.sign(self._key(), hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        listed = len(state.get("revoked", {}))
        self._write_state(
            state | {"number": number, "this_update": this_update.isoformat(), "listed": listed}
        )
        (self.folder / _CRL).write_bytes(signed)
        return signed

    def crl(self) -> bytes:
        """Give the list made last."""
        return (self.folder / _CRL).read_bytes()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep another process, such as an administrator's command, out of the state meanwhile."""
        with (self.folder / (_STATE + ".lock")).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _state(self) -> dict[str, Any]:
        path = self.folder / _STATE
        return dict(json.loads(path.read_text())) if path.exists() else {}

    def _write_state(self, state: dict[str, Any]) -> None:
        write_private(self.folder / _STATE, json.dumps(state).encode())


def make_root(folder: Path, now: datetime) -> Authority:
    """Make the root of the network."""
    key = _new_key(folder)
    subject = _name("Daicho Root")
    builder = _authority_builder(
        subject, subject, key.public_key(), now, ROOT_DAYS, path_length=1
    ).add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
    (folder / _CERTIFICATE).write_bytes(_pem(builder.sign(key, hashes.SHA256())))
    return Authority(folder)


def make_sub_authority(folder: Path, root: Authority, subtree: str, now: datetime) -> Authority:
    """Make an authority that can only name nodes under `subtree`, such as p13.daicho.internal."""
    key = _new_key(folder)
    builder = (
        _authority_builder(
            _name(f"Daicho {subtree}"),
            root.certificate.subject,
            key.public_key(),
            now,
            SUB_DAYS,
            path_length=0,
        )
        .add_extension(x509.NameConstraints([x509.DNSName(subtree)], None), critical=True)
        .add_extension(_issuer_key(root.certificate), critical=False)
    )
    (folder / _CERTIFICATE).write_bytes(_pem(builder.sign(root._key(), hashes.SHA256())))  # noqa: SLF001 - one family
    return Authority(folder)


def make_node_request(name: str) -> tuple[bytes, bytes]:
    """Make a fresh TLS key (PEM) and a PKCS#10 request (DER) for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    request = x509.CertificateSigningRequestBuilder().subject_name(_name(name)).sign(key, hashes.SHA256())
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return pem, request.public_bytes(serialization.Encoding.DER)


def days_left(pair: Path, now: datetime) -> float:
    """Tell for how many days a node's certificate is still valid."""
    return (_validity(pair, pair.stat().st_mtime_ns)[1] - now).total_seconds() / 86_400


def begins(pair: Path) -> datetime:
    """Tell from when on a node's certificate is valid."""
    return _validity(pair, pair.stat().st_mtime_ns)[0]


@lru_cache(maxsize=64)
def _validity(pair: Path, _stamp: int) -> tuple[datetime, datetime]:
    """Read a certificate's first and last instant; again only when its file has changed."""
    certificate = x509.load_pem_x509_certificate(pair.read_bytes())
    return certificate.not_valid_before_utc, certificate.not_valid_after_utc


def serial_of(pair: Path) -> int:
    """Give the serial number of a node's certificate."""
    return x509.load_pem_x509_certificate(pair.read_bytes()).serial_number


@dataclass(frozen=True, slots=True)
class Peer:
    """What a verified certificate says of the other end; `name` is empty when it has none or several."""

    name: str
    issuer: bytes
    serial: int
    valid_until: datetime


@lru_cache(maxsize=4096)
def read_peer(certificate_der: bytes) -> Peer | None:
    """Read a peer's certificate; None when it is malformed."""
    try:
        certificate = x509.load_der_x509_certificate(certificate_der)
        issuer, until = certificate.issuer.public_bytes(), certificate.not_valid_after_utc
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        found = names.value.get_values_for_type(x509.DNSName)
    except x509.ExtensionNotFound:
        found = []
    except MALFORMED:
        return None
    return Peer(found[0] if len(found) == 1 else "", issuer, certificate.serial_number, until)


def _new_key(folder: Path) -> ec.EllipticCurvePrivateKey:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    passphrase = secrets.token_urlsafe(32).encode()
    for name, content in (
        (_PASSPHRASE, passphrase),
        (_KEY, key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(passphrase),
        )),
    ):  # fmt: skip
        with os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
    return key


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _issuer_key(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    own = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own.value)


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=authority, crl_sign=authority, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    now: datetime,
    span: timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATE)
        .not_valid_after(now + span)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _authority_builder(
    subject: x509.Name,
    issuer: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    now: datetime,
    days: int,
    path_length: int,
) -> x509.CertificateBuilder:
    return (
        _builder(subject, issuer, public_key, now, timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
        .add_extension(_usage(authority=True), critical=True)
    )
