"""A sign-in is proven by the operator's own authenticator, with the user verified, or not at all."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from soft_webauthn import SoftWebauthnDevice
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from daicho.gate.demo_authenticator import DemoAuthenticator
from daicho.gate.passkey import (
    Enrolled,
    NotProven,
    Place,
    ask_to_register,
    ask_to_sign_in,
    check_registration,
    check_sign_in,
)

PLACE = Place("registry.localhost", "http://registry.localhost:8001", "台帳")
DEMO = DemoAuthenticator(b"s" * 32)
FIRST, SECOND = b"1" * 32, b"2" * 32


def enrolled(login_id: str = "A1001") -> Enrolled:
    answer = DEMO.register(PLACE, login_id=login_id, challenge=FIRST)
    return check_registration(PLACE, answer=answer, challenge=FIRST)


def test_options_demand_user_verification() -> None:
    register = json.loads(
        ask_to_register(PLACE, login_id="A1001", display_name="x", challenge=FIRST, known=(b"k",))
    )
    sign_in = json.loads(ask_to_sign_in(PLACE, challenge=FIRST, credentials=(b"k",)))
    assert register["authenticatorSelection"]["userVerification"] == "required"
    assert register["excludeCredentials"][0]["id"] == bytes_to_base64url(b"k")
    assert sign_in["userVerification"] == "required"


def test_demo_authenticator_signs_in_and_counts() -> None:
    known = enrolled()
    answer = DEMO.sign_in(PLACE, login_id="A1001", challenge=SECOND, sign_count=7)
    proven = check_sign_in(PLACE, answer=answer, challenge=SECOND, enrolled=known)
    assert proven.sign_count == 7
    assert proven.credential_id == known.credential_id


def test_each_operator_has_another_demo_key() -> None:
    assert enrolled("A1001") != enrolled("A1002")


def test_answer_of_another_operator_is_refused() -> None:
    answer = DEMO.sign_in(PLACE, login_id="A1002", challenge=SECOND, sign_count=1)
    with pytest.raises(NotProven):
        check_sign_in(PLACE, answer=answer, challenge=SECOND, enrolled=enrolled("A1001"))


def test_old_challenge_is_refused() -> None:
    answer = DEMO.sign_in(PLACE, login_id="A1001", challenge=FIRST, sign_count=1)
    with pytest.raises(NotProven):
        check_sign_in(PLACE, answer=answer, challenge=SECOND, enrolled=enrolled())


def test_foreign_origin_is_refused() -> None:
    elsewhere = Place(PLACE.host, "http://elsewhere.localhost:8001", "x")
    answer = DEMO.sign_in(elsewhere, login_id="A1001", challenge=SECOND, sign_count=1)
    with pytest.raises(NotProven):
        check_sign_in(PLACE, answer=answer, challenge=SECOND, enrolled=enrolled())


def test_count_that_runs_back_is_refused() -> None:
    known = enrolled()
    used = Enrolled(known.credential_id, known.public_key, 9)
    answer = DEMO.sign_in(PLACE, login_id="A1001", challenge=SECOND, sign_count=9)
    with pytest.raises(NotProven):
        check_sign_in(PLACE, answer=answer, challenge=SECOND, enrolled=used)


@pytest.mark.requirement("R-244")
def test_unverified_user_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """An authenticator that saw a touch but verified nobody ("the wrong palm") signs nobody in."""
    known = enrolled()
    monkeypatch.setattr("daicho.gate.demo_authenticator._PRESENT_AND_VERIFIED", 0x01)
    answer = DEMO.sign_in(PLACE, login_id="A1001", challenge=SECOND, sign_count=1)
    with pytest.raises(NotProven, match="not verified"):
        check_sign_in(PLACE, answer=answer, challenge=SECOND, enrolled=known)
    registration = DEMO.register(PLACE, login_id="A1001", challenge=FIRST)
    with pytest.raises(NotProven):
        check_registration(PLACE, answer=registration, challenge=FIRST)


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", '{"id":"a"}', "\x00", '{"id":1,"rawId":2}'])
def test_malformed_answer_is_refused(answer: str) -> None:
    with pytest.raises(NotProven):
        check_sign_in(PLACE, answer=answer, challenge=SECOND, enrolled=enrolled())
    with pytest.raises(NotProven):
        check_registration(PLACE, answer=answer, challenge=SECOND)


def test_foreign_device_without_user_verification_is_refused() -> None:
    """soft-webauthn, written by others, makes registrations without verifying its user."""
    device = SoftWebauthnDevice()
    options = json.loads(
        ask_to_register(PLACE, login_id="A1001", display_name="x", challenge=FIRST, known=())
    )
    options["challenge"] = base64url_to_bytes(options["challenge"])
    options["user"]["id"] = base64url_to_bytes(options["user"]["id"])
    options["attestation"] = "none"
    made = device.create({"publicKey": options}, PLACE.origin)
    answer = json.dumps(
        {
            "id": made["id"].decode(),
            "rawId": bytes_to_base64url(made["rawId"]),
            "type": "public-key",
            "response": {
                "clientDataJSON": bytes_to_base64url(made["response"]["clientDataJSON"]),
                "attestationObject": bytes_to_base64url(made["response"]["attestationObject"]),
            },
        }
    )
    assert isinstance(device.private_key, ec.EllipticCurvePrivateKey)
    with pytest.raises(NotProven):
        check_registration(PLACE, answer=answer, challenge=FIRST)
