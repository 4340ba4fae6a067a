"""After everything that was done to the nation, no log holds anything about anybody."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.nation.conftest import arrived, move_within, rows_of, until

from daicho.rules.network.kinds import NodeKind
from daicho.rules.people.codes import with_check_digit
from daicho.world.nation import Nation

pytestmark = [pytest.mark.nation]

_LONG_NUMBER = re.compile(r"(?<![0-9a-fA-F])[0-9]{11,12}(?![0-9a-fA-F])")


def _logs(nation: Nation) -> dict[str, str]:
    logs = sorted(Path(nation.places.home).rglob("*.log"))
    assert any(path.name == "node.log" for path in logs)
    return {str(path): path.read_text(errors="replace") for path in logs}


def _items(nation: Nation) -> set[str]:
    """Names, readings, codes, addresses and birth dates of everybody, as they could stand in a line."""
    found: set[str] = set()
    for node in nation.plan:
        if node.kind is NodeKind.REGISTRY:
            for (body,) in rows_of(nation, node.short, "select body::text from register.resident_record"):
                record = json.loads(str(body))
                birth = record["birth_date"]
                found |= {record["name"]["kanji"], record["resident_record_code"] or ""}
                found.add(record["name"].get("furigana") or "")
                found.add(f"{birth['year']}-{birth['month'] or 0:02d}-{birth['day'] or 0:02d}")
        if node.kind is NodeKind.CS:
            rows = rows_of(
                nation, node.short, "select address, name_kanji, name_normalized_kana from identity.record"
            )
            found |= {str(text) for row in rows for text in row}
    return {item for item in found if len(item) > 3}


def test_no_log_holds_a_name_a_number_an_address_or_a_birth_date(
    nation: Nation, quiet: Callable[[], None]
) -> None:
    code = move_within(nation, "2番22号")
    until(arrived(nation, code, "2番22号"), nation)
    quiet()
    items = _items(nation)
    assert len(items) > 500
    assert code in items
    for path, text in _logs(nation).items():
        found = {item for item in items if item in text}
        assert found == set(), f"{path}: {len(found)} items"
        numbers = {one for one in _LONG_NUMBER.findall(text) if with_check_digit(one[:-1]) == one}
        assert numbers == set(), f"{path}: {len(numbers)} numbers with a right check digit"
