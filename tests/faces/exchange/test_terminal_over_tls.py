"""A terminal beyond the machine itself: TLS 1.3 alone, the site's certificate, judged by testssl.sh like the listener."""

import http.client
import json
import socket
import ssl
import subprocess
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from tests.faces.exchange.conftest import now, until

from daicho.nodes.config import TerminalConfig
from daicho.store.launcher import free_port

NAME = "juki.city.example"
REGISTRY, PREFECTURE = "registry.m131016.p13", "prefecture.p13"


class Site:
    """A site's own authority, and the certificate of its terminal."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.key = folder, ec.generate_private_key(ec.SECP256R1())
        folder.mkdir()
        self.root = folder / "site.pem"
        self.subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Site")])
        made = (
            self._builder(self.subject, self.key, 3650)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(self.key, hashes.SHA256())
        )
        self.root.write_bytes(made.public_bytes(serialization.Encoding.PEM))

    def _builder(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, days: int
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder(self.subject, subject, key.public_key(), x509.random_serial_number())
            .not_valid_before(now() - timedelta(hours=1))
            .not_valid_after(now() + timedelta(days=days))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
            )
        )

    def certify(self) -> int:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
        place = x509.DistributionPoint(
            [x509.UniformResourceIdentifier("http://site.example/list")], None, None, None
        )
        made = (
            self._builder(subject, key, 90)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.CRLDistributionPoints([place]), critical=False)
            .sign(self.key, hashes.SHA256())
        )
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        fresh = self.folder / "tls.new"
        fresh.write_bytes(
            pem + made.public_bytes(serialization.Encoding.PEM)
        )  # the pair of a terminal has no secret of ours
        fresh.replace(self.folder / "tls.pem")
        return made.serial_number


class Browser:
    """Speaks HTTPS to the terminal as a browser would."""

    def __init__(self, site: Site, port: int) -> None:
        self.context = ssl.create_default_context(cafile=str(site.root))
        self.port = port

    def serial(self) -> int:
        with (
            socket.create_connection(("127.0.0.1", self.port)) as raw,
            self.context.wrap_socket(raw, server_hostname=NAME) as tls,
        ):
            der = tls.getpeercert(binary_form=True)
            assert der is not None
            return x509.load_der_x509_certificate(der).serial_number

    def ask(self, method: str, path: str, body: str = "") -> tuple[int, http.client.HTTPMessage]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        line.connect()
        line.sock = self.context.wrap_socket(line.sock, server_hostname=NAME)
        heads = {"Host": f"{NAME}:{self.port}", "Origin": f"https://{NAME}:{self.port}"}
        if body:
            heads["Content-Type"] = "application/x-www-form-urlencoded"
        line.request(method, path, body, heads)
        with line.getresponse() as answer:
            answer.read()
        line.close()
        return answer.status, answer.headers


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "site")


@pytest.fixture
def served(new_country, run_node, site):
    site.certify()
    port = free_port()
    node = run_node(REGISTRY, new_country, terminal=TerminalConfig("127.0.0.1", port, NAME, str(site.folder)))
    return node, Browser(site, port)


def test_a_terminal_over_tls_gives_cookies_to_its_own_host_alone_and_asks_for_tls_next_time(served):
    _, browser = served
    status, heads = browser.ask("GET", "/sign-in")
    assert status == 200
    assert heads["Strict-Transport-Security"] == "max-age=31536000"
    status, heads = browser.ask("POST", "/sign-in/demo", "login_id=MADO-01")
    assert status == 303
    cookie = heads["Set-Cookie"]
    assert cookie.startswith("__Host-daicho=")
    for wanted in ("Secure", "HttpOnly", "SameSite=strict", "Path=/"):
        assert wanted in cookie
    assert "Domain" not in cookie


def test_nothing_older_than_tls_1_3_and_nothing_in_the_open(served):
    _, browser = served
    browser.context.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises(ssl.SSLError):
        browser.serial()
    line = http.client.HTTPConnection("127.0.0.1", browser.port, timeout=10)
    line.request("GET", "/sign-in", headers={"Host": f"{NAME}:{browser.port}"})
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        line.getresponse()
    line.close()


def test_a_renewed_certificate_of_the_site_is_taken_while_the_terminal_runs(served, site):
    _, browser = served
    before = browser.serial()
    renewed = site.certify()
    assert before != renewed
    until(lambda: browser.serial() == renewed)


@pytest.mark.parametrize(
    ("host", "name", "folder"),
    [("0.0.0.0", "", ""), ("192.0.2.1", "", ""), ("127.0.0.1", NAME, ""), ("127.0.0.1", "", "/tls")],  # noqa: S104
)
def test_a_terminal_beyond_the_machine_is_not_configured_without_tls(host, name, folder):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"host": host, "port": 443, "name": name, "tls_folder": folder}, type=TerminalConfig)


# Certificates of seven days renew themselves, and lists travel with the directory instead of lying at an address.
OF_SEVEN_DAYS = {"cert_expirationStatus", "cert_notAfter", "cert_revocation"}
MILD = {"OK", "INFO", "LOW"}
# Not about the listener: testssl.sh sees no page of a node, because it has no certificate to show.
NO_FINDING = {"service"}
# About the judge's own machine: Debian's OpenSSL comes without the Russian ciphers, which TLS 1.3 alone never asks for.
ABOUT_THE_JUDGE = {"engine_problem"}


def judged(tmp_path: Path, name: str, port: int, authority: Path) -> dict[str, str]:
    """Run testssl.sh; give what it finds grave, by the name of its test."""
    told = tmp_path / "told.json"
    subprocess.run(
        ["testssl", "--warnings", "off", "--quiet", "--color", "0", "--add-ca", str(authority), "--nodns", "none",
         "--ip", "127.0.0.1", "--jsonfile", str(told), f"{name}:{port}"],
        check=False, capture_output=True, timeout=400,
    )  # fmt: skip
    found = json.loads(told.read_text())
    assert len(found) > 100
    offered = {one["id"]: one["finding"] for one in found}
    assert "offered with final" in offered["TLS1_3"]
    assert all("not offered" in offered[old] for old in ("SSLv2", "SSLv3", "TLS1", "TLS1_1", "TLS1_2"))
    return {
        one["id"]: f"{one['severity']}: {one['finding']}"
        for one in found
        if one["severity"] not in MILD and one["id"] not in ABOUT_THE_JUDGE
    }


@pytest.mark.nightly
def test_testssl_finds_nothing_above_low_at_a_nodes_listener(new_country, run_node, tmp_path):
    node = run_node(PREFECTURE, new_country)
    found = judged(tmp_path, node.name, node.port, node.caller.files.root)
    assert set(found) <= OF_SEVEN_DAYS | NO_FINDING, found


@pytest.mark.nightly
def test_testssl_finds_nothing_above_low_at_a_terminal(served, site, tmp_path):
    _, browser = served
    assert judged(tmp_path, NAME, browser.port, site.root) == {}
