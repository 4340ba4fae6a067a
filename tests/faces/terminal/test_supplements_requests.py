"""戸籍の附票の通知 at the terminal, over a real register, by requests alone."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from tests.faces.terminal.conftest import running
from tests.faces.terminal.test_filings_requests import fields_of, link
from tests.faces.terminal.test_upkeep_requests import BOTH, CLERK, KEEPER, VERIFIER, Desk, Hands
from tests.nodes.registry import conftest as register_hands
from tests.nodes.registry import test_supplements as supplements_at_node
from tests.nodes.registry.conftest import DAY, Counter
from tests.nodes.registry.test_filings import AWAY
from tests.nodes.registry.test_protection import OFFICER, application
from tests.nodes.registry.test_supplements import (
    answers,
    id_of,
    mismatch,
    name_of,
    notice_of,
    sent,
    states,
    told,
)

from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.protection import ProtectionDesk
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.desks.supplements import SupplementDesk
from daicho.faces.desks.tables.network_pages import SUPPLEMENTS
from daicho.faces.terminal.desk import Desks
from daicho.faces.terminal.show import typed
from daicho.nodes.registry import protection
from daicho.nodes.registry.corrections import permit_correction
from daicho.nodes.registry.supplements import receiving
from daicho.nodes.registry.supplements.telling import tell_some
from daicho.rules.network.kinds import NodeKind
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.sex import Sex
from daicho.rules.supplements.mismatch import MismatchItem, RegisterMismatch

counter, move_in, comer = register_hands.counter, register_hands.move_in, register_hands.comer
town, family = supplements_at_node.town, supplements_at_node.family


@pytest.fixture
def desk(town: Counter, family: tuple[Any, ...]) -> Iterator[Desk]:
    node = town.node
    desks = Desks(
        LetterDesk(node),
        registry=CounterDesk(node),
        protection=ProtectionDesk(node),
        supplements=SupplementDesk(node),
    )
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as terminal:
        yield Desk(terminal, town, family)


def counted(hands: Hands, path: str) -> int:
    """Read from the menu how much waits behind a path."""
    menu = rf'<a href="{path}"[^>]*>[^<]*<span class="waiting-count">(\d+)<'
    found = re.findall(menu, hands.get("/")[1])
    return int(found[0]) if found else 0


def boxes(text: str) -> list[str]:
    return [unescape(one) for one in re.findall(r'<input type="checkbox" name="(pick-[^"]+)"', text)]


def test_many_notices_are_recorded_at_once_and_only_those_that_were_ticked(desk: Desk) -> None:
    clerk, second = desk.hands(CLERK), desk.hands(VERIFIER)
    assert "処理を待つ通知はありません" in clerk.get("/supplements")[1]
    told(desk.counter, notice_of(1, "遠方　一郎"), notice_of(2, "遠方　二郎"), notice_of(3, "遠方　三郎"))
    assert counted(clerk, "/supplements") == 3
    page = clerk.get("/supplements")[1]
    assert "北海道函館市秘密町1番" in page
    status, again = clerk.send("/supplements", step="record", notices="")
    assert status == 422
    assert "対象の方が選ばれていません" in again
    assert 'id="e-notices"' in again
    picks = boxes(page)
    done = clerk.done("/supplements", step="record", notices="", **dict.fromkeys(picks[:2], "yes"))
    assert "附票に記載したことを記録しました" in done
    assert len(boxes(clerk.get("/supplements")[1])) == 1
    status, twice = clerk.send("/supplements", step="record", notices="", **dict.fromkeys(picks, "yes"))
    assert status == 422
    assert "ほかの職員が先に処理しています" in twice
    assert len(boxes(clerk.get("/supplements")[1])) == 1, "all or none"
    assert "選んだ通知を附票に記載した" not in second.get("/supplements")[1]
    closed = clerk.get("/supplements/done")[1]
    assert "附票に記載済み" in closed
    assert "遠方" not in closed


def test_what_does_not_agree_is_told_and_each_error_stands_beside_its_field(desk: Desk) -> None:
    clerk = desk.hands(CLERK)
    told(desk.counter, notice_of())
    path = link(clerk.get("/supplements")[1], "/supplements/notices/")
    blank = fields_of(clerk.get(path)[1]) | {
        "differs": "", "says-kanji": "", "says-birth": "", "says-sex": "", "says-domicile": "", "says-head": "",
        "says-remarks": "",
    }  # fmt: skip
    for more, field in (
        ({}, "differs"),
        ({"differs-NO_REGISTER": "yes", "differs-SEX": "yes", "says-sex": "FEMALE"}, "differs"),
        ({"differs-NAME": "yes"}, "says-kanji"),
        ({"differs-DOMICILE": "yes"}, "says-domicile"),
        ({"differs-BIRTH_DATE": "yes"}, "says-birth"),
        ({"differs-BIRTH_DATE": "yes", "says-birth": "あさって"}, "says-birth"),
        ({"differs-SEX": "yes", "says-sex": "FEMALE", "says-kanji": "x"}, "says-kanji"),
    ):
        status, page = clerk.send(path, **(blank | more | {"step": "differs"}))
        assert status == 422, more
        assert f'id="e-{field}"' in page, more
    assert answers(desk.counter) == []
    told_now = clerk.done(
        path,
        **(
            blank
            | {"differs-BIRTH_DATE": "yes", "says-birth": "昭和55年1月3日", "differs-SEX": "yes"}
            | {"says-sex": "FEMALE", "says-remarks": "届書を確かめてください", "step": "differs"}
        ),
    )
    assert "戸籍照合通知を送付しました" in told_now
    assert [one.mismatch for one in answers(desk.counter)] == [
        RegisterMismatch(
            (MismatchItem.BIRTH_DATE, MismatchItem.SEX), birth_date=PartialDate(1980, 1, 3), sex=Sex.FEMALE,
            remarks="届書を確かめてください",
        )
    ]  # fmt: skip
    shown = clerk.get(path)[1]
    assert "照合通知を送付" in shown
    assert "戸籍照合通知を送る" not in shown


def test_a_town_is_shown_by_its_name_before_anything_is_sent_there(desk: Desk) -> None:
    clerk = desk.hands(CLERK)
    tell_some(desk.counter.node)
    desk.counter.letters.clear()
    assert counted(clerk, "/owed-supplements") == 1
    page = clerk.get("/owed-supplements")[1]
    assert "樺太豊原市架空1番地" in page
    (pick,) = boxes(page)
    given = {"notices": "", "once": "", pick: "yes"}
    for typed_town, words in (
        ("", "送付先の市区町村コードを入力してください"),
        ("99999", "市区町村コード"),
        ("47201", "存在しない市区町村コードです"),
    ):
        status, page = clerk.send("/owed-supplements", **(given | {"to_town": typed_town, "step": "check"}))
        assert (status, words in page) == (422, True), typed_town
    status, page = clerk.send("/owed-supplements", **(given | {"to_town": str(AWAY), "step": "send"}))
    assert status == 422, "nobody has seen its name"
    status, page = clerk.send("/owed-supplements", notices="", once="", to_town=str(AWAY), step="check")
    assert (status, 'id="e-notices"' in page) == (422, True)
    status, page = clerk.send("/owed-supplements", **(given | {"to_town": str(AWAY), "step": "check"}))
    assert status == 200
    assert "北海道函館市</b>へ1件を送ります" in page
    confirmed = fields_of(page) | {"to_town": str(AWAY), "step": "send"}
    assert sent(desk.counter) == []
    changed = clerk.send("/owed-supplements", **(confirmed | {"to_town": "13102"}))
    assert (changed[0], "送付先の市区町村コードが変わりました" in changed[1]) == (422, True)
    assert sent(desk.counter) == []
    assert "通知を送付しました" in clerk.done("/owed-supplements", **confirmed)
    assert [one.route.receiver for one in sent(desk.counter)] == [AWAY]
    assert counted(clerk, "/owed-supplements") == 0


def test_what_went_on_paper_is_noted(desk: Desk) -> None:
    clerk = desk.hands(CLERK)
    tell_some(desk.counter.node)
    (pick,) = boxes(clerk.get("/owed-supplements")[1])
    assert "紙で通知した" in clerk.done(
        "/owed-supplements", **{"notices": "", "once": "", "to_town": "", pick: "yes", "step": "paper"}
    )
    assert states(desk.counter) == {"told": 3, "paper": 1}


def test_what_came_back_in_its_letter_is_found_by_its_number_and_told_anew(desk: Desk) -> None:
    clerk = desk.hands(CLERK)
    tell_some(desk.counter.node)
    number = sent(desk.counter)[0].route.report_id
    page = clerk.get(f"/owed-supplements?letter={number}")[1]
    assert "返戻された受付番号の通知" in page
    picks = dict.fromkeys(boxes(page), "yes")
    assert len(picks) == 2
    given = {"notices": "", "once": "", "letter": number, "to_town": str(AWAY)} | picks
    status, page = clerk.send("/owed-supplements", **(given | {"step": "check"}))
    assert (status, "北海道函館市</b>へ2件を送ります" in page) == (200, True)
    confirmed = fields_of(page) | {"letter": number, "to_town": str(AWAY), "step": "send"}
    assert "通知を送付しました" in clerk.done("/owed-supplements", **confirmed)
    assert len(sent(desk.counter)) == 2
    assert len(sent(desk.counter)[-1].notices) == 2
    page = clerk.get(f"/owed-supplements?letter={number}")[1]
    assert "この受付番号で送付し、処理を待つ通知はありません" in page
    status, page = clerk.get("/owed-supplements?letter=" + "x" * 65)
    assert (status, 'id="e-letter"' in page) == (422, True)


def test_a_correction_is_filled_in_by_the_mismatch_of_its_own_person_alone(desk: Desk) -> None:
    clerk = desk.hands(CLERK)
    tell_some(desk.counter.node)
    paths = []
    for whose, name in ((desk.family[0], "来訪　壱号"), (desk.family[1], "来訪　弐号")):
        says = RegisterMismatch((MismatchItem.NAME,), name=name)
        mismatch(desk.counter, id_of(desk.counter, whose), says)
        node, officer = desk.counter.node, desk.counter.officer
        permit_correction(node, officer, whose.addressee_number, what="戸籍照合通知による")
    listed = clerk.get("/owed-supplements")[1]
    for path in dict.fromkeys(re.findall(r'href="(/owed-supplements/notices/[^"]+)"', listed)):
        page = clerk.get(path)[1]
        if "戸籍照合通知</h2>" in page:
            paths.append(link(page, '/residents/[^"]+/correction'))
    (one, of_one), (_, of_other) = (path.split("?", 1) for path in paths)
    assert fields_of(clerk.get(f"{one}?{of_one}")[1])["n-kanji"] in ("来訪　壱号", "来訪　弐号")
    assert fields_of(clerk.get(f"{one}?{of_other}")[1])["n-kanji"] in ("来訪　1号", "来訪　2号")


def test_what_did_not_agree_is_noted_as_told_on_paper(desk: Desk) -> None:
    clerk = desk.hands(CLERK)
    tell_some(desk.counter.node)
    mismatch(desk.counter, id_of(desk.counter, desk.family[1]))
    path = link(clerk.get("/owed-supplements")[1], "/owed-supplements/notices/")
    assert "紙で通知したことを記録しました" in clerk.done(path, step="paper")
    assert states(desk.counter) == {"told": 2, "paper": 1, "waiting": 1}


def test_the_correction_opens_filled_in_with_what_the_family_register_says(desk: Desk) -> None:
    clerk = desk.hands(CLERK)
    tell_some(desk.counter.node)
    whose = desk.family[1]
    says = RegisterMismatch(
        (MismatchItem.NAME, MismatchItem.DOMICILE),
        name="来訪　弐号",
        registered_domicile="北海道函館市架空町9番地",
    )
    mismatch(desk.counter, id_of(desk.counter, whose), says)
    page = clerk.get(link(clerk.get("/owed-supplements")[1], "/owed-supplements/notices/"))[1]
    assert "北海道函館市架空町9番地" in page
    permit_correction(
        desk.counter.node, desk.counter.officer, whose.addressee_number, what="戸籍照合通知による"
    )
    path = link(page, '/residents/[^"]+/correction')
    given = fields_of(clerk.get(path)[1])
    assert (given["n-kanji"], given["domicile"], given["head"]) == (
        "来訪　弐号", "北海道函館市架空町9番地", "来訪　1号",
    )  # fmt: skip
    status, checked = clerk.send(path, **(given | {"step": "check"}))
    assert (status, "変更前後の確認" in checked) == (200, True), checked
    clerk.done(path, **(given | {"step": "enter"}))
    second = desk.hands(VERIFIER)
    second.done(link(second.get("/verify")[1], "/verify/"), step="verify")
    tell_some(desk.counter.node)
    assert "戸籍と合わないとされた通知はありません" in clerk.get("/owed-supplements")[1]
    assert sent(desk.counter)[-1].notices[0].notice.name == "来訪　弐号"


def test_two_people_close_a_mismatch_that_needs_no_change(desk: Desk) -> None:
    clerk, second = desk.hands(CLERK), desk.hands(VERIFIER)
    tell_some(desk.counter.node)
    mismatch(desk.counter, id_of(desk.counter, desk.family[1]))
    path = link(clerk.get("/owed-supplements")[1], "/owed-supplements/notices/")
    status, page = clerk.send(path, step="propose", why="")
    assert (status, 'id="e-why"' in page) == (422, True)
    assert "別の職員の審査のあと" in clerk.done(path, step="propose", why="戸籍の誤記と確認")
    assert "取り下げる" in clerk.get(path)[1]
    assert counted(second, "/owed-supplements") == 1
    theirs = link(second.get("/owed-supplements")[1], "/owed-supplements/notices/")
    assert "戸籍の誤記と確認" in second.get(theirs)[1]
    assert "通知を終了しました" in second.done(theirs, step="confirm")
    assert states(desk.counter) == {"told": 2, "waiting": 1, "closed": 1}


def test_a_town_without_such_a_register_is_passed_over_on_the_page_of_the_notice(desk: Desk) -> None:
    clerk = desk.hands(CLERK)
    tell_some(desk.counter.node)
    mismatch(desk.counter, id_of(desk.counter, desk.family[1]), RegisterMismatch((MismatchItem.NO_REGISTER,)))
    path = link(clerk.get("/owed-supplements")[1], "/owed-supplements/notices/")
    status, page = clerk.send(path, to_town="13102", once="", step="check")
    assert (status, "東京都中央区</b>へ送ります" in page) == (200, True)
    once = re.findall(r'name="once" value="([^"]+)"', page)[0]
    assert "通知を送付しました" in clerk.done(path, to_town="13102", once=once, step="send")
    assert sent(desk.counter)[-1].route.receiver == "13102"


def test_what_is_protected_is_on_no_page_of_anybody_but_the_officer(desk: Desk) -> None:
    clerk, officer, second = desk.hands(CLERK), desk.hands(KEEPER), desk.hands(VERIFIER)
    told(desk.counter, notice_of(1, "秘匿　花子"), protected=True)
    theirs = link(officer.get("/supplements")[1], "/supplements/notices/")
    assert "支援措置の対象者です" in officer.get(theirs)[1]
    assert counted(officer, "/supplements") == 1
    for hands in (clerk, second):
        for path in ("/", "/supplements", "/supplements/done", "/supplements/counts"):
            text = hands.get(path)[1]
            assert "秘匿　花子" not in text
            assert "秘密町" not in text
        assert counted(hands, "/supplements") == 0
    told(desk.counter, notice_of(2, "遠方　二郎"))
    pick = boxes(clerk.get("/supplements")[1])
    assert len(pick) == 1
    counts = clerk.get("/supplements/counts")[1]
    assert "支援措置の対象者に係るものを除きます" in counts
    assert re.findall(r'<th scope="row">計</th>(.*?)</tr>', counts, re.DOTALL)[0].count("<b>1</b>") == 1
    receiving.record_notices(desk.counter.node, OFFICER, [name_of(1)])
    assert "附票に記載済み" in officer.get("/supplements/done")[1]
    assert "処理した通知はありません" in clerk.get("/supplements/done")[1]


def test_whom_a_measure_hides_stands_in_no_list_of_what_is_owed(desk: Desk) -> None:
    clerk, officer = desk.hands(CLERK), desk.hands(KEEPER)
    tell_some(desk.counter.node)
    mismatch(desk.counter, id_of(desk.counter, desk.family[1]))
    path = link(clerk.get("/owed-supplements")[1], "/owed-supplements/notices/")
    protection.apply_for_protection(desk.counter.node, OFFICER, application(desk.family[1]))
    text = clerk.get("/owed-supplements")[1]
    assert "来訪" not in text
    assert "樺太" not in text, "the household is covered, too"
    assert counted(clerk, "/owed-supplements") == 0
    assert clerk.get(path)[0] == 409
    assert counted(officer, "/owed-supplements") == 2


@pytest.mark.requirement("R-324")
def test_the_list_of_counts_shows_a_month_and_the_one_before(desk: Desk) -> None:
    clerk = desk.hands(CLERK)
    tell_some(desk.counter.node)
    page = clerk.get("/supplements/counts")[1]
    assert "戸籍附票記載事項通知処理件数一覧表" in page
    sums = re.findall(r'<th scope="row">計</th>(.*?)</tr>', page, re.DOTALL)[0]
    assert re.findall(r"<b>(\d+)</b>", sums) == ["2", "1", "0", "0", "1", "0", "0"]
    before = clerk.get(link(page, r"/supplements/counts\?on="))[1]
    assert "この月に処理した通知はありません" in before
    assert clerk.get("/supplements/counts?on=" + typed(DAY))[0] == 200
    status, wrong = clerk.get("/supplements/counts?on=x")
    assert (status, 'id="e-on"' in wrong) == (422, True)


@pytest.mark.parametrize("login", [CLERK, BOTH, VERIFIER, KEEPER])
def test_every_page_opens_for_whoever_may_see_it(desk: Desk, login: str) -> None:
    hands = desk.hands(login)
    for page in SUPPLEMENTS:
        if "{" not in page.path:
            assert hands.get(page.path)[0] == 200, page.path


@pytest.mark.parametrize("path", ["/supplements/notices/x", "/owed-supplements/notices/x"])
def test_an_address_of_another_session_leads_nowhere(desk: Desk, path: str) -> None:
    assert desk.hands(CLERK).get(path)[0] == 404
