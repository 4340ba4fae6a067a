"""人口統計 in Debian's chromium: the table and the drawing say the same, and a file is only words and numbers."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.faces.terminal.conftest import TODAY

from daicho.rules.network.kinds import NodeKind
from daicho.rules.register.statistics import CountedBy, CountedSpan

pytestmark = pytest.mark.browser


def _file(page: Any, link: str) -> tuple[str, list[list[str]]]:
    with page.expect_download() as waiting:
        page.click(f"a:has-text('{link}')")
    content = waiting.value.path().read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return waiting.value.suggested_filename, list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.nightly
@pytest.mark.requirement("R-441")
def test_who_lives_here_on_a_day(terminal: Any, window: Any) -> None:
    running = terminal(NodeKind.REGISTRY)
    page = window.page
    window.sign_in(running, "A1001")
    page.click("nav >> text=人口統計")
    expect(page.locator("#f-on")).to_have_value("令和8年11月20日")
    expect(page.locator("svg.pyramid")).to_have_attribute("role", "img")
    window.judge("50-statistics")
    page.screenshot(path=window.shots / "51-statistics-whole.png", full_page=True) if window.shots else None
    page.fill("#f-on", "R7.1.1")
    page.check("input[value=LEGAL_DAY]")
    page.click("text=表示する")
    expect(page.locator("#t-title")).to_have_text("令和7年1月1日の人口と世帯数")
    assert running.desks.statistics.asked[-1] == ("A1001", date(2025, 1, 1), CountedBy.LEGAL_DAY)
    total = page.locator(".numbers tr.sum td").nth(2).inner_text()
    assert page.locator(".parts b").first.inner_text() == total
    name, rows = _file(page, "CSV（5歳階級）")
    assert name == "population-20250101.csv"
    assert rows[-1][3] == total.replace(",", "")
    name, rows = _file(page, "CSV（各歳）")
    assert (name, rows[-1][3], len(rows)) == ("ages-20250101.csv", total.replace(",", ""), 8 + 101 + 2)
    page.fill("#f-on", "R9.1.1")
    page.click("text=表示する")
    expect(page.locator("#e-on")).to_contain_text("まだ来ていない日付です")
    window.judge("52-statistics-refused")
    page.fill("#f-on", "H11.1.1")
    page.click("text=表示する")
    expect(page.locator(".empty")).to_contain_text("この日に記録された住民はいません")
    window.judge("53-statistics-nobody")


@pytest.mark.nightly
@pytest.mark.requirement("R-441")
def test_who_came_and_went_in_a_period(terminal: Any, window: Any) -> None:
    running = terminal(NodeKind.REGISTRY)
    page, desk = window.page, running.desks.statistics
    window.sign_in(running, "K3001")
    page.click("nav >> text=人口統計")
    page.click(".tabs >> text=異動")
    assert desk.asked[-1] == ("K3001", CountedSpan(date(2026, 11, 1), TODAY), CountedBy.RECORDED)
    expect(page.locator(".notice.good")).to_contain_text("一致しています")
    window.judge("54-changes")
    page.screenshot(path=window.shots / "55-changes-whole.png", full_page=True) if window.shots else None
    page.click(".near >> text=前年")
    assert desk.asked[-1][1] == CountedSpan.of_year(2025)
    name, rows = _file(page, "CSV")
    assert name == "changes-20250101-20251231.csv"
    assert [row[0] for row in rows if row][4:] == [
        "事由", "出生", "転入（国内）", "転入（国外）", "その他（帰化等・国籍喪失）", "その他", "記載の計", "死亡", "転出（国内）",
        "転出（国外）", "その他（帰化等・国籍喪失）", "その他", "消除の計", "増減", "うち自然増減", "うち社会増減",
        "事由", "期首の人口", "増減", "期末の人口", "差",
    ]  # fmt: skip
    growth = next(row for row in rows if row and row[0] == "増減")
    assert page.locator(".numbers tr.total td").nth(2).inner_text() == growth[3]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    desk.unexplained = -3
    page.fill("#f-first", "R8.4.1")
    page.fill("#f-last", "R8.4.30")
    page.click("text=表示する")
    expect(page.locator(".notice.bad")).to_contain_text("一致しません")
    expect(page.locator(".numbers >> nth=1 >> tr.total td >> nth=-1")).to_have_text("△3")
    window.judge("56-changes-unexplained")
    page.fill("#f-last", "R8.3.31")
    page.click("text=表示する")
    expect(page.locator("#e-last")).to_contain_text("終了日が開始日より前です")
    window.judge("57-changes-refused")
