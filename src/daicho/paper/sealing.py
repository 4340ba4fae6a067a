"""The electronic seal of a paper: a PAdES signature that certifies it and allows no change.

The key is a P-256 key of the office, apart from every key of the network: a seal must mean one thing only, and
validators want the key usage nonRepudiation, which no TLS certificate has. The level is B-B, a signature at a
claimed time; who needs proof of the time finds the issue number in the ledger.
"""

import asyncio
import io
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from daicho.paper.typesetting import is_specimen

if TYPE_CHECKING:
    from pyhanko.sign.signers.pdf_signer import PdfSigner

MAX_PDF_BYTES = 20_000_000
_FIELD = "Seal"
_DIGEST = "sha256"
# Room for what a signature holds beside its certificates; written as two hexadecimal digits a byte.
_OWN_BYTES = 1_500


class NotSealable(ValueError):
    """A paper that may not be sealed: a specimen, or one that is sealed already."""


class UnfitSealKey(ValueError):
    """A key and certificate that cannot seal."""


@dataclass(frozen=True, slots=True)
class SealKey:
    """An office's key (PKCS#8, DER) with its certificate and the authorities above it (X.509, DER)."""

    private_key: bytes = field(repr=False)
    certificate: bytes = field(repr=False)
    chain: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class SealFinding:
    """What a validator finds; `fault` is empty when the paper is sealed and nothing was changed."""

    fault: str
    signer: str = ""
    signed_at: datetime | None = None

    @property
    def sound(self) -> bool:
        """Tell whether the seal holds."""
        return not self.fault


class Sealer:
    """Seals papers with one key; made once per process. Several threads may ask."""

    def __init__(self, key: SealKey) -> None:
        """Open key and certificate. Raises: UnfitSealKey."""
        certificate = _checked(key)
        self._reserved_chars = 2 * (_OWN_BYTES + len(key.certificate) + sum(map(len, key.chain)))
        self._signer = _signer(key, certificate)
        self._lock = threading.Lock()

    def seal(self, pdf: bytes, signed_at: datetime) -> bytes:
        """Append the signature, invisible beside the drawn seal, and leave every byte before it as it was.

        `signed_at` is the claimed time, with its zone. Raises: NotSealable.
        """
        if is_specimen(pdf):
            raise NotSealable("a specimen is never sealed")
        if b"/ByteRange" in pdf:
            raise NotSealable("sealed already")
        from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes

        with self._lock:
            session = self._signer.init_signing_session(_writer()(io.BytesIO(pdf)))
            session.system_time = signed_at
            document = session.prepare_tbs_document(validation_info=None, bytes_reserved=self._reserved_chars)
            sealed = io.BytesIO()
            digest, _ = document.digest_tbs_document(output=sealed)
            attributes = PdfCMSSignedAttributes(signing_time=signed_at)
            asyncio.run(document.perform_signature(digest.document_digest, attributes))
        return sealed.getvalue()


def check_seal(
    pdf: bytes, authorities: Sequence[bytes], moment: datetime, crls: Sequence[bytes] = ()
) -> SealFinding:
    """Check a paper's seal as a stranger would: whole file, unchanged, by an office that these authorities name.

    `authorities` are the roots (X.509, DER) to trust, `moment` is when their certificates must hold. Where `crls`
    (DER) are given, every authority below a root must have a current one. Nothing is fetched from anywhere.
    """
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.validation.errors import SignatureValidationError

    if len(pdf) > MAX_PDF_BYTES:
        return SealFinding("TOO_LONG")
    # The library also logs each path that it cannot build; the finding says it.
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    # What a parser of foreign bytes may stumble over, as deep as the interpreter's stack.
    unreadable = (PdfError, SignatureValidationError, ValueError, LookupError, TypeError, AttributeError,
                  ArithmeticError, AssertionError, OSError, RuntimeError)  # fmt: skip
    try:
        return _finding(pdf, authorities, moment, crls)
    except unreadable:
        return SealFinding("UNREADABLE")


def _finding(
    pdf: bytes, authorities: Sequence[bytes], moment: datetime, crls: Sequence[bytes]
) -> SealFinding:
    from asn1crypto.x509 import Certificate
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    found = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    if len(found) != 1:
        return SealFinding("NOT_SEALED" if not found else "MORE_THAN_ONE_SEAL")
    roots = [Certificate.load(one) for one in authorities]
    trusted = ValidationContext(
        trust_roots=roots,
        moment=moment,
        allow_fetching=False,
        crls=list(crls),
        revocation_mode="require" if crls else "soft-fail",
    )
    status = validate_pdf_signature(found[0], trusted)
    signer = str(status.signing_cert.subject.native.get("common_name", ""))
    signed_at = status.signer_reported_dt
    if not status.intact or not status.valid:
        return SealFinding("CHANGED", signer, signed_at)
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE or not status.docmdp_ok:
        return SealFinding("ADDED_TO", signer, signed_at)
    if not status.trusted or not status.bottom_line:
        return SealFinding("UNKNOWN_SIGNER", signer, signed_at)
    return SealFinding("", signer, signed_at)


def check_seal_key(key: SealKey, now: datetime) -> None:
    """Look whether a key could seal at this moment. Raises: UnfitSealKey."""
    certificate = _checked(key)
    if not certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc:
        raise UnfitSealKey("the certificate is not valid now")


def _checked(key: SealKey) -> x509.Certificate:
    try:
        private = serialization.load_der_private_key(key.private_key, None)
        certificate = x509.load_der_x509_certificate(key.certificate)
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.ExtensionNotFound) as wrong:
        raise UnfitSealKey(type(wrong).__name__) from wrong
    if not isinstance(private, ec.EllipticCurvePrivateKey) or private.curve.name != "secp256r1":
        raise UnfitSealKey("a seal key is a P-256 key")
    if certificate.public_key() != private.public_key():
        raise UnfitSealKey("the certificate is of another key")
    if not usage.content_commitment:
        raise UnfitSealKey("the certificate does not allow nonRepudiation")
    return certificate


def _signer(key: SealKey, certificate: x509.Certificate) -> "PdfSigner":
    from asn1crypto.keys import PrivateKeyInfo
    from asn1crypto.x509 import Certificate
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
    from pyhanko.sign.signers.pdf_cms import SimpleSigner
    from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    above = SimpleCertificateStore.from_certs([Certificate.load(one) for one in key.chain])
    names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return PdfSigner(
        PdfSignatureMetadata(
            field_name=_FIELD,
            subfilter=SigSeedSubFilter.PADES,
            md_algorithm=_DIGEST,
            name=str(names[0].value) if names else None,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
        ),
        signer=SimpleSigner(
            Certificate.load(key.certificate), PrivateKeyInfo.load(key.private_key), above, embed_roots=False
        ),
    )


@cache
def _writer() -> type[Any]:
    """Make the writer that appends a signature and nothing else.

    The library's own also writes the machine's time into the metadata, which are part of what is certified, and
    names PDF 2.0 where PDF/A-2 rests on 1.7.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    class Appending(IncrementalPdfFileWriter):
        def _update_meta(self) -> None:
            """Leave the metadata as they were set."""

        def ensure_output_version(self, version: tuple[int, int]) -> None:
            """Leave the version of the standard that the paper keeps to."""

    return Appending
