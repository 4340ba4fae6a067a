"""The main job, end to end, on real processes."""

import pytest
from tests.nation.conftest import rows_of

from daicho.world.checking import audit_nation, check_nation
from daicho.world.nation import Nation
from daicho.world.stories.family import family_moves

pytestmark = [pytest.mark.nation]


class _Heard:
    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []

    def tell(self, who: str, line: str) -> None:
        self.lines.append((who, line))


@pytest.mark.requirement(
    "R-006", "R-008", "R-048", "R-052", "R-053", "R-054", "R-058", "R-102",
    "R-103", "R-104", "R-108", "R-117", "R-122",
)  # fmt: skip
def test_a_family_moves_and_every_server_does_its_part(nation: Nation) -> None:
    heard = _Heard()
    family_moves(nation, heard)
    who = {title.split(" ")[0] for title, _ in heard.lines}
    assert {"函館市", "千代田区", "東京都", "地方公共団体情報システム機構", "国土交通省"} <= who
    assert check_nation(nation) == []
    waiting = "select count(*) from codes.number_wanted where municipality = '13101'"
    assert rows_of(nation, "national", waiting) == [(0,)], "whoever moved in has been given the number"
    without = (
        "select count(*) from register.resident r where living and code is not null and not exists"
        " (select from numbers.individual_number n where n.resident_record_code = r.code)"
    )
    assert rows_of(nation, "registry-m131016", without) == [(0,)]


def test_the_auditor_finds_nothing_in_an_honest_nation(nation: Nation) -> None:
    assert audit_nation(nation) == []
