"""The administrator of a running node sees how it stands, and nobody's record."""

import pytest
from playwright.sync_api import expect
from tests.nation.conftest import Watched

from daicho.world.nation import Nation

pytestmark = [pytest.mark.nation, pytest.mark.browser]


def test_an_administrator_sees_the_queues_of_a_running_cs(nation: Nation, window: Watched) -> None:
    terminal = nation.terminal("cs-m132012")
    window.sign_in(terminal, "KANRI-01")
    window.page.click(".side >> text=稼働状況")
    main = window.page.locator("main")
    expect(main).to_contain_text("東京都")
    expect(main).to_contain_text("日（3.5日を切ると自動更新）")
    expect(main).to_contain_text("八王子市")
    window.judge("60-standing")
    window.page.goto(terminal + "/search")
    expect(main).to_contain_text("この操作の権限がありません")
