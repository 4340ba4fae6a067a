"""Days that are not whole at the terminal: typed as they are known, shown as they are written, corrected, looked at later."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from tests.faces.terminal.test_filings_requests import entry_path, fields_of, record
from tests.faces.terminal.test_renumbering_requests import SELF
from tests.faces.terminal.test_renumbering_requests import comer as _comer
from tests.faces.terminal.test_renumbering_requests import counter as _counter
from tests.faces.terminal.test_renumbering_requests import desk as _desk
from tests.faces.terminal.test_renumbering_requests import move_in as _move_in
from tests.faces.terminal.test_upkeep_requests import CLERK, VERIFIER, Desk, resident_path

from daicho.nodes.registry.corrections import permit_correction

comer, counter, desk, move_in = _comer, _counter, _desk, _move_in


def test_a_death_between_two_days_is_compared_recorded_and_read_back_as_it_is_written(desk: Desk) -> None:
    clerk, second = desk.hands(CLERK), desk.hands(VERIFIER)
    person = resident_path(clerk, "来訪　2号")
    record(clerk, f"{person}/death", died_on="R8.11.10頃～15頃", notified_on="R8.11.18")
    words = "令和8年11月10日頃から15日頃までの間"
    compared = second.get(entry_path(second))[1]
    assert compared.count(words) >= 2  # the day of the change, and the day of the striking
    second.done(entry_path(second), step="verify")
    shown = clerk.get(person)[1]
    assert f"<dt>消除の日</dt><dd>{words}" in shown
    assert f'<p class="timeline-day">{words}' in clerk.get(f"{person}/part/history")[1]
    assert re.findall("<dt>([^<]*)</dt><dd>令和8年11月18日", shown) == ["消除の届出日"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [("R9.1.1", "died_on"), ("令和9年3月頃", "died_on"), ("昨日", "died_on"), ("", "died_on")],
)
def test_a_day_that_cannot_be_is_said_beside_its_field(desk: Desk, typed: str, field: str) -> None:
    clerk = desk.hands(CLERK)
    path = resident_path(clerk, "来訪　2号") + "/death"
    status, text = clerk.send(path, died_on=typed, step="check")
    assert status == 422
    assert f'id="e-{field}"' in text


def test_a_move_on_an_unknown_day_of_this_month_is_not_late(desk: Desk) -> None:
    clerk, second = desk.hands(CLERK), desk.hands(VERIFIER)
    person = resident_path(clerk, "来訪　1号")
    page = clerk.get(f"{person}/move-within")[1]
    who = dict.fromkeys(re.findall(r'name="(who-\d+)"', page), "yes")
    given = fields_of(page) | who | SELF
    given |= {"moved_on": "令和8年11月日不詳", "town": "想像町二丁目", "block": "4番5号"}
    status, text = clerk.send(f"{person}/move-within", **(given | {"step": "check"}))
    assert status == 200, text
    assert "届出期間" not in text
    clerk.done(f"{person}/move-within", **(given | {"step": "enter"}))
    second.done(entry_path(second), step="verify")
    assert "<dt>住所を定めた日</dt><dd>令和8年11月日不詳" in clerk.get(person)[1]


def test_a_day_is_corrected_into_words_and_stays_in_the_next_correction(
    desk: Desk, counter: Callable[..., Any]
) -> None:
    clerk, second, node = desk.hands(CLERK), desk.hands(VERIFIER), desk.counter.node
    number = desk.family[0].addressee_number
    person = resident_path(clerk, "来訪　1号")
    for what, more in (("日の誤り", {"resident_since": "令和8年春"}), ("備考", {"remark": "備考を加える"})):
        permit_correction(node, desk.counter.officer, number, what)
        given = fields_of(clerk.get(f"{person}/correction")[1]) | {"what": what} | more
        clerk.done(f"{person}/correction", **(given | {"step": "enter"}))
        second.done(entry_path(second), step="verify")
        assert "<dt>住民となった日</dt><dd>令和8年春" in clerk.get(person)[1]
