"""One small nation of real processes for all tests of this folder."""

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, sync_playwright

from daicho.nodes.config import read_config
from daicho.nodes.registry import counter
from daicho.nodes.registry.intake import draw_codes
from daicho.nodes.watch.assembly import found_node
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator, Role
from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.reception import Document, Notifier, Reception
from daicho.world import resting
from daicho.world.checking import audit_nation, check_nation
from daicho.world.loading import TownLoaders, await_copies, await_quiet
from daicho.world.nation import Nation, count_copies, lower_nation, raise_nation

CLERK = Operator("MADO-01", "MADOGUCHI", (Role.CLERK,))
SECOND = Operator("SHINSA-01", "SHINSA", (Role.VERIFIER, Role.CLERK))
REGISTRY = "registry-m132012"
RECEIVED = Reception(Notifier.SELF, (Document.NUMBER_CARD,), card_expires_on=date(2034, 4, 1))
AT_COUNTER = {"notifier": "SELF", "document-NUMBER_CARD": "yes", "card_expires_on": "R16.4.1"}
AXE = Path(__file__).parents[2] / "vendor" / "axe-core" / "axe.min.js"


@contextmanager
def populated(binaries: Path | None, **shape: Any) -> Iterator[Nation]:
    """Raise a nation with everybody entered, and lower it."""
    home = Path(tempfile.mkdtemp(prefix="daicho-nation-"))
    home.chmod(0o711)
    risen = raise_nation(home / "n", binaries=binaries, said=lambda _: None, **shape)
    try:
        with TownLoaders(risen) as loaders:
            loaders.write_extracts(lambda _: None)
            resting.let_rest(risen)
            loaders.import_extracts(lambda _: None)
        with resting.Building(risen) as building:
            await_copies(risen, lambda _: None, meanwhile=building.begin_where_whole)
            building.finish(lambda _: None)
        yield risen
    finally:
        lower_nation(risen, lambda _: None)
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def nation(binaries: Path | None) -> Iterator[Nation]:
    """Three towns in two prefectures, ninety residents each; eleven processes and their signers."""
    # Ports of its own: while a node of this nation is killed and starts again, nobody may take its place.
    with populated(binaries, people=270, town_count=3, first_port=9300) as risen:
        yield risen


@pytest.fixture
def quiet(nation: Nation) -> Callable[[], None]:
    """Wait until no letter is on its way."""
    return lambda: await_quiet(nation, 60)


@pytest.fixture
def in_order(nation: Nation, quiet: Callable[[], None]) -> Callable[[], None]:
    """Wait until no letter is on its way; then copies must agree and the books be in order."""

    def check() -> None:
        quiet()
        assert check_nation(nation) == []
        assert audit_nation(nation) == []

    return check


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
        # A colour that is still on its way is nobody's contrast.
        self.page.evaluate(
            "Promise.all(document.getAnimations().map(one => one.finished.catch(() => 0))).then(() => true)"
        )
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


def rows_of(nation: Nation, short: str, query: str, *values: object) -> list[tuple[object, ...]]:
    with psycopg.connect(nation.cluster.dsn(short.replace("-", "_"))) as connection:
        return list(connection.execute(query.encode(), values).fetchall())


def _state_of(nation: Nation) -> str:
    tails = [f"{one.planned.short}: {one.log_tail(3)}" for one in nation.supervisor.children]
    return "\n".join((str(count_copies(nation)), *tails))


def until(holds: Callable[[], bool], nation: Nation, seconds: float = 45) -> None:
    end = time.monotonic() + seconds
    pause = threading.Event()
    while not holds():
        assert time.monotonic() < end, f"did not happen in time\n{_state_of(nation)}"
        nation.supervisor.restart_dead()
        pause.wait(0.05)


def move_within(nation: Nation, block: str) -> str:
    """Enter and verify a moving within the town for one single person; give the person's code."""
    foundation = found_node(read_config(nation.places.node(REGISTRY) / "node.toml"), own_signer=False)
    try:
        rows = rows_of(
            nation, REGISTRY,
            "select min(addressee_number), min(code) from register.resident_record where living group by household_number"
            " having count(*) = 1 and bool_and(body->>'resident_kind' = 'JAPANESE') order by 1 limit 1",
        )  # fmt: skip
        addressee, code = int(str(rows[0][0])), str(rows[0][1])
        today = foundation.node.clock.business_today()
        notice = MoveWithinNotice(
            (addressee,), Address(MunicipalityCode("13201"), "元本郷町", block, "", "1928501"), today, today
        )
        entered = counter.enter(
            foundation.node, CLERK, notice, draw_codes=draw_codes, terminal="test", reception=RECEIVED
        )
        assert not isinstance(entered, Refusal), entered
        verified = counter.verify_entry(foundation.node, SECOND, entered.entry_id, terminal="test")
        assert not isinstance(verified, Refusal), verified
    finally:
        foundation.close()
    return code


def arrived(nation: Nation, code: str, block: str) -> Callable[[], bool]:
    query = "select count(*) from identity.record where resident_record_code = %s and address like %s"
    return lambda: rows_of(nation, "national", query, code, f"%{block}") == [(1,)]
