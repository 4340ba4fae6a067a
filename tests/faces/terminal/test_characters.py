"""外字 by requests on a real register: two people, pictures in texts, what waits, and nobody's address given away."""

import http.client
import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.faces.terminal.conftest import running
from tests.faces.terminal.test_requests import ask, signed_in
from tests.nodes.registry import conftest as register_side
from tests.nodes.registry.test_characters import NABE, OTHER, OWN, Lacking, issue, named
from tests.nodes.registry.test_protection import OFFICER, application, arrived
from tests.paper.test_own_characters import CROSS, SQUARE

from daicho.faces.desks.characters import CharacterBook
from daicho.faces.desks.letters import LetterDesk, OwnHistoryDesk
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.terminal.desk import Desks
from daicho.faces.terminal.render import with_pictures
from daicho.faces.web.uploads import MAX_PARTS, UploadUnreadable, read_upload
from daicho.nodes.registry import corrections, protection
from daicho.rules.network.kinds import NodeKind

counter, move_in, comer = register_side.counter, register_side.move_in, register_side.comer
PAGE = "/own-characters/e001"


class Clerk:
    """Somebody who is signed in and sends forms by hand."""

    def __init__(self, url: str, login_id: str) -> None:
        self.url = url
        self.cookie, self.key = signed_in(url, login_id)

    def get(self, path: str) -> tuple[int, dict[str, str], str]:
        return ask(self.url, "GET", path, Cookie=self.cookie)

    def post(self, path: str, **fields: str) -> tuple[int, dict[str, str], str]:
        return ask(self.url, "POST", path, {"form_key": self.key, **fields}, Cookie=self.cookie)

    def upload(self, path: str, picture: bytes, **fields: str) -> tuple[int, str]:
        parts = [
            f'--cut\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()
            for name, text in {"form_key": self.key, **fields}.items()
        ]
        head = b'--cut\r\nContent-Disposition: form-data; name="picture"; filename="a.svg"\r\nContent-Type: image/svg+xml\r\n\r\n'
        body = b"".join((*parts, head, picture, b"\r\n--cut--\r\n"))
        kind = "multipart/form-data; boundary=cut"
        status, headers, text = ask(
            self.url, "POST", path, body, Cookie=self.cookie, **{"Content-Type": kind}
        )
        return status, headers.get("location", "") or text


@pytest.fixture
def town(counter: Any, database: Any) -> Any:
    node = counter.node
    desks = Desks(
        queues=LetterDesk(node),
        history=OwnHistoryDesk(node),
        registry=CounterDesk(node),
        characters=CharacterBook(node),
    )
    with running(database("registry"), NodeKind.REGISTRY, given=desks) as terminal:
        yield terminal


@pytest.fixture
def one(town: Any) -> Clerk:
    return Clerk(town.url, "A1001")


@pytest.fixture
def two(town: Any) -> Clerk:
    return Clerk(town.url, "A1002")


def described(clerk: Clerk, path: str = PAGE) -> None:
    status, headers, text = clerk.post(
        path, step="describe", source="FAMILY_REGISTER", note="架空市の戸籍", reading="なべ", strokes="１７"
    )
    assert status == 303, text
    assert headers["location"] == f"{path}?done=character_described"


def identified(one: Clerk, two: Clerk, picture: bytes = b"", **fields: str) -> None:
    described(one)
    proposal = {"glyph": NABE, "picture_use": "none", "why": "戸籍と同じ字形", **fields}
    status, where = one.upload(PAGE, picture, step="propose", **proposal)
    assert (status, where) == (303, f"{PAGE}?done=character_proposed"), where
    status, headers, _ = two.post(PAGE, step="accept")
    assert (status, headers["location"]) == (303, f"{PAGE}?done=character_confirmed")


def test_one_person_proposes_and_another_confirms(one: Clerk, two: Clerk) -> None:
    _, _, text = one.get(PAGE)
    assert "未登録" in text
    described(one)
    one.upload(PAGE, b"", step="propose", glyph=NABE, picture_use="none", why="同じ字形")
    _, _, mine = one.get(PAGE)
    assert "自分の案" in mine
    assert 'value="accept"' not in mine
    status, _, text = one.post(PAGE, step="accept")
    assert status == 422
    assert "SAME_PERSON" in text or "審査できません" in text
    _, _, theirs = two.get(PAGE)
    assert 'value="accept"' in theirs
    two.post(PAGE, step="accept")
    _, _, done = one.get(PAGE)
    assert "同定済み" in done
    assert NABE in done
    assert "A1001" in done
    assert "A1002" in done


def test_whoever_proposed_takes_it_back_and_nobody_else_is_offered_to(one: Clerk, two: Clerk) -> None:
    described(one)
    one.upload(PAGE, b"", step="propose", glyph=NABE, picture_use="none", why="同じ字形")
    assert 'value="withdraw"' in one.get(PAGE)[2]
    assert 'value="withdraw"' not in two.get(PAGE)[2]
    status, _, text = two.post(PAGE, step="withdraw")
    assert status == 422
    assert "権限がありません" in text
    status, headers, _ = one.post(PAGE, step="withdraw")
    assert (status, headers["location"]) == (303, f"{PAGE}?done=character_withdrawn")
    _, _, text = one.get(f"{PAGE}?done=character_withdrawn")
    assert "同定の案を取り下げました" in text
    assert "取下げ" in text
    assert "確認を待つ案はありません" in two.get("/character-cases")[2]


def test_who_may_only_look_sees_no_form_and_is_refused(town: Any, one: Clerk) -> None:
    described(one)
    checker = Clerk(town.url, "A1003")
    status, _, text = checker.get(PAGE)
    assert status == 200
    assert "記載を改める" not in text
    status, _, text = checker.post(PAGE, step="describe", source="OTHER")
    assert status == 422
    assert "この操作の権限がありません" in text
    assert checker.get("/character-cases")[0] == 403
    assert checker.get(f"{PAGE}/residents")[0] == 403
    admin = Clerk(town.url, "K3001")
    assert [admin.get(path)[0] for path in ("/characters", "/own-characters", PAGE, f"{PAGE}/picture")] == [
        403
    ] * 4


def test_errors_stand_beside_their_field(one: Clerk) -> None:
    for fields, words in (
        ({}, "出典を入力してください"),
        ({"source": "OTHER", "reading": "nabe"}, "使えない値です"),
        ({"source": "OTHER", "strokes": "many"}, "画数が数字ではありません"),
        ({"source": "NOWHERE"}, "出典の値が一覧にありません"),
    ):
        status, _, text = one.post(PAGE, step="describe", **fields)
        assert status == 422
        assert words in text, words
    described(one)
    for fields, words in (
        ({}, "対応する文字を入力してください"),
        ({"glyph": "MJ999999"}, "文字情報一覧表にありません"),
        ({"glyph": NABE, "no_counterpart": "yes"}, "どちらか一方"),
        ({"no_counterpart": "yes"}, "図形のファイルが選ばれていません"),
    ):
        status, text = one.upload(PAGE, b"", step="propose", **fields)
        assert status == 422
        assert words in text, words
    status, text = one.upload(PAGE, b"<svg/>", step="propose", glyph=NABE)
    assert status == 422
    assert "この図形は読み込めません" in text


def test_a_picture_is_shown_once_confirmed_and_stands_in_every_text(
    one: Clerk, two: Clerk, counter: Any, move_in: Any, comer: Any
) -> None:
    arrived(counter, move_in(named(comer)))
    described(one)
    one.upload(PAGE, CROSS, step="propose", no_counterpart="yes", picture_use="none")
    _, _, text = two.get(PAGE)
    digest = re.search("picture/([0-9a-f]{64})", text)
    assert digest is not None
    status, headers, drawn = two.get(f"{PAGE}/picture/{digest[1]}")
    assert (status, headers["content-type"]) == (200, "image/svg+xml")
    assert "M 4 0" in drawn
    assert "default-src 'self'" in headers["content-security-policy"]
    assert two.get(f"{PAGE}/picture")[0] == 404
    two.post(PAGE, step="accept")
    assert two.get(f"{PAGE}/picture")[2] == drawn
    _, _, found = one.post(
        "/search", step="search", purpose="notice", basis="法22条", name=f"渡{OWN}", address="架空町"
    )
    assert '渡<img class="own-character" src="/own-characters/e001/picture" alt="外字 U+E001">' in found
    assert f'value="渡{OWN}"' in found, "a field keeps the character"


def test_without_a_picture_the_counterpart_is_shown(one: Clerk, two: Clerk) -> None:
    identified(one, two)
    status, headers, text = one.get(f"{PAGE}/picture")
    assert (status, headers["content-type"]) == (200, "image/svg+xml")
    assert ">邉</text>" in text


def test_which_nabe_is_this_is_answered_with_a_field_to_copy_from(one: Clerk, two: Clerk) -> None:
    _, _, text = one.post("/characters", step="search", like="辺", strokes="17")
    assert 'readonly class="mincho copy" value="邉"' in text
    for word in (NABE, "U+9089", "J+", "正字"):
        assert word in text
    _, _, by_code = one.post("/characters", step="search", character_code="MJ026190")
    assert by_code.count("readonly") == 1
    status, _, text = one.post("/characters", step="search")
    assert status == 422
    status, _, text = one.post("/characters", step="search", like="辺邊")
    assert status == 422
    _, _, text = one.post("/characters", step="search", reading="ないよみ")
    assert "該当する文字はありません" in text
    identified(one, two)
    _, _, text = one.post("/characters", step="search", like="辺")
    assert "外字台帳" in text
    assert f'href="{PAGE}"' in text


def test_the_list_is_searched_and_opened(one: Clerk, two: Clerk) -> None:
    assert "外字は登録されていません" in one.get("/own-characters")[2]
    identified(one, two)
    assert f'href="{PAGE}"' in one.get("/own-characters")[2]
    assert f'href="{PAGE}"' in one.post("/own-characters", step="search", reading="ナベ")[2]
    assert "条件に合う外字はありません" in one.post("/own-characters", step="search", strokes="3")[2]
    for typed in (OTHER, "U+E002", "e002", "Ｕ＋Ｅ００２"):
        status, headers, _ = one.post("/own-characters", step="open", character=typed)
        assert (status, headers["location"]) == (303, "/own-characters/e002")
    status, _, text = one.post("/own-characters", step="open", character="二字")
    assert status == 422
    assert "一つの文字として読めません" in text
    known = one.post("/own-characters/845b", step="describe", source="OTHER")
    assert known[0] == 422
    assert "外字として登録できません" in known[2]


@pytest.mark.parametrize("code", ["x", "E001", "e001-e002", "d800", "110000", "20", "e001%20", "..%2fe001"])
def test_an_address_that_names_no_character_leads_nowhere(one: Clerk, code: str) -> None:
    for part in ("", "/picture", "/residents"):
        assert one.get(f"/own-characters/{code}{part}")[0] == 404


def test_what_waits_is_counted_on_the_home_page_and_worked_off(
    one: Clerk, two: Clerk, counter: Any, move_in: Any, comer: Any
) -> None:
    assert "同定を待つ文字はありません" in one.get("/character-cases")[2]
    (record,) = arrived(counter, move_in(named(comer, 1, f"渡{OWN}邉\U000e01ee")))
    issue(counter, record, Lacking())
    _, _, home = one.get("/")
    assert re.search(r'href="/character-cases">.*?<b>2</b>件', home, re.DOTALL)
    _, _, text = one.get("/character-cases")
    assert "外字（私用領域）" in text
    assert "どの集合にもない異体字" in text
    assert "異動の記録 1件、証明書の印刷前の検査 1件" in text
    assert 'href="/own-characters/9089-e01ee"' in text
    identified(one, two)
    assert f'href="{PAGE}"' not in one.get("/character-cases")[2]
    status, _, text = one.post("/own-characters/9089-e01ee", step="close")
    assert status == 422
    assert "まだ使われています" in text


def test_residents_are_shown_veiled_and_corrected_with_leave_and_a_second_person(
    one: Clerk, two: Clerk, town: Any, counter: Any, move_in: Any, comer: Any
) -> None:
    street = replace(register_side.HERE, town=f"{OWN}町一丁目")
    (hidden,) = arrived(counter, replace(move_in(named(comer, 1, "来訪　秘")), address=street))
    (bearer,) = arrived(counter, move_in(named(comer, 2)))
    identified(one, two)
    protection.apply_for_protection(counter.node, OFFICER, application(hidden))
    _, _, text = one.get(f"{PAGE}/residents")
    assert "来訪" not in text
    assert "<b>1</b>" in text
    assert text.count("許可がありません") == 1
    asked = {"step": "correct", "addressee": str(bearer.addressee_number)}
    status, _, text = one.post(f"{PAGE}/residents", **asked)
    assert status == 422
    assert "許可がないため" in text
    permit = corrections.permit_correction(
        counter.node, counter.officer, bearer.addressee_number, "外字の同定"
    )
    _, _, text = one.get(f"{PAGE}/residents")
    assert text.count("軽微な修正を入力する</button>") == 1
    assert permit.permit_id in text
    status, headers, _ = one.post(f"{PAGE}/residents", permit=permit.permit_id, **asked)
    assert (status, headers["location"]) == (303, f"{PAGE}/residents?done=character_corrected")
    status, _, text = one.post(f"{PAGE}/residents", step="correct", addressee=str(hidden.addressee_number))
    assert status == 422
    assert "支援措置担当だけが取り扱います" in text
    officer = Clerk(town.url, "S4001")
    assert "来訪" in officer.get(f"{PAGE}/residents")[2]
    assert counter.lines().count(("register:record:shown", "A1001", str(bearer.resident_record_code))) >= 1


def test_what_stands_in_a_protected_address_alone_is_on_no_page_of_a_clerk(
    one: Clerk, town: Any, counter: Any, move_in: Any, comer: Any
) -> None:
    street = replace(register_side.HERE, town=f"{OTHER}町一丁目")
    (hidden,) = arrived(counter, replace(move_in(comer(1)), address=street))
    arrived(counter, move_in(named(comer, 2)))
    protection.apply_for_protection(counter.node, OFFICER, application(hidden))
    _, _, text = one.get("/character-cases")
    assert f'href="{PAGE}"' in text
    for told in ("/own-characters/e002", "U+E002", OTHER, "異動の記録", "最初の日時"):
        assert told not in text, told
    assert 'href="/character-cases">同定待ちの文字<span class="waiting-count">1<' in one.get("/")[2]
    for path in (PAGE, "/own-characters/e002"):
        _, _, text = one.get(path)
        assert 'value="close"' not in text
        assert "異動の記録" not in text
        status, _, text = one.post(path, step="close")
        assert status == 422
        assert "この操作の権限がありません" in text
    assert "同定待ち</dt>" in one.get(PAGE)[2]
    assert "同定待ち</dt>" not in one.get("/own-characters/e002")[2]
    officer = Clerk(town.url, "S4001")
    assert "異動の記録 1件" in officer.get("/character-cases")[2]
    assert 'value="close"' in officer.get("/own-characters/e002")[2]
    status, _, text = officer.post("/own-characters/e002", step="close")
    assert "まだ使われています" in text


def test_a_search_begins_when_somebody_presses_enter(one: Clerk) -> None:
    """A browser presses the first button of a form that can send it."""
    for path in ("/characters", "/search"):
        first = re.search(r'<main.*?<button type="submit"[^>]*value="(\w+)"', one.get(path)[2], re.DOTALL)
        assert first is not None
        assert first[1] == "search", path


def test_no_page_of_characters_holds_inline_script_or_style(one: Clerk, two: Clerk) -> None:
    identified(one, two, picture=SQUARE, picture_use="keep")
    for path in ("/characters", "/own-characters", PAGE, f"{PAGE}/residents", "/character-cases"):
        status, _, text = one.get(path)
        assert status == 200
        assert " style=" not in text
        assert not re.search(r"<script(?![^>]*\bsrc=)", text)
        assert not re.search(r"\son[a-z]+=", text)


# texts and uploads


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("<p>山田</p>", "<p>山田</p>"),
        (
            f"<p>渡{OWN}</p>",
            '<p>渡<img class="own-character" src="/own-characters/e001/picture" alt="外字 U+E001"></p>',
        ),
        (f'<input value="{OWN}">', f'<input value="{OWN}">'),
        (f"<option>{OWN}</option>", f"<option>{OWN}</option>"),
        (f"<title>{OWN}</title>", f"<title>{OWN}</title>"),
        (f"<textarea>{OWN}<b></textarea>", f"<textarea>{OWN}<b></textarea>"),
    ],
)
def test_own_characters_become_pictures_in_texts_and_nowhere_else(page: str, shown: str) -> None:
    assert with_pictures(page) == shown


def test_an_upload_is_read_whole_or_refused() -> None:
    kind = "multipart/form-data; boundary=cut"
    part = b'--cut\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n'
    file = b'--cut\r\nContent-Disposition: form-data; name="f"; filename="n"\r\n\r\n\x00\r\n\xff\r\n'
    assert read_upload(kind, part + file + b"--cut--\r\n") == ({"a": "x"}, {"f": b"\x00\r\n\xff"})
    assert read_upload('multipart/form-data; boundary="cut"', part + b"--cut--") == ({"a": "x"}, {})
    many = b"".join(part.replace(b'"a"', b'"a%d"' % n) for n in range(MAX_PARTS + 1))
    for wrong, body in (
        ("multipart/form-data", part),
        (kind, b""),
        (kind, part),
        (kind, part + part + b"--cut--\r\n"),
        (kind, many + b"--cut--\r\n"),
        (kind, b"--cut\r\n\r\nx\r\n--cut--\r\n"),
        (kind, part.replace(b"x", b"\xff") + b"--cut--\r\n"),
        (kind, b"before" + part + b"--cut--\r\n"),
    ):
        with pytest.raises(UploadUnreadable):
            read_upload(wrong, body)


def test_an_upload_that_cannot_be_read_is_refused_before_any_page(one: Clerk) -> None:
    parts = urlsplit(one.url)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=10)
    headers = {
        "Host": parts.netloc,
        "Origin": one.url,
        "Cookie": one.cookie,
        "Content-Type": "multipart/form-data; boundary=cut",
    }
    connection.request("POST", PAGE, b"--cut", headers)
    assert connection.getresponse().status == 400
    connection.close()
