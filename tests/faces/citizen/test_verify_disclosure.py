"""The one-file verifier that a resident takes home: it believes a true file and no other."""

import copy
import json
import subprocess
import sys
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from daicho.faces.citizen import verify_disclosure
from daicho.rules.ledger import tree
from daicho.rules.ledger.note import Checkpoint, sign_line, write_note

FILE = Path(verify_disclosure.__file__)
NAME, WITNESS = "national.n.daicho.internal", "prefecture.p13.daicho.internal"
KEYS = {
    name: Ed25519PrivateKey.from_private_bytes(bytes([place]) * 32)
    for place, name in enumerate((NAME, WITNESS))
}


def public(name: str) -> bytes:
    return KEYS[name].public_key().public_bytes_raw()


def signature(name: str, body: str, key: Ed25519PrivateKey | None = None) -> str:
    return str(sign_line(name, public(name), (key or KEYS[name]).sign(body.encode())))


def bundle(count: int = 11, shown: tuple[int, ...] = (0, 4, 10)) -> dict[str, Any]:
    bodies = [
        json.dumps({"at": f"2026-11-{day + 1:02}", "event": "provision:record:granted"}).encode()
        for day in range(count)
    ]
    leaves = [tree.leaf_hash(body) for body in bodies]

    def hash_at(level: int, index: int) -> bytes:
        return tree.root_of_leaves(leaves[index << level : (index + 1) << level])

    checkpoint = Checkpoint(NAME, count, tree.root(count, hash_at))
    line = sign_line(NAME, public(NAME), KEYS[NAME].sign(checkpoint.body().encode()))
    return {
        "format": "daicho disclosure 1",
        "made_at": "2026-11-20",
        "keys": {name: b64encode(public(name)).decode() for name in KEYS},
        "parts": [
            {
                "node": NAME,
                "title": "機構",
                "checkpoint": write_note(checkpoint, line),
                "cosignatures": [signature(WITNESS, checkpoint.body())],
                "lines": [
                    {
                        "position": place,
                        "body": b64encode(bodies[place]).decode(),
                        "proof": [step.hex() for step in tree.inclusion_proof(place, count, hash_at)],
                    }
                    for place in shown
                ],
                "waiting": 0,
            }
        ],
    }


def verdict(tmp_path: Path, content: Any, *more: str) -> int:
    file = tmp_path / "disclosure.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return verify_disclosure.main([str(file), *more])


def test_a_true_file_holds_with_nothing_but_pythons_own_library(tmp_path):
    file = tmp_path / "disclosure.json"
    file.write_text(json.dumps(bundle()), encoding="utf-8")
    told = subprocess.run(
        [sys.executable, "-I", "-S", str(FILE), str(file)], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert "すべての証明と署名が成り立ちます。" in told.stdout
    assert told.stdout.count("provision:record:granted") == 3


def _another_body(part: dict[str, Any]) -> None:
    body = json.loads(b64decode(part["lines"][1]["body"]))
    part["lines"][1]["body"] = b64encode(json.dumps(body | {"at": "2026-11-19"}).encode()).decode()


def _two_lines_changed_places(part: dict[str, Any]) -> None:
    part["lines"][0]["body"], part["lines"][1]["body"] = part["lines"][1]["body"], part["lines"][0]["body"]


def _another_place(part: dict[str, Any]) -> None:
    part["lines"][1]["position"] = 5


def _a_step_less(part: dict[str, Any]) -> None:
    part["lines"][1]["proof"].pop()


def _a_larger_tree(part: dict[str, Any]) -> None:
    part["checkpoint"] = part["checkpoint"].replace("\n11\n", "\n12\n")


def _another_root(part: dict[str, Any]) -> None:
    lines = part["checkpoint"].split("\n")
    lines[2] = b64encode(bytes(32)).decode()
    part["checkpoint"] = "\n".join(lines)


def _no_signature(part: dict[str, Any]) -> None:
    part["checkpoint"] = part["checkpoint"].partition("\n\n")[0] + "\n\n"


def _the_witness_signed_something_else(part: dict[str, Any]) -> None:
    part["cosignatures"] = [signature(WITNESS, "another text\n")]


def _a_stranger_is_the_witness(part: dict[str, Any]) -> None:
    part["cosignatures"] = [part["cosignatures"][0].replace(WITNESS, "stranger")]


def _anothers_checkpoint(part: dict[str, Any]) -> None:
    part["node"] = WITNESS


def _lines_without_any_checkpoint(part: dict[str, Any]) -> None:
    part["checkpoint"] = ""


FORGERIES = [
    _another_body, _two_lines_changed_places, _another_place, _a_step_less, _a_larger_tree, _another_root,
    _no_signature, _the_witness_signed_something_else, _a_stranger_is_the_witness, _anothers_checkpoint,
    _lines_without_any_checkpoint,
]  # fmt: skip


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda one: one.__name__.strip("_"))
def test_a_forged_file_does_not_hold(tmp_path, capsys, forge):
    content = bundle()
    forge(content["parts"][0])
    assert verdict(tmp_path, content) == 1
    assert "誤り" in capsys.readouterr().out


def test_keys_that_came_by_another_way_unmask_a_file_that_is_consistent_in_itself(tmp_path, capsys):
    content = bundle()
    forger = Ed25519PrivateKey.from_private_bytes(bytes([9]) * 32)
    trusted = tmp_path / "keys.json"
    trusted.write_text(json.dumps(content["keys"]), encoding="utf-8")
    part = content["parts"][0]
    body = part["checkpoint"].partition("\n\n")[0] + "\n"
    forged_public = forger.public_key().public_bytes_raw()
    part["checkpoint"] = body + "\n" + str(sign_line(NAME, forged_public, forger.sign(body.encode())))
    content["keys"][NAME] = b64encode(forged_public).decode()
    assert verdict(tmp_path, content) == 0
    assert verdict(tmp_path, content, str(trusted)) == 1
    assert "署名が正しくありません" in capsys.readouterr().out


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", "null", '{"keys":{},"parts":[{}]}', "[" * 50_000, "\x00", '{"keys":1,"parts":2}'],
)
def test_what_is_no_disclosure_file_is_said_to_be_none(tmp_path, capsys, content):
    assert verdict(tmp_path, content) == 1
    assert "開示ファイルの形になっていません" in capsys.readouterr().out


def test_a_file_that_is_not_there_and_no_file_at_all(tmp_path, capsys):
    assert verify_disclosure.main([str(tmp_path / "none")]) == 2
    assert verify_disclosure.main([]) == 2
    assert "verify_disclosure.py FILE" in capsys.readouterr().out


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_flipped_bit_in_a_body_proof_or_signature_is_always_seen(data):
    content = bundle()
    part = copy.deepcopy(content["parts"][0])
    line = data.draw(st.sampled_from(part["lines"]))
    if data.draw(st.booleans()):
        body = bytearray(b64decode(line["body"]))
        body[data.draw(st.integers(0, len(body) - 1))] ^= 1 << data.draw(st.integers(0, 7))
        line["body"] = b64encode(bytes(body)).decode()
    else:
        step = data.draw(st.integers(0, len(line["proof"]) - 1))
        proof = bytearray(bytes.fromhex(line["proof"][step]))
        proof[data.draw(st.integers(0, 31))] ^= 1 << data.draw(st.integers(0, 7))
        line["proof"][step] = bytes(proof).hex()
    assert list(verify_disclosure.check_part(part, content["keys"]))


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 511))
def test_its_own_signatures_arithmetic_agrees_with_a_library(message, bit):
    good = KEYS[NAME].sign(message)
    bad = (int.from_bytes(good, "big") ^ 1 << bit).to_bytes(64, "big")
    assert verify_disclosure.ed25519(public(NAME), message, good)
    assert not verify_disclosure.ed25519(public(NAME), message, bad)
    assert not verify_disclosure.ed25519(public(NAME), message + b"x", good)
    assert not verify_disclosure.ed25519(public(WITNESS), message, good)
