"""Items of the register file that only a history or a notice writes: kept as they came in, and given back."""

import csv

import pytest
from tests.nodes.registry.test_handover import (  # noqa: F401 - the fixtures of a town that moves
    elsewhere,
    folder,
    out,
    seal_manifest,
    take,
    take_names_away,
    town,
)

ABROAD = 104
ITEMS = (
    ("F1-15", {
        "previous_address": "架空県架空市１番", "move_in_from_address": "別県別市２番", "move_out_to_address": "北海道函館市３番",
    }),
    ("F1-17", {"remarks": "平成30年4月1日　職権修正|令和2年1月1日　再製"}),
    ("F1-18", {"de_facto_householder": "架空　実太"}),
    ("F1-22", {"alias": "通称　四郎", "alias_history": "平成24年7月9日　「通称　三郎」を記載|令和元年5月7日　削除"}),
    ("R-236", {
        "foreign_since": "2013-02-03", "nationality": "フィリピン", "foreign_category": "中長期在留者",
        "residence_card_number": "AB12345678CD", "residence_status": "定住者", "residence_period": "3年",
        "residence_expires_on": "2027-02-03", "alias": "通称　五郎", "alias_history": "平成25年2月3日　記載|令和元年5月7日　削除",
    }),
    ("F1-24", {
        "scheduled_on": "2026-11-20", "scheduled_notified_on": "2026-11-20", "scheduled_destination": "函館市",
        "scheduled_destination_code": "01202", "scheduled_abroad": "0", "scheduled_by_card": "1",
    }),
)  # fmt: skip


def of_whom(path, number):
    with (path / "versions.csv").open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines) if row["addressee_number"] == str(number)][-1]


def rewrite(path, number, items):
    with (path / "versions.csv").open(encoding="utf-8", newline="") as lines:
        header, *rows = csv.reader(lines)
    last = max(
        place for place, row in enumerate(rows) if row[header.index("addressee_number")] == str(number)
    )
    for name, value in items.items():
        rows[last][header.index(name)] = value
    with (path / "versions.csv").open("w", encoding="utf-8", newline="") as written:
        csv.writer(written, lineterminator="\n").writerows([header, *rows])
    seal_manifest(path)


@pytest.mark.parametrize(
    "items", [pytest.param(items, id=name, marks=pytest.mark.requirement(name)) for name, items in ITEMS]
)
def test_each_of_these_items_is_kept_and_given_back(items, elsewhere, folder, tmp_path):  # noqa: F811
    assert {name: of_whom(folder, ABROAD)[name] for name in items} != items
    take_names_away(folder)
    rewrite(folder, ABROAD, items)
    report = take(elsewhere, folder)
    assert report.faults == []
    out(elsewhere, tmp_path / "again")
    assert {name: of_whom(tmp_path / "again", ABROAD)[name] for name in items} == items
