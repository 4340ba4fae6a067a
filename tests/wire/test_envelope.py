"""An envelope is opened by numbered steps; each refuses with a code of its own, and nothing else ever escapes."""

import ast
import hashlib
import json
import re
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from hypothesis import given
from hypothesis import strategies as st

from daicho.wire import envelope
from daicho.wire.envelope import (
    FRESH_SECONDS,
    MAX_SEAL_CHARACTERS,
    RECEIPT,
    EnvelopeError,
    Head,
    Opened,
    Sealed,
    open_sealed,
    seal,
    seal_hash,
)
from daicho.wire.signer.keystore import add_message_key, newest_message_key
from daicho.wire.signer.process import KeyHolder

PARTS = [b'{"letter_id": "1",  "kind":"note"}', b"\x00\xff no text at all", b""]
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def b64(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Desk:
    """The town writes, the prefecture opens."""

    town: Any
    prefecture: Any
    stranger: Any
    directory: Any
    now: datetime
    changes: dict[str, Any] = field(default_factory=dict)

    def head(self, **changed: Any) -> Head:
        made = Head(self.town.name, self.prefecture.name, "letters.deliver", self.now, 7, [], "", 3, 41)
        return msgspec.structs.replace(made, **changed)

    def write(self, parts: list[bytes] = PARTS, **changed: Any) -> bytes:
        return seal(self.town.signer, self.head(**changed), parts)

    def open(self, content: bytes, **changed: Any) -> Opened:
        usual = {
            "me": self.prefecture.name, "directory": self.directory, "now": self.now, "peer": self.town.name,
            "operation": "letters.deliver", "max_bytes": 1 << 20, "max_parts": 200,
        }  # fmt: skip
        return open_sealed(content, **{**usual, **changed})

    def refusal(self, content: bytes, **changed: Any) -> tuple[str, int]:
        with pytest.raises(EnvelopeError) as caught:
            self.open(content, **changed)
        assert str(caught.value) == f"{caught.value.code} (step {caught.value.step})"
        return caught.value.code, caught.value.step

    def forge(self, head: object, header: object = None, signer: Any = None) -> str:
        """Sign whatever is given, as somebody with the town's key could."""
        header = header or {"alg": "ES256", "kid": self.town.here.kid(), "typ": "daicho-letter"}
        encoded = [b64(one if isinstance(one, bytes) else json.dumps(one).encode()) for one in (header, head)]
        digest = hashlib.sha256(".".join(encoded).encode()).digest()
        _, signatures = (signer or self.town.here).sign_digests("letter", [digest])
        return ".".join([*encoded, b64(signatures[0])])

    def plain_head(self, **changed: Any) -> dict[str, Any]:
        """The head as JSON that the type would not let us build."""
        made = json.loads(msgspec.json.encode(self.head()))
        return {**made, "parts": [], **changed}


@pytest.fixture(scope="module")
def desk(town, prefecture, stranger, directory_of, now) -> Desk:
    members = (town.member, prefecture.member, stranger.member)
    return Desk(town, prefecture, stranger, directory_of(*members), now)


@pytest.fixture(scope="module")
def good(desk) -> bytes:
    return desk.write()


def resealed(content: bytes, change) -> bytes:
    sealed = msgspec.json.decode(content, type=Sealed)
    return msgspec.json.encode(change(sealed))


def with_parts(content: bytes, parts: list[bytes]) -> bytes:
    return resealed(content, lambda sealed: Sealed(sealed.seal, parts))


def with_seal(content: bytes, change) -> bytes:
    return resealed(content, lambda sealed: Sealed(change(sealed.seal), sealed.parts))


def sealed_as(text: str, parts: list[bytes] | None = None) -> bytes:
    return msgspec.json.encode(Sealed(text, parts or []))


# What is opened


def test_parts_arrive_byte_for_byte_with_their_sender_and_place_in_the_stream(desk, good) -> None:
    opened = desk.open(good)
    assert opened.parts == PARTS
    assert opened.sender == desk.town.member
    assert (opened.head.epoch, opened.head.first, opened.head.directory) == (3, 41, 7)
    assert opened.head.parts == [hashlib.sha256(part).hexdigest() for part in PARTS]


def test_one_signature_covers_a_whole_batch(desk) -> None:
    desk.town.here.asked.clear()
    parts = [b"%d" % number for number in range(200)]
    opened = desk.open(desk.write(parts))
    assert opened.parts == parts
    assert [len(request.contents) for request in desk.town.here.asked] == [1]


def test_an_envelope_without_parts_is_one_too(desk) -> None:
    assert desk.open(desk.write([])).parts == []


def test_the_answer_repeats_the_name_of_what_it_answers(desk, good) -> None:
    name = seal_hash(msgspec.json.decode(good, type=Sealed).seal)
    assert desk.open(good).seal_hash == name
    head = msgspec.structs.replace(
        desk.head(), sender=desk.prefecture.name, receiver=desk.town.name, reply_to=name
    )
    answer = seal(desk.prefecture.signer, head, [b"{}"], purpose=RECEIPT)
    back = {"me": desk.town.name, "peer": desk.prefecture.name, "purpose": RECEIPT}
    assert desk.open(answer, **back, reply_to=name).parts == [b"{}"]
    other = seal_hash(msgspec.json.decode(desk.write([b"another"]), type=Sealed).seal)
    assert desk.refusal(answer, **back, reply_to=other) == ("OTHER_OPERATION", 8)
    assert desk.refusal(answer, **back) == ("OTHER_OPERATION", 8)


def test_a_signer_that_takes_a_new_key_while_we_write_is_asked_again(
    desk, tmp_path, directory_of, key_of
) -> None:
    """The kid stands in what is signed: the envelope must name the key that signed it."""
    folder = tmp_path / "keys"
    folder.mkdir()
    for file in desk.town.folder.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    made = add_message_key(folder)
    turning = KeyHolder(desk.town.folder)
    late = KeyHolder(folder)

    class Turning:
        def __init__(self) -> None:
            self.known, self.forgotten = turning, 0

        def kid(self) -> str:
            return self.known._message.kid

        def forget_kid(self) -> None:
            self.known, self.forgotten = late, self.forgotten + 1

        def sign_digests(self, _: str, digests: list[bytes]) -> tuple[str, list[bytes]]:
            return late._message.kid, [late._message.sign(one) for one in digests]

    signer = Turning()
    content = seal(signer, desk.head(), PARTS)
    member = replace(desk.town.member, message_keys=(*desk.town.member.message_keys, key_of(made)))
    known = directory_of(member, desk.prefecture.member)
    assert desk.open(content, directory=known).parts == PARTS
    assert signer.forgotten == 1


# What is refused, step by step


def test_step_1_too_large(desk, good) -> None:
    assert desk.open(good, max_bytes=len(good)).parts == PARTS
    assert desk.refusal(good, max_bytes=len(good) - 1) == ("TOO_LARGE", 1)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"null", b"[]", b'"text"', b"\xff\xfe", b"{}", b'{"seal": "a.b.c"}', b'{"parts": []}',
        b'{"seal": 1, "parts": []}', b'{"seal": "a.b.c", "parts": [1]}', b'{"seal": "a.b.c", "parts": ["\xc3"]}',
        b'{"seal": "a.b.c", "parts": ["not base64!"]}', b'{"seal": "\\ud800", "parts": []}',
        b'{"seal": "a.b.c", "parts": [], "more": 1}', b'{"seal": "a.b.c", "parts": []} trailing',
        b"[" * 100_000, b'{"parts": ' + b"[" * 100_000, b'{"more": ' + b"[" * 100_000,
        b'{"seal": ' + b"9" * 10_000 + b"}",
    ],
)  # fmt: skip
def test_step_2_no_envelope(desk, content) -> None:
    assert desk.refusal(content) == ("MALFORMED", 2)


def test_step_2_truncated_anywhere(desk, good) -> None:
    assert {desk.refusal(good[:length]) for length in range(len(good))} == {("MALFORMED", 2)}


@pytest.mark.parametrize(
    "change",
    [
        lambda _: "",
        lambda seal_text: seal_text.rpartition(".")[0],
        lambda seal_text: seal_text + ".",
        lambda seal_text: seal_text + "=",
        lambda seal_text: seal_text + "\n",
        lambda seal_text: " " + seal_text,
        lambda seal_text: seal_text[:-1],
        lambda seal_text: seal_text + "AA",
        lambda seal_text: seal_text.replace("_", "/").replace("-", "+") + "*",
        lambda seal_text: seal_text[:-1] + "é",
        lambda seal_text: "!" + seal_text[1:],
        lambda _: "." * 3,
        lambda _: "A" * (MAX_SEAL_CHARACTERS + 1),
        lambda seal_text: seal_text.replace(".", ".AAAA", 1),
    ],
)
def test_step_3_no_seal(desk, good, change) -> None:
    assert desk.refusal(with_seal(good, change)) == ("SEAL_FORM", 3)


def test_step_3_a_seal_has_one_spelling_only(desk, good) -> None:
    """Otherwise the same signature would come in a second envelope, which nobody recognises as a repeat."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    text = msgspec.json.decode(good, type=Sealed).seal
    place = alphabet.index(text[-1])
    others = [text[:-1] + alphabet[place | bits] for bits in range(1, 16)]
    assert {unb64(other.split(".")[2]) for other in others} == {unb64(text.split(".")[2])}
    for other in others:
        assert desk.refusal(with_seal(good, lambda _, other=other: other)) == ("SEAL_FORM", 3)


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none", "typ": "daicho-letter"},
        {"alg": "HS256", "typ": "daicho-letter"},
        {"alg": "ES256", "typ": "daicho-receipt"},
        {"alg": "ES256", "typ": "JWT"},
        {"alg": "ES256"},
        {"alg": "ES256", "typ": "daicho-letter", "crit": ["b64"], "b64": False},
        {"alg": "ES256", "typ": "daicho-letter", "jwk": {"kty": "EC"}},
    ],
)
def test_step_3_another_algorithm_purpose_or_field_in_the_header(desk, header) -> None:
    text = desk.forge(desk.plain_head(), {"kid": desk.town.here.kid(), **header})
    assert desk.refusal(sealed_as(text)) == ("SEAL_FORM", 3)


def test_step_3_a_receipt_never_passes_for_a_letter_nor_a_letter_for_a_receipt(desk, good) -> None:
    receipt = seal(desk.town.signer, desk.head(), PARTS, purpose=RECEIPT)
    assert desk.refusal(receipt) == ("SEAL_FORM", 3)
    assert desk.refusal(good, purpose=RECEIPT) == ("SEAL_FORM", 3)


@pytest.mark.parametrize(
    "changed",
    [
        {"unknown": 1}, {"at": "2026-11-20T01:00:00"}, {"at": 1_700_000_000}, {"at": "yesterday"},
        {"parts": "abc"}, {"parts": [1]}, {"epoch": "3"}, {"epoch": 3.5}, {"from": None}, {"to": []}, {"op": {}},
        {"first": 2**63}, {"epoch": -1},
    ],
)  # fmt: skip
def test_step_3_the_head_has_its_fields_and_no_others(desk, changed) -> None:
    assert desk.refusal(sealed_as(desk.forge(desk.plain_head(**changed)))) == ("SEAL_FORM", 3)


@pytest.mark.parametrize("name", ["from", "to", "op", "at", "directory", "parts"])
def test_step_3_a_missing_field(desk, name) -> None:
    head = desk.plain_head()
    del head[name]
    assert desk.refusal(sealed_as(desk.forge(head))) == ("SEAL_FORM", 3)


@pytest.mark.parametrize(
    "payload", [b"", b"{", b"\xff", b"[" * 50_000, b'{"parts":' + b"[" * 50_000, b"null"]
)
def test_step_3_a_head_that_is_no_json(desk, payload) -> None:
    assert desk.refusal(sealed_as(desk.forge(payload))) == ("SEAL_FORM", 3)


def test_step_4_a_sender_that_the_directory_does_not_list(desk, good, directory_of) -> None:
    without = directory_of(desk.prefecture.member, desk.stranger.member)
    assert desk.refusal(good, directory=without) == ("UNKNOWN_SENDER", 4)


def test_step_5_a_member_that_hands_in_what_another_signed(desk, good) -> None:
    assert desk.refusal(good, peer=desk.stranger.name) == ("NOT_THE_PEER", 5)


def test_step_6_a_key_that_the_directory_does_not_list_for_the_sender(desk, good, directory_of) -> None:
    """Another member's key is no key of the sender, though the directory lists it."""
    swapped = replace(desk.town.member, message_keys=desk.stranger.member.message_keys)
    assert desk.refusal(good, directory=directory_of(swapped)) == ("UNKNOWN_KEY", 6)
    by_stranger = desk.forge(
        desk.plain_head(), {"alg": "ES256", "kid": desk.stranger.here.kid(), "typ": "daicho-letter"},
        desk.stranger.here,
    )  # fmt: skip
    assert desk.refusal(sealed_as(by_stranger)) == ("UNKNOWN_KEY", 6)


def test_step_6_a_key_before_and_after_its_days(desk, good, directory_of) -> None:
    (key,) = desk.town.member.message_keys

    def known(**days: Any) -> Any:
        return directory_of(replace(desk.town.member, message_keys=(replace(key, **days),)))

    assert desk.open(good, directory=known(valid_from=desk.now)).parts == PARTS
    later = desk.now + timedelta(seconds=1)
    assert desk.refusal(good, directory=known(valid_from=later)) == ("UNKNOWN_KEY", 6)
    assert desk.refusal(good, directory=known(valid_until=desk.now)) == ("UNKNOWN_KEY", 6)
    assert desk.open(good, directory=known(valid_until=later)).parts == PARTS


@pytest.mark.parametrize("x", ["", "AAAA", "A" * 43, "!" * 43, "A" * 4_000])
def test_step_6_a_key_in_the_directory_that_is_no_key(desk, good, directory_of, x) -> None:
    (key,) = desk.town.member.message_keys
    broken = replace(desk.town.member, message_keys=(replace(key, x=x),))
    assert desk.refusal(good, directory=directory_of(broken)) == ("UNKNOWN_KEY", 6)


def test_step_6_signed_by_somebody_else_under_the_senders_kid(desk) -> None:
    text = desk.forge(desk.plain_head(), signer=desk.stranger.here)
    assert desk.refusal(sealed_as(text)) == ("BAD_SIGNATURE", 6)


@pytest.mark.parametrize("signature", [bytes(64), b"\xff" * 64, bytes(63) + b"\x01", b"\x01" + bytes(63)])
def test_step_6_numbers_that_are_no_signature(desk, good, signature) -> None:
    content = with_seal(good, lambda text: text.rpartition(".")[0] + "." + b64(signature))
    assert desk.refusal(content) == ("BAD_SIGNATURE", 6)


def test_step_6_each_field_of_the_head_is_signed(desk, good) -> None:
    changes = {
        "to": desk.stranger.name, "op": "letters.settle", "at": "2026-11-20T01:00:01Z", "directory": 8,
        "parts": ["0" * 64] * 3, "reply_to": "x", "epoch": 4, "first": 42,
    }  # fmt: skip
    for name, value in changes.items():

        def change(text: str, name: str = name, value: object = value) -> str:
            header, payload, signature = text.split(".")
            head = json.loads(unb64(payload))
            assert name in head
            return ".".join([header, b64(json.dumps({**head, name: value}).encode()), signature])

        assert desk.refusal(with_seal(good, change)) == ("BAD_SIGNATURE", 6), name


def test_step_7_addressed_to_another_member(desk) -> None:
    assert desk.refusal(desk.write(receiver=desk.stranger.name)) == ("NOT_FOR_ME", 7)


def test_step_8_made_for_another_operation(desk) -> None:
    assert desk.refusal(desk.write(op="letters.settle")) == ("OTHER_OPERATION", 8)
    assert desk.refusal(desk.write(reply_to="0" * 64)) == ("OTHER_OPERATION", 8)


@pytest.mark.parametrize("sign", [1, -1])
def test_step_9_five_minutes_early_or_late(desk, sign) -> None:
    edge = timedelta(seconds=FRESH_SECONDS) * sign
    assert desk.open(desk.write(at=desk.now + edge)).parts == PARTS
    just_beyond = edge + timedelta(microseconds=1) * sign
    assert desk.refusal(desk.write(at=desk.now + just_beyond)) == ("STALE", 9)


def test_step_9_the_zone_of_a_time_does_not_matter(desk) -> None:
    tokyo = timezone(timedelta(hours=9))
    assert desk.open(desk.write(at=desk.now.astimezone(tokyo))).parts == PARTS
    assert desk.refusal(desk.write(at=desk.now.replace(tzinfo=tokyo))) == ("STALE", 9)


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_step_9_the_ends_of_the_calendar(desk, at) -> None:
    assert desk.refusal(sealed_as(desk.forge(desk.plain_head(at=at)))) == ("STALE", 9)


def test_step_10_a_part_is_missing_or_added_or_there_are_too_many(desk, good) -> None:
    assert desk.refusal(with_parts(good, PARTS[:2])) == ("PART_COUNT", 10)
    assert desk.refusal(with_parts(good, [])) == ("PART_COUNT", 10)
    assert desk.refusal(with_parts(good, [*PARTS, b""])) == ("PART_COUNT", 10)
    assert desk.open(good, max_parts=3).parts == PARTS
    assert desk.refusal(good, max_parts=2) == ("PART_COUNT", 10)


def test_step_11_a_part_is_changed_or_parts_change_places(desk, good) -> None:
    for place in range(len(PARTS)):
        changed = [part + b" " if number == place else part for number, part in enumerate(PARTS)]
        assert desk.refusal(with_parts(good, changed)) == ("PART_CHANGED", 11)
    assert desk.refusal(with_parts(good, [PARTS[1], PARTS[0], PARTS[2]])) == ("PART_CHANGED", 11)


def test_step_11_a_part_is_never_written_anew_to_be_compared(desk, good) -> None:
    """The same JSON with other spaces is another part."""
    spaced = json.dumps(json.loads(PARTS[0])).encode()
    assert json.loads(spaced) == json.loads(PARTS[0])
    assert spaced != PARTS[0]
    assert desk.refusal(with_parts(good, [spaced, *PARTS[1:]])) == ("PART_CHANGED", 11)


def test_a_signature_that_its_maker_writes_anew_names_no_new_envelope(desk, good) -> None:
    """ECDSA holds for s and for n - s; the receiver must see a repeat in both."""

    def mirrored(text: str) -> str:
        signed, _, signature = text.rpartition(".")
        s = int.from_bytes(unb64(signature)[32:], "big")
        return f"{signed}.{b64(unb64(signature)[:32] + (P256_ORDER - s).to_bytes(32, 'big'))}"

    twin = with_seal(good, mirrored)
    assert twin != good
    assert desk.open(twin).seal_hash == desk.open(good).seal_hash


def test_another_envelope_with_the_same_content_has_another_name(desk, good) -> None:
    later = desk.write(at=desk.now + timedelta(microseconds=1))
    assert desk.open(later).seal_hash != desk.open(good).seal_hash


def test_outside_libraries_agree_about_the_signature(desk, good) -> None:
    """The seal is a JWS of RFC 7515: any library that knows ES256 verifies it."""
    text = msgspec.json.decode(good, type=Sealed).seal
    signed, _, signature = text.rpartition(".")
    r, s = (int.from_bytes(unb64(signature)[place : place + 32], "big") for place in (0, 32))
    _, private = newest_message_key(desk.town.folder)
    der = utils.encode_dss_signature(r, s)
    private.public_key().verify(der, signed.encode(), ec.ECDSA(hashes.SHA256()))
    header = json.loads(unb64(signed.split(".")[0]))
    assert header == {"alg": "ES256", "kid": desk.town.here.kid(), "typ": "daicho-letter"}


# Whatever comes


@given(st.data())
def test_no_flipped_bit_passes_unseen(desk, good, data) -> None:
    place = data.draw(st.integers(0, len(good) * 8 - 1))
    flipped = bytearray(good)
    flipped[place // 8] ^= 1 << place % 8
    try:
        opened = desk.open(bytes(flipped))
    except EnvelopeError:
        return
    # base64 leaves some bits of its last letter unused; what was signed is what is read all the same.
    assert opened == desk.open(good)


def test_no_flipped_bit_of_the_seal_passes_at_all(desk, good) -> None:
    begin, end = good.index(b'"seal":"') + 8, good.index(b'","parts"')
    for place in range(begin, end):
        flipped = bytearray(good)
        flipped[place] ^= 1 << place % 8
        with pytest.raises(EnvelopeError):
            desk.open(bytes(flipped))


@given(st.binary(max_size=2_000))
def test_any_bytes_are_refused_as_an_envelope_and_in_no_other_way(desk, content) -> None:
    with pytest.raises(EnvelopeError):
        desk.open(content)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["seal", "parts", "more"]), JSON))
def test_any_json_is_refused_too(desk, content) -> None:
    with pytest.raises(EnvelopeError):
        desk.open(json.dumps(content).encode())


@given(
    head=st.dictionaries(
        st.sampled_from(["from", "to", "op", "at", "directory", "parts", "reply_to", "epoch", "first"]), JSON
    ),
    header=st.dictionaries(st.sampled_from(["alg", "kid", "typ"]), st.text() | st.integers()),
    keep=st.booleans(),
)
def test_a_member_that_signs_nonsense_is_refused_in_order(desk, head, header, keep) -> None:
    """A dishonest member has a good key; what it signs may be anything."""
    header = {"alg": "ES256", "kid": desk.town.here.kid(), "typ": "daicho-letter", **(header if keep else {})}
    text = desk.forge({**desk.plain_head(), **head}, header)
    try:
        opened = desk.open(sealed_as(text))
    except EnvelopeError:
        return
    assert (opened.head.sender, opened.head.receiver) == (desk.town.name, desk.prefecture.name)
    assert opened.parts == []


@pytest.mark.parametrize(
    "content",
    [
        b'{"seal":"' + b"." * 8_000_000 + b'","parts":[]}',
        b'{"seal":"","parts":[' + b'"",' * 2_000_000 + b'""]}',
        b"[" * 8_000_000,
        b'{"seal":"' + b"A" * 8_000_000 + b'","parts":[]}',
    ],
    ids=["dots", "parts", "brackets", "letters"],
)
def test_eight_mebibytes_of_nonsense_are_refused_quickly(desk, content) -> None:
    begun = time.process_time()
    desk.refusal(content, max_bytes=8 << 20)
    assert time.process_time() - begun < 2.0


# The document


def codes_with_steps(path) -> set[tuple[str, int]]:
    """Find every refusal with a step of its own: EnvelopeError("CODE", 3), fault(400, "CODE", 3)."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            given = [one.value for one in node.args if isinstance(one, ast.Constant)]
            if node.func.id in ("EnvelopeError", "fault") and given and isinstance(given[-1], int):
                found |= {(code, given[-1]) for code in given if isinstance(code, str)}
    return found


def test_the_document_names_every_step_and_code_of_the_source(request) -> None:
    root = request.config.rootpath
    text = (root / "docs" / "protocols" / "envelope.md").read_text(encoding="utf-8")
    documented = {
        (code, int(step))
        for step, codes in re.findall(r"^\| (\d+) \|[^|\n]*\|([^|\n]*)\|$", text, re.MULTILINE)
        for code in re.findall(r"`([A-Z_]+)`", codes)
    }
    source = root / "src" / "daicho"
    here = codes_with_steps(source / "wire" / "envelope.py")
    rooms = [source / "faces" / "exchange" / name for name in ("answering.py", "calls.py")]
    there = set().union(*(codes_with_steps(room) for room in rooms))
    assert {step for _, step in here} == set(range(1, 12))
    assert documented == here | there
    for limit in (FRESH_SECONDS, MAX_SEAL_CHARACTERS // 1024):
        assert str(limit) in text


def test_the_document_lists_the_fields_of_envelope_head_and_header(request) -> None:
    text = (request.config.rootpath / "docs" / "protocols" / "envelope.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
    written = [Sealed, envelope._JwsHeader, Head]
    assert listed == [one.encode_name for kind in written for one in msgspec.structs.fields(kind)]
