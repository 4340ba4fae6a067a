"""町丁別人口 and 年報 at the terminal: who sees which form, files, errors beside their field, a table made once."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.faces.terminal.conftest import running
from tests.faces.terminal.test_upkeep_requests import CLERK, KEEPER, VERIFIER, Desk
from tests.nodes.registry import conftest as register_hands
from tests.nodes.registry.conftest import HERE, Counter
from tests.nodes.registry.test_protection import OFFICER, application, arrived

from daicho.faces.counter.figures.district_tables import Length, district_bars
from daicho.faces.counter.pyramid import WIDTH
from daicho.faces.desks.figures import FiguresDesk
from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.statistics import StatisticsDesk
from daicho.faces.terminal.desk import Desks
from daicho.nodes.clock import JAPAN
from daicho.nodes.registry import protection
from daicho.rules.network.kinds import NodeKind

counter, move_in, comer = register_hands.counter, register_hands.move_in, register_hands.comer
SECRET = replace(HERE, town="秘町", block="1丁目1番")


@pytest.fixture
def desk(counter: Counter, move_in: Callable[..., Any], comer: Callable[..., Any]) -> Iterator[Desk]:
    """Six families in one district, and a protected one that lives alone in another."""
    made: tuple[Any, ...] = ()
    for place in range(7):
        notice = move_in(comer(place * 2 + 1), comer(place * 2 + 2, "妻"))
        made = arrived(counter, replace(notice, address=HERE if place else SECRET))
        if not place:
            asked = application(made[0], (made[1].addressee_number,))
            assert protection.apply_for_protection(counter.node, OFFICER, asked).number
    node = counter.node
    desks = Desks(LetterDesk(node), statistics=StatisticsDesk(node), figures=FiguresDesk(node))
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as terminal:
        yield Desk(terminal, counter, made)


def lines_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def row_of(text: str, name: str) -> list[str]:
    (row,) = re.findall(rf'<th scope="row">{name}</th>(.*?)</tr>', text)
    return re.findall("<td>([^<]*)</td>", row)


@pytest.mark.requirement("R-441")
def test_each_sees_the_form_that_is_theirs(desk: Desk) -> None:
    officer, clerk = desk.hands(KEEPER), desk.hands(CLERK)
    status, text = officer.get("/statistics/districts")
    assert status == 200
    assert row_of(text, "秘町一丁目")[3] == "1"
    assert row_of(text, "計")[9] == "14"
    assert 'role="img"' in text
    assert 'value="令和8年11月20日"' in text
    status, text = clerk.get("/statistics/districts?ages=FIVE_YEARS")
    assert status == 200
    assert "秘町" not in text
    assert set(row_of(re.split("年齢5歳階級別の人口", text)[0], "町丁不詳等")) == {"X"}
    assert row_of(re.split("年齢5歳階級別の人口", text)[0], "計")[:2] == ["7", "14"]
    for hands, form in ((officer, "実数（庁内限り）"), (clerk, "公表用（小さい数は表示しない）")):
        lines = lines_of(hands.get("/statistics/districts/file?ages=FIVE_YEARS")[1])
        assert ["様式", form] in lines
        assert (["秘町一丁目"] in [line[:1] for line in lines]) is (hands is officer)
    assert desk.hands(VERIFIER).get("/statistics/districts")[0] == 403


def test_what_cannot_be_read_is_said_beside_its_field_and_an_empty_day_says_so(desk: Desk) -> None:
    clerk = desk.hands(CLERK)
    status, text = clerk.get("/statistics/districts?on=R8.13.1")
    assert status == 422
    assert 'id="e-on"' in text
    status, text = clerk.get("/statistics/districts?on=R8.11.21")
    assert status == 422
    assert 'id="e-on"' in text
    status, text = clerk.get("/statistics/districts?ages=ALL")
    assert status == 422
    assert 'id="e-ages"' in text
    for hands in (clerk, desk.hands(KEEPER)):
        assert "この日に記録された住民はいません" in hands.get("/statistics/districts?on=R8.1.1")[1]


def test_a_table_is_made_listed_opened_and_the_same_file_whenever(desk: Desk) -> None:
    clerk = desk.hands(CLERK)
    text = clerk.get("/statistics/publications")[1]
    assert "作成した表はありません" in text
    assert 'value="令和8年10月31日"' in text
    for day, words in (("", "基準日"), ("R8.11.19", "月末ではない日"), ("R8.11.30", "まだ終わっていない日")):
        status, text = clerk.send("/statistics/publications", on=day)
        assert (status, 'id="e-on"' in text, words in text) == (422, True, True), day
    desk.counter.node.clock.instant = datetime(2026, 12, 1, 9, tzinfo=JAPAN)
    clerk = desk.hands(CLERK)
    text = clerk.done("/statistics/publications", on="令和8年11月30日", sure="2026-11-30")
    assert "公表用の表を作成しました" in text
    assert "「計」の行を除き、1から4までの数" in text, "the town's own row says small ones"
    assert "秘町" not in text
    path = "/statistics/publications/2026-11-30/file"
    first = clerk.get(path)
    assert first[0] == 200
    desk.counter.node.clock.move(timedelta(minutes=1))
    assert clerk.done("/statistics/publications", on="令和8年11月30日")
    assert clerk.get(path) == first
    assert "「計」の行を除く" in first[1]
    assert clerk.get("/statistics/publications")[1].count("/statistics/publications/2026-11-30/file") == 1
    assert clerk.get("/statistics/publications/2026-10-31")[0] == 404
    assert clerk.get("/statistics/publications/nonsense")[0] == 404


def test_before_a_table_is_made_for_ever_it_is_said_which_months_that_shuts(desk: Desk) -> None:
    """Whoever types a month too many loses the one before, so they are asked once more."""
    desk.counter.node.clock.instant = datetime(2026, 12, 1, 9, tzinfo=JAPAN)
    clerk = desk.hands(CLERK)
    clerk.done("/statistics/publications", on="R8.11.30", sure="2026-11-30")
    desk.counter.node.clock.instant = datetime(2027, 3, 1, 9, tzinfo=JAPAN)
    clerk = desk.hands(CLERK)
    assert "これより前の月の表は作れなくなります" in clerk.get("/statistics/publications")[1]
    for sure in ("", "2027-01-31", "yes"):
        status, text = clerk.send("/statistics/publications", on="R9.2.28", sure=sure)
        assert status == 200
        assert "令和9年2月28日現在の公表用の表を作成しますか" in text
        assert re.findall("作れなくなります：([^<]*)", text) == ["令和8年12月31日、令和9年1月31日"]
    assert clerk.get("/statistics/publications/2027-02-28")[0] == 404
    status, text = clerk.send("/statistics/publications", on="R8.12.31")
    assert (status, "作れなくなります：" in text) == (200, False), "the next month shuts none"
    (kept,) = re.findall('<form method="post" action="/statistics/publications".*?</form>', text, re.DOTALL)
    given = dict(re.findall(r'<input type="hidden" name="(on|sure)" value="([^"]*)"', kept))
    assert "公表用の表を作成しました" in clerk.done("/statistics/publications", **given)
    assert clerk.get("/statistics/publications/2026-12-31")[0] == 200


def test_the_annual_report_is_a_file_of_numbered_lines(desk: Desk) -> None:
    clerk = desk.hands(CLERK)
    text = clerk.get("/statistics/annual")[1]
    assert "令和7年（2025年）" in text
    assert "2026年）" not in text, "the year is not over"
    status, text = clerk.send("/statistics/annual", reported="", by="RECORDED")
    assert (status, 'id="e-reported"' in text) == (422, True)
    status, text = clerk.send("/statistics/annual", reported="2026", by="RECORDED")
    assert (status, 'id="e-reported"' in text) == (422, True)
    desk.counter.node.clock.instant = datetime(2027, 1, 4, 9, tzinfo=JAPAN)
    status, text = desk.hands(CLERK).send("/statistics/annual", reported="2026", by="RECORDED")
    assert status == 200
    lines = lines_of(text)
    assert lines[:3] == [
        ["様式", "1"], ["期間", "令和8年1月1日から令和8年12月31日まで"], ["基準日", "令和8年12月31日現在"],
    ]  # fmt: skip
    assert lines[6][:6] == ["番号", "項目", "総数 男", "総数 女", "総数 不詳", "総数 計"]
    by_code = {line[0]: line for line in lines[7:]}
    assert by_code["601"][5] == "14"
    assert by_code["705"][2:6] == ["", "", "", "7"]
    assert by_code["807"][1] == "期末の人口　年齢 30〜34歳"


@given(
    st.lists(
        st.tuples(st.text("架空町一二三丁目", min_size=1, max_size=40), st.integers(0, 90_000)), max_size=40
    )
)
def test_bars_stay_inside_and_are_those_of_the_largest_districts(told: list[tuple[str, int]]) -> None:
    drawn = district_bars([Length(name, people, people // 9) for name, people in told])
    assert [bar.words for bar in drawn.bars] == [
        f"{people:,}" for people in sorted((people for _, people in told), reverse=True)[:30]
    ]
    assert all(drawn.left + bar.width + bar.foreign <= WIDTH - 60 for bar in drawn.bars), (
        "a number stands behind"
    )
    assert all(len(bar.name) <= 13 and bar.y + 16 <= drawn.bottom for bar in drawn.bars)
    assert 2 <= len(drawn.ticks) <= 7


@pytest.mark.browser
@pytest.mark.nightly
def test_the_pages_are_fit_for_everybody(desk: Desk, window: Any) -> None:
    page, url = window.page, desk.terminal.url
    window.sign_in(desk.terminal, KEEPER)
    page.click("nav >> text=人口統計")
    page.click('nav a[href="/statistics/districts"]')
    assert page.locator("svg.districts").get_attribute("role") == "img"
    page.get_by_label("5歳階級").check()
    page.press("#f-on", "Enter")
    page.wait_for_selector("#da-title")
    window.judge("54-districts")
    page.goto(f"{url}/statistics/publications")
    page.press("#f-on", "Enter")
    page.wait_for_selector("#sure-title")
    window.judge("55-publication-sure")
    page.click("text=作成する")
    page.wait_for_selector("svg.districts, .empty, .numbers")
    window.judge("55-publication")
    page.goto(f"{url}/statistics/annual")
    window.judge("56-annual")
