"""A node is killed at each place where a day's work passes; the clerk tries again, and the day ends as it should.

The places come from the nodes themselves: which transactions a node passes is read from its own figures after a day
on which nobody died.
"""

import http.client
import json
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
import urllib3
from tests.nation.conftest import AT_COUNTER, REGISTRY, arrived, rows_of, until
from tests.nation.test_kills import _arm, live_until

from daicho.nodes.seams import BETWEEN, SEAMS
from daicho.world.nation import Nation
from daicho.world.visitor import Form, Page, PageNotUnderstood, Visitor

pytestmark = [pytest.mark.nation, pytest.mark.nightly]

CS, PREFECTURE, NATIONAL = "cs-m132012", "prefecture-p13", "national"
IN_ORDER = (REGISTRY, CS, PREFECTURE, NATIONAL)
AGAIN = (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError, PageNotUnderstood, LookupError)
ENOUGH_SEAMS = 60
EDGES = ("before_commit", "after_commit")
MONITORED = {"health.ping", "standing.read"}  # passed by whoever reads the figures
UNIT = re.compile(r'^daicho_unit_seconds_count\{unit="([a-z_.]+)"\} (\S+)', re.MULTILINE)


def figures(nation: Nation, short: str) -> str:
    line = http.client.HTTPConnection("127.0.0.1", nation.ports[short].monitor, timeout=10)
    line.request("GET", "/metrics")
    with line.getresponse() as answer:
        text = answer.read().decode()
    line.close()
    return text


def signed_in(nation: Nation, short: str, login_id: str) -> Visitor:
    visitor = Visitor(nation.terminal(short))
    page = visitor.open("/sign-in")
    home = visitor.submit(page, Form("/sign-in/demo", "post"), login_id=login_id)
    if "ログアウト" not in home.text:
        raise PageNotUnderstood(home.text[:200])
    return visitor


def press(visitor: Visitor, page: Page, button: str, **values: str) -> Page:
    form = next(form for form in page.forms if any(b[1] == button for b in form.buttons))
    done = visitor.submit(page, form, f"step={button}", **values)
    if done.status != 200:
        raise PageNotUnderstood(f"{done.status} {done.text[:300]}")
    return done


@dataclass
class Person:
    addressee: int
    code: str
    name: str
    birth: str


@dataclass
class Day:
    """One person moves within the town; everybody who may looks at the person."""

    nation: Nation
    block: str
    person: Person
    entered: list[str] = field(default_factory=list)

    def work(self) -> None:
        for step in (
            self.enter,
            self.verify,
            self.look_behind,
            self.look_up,
            self.passport,
            self.disclose,
            self.bad_entry,
        ):
            self.eventually(step)

    def eventually(self, step: Callable[[], None], seconds: float = 45) -> None:
        """Try as a person would: once more, until it works; what died is started again meanwhile."""
        end = time.monotonic() + seconds
        while True:
            try:
                return step()
            except AGAIN:
                if time.monotonic() > end:
                    raise
                self.nation.supervisor.restart_dead()
                threading.Event().wait(0.2)

    def entries(self, *states: str) -> list[str]:
        rows = rows_of(
            self.nation,
            REGISTRY,
            "select e.id from register.entry e join register.entry_person p on p.entry_id = e.id"
            " where p.addressee_number = %s and e.state = any(%s) and e.body::text like %s",
            self.person.addressee,
            list(states),
            f'%"{self.block}"%',
        )
        return [str(row[0]) for row in rows]

    def found(self, visitor: Visitor, purpose: str, basis: str) -> Page:
        page = visitor.open("/search")
        values = {"name": self.person.name, "birth": self.person.birth, "purpose": purpose, "basis": basis}
        return press(visitor, page, "search", **values)

    def open_person(self, visitor: Visitor, purpose: str, basis: str) -> str:
        found = self.found(visitor, purpose, basis)
        return next(href for _, href in found.links if href.startswith(("/residents/", "/people/")))

    def enter(self) -> None:
        if self.entries("entered", "verified"):
            return
        clerk = signed_in(self.nation, REGISTRY, "MADO-01")
        page = clerk.open(self.open_person(clerk, "notice", "法8条") + "/move-within")
        values = {"town": "元本郷町", "block": self.block, "postal": "1928501", "building": "", **AT_COUNTER}
        today = self.nation_day()
        who = {f"who-{self.person.addressee}": "yes"}
        checked = press(clerk, page, "check", moved_on=today, notified_on=today, **values, **who)
        press(clerk, checked, "enter")

    def nation_day(self) -> str:
        return str(json.loads(self.nation.places.state.read_text())["business_day"])

    def verify(self) -> None:
        if self.entries("verified"):
            return
        (entry_id,) = self.entries("entered")
        second = signed_in(self.nation, REGISTRY, "SHINSA-01")
        press(second, second.open(f"/verify/{entry_id}"), "verify")
        second.submit(
            second.open("/"), next(f for f in second.open("/").forms if f.action.endswith("/sign-off"))
        )

    def look_behind(self) -> None:
        clerk = signed_in(self.nation, REGISTRY, "MADO-01")
        link = self.open_person(clerk, "notice", "法8条")
        file = clerk.open(link)
        for part in ("history", "seen"):
            clerk.open(f"{link}/part/{part}")
        form = next(form for form in file.forms if form.action.endswith("/code"))
        clerk.submit(file, form)
        clerk.open("/history")
        clerk.open("/returned")

    def look_up(self) -> None:
        clerk = signed_in(self.nation, CS, "MADO-01")
        page = clerk.open("/search")
        purpose = "転入届の特例"
        for scope, basis in (("own", "own/30-6"), ("nation", "30-10/1-4")):
            values = {
                "name": self.person.name,
                "birth": self.person.birth,
                "purpose": purpose,
                "basis": basis,
            }
            found = press(clerk, page, "search", scope=scope, **values)
            clerk.open(next(href for _, href in found.links if href.startswith("/people/")))

    def passport(self) -> None:
        clerk = signed_in(self.nation, PREFECTURE, "RYOKEN-01")
        clerk.open(self.open_person(clerk, "旅券の発給の審査", "5/6"))

    def disclose(self) -> None:
        clerk = signed_in(self.nation, REGISTRY, "MADO-01")
        link = self.open_person(clerk, "disclosure", "法30条の32")
        seen = clerk.open(f"{link}/part/seen")
        form = next(form for form in seen.forms if form.action.endswith("/disclosure"))
        given = clerk.submit(seen, form)
        code = re.search(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}", given.text)
        if code is None:
            raise PageNotUnderstood(given.text[:200])
        citizen = Visitor(self.nation.terminal(REGISTRY))
        door = citizen.open("/my-record")
        opened = citizen.submit(door, door.forms[0], one_time=code[0])
        if (
            "元本郷町" not in opened.text
        ):  # a code that was used up by the try before: the clerk gives another
            raise PageNotUnderstood(opened.text[:200])

    def bad_entry(self) -> None:
        """An entry that does not fit the paper goes back."""
        block = self.block.replace("番", "番地の")
        count = "select count(*) from register.entry where state = 'rejected' and body::text like %s"
        if rows_of(self.nation, REGISTRY, count, f"%{block}%") != [(0,)]:
            return
        waiting = rows_of(
            self.nation,
            REGISTRY,
            "select id from register.entry where state = 'entered' and body::text like %s",
            f"%{block}%",
        )
        if not waiting:
            clerk = signed_in(self.nation, REGISTRY, "MADO-01")
            page = clerk.open(self.open_person(clerk, "notice", "法8条") + "/move-within")
            values = {"town": "元本郷町", "block": block, "postal": "1928501", "building": ""}
            day = {"moved_on": self.nation_day(), "notified_on": self.nation_day(), **AT_COUNTER}
            who = {f"who-{self.person.addressee}": "yes"}
            press(clerk, press(clerk, page, "check", **day, **values, **who), "enter")
            raise PageNotUnderstood("now the second person")
        second = signed_in(self.nation, REGISTRY, "SHINSA-01")
        page = second.open(f"/verify/{waiting[0][0]}")
        form = next(form for form in page.forms if any(b[1] == "reject" for b in form.buttons))
        second.submit(page, form, "step=reject", why="届書と番地が違う")

    def over(self) -> None:
        """The day ended as it should: once, everywhere."""
        until(arrived(self.nation, self.person.code, self.block), self.nation)
        assert len(self.entries("verified")) == 1
        twice = rows_of(
            self.nation,
            NATIONAL,
            "select count(*) from identity.history where resident_record_code = %s and body->>'address' like %s",
            self.person.code,
            f"%{self.block}",
        )
        assert twice == [(0,)], "the same update was applied twice"


@pytest.fixture(scope="module")
def person(nation: Nation) -> Person:
    rows = rows_of(
        nation,
        REGISTRY,
        "select addressee_number, code, body->'name'->>'kanji', body->'birth_date' from register.resident_record"
        " where living and birth not like '%%-00' and household_number in (select household_number"
        " from register.resident_record where living group by 1 having count(*) = 1"
        " and bool_and(body->>'resident_kind' = 'JAPANESE')) order by addressee_number desc limit 1",
    )
    number, code, name, birth = rows[0]
    assert isinstance(birth, dict)
    day = f"{birth['year']:04d}-{birth['month']:02d}-{birth['day']:02d}"
    return Person(int(str(number)), str(code), str(name), day)


@pytest.fixture(scope="module")
def passed(nation: Nation, person: Person) -> dict[str, str]:
    """Every transaction that an ordinary day passes, and a node that passes it."""
    before = {short: dict(UNIT.findall(figures(nation, short))) for short in IN_ORDER}
    day = Day(nation, "1番1号", person)
    day.work()
    day.over()
    found: dict[str, str] = {}
    for short in IN_ORDER:
        for unit, count in UNIT.findall(figures(nation, short)):
            if count != before[short].get(unit) and unit not in MONITORED:
                found.setdefault(unit, short)
    return found


@pytest.fixture
def killed_at(nation: Nation) -> Iterator[Callable[[str, str], None]]:
    """Restart a node so that it dies at a seam; afterwards it lives as ever."""
    armed: list[str] = []

    def restart(short: str) -> None:
        child = nation.supervisor.child(short)
        if child.process is not None and child.process.poll() is None:
            child.process.kill()
            child.process.wait()
        child.history.clear()
        child.start_again_at = 0.0
        nation.supervisor.start_one(short)

    def arm(short: str, seam: str) -> None:
        armed.append(short)
        live_until(nation, short, seam)

    yield arm
    for short in sorted(set(armed)):
        _arm(nation, short, {})
        restart(short)


def test_a_day_passes_enough_places(passed: dict[str, str]) -> None:
    assert 2 * len(passed) + len(BETWEEN) >= ENOUGH_SEAMS, sorted(passed)


@pytest.mark.timeout(3600)
def test_killed_at_every_place_of_the_day_nothing_is_lost_and_nothing_doubled(
    nation: Nation, person: Person, passed: dict[str, str], killed_at: Callable[[str, str], None]
) -> None:
    places = [(short, f"{unit}.{edge}") for unit, short in passed.items() for edge in EDGES]
    sending = ("mailroom.numbered", "mailroom.before_send", "mailroom.after_send")
    handling = ("mailroom.settled", "mailroom.after_settled", "mailroom.after_told")
    places += [(REGISTRY, seam) for seam in sending] + [(CS, seam) for seam in handling]
    assert {*sending, *handling, "numbering.made"} == set(BETWEEN)
    assert {seam for _, seam in places} <= SEAMS
    survived = []
    for number, (short, seam) in enumerate(places, 10):
        killed_at(short, seam)
        child = nation.supervisor.child(short)
        process = child.process
        assert process is not None
        _disarm_when_dead(nation, short, process)
        day = Day(nation, f"{number}番{number % 9 + 1}号", person)
        day.work()
        day.over()
        if process.poll() is None:
            survived.append((short, seam))
            _arm(nation, short, {})
            process.kill()
            process.wait()
        else:
            assert process.returncode == -signal.SIGKILL, (short, seam)
    assert survived == [], "these places were not passed"
    assert len(places) >= ENOUGH_SEAMS


def _disarm_when_dead(nation: Nation, short: str, process: subprocess.Popen[bytes]) -> None:
    """The next life of the node is an ordinary one: its configuration is read again when it starts."""

    def watch() -> None:
        process.wait()
        _arm(nation, short, {})

    threading.Thread(target=watch, name=f"disarm {short}", daemon=True).start()


def test_after_all_kills_copies_agree_and_the_books_are_in_order(in_order: Callable[[], None]) -> None:
    in_order()
