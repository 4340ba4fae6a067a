"""Revocation lists: read, compared, joined; only what a known authority signed is taken."""

import re
from collections.abc import Iterable
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

MAX_LISTS_BYTES = 4 * 1024 * 1024
_BLOCK = re.compile(rb"-----BEGIN X509 CRL-----.*?-----END X509 CRL-----\n?", re.DOTALL)


def read_lists(pem: bytes) -> list[x509.CertificateRevocationList]:
    """Read all revocation lists of a file. Raises: ValueError."""
    if len(pem) > MAX_LISTS_BYTES:
        raise ValueError("too large")
    return [x509.load_pem_x509_crl(block) for block in _BLOCK.findall(pem)]


def revoked(pem: bytes) -> frozenset[tuple[bytes, int]]:
    """Give issuer and serial number of everything on the lists of a file. Raises: ValueError."""
    return frozenset(
        (one.issuer.public_bytes(), entry.serial_number) for one in read_lists(pem) for entry in one
    )


def newest_lists(
    held: bytes, offered: bytes, authorities: Iterable[x509.Certificate], now: datetime
) -> bytes | None:
    """Join two files to the newest list of each authority; None when nothing offered is newer.

    A list whose signature is not its authority's, or that begins in the future, is passed over.
    Raises: ValueError when a file cannot be read.
    """
    by_name = {one.subject.public_bytes(): one for one in authorities}
    found = {one.issuer.public_bytes(): one for one in read_lists(held)}
    newer = False
    for one in read_lists(offered):
        name = one.issuer.public_bytes()
        authority = by_name.get(name)
        if authority is None or not _signed_by(one, authority) or one.last_update_utc > now:
            continue
        if name not in found or _number(one) > _number(found[name]):
            found[name], newer = one, True
    if not newer:
        return None
    return b"".join(one.public_bytes(serialization.Encoding.PEM) for _, one in sorted(found.items()))


def _signed_by(one: x509.CertificateRevocationList, authority: x509.Certificate) -> bool:
    key = authority.public_key()
    return isinstance(key, ec.EllipticCurvePublicKey) and one.is_signature_valid(key)


def _number(one: x509.CertificateRevocationList) -> int:
    return one.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
