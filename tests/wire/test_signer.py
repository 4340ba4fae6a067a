"""The signer as a process of its own, with keys in encrypted files and in a real token (SoftHSM2)."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils
from tests.conftest import MODULE, PIN

from daicho.wire.signer.client import SignerClient, SignerProcess, SignerUnavailable
from daicho.wire.signer.keystore import PublicKeys, add_message_key, make_keys, public_keys

DIGEST = sha256(b"a letter").digest()


def verify(x: str, y: str, digest: bytes, signature: bytes) -> None:
    point = ec.EllipticCurvePublicNumbers(
        int.from_bytes(urlsafe_b64decode(x), "big"),
        int.from_bytes(urlsafe_b64decode(y), "big"),
        ec.SECP256R1(),
    )
    der = utils.encode_dss_signature(
        int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    )
    point.public_key().verify(der, digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))


@pytest.fixture
def socket_file() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="daicho-"))  # a socket's path may have 107 characters
    yield folder / "s.sock"
    shutil.rmtree(folder)


@pytest.fixture
def keys(tmp_path: Path) -> PublicKeys:
    return make_keys(tmp_path / "signer")


class Signer:
    def __init__(self, process: SignerProcess, client: SignerClient) -> None:
        self.process, self.client = process, client

    @property
    def pid(self) -> int:
        assert self.process._process is not None
        return self.process._process.pid


@pytest.fixture
def signer(keys: PublicKeys, tmp_path: Path, socket_file: Path) -> Iterator[Signer]:
    process = SignerProcess(tmp_path / "signer", socket_file)
    process.ensure()
    made = Signer(process, SignerClient(socket_file))
    yield made
    made.client.close()
    process.stop()


def test_letters_and_checkpoints_are_signed_with_different_keys(signer, keys):
    kid, (signature,) = signer.client.sign_digests("letter", [DIGEST])
    assert kid == keys.kid
    verify(keys.x, keys.y, DIGEST, signature)
    checkpoint = signer.client.sign_checkpoint(b"a note\n")
    public = ed25519.Ed25519PublicKey.from_public_bytes(urlsafe_b64decode(keys.checkpoint_key))
    public.verify(checkpoint, b"a note\n")
    with pytest.raises(InvalidSignature):
        verify(keys.x, keys.y, sha256(b"another").digest(), signature)


@pytest.mark.parametrize(
    ("purpose", "contents", "fault"),
    [("letter", [b"not a digest"], "DIGEST_LENGTH"), ("anything", [DIGEST], "PURPOSE"), ("", [], "PURPOSE")],
)
def test_what_is_not_asked_properly_is_not_signed(signer, purpose, contents, fault):
    with pytest.raises(SignerUnavailable, match=fault):
        signer.client.sign_digests(purpose, contents)
    assert signer.client.sign_digests("letter", [DIGEST])[1], "and the next is answered as ever"


def test_key_files_and_socket_are_their_owners_alone_and_encrypted(signer, tmp_path, socket_file):
    for file in (tmp_path / "signer").iterdir():
        assert file.stat().st_mode & 0o077 == 0, file.name
        if file.suffix == ".pem":
            assert b"BEGIN ENCRYPTED PRIVATE KEY" in file.read_bytes()
    assert socket_file.stat().st_mode & 0o077 == 0


def test_after_kill_9_a_new_signer_answers_on_the_same_client(signer):
    assert signer.client.sign_digests("letter", [DIGEST])[1]
    os.kill(signer.pid, signal.SIGKILL)
    assert signer.process._process is not None
    signer.process._process.wait(10)
    with pytest.raises(SignerUnavailable):
        signer.client.sign_digests("letter", [DIGEST])
    signer.process.ensure()
    assert signer.client.sign_digests("letter", [DIGEST])[1]


def test_a_signer_that_hangs_is_given_up_within_seconds(signer):
    assert signer.client.sign_digests("letter", [DIGEST])[1]
    os.kill(signer.pid, signal.SIGSTOP)
    try:
        with pytest.raises(SignerUnavailable, match="TimeoutError"):
            signer.client.sign_digests("letter", [DIGEST])
    finally:
        os.kill(signer.pid, signal.SIGCONT)
    assert signer.client.sign_digests("letter", [DIGEST])[1]


def test_it_ends_with_its_parent(keys, tmp_path, socket_file):
    process = SignerProcess(tmp_path / "signer", socket_file)
    process.ensure()
    child = process._process
    assert child is not None
    process.stop()
    assert child.poll() is not None
    assert not socket_file.exists()


def test_a_newer_key_is_taken_when_it_is_told_and_not_before(signer, keys, tmp_path):
    newer = add_message_key(tmp_path / "signer")
    assert signer.client.sign_digests("letter", [DIGEST])[0] == keys.kid
    assert signer.client.reload() == newer.kid
    kid, (signature,) = signer.client.sign_digests("letter", [DIGEST])
    assert kid == newer.kid
    verify(newer.x, newer.y, DIGEST, signature)


def test_a_key_file_that_cannot_be_opened_leaves_the_old_key_in_use(signer, keys, tmp_path):
    (tmp_path / "signer" / "message-0009-00000000.pem").write_bytes(b"nonsense")
    with pytest.raises(SignerUnavailable, match="KEY_FILE"):
        signer.client.reload()
    assert signer.client.sign_digests("letter", [DIGEST])[0] == keys.kid


def test_many_threads_get_each_their_own_signature(signer, keys):
    good: list[tuple[int, int]] = []

    def work(place: int) -> None:
        for turn in range(20):
            digest = sha256(f"{place} {turn}".encode()).digest()
            _, (signature,) = signer.client.sign_digests("letter", [digest])
            verify(keys.x, keys.y, digest, signature)
            good.append((place, turn))

    threads = [threading.Thread(target=work, args=(place,)) for place in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(good) == 8 * 20


def _in_token(tmp_path: Path, token: str, kid: str) -> tuple[str, str]:
    """Make a key in the token, in a process of its own: a module is loaded once and keeps its tokens' state."""
    code = (
        "import sys; from pathlib import Path; from daicho.wire.signer import hardware;"
        "print(*hardware.make_key(sys.argv[1], sys.argv[2], Path(sys.argv[3]), sys.argv[4]))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code,
         MODULE, token, str(tmp_path / "signer"), kid],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    x, y = told.stdout.split()
    return x, y


@pytest.fixture
def hardware(
    tmp_path: Path, token: str, keys: PublicKeys, socket_file: Path
) -> Iterator[tuple[Signer, str, str]]:
    (tmp_path / "signer" / "pin").write_text(PIN)
    x, y = _in_token(tmp_path, token, "0002-aaaaaaaa")
    process = SignerProcess(
        tmp_path / "signer", socket_file, ("--pkcs11-module", MODULE, "--pkcs11-token", token)
    )
    process.ensure()
    made = Signer(process, SignerClient(socket_file))
    yield made, x, y
    made.client.close()
    process.stop()


def test_the_message_key_lives_in_a_token_and_signs_there(hardware, keys):
    signer, x, y = hardware
    kid, (signature,) = signer.client.sign_digests("letter", [DIGEST])
    assert kid == "0002-aaaaaaaa"
    verify(x, y, DIGEST, signature)
    with pytest.raises(InvalidSignature):
        verify(keys.x, keys.y, DIGEST, signature)


def test_the_private_key_cannot_be_read_out_of_the_token(hardware, tmp_path):
    code = (
        "import pkcs11, sys\n"
        "session = pkcs11.lib(sys.argv[1]).get_token(token_label='daicho').open(user_pin=sys.argv[2])\n"
        "key = next(iter(session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY})))\n"
        "try:\n    print(key[pkcs11.Attribute.VALUE].hex())\nexcept pkcs11.AttributeSensitive:\n    print('sensitive')\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, MODULE, PIN], check=True, capture_output=True, text=True
    )
    assert told.stdout.strip() == "sensitive"


def test_a_newer_key_of_the_token_is_taken_when_it_is_told(hardware, tmp_path, token):
    signer, _, _ = hardware
    x, y = _in_token(tmp_path, token, "0003-bbbbbbbb")
    assert signer.client.sign_digests("letter", [DIGEST])[0] == "0002-aaaaaaaa"
    assert signer.client.reload() == "0003-bbbbbbbb"
    verify(x, y, DIGEST, signer.client.sign_digests("letter", [DIGEST])[1][0])


@pytest.mark.parametrize(("pin", "module"), [("0000", MODULE), (PIN, "/nowhere/module.so")])
def test_with_a_wrong_pin_or_module_nothing_starts_and_nothing_is_signed(
    tmp_path, token, keys, socket_file, pin, module
):
    (tmp_path / "signer" / "pin").write_text(pin)
    process = SignerProcess(
        tmp_path / "signer", socket_file, ("--pkcs11-module", module, "--pkcs11-token", token)
    )
    with pytest.raises(SignerUnavailable, match="did not start"):
        process.ensure()


def test_public_keys_are_read_again_as_they_were_made(keys, tmp_path):
    assert public_keys(tmp_path / "signer") == keys
