"""法務省連携 at the terminal, over a real register, by requests alone."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
from tests.faces.terminal.conftest import MemoryStanding, running
from tests.faces.terminal.test_filings_requests import entry_path, fields_of, link, record
from tests.faces.terminal.test_upkeep_requests import (
    BOTH,
    CLERK,
    KEEPER,
    VERIFIER,
    Desk,
    Hands,
    ask,
    resident_path,
    signed_in,
)
from tests.nodes.registry import conftest as register_hands
from tests.nodes.registry.conftest import Counter
from tests.nodes.registry.test_moj_link import OTHER_CARD, as_guest, cover, file_of, notice
from tests.nodes.registry.test_protection import arrived
from tests.rules.moj_link.test_moj_link import CARD, NEW_CARD, PERSON

from daicho.faces.counter import people_fields
from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.ministry import LinkWithMinistry
from daicho.faces.desks.protection import ProtectionDesk
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.desks.tables.network_pages import MINISTRY
from daicho.faces.terminal.desk import Desks
from daicho.faces.terminal.forms import Form
from daicho.nodes.registry.moj_link import looking
from daicho.rules.moj_link.notice import MojChange
from daicho.rules.network.kinds import NodeKind
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.names import PersonName

counter, move_in, comer = register_hands.counter, register_hands.move_in, register_hands.comer


@pytest.fixture
def desk(counter: Counter, move_in: Callable[..., Any]) -> Iterator[Desk]:
    other = as_guest(
        "妻", OTHER_CARD, name=PersonName("ＬＥ　ＭＡＩ", roman="LE MAI"), birth_date=PartialDate(1992, 2, 3)
    )
    family = arrived(counter, move_in(as_guest(), other))
    node = counter.node
    desks = Desks(
        LetterDesk(node), registry=CounterDesk(node), protection=ProtectionDesk(node),
        ministry=LinkWithMinistry(node),
    )  # fmt: skip
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as terminal:
        yield Desk(terminal, counter, family)


def bring(hands: Hands, content: bytes) -> tuple[int, str]:
    """Send a file along as a browser does."""
    edge = "edge-of-a-part"
    fields = {"form_key": hands.key, "step": "take"}
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()
        for name, text in fields.items()
    ]
    head = f'--{edge}\r\nContent-Disposition: form-data; name="moj_file"; filename="a.txt"\r\n\r\n'.encode()
    body = b"".join((*parts, head, content, f"\r\n--{edge}--\r\n".encode()))
    status, headers, text = ask(
        hands.url, "POST", "/ministry", body, Cookie=hands.cookie,
        **{"Content-Type": f"multipart/form-data; boundary={edge}"},
    )  # fmt: skip
    return (303, headers["location"]) if status == 303 else (status, text)


def brought(desk: Desk, hands: Hands, content: bytes) -> None:
    status, where = bring(hands, content)
    assert (status, where) == (303, "/ministry?done=moj_taken"), where
    looking.look_at_new(desk.counter.node)


@pytest.mark.requirement("R-020")
def test_a_file_is_taken_entered_at_once_and_verified_by_a_second_person_who_sees_the_notice(desk):
    clerk, second = desk.hands(CLERK), desk.hands(VERIFIER)
    brought(desk, clerk, file_of(notice(MojChange.STATUS)))
    page = clerk.get("/ministry")[1]
    assert "ＮＧＵＹＥＮ" not in page  # the notice is in the Ministry's own letters
    assert PERSON.roman in page
    assert "一致した通知をまとめて入力する" in page
    clerk.done("/ministry", step="enter")
    waiting = second.get(entry_path(second))[1]
    assert "在留情報の変更" in waiting
    assert NEW_CARD in waiting
    told = second.get(link(waiting, "/ministry/notices/"))[1]
    assert "別の職員の審査を待っています" in told
    second.done(entry_path(second), step="verify")
    assert "記載した" in clerk.get("/ministry/closed")[1]
    held = clerk.get(resident_path(clerk, desk.family[0].name.kanji))[1]
    assert "永住者" in held


def test_a_faulty_file_is_shown_by_line_and_column_and_kept_nowhere(desk):
    clerk = desk.hands(CLERK)
    status, page = bring(clerk, file_of(notice()).replace(b"CARD", b"DRAC", 1))
    assert status == 422
    assert re.search(r">2</th><td>通知の種類</td><td>決められた値にありません。", page), page
    assert "取り込んだファイルはありません" in clerk.get("/ministry")[1]
    status, page = bring(clerk, b"")
    assert status == 422
    assert "ファイル" in page


def test_the_same_file_twice_and_another_under_its_serial_are_told_apart(desk):
    clerk = desk.hands(CLERK)
    brought(desk, clerk, file_of(notice()))
    assert bring(clerk, file_of(notice())) == (303, "/ministry?done=moj_again")
    status, page = bring(clerk, file_of(notice(notice_id="N-2")))
    assert status == 422
    assert 'id="e-moj_file"' in page
    assert "同じ通番で、内容の違うファイル" in page


def test_a_mismatch_is_entered_by_the_form_that_it_fills_in(desk):
    clerk = desk.hands(CLERK)
    wrong = notice(MojChange.STATUS, person=notice().person.__class__(
        CARD, "NGUYEN VAN AN", "", PartialDate(1990, 1, 3), PERSON.sex, PERSON.nationality))  # fmt: skip
    brought(desk, clerk, file_of(wrong))
    page = clerk.get(link(clerk.get("/ministry")[1], "/ministry/notices/"))[1]
    assert "項目の相違" in page
    assert "<b>生年月日</b>" in page
    told = record(clerk, unescape(link(page, '/residents/[^"/]+/residence')))
    assert "法務省の通知は処理済みになります" in told
    assert "異動の審査待ち" in clerk.get("/ministry")[1]


@pytest.mark.parametrize(
    "change", [MojChange.NAME, MojChange.DEATH, MojChange.LEFT_JAPAN, MojChange.BIRTH_DATE]
)
def test_every_kind_of_notice_opens_the_form_of_its_change(desk, change):
    clerk = desk.hands(CLERK)
    brought(desk, clerk, file_of(notice(change)))
    page = clerk.get(link(clerk.get("/ministry")[1], "/ministry/notices/"))[1]
    told = record(clerk, unescape(link(page, '/residents/[^"/]+/(?:name|death|ex-officio-strike|residence)')))
    assert "法務省の通知は処理済みになります" in told


@pytest.mark.requirement("R-277")
def test_birth_date_and_sex_are_asked_for_only_by_the_form_of_a_notice_that_tells_them(desk):
    clerk = desk.hands(CLERK)
    brought(desk, clerk, file_of(notice()))
    page = clerk.get(link(clerk.get("/ministry")[1], "/ministry/notices/"))[1]
    path = unescape(link(page, '/residents/[^"/]+/residence'))
    form = clerk.get(path)[1]
    assert 'id="f-birth"' not in form
    assert 'id="f-sex"' not in form
    given = fields_of(form) | {"birth": "1990-01-03", "sex": "FEMALE"}
    checked = clerk.send(path, **(given | {"step": "check"}))[1]
    assert "変更前後の確認" in checked
    assert "平成2年1月3日" not in checked
    brought(desk, clerk, file_of(notice(MojChange.BIRTH_DATE, "N-2"), serial=2))
    named = [link(f'href="{one}"', "/ministry/notices/") for one in re.findall(
        'href="(/ministry/notices/[^"]+)"', clerk.get("/ministry")[1])]  # fmt: skip
    page = next(text for one in named if "生年月日の訂正の通知" in (text := clerk.get(one)[1]))
    path = unescape(link(page, '/residents/[^"/]+/residence'))
    form = clerk.get(path)[1]
    assert 'id="f-birth"' in form
    status, wrong = clerk.send(path, **(fields_of(form) | {"birth": "", "step": "check"}))
    assert status == 422
    assert 'id="e-birth"' in wrong


def test_a_number_that_no_card_has_and_a_period_that_no_file_holds_are_refused_beside_their_fields(desk):
    clerk = desk.hands(CLERK)
    brought(desk, clerk, file_of(notice()))
    page = clerk.get(link(clerk.get("/ministry")[1], "/ministry/notices/"))[1]
    path = unescape(link(page, '/residents/[^"/]+/residence'))
    given = fields_of(clerk.get(path)[1]) | {"step": "check"}
    for field, text in (("card", "AB1234567CD"), ("period", "年" * 31)):
        status, wrong = clerk.send(path, **(given | {field: text}))
        assert status == 422
        assert f'id="e-{field}"' in wrong
    fields = {
        "p1-since": "2026-11-10",
        "p1-nationality": "x",
        "p1-category": "x",
        "p1-card": "ＡＢ12345678cd",
    }
    form = Form(fields)
    held = people_fields.read_foreign(form, "p1-")
    assert held is not None
    assert (held.residence_card_number, form.fine) == (CARD, True)
    for field, text in (("p1-card", "X1"), ("p1-period", "年" * 31)):
        form = Form(fields | {field: text})
        people_fields.read_foreign(form, "p1-")
        assert list(form.errors) == [field]


def test_what_is_said_after_the_button_is_what_was_done(desk):
    clerk, second = desk.hands(CLERK), desk.hands(VERIFIER)
    brought(desk, clerk, file_of(notice(), notice(MojChange.NAME, "N-2")))
    assert clerk.send("/ministry", step="enter") == (303, "/ministry?done=moj_entered_some")
    assert clerk.send("/ministry", step="enter") == (303, "/ministry?done=moj_entered_none")
    second.done(entry_path(second), step="verify")
    looking.look_at_new(desk.counter.node)
    assert clerk.send("/ministry", step="enter") == (303, "/ministry?done=moj_entered")


def test_an_inquiry_waits_on_and_an_ending_wants_a_second_person(desk):
    clerk, second = desk.hands(CLERK), desk.hands(VERIFIER)
    stranger = notice(
        person=PERSON.__class__("QQ99999999QQ", "NOBODY", "", PartialDate(1950, 1, 1), PERSON.sex, "中国")
    )
    brought(desk, clerk, file_of(stranger))
    path = link(clerk.get("/ministry")[1], "/ministry/notices/")
    status, page = clerk.send(path, step="propose", moj_ending="NOBODY_HERE")
    assert status == 422
    assert 'id="e-moj_why"' in page
    assert "照会中" not in page
    clerk.done(path, step="ask", moj_asked="東京入管に電話で照会")
    assert "照会中" in clerk.get("/ministry")[1]
    clerk.done(path, step="propose", moj_ending="NOBODY_HERE", moj_why="該当なし")
    theirs = link(second.get("/ministry")[1], "/ministry/notices/")
    assert "終了する" not in clerk.get(path)[1]
    second.done(theirs, step="confirm")
    closed = second.get("/ministry/closed")[1]
    assert "該当者なし" in closed
    assert "該当なし（A1001）" in second.get(link(closed, "/ministry/notices/"))[1]


def test_who_is_covered_has_no_name_in_the_list_and_no_page_but_for_the_officer(desk):
    cover(desk.counter, desk.family[0])
    clerk, officer = desk.hands(CLERK), desk.hands(KEEPER)
    brought(desk, clerk, file_of(notice()))
    page = clerk.get("/ministry")[1]
    assert PERSON.roman not in page
    assert "/ministry/notices/" not in page
    assert PERSON.roman in officer.get("/ministry")[1]


@pytest.mark.requirement("R-233")
def test_a_file_is_made_and_fetched_again_and_what_has_no_code_is_written_otherwise(desk, move_in):
    clerk = desk.hands(CLERK)
    odd = as_guest(card="CC33333333CC", name=PersonName("\ue001　一", roman="UE HAJIME"))
    arrived(desk.counter, move_in(odd))
    assert "作成を待つ通知　<b>3</b>" in clerk.get("/municipal-notices")[1]
    page = clerk.done("/municipal-notices", step="make")
    assert "変換できない文字のある通知　<b>1</b>" in page
    form = next(one for one in re.findall(r"<form.*?</form>", page, re.DOTALL) if 'name="which"' in one)
    which = re.findall(r'name="which" value="([^"]*)"', form)[0]
    field = re.findall(r'name="(w[0-9a-f]{8}-name)"', form)[0]
    status, wrong = clerk.send("/municipal-notices", step="write", which=which, **{field: "\ue002"})
    assert status == 422
    assert f'id="e-{field}"' in wrong
    page = clerk.done("/municipal-notices", step="write", which=which, **{field: "上　一"})
    assert 'value="confirm"' not in page
    second = desk.hands(VERIFIER)
    page = second.get("/municipal-notices")[1]
    assert "上　一" in page
    theirs = re.findall(r'name="which" value="([^"]*)"', page)[0]
    second.done("/municipal-notices", step="confirm", which=theirs)
    page = clerk.done("/municipal-notices", step="make")
    files = re.findall(r'action="(/municipal-notices/[^"]+)"', page)
    assert len(files) == 2
    for _ in range(2):
        status, content = clerk.send(unescape(files[0]))
        assert status == 200
        assert content.startswith("DAICHO-MOJ\t1\tMUNICIPAL_NOTICE\t13101\t2\t")
        assert "上　一" in content
    assert "取得済み" in clerk.get("/municipal-notices")[1]


def test_every_page_of_the_link_is_refused_to_whoever_may_not_look(desk):
    security = desk.hands(BOTH)
    assert security.get("/ministry")[0] == 200
    assert {page.permission.value for page in MINISTRY} == {"SEARCH_RESIDENTS", "ENTER_CHANGE"}


@pytest.mark.requirement("R-043", "R-234")
def test_the_page_of_allowed_connections_says_that_files_go_by_another_terminal_and_nothing_is_connected(
    counter,
):
    desks = Desks(standing=MemoryStanding(), ministry=LinkWithMinistry(counter.node))
    with running(counter.node.store, NodeKind.REGISTRY, given=desks, clock=counter.node.clock) as terminal:
        page = Hands(terminal.url, *signed_in(terminal.url, "K3001")).get("/connections")[1]
    assert "法務省情報連携端末" in page
    assert re.findall(r'<th scope="row">(団体内[^<]*)</th>', page)
    assert not any("法務省" in one for one in re.findall(r"<td>.*?</td>", page, re.DOTALL))
