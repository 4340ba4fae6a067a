"""住居表示・町名地番の変更 at the terminal, over a real register, by requests: from the table to the last household."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from tests.faces.terminal.conftest import running
from tests.faces.terminal.test_requests import ask, signed_in
from tests.faces.terminal.test_seals import BOUNDARY, multipart
from tests.faces.terminal.test_upkeep_requests import Hands
from tests.nodes.registry import conftest as register_hands
from tests.nodes.registry.areas.conftest import NEW, TABLE, UNNAMED, Town
from tests.nodes.registry.test_protection_reach import applied

from daicho.faces.counter.areas.changes import BODY_BYTES
from daicho.faces.desks.areas import NamesDesk
from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.terminal.desk import Desks
from daicho.nodes.office.desk import Person
from daicho.nodes.office.operators import enrol, enrol_demo_credential
from daicho.rules.areas.table import TABLE_BYTES
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Operator, Role
from daicho.store import areas
from daicho.store.areas import Tally

CLERK = Operator("MADO-01", "MADO", (Role.CLERK,))
SECURITY = Operator("SEKININ-01", "SEKININ", (Role.SECURITY_OFFICER,))
BOTH = Operator("BOTH-01", "BOTH", (Role.CLERK, Role.SECURITY_OFFICER))
GUARD = Operator("SHIEN-01", "SHIEN", (Role.PROTECTION_OFFICER,))
ADMIN = Operator("KANRI-01", "KANRI", (Role.ADMINISTRATOR,))
FORM = {
    "area_kind": "RESIDENCE_INDICATION", "area_title": "架空町の住居表示の実施", "in_force_on": "R8.12.1",
    "notice_number": "告示第12号", "notice_on": "R8.11.1", "domicile_prefix": "",
}  # fmt: skip

comer, counter = register_hands.comer, register_hands.counter


@pytest.fixture
def town(counter) -> Town:
    return Town(counter)


@pytest.fixture
def terminal(town) -> Iterator[Any]:
    node = town.node
    desks = Desks(LetterDesk(node), registry=CounterDesk(node), areas=NamesDesk(node))
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as one:
        for who in (CLERK, SECURITY, BOTH, GUARD, ADMIN):
            enrol(one.office, Person(who, who.login_id, "試験"))
            enrol_demo_credential(one.office, who.login_id)
        yield one


def hands(terminal, who) -> Hands:
    return Hands(terminal.url, *signed_in(terminal.url, who.login_id))


def said(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text))


def bring(clerk: Hands, table: str | bytes = TABLE, **fields: str) -> tuple[int, str]:
    content = table if isinstance(table, bytes) else table.encode()
    body = multipart({"form_key": clerk.key, **FORM, **fields}, content, "table")
    status, headers, text = ask(
        clerk.url, "POST", "/areas", body, Cookie=clerk.cookie,
        Content_Type=f"multipart/form-data; boundary={BOUNDARY}",
    )  # fmt: skip
    return status, text or headers.get("location", "")


def brought(clerk: Hands, **fields: Any) -> str:
    status, where = bring(clerk, **fields)
    assert status == 303, where
    return where.split("?")[0]


def path_in(text: str, words: str = "") -> str:
    found = [one for one in re.findall(r'href="(/areas/[^"/]+)"[^>]*>([^<]*)', text) if words in one[1]]
    assert found, text
    return unescape(found[0][0])


def digest_in(text: str) -> str:
    found = re.search(r'name="digest" value="([0-9a-f]{64})"', text)
    assert found is not None, text
    return found[1]


@pytest.mark.requirement("R-003")
def test_from_the_table_to_the_last_household(terminal, town, comer) -> None:
    (family, other) = town.arrive(comer(1), comer(2, "妻"))[0], town.arrive(comer(3), at=UNNAMED)[0]
    clerk, officer = hands(terminal, CLERK), hands(terminal, SECURITY)
    assert "進行中の変更はありません" in clerk.get("/areas")[1]
    path = brought(clerk)
    assert "照合しています" in clerk.get(path)[1]
    assert 'value="accept"' not in officer.get(path_in(officer.get("/areas")[1]))[1]
    town.work()
    shown = said(clerk.get(path)[1])
    assert "処理する世帯12" in shown
    assert "対照表にない住所11" in shown
    assert "該当する世帯のない行" in shown
    assert "承認を待っています" in shown
    assert "住居表示等の承認" in officer.get("/")[1]
    officers = path_in(officer.get("/areas")[1])
    page = officer.get(officers)[1]
    assert "来訪" not in page, "nobody's name is needed to approve"
    assert "実施日を待っています" in officer.done(officers, step="accept", digest=digest_in(page))
    assert town.record(family).current_address != NEW
    town.day_comes()
    town.work()
    clerk = hands(terminal, CLERK)
    assert town.record(family).current_address == NEW
    listed = clerk.get("/areas")[1]
    assert "処理済み" in listed
    assert "住居表示等の確認" in clerk.get("/")[1]
    page = clerk.get(path_in(listed))[1]
    assert "修正した世帯12" in said(page)
    queue = re.search(r'href="(/areas/[^"]+/queue)"', page)
    assert queue is not None
    waiting = clerk.get(unescape(queue[1]))[1]
    assert 'href="/residents/' in waiting, "whoever sees to a household opens its file"
    left = said(waiting)
    assert str(other.household_number) in left
    assert UNNAMED.one_line() in left
    assert "もう一度処理します" in clerk.done(path_in(listed), step="again")
    assert "修正中" in clerk.get("/areas")[1]


def test_a_household_whose_address_stays_is_taken_off_the_queue_with_a_reason(terminal, town, comer) -> None:
    (one,) = town.arrive(comer(1))
    number, home = town.bring(), one.household_number
    town.work()
    with town.node.store.unit() as unit:  # as if another table had named the place before
        (item,) = areas.items_among(unit, number, [home])
        areas.settle_items(unit, number, [replace(item, state="doubtful")])
        areas.shift_tallies(unit, number, {item.state: Tally(-1, -1), "doubtful": Tally(1, 1)})
    clerk = hands(terminal, CLERK)
    path = path_in(clerk.get("/areas")[1])
    queue = unescape(re.findall(r'href="(/areas/[^"]+/queue)"', clerk.get(path)[1])[0])
    page = clerk.get(queue)[1]
    assert "別の変更の新住所と同じ住所" in page
    wrong, page = clerk.send(queue, step="dismiss", household="", why="")
    assert wrong == 422
    assert 'href="#f-household"' in page
    assert '<a href="#f-why">理由を入力してください。</a>' in page
    page = clerk.done(queue, step="dismiss", household=str(home), why="今の表示でよい")
    assert "修正しないことを記録しました" in page
    assert "確認の必要な世帯はありません" in page
    status, page = clerk.send(queue, step="dismiss", household=str(home), why="もう一度")
    assert status == 422


def test_whoever_approves_reads_the_whole_table_as_it_came(terminal, town) -> None:
    brought(hands(terminal, CLERK))
    town.work()
    officer = hands(terminal, SECURITY)
    path = path_in(officer.get("/areas")[1])
    status, headers, text = ask(officer.url, "GET", f"{path}/table", Cookie=officer.cookie)
    assert status == 200
    assert headers["content-disposition"].startswith("attachment")
    assert text.lstrip("\ufeff").split() == TABLE.split()


def test_every_fault_is_shown_with_its_line_and_saved_as_a_file(terminal) -> None:
    clerk = hands(terminal, CLERK)
    table = "旧町名,旧番地,新町名,新番地\n架空町,1番,改称町,\n架空町,2番,架空町,2番\n"
    path = brought(clerk, table=table)
    page = clerk.get(path)[1]
    assert "2新番地入力が必要です" in said(page)
    assert "3新町名新旧の町名・番地が同じです" in said(page)
    assert 'value="withdraw"' not in page
    status, headers, text = ask(clerk.url, "GET", f"{path}/faults", Cookie=clerk.cookie)
    assert status == 200
    assert headers["content-disposition"].startswith("attachment")
    assert "2,新番地,入力が必要です。,FIELD_MISSING" in text


def test_the_blank_table_is_what_is_read(terminal, town) -> None:
    clerk = hands(terminal, CLERK)
    status, _, text = ask(clerk.url, "GET", "/area-table", Cookie=clerk.cookie)
    assert status == 200
    path = brought(clerk, table=text + "架空町,,,,改称町,,,,\r\n")
    assert "照合しています" in clerk.get(path)[1]
    assert town.work()


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"area_title": ""}, "area_title", "件名を入力"),
        ({"area_kind": "X"}, "area_kind", "一覧にありません"),
        ({"in_force_on": "R8.10.1"}, "in_force_on", "告示の日より前です"),
        ({"notice_on": "R8.12.1"}, "notice_on", "まだ来ていない日付"),
        ({"in_force_on": "R8.2.30"}, "in_force_on", "実在する日付"),
        ({"domicile_prefix": "架空県"}, "domicile_prefix", ""),
        ({"table": b""}, "table", "ファイルが選ばれていません"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(terminal, fields, field, words) -> None:
    status, text = bring(hands(terminal, CLERK), **fields)
    assert status == 422
    assert f'id="e-{field}"' in text
    assert words in said(text)


def test_a_form_that_was_sent_twice_brings_one_table(terminal) -> None:
    clerk = hands(terminal, CLERK)
    brought(clerk)
    status, text = bring(clerk)
    assert status == 422
    assert "すでに登録されています" in text
    assert len(re.findall(r'href="/areas/[^"/]+"', clerk.get("/areas")[1])) == 1


def test_a_table_of_full_size_comes_in_and_no_larger_one(terminal) -> None:
    clerk = hands(terminal, CLERK)
    header = "旧町名,旧番地,新町名,新番地\n"
    row = "架空町" * 30 + ",{},改称町,{}\n"
    large = header + "".join(row.format(number, number) for number in range(5_000))
    assert 256 * 1024 < len(large.encode()) < TABLE_BYTES
    assert "照合しています" in clerk.get(brought(clerk, table=large))[1]
    assert bring(clerk, b"x" * BODY_BYTES)[0] == 413
    status, _, _ = ask(clerk.url, "POST", "/search", b"a=" + b"b" * 300_000, Cookie=clerk.cookie)
    assert status == 413, "other pages take no more than before"


def test_whoever_brought_it_is_offered_no_word_and_refused_one(terminal, town) -> None:
    both = hands(terminal, BOTH)
    path = brought(both)
    town.work()
    page = both.get(path)[1]
    assert 'value="accept"' not in page
    assert "登録した本人は承認できません" in page
    digest = re.search(r"<code>([0-9a-f]{64})</code>", page)
    assert digest is not None
    status, text = both.send(path, step="accept", digest=digest[1])
    assert status == 422
    assert "入力した本人" in said(text)


def test_a_word_for_another_table_is_refused_and_a_change_is_taken_back_once(terminal, town) -> None:
    clerk, officer = hands(terminal, CLERK), hands(terminal, SECURITY)
    path = brought(clerk)
    town.work()
    officers = path_in(officer.get("/areas")[1])
    status, text = officer.send(officers, step="accept", digest="0" * 64)
    assert status == 422
    assert "今の一覧が違います" in text
    assert "取り下げました" in clerk.done(path, step="withdraw")
    assert clerk.send(path, step="withdraw")[0] == 422
    assert officer.send(officers, step="accept", digest="0" * 64)[0] == 422


def test_a_change_is_stopped_by_either_and_gone_on_with_by_two(terminal, town) -> None:
    clerk, officer = hands(terminal, CLERK), hands(terminal, SECURITY)
    path = brought(clerk)
    town.work()
    officers = path_in(officer.get("/areas")[1])
    officer.done(officers, step="accept", digest=digest_in(officer.get(officers)[1]))
    assert 'value="stop"' in clerk.get(path)[1]
    stopped = officer.done(officers, step="stop")
    assert "停止しました" in stopped
    assert 'value="resume"' not in stopped, "going on is asked for by whoever brings tables"
    assert clerk.send(path, step="stop")[0] == 422
    page = clerk.done(path, step="resume")
    assert "改めて承認が必要です" in page
    assert "停止していた変更です" in page
    again = officer.get(officers)[1]
    assert "実施日を待っています" in officer.done(officers, step="accept", digest=digest_in(again))


def test_what_waits_for_another_change_is_refused_in_words(terminal, town) -> None:
    clerk, officer = hands(terminal, CLERK), hands(terminal, SECURITY)
    header = "旧町名,旧番地,新町名,新番地\n"
    brought(clerk, table=f"{header}架空町,5番,架空町,9番\n", area_title="空ける")
    brought(clerk, table=f"{header}架空町,1番,架空町,5番\n", area_title="移す")
    town.work()
    listed = officer.get("/areas")[1]
    second = [unescape(one) for one in re.findall(r'href="(/areas/[^"/]+)"', listed)][1]
    status, text = officer.send(second, step="accept", digest=digest_in(officer.get(second)[1]))
    assert status == 422
    assert "別の変更が終わってから" in said(text)


def test_a_protected_household_is_in_no_figure_and_no_list_of_a_clerk(terminal, town, comer) -> None:
    (one,) = town.arrive(comer(1), at=UNNAMED)
    applied(town.counter, one)
    clerk, guard = hands(terminal, CLERK), hands(terminal, GUARD)
    path = brought(clerk)
    town.work()
    page = clerk.get(path)[1]
    assert "該当する世帯はありません" in page
    assert "/queue" not in page
    status, _ = clerk.get(f"{path}/queue")
    assert status == 404
    guards = guard.get(path_in(guard.get("/areas")[1]))[1]
    assert "対照表にない住所" in guards
    queue = re.search(r'href="(/areas/[^"]+/queue)"', guards)
    assert queue is not None
    assert UNNAMED.block in guard.get(unescape(queue[1]))[1]


def test_another_sessions_address_and_another_role_lead_nowhere(terminal, town) -> None:
    clerk, officer, admin = (hands(terminal, who) for who in (CLERK, SECURITY, ADMIN))
    path = brought(clerk)
    town.work()
    assert officer.get(path)[0] == 404
    assert admin.get("/areas")[0] == 403
    assert officer.get("/area-table")[0] == 403
    status, text = bring(officer)
    assert status == 422
    assert "NOT_PERMITTED" in text or "権限" in said(text)
    assert 'enctype="multipart/form-data"' not in officer.get("/areas")[1]
