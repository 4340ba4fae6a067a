"""Errors put right in the browser on real nodes: permission, correction, cancellation, entries ex officio."""

from collections.abc import Callable

import psycopg
import pytest
from playwright.sync_api import expect
from tests.nation.conftest import Watched, search

from daicho.world.checking import check_nation
from daicho.world.nation import Nation

pytestmark = [pytest.mark.nation, pytest.mark.browser]

REGISTRY = "registry-m132012"
BASIS = "法8条"


def _one(nation: Nation, short: str, query: str, *parameters: object) -> tuple[object, ...]:
    with psycopg.connect(nation.cluster.dsn(short.replace("-", "_"))) as connection:
        row = connection.execute(query, parameters).fetchone()
        assert row is not None
        return tuple(row)


@pytest.fixture
def counter(nation: Nation) -> str:
    return nation.terminal(REGISTRY)


@pytest.fixture
def resident(nation: Nation) -> tuple[int, str, str]:
    """Somebody alone in a household, whose record no other test of this file changes."""
    number, name, birth = _one(
        nation, REGISTRY,
        "select addressee_number, body->'name'->>'kanji', birth from register.resident_record r where living and householder"
        " and body->>'resident_kind' = 'JAPANESE' and birth not like '%%-00' and version = 1 and not exists"
        " (select from register.resident_record o where o.household_number = r.household_number"
        "  and o.addressee_number <> r.addressee_number) order by 1 limit 1",
    )  # fmt: skip
    return int(str(number)), str(name), str(birth)


def _open(window: Watched, counter: str, name: str, birth: str) -> str:
    search(window.page, counter, name, birth, "異動届の受付", BASIS)
    window.page.wait_for_selector("#results-title")
    href: str = window.page.locator(".person-link").first.evaluate("one => one.href")
    window.page.goto(href)
    return href


def _enter(window: Watched, name: str, *, badge: str = "") -> None:
    window.judge(f"{name}-form")
    window.page.click("text=内容を確認する")
    window.page.wait_for_selector(".compared, .errors")
    assert window.page.locator(".errors").count() == 0, window.page.inner_text(".errors")
    expect(window.page.locator(".compared-head").first).to_contain_text(badge)
    window.judge(f"{name}-confirm")
    window.page.click("text=受け付ける")
    window.page.wait_for_selector("text=審査を待っています")


def _verify(window: Watched, counter: str, name: str) -> None:
    window.sign_in(counter, "SHINSA-01")
    window.page.goto(counter + "/verify")
    window.page.click("text=審査する")
    window.judge(f"{name}-verify")
    window.page.click("text=届書と合っている")
    expect(window.page.locator(".notice.good")).to_contain_text("審査を終え")


@pytest.mark.nightly
@pytest.mark.requirement("R-277")
def test_an_error_is_corrected_once_and_only_with_the_security_officers_permission(
    nation: Nation, window: Watched, counter: str, resident: tuple[int, str, str]
) -> None:
    number, name, birth = resident
    page = window.page
    window.sign_in(counter, "MADO-01")
    href = _open(window, counter, name, birth)
    page.goto(href + "/correction")
    expect(page.locator(".notice.warn")).to_contain_text("使える許可がありません")
    window.judge("40-no-permit")

    window.sign_in(counter, "SEKININ-01")
    page.goto(counter + "/permit")
    page.click("button:has-text('許可する')")
    expect(page.locator("#e-addressee")).to_be_visible()
    page.fill("#f-addressee", str(number))
    page.fill("#f-what", "性別の入力誤り（届書は不詳）")
    window.judge("41-permit")
    page.click("button:has-text('許可する')")
    page.wait_for_selector("text=修正を許可しました")
    window.judge("42-permitted")

    window.sign_in(counter, "MADO-01")
    href = _open(window, counter, name, birth)
    page.goto(href + "/correction")
    page.check("#f-sex input[value=UNKNOWN]")
    _enter(window, "43-correction")
    _verify(window, counter, "44-correction")
    (kept, permit) = _one(
        nation, REGISTRY,
        "select body, permit from register.entry where kind = 'CORRECTION' and state = 'verified'"
        " order by entered_at desc limit 1",
    )  # fmt: skip
    assert permit, "the entry names its permission"
    assert {one["sex"] for side in ("before", "after") for one in kept[side]} > {"UNKNOWN"}
    (sex,) = _one(
        nation,
        REGISTRY,
        "select body->>'sex' from register.resident_record where addressee_number = %s",
        number,
    )
    assert sex == "UNKNOWN"

    window.sign_in(counter, "MADO-01")
    page.goto(_open(window, counter, name, birth) + "/correction")
    expect(page.locator(".notice.warn")).to_contain_text("使える許可がありません")


@pytest.mark.nightly
def test_a_change_that_was_wrong_is_cancelled_by_a_second_entry_and_both_remain(
    nation: Nation, window: Watched, counter: str, resident: tuple[int, str, str], quiet: Callable[[], None]
) -> None:
    number, name, birth = resident
    page = window.page
    window.sign_in(counter, "MADO-01")
    page.goto(_open(window, counter, name, birth) + "/death")
    page.fill("#f-died_on", "R8.11.17")
    _enter(window, "50-death")
    _verify(window, counter, "51-death")
    (living,) = _one(
        nation, REGISTRY, "select living from register.resident where addressee_number = %s", number
    )
    assert living is False

    window.sign_in(counter, "MADO-01")
    _open(window, counter, name, birth)
    page.click(".tabs >> text=異動履歴")
    page.wait_for_selector(".timeline")
    page.locator(".timeline a").first.click()
    page.wait_for_selector("text=の前後")
    window.judge("52-past-entry")
    page.click("text=この異動を取り消す")
    page.fill("#f-reason", "別の方の死亡届と取り違えた")
    _enter(window, "53-cancellation", badge="回復")
    _verify(window, counter, "54-cancellation")
    (living, version) = _one(
        nation, REGISTRY, "select living, version from register.resident where addressee_number = %s", number
    )
    assert (living, version) == (True, 3), "imported, died, lives again: three versions kept"

    window.sign_in(counter, "MADO-01")
    _open(window, counter, name, birth)
    page.click(".tabs >> text=異動履歴")
    expect(page.locator(".timeline")).to_contain_text("取消済み")
    window.judge("55-history")
    quiet()
    assert check_nation(nation) == [], "every level hears that the person lives"


@pytest.mark.nightly
def test_somebody_of_whom_nobody_gave_notice_is_entered_and_struck_ex_officio(
    nation: Nation, window: Watched, counter: str
) -> None:
    page = window.page
    window.sign_in(counter, "MADO-01")
    page.goto(counter + "/ex-officio-entry")
    page.click("text=内容を確認する")
    expect(page.locator(".errors")).to_be_visible()
    window.judge("60-ex-officio-errors")
    page.select_option("#f-cause", "ENTERED_OTHER")
    for field, value in {
        "entered_from": "R8.11.1", "detail": "実態調査（居住を確認）", "town": "元本郷町三丁目", "block": "24番1号",
        "p1-kanji": "実態　在", "p1-furigana": "ジッタイ　アリ", "p1-birth": "S50.4.5", "p1-relationship": "世帯主",
    }.items():  # fmt: skip
        page.fill(f"#f-{field}", value)
    page.check("#f-p1-sex input[value=MALE]")
    _enter(window, "61-ex-officio-entry")
    _verify(window, counter, "62-ex-officio-entry")

    window.sign_in(counter, "MADO-01")
    page.goto(_open(window, counter, "実態　在", "1975-04-05") + "/ex-officio-strike")
    page.select_option("#f-cause", "STRUCK_OTHER")
    page.fill("#f-struck_from", "R8.11.15")
    page.fill("#f-detail", "実態調査（不現住）")
    _enter(window, "63-ex-officio-strike")
    _verify(window, counter, "64-ex-officio-strike")
    (living,) = _one(
        nation,
        REGISTRY,
        "select living from register.resident_record where body->'name'->>'kanji' = '実態　在'",
    )
    assert living is False, "struck, and the record is kept"
