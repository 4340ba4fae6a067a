"""デモ認証器: an authenticator in software, so that a demonstration works in any browser.

It proves nothing about a person. A node accepts its credentials only while the signed directory says
`profile: demo`; its answers go through the same checks as those of a real authenticator.
"""

import hashlib
import json
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from webauthn.helpers import bytes_to_base64url, encode_cbor

from daicho.gate.passkey import Place

_PRESENT_AND_VERIFIED = 0x05
_NEW_CREDENTIAL = 0x40
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_NO_MODEL = bytes(16)
_CREDENTIAL_ID_BYTES = 32


@dataclass(frozen=True, slots=True)
class DemoAuthenticator:
    """Keys of all operators of one demonstration, derived from one secret of the node."""

    secret: bytes

    def register(self, place: Place, *, login_id: str, challenge: bytes) -> str:
        """Answer `ask_to_register` as a browser would, for one operator."""
        key, credential_id = self._key(login_id), self._credential_id(login_id)
        point = key.public_key().public_numbers()
        cose = encode_cbor(
            {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        )
        data = self._authenticator_data(place, _PRESENT_AND_VERIFIED | _NEW_CREDENTIAL, 0)
        data += _NO_MODEL + len(credential_id).to_bytes(2, "big") + credential_id + cose
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        client = _client_data("webauthn.create", place, challenge)
        response = {
            "clientDataJSON": bytes_to_base64url(client),
            "attestationObject": bytes_to_base64url(attestation),
        }
        return _credential(credential_id, response)

    def sign_in(self, place: Place, *, login_id: str, challenge: bytes, sign_count: int) -> str:
        """Answer `ask_to_sign_in` as a browser would, for one operator."""
        data = self._authenticator_data(place, _PRESENT_AND_VERIFIED, sign_count)
        client = _client_data("webauthn.get", place, challenge)
        signed = data + hashlib.sha256(client).digest()
        signature = self._key(login_id).sign(signed, ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": bytes_to_base64url(client),
            "authenticatorData": bytes_to_base64url(data),
            "signature": bytes_to_base64url(signature),
        }
        return _credential(self._credential_id(login_id), response)

    def _derive(self, purpose: str, login_id: str, size_bytes: int) -> bytes:
        info = f"daicho demo authenticator {purpose} {login_id}".encode()
        return HKDF(algorithm=hashes.SHA256(), length=size_bytes, salt=None, info=info).derive(self.secret)

    def _key(self, login_id: str) -> ec.EllipticCurvePrivateKey:
        number = int.from_bytes(self._derive("key", login_id, 48), "big")
        return ec.derive_private_key(number % (_P256_ORDER - 1) + 1, ec.SECP256R1())

    def _credential_id(self, login_id: str) -> bytes:
        return self._derive("credential", login_id, _CREDENTIAL_ID_BYTES)

    def _authenticator_data(self, place: Place, flags: int, sign_count: int) -> bytes:
        return hashlib.sha256(place.host.encode()).digest() + bytes([flags]) + sign_count.to_bytes(4, "big")


def _client_data(ceremony: str, place: Place, challenge: bytes) -> bytes:
    said = {"type": ceremony, "challenge": bytes_to_base64url(challenge), "origin": place.origin}
    return json.dumps({**said, "crossOrigin": False}).encode()


def _credential(credential_id: bytes, response: dict[str, str]) -> str:
    name = bytes_to_base64url(credential_id)
    return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
