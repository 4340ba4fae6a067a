"""A certificate in Debian's chromium on real processes: refused, issued, printed, and checked by whoever has it."""

import base64
import re

import psycopg
import pytest
import zxingcpp
from playwright.sync_api import Page, expect
from tests.nation.conftest import Watched, search
from tests.paper.reading import pages_of, picture_of, text_of

from daicho.world.nation import Nation

pytestmark = [pytest.mark.nation, pytest.mark.browser]

REGISTRY = "registry-m131016"
_FETCH = """async address => {
    const answer = await fetch(address);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    return btoa(Array.from(bytes, one => String.fromCharCode(one)).join(""));
}"""


def _householder(nation: Nation) -> tuple[str, str, list[str]]:
    with psycopg.connect(nation.cluster.dsn(REGISTRY.replace("-", "_"))) as connection:
        row = connection.execute(
            "select h.body->'name'->>'kanji', h.birth, array_agg(m.body->'name'->>'kanji')"
            " from register.resident_record h join register.resident_record m using (household_number)"
            " where h.living and h.householder and m.living and h.birth not like '%-00'"
            " and h.body->>'resident_kind' = 'JAPANESE' group by h.addressee_number, 1, 2 having count(*) >= 3"
            " order by h.addressee_number limit 1"
        ).fetchone()
    assert row is not None
    return str(row[0]), str(row[1]), [str(one) for one in row[2]]


def _fetched(page: Page) -> bytes:
    address = page.locator("text=証明書を開く").evaluate("one => one.href")
    return base64.b64decode(page.evaluate(_FETCH, address))


def _said_by_the_code(pdf: bytes) -> str:
    """Read the 2D code, which stands beside the seal on the last page."""
    picture = picture_of(pdf, 300, pages_of(pdf))
    dots = memoryview(picture.dots).cast("B", shape=[picture.height, picture.width])
    (found,) = zxingcpp.read_barcodes(dots)
    return str(found.text)


@pytest.mark.nightly
@pytest.mark.requirement("R-007", "R-016")
def test_a_household_copy_is_refused_issued_printed_and_found_genuine(
    nation: Nation, window: Watched
) -> None:
    name, birth, members = _householder(nation)
    counter, page = nation.terminal(REGISTRY), window.page
    window.sign_in(counter, "MADO-01")
    search(page, counter, name, birth, "住民票の写し等の交付", "法12条")
    page.wait_for_selector("#results-title")
    page.goto(page.locator(".person-link").first.evaluate("one => one.href"))
    page.click("text=証明書を交付する")
    page.wait_for_selector("#past-title")
    window.judge("30-certificates")
    page.select_option("#f-requester", "THIRD_PARTY")
    page.select_option("#f-proof", "PHOTO")
    page.fill("#f-asker", "架空　債権者")
    page.fill("#f-reason", "住所を知りたい")
    page.click("button:has-text('交付する')")
    expect(page.locator(".errors")).to_be_visible()
    window.judge("31-certificate-refused")
    page.select_option("#f-requester", "SELF")
    page.select_option("#f-proof", "CARD")
    page.fill("#f-card_expires_on", "R16.4.1")
    page.check("input[name=item-RELATIONSHIP]")
    page.click("button:has-text('交付する')")
    page.wait_for_selector("#done-title")
    window.judge("32-certificate-issued")
    pdf = _fetched(page)
    told = text_of(pdf)
    for member in members:
        assert re.sub(r"[\s\u3000\U000E0100-\U000E01EF]", "", member)[:1] in told
    assert "続柄" in told
    assert "省略" in told
    page.click("text=続けて交付する")
    expect(page.locator("table")).to_contain_text("世帯連記式")
    page.goto(counter + "/paper")
    window.judge("33-paper-door")
    page.fill("#f-code", "DAICHO 2026-00000001 AAAAAAAAAAAAAAAAAAAAAAAA")
    page.click("button:has-text('確かめる')")
    expect(page.locator(".notice.bad")).to_be_visible()
    window.judge("34-paper-unknown")
    page.fill("#f-code", _said_by_the_code(pdf))
    page.click("button:has-text('確かめる')")
    expect(page.locator(".notice.good")).to_contain_text("発行した証明書です")
    expect(page.locator("main")).to_contain_text(members[0])
    window.judge("35-paper-genuine")
