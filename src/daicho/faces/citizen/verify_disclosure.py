#!/usr/bin/env python3
"""開示ファイルの検証: checks a disclosure file offline, with nothing but Python's standard library.

    python3 verify_disclosure.py FILE [KEYS]

KEYS is a file of trusted public keys (JSON: node name to base64); without it the keys in the file itself are
used, which proves that the file is consistent, not who made it. Exit code 0: everything holds.
"""

import hashlib
import json
import sys
from base64 import b64decode
from collections.abc import Iterator
from typing import Any

Point = tuple[int, int, int, int]
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def _recover(y: int, sign: int) -> int | None:
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * ROOT % P
    if (x * x - x2) % P:
        return None
    return x if x & 1 == sign else P - x


def _point(data: bytes) -> Point | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = _recover(y, sign) if y < P else None
    return None if x is None else (x, y, 1, x * y % P)


def _add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(k: int, p: Point) -> Point:
    q: Point = (0, 1, 1, 0)
    while k:
        if k & 1:
            q = _add(q, p)
        p, k = _add(p, p), k >> 1
    return q


def _same(p: Point, q: Point) -> bool:
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = _recover(BASE_Y, 0) or 0
BASE: Point = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def ed25519(key: bytes, message: bytes, signature: bytes) -> bool:
    """Verify one Ed25519 signature (RFC 8032)."""
    a, r = _point(key), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L or len(signature) != 64:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    return _same(_times(s, BASE), _add(r, _times(h, a)))


def inclusion(leaf: bytes, position: int, size: int, path: list[bytes], root: bytes) -> bool:
    """Walk from a leaf to the root (RFC 9162)."""
    if not 0 <= position < size:
        return False
    index, last, found = position, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if index & 1 or index == last:
            found = hashlib.sha256(b"\x01" + step + found).digest()
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            found = hashlib.sha256(b"\x01" + found + step).digest()
        index, last = index >> 1, last >> 1
    return last == 0 and found == root


def signed(name: str, key: bytes, text: str, line: str) -> bool:
    """Verify one signature line under a note."""
    parts = line.strip().split(" ")
    if len(parts) != 3 or parts[0] != "—" or parts[1] != name:
        return False
    content = b64decode(parts[2])
    wanted = hashlib.sha256(name.encode() + b"\n\x01" + key).digest()[:4]
    return content[:4] == wanted and ed25519(key, text.encode(), content[4:])


def check_part(part: dict[str, Any], keys: dict[str, str]) -> Iterator[str]:
    """Check one node's lines; yield what does not hold."""
    name = part["node"]
    if not part["checkpoint"]:
        if part["lines"]:
            yield f"{name}: チェックポイントのない行があります"
        return
    text, _, tail = part["checkpoint"].partition("\n\n")
    text += "\n"
    origin, size, root = text.split("\n")[:3]
    if origin != name:
        yield f"{name}: 他のノードのチェックポイントです"
    key = keys.get(name)
    if key is None or not any(signed(name, b64decode(key), text, line) for line in tail.split("\n")):
        yield f"{name}: チェックポイントの署名が正しくありません"
    for line in part["cosignatures"]:
        witness = line.split(" ")[1] if line.count(" ") >= 2 else ""
        if witness not in keys or not signed(witness, b64decode(keys[witness]), text, line):
            yield f"{name}: 連署が正しくありません"
    for line in part["lines"]:
        leaf = hashlib.sha256(b"\x00" + b64decode(line["body"])).digest()
        path = [bytes.fromhex(step) for step in line["proof"]]
        if not inclusion(leaf, line["position"], int(size), path, b64decode(root)):
            yield f"{name}: {line['position']} 番の行の証明が成り立ちません"


def report(part: dict[str, Any]) -> None:
    """Print what one node's lines say."""
    waiting = f"、証明待ち {part['waiting']} 行" if part["waiting"] else ""
    print(f"{part['title']}: {len(part['lines'])} 行、連署 {len(part['cosignatures'])} 件{waiting}")
    for line in part["lines"]:
        body = json.loads(b64decode(line["body"]))
        words = [str(body.get(key, "")) for key in ("at", "event", "purpose", "basis", "outcome")]
        print("   ", "  ".join(word for word in words if word))


def main(arguments: list[str]) -> int:
    """Check a file and print what it says."""
    if not 1 <= len(arguments) <= 2:
        print(__doc__)
        return 2
    try:
        content = json.loads(read(arguments[0]))
        keys = json.loads(read(arguments[1])) if len(arguments) == 2 else content["keys"]
        faults = [fault for part in content["parts"] for fault in check_part(part, keys)]
        for part in content["parts"]:
            report(part)
    except OSError as error:
        print("誤り: ファイルが読めません:", error.strerror)
        return 2
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        print("誤り: 開示ファイルの形になっていません。")
        return 1
    for fault in faults:
        print("誤り:", fault)
    print("すべての証明と署名が成り立ちます。" if not faults else f"{len(faults)} 件の誤りがあります。")
    return 1 if faults else 0


def read(path: str) -> str:
    """Read a file of at most 64 MB."""
    with open(path, encoding="utf-8") as file:
        text = file.read(64_000_001)
    if len(text) > 64_000_000:
        raise ValueError("too large")
    return text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
