"""What the listener makes of NIST's certification paths (PKITS): it accepts none that is invalid.

The end of each path is handed to the listener's own context as a client's certificate, in a real handshake, with the
lists of every authority of the suite at hand. The suite's names say whether a path is valid. Its dates end in 2030.
"""

import itertools
import ssl
import warnings
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12

from daicho.wire.authority import TlsFiles, make_node_request, make_root, make_sub_authority
from daicho.wire.http import server_context

SUITE = zipfile.ZipFile(Path(__file__).parents[2] / "vendor" / "pkits" / "pkits.zip")
# TLS 1.3 has no DSA, and no client that we know can read a certificate with a negative serial number.
LEFT_OUT = ("ValidDSA", "InvalidDSA", "InvalidNegativeSerialNumber")
ENDS = sorted(
    Path(name).stem
    for name in SUITE.namelist()
    if name.startswith("pkcs12/") and not Path(name).stem.startswith(LEFT_OUT)
)
VALID = [name for name in ENDS if name.startswith("Valid")]
INVALID = [name for name in ENDS if name.startswith("Invalid")]

# Valid for the suite, refused here on purpose: nobody in this network has such certificates.
STRICTER = {
    "basicConstraintsNotCritical": "RFC 5280 4.2.1.9: critical in an authority's certificate",
    "Policy": "policies are mapped nowhere; a path that demands one and ends without is refused",
    "IDPwithindirectCRLTest2": "lists by somebody else than the issuer",
    "cRLIssuer": "lists by somebody else than the issuer",
}


@dataclass(frozen=True)
class Suite:
    """The listener's own context, and every authority's certificate by the name of its owner."""

    context: ssl.SSLContext
    authorities: dict[str, list[tuple[str, x509.Certificate]]]


def _name(name: x509.Name) -> str:
    """Names compare without case and without repeated blanks (RFC 5280 7.1)."""
    return "/".join(" ".join(str(part.value).split()).lower() for part in name)


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    folder = tmp_path_factory.mktemp("pkits")
    now = datetime.now(UTC)
    sub = make_sub_authority(folder / "sub", make_root(folder / "root", now), "p13.daicho.internal", now)
    key, request = make_node_request("prefecture.p13.daicho.internal")
    files = TlsFiles(folder)
    files.install(key, sub.issue_for_request(request, "prefecture.p13.daicho.internal", now))
    authorities = defaultdict(list)
    lists = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some of the suite is malformed on purpose
        for path in SUITE.namelist():
            content, stem = SUITE.read(path), Path(path).stem
            if path.endswith(".crl"):
                lists.append(ssl.DER_cert_to_PEM_cert(content).replace("CERTIFICATE", "X509 CRL"))
            elif stem == "TrustAnchorRootCertificate":
                files.root.write_text(ssl.DER_cert_to_PEM_cert(content))
            elif path.endswith(".crt") and not stem.endswith("EE") and not stem.startswith("DSA"):
                made = x509.load_der_x509_certificate(content)
                authorities[_name(made.subject)].append((ssl.DER_cert_to_PEM_cert(content), made))
        files.crl.write_text("".join(lists))
        context = server_context(files)
        context.sslobject_class = ssl.SSLObject
        yield Suite(context, authorities)


def _chain(suite: Suite, end: x509.Certificate) -> str:
    """Every certificate that could belong to the path: the listener has to choose."""
    met, names, chain = set(), [_name(end.issuer)], ""
    while names:
        name = names.pop(0)
        if name not in met:
            met.add(name)
            for pem, made in suite.authorities.get(name, []):
                chain += pem
                names.append(_name(made.issuer))
    return chain


def _client(suite: Suite, end: str, folder: Path) -> ssl.SSLContext:
    key, certificate, _ = pkcs12.load_key_and_certificates(SUITE.read(f"pkcs12/{end}.p12"), b"password")
    assert key is not None
    assert certificate is not None
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    pair = folder / "client.pem"
    pair.write_text(
        pem + ssl.DER_cert_to_PEM_cert(SUITE.read(f"certs/{end}.crt")) + _chain(suite, certificate)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.load_cert_chain(pair)
    return context


def _verdict(suite: Suite, client_context: ssl.SSLContext) -> str:
    """Shake hands in memory; "" when the listener accepts, otherwise why not."""
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_context.wrap_bio(down, up)
    server = suite.context.wrap_bio(up, down, server_side=True)
    ends = itertools.cycle((client, server))
    done = set()
    for end in itertools.islice(ends, 20):
        try:
            end.do_handshake()
            done.add(end)
        except ssl.SSLWantReadError:
            continue
        except ssl.SSLCertVerificationError as error:
            return error.verify_message
        except ssl.SSLError as error:
            return str(error.reason)
        if server in done:
            return ""
    raise AssertionError("the handshake does not end")


def test_the_suite_is_whole() -> None:
    assert (len(VALID), len(INVALID)) == (86, 113)


@pytest.mark.parametrize("end", INVALID)
def test_no_invalid_path_is_accepted(suite: Suite, end: str, tmp_path: Path) -> None:
    assert _verdict(suite, _client(suite, end, tmp_path))


@pytest.mark.parametrize("end", VALID)
def test_a_valid_path_is_accepted_unless_we_are_stricter_on_purpose(
    suite: Suite, end: str, tmp_path: Path
) -> None:
    reasons = [reason for part, reason in STRICTER.items() if part in end]
    verdict = _verdict(suite, _client(suite, end, tmp_path))
    assert bool(verdict) <= bool(reasons), verdict
