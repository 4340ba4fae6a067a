"""Who is let to speak at all: mutual TLS 1.3 on a real socket, before a byte of a request is read."""

import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from daicho.wire.authority import TlsFiles, make_root, make_sub_authority
from daicho.wire.http import client_context, server_context

CS, OTHER_CS, PREFECTURE = "cs.m131016.p13", "cs.m012025.p01", "prefecture.p13"
DELIVER = "/v1/letters/deliver"
SECONDS = 15.0


def now() -> datetime:
    return datetime.now(UTC)


def _alert(call) -> str:
    """The alert with which the listener ends the connection; nothing else may come."""
    with pytest.raises(ssl.SSLError) as caught:
        call()
    return str(caught.value.reason)


def _deliver(prefecture, caller, context=None):
    with caller.line(prefecture.port, prefecture.name, context) as line:
        epoch, first = prefecture.expected(caller)
        return line.ask(DELIVER, caller.letter(prefecture.name, first=first, epoch=epoch))


@pytest.mark.requirement("R-444", "R-452")
def test_a_member_with_a_good_certificate_is_heard(prefecture, country) -> None:
    before = prefecture.inbox()
    assert _deliver(prefecture, country[CS]).status == 200
    assert prefecture.inbox() == before + 1


@pytest.mark.requirement("R-444", "R-452")
def test_a_caller_without_certificate_is_refused(prefecture, country, nothing_kept) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(country[CS].files.root)
    alert = _alert(lambda: _deliver(prefecture, country[CS], context))
    assert alert == "TLSV13_ALERT_CERTIFICATE_REQUIRED"


@pytest.mark.requirement("R-444", "R-452")
def test_a_certificate_of_a_foreign_authority_is_refused(prefecture, copied, tmp_path, nothing_kept) -> None:
    caller = copied(CS)
    foreign = make_root(tmp_path / "foreign", now())
    caller.authority = make_sub_authority(tmp_path / "foreign-sub", foreign, "p13.daicho.internal", now())
    caller.certify()
    assert _alert(lambda: _deliver(prefecture, caller)) == "TLSV1_ALERT_UNKNOWN_CA"


def test_an_expired_certificate_is_refused(prefecture, copied, nothing_kept) -> None:
    caller = copied(CS)
    caller.certify(at=now() - timedelta(days=8))
    assert _alert(lambda: _deliver(prefecture, caller)) == "SSLV3_ALERT_CERTIFICATE_EXPIRED"


def test_a_certificate_that_is_not_yet_valid_is_refused(prefecture, copied, nothing_kept) -> None:
    caller = copied(CS)
    caller.certify(at=now() + timedelta(days=1))
    assert _alert(lambda: _deliver(prefecture, caller)) == "SSLV3_ALERT_BAD_CERTIFICATE"


def test_a_revoked_certificate_is_refused_at_the_next_handshake(
    prefecture, country, copied, nothing_kept
) -> None:
    caller = copied(CS)
    caller.authority.revoke(caller.certify(), now())
    country.new_lists(caller)
    prefecture.node.listeners[0].reload_tls()
    assert _alert(lambda: _deliver(prefecture, caller)) == "SSLV3_ALERT_CERTIFICATE_REVOKED"


def test_a_list_of_revocations_that_has_run_out_lets_nobody_in(country, copied, listen, monkeypatch) -> None:
    caller, old = country[PREFECTURE], country[PREFECTURE].files.crl.read_bytes()
    past = b"".join(
        _old_list(authority, now() - timedelta(days=3))
        for authority in (country.root, *country.subs.values())
    )
    caller.files.crl.write_bytes(past)
    try:
        bare = listen(PREFECTURE, {"letters.settle": lambda _: {}})
    finally:
        caller.files.crl.write_bytes(old)
    with pytest.raises(ssl.SSLError, match="ALERT"), country[CS].line(bare.port, bare.name) as line:
        line.ask("/v1/letters/settle")


def _old_list(authority, at) -> bytes:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(at)
        .next_update(at + timedelta(hours=48))
        .add_extension(x509.CRLNumber(1), critical=False)
    )
    return builder.sign(authority._key(), hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def test_a_certificate_for_listening_alone_cannot_call(prefecture, copied, nothing_kept) -> None:
    caller = copied(CS)
    _certify_with(caller, caller.name, [ExtendedKeyUsageOID.SERVER_AUTH])
    assert _alert(lambda: _deliver(prefecture, caller)) == "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE"


def test_an_authority_names_nobody_outside_its_prefecture(prefecture, copied, nothing_kept) -> None:
    """Even a stolen key of one prefecture's authority makes no certificate for another's town."""
    caller = copied(OTHER_CS)
    caller.authority = copied(CS).authority
    _certify_with(caller, caller.name, [ExtendedKeyUsageOID.CLIENT_AUTH])
    assert _alert(lambda: _deliver(prefecture, caller)).startswith(("TLSV1_ALERT", "SSLV3_ALERT"))


def _certify_with(caller, name, usages) -> None:
    """A certificate as the authority would never make it."""
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = caller.authority.certificate
    own = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])]))
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - timedelta(minutes=5))
        .not_valid_after(now() + timedelta(days=1))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
        .sign(caller.authority._key(), hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain = made.public_bytes(serialization.Encoding.PEM) + issuer.public_bytes(serialization.Encoding.PEM)
    caller.files.install(pem, chain)


@pytest.mark.requirement("R-442")
def test_an_older_protocol_is_refused(prefecture, country, nothing_kept) -> None:
    context = client_context(country[CS].files)
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_2
    assert _alert(lambda: _deliver(prefecture, country[CS], context)) == "TLSV1_ALERT_PROTOCOL_VERSION"


@pytest.mark.requirement("R-442")
def test_a_request_in_the_clear_is_not_read(prefecture, country, nothing_kept) -> None:
    body = country[CS].letter(prefecture.name, first=1)
    with socket.create_connection(("127.0.0.1", prefecture.port), SECONDS) as plain:
        plain.sendall(
            f"POST {DELIVER} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
        )
        try:
            answer = plain.recv(4096)
        except ConnectionResetError:
            answer = b""
    assert b"HTTP/" not in answer


@pytest.mark.requirement("R-442", "R-444")
def test_every_connection_authenticates_anew_so_that_no_old_session_outlives_a_revocation(
    prefecture, country, copied, nothing_kept
) -> None:
    caller = copied(CS)
    serial = caller.certify()
    context = client_context(caller.files)
    with caller.line(prefecture.port, prefecture.name, context) as first:
        assert first.ask("/health", method="GET").status == 200  # tickets would have come before the answer
        session = first.tls.session
        assert not session.has_ticket
        assert not first.tls.session_reused
    with caller.line(prefecture.port, prefecture.name, context, session) as second:
        assert second.ask("/health", method="GET").status == 200
        assert not second.tls.session_reused
    caller.authority.revoke(serial, now())
    country.new_lists(caller)
    prefecture.node.listeners[0].reload_tls()
    with (
        pytest.raises(ssl.SSLError, match="CERTIFICATE_REVOKED"),
        caller.line(prefecture.port, prefecture.name, context, session) as third,
    ):
        third.ask("/health", method="GET")


@pytest.mark.requirement("R-444", "R-452")
def test_a_caller_sends_nothing_to_a_server_that_is_not_who_it_should_be(country) -> None:
    """The other half of mutual: a node of another name on the right port gets no byte of the request."""
    context = server_context(country["national.n"].files)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        seen: list[bytes] = []

        def serve() -> None:
            plain, _ = server.accept()
            with plain:
                try:
                    with context.wrap_socket(plain, server_side=True) as tls:
                        seen.append(tls.recv(100))
                except (ssl.SSLError, OSError):
                    seen.append(b"")

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
            country[CS].line(port, country[PREFECTURE].name)
        thread.join(SECONDS)
    assert seen == [b""]


def test_files_that_do_not_belong_together_leave_the_old_certificate_in_use(country, listen) -> None:
    bare = listen("national.n", {"letters.settle": lambda _: {}})
    files = TlsFiles(country["national.n"].folder)
    good = files.pair.read_bytes()
    other = country[CS].files.pair.read_bytes()
    files.pair.write_bytes(good[: good.index(b"-----BEGIN CERT")] + other[other.index(b"-----BEGIN CERT") :])
    try:
        with pytest.raises(ssl.SSLError):
            bare.listener.reload_tls()
    finally:
        files.pair.write_bytes(good)
    with country[CS].line(bare.port, bare.name) as line:
        assert line.ask("/health", method="GET").status == 200
