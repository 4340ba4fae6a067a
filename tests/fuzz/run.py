"""One reader under fire, in a process of its own with limits of memory and time.

Usage: python -m tests.fuzz.run NAME EXAMPLES SEED
Prints the input that broke it in base64 and ends with 1, or ends with 0.
"""

import random
import resource
import signal
import sys
import traceback
from base64 import b64encode
from collections.abc import Callable
from itertools import chain
from pathlib import Path

from tests.fuzz.targets import targets

CORPUS = Path(__file__).with_name("corpus")
SECONDS = 1.0  # for one input; a reader needs milliseconds
EXTRA_BYTES = 512 * 1024 * 1024  # above what the process needs when it is ready
LONGEST_BYTES = 64 * 1024
TOKENS = (
    b'"', b"'", b",", b"\\", b"\\u0000", b"\x00", b"\xff", b"{", b"[", b"}", b"]", b":", b"=", b"\n", b"\r\n", b" ", b"-", b".",
    b"0", b"9", b"99999999999999999999", b"-1", b"1e999", b"null", b"true", b"/", b"%", b"\xe3\x80\x80", b"\xf3\xa0\x84\x80",
    b"\xed\xa0\x80", b"\xe2\x80\xa8", b"\xef\xbb\xbf", b"-----BEGIN X509 CRL-----", b"AAAA", b"==", b"\x30\x82", b"\x80",
    "昭和".encode(), "年".encode(), "元".encode(), "ー".encode(), "ﾞ".encode(), "𠮷".encode(),
)  # fmt: skip


class TooSlow(Exception):
    """An input took longer than a reader may."""


def altered(chance: random.Random, content: bytes) -> bytes:
    """A few cuts, repetitions, strange tokens and flipped bits; now and then very much of something."""
    made = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        at = chance.randint(0, len(made))
        how = chance.randrange(8)
        if how == 0 and made:
            made[at : at + chance.randint(1, 1 + len(made) // 2)] = b""
        elif how == 1:
            made[at:at] = made[chance.randint(0, at) : at] * chance.choice((1, 2, 30))
        elif how in (2, 3):
            made[at:at] = chance.choice(TOKENS)
        elif how == 4 and made:
            made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)
        elif how == 5:
            made[at:at] = chance.randbytes(chance.randint(1, 8))
        elif how == 6:
            made[at:at] = chance.choice(TOKENS) * chance.choice((50, 3_000, 20_000))
        elif made:
            made[at : at + 1] = chance.choice(TOKENS)
    return bytes(made[:LONGEST_BYTES])


def corpus(name: str) -> list[bytes]:
    """What broke a reader once, or leads far into it."""
    folder = CORPUS / name.replace(" ", "-")
    return [path.read_bytes() for path in sorted(folder.iterdir())] if folder.is_dir() else []


def held(reads: Callable[[bytes], object], content: bytes) -> bool:
    """Let a reader read under a time limit; tell whether it kept to its rules."""
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        reads(content)
    except BaseException:  # noqa: BLE001 - whatever it is, it is told
        signal.setitimer(signal.ITIMER_REAL, 0)
        traceback.print_exc()
        return False
    signal.setitimer(signal.ITIMER_REAL, 0)
    return True


def main(name: str, examples: int, seed: int) -> int:
    """Replay the corpus, then try so many altered inputs."""
    target = targets()[name]
    chance = random.Random(seed)
    for content in target.seeds:
        target.reads(content)  # everything is loaded now
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + EXTRA_BYTES, used + EXTRA_BYTES))

    def too_slow(*_: object) -> None:
        raise TooSlow

    signal.signal(signal.SIGALRM, too_slow)
    pool = [*target.seeds, *corpus(name)]
    # One at a time: what is tried must not take the memory that is measured.
    for content in chain(pool, (altered(chance, chance.choice(pool)) for _ in range(examples))):
        if not held(target.reads, content):
            sys.stdout.write(b64encode(content).decode() + "\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
