"""Seal keys of offices in files, and a demonstration's authority that certifies them.

A town's own seal key is certified by the authority of the local governments (組織認証局); what stands here only makes a
demonstration's papers as a stranger's validator finds them there: a root of their own, apart from the network's, and
one certificate for each office, whose key usage is nonRepudiation alone.
"""

from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from daicho.paper.sealing import SealKey, UnfitSealKey, check_seal_key

KEY, CERTIFICATES = "seal.key", "seal.pem"
AUTHORITY_DAYS, OFFICE_DAYS = 3_650, 1_095  # own
_BACKDATED = timedelta(hours=1)
_PRIVATE = 0o600


def read_seal_key(folder: Path, now: datetime) -> SealKey:
    """Open an office's key: `seal.key` (PKCS#8), `seal.pem` (its certificate, then those above), both PEM.

    Raises: UnfitSealKey when it could not seal today, or is not there.
    """
    try:
        private = load_pem_private_key((folder / KEY).read_bytes(), None)
        certificates = x509.load_pem_x509_certificates((folder / CERTIFICATES).read_bytes())
    except (OSError, ValueError, TypeError) as wrong:
        raise UnfitSealKey(type(wrong).__name__) from wrong
    ours, *above = (one.public_bytes(Encoding.DER) for one in certificates)
    key = SealKey(
        private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()), ours, tuple(above)
    )
    check_seal_key(key, now)
    return key


def make_seal_authority(folder: Path, title: str, now: datetime) -> None:
    """Make a demonstration's authority for seals."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _certificate(title, key, title, key, now, AUTHORITY_DAYS, authority=True)
    _keep(folder, key, [certificate])


def certify_office(folder: Path, authority: Path, title: str, now: datetime) -> None:
    """Make an office a key and have it certified; one that it had is replaced."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    issuer = x509.load_pem_x509_certificate((authority / CERTIFICATES).read_bytes())
    issuer_key = load_pem_private_key((authority / KEY).read_bytes(), None)
    assert isinstance(issuer_key, ec.EllipticCurvePrivateKey)  # noqa: S101 - our own file
    names = issuer.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    key = ec.generate_private_key(ec.SECP256R1())
    office = _certificate(title, key, str(names[0].value), issuer_key, now, OFFICE_DAYS, authority=False)
    _keep(folder, key, [office])


def _keep(folder: Path, key: ec.EllipticCurvePrivateKey, certificates: list[x509.Certificate]) -> None:
    for name, content in (
        (KEY, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())),
        (CERTIFICATES, b"".join(one.public_bytes(Encoding.PEM) for one in certificates)),
    ):
        fresh = folder / f"{name}.new"
        fresh.touch(mode=_PRIVATE)
        fresh.write_bytes(content)
        fresh.rename(folder / name)


def _certificate(
    title: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    now: datetime,
    days: int,
    *,
    authority: bool,
) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=not authority, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=authority, crl_sign=authority,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(_titled(title))
        .issuer_name(_titled(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + timedelta(days=days))
        .add_extension(
            x509.BasicConstraints(ca=authority, path_length=0 if authority else None), critical=True
        )
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
        .sign(issuer_key, hashes.SHA256())
    )


def _titled(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])
