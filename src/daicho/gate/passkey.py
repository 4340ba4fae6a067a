"""WebAuthn ceremonies: what the browser is asked, and whether its answer proves the operator.

The user must be verified by the authenticator (palm, finger, face or PIN); nothing biometric comes here.
"""

from dataclasses import dataclass

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

CEREMONY_MILLISECONDS = 120_000
CHALLENGE_BYTES = 32
_ALGORITHMS = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]


# What the library raises for an answer that is malformed, or as deep as the interpreter's stack.
_UNPROVEN = (WebAuthnException, ValueError, KeyError, TypeError, RecursionError)


class NotProven(Exception):
    """An authenticator's answer that proves nothing; the message is for the log, never for the screen."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where operators sign in: the WebAuthn relying party and the page's origin."""

    host: str
    origin: str
    name: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A credential whose public key we keep; its private key never left the authenticator."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class Proven:
    """A sign-in that verified: the credential used and its new count."""

    credential_id: bytes
    sign_count: int


def ask_to_register(
    place: Place, *, login_id: str, display_name: str, challenge: bytes, known: tuple[bytes, ...]
) -> str:
    """Write the options with which a browser makes a credential, as JSON."""
    return options_to_json(
        generate_registration_options(
            rp_id=place.host,
            rp_name=place.name,
            user_name=login_id,
            user_id=login_id.encode(),
            user_display_name=display_name,
            challenge=challenge,
            timeout=CEREMONY_MILLISECONDS,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.DISCOURAGED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
            supported_pub_key_algs=_ALGORITHMS,
        )
    )


def ask_to_sign_in(place: Place, *, challenge: bytes, credentials: tuple[bytes, ...]) -> str:
    """Write the options with which a browser signs in, as JSON; user verification is demanded."""
    return options_to_json(
        generate_authentication_options(
            rp_id=place.host,
            challenge=challenge,
            timeout=CEREMONY_MILLISECONDS,
            allow_credentials=[PublicKeyCredentialDescriptor(id=one) for one in credentials],
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


def check_registration(place: Place, *, answer: str, challenge: bytes) -> Enrolled:
    """Check the browser's answer to `ask_to_register`.

    Raises: NotProven for a foreign origin or challenge, an unverified user, a malformed or unsigned answer.
    """
    try:
        verified = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=place.host,
            expected_origin=place.origin,
            require_user_verification=True,
            supported_pub_key_algs=_ALGORITHMS,
        )
    except _UNPROVEN as wrong:
        raise NotProven(str(wrong)) from wrong
    return Enrolled(verified.credential_id, verified.credential_public_key, verified.sign_count)


def check_sign_in(place: Place, *, answer: str, challenge: bytes, enrolled: Enrolled) -> Proven:
    """Check the browser's answer to `ask_to_sign_in` against the kept public key and count.

    Raises: NotProven for a foreign origin, challenge or key, an unverified user, or a count that ran back.
    """
    try:
        verified = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=place.host,
            expected_origin=place.origin,
            credential_public_key=enrolled.public_key,
            credential_current_sign_count=enrolled.sign_count,
            require_user_verification=True,
        )
    except _UNPROVEN as wrong:
        raise NotProven(str(wrong)) from wrong
    if verified.credential_id != enrolled.credential_id or not verified.user_verified:
        raise NotProven("another credential answered")
    return Proven(verified.credential_id, verified.new_sign_count)
