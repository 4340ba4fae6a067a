"""Everything that reads what strangers wrote: bytes in, a value or its own refusal out, whatever the bytes."""

import contextlib
import io
import json
import struct
import tempfile
import zlib
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from soft_webauthn import SoftWebauthnDevice

from daicho.faces.citizen import verify_disclosure
from daicho.faces.terminal.forms import Form
from daicho.faces.web.uploads import UploadUnreadable, read_upload
from daicho.gate import passkey
from daicho.gate.passkey import NotProven, Place
from daicho.gate.token import BadHandle, open_handle, seal_handle
from daicho.nodes.config import parse_config
from daicho.nodes.keeping.terms import from_text, to_text
from daicho.nodes.watch.characters import character_tables
from daicho.paper.imprints import MalformedImprint, read_imprint
from daicho.paper.outlines import PictureUnreadable, read_picture
from daicho.paper.png import SIGNATURE, chunk
from daicho.rules.filings.report import check_report, check_route
from daicho.rules.identity.keys import address_key, kana_key, name_key
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Refusal
from daicho.rules.ledger.note import MalformedNote, read_note, read_signature
from daicho.rules.moj_link.files import read_moj_file, read_municipal_file
from daicho.rules.network.kinds import Member, MessageKey, NodeKind, NodeName
from daicho.rules.people.characters.own import code_points, find_glyph, read_character
from daicho.rules.people.characters.tables import MalformedTable, SoundTable
from daicho.rules.people.characters.unsettled import unsettled_in
from daicho.rules.people.codes import MalformedCode, MunicipalityCode
from daicho.rules.people.dates import MalformedDate, parse_date
from daicho.rules.people.kana import kanji_key, search_key, voiceless_key
from daicho.rules.people.names import MalformedName, PersonName, checked_text, gaiji_count
from daicho.rules.people.written_dates import parse_written, says_that_day
from daicho.rules.register.extract import HEADER, ExtractReader, decode_line, parse_header
from daicho.rules.supplements.mismatch import check_mismatch
from daicho.rules.supplements.notice import check_notice
from daicho.wire.authority import AuthorityFault, make_node_request, make_root, make_sub_authority, read_peer
from daicho.wire.box import BoxUnreadable, box_public_key, make_box_key, put_in_boxes, take_from_box
from daicho.wire.codecs import identity
from daicho.wire.codecs.filings import read_answer, read_filing
from daicho.wire.codecs.letters import Unreadable, decode
from daicho.wire.codecs.supplements import read_mismatch, read_notices
from daicho.wire.directory import Directory, DirectoryFault, sign_directory, verify_directory
from daicho.wire.envelope import EnvelopeError, Head, open_sealed, seal
from daicho.wire.operations import OPERATIONS, SearchTermsText
from daicho.wire.revocation import newest_only, read_lists, revoked

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
HOME = MunicipalityCode("13101")


@dataclass(frozen=True)
class Target:
    """What reads, and some good bytes to begin from."""

    reads: Callable[[bytes], object]
    seeds: tuple[bytes, ...]


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def allowing(*refusals: type[Exception]) -> Callable[[Callable[[bytes], object]], Callable[[bytes], object]]:
    """A reader may refuse in its own words, and in no others."""

    def wrap(reads: Callable[[bytes], object]) -> Callable[[bytes], object]:
        def run(content: bytes) -> object:
            with contextlib.suppress(*refusals):
                return reads(content)
            return None

        return run

    return wrap


class _Pen:
    """Signs with a key of its own, without a process."""

    def __init__(self) -> None:
        from cryptography.hazmat.primitives.asymmetric import ec

        self.key = ec.generate_private_key(ec.SECP256R1())

    def kid(self) -> str:
        return "0001-abcd"

    def forget_kid(self) -> None:
        """Nothing is remembered."""

    def sign_digests(self, _purpose: str, digests: list[bytes]) -> tuple[str, list[bytes]]:
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec, utils

        made = []
        for digest in digests:
            signature = self.key.sign(digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))
            r, s = utils.decode_dss_signature(signature)
            made.append(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
        return self.kid(), made


@cache
def _network() -> tuple[_Pen, Directory, Ed25519PrivateKey]:
    pen, key = _Pen(), Ed25519PrivateKey.generate()
    numbers = pen.key.public_key().public_numbers()
    x, y = (
        urlsafe_b64encode(one.to_bytes(32, "big")).rstrip(b"=").decode() for one in (numbers.x, numbers.y)
    )
    span = (NOW - timedelta(days=1), NOW + timedelta(days=1))
    members = tuple(
        Member(NodeName(f"{short}.daicho.internal"), kind, short, "127.0.0.1:1", (MessageKey(pen.kid(), x, y, *span),),
               "", "", prefecture="13")
        for short, kind in (("cs.m131016.p13", NodeKind.CS), ("prefecture.p13", NodeKind.PREFECTURE))
    )  # fmt: skip
    return pen, Directory(1, NOW, NOW + timedelta(days=1), "demo", members), key


def _envelope_seeds() -> tuple[bytes, ...]:
    pen, _, _ = _network()
    head = Head(
        "cs.m131016.p13.daicho.internal",
        "prefecture.p13.daicho.internal",
        "letters.deliver",
        NOW,
        1,
        [],
        "",
        1,
        1,
    )
    return tuple(seal(pen, head, parts) for parts in ([b"{}"], [b"one", b"two" * 50], []))


@allowing(EnvelopeError)
def _envelope(content: bytes) -> object:
    _, directory, _ = _network()
    return open_sealed(
        content, me="prefecture.p13.daicho.internal", directory=directory, now=NOW,
        peer="cs.m131016.p13.daicho.internal", operation="letters.deliver", max_bytes=1 << 20, max_parts=200,
    )  # fmt: skip


@allowing(DirectoryFault)
def _directory(content: bytes) -> object:
    return verify_directory(content, _network()[2].public_key().public_bytes_raw())


@allowing(msgspec.DecodeError, UnicodeDecodeError, RecursionError)
def _request(content: bytes) -> object:
    for one in OPERATIONS:
        with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            msgspec.json.encode(msgspec.json.decode(content, type=one.request))
    return None


def _letter(content: bytes) -> object:
    for kind in (identity.HallBulk, identity.UpwardBulk, identity.MoveOutConfirmed, identity.NumberRequest,
                 identity.NumberMade, identity.CodesWanted, identity.CodesGiven):  # fmt: skip
        with contextlib.suppress(Unreadable):
            decode(kind, content)
    return None


_ROUTE = '"route":{"receiver":"01202","report_id":"a-1","sender":"13101"}'
_NAMED = '{"kanji":"試験　葵","furigana":"シケン　アオイ","furigana_confirmed":true,"roman":null,"former_surname":null,"alias":null}'
_WHOM = '{"name":"試験　花子","birth_date":{"year":1990,"month":1,"day":2},"address":"架空町1番","householder":""}'
_BIRTH = (
    '{"kind":"BIRTH","filing_number":"12","happened_on":"2026-11-19","accepted_on":"2026-11-20","sex":"FEMALE",'
    f'"person":{_WHOM},"name":{_NAMED},"registered_domicile":"","family_register_head":"","remarks":"字"}}'
)
_FILINGS = (f'{{"answer":"MOVED_ON",{_ROUTE}}}'.encode(), f'{{"report":{_BIRTH},{_ROUTE}}}'.encode())


def _filing(content: bytes) -> object:
    with contextlib.suppress(Unreadable):
        read_answer(content)
    try:
        letter = read_filing(content)
    except Unreadable:
        return None
    check_route(letter.route, juki("9"))
    return check_report(letter.report, NOW.date())


_MINISTRY = (
    (
        b"DAICHO-MOJ\t1\tMOJ_NOTICE\t13101\t1\t2026-11-20\t1\n"
        b"N-1\tCARD\t2026-11-18\t2026-11-18\tAB12345678CD\tA B\t\t1990-01-02\tMALE\tX\t\t\t\t\t\t\tEF12345678GH\t\t\t\n"
    ),
    (
        b"DAICHO-MOJ\t1\tMUNICIPAL_NOTICE\t13101\t1\t2026-11-20\t1\n"
        b"e-1\tENTERED\tMOVE_IN\tMOVE_IN\t2026-11-18\t2026-11-18\t\t\tA\t\t1990-01-02\tMALE\tX\tY\tZ\t\t\t\n"
    ),
)


def _ministry(content: bytes) -> object:
    read = read_moj_file(content)
    assert read.faults or (read.head is not None and len(read.notices) == read.head.count)
    return read, read_municipal_file(content)


_NOTICE = (
    '{"notice_id":"e-1.0","kind":"MOVE_IN","standing":"RESIDENT","changed_on":"2026-11-19","name":"試験　花子","birth_date":'
    '{"year":1990,"month":1,"day":2},"sex":"FEMALE","address":"架空町1番","address_since":"2026-11-19",'
    '"registered_domicile":"架空市1番地","family_register_head":"試験　花子"}'
)
_SUPPLEMENTS = (
    f'{{"notices":[{{"notice":{_NOTICE},"protected":true}}],{_ROUTE}}}'.encode(),
    f'{{"marks":[{{"notice_id":"e-1.0","protected":true}}],{_ROUTE}}}'.encode(),
    f'{{"mismatch":{{"items":["NAME"],"name":"試験　葵"}},{_ROUTE}}}'.encode(),
)


def _supplement(content: bytes) -> object:
    with contextlib.suppress(Unreadable):
        check_mismatch(read_mismatch(content).mismatch)
    try:
        letter = read_notices(content)
    except Unreadable:
        return None
    check_route(letter.route, juki("19"))
    return [check_notice(one.notice, NOW.date()) for one in letter.notices]


@cache
def _box_key() -> bytes:
    return make_box_key()


@allowing(BoxUnreadable)
def _box(content: bytes) -> object:
    return take_from_box(content, private_key=_box_key())


def _extract(content: bytes) -> object:
    header = parse_header(HEADER)
    assert isinstance(header, tuple)
    reader = ExtractReader(header, HOME, frozenset())
    for number, raw in enumerate(content.split(b"\n")[:50], 2):
        reader.read(number, raw)
        line = decode_line(raw)
        if isinstance(line, str):
            parse_header(line)
    return None


@allowing(MalformedDate)
def _date(content: bytes) -> object:
    text = _text(content)
    with contextlib.suppress(MalformedDate):
        told = parse_written(text)
        assert says_that_day(told.kept, told.folded), "words that are kept beside a day are read as that day"
    day = parse_date(text)
    again = parse_date(str(day))
    assert again == day, "a date is written so that it is read the same"
    return day


@allowing(MalformedName)
def _name(content: bytes) -> object:
    kanji, _, furigana = _text(content).partition("\n")
    checked_text(kanji, what="name")
    gaiji_count(kanji)
    return PersonName(kanji, furigana or None)


def _keys(content: bytes) -> object:
    text = _text(content)
    for key in (name_key, kana_key, address_key, kanji_key, search_key, voiceless_key):
        key(text)
    return None


@allowing(PictureUnreadable)
def _picture(content: bytes) -> object:
    read = read_picture(content)
    assert read_picture(read.content) == read, "what was written anew is read the same"
    return read.as_svg()


@allowing(UploadUnreadable)
def _upload(content: bytes) -> object:
    kind, _, body = content.partition(b"\n")
    return read_upload(kind.decode("latin-1"), body)


@allowing(MalformedTable)
def _sounds(content: bytes) -> object:
    return list(SoundTable.parse(_text(content)))


def _character(content: bytes) -> object:
    text = _text(content)
    found = find_glyph(text, character_tables())
    one = read_character(text)
    assert one == read_character(code_points(one))
    return found, unsettled_in([text], character_tables)


@allowing(MalformedCode)
def _town(content: bytes) -> object:
    return MunicipalityCode(_text(content))


def _terms(content: bytes) -> object:
    with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        found = from_text(msgspec.json.decode(content, type=SearchTermsText))
        return found if isinstance(found, Refusal) else to_text(found)
    return None


def _certificate(content: bytes) -> object:
    return read_peer(content)


@cache
def _authorities() -> tuple[Any, Any, Any]:
    kept = tempfile.TemporaryDirectory(prefix="daicho-fuzz-", ignore_cleanup_errors=True)
    folder = Path(kept.name)
    root = make_root(folder / "root", NOW)
    return root, make_sub_authority(folder / "p13", root, "p13.daicho.internal", NOW), kept


@allowing(AuthorityFault)
def _request_for_certificate(content: bytes) -> object:
    return _authorities()[1].issue_for_request(content, "cs.m131016.p13.daicho.internal", NOW)


@allowing(ValueError)
def _lists(content: bytes) -> object:
    return len(read_lists(content)), revoked(content), newest_only(content)


@allowing(MalformedNote)
def _note(content: bytes) -> object:
    text = _text(content)
    with contextlib.suppress(MalformedNote):
        read_signature(text)
    return read_note(text)


def _form(content: bytes) -> object:
    form = Form({"day": _text(content), "code": _text(content), "town": _text(content)})
    form.day("day")
    form.text("code", required=True)
    return form.fine


TOKEN = "A" * 43


@allowing(BadHandle)
def _handle(content: bytes) -> object:
    return open_handle(TOKEN, _text(content))


PLACE = Place("terminal.localhost", "http://terminal.localhost:1", "台帳")


@cache
def _registration() -> bytes:
    device = SoftWebauthnDevice()
    options = json.loads(
        passkey.ask_to_register(PLACE, login_id="A1", display_name="A", challenge=b"c" * 32, known=())
    )
    options["challenge"] = b"c" * 32
    options["user"]["id"] = b"A1"
    made = device.create({"publicKey": options}, PLACE.origin)
    answer = {
        "id": urlsafe_b64encode(made["rawId"]).rstrip(b"=").decode(),
        "rawId": urlsafe_b64encode(made["rawId"]).rstrip(b"=").decode(),
        "type": "public-key",
        "response": {
            name: urlsafe_b64encode(made["response"][name]).rstrip(b"=").decode()
            for name in ("attestationObject", "clientDataJSON")
        },
    }
    return json.dumps(answer).encode()


@allowing(NotProven)
def _passkey(content: bytes) -> object:
    return passkey.check_registration(PLACE, answer=_text(content), challenge=b"c" * 32)


@allowing(msgspec.ValidationError, msgspec.DecodeError)
def _config(content: bytes) -> object:
    return parse_config(content)


def _disclosure(content: bytes) -> object:
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        with contextlib.redirect_stdout(io.StringIO()):
            assert verify_disclosure.main([file.name]) in {0, 1, 2}
    return None


_LINE = (
    "101,,11,1,渡辺　和子,ワタナベ　ワコ,1970-03-10,FEMALE,世帯主,131016,,1000005,丸の内,1番1号,,2001-04-01,,2001-04-01,"
    "2001-04-02,MOVE_IN"
)


_UPLOAD = (
    b'multipart/form-data; boundary=xyz\n--xyz\r\nContent-Disposition: form-data; name="step"\r\n\r\npropose\r\n--xyz\r\n'
    b'Content-Disposition: form-data; name="picture"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n--xyz--\r\n'
)


def _pictures() -> tuple[bytes, ...]:
    outline = (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><g fill-rule="evenodd"><path d="M1 1h8v-.5e1z"/></g>'
        b'<path d="M4,0C1 2 3 4 5 6s1 2 3 4q1 2 3 4t1 2a1 1 0 0 1 2 2z"/></svg>'
    )
    dots = b"\0\xf0\x0f" * 16
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", 16, 16, 1, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(dots)),
        (b"IEND", b""),
    )
    return outline, SIGNATURE + b"".join(chunk(*one) for one in parts)


def _pkits(suffix: str, count: int) -> tuple[bytes, ...]:
    import zipfile

    with zipfile.ZipFile(Path(__file__).parents[2] / "vendor" / "pkits" / "pkits.zip") as suite:
        names = sorted(name for name in suite.namelist() if name.endswith(suffix))
        return tuple(suite.read(name) for name in names[:: max(1, len(names) // count)][:count])


@allowing(MalformedImprint)
def _imprint(content: bytes) -> object:
    return read_imprint(content)


def _seal() -> bytes:
    """A square seal, its sums right, so that what is altered between them is reached."""
    blank, inked = b"\xff" * 60, b"\xff" * 10 + b"\x00" * 40 + b"\xff" * 10
    dots = zlib.compress(b"".join(b"\x00" + line for line in [blank] * 10 + [inked] * 40 + [blank] * 10))
    head, fine = struct.pack(">IIBBBBB", 60, 60, 8, 0, 0, 0, 0), struct.pack(">IIB", 11_811, 11_811, 1)
    parts = ((b"IHDR", head), (b"pHYs", fine), (b"IDAT", dots), (b"IEND", b""))
    return SIGNATURE + b"".join(chunk(*one) for one in parts)


@cache
def targets() -> dict[str, Target]:
    """Every reader by its name."""
    _, directory, key = _network()
    _, request = make_node_request("cs.m131016.p13.daicho.internal")
    root, sub, _ = _authorities()
    crl = root.make_crl(NOW) + sub.make_crl(NOW)
    note = "cs.m131016.p13.daicho.internal\n5\n" + b64encode(b"r" * 32).decode() + "\n\n— cs AAAA\n"
    boxed = put_in_boxes([b"content" * 20], receiver_public_key=box_public_key(_box_key()))[0]
    text = {
        "date": (
            "昭和64年1月7日",
            "S45.3.10",
            "1970-03-10",
            "R8.11.20",
            "令和元年5月",
            "19700310",
            "不詳",
            "推定S20.3.10",
            "昭和20年3月1日から4月10日頃までの間",
            "1970-02-29",
        ),
        "name": ("渡邉　和子\nワタナベ　カズコ", "SMITH JOHN", "髙橋󠄀　一郎"),
        "keys": ("渡邉󠄂　和子", "ヴァイオリン―ヅカ", "丸の内一丁目2番3号", "ﾜﾀﾅﾍﾞ"),
        "town": ("13101", "131016", "１３１０１"),
        "character": (
            "U+9089 U+E0102",
            "845b-e0102",
            "MJ026190",
            "J+B9D5",
            "邉\U000e0105",
            "\ue001",
            "渡\ue001葛\U000e01ee",
        ),
        "form": ("R8.11.20", "明日", "2026/11/20"),
        "extract": (_LINE, HEADER, '"a""b",c'),
    }
    seeds = {name: tuple(one.encode() for one in words) for name, words in text.items()}
    made: dict[str, tuple[Callable[[bytes], object], tuple[bytes, ...]]] = {
        "envelope": (_envelope, _envelope_seeds()),
        "directory": (_directory, (sign_directory(directory, key),)),
        "request": (_request, (b'{"serial":1}', b'{"epoch":1,"items":[{"number":1,"digest":"AA==","outcome":"accepted"}]}')),
        "letter": (_letter, (b'{"codes":5,"pool_id":"p"}', b'{"reports":[]}', b'{"updates":[],"entry_id":"e"}')),
        "filing": (_filing, _FILINGS),
        "ministry": (_ministry, _MINISTRY),
        "supplement": (_supplement, _SUPPLEMENTS),
        "box": (_box, (boxed,)),
        "extract": (_extract, seeds["extract"]),
        "date": (_date, seeds["date"]),
        "name": (_name, seeds["name"]),
        "keys": (_keys, seeds["keys"]),
        "town": (_town, seeds["town"]),
        "terms": (_terms, (b'{"name":"a","birth_date":"S45.3.10","address":"13101/x","sex":"FEMALE"}',)),
        "certificate": (_certificate, _pkits(".crt", 12)),
        "certificate request": (_request_for_certificate, (request,)),
        "revocation lists": (_lists, (crl,)),
        "checkpoint": (_note, (note.encode(),)),
        "form": (_form, seeds["form"]),
        "picture": (_picture, _pictures()),
        "upload": (_upload, (_UPLOAD,)),
        "readings": (_sounds, ("mj,strokes,readings\n000001,3,おなじ のま\n000002,2,=\n".encode(),)),
        "character": (_character, seeds["character"]),
        "handle": (_handle, (seal_handle(TOKEN, nonce=b"n" * 12, content=b"resident").encode(),)),
        "passkey": (_passkey, (_registration(),)),
        "configuration": (_config, (b'name = "a"\nfolder = "b"\n[exchange]\nhost = "127.0.0.1"\nport = 1\n',)),
        "scanned seal": (_imprint, (_seal(),)),
        "disclosure": (_disclosure, (b'{"keys":{},"parts":[{"node":"n","checkpoint":"","lines":[],"cosignatures":[]}]}',)),
    }  # fmt: skip
    return {name: Target(*pair) for name, pair in made.items()}
