"""Revocation lists: read, compared, joined; only what a known authority signed is taken.

A file holds the newest list of each authority and, behind it, the one that was in force before: if the newest was
made by a clock that has been set back since, TLS still finds one that is valid now.
"""

from collections.abc import Iterable
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from daicho.wire.authority import MALFORMED

MAX_LISTS_BYTES = 4 * 1024 * 1024
_BEGIN, _END = b"-----BEGIN X509 CRL-----", b"-----END X509 CRL-----"


def read_lists(pem: bytes) -> list[x509.CertificateRevocationList]:
    """Read all revocation lists of a file. Raises: ValueError."""
    if len(pem) > MAX_LISTS_BYTES:
        raise ValueError("too large")
    found, at = [], 0
    while (begin := pem.find(_BEGIN, at)) >= 0 and (end := pem.find(_END, begin)) >= 0:
        at = end + len(_END)
        found.append(_read(pem[begin:at]))
    return found


def _read(block: bytes) -> x509.CertificateRevocationList:
    """Read one list to its end: the library reads a field, or an entry, only when it is asked for."""
    try:
        one = x509.load_pem_x509_crl(block)
        one.issuer.public_bytes()
        one.last_update_utc.timestamp()
        _number(one)
        _serials(one)
    except (*MALFORMED, x509.ExtensionNotFound) as error:
        raise ValueError("a revocation list that cannot be read") from error
    return one


def _serials(one: x509.CertificateRevocationList) -> list[int]:
    return [entry.serial_number for entry in one]


def revoked(pem: bytes) -> frozenset[tuple[bytes, int]]:
    """Give issuer and serial number of everything on the lists of a file. Raises: ValueError."""
    return frozenset(
        (one.issuer.public_bytes(), serial) for one in read_lists(pem) for serial in _serials(one)
    )


def newest_lists(
    held: bytes, offered: bytes, authorities: Iterable[x509.Certificate], now: datetime
) -> bytes | None:
    """Join two files to the newest lists of each authority; None when nothing offered is newer.

    A list whose signature is not its authority's, or that begins in the future, is passed over.
    Raises: ValueError when a file cannot be read.
    """
    by_name = {one.subject.public_bytes(): one for one in authorities}
    found, before = _newest_two(held)
    newer = False
    for one in read_lists(offered):
        name = one.issuer.public_bytes()
        authority = by_name.get(name)
        if authority is None or not _signed_by(one, authority) or one.last_update_utc > now:
            continue
        if name not in found or _number(one) > _number(found[name]):
            if name in found and found[name].last_update_utc <= now:
                before[name] = found[name]
            found[name], newer = one, True
    return _joined(found) + _joined(before) if newer else None


def newest_only(pem: bytes) -> bytes:
    """Give the newest list of each authority in a fixed order: what one node offers to another. Raises: ValueError."""
    return _joined(_newest_two(pem)[0])


_ByName = dict[bytes, x509.CertificateRevocationList]


def _newest_two(pem: bytes) -> tuple[_ByName, _ByName]:
    """Give the newest list of each authority, and the one before it where there is one."""
    newest: _ByName = {}
    before: _ByName = {}
    for one in sorted(read_lists(pem), key=_number):
        name = one.issuer.public_bytes()
        if name in newest:
            before[name] = newest[name]
        newest[name] = one
    return newest, before


def _joined(lists: _ByName) -> bytes:
    return b"".join(one.public_bytes(serialization.Encoding.PEM) for _, one in sorted(lists.items()))


def _signed_by(one: x509.CertificateRevocationList, authority: x509.Certificate) -> bool:
    key = authority.public_key()
    return isinstance(key, ec.EllipticCurvePublicKey) and one.is_signature_valid(key)


def _number(one: x509.CertificateRevocationList) -> int:
    return one.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
