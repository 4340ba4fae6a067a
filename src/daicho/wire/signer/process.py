"""The signer: a process of one thread that alone holds a node's private keys.

It listens on a socket that only its owner may open, and ends when its parent does. Requests name a purpose;
what is signed for one purpose is never valid for another, because the purpose is part of what is signed
(letters and receipts by their JWS header, checkpoints by their note).
"""

import argparse
import os
import select
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils

from daicho.wire.signer.keystore import KeyNotOpened, MessageKeyInUse, checkpoint_key, newest_message_key

MAX_REQUEST_BYTES = 64 * 1024
_DIGEST_BYTES = 32
_CONNECTIONS_MAX = 256


class SignRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to sign: digests for letters and receipts, whole notes for checkpoints."""

    purpose: str
    contents: list[bytes]


class SignAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The signatures in the order of the request, or a fault."""

    kid: str = ""
    signatures: list[bytes] = []
    fault: str = ""


class KeyHolder:
    """The keys while the process lives."""

    def __init__(self, folder: Path, open_newest: "Callable[[], MessageKeyInUse] | None" = None) -> None:
        """Open the files; `open_newest` opens the newest message key elsewhere, such as in a hardware module."""
        self._open_newest = open_newest or (lambda: _from_file(folder))
        self._message = self._open_newest()
        self._checkpoint: ed25519.Ed25519PrivateKey = checkpoint_key(folder)

    def answer(self, request: SignRequest) -> SignAnswer:
        """Sign, or say why not."""
        match request.purpose:
            case "letter" | "receipt" | "carried":
                if any(len(content) != _DIGEST_BYTES for content in request.contents):
                    return SignAnswer(fault="DIGEST_LENGTH")
                return SignAnswer(
                    self._message.kid, [self._message.sign(content) for content in request.contents]
                )
            case "checkpoint":
                return SignAnswer("", [self._checkpoint.sign(content) for content in request.contents])
            case "reload":
                return self._reload()
        return SignAnswer(fault="PURPOSE")

    def _reload(self) -> SignAnswer:
        """Take the newest key; one that cannot be opened leaves the old one in use."""
        try:
            self._message = self._open_newest()
        except (OSError, ValueError, TypeError, KeyNotOpened):
            return SignAnswer(fault="KEY_FILE")
        return SignAnswer(self._message.kid)


def _from_file(folder: Path) -> MessageKeyInUse:
    kid, key = newest_message_key(folder)

    def sign(digest: bytes) -> bytes:
        r, s = utils.decode_dss_signature(key.sign(digest, ec.ECDSA(utils.Prehashed(hashes.SHA256()))))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    return MessageKeyInUse(kid, sign)


def serve(holder: KeyHolder, path: Path) -> None:
    """Answer requests until standard input closes."""
    path.unlink(missing_ok=True)
    mask = os.umask(0o177)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    os.umask(mask)
    listener.listen(32)
    parent = sys.stdin.fileno()
    clients: dict[int, socket.socket] = {}
    pending: dict[int, bytearray] = {}
    while True:
        ready, _, _ = select.select([listener.fileno(), parent, *clients], [], [])
        if parent in ready and not os.read(parent, 1):
            path.unlink(missing_ok=True)
            return
        for place in ready:
            if place == listener.fileno():
                client, _ = listener.accept()
                client.settimeout(1.0)
                if len(clients) >= _CONNECTIONS_MAX:
                    client.close()
                    continue
                clients[client.fileno()], pending[client.fileno()] = client, bytearray()
            elif place in clients and not _serve_client(holder, clients[place], pending[place]):
                clients.pop(place).close()
                del pending[place]


def _serve_client(holder: KeyHolder, client: socket.socket, pending: bytearray) -> bool:
    """Take what has come; answer each whole request; tell whether the client is still there."""
    try:
        chunk = client.recv(MAX_REQUEST_BYTES)
        if not chunk:
            return False
        pending += chunk
        while len(pending) >= 4:
            size = int.from_bytes(pending[:4], "big")
            if size > MAX_REQUEST_BYTES:
                return False
            if len(pending) < 4 + size:
                return True
            request = msgspec.msgpack.decode(bytes(pending[4 : 4 + size]), type=SignRequest)
            del pending[: 4 + size]
            answer = msgspec.msgpack.encode(holder.answer(request))
            client.sendall(len(answer).to_bytes(4, "big") + answer)
    except (OSError, msgspec.MsgspecError):
        return False
    return True


def main(arguments: list[str] | None = None) -> None:
    """Open the keys and serve."""
    parser = argparse.ArgumentParser(prog="daicho signer")
    parser.add_argument("--keys", type=Path, required=True)
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--pkcs11-module", default="")
    parser.add_argument("--pkcs11-token", default="")
    given = parser.parse_args(arguments)
    if given.pkcs11_module:
        from daicho.wire.signer.hardware import Token

        token = Token(given.pkcs11_module, given.pkcs11_token, given.keys)
        serve(KeyHolder(given.keys, token.newest), given.socket)
    else:
        serve(KeyHolder(given.keys), given.socket)


if __name__ == "__main__":
    main()
