"""Seal keys of offices that do not exist, made at run time."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from daicho.paper.sealing import SealKey

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Office:
    """A key that seals, the root that vouches for it through one more authority, and the lists of both."""

    key: SealKey
    root: bytes
    crls: tuple[bytes, bytes]
    crls_revoking: tuple[bytes, bytes]


def make_office(name: str = "東京都千代田区長", *, repudiable: bool = False) -> Office:
    root_key, middle_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    root = _certificate("見本認証局", root_key, "見本認証局", root_key, authority=True, commits=False)
    middle = _certificate("見本県認証局", middle_key, "見本認証局", root_key, authority=True, commits=False)
    leaf = _certificate(name, key, "見本県認証局", middle_key, authority=False, commits=not repudiable)
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    of_root = _crl("見本認証局", root_key)
    serial = x509.load_der_x509_certificate(leaf).serial_number
    return Office(
        SealKey(private, leaf, (middle,)),
        root,
        (of_root, _crl("見本県認証局", middle_key)),
        (of_root, _crl("見本県認証局", middle_key, serial)),
    )


def _titled(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


def _crl(issuer: str, key: ec.EllipticCurvePrivateKey, *revoked: int) -> bytes:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(_titled(issuer))
        .last_update(NOW - timedelta(hours=1))
        .next_update(NOW + timedelta(days=1))
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
    )
    for serial in revoked:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder()
            .serial_number(serial)
            .revocation_date(NOW - timedelta(hours=2))
            .build()
        )
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    authority: bool,
    commits: bool,
) -> bytes:
    usage = x509.KeyUsage(
        digital_signature=not authority, content_commitment=commits, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=authority, crl_sign=authority,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    builder = (
        x509.CertificateBuilder()
        .subject_name(_titled(name))
        .issuer_name(_titled(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=30))
        .not_valid_after(NOW + timedelta(days=335))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
    )
    return builder.sign(issuer_key, hashes.SHA256()).public_bytes(Encoding.DER)
