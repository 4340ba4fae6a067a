"""What strangers say of our certificates, lists and messages: pkilint, openssl."""

import hashlib
import re
import subprocess
import sys
from base64 import urlsafe_b64decode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.faces.exchange.conftest import Pen

from daicho.wire.authority import Authority, make_node_request, make_root, make_sub_authority
from daicho.wire.envelope import Head, Sealed, seal
from daicho.wire.signer.keystore import make_keys, public_keys

NAME = "cs.m131016.p13.daicho.internal"
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\n", re.DOTALL)


class Country:
    """A root, a prefecture's authority and a node's chain as they lie on a disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.at = datetime.now(UTC)
        self.root = make_root(folder / "root", self.at)
        self.sub = make_sub_authority(folder / "p13", self.root, "p13.daicho.internal", self.at)
        self.leaf = self.issue(self.sub, NAME)
        self.write("root.pem", self.root.pem().encode())
        self.write("sub.pem", self.sub.pem().encode())
        self.write("leaf.pem", self.leaf)

    def issue(self, authority: Authority, name: str) -> bytes:
        chain = authority.issue_for_request(make_node_request(name)[1], name, self.at)
        return _PEM.findall(chain)[0]

    def write(self, name: str, content: bytes) -> Path:
        (self.folder / name).write_bytes(content)
        return self.folder / name

    def lists(self) -> Path:
        return self.write("lists.crl", self.root.make_crl(self.at) + self.sub.make_crl(self.at))

    def openssl(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["openssl", *arguments], cwd=self.folder, capture_output=True, text=True, timeout=30, check=False
        )

    def verify(self, leaf: str = "leaf.pem", *more: str) -> subprocess.CompletedProcess[str]:
        """Verify as strictly as openssl can, every list included."""
        return self.openssl(
            "verify", "-x509_strict", "-crl_check_all", "-CRLfile", str(self.lists()), "-CAfile", "root.pem",
            "-untrusted", "sub.pem", *more, leaf,
        )  # fmt: skip


@pytest.fixture
def country(tmp_path: Path) -> Country:
    return Country(tmp_path)


def lint(tool: str, *arguments: str) -> str:
    """Give every finding of pkilint, down to a notice."""
    program = Path(sys.executable).parent / tool
    told = subprocess.run(
        [program, "lint", "-s", "NOTICE", *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    return told.stdout.strip() + told.stderr.strip()


@pytest.mark.parametrize("name", ["root.pem", "sub.pem", "leaf.pem"])
def test_pkilint_finds_nothing_in_a_certificate(country: Country, name: str) -> None:
    assert lint("lint_pkix_cert", str(country.folder / name)) == ""


def test_pkilint_finds_nothing_in_a_revocation_list_empty_or_not(country: Country) -> None:
    for authority in (country.root, country.sub):
        empty = country.write("empty.crl", authority.make_crl(country.at))
        assert lint("lint_crl", "-t", "CRL", "-p", "PKIX", str(empty)) == ""
    country.sub.revoke(x509.load_pem_x509_certificate(country.leaf).serial_number, country.at)
    full = country.write("full.crl", country.sub.make_crl(country.at))
    assert lint("lint_crl", "-t", "CRL", "-p", "PKIX", str(full)) == ""


def test_pkilint_does_find_what_is_wrong(country: Country) -> None:
    """The judge is awake: a certificate with a serial number of zero is told."""
    key = ec.generate_private_key(ec.SECP256R1())
    from cryptography.hazmat.primitives import hashes

    name = x509.Name([])
    made = x509.CertificateBuilder(
        name, name, key.public_key(), 1, country.at, country.at + timedelta(days=1)
    )
    wrong = country.write("wrong.pem", made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    assert "issuer" in lint("lint_pkix_cert", str(wrong)).lower()


def test_openssl_follows_a_chain_with_every_list_and_refuses_the_revoked(country: Country) -> None:
    assert country.verify().returncode == 0, country.verify().stderr
    assert country.verify("leaf.pem", "-purpose", "sslserver").returncode == 0
    assert country.verify("leaf.pem", "-purpose", "sslclient").returncode == 0
    country.sub.revoke(x509.load_pem_x509_certificate(country.leaf).serial_number, country.at)
    assert "certificate revoked" in country.verify().stderr


def _other(country: Country) -> str:
    (country.folder / "other").mkdir()
    stranger = Country(country.folder / "other")
    return str(country.write("stranger.pem", stranger.leaf))


def _authority_revoked(country: Country) -> str:
    country.root.revoke(x509.load_pem_x509_certificate(country.sub.pem().encode()).serial_number, country.at)
    return "leaf.pem"


def _own(_country: Country) -> str:
    return "leaf.pem"


REFUSED: dict[str, tuple[Callable[[Country], str], str]] = {
    "of another country": (_other, "unable to get local issuer certificate|signature failure"),
    "from a prefecture's authority that the root revoked": (_authority_revoked, "certificate revoked"),
    "after its week": (_own, "certificate has expired"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_openssl_refuses_a_certificate(country: Country, case: str) -> None:
    make, reason = REFUSED[case]
    late = int((country.at + timedelta(days=8)).timestamp())
    more = ("-attime", str(late)) if case == "after its week" else ()
    told = country.verify(make(country), *more)
    assert told.returncode != 0
    assert re.search(reason, told.stderr), told.stderr


def test_openssl_finds_our_signature_over_a_message_good_and_a_changed_one_bad(country: Country) -> None:
    make_keys(country.folder / "signer")
    keys = public_keys(country.folder / "signer")
    head = Head("a.daicho.internal", "b.daicho.internal", "letters.deliver", country.at, 1, [])
    sealed = msgspec.json.decode(seal(Pen(country.folder / "signer"), head, [b"part"]), type=Sealed)
    signing, _, signature = sealed.seal.rpartition(".")
    raw = urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    halves = (int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    country.write("message.sig", utils.encode_dss_signature(*halves))
    numbers = (
        int.from_bytes(urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big") for text in (keys.x, keys.y)
    )
    public = ec.EllipticCurvePublicNumbers(*numbers, ec.SECP256R1()).public_key()
    country.write("message.pub", public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    verify = ("dgst", "-sha256", "-verify", "message.pub", "-signature", "message.sig")
    good, bad = country.write("message", signing.encode()), country.write("changed", signing.encode() + b"x")
    assert country.openssl(*verify, str(good)).stdout.strip() == "Verified OK"
    assert country.openssl(*verify, str(bad)).returncode != 0
    assert hashlib.sha256(b"part").hexdigest() in urlsafe_b64decode(signing.split(".")[1] + "==").decode()
