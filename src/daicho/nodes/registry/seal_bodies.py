"""Seal registrations and what is asked about them, as the database keeps them."""

from daicho.rules.seals.registration import SealRegistration, SealRequest
from daicho.store.seals import RegistrationRow
from daicho.wire.codecs.letters import decode, encode


def registration_row(registration: SealRegistration, version: int) -> RegistrationRow:
    """Put a registration beside the columns by which it is found."""
    return RegistrationRow(
        number=registration.number,
        addressee_number=registration.addressee_number,
        card_number=registration.card_number,
        version=version,
        open=registration.end is None,
        image_id=registration.impression.image_id,
        body=encode(registration).decode(),
    )


def read_registration(body: str) -> SealRegistration:
    """Read a registration as it was kept. Raises: Unreadable."""
    return decode(SealRegistration, body.encode(), our_own=True)


def request_body(request: SealRequest) -> str:
    """Write a request as text."""
    return encode(request).decode()


def read_request(body: str) -> SealRequest:
    """Read a request as it was kept. Raises: Unreadable."""
    return decode(SealRequest, body.encode(), our_own=True)
