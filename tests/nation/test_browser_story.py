"""The story in Debian's chromium on real processes: two operators, three terminals, the resident, axe on each page."""

import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import expect
from tests.nation.conftest import Watched, search

from daicho.world.nation import Nation

pytestmark = [pytest.mark.nation, pytest.mark.browser, pytest.mark.nightly]

ROOT = Path(__file__).parents[2]
VERIFIER = ROOT / "src" / "daicho" / "faces" / "citizen" / "verify_disclosure.py"
REGISTRY, CS, PREFECTURE = "registry-m131016", "cs-m131016", "prefecture-p13"


def _somebody(nation: Nation) -> tuple[int, str, str]:
    with psycopg.connect(nation.cluster.dsn("registry_m131016")) as connection:
        row = connection.execute(
            "select addressee_number, body->'name'->>'kanji', birth from register.resident_record where living and householder"
            " and body->>'resident_kind' = 'JAPANESE' and birth not like '%-00' order by addressee_number limit 1"
        ).fetchone()
    assert row is not None
    return int(row[0]), str(row[1]), str(row[2])


@pytest.mark.requirement("R-070", "R-261", "R-276", "R-279")
def test_two_operators_enter_verify_look_and_the_resident_asks_who_looked(
    nation: Nation, window: Watched
) -> None:
    addressee, name, birth = _somebody(nation)
    counter, page = nation.terminal(REGISTRY), window.page
    page.goto(counter + "/sign-in")
    window.judge("01-sign-in")
    window.sign_in(counter, "MADO-01")
    window.judge("02-home")
    search(page, counter, name, birth, "異動届の受付", "法8条")
    page.wait_for_selector("#results-title")
    window.judge("03-found")
    href = page.locator(".person-link").first.evaluate("one => one.href")
    page.goto(href)
    window.judge("04-resident")
    page.goto(href + "/birth")
    page.fill("#f-p1-kanji", name.split("　")[0] + "　新")
    page.fill("#f-p1-furigana", "てすと　あらた")
    page.fill("#f-p1-birth", "R8.11.15")
    page.check("#f-p1-sex input[value=MALE]")
    page.fill("#f-p1-relationship", "子")
    window.judge("05-birth")
    page.click("text=内容を確認する")
    page.wait_for_selector(".compared")
    window.judge("06-birth-confirm")
    page.click("text=受け付ける")
    page.wait_for_selector("text=審査を待っています")
    window.judge("07-entered")
    window.sign_in(counter, "SHINSA-01")
    page.goto(counter + "/verify")
    window.judge("08-queue")
    page.click("text=審査する")
    window.judge("09-verify")
    page.click("text=届書と合っている")
    expect(page.locator(".notice.good")).to_contain_text("審査を終え")
    page.goto(counter + "/history")
    window.judge("10-history")
    page.goto(counter + "/returned")
    window.judge("11-returned")

    cs = nation.terminal(CS)
    window.sign_in(cs, "MADO-01")
    search(page, cs, name, birth, "本人確認", "own/30-6")
    page.wait_for_selector("#results-title")
    window.judge("12-cs-found")
    assert page.locator(".person-link").count() >= 1

    passport = nation.terminal(PREFECTURE)
    window.sign_in(passport, "RYOKEN-01")
    search(page, passport, name, "", "旅券の発給の審査", "5/6")
    expect(page.locator(".errors")).to_be_visible()
    window.judge("13-passport-refused")
    search(page, passport, name, birth, "旅券の発給の審査", "5/6")
    page.wait_for_selector("#results-title")
    expect(page.locator("main tbody tr").first).to_contain_text("東京都千代田区")
    window.judge("14-passport-found")
    _own_page(nation, window, counter, name, birth)
    assert addressee


def _own_page(nation: Nation, window: Watched, counter: str, name: str, birth: str) -> None:
    """The resident is given a code, opens the page once, takes the file home and checks it offline."""
    page = window.page
    window.sign_in(counter, "MADO-01")
    search(page, counter, name, birth, "本人からの開示請求への対応", "法30条の32")
    page.click(".person-link >> nth=0")
    page.click(".tabs a:has-text('閲覧')")
    page.click("text=本人に開示する")
    page.wait_for_selector("text=確認コード")
    window.judge("15-handed-out")
    code = re.search(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}", page.inner_text("main"))
    assert code is not None, page.inner_text("main")
    page.goto(counter + "/my-record")
    window.judge("16-citizen-door")
    page.fill("#f-one_time", code[0])
    page.click("text=自分の記録を開く")
    page.wait_for_selector("text=東京都")
    window.judge("17-citizen")
    with page.expect_download() as download:
        page.click("text=証明ファイルを保存する")
    path = download.value.path()
    told = subprocess.run(
        [sys.executable, "-I", str(VERIFIER), str(path)], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout
