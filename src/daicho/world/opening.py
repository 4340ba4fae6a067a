"""The first hours of a new nation: everybody is entered, then a family moves and the law takes its course."""

import threading
from typing import Protocol, cast

from daicho.world import resting
from daicho.world.checking import check_nation
from daicho.world.introducing import introduce
from daicho.world.loading import (
    LoadingFailed,
    LoadingStopped,
    TownLoaders,
    await_copies,
    await_css,
)
from daicho.world.nation import Nation
from daicho.world.stories.family import StoryFailed, family_moves


class _Bar(Protocol):
    def __call__(self, done: int, /) -> None: ...


class Told(Protocol):
    """Whoever shows what happens."""

    def say(self, line: str) -> None:
        """Write one line."""
        ...

    def tell(self, who: str, line: str) -> None:
        """Write one line of the story."""
        ...

    def bar(self, title: str, total: int) -> "object":
        """Show how far something has come."""
        ...


def open_nation(nation: Nation, told: Told, stop: threading.Event) -> str:
    """Load, tell the story, check; give what failed, or nothing."""
    people = sum(node.residents for node in nation.plan)
    try:
        with TownLoaders(nation, stop.is_set) as loaders:
            with _bar(told, "架空の住民の抽出ファイルを作成", people) as said:
                loaders.write_extracts(said)
            resting.let_rest(nation)
            with _bar(told, "住民基本台帳への取込み", people) as said:
                registers = loaders.import_extracts(said)
        with _bar(told, "コミュニケーションサーバへの送付", people) as said:
            copies = await_css(nation, said, stop.is_set)
        with resting.Building(nation) as building:
            with _bar(told, "都道府県・全国サーバへの通知", people) as said:
                above = await_copies(nation, said, stop.is_set, meanwhile=building.begin_where_whole)
            with _bar(told, "検索用の索引の作成", resting.count_keepers(nation)) as said:
                above += building.finish(said)
        told.say(
            f"{people:,} 人: 台帳まで {registers:.0f} 秒、CSまで {registers + copies:.0f} 秒、"
            f"全国サーバまでさらに {above:.0f} 秒"
        )
        if stop.is_set():
            return ""
        introduce(nation.places, nation.plan, nation.stand_ins)
        family_moves(nation, told)
    except LoadingStopped:
        return ""
    except (LoadingFailed, StoryFailed) as fault:
        return str(fault)
    nation.places.opened.touch()
    findings = check_nation(nation)
    for finding in findings:
        told.say(finding)
    return f"監査で {len(findings)} 件の異常" if findings else ""


class _bar:  # noqa: N801 - used like a function
    def __init__(self, told: Told, title: str, total: int) -> None:
        self._inner = told.bar(title, total)

    def __enter__(self) -> _Bar:
        return cast("_Bar", self._inner.__enter__())  # type: ignore[attr-defined]  # a context manager of the teller

    def __exit__(self, *error: object) -> None:
        self._inner.__exit__(*error)  # type: ignore[attr-defined]  # as above
