"""The Ministry's stand-in and a town's terminal over real sockets: files from the one are taken in by the other."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from tests.faces.moj.conftest import Player, link
from tests.faces.terminal import test_ministry_requests as town_hands
from tests.faces.terminal.test_filings_requests import entry_path
from tests.faces.terminal.test_ministry_requests import brought
from tests.faces.terminal.test_requests import ask
from tests.faces.terminal.test_upkeep_requests import CLERK, VERIFIER
from tests.nodes.moj.test_book import OTHER, told, town_file
from tests.nodes.registry import conftest as register_hands
from tests.rules.moj_link.test_moj_link import CARD, HELD, foreigner

from daicho.faces.terminal.show import era, era_short
from daicho.nodes.clock import FixedClock
from daicho.rules.moj_link.files import FILE_BYTES, read_moj_file
from daicho.rules.moj_link.municipal import MunicipalAct
from daicho.rules.people.names import PersonName

counter, move_in, comer = register_hands.counter, register_hands.move_in, register_hands.comer
desk = town_hands.desk
CLOCK = FixedClock(datetime(2026, 11, 20, 1, 5, tzinfo=UTC))


@pytest.fixture
def player(ministry):
    with ministry(CLOCK) as one:
        yield one


def fetched(player: Player, page: str) -> bytes:
    return player.get(link(page, r"/sent/\d+/\d+/file")).encode()


def made_at(clerk) -> bytes:
    """Let the town make its next file, and fetch it."""
    page = clerk.done("/municipal-notices", step="make")
    path = re.findall(r'action="(/municipal-notices/[^"]+)"', page)[0]
    status, _, text = ask(clerk.url, "POST", path, f"form_key={clerk.key}".encode(), Cookie=clerk.cookie)
    assert status == 200
    return text.encode()


@pytest.mark.requirement("R-019", "R-020")
def test_a_towns_file_goes_to_the_ministry_and_its_answer_comes_back_to_the_queue(desk, ministry):
    clerk, second = desk.hands(CLERK), desk.hands(VERIFIER)
    with ministry(desk.counter.node.clock) as player:
        status, where = player.bring(made_at(clerk))
        assert (status, where) == (303, "/received/13101/1?done=town_file_taken")
        page = player.get(where)
        assert "市町村通知のファイルを受け取りました" in page
        assert CARD in page
        status, where = player.send("/received/13101/1")
        assert (status, where) == (303, "/sent/13101/1?done=moj_file_made")
        brought(desk, clerk, fetched(player, player.get(where)))
        waiting = clerk.get("/ministry")[1]
        assert re.search(r'id="matched-title">一致した通知　<b>2</b>', waiting), waiting
        clerk.done("/ministry", step="enter")
        second.done(entry_path(second), step="verify")
        status, where = player.bring(made_at(clerk))
        assert (status, where) == (303, "/received/13101/2?done=town_file_taken")
        assert "DEMO-000001-001" in player.get(where)
        assert "市町村通知 通番2" in player.get("/sent/13101/1")
    with ministry(desk.counter.node.clock) as player:
        history = player.get("/")
        for path in ("/received/13101/1", "/received/13101/2", "/sent/13101/1"):
            assert path in history


@pytest.mark.requirement("R-020")
def test_notices_that_tell_something_wrongly_wait_at_the_town_for_a_person(desk, ministry):
    clerk = desk.hands(CLERK)
    with ministry(desk.counter.node.clock) as player:
        player.bring(made_at(clerk))
        path = link(player.get("/towns/13101"), "/people/")
        assert 'id="f-new_status"' in player.get(path + "?kind=STATUS")
        fields = {"change": "STATUS", "moj_happened_on": "R8.11.18", "moj_notified_on": "R8.11.19"}
        status, page = player.send(path, **fields)
        assert status == 422
        assert 'id="e-new_status"' in page
        fields |= {"new_status": "定住者", "new_ends_on": "R11.11.18", "new_period": "3年"}
        status, where = player.send(path, moj_mistake="birth_date", **fields)
        assert (status, where) == (303, "/towns/13101?done=moj_noted")
        status, where = player.send(path, moj_mistake="nobody", **fields)
        assert status == 303, where
        last = re.findall('name="last" value="([0-9]+)"', player.get("/towns/13101"))[0]
        status, where = player.send("/towns/13101", step="make", last=last)
        assert player.send("/towns/13101", step="make", last=last) == (303, where)
        content = fetched(player, player.get(where))
    assert [one.items.status for one in read_moj_file(content).notices] == ["定住者"] * 2
    brought(desk, clerk, content)
    waiting = clerk.get("/ministry")[1]
    assert "該当者なし" in waiting
    paths = re.findall('href="(/ministry/notices/[^"]+)"', waiting)
    (told,) = [text for one in paths if "項目の相違" in (text := clerk.get(one)[1])]
    assert "<b>生年月日</b>" in told


def test_the_same_file_twice_is_said_and_a_faulty_one_is_shown_by_line(player):
    content = town_file(told(foreigner()))
    assert player.bring(content) == (303, "/received/13101/1?done=town_file_taken")
    assert player.bring(content) == (303, "/received/13101/1?done=town_file_again")
    status, page = player.bring(town_file(told(foreigner(), notice_id="e-9")))
    assert status == 422
    assert 'id="e-town_file"' in page
    assert "市区町村に確かめてください" in page
    status, page = player.bring(content.replace(b"ENTERED", b"ENTRED"))
    assert status == 422
    assert ">2</th><td>記載・消除・修正の別</td><td>決められた値にありません。" in page
    status, page = player.bring(b"")
    assert status == 422
    assert 'id="e-town_file"' in page
    assert player.bring(b"x" * (FILE_BYTES + 20_000))[0] == 413


def test_a_form_from_elsewhere_and_another_host_are_not_answered(player):
    content = town_file(told(foreigner()))
    stranger = Player(player.url, "daicho-moj=" + "A" * 43, player.key)
    assert stranger.bring(content)[0] == 403
    assert Player(player.url, "", player.key).send("/towns/13101", step="make")[0] == 403
    told_host = ask(player.url, "GET", "/", Host="registry.localhost")
    assert (told_host[0], told_host[2]) == (403, "FOREIGN_HOST")
    elsewhere = ask(player.url, "POST", "/", b"", Origin="http://example.org", Cookie=player.cookie)
    assert (elsewhere[0], elsewhere[2]) == (403, "FOREIGN_ORIGIN")
    _, headers, text = ask(player.url, "GET", "/")
    assert headers["content-security-policy"].startswith("default-src 'self'")
    assert "samesite=lax" in headers["set-cookie"].lower(), "a link from outside leaves open forms alone"
    assert "<script" not in text
    assert "受け渡したファイルはありません" in text


@pytest.mark.parametrize(
    "path", ["/received/13101/1", "/received/13101/x", "/sent/13101/1", "/sent/13101/1/file", "/towns/27100",
             "/people/1", "/people/9999999999", "/sign-in"],
)  # fmt: skip
def test_what_is_not_there_is_said_in_words(player, path):
    status, _, text = ask(player.url, "GET", path, Cookie=player.cookie)
    assert status == 404
    assert "このページはありません" in text


def test_it_says_on_every_page_that_it_is_no_ministry(player):
    player.bring(town_file(told(foreigner())))
    player.send("/received/13101/1")
    for path in ("/", "/towns/13101", "/people/1", "/received/13101/1", "/sent/13101/1"):
        assert "実在の機関の端末ではありません" in player.get(path), path


def test_every_kind_of_notice_has_its_form_and_a_field_beside_each_error(player):
    player.bring(town_file(told(foreigner())))
    needed = {
        "NAME": "", "BIRTH_DATE": "new_birth_date", "SEX": "new_sex", "NATIONALITY": "new_nationality",
        "STATUS": "new_status", "CARD": "new_card_number", "CATEGORY": "new_category",
        "DEATH": "", "LEFT_JAPAN": "", "STAY_ENDED": "",
    }  # fmt: skip
    for kind, field in needed.items():
        assert f'name="change" value="{kind}"' in player.get(f"/people/1?kind={kind}")
        status, page = player.send("/people/1", change=kind, moj_notified_on="R8.11.20")
        assert status == 422
        assert 'id="e-moj_happened_on"' in page
        assert not field or f'id="e-{field}"' in page, kind
    days = {"moj_happened_on": "R8.11.20", "moj_notified_on": "R8.11.20"}
    wrong = {
        "new_card_number": days | {"change": "CARD", "new_card_number": "X1"},
        "moj_notified_on": {"change": "DEATH", "moj_happened_on": "R8.11.20", "moj_notified_on": "R8.11.21"},
        "new_roman": days | {"change": "NAME", "new_roman": "", "new_kanji": ""},
    }
    for field, fields in wrong.items():
        status, page = player.send("/people/1", **fields)
        assert status == 422
        assert f'id="e-{field}"' in page, page


def test_an_early_day_is_refused_and_the_pages_go_on(player):
    content = town_file(told(foreigner()))
    status, page = player.bring(content.replace(b"\t2026-11-20\t1\n", b"\t1066-10-14\t1\n"))
    assert status == 422
    assert "実在する年月日として読めません" in page
    player.bring(content)
    days = {"moj_happened_on": "1850-01-01", "moj_notified_on": "R8.11.20"}
    status, page = player.send("/people/1", change="DEATH", **days)
    assert status == 422
    assert 'id="e-moj_happened_on"' in page
    assert era(date(1850, 1, 1)) == era_short(date(1850, 1, 1)) == "1850年1月1日"


def test_a_file_of_too_many_lines_is_refused_for_that(player):
    content = town_file(*(told(foreigner(), notice_id=f"e-{number}") for number in range(2001)))
    status, page = player.bring(content)
    assert status == 422
    assert "一つのファイルに入る通知は2,000件までです。" in page


@pytest.mark.parametrize(("acts", "why"), [((MunicipalAct.STRUCK,), "（消除のみ）"), ((), "（通知なし）")])
def test_a_file_that_needs_no_answer_asks_for_none(player, acts, why):
    player.bring(town_file(*(told(foreigner(), act) for act in acts)))
    page = player.get("/received/13101/1")
    assert f"このファイルには、通知を作成できる方がいません{why}。回答は要りません。" in page
    assert "法務省通知のファイルを作成する" not in page
    history = player.get("/")
    assert "回答不要" in history
    assert "未回答" not in history
    status, page = player.send("/received/13101/1")
    assert status == 422
    assert "通知を作成してから" not in page


def test_who_has_no_card_is_offered_no_birth_date_alone_that_differs(player):
    one = foreigner(
        name=PersonName("LE MAI", roman="LE MAI"), foreign=replace(HELD, residence_card_number=None)
    )
    player.bring(town_file(told(foreigner()), serial=1))
    player.bring(town_file(told(one, notice_id="e-2"), town=OTHER))
    assert "（項目の相違）" in player.get("/people/1?kind=STATUS")
    path = link(player.get(f"/towns/{OTHER}"), "/people/")
    assert "（項目の相違）" not in player.get(path + "?kind=STATUS")
    days = {"moj_happened_on": "R8.11.20", "moj_notified_on": "R8.11.20"}
    assert player.send(path, change="DEATH", moj_mistake="birth_date", **days)[0] == 422
