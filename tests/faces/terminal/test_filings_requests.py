"""9条2項通知 and 個人番号の確認 at the terminal, over a real register, by requests alone."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
from tests.faces.terminal.conftest import running
from tests.faces.terminal.test_upkeep_requests import (
    BOTH,
    CLERK,
    KEEPER,
    VERIFIER,
    Desk,
    Hands,
    resident_path,
)
from tests.nodes.registry import conftest as register_hands
from tests.nodes.registry.conftest import DAY, Counter
from tests.nodes.registry.test_filings import AWAY, Towns, answered, answers, report_of, sent, told
from tests.nodes.registry.test_genuineness import number_of
from tests.nodes.registry.test_line_down import Silence
from tests.nodes.registry.test_protection import OFFICER, application, arrived

from daicho.faces.desks.deferral import DeferralDesk
from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.network import FilingDesk, NumberDesk
from daicho.faces.desks.protection import ProtectionDesk
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.desks.tables.network_pages import FILINGS, NUMBERS
from daicho.faces.desks.upkeep import UpkeepDesk
from daicho.faces.terminal.desk import Desks
from daicho.faces.terminal.show import typed
from daicho.nodes.registry import protection
from daicho.rules.filings.answer import ReportAnswer
from daicho.rules.filings.report import FilingKind
from daicho.rules.network.kinds import NodeKind
from daicho.rules.people.names import PersonName
from daicho.rules.people.sex import Sex
from daicho.store import code_stock
from daicho.wire.operations import NumberAnswer

counter, move_in, comer = register_hands.counter, register_hands.move_in, register_hands.comer


@pytest.fixture
def town(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> Counter:
    monkeypatch.setattr(counter.node.wire, "directory", Towns)
    for room in ("sending", "closing"):
        monkeypatch.setattr(
            f"daicho.nodes.registry.filings.{room}.post_letters",
            lambda _unit, _node, letters: counter.letters.extend(letters),
        )
    return counter


@pytest.fixture
def desk(town: Counter, move_in: Callable[..., Any], comer: Callable[..., Any]) -> Iterator[Desk]:
    family = arrived(town, move_in(comer(1), comer(2, "妻"), comer(3, "子")))
    node = town.node
    desks = Desks(
        LetterDesk(node), registry=CounterDesk(node), protection=ProtectionDesk(node), upkeep=UpkeepDesk(node),
        deferral=DeferralDesk(node), filings=FilingDesk(node), numbers=NumberDesk(node),
    )  # fmt: skip
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as terminal:
        yield Desk(terminal, town, family)


def link(text: str, beginning: str) -> str:
    found = re.findall(rf'href="({beginning}[^"]+)"', text)
    assert found, text
    return unescape(found[0])


def fields_of(text: str) -> dict[str, str]:
    """Read what the form of a page holds, as a browser would send it."""
    form = next(one for one in re.findall(r"<form.*?</form>", text, re.DOTALL) if "data-busy" in one)
    given = {unescape(name): unescape(value) for name, value in re.findall(
        r'<input id="[^"]*" name="([^"]+)" type="text"[^>]*? value="([^"]*)"', form)}  # fmt: skip
    given |= {name: unescape(value) for name, value in re.findall(
        r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)}  # fmt: skip
    given |= dict(re.findall(r'<input type="checkbox"[^>]*name="([^"]+)" value="([^"]*)"[^>]*checked', form))
    given |= dict(re.findall(r'<input type="radio" name="([^"]+)" value="([^"]*)" checked', form))
    for name, options in re.findall(r'<select id="[^"]*" name="([^"]+)".*?>(.*?)</select>', form, re.DOTALL):
        given[name] = next(iter(re.findall(r'value="([^"]*)" selected', options)), "")
    return given


def record(hands: Hands, path: str, **more: str) -> str:
    """Take a form that is filled in already through its check to its entry; gives the page that follows."""
    status, page = hands.get(path)
    assert status == 200, page
    given = fields_of(page) | more
    status, checked = hands.send(path, **(given | {"step": "check"}))
    assert status == 200, checked
    assert "変更前後の確認" in checked
    return hands.done(path, **(given | {"step": "enter"}))


def entry_path(hands: Hands) -> str:
    return link(hands.get("/verify")[1], "/verify/")


def opened(hands: Hands, words: str = "この方の異動を入力する") -> str:
    text = hands.get(link(hands.get("/filings")[1], "/filings/received/"))[1]
    assert words in text
    (path,) = [unescape(one) for one in re.findall(rf'href="([^"]+)">{words}<span[^>]*>（来訪　2号）', text)]
    return path


def test_a_death_is_recorded_from_its_report_and_the_town_is_answered(desk: Desk) -> None:
    clerk, second = desk.hands(CLERK), desk.hands(VERIFIER)
    assert "処理を待つ通知はありません" in clerk.get("/filings")[1]
    told(desk.counter, report_of())
    assert re.search(r'href="/filings">.*?<b>1</b>件', clerk.get("/")[1], re.DOTALL)
    person = link(clerk.get(link(clerk.get("/filings")[1], "/filings/received/"))[1], "/residents/")
    resident = clerk.get(person)[1]
    assert "法9条2項通知（死亡" in resident
    assert "第12号" in clerk.get(link(resident, "/filings/received/"))[1]
    page = record(clerk, opened(clerk))
    assert "「記載した」と自動的に回答します" in page
    assert "異動の審査待ち" in clerk.get("/filings")[1]
    path = entry_path(second)
    seen = second.get(link(second.get(path)[1], "/filings/received/"))[1]
    assert "第12号" in seen
    assert "記載せずに回答する" not in seen
    second.done(path, step="verify")
    assert [one.answer for one in answers(desk.counter)] == [ReportAnswer.RECORDED]
    assert "法9条2項通知" not in clerk.get(person)[1]
    assert "処理を待つ通知はありません" in clerk.get("/filings")[1]
    done = clerk.get("/filings/answered")[1]
    assert "記載した" in done
    assert "来訪　2号" not in done


def test_a_birth_a_marriage_and_a_loss_of_nationality_come_filled_in(desk: Desk) -> None:
    clerk, town = desk.hands(CLERK), desk.counter
    with town.node.store.unit() as unit:
        code_stock.add_to_stock(unit, [str(town.draw(None, 1)[0])])
    child = PersonName("来訪　新", "ライホウ　アラタ")
    told(
        town, report_of(kind=FilingKind.BIRTH, name=child, sex=Sex.FEMALE, registered_domicile="北海道函館市")
    )
    given = fields_of(clerk.get(opened(clerk, "この方の世帯に記載する"))[1])
    assert given["p1-kanji"] == "来訪　新"
    assert (given["p1-sex"], given["by_report"], given["p1-domicile"]) == ("FEMALE", "yes", "北海道函館市")
    record(clerk, opened(clerk, "この方の世帯に記載する"), **{"p1-relationship": "子"})

    told(town, report_of(kind=FilingKind.MARRIAGE, name=PersonName("婚姻　2号", "コンイン　ニゴウ")), "r-2")
    paths = re.findall(r'href="(/filings/received/[^"]+)"', clerk.get("/filings")[1])
    text = clerk.get(paths[1])[1]
    (path,) = [
        unescape(one) for one in re.findall(r'href="([^"]+/name\?[^"]+)">[^<]*<span[^>]*>（来訪　2号）', text)
    ]
    given = fields_of(clerk.get(path)[1])
    assert (given["n-kanji"], given["cause"], given["changed_on"]) == (
        "婚姻　2号",
        "MARRIAGE",
        typed(DAY),
    )

    told(town, report_of(kind=FilingKind.NATIONALITY_LOST), "r-3")
    paths = re.findall(r'href="(/filings/received/[^"]+)"', clerk.get("/filings")[1])
    text = clerk.get(paths[2])[1]
    (path,) = [
        unescape(one)
        for one in re.findall(r'href="([^"]+strike\?[^"]+)">[^<]*<span[^>]*>（来訪　2号）', text)
    ]
    given = fields_of(clerk.get(path)[1])
    assert given["cause"] == "STRUCK_NATIONALITY_LOST"
    assert given[f"who-{desk.family[1].addressee_number}"] == "yes"
    assert sum(one.startswith("who-") for one in given) == 1


def test_of_two_clerks_at_one_report_the_second_one_is_told_so_beside_the_form(desk: Desk) -> None:
    first, second = desk.hands(CLERK), desk.hands(BOTH)
    told(desk.counter, report_of())
    mine, theirs = opened(first), opened(second)
    given = fields_of(second.get(theirs)[1])
    record(first, mine)
    status, text = second.send(theirs, **(given | {"step": "enter"}))
    assert status == 422
    assert "ほかの職員が先に処理しています" in text


def test_whoever_is_not_here_is_answered_and_another_resident_is_looked_at_first(desk: Desk) -> None:
    clerk = desk.hands(CLERK)
    told(desk.counter, report_of("別人　某", address="どこか"))
    path = link(clerk.get("/filings")[1], "/filings/received/")
    assert "該当すると思われる方" in clerk.get(path)[1]
    status, text = clerk.send(path, step="beside", addressee="99999")
    assert (status, "f-addressee" in text) == (422, True)
    status, text = clerk.send(path, step="beside", addressee=str(desk.family[2].addressee_number))
    assert status == 200
    assert "来訪　3号" in text
    status, text = clerk.send(path, step="answer")
    assert (status, "回答を入力してください" in text) == (422, True)
    assert clerk.send(path, step="answer", filing_answer="RECORDED")[0] == 422
    assert "通知した市区町村へ回答しました" in clerk.done(path, step="answer", filing_answer="MOVED_ON")
    assert [one.answer for one in answers(desk.counter)] == [ReportAnswer.MOVED_ON]
    assert "内容はこの画面では表示できません" in clerk.get(path)[1]


def test_that_nothing_is_to_be_recorded_is_answered_by_a_second_person_from_the_home_page(desk: Desk) -> None:
    clerk, second = desk.hands(CLERK), desk.hands(VERIFIER)
    told(desk.counter, report_of())
    path = link(clerk.get("/filings")[1], "/filings/received/")
    page = clerk.done(path, step="answer", filing_answer="NOTHING_TO_RECORD")
    assert "別の職員の審査のあと" in page
    assert "回答の審査待ち" in page
    assert answers(desk.counter) == []
    own = clerk.get(path)[1]
    assert "既に記載がある（回答する）" not in own
    assert "取り下げる" in own
    assert clerk.send(path, step="confirm")[0] == 422
    home = second.get("/")[1]
    assert re.search(r'href="/filings">\s*<span[^>]*>9条2項通知（受領）の審査.*?<b>1</b>件', home, re.DOTALL)
    theirs = link(second.get("/filings")[1], "/filings/received/")
    assert "既に記載がある（回答する）" in second.get(theirs)[1]
    assert "再び処理を待っています" in second.done(theirs, step="decline")
    clerk.done(path, step="answer", filing_answer="NOTHING_TO_RECORD")
    assert "通知した市区町村へ回答しました" in second.done(theirs, step="confirm")
    assert [one.answer for one in answers(desk.counter)] == [ReportAnswer.NOTHING_TO_RECORD]


def test_what_comes_back_is_found_from_the_home_page_and_what_nobody_answers_is_marked(desk: Desk) -> None:
    clerk, second = desk.hands(CLERK), desk.hands(VERIFIER)
    clerk.done("/sent-filings/new", **OUT)
    second.done(link(second.get("/sent-filings")[1], "/sent-filings/report/"), step="send")
    back = r'href="/sent-filings">\s*<span[^>]*>9条2項通知（送付）の戻り.*?<b>(\d)</b>件'
    assert re.findall(back, clerk.get("/")[1], re.DOTALL) == ["0"]
    with desk.counter.node.store.unit() as unit:
        unit.execute("update register.filing_out set decided_at = decided_at - interval '8 days'")
    assert re.findall(back, clerk.get("/")[1], re.DOTALL) == ["1"]
    assert "回答が遅れています" in clerk.get("/sent-filings")[1]
    (letter,) = sent(desk.counter)
    answered(desk.counter, ReportAnswer.NOT_HERE, report_id=letter.content.route.report_id)
    assert re.findall(back, clerk.get("/")[1], re.DOTALL) == ["1"]
    assert "回答が遅れています" not in clerk.get("/sent-filings")[1]


def test_a_form_that_is_corrected_with_the_browsers_back_is_not_taken_for_the_first_one(desk: Desk) -> None:
    clerk = desk.hands(CLERK)
    once = fields_of(clerk.get("/sent-filings/new")[1])["once"]
    clerk.done("/sent-filings/new", **(OUT | {"once": once}))
    status, text = clerk.send("/sent-filings/new", **(OUT | {"once": once, "filing_number": "第31号"}))
    assert status == 422
    assert "すでに入力してあるか" in text
    assert "第31号" in text
    assert "第31号" not in clerk.get("/sent-filings")[1]


def test_a_report_of_somebody_protected_shows_a_clerk_neither_name_nor_place(desk: Desk) -> None:
    clerk, officer = desk.hands(CLERK), desk.hands(KEEPER)
    told(desk.counter, report_of(address="東京都千代田区架空町一丁目2番3号"))
    before = link(clerk.get("/filings")[1], "/filings/received/")
    protection.apply_for_protection(desk.counter.node, OFFICER, application(desk.family[1]))
    text = clerk.get("/filings")[1]
    assert "支援措置担当が取扱い" in text
    assert "来訪" not in text
    assert "/filings/received/" not in text
    status, text = clerk.get(before)
    assert status == 409
    assert "架空町" not in text
    assert "架空町" in officer.get(link(officer.get("/filings")[1], "/filings/received/"))[1]


OUT = {
    "filing_kind": "DEATH", "filing_number": "第30号", "to_town": "012025", "happened_on": "R8.11.19",
    "accepted_on": "R8.11.20", "whose_name": "遠方 太郎", "whose_birth": "S25.5.5",
    "whose_address": "北海道函館市五稜郭町1番",
}  # fmt: skip


def test_a_report_goes_out_once_by_two_people_and_comes_back_to_be_sent_elsewhere(desk: Desk) -> None:
    clerk, second = desk.hands(CLERK), desk.hands(VERIFIER)
    assert "送る通知はありません" in clerk.get("/sent-filings")[1]
    once = fields_of(clerk.get("/sent-filings/new")[1])["once"]
    for _ in range(2):
        page = clerk.done("/sent-filings/new", **(OUT | {"once": once}))
        assert "別の職員の審査のあと" in page
    assert len(re.findall(r'href="/sent-filings/report/', page)) == 1
    assert "送付する" not in clerk.get(link(page, "/sent-filings/report/"))[1]
    path = link(second.get("/sent-filings")[1], "/sent-filings/report/")
    assert "遠方　太郎" in second.get(path)[1]
    assert second.send(path, step="return")[0] == 422
    assert "通知を送付しました" in second.done(path, step="send")
    assert second.send(path, step="send")[0] == 422
    (letter,) = sent(desk.counter)
    assert letter.content.route.receiver == AWAY
    answered(desk.counter, ReportAnswer.MOVED_ON, report_id=letter.content.route.report_id)
    page = clerk.get("/sent-filings")[1]
    assert "他の市区町村へ転出済み" in page
    text = clerk.get(link(page, "/sent-filings/report/"))[1]
    assert "転出先は回答に含まれません" in text
    again = link(text, "/sent-filings/new\\?again=")
    given = fields_of(clerk.get(again)[1])
    assert (given["whose_name"], given["to_town"], given["filing_number"]) == ("遠方　太郎", "", "第30号")
    clerk.done(again, **(given | {"to_town": "01202"}))
    page = clerk.get("/sent-filings")[1]
    assert len(re.findall(r'href="/sent-filings/report/', page)) == 1
    assert "審査待ち" in page
    assert "他の市区町村へ転出済み" in clerk.get("/sent-filings/closed")[1]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"to_town": "13101"}, "to_town"),
        ({"to_town": "27100"}, "to_town"),
        ({"filing_number": ""}, "filing_number"),
        ({"happened_on": "R8.11.21"}, "happened_on"),
        ({"whose_birth": ""}, "whose_birth"),
        ({"told-sex": "MALE"}, "told-sex"),
        ({"told-furigana": "漢字", "told-kanji": "漢字"}, "told-furigana"),
        ({"filing_kind": "MARRIAGE"}, "told-kanji"),
        ({"filing_remarks": "字" * 201}, "filing_remarks"),
    ],
)
def test_what_is_wrong_with_a_report_stands_beside_its_field(
    desk: Desk, wrong: dict[str, str], field: str
) -> None:
    empty = dict.fromkeys(("told-kanji", "told-furigana", "told-sex", "told-domicile", "filing_remarks"), "")
    status, text = desk.hands(CLERK).send("/sent-filings/new", **(empty | OUT | wrong))
    assert status == 422
    assert f'id="e-{field}"' in text, re.findall(r'id="e-([^"]+)"', text)


def test_a_verifier_enters_nothing_and_a_stranger_to_the_session_opens_nothing(desk: Desk) -> None:
    second, clerk = desk.hands(VERIFIER), desk.hands(CLERK)
    for path in ("/sent-filings/new", "/number-check"):
        assert second.get(path)[0] == 403
    assert second.get("/filings")[0] == 200
    told(desk.counter, report_of())
    path = link(clerk.get("/filings")[1], "/filings/received/")
    assert second.get(path)[0] == 404
    for strange in ("/filings/received/x", "/sent-filings/report/x"):
        assert clerk.get(strange)[0] == 404


@pytest.mark.requirement("R-243")
@pytest.mark.parametrize("login", ["K3001", "P2001"])
def test_whoever_has_nothing_to_do_with_it_opens_none_of_these_pages(desk: Desk, login: str) -> None:
    stranger = desk.hands(login)
    for page in (*FILINGS, *NUMBERS):
        path = re.sub(r"\{[a-z_]+\}", "x", page.path)
        assert stranger.get(path)[0] == 403, path
        if "POST" in page.methods:
            assert stranger.send(path, step="send")[0] == 403, path


@pytest.mark.parametrize("login", [CLERK, VERIFIER, KEEPER])
def test_no_page_fails_for_whoever_may_open_it_whatever_is_sent(desk: Desk, login: str) -> None:
    hands = desk.hands(login)
    for page in (*FILINGS, *NUMBERS):
        path = re.sub(r"\{[a-z_]+\}", "x", page.path)
        assert hands.get(path)[0] < 500, path
        if "POST" in page.methods:
            assert hands.send(path, step="x", once="x", filing_kind="x", addressee="x")[0] < 500, path


SHOWN = {"step": "shown", "purpose": "notice", "basis": "法30条の12第1項第4号"}


class Nation:
    """A CS that says one word."""

    def __init__(self, verdict: str) -> None:
        self.verdict, self.asked = verdict, []

    def call(self, _operation: Any, _to: Any, asked: Any) -> NumberAnswer:
        self.asked.append(asked)
        return NumberAnswer("a", self.verdict)


@pytest.mark.requirement("R-041")
@pytest.mark.parametrize(
    ("verdict", "words"), [("MATCHES", "一致"), ("DIFFERS", "不一致"), ("LAPSED", "失効")]
)
def test_a_number_that_a_mover_shows_is_confirmed_and_stays_nowhere_on_the_page(
    desk: Desk, verdict: str, words: str
) -> None:
    clerk, nation = desk.hands(CLERK), Nation(verdict)
    desk.counter.node.wire.post = nation
    assert 'href="/number-check"' in clerk.get("/move-in")[1]
    code, number = str(desk.counter.draw(None, 1)[0]), str(number_of(5))
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    status, text = clerk.send("/number-check", **(SHOWN | {"shown-code": code, "shown-number": wrong}))
    assert (status, nation.asked) == (422, [])
    assert wrong not in text
    status, text = clerk.send("/number-check", **(SHOWN | {"shown-code": code, "shown-number": number}))
    assert (status, f"<b>{words}</b>" in text) == (200, True)
    assert number not in text
    (asked,) = nation.asked
    assert (asked.individual_number, asked.purpose, asked.basis) == (number, "異動届の受付", SHOWN["basis"])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"purpose": ""}, "purpose"),
        ({"basis": "法22条"}, "basis"),
        ({"shown-code": ""}, "shown-code"),
        ({"shown-code": str(number_of(5))}, "shown-code"),
    ],
)
def test_a_question_about_a_number_that_lacks_anything_is_asked_of_nobody_and_shows_no_number_again(
    desk: Desk, wrong: dict[str, str], field: str
) -> None:
    clerk, nation = desk.hands(CLERK), Nation("MATCHES")
    desk.counter.node.wire.post = nation
    code, number = str(desk.counter.draw(None, 1)[0]), str(number_of(5))
    status, text = clerk.send(
        "/number-check", **(SHOWN | {"shown-code": code, "shown-number": number} | wrong)
    )
    assert (status, f'id="e-{field}"' in text, nation.asked) == (422, True, [])
    assert number not in text


def test_an_affair_is_closed_by_an_answer_about_its_own_person_alone(desk: Desk) -> None:
    clerk = desk.hands(CLERK)
    desk.counter.node.wire.post = Silence()
    number, codes = str(number_of(5)), [str(one) for one in desk.counter.draw(None, 2)]
    given = SHOWN | {"shown-code": codes[0], "shown-number": number}
    assert "回答なし" in clerk.send("/number-check", **given)[1]
    waiting = clerk.done("/number-check", **(given | {"step": "later"}))
    again = link(clerk.get(link(waiting, "/later/"))[1], "/number-check")
    filled = fields_of(clerk.get(again)[1])
    assert (filled["shown-code"], filled["purpose"], filled["basis"]) == (
        codes[0],
        SHOWN["purpose"],
        SHOWN["basis"],
    )
    desk.counter.node.wire.post = Nation("MATCHES")
    assert "一致" in clerk.send(again, **(given | {"shown-code": codes[1]}))[1]
    assert "処理を待つ事務はありません" not in clerk.get("/later")[1]
    assert "一致" in clerk.send(again, **given)[1]
    assert "処理を待つ事務はありません" in clerk.get("/later")[1]


def test_without_an_answer_the_question_waits_for_the_line_without_its_number(desk: Desk) -> None:
    clerk = desk.hands(CLERK)
    desk.counter.node.wire.post = Silence()
    path = f"{resident_path(clerk, '来訪　2号')}/number"
    assert "個人番号の確認" in clerk.get(path)[1]
    number = str(number_of(5))
    status, text = clerk.send(path, **{"step": "shown", "shown-number": number})
    assert (status, "回答なし" in text) == (200, True)
    waiting = clerk.done(path, step="later")
    affair = link(waiting, "/later/")
    text = clerk.get(affair)[1]
    assert number not in text
    desk.counter.node.wire.post = Nation("MATCHES")
    again = link(text, "/residents/")
    status, text = clerk.send(again, **{"step": "shown", "shown-number": number})
    assert "一致" in text
    assert "処理を待つ事務はありません" in clerk.get("/later")[1]


def test_whoever_is_protected_is_asked_about_by_no_clerk(desk: Desk) -> None:
    clerk, officer, nation = desk.hands(CLERK), desk.hands(KEEPER), Nation("MATCHES")
    desk.counter.node.wire.post = nation
    path = resident_path(clerk, "来訪　2号")
    protection.apply_for_protection(desk.counter.node, OFFICER, application(desk.family[1]))
    assert clerk.get(f"{path}/number")[0] == 403
    code = str(desk.family[1].resident_record_code)
    told = SHOWN | {"shown-code": code, "shown-number": str(number_of(5))}
    status, text = clerk.send("/number-check", **told)
    assert (status, "支援措置担当だけが取り扱います" in text) == (422, True)
    assert officer.get("/number-check")[0] == 403, "the officer alone does not ask the nation"
    assert nation.asked == []
