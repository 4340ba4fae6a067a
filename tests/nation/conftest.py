"""One small nation of real processes for all tests of this folder."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, sync_playwright

from daicho.world.loading import await_copies, await_quiet, load_towns
from daicho.world.nation import Nation, lower_nation, raise_nation

AXE = Path(__file__).parents[2] / "vendor" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="session")
def nation(binaries: Path | None) -> Iterator[Nation]:
    """Three towns in two prefectures, ninety residents each; eleven processes and their signers."""
    home = Path(tempfile.mkdtemp(prefix="daicho-nation-"))
    home.chmod(0o711)
    risen = raise_nation(home / "n", people=270, town_count=3, binaries=binaries, said=lambda _: None)
    try:
        load_towns(risen, lambda _: None)
        await_copies(risen, lambda _: None)
        yield risen
    finally:
        lower_nation(risen, lambda _: None)
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def quiet(nation: Nation) -> Callable[[], None]:
    """Wait until no letter is on its way."""
    return lambda: await_quiet(nation, 60)


class Watched:
    """A window in which every page is asked of axe, and photographed when somebody wants to look."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.shots = os.environ.get("DAICHO_SHOTS", "")
        page.on("pageerror", lambda wrong: self.complaints.append(str(wrong)))

    def sign_in(self, address: str, login_id: str) -> None:
        self.page.goto(address + "/sign-in")
        self.page.fill("#f-login_id", login_id)
        self.page.click("button:has-text('デモ認証器')")
        try:
            self.page.wait_for_selector(".sign-off button")
        except PlaywrightError as error:
            raise AssertionError(f"{self.page.url}: {self.page.inner_text('body')}") from error

    def judge(self, name: str) -> None:
        self.page.evaluate("document.fonts.ready.then(() => true)")
        if self.shots:
            self.page.screenshot(path=Path(self.shots) / f"nation-{name}.png")
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found: dict[str, Any] = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        assert [f"{name}: {one['id']}" for one in found["violations"]] == []
        assert self.complaints == []


@pytest.fixture
def window() -> Iterator[Watched]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1440, "height": 960}, locale="ja-JP")
        yield Watched(context.new_page())
        browser.close()


def search(page: Page, address: str, name: str, birth: str, purpose: str, basis: str) -> None:
    page.goto(address + "/search")
    page.select_option("#f-purpose", label=purpose)
    page.select_option("#f-basis", value=basis)
    page.fill("#f-name", name)
    page.fill("#f-birth", birth)
    page.click("button:has-text('検索する')")
