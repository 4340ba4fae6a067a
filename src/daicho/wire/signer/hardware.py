"""The message key in a hardware module (PKCS#11): one process, one thread, one login."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pkcs11
from pkcs11.util.ec import encode_named_curve_parameters

_PIN = "pin"  # the name of a file, not a secret
_KID_ID = b"daicho-message"


def open_module(module: str, token: str, keys: Path) -> tuple[Callable[[bytes], bytes], str]:
    """Log in to a token and find the message key; give the function that signs a digest, and the key's kid.

    Raises: pkcs11.PKCS11Error when module, token, PIN or key are not there.
    """
    session = pkcs11.lib(module).get_token(token_label=token).open(user_pin=(keys / _PIN).read_text().strip())
    wanted = {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY, pkcs11.Attribute.ID: _KID_ID}
    # What a key can do is mixed into its class when it is found.
    found: list[Any] = list(session.get_objects(wanted))
    if not found:
        raise pkcs11.NoSuchKey
    private = max(found, key=lambda key: str(key.label))  # as with files: the newest signs
    label = str(private.label)

    def sign(digest: bytes) -> bytes:
        return bytes(private.sign(digest, mechanism=pkcs11.Mechanism.ECDSA))

    return sign, label


def make_key(module: str, token: str, keys: Path, kid: str) -> tuple[str, str]:
    """Make a P-256 key inside the token, never to leave it; give its public coordinates in base64url.

    Kids sort by age, as those of key files do. Raises: pkcs11.PKCS11Error.
    """
    session = (
        pkcs11.lib(module)
        .get_token(token_label=token)
        .open(rw=True, user_pin=(keys / _PIN).read_text().strip())
    )
    parameters = session.create_domain_parameters(
        pkcs11.KeyType.EC,
        {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")},
        local=True,
    )
    public, _ = parameters.generate_keypair(
        mechanism=pkcs11.Mechanism.EC_KEY_PAIR_GEN, store=True, id=_KID_ID, label=kid,
        capabilities=pkcs11.MechanismFlag.SIGN | pkcs11.MechanismFlag.VERIFY,
        private_template={pkcs11.Attribute.SENSITIVE: True, pkcs11.Attribute.EXTRACTABLE: False},
    )  # fmt: skip
    point = bytes(public[pkcs11.Attribute.EC_POINT])[-64:]
    session.close()
    return urlsafe_b64encode(point[:32]).decode(), urlsafe_b64encode(point[32:]).decode()
