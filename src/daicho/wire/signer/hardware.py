"""The message key in a hardware module (PKCS#11): one process, one thread, one login."""

from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

import pkcs11
from pkcs11.util.ec import encode_named_curve_parameters

from daicho.wire.signer.keystore import KeyNotOpened, MessageKeyInUse

_PIN = "pin"  # the name of a file, not a secret
_KID_ID = b"daicho-message"


class Token:
    """One login to one token; whoever opens it uses it from one thread."""

    def __init__(self, module: str, token: str, keys: Path) -> None:
        """Log in with the PIN of the key folder. Raises: KeyNotOpened."""
        try:
            pin = (keys / _PIN).read_text().strip()
            self._session = pkcs11.lib(module).get_token(token_label=token).open(user_pin=pin)
        except (pkcs11.PKCS11Error, RuntimeError, OSError) as error:
            raise KeyNotOpened(type(error).__name__) from error

    def newest(self) -> MessageKeyInUse:
        """Find the newest message key. Raises: KeyNotOpened."""
        wanted = {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY, pkcs11.Attribute.ID: _KID_ID}
        try:
            # What a key can do is mixed into its class when it is found.
            found: list[Any] = list(self._session.get_objects(wanted))
        except pkcs11.PKCS11Error as error:
            raise KeyNotOpened(type(error).__name__) from error
        if not found:
            raise KeyNotOpened("no message key in the token")
        private = max(found, key=lambda key: str(key.label))  # as with files: the newest signs
        return MessageKeyInUse(
            str(private.label), lambda digest: bytes(private.sign(digest, mechanism=pkcs11.Mechanism.ECDSA))
        )


def make_key(module: str, token: str, keys: Path, kid: str) -> tuple[str, str]:
    """Make a P-256 key inside the token, never to leave it; give its public coordinates in base64url.

    Kids sort by age, as those of key files do. Raises: KeyNotOpened.
    """
    try:
        return _make_key(module, token, keys, kid)
    except (pkcs11.PKCS11Error, RuntimeError, OSError) as error:
        raise KeyNotOpened(type(error).__name__) from error


def _make_key(module: str, token: str, keys: Path, kid: str) -> tuple[str, str]:
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
