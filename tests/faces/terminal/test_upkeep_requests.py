"""正確な記録の確保 at the terminal, over a real register, by requests alone."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.faces.terminal.conftest import running
from tests.faces.terminal.test_requests import ask, signed_in
from tests.nodes.registry import conftest as register_hands
from tests.nodes.registry.conftest import DAY, HERE, Counter
from tests.nodes.registry.test_protection import OFFICER, application, arrived
from tests.nodes.registry.test_upkeep import left, report

from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.protection import ProtectionDesk
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.desks.upkeep import UpkeepDesk
from daicho.faces.terminal.desk import Desks
from daicho.nodes.registry import protection, upkeep
from daicho.nodes.registry.counter import EntryView, enter, verify_entry
from daicho.rules.law.refusal import Refusal
from daicho.rules.network.kinds import NodeKind
from daicho.rules.register.ex_officio import ExOfficioStrike
from daicho.rules.register.reasons import ChangeReason

CLERK, BOTH, VERIFIER, KEEPER = "A1001", "A1002", "A1003", "S4001"
counter, move_in, comer = register_hands.counter, register_hands.move_in, register_hands.comer


@dataclass
class Hands:
    """Somebody signed in: asks for pages and sends forms."""

    url: str
    cookie: str
    key: str

    def get(self, path: str) -> tuple[int, str]:
        status, headers, text = ask(self.url, "GET", path, Cookie=self.cookie)
        if status == 303:
            return self.get(headers["location"])
        return status, text

    def send(self, path: str, **fields: str) -> tuple[int, str]:
        told = urlencode(fields | {"form_key": self.key}).encode()
        status, headers, text = ask(self.url, "POST", path, told, Cookie=self.cookie)
        if status != 303:
            return status, text
        return 303, headers["location"]

    def form_of(self, path: str, step: str) -> dict[str, str]:
        """Read what the form of a step sends of itself: what is hidden in it and what is ticked."""
        forms = re.findall(r"<form.*?</form>", self.get(path)[1], re.DOTALL)
        form = next((one for one in forms if f'name="step" value="{step}"' in one), "")
        kept = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
        ticked = re.findall(r'<input type="checkbox" name="([^"]+)" value="yes" checked', form)
        return kept | dict.fromkeys(ticked, "yes")

    def act(self, path: str, step: str, **fields: str) -> tuple[int, str]:
        """Send the form of a step of a page that was opened a moment ago."""
        return self.send(path, **(self.form_of(path, step) | {"step": step} | fields))

    def acted(self, path: str, step: str, **fields: str) -> str:
        return self.done(path, **(self.form_of(path, step) | {"step": step} | fields))

    def done(self, path: str, **fields: str) -> str:
        status, where = self.send(path, **fields)
        assert status == 303, where
        shown, text = self.get(where)
        assert shown == 200
        return text


@dataclass
class Desk:
    """A terminal over a register of a family of three."""

    terminal: Any
    counter: Counter
    family: tuple[Any, ...]

    def hands(self, login_id: str) -> Hands:
        return Hands(self.terminal.url, *signed_in(self.terminal.url, login_id))


@pytest.fixture
def desk(counter: Counter, move_in: Callable[..., Any], comer: Callable[..., Any]) -> Iterator[Desk]:
    family = arrived(counter, move_in(comer(1), comer(2, "妻"), comer(3, "子")))
    node = counter.node
    desks = Desks(
        LetterDesk(node),
        registry=CounterDesk(node),
        protection=ProtectionDesk(node),
        upkeep=UpkeepDesk(node),
    )
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as terminal:
        yield Desk(terminal, counter, family)


def case_path(text: str, words: str = "") -> str:
    found = [one for one in re.findall(r'href="(/upkeep/cases/[^"]+)"[^>]*>([^<]*)', text) if words in one[1]]
    assert found, text
    return unescape(found[0][0])


def resident_path(hands: Hands, name: str) -> str:
    _, page = hands.get("/search")
    purpose = re.findall(r'<option value="([^"]+)"', page)
    status, text = hands.send(
        "/search", step="search", purpose=purpose[0], basis="法14条", name=name, birth="H2.1.2"
    )
    assert status == 200, text
    return re.findall(r'class="mincho person-link" href="([^"]+)"', text)[0]


def test_the_number_that_forms_ask_for_stands_on_the_residents_page(desk: Desk) -> None:
    clerk = desk.hands(CLERK)
    text = clerk.get(resident_path(clerk, desk.family[1].name.kanji))[1]
    assert f'<dt>宛名番号</dt><dd class="figures">{desk.family[1].addressee_number}</dd>' in text


@pytest.mark.requirement("R-005")
def test_a_survey_goes_from_the_form_to_its_end(desk: Desk) -> None:
    clerk = desk.hands(CLERK)
    status, text = clerk.get("/upkeep")
    assert status == 200
    assert "処理中の事案はありません" in text
    assert "終了した事案はありません" in clerk.get("/upkeep/ended")[1]
    wrong, text = clerk.send("/upkeep/new/SURVEY", case_source="RETURNED_MAIL")
    assert wrong == 422
    assert 'id="e-content"' in text
    number = str(desk.family[0].addressee_number)
    text = clerk.done(
        "/upkeep/new/SURVEY", case_source="RETURNED_MAIL", content="郵便物が返戻された", addressee=number
    )
    assert "事案を受け付けました" in text
    assert "来訪　1号" in text
    path = case_path(clerk.get("/upkeep")[1])
    home = clerk.get("/")[1]
    assert re.search(r'href="/upkeep">.*?<b>1</b>件', home, re.DOTALL)
    wrong, text = clerk.act(
        path, step="VISITED", visited_by="調査　員", finding="DOES_NOT_LIVE_THERE", finding_words=""
    )
    assert wrong == 422
    assert 'id="e-finding_words"' in text
    text = clerk.acted(
        path, step="VISITED", visited_by="調査　員", finding="LIVES_THERE", finding_words="本人に面会した"
    )
    assert "本人に面会した" in text
    wrong, text = clerk.act(path, step="CLOSED", outcome="ENTERED", end_why="誤り")
    assert wrong == 422
    assert 'id="e-outcome"' in text
    text = clerk.acted(path, step="CLOSED", outcome="NO_CHANGE", end_why="居住を確認した")
    assert "事案を終了しました" in text
    assert "結末" not in text, "nothing can be done in what has ended"
    assert "処理中の事案はありません" in clerk.get("/upkeep")[1]
    text = clerk.get("/upkeep/ended")[1]
    assert "変更なし" in text
    assert "居住を確認した" in clerk.get(case_path(text))[1]


@pytest.mark.requirement("R-005")
def test_a_change_is_joined_told_and_made_public_on_the_page(desk: Desk) -> None:
    clerk, counter = desk.hands(CLERK), desk.counter
    wife = desk.family[1].addressee_number
    clerk.done("/upkeep/new/SURVEY", case_source="OUTSIDER", content="家主からの連絡", addressee=str(wife))
    path = case_path(clerk.get("/upkeep")[1])
    clerk.acted(
        path, step="VISITED", visited_by="調査　員", finding="DOES_NOT_LIVE_THERE", finding_words="空室"
    )
    strike = ExOfficioStrike((wife,), ChangeReason.STRUCK_OTHER, DAY, DAY, "不現住")
    entry = enter(counter.node, counter.clerk, strike, draw_codes=counter.draw)
    assert isinstance(entry, EntryView)
    text = clerk.get(path)[1]
    assert f'<option value="{entry.entry_id}"' in text
    text = clerk.acted(path, step="LINKED", entry=entry.entry_id, confirmed_by="実態調査")
    assert "審査待ち" in text
    assert "通知・公示待ち" in text
    assert isinstance(verify_entry(counter.node, counter.checker, entry.entry_id), EntryView)
    wrong, text = clerk.act(path, step="TOLD", way="PUBLIC_NOTICE", telling_words="")
    assert wrong == 422
    assert 'id="e-telling_words"' in text
    text = clerk.acted(path, step="TOLD", way="PUBLIC_NOTICE", telling_words="居所が明らかでない")
    assert "令和8年12月4日" in text
    wrong, text = clerk.act(path, step="CLOSED", outcome="ENTERED", end_why="不現住")
    assert wrong == 422
    assert "公示" in text
    counter.node.clock.instant += timedelta(days=15)
    later = desk.hands(CLERK)
    path = case_path(later.get("/upkeep")[1])
    assert "事案を終了しました" in later.acted(path, step="CLOSED", outcome="ENTERED", end_why="不現住")


@pytest.mark.requirement("R-005")
def test_movers_are_listed_taken_up_asked_about_and_closed(desk: Desk) -> None:
    counter = desk.counter
    left(counter, desk.family)
    counter.node.clock.instant += timedelta(days=31)
    clerk = desk.hands(CLERK)
    text = clerk.get("/upkeep/arrivals")[1]
    assert "北海道函館市" in text
    (form,) = re.findall(r'action="(/upkeep/arrivals/[^"]+)"', text)
    text = clerk.done(form)
    assert all(f"来訪　{number}号" in text for number in (1, 2, 3))
    status, text = clerk.send(form)
    assert status == 422, "it was taken up a moment ago"
    path = case_path(clerk.get("/upkeep")[1])
    clerk.acted(path, step="ASKED", asked_body="函館市", asked_municipality="01202", question="転入の有無")
    status, text = clerk.act(path, step="ANSWERED", inquiry="0")
    assert status == 422
    assert 'id="e-meaning"' in text
    status, text = clerk.act(path, step="ANSWERED", inquiry="0", meaning="ARRIVED", answer="転入済み")
    assert status == 422
    assert 'id="e-arrived"' in text, "of whom the answer speaks"
    assert 'value="転入済み"' in text
    ticked = {f"arrived-{one.addressee_number}": "yes" for one in desk.family[:2]}
    text = clerk.acted(path, step="ANSWERED", inquiry="0", meaning="ARRIVED", answer="転入済み", **ticked)
    assert "転入済み" in text
    status, text = clerk.act(path, step="CLOSED", outcome="ARRIVED", end_why="転入を確認した")
    assert status == 422, "of the child nothing is known"
    report(counter, desk.family[2:], date(2026, 11, 22))
    assert "令和8年11月22日に転入" in re.sub(r"\s", "", clerk.get(path)[1])
    clerk.acted(path, step="CLOSED", outcome="ARRIVED", end_why="転入を確認した")


def test_a_page_from_before_anothers_act_is_refused_and_shows_what_was_done(desk: Desk) -> None:
    clerk, second = desk.hands(CLERK), desk.hands(BOTH)
    number = str(desk.family[0].addressee_number)
    clerk.done("/upkeep/new/SURVEY", case_source="SURVEY", content="調査", addressee=number)
    path = case_path(clerk.get("/upkeep")[1])
    stale = clerk.form_of(path, "CLOSED")
    theirs = case_path(second.get("/upkeep")[1])
    second.acted(theirs, step="VISITED", visited_by="調査　員", finding="LIVES_THERE", finding_words="在宅")
    told = {"step": "CLOSED", "outcome": "NO_CHANGE", "end_why": "居住を確認した"}
    status, text = clerk.send(path, **(stale | told))
    assert status == 422
    assert "ほかの職員がこの事案に記録しました" in text
    assert "在宅" in text, "the page was read again"
    assert 'value="居住を確認した"' in text, "what was typed is not lost"
    again = re.findall(r'name="version" value="(\d+)"', text)
    assert set(again) == {"2"}
    assert clerk.send(path, **(stale | told | {"version": again[0]}))[0] == 303
    assert clerk.send(path, **told)[0] == 422, "a form without a version was made by no page"


def test_a_case_is_withdrawn_or_goes_on_after_its_end(desk: Desk) -> None:
    clerk, number = desk.hands(CLERK), str(desk.family[0].addressee_number)
    clerk.done("/upkeep/new/SURVEY", case_source="SURVEY", content="調査", addressee=number)
    path = case_path(clerk.get("/upkeep")[1])
    status, text = clerk.act(path, step="WITHDRAWN")
    assert status == 422
    assert 'id="e-withdraw_why"' in text
    clerk.acted(path, step="CLOSED", outcome="NO_CHANGE", end_why="居住を確認した")
    status, text = clerk.act(path, step="REOPENED")
    assert status == 422
    assert 'id="e-reopen_why"' in text
    text = clerk.acted(path, step="REOPENED", reopen_why="別の方だった")
    assert "事案を再開しました" in text
    assert "居住を確認した" in text, "how it had ended stays"
    text = clerk.acted(path, step="WITHDRAWN", withdraw_why="取り違えた")
    assert "事案を取り下げました" in text
    assert 'name="step"' not in text
    assert "取り下げた（誤った受付）" in clerk.get("/upkeep/ended")[1]
    person = resident_path(clerk, "来訪　1号")
    assert "事案を見る" not in clerk.get(person)[1]
    history = clerk.get(f"{person}/part/history")[1]
    assert clerk.get(case_path(history))[0] == 200


def test_a_joined_change_leads_to_its_case_and_back(desk: Desk) -> None:
    clerk, counter = desk.hands(CLERK), desk.counter
    wife = desk.family[1].addressee_number
    clerk.done("/upkeep/new/UNNOTIFIED", case_source="OUTSIDER", content="連絡", addressee=str(wife))
    path = case_path(clerk.get("/upkeep")[1])
    strike = ExOfficioStrike((wife,), ChangeReason.STRUCK_OTHER, DAY, DAY, "不現住")
    entry = enter(counter.node, counter.clerk, strike, draw_codes=counter.draw)
    assert isinstance(entry, EntryView)
    text = clerk.acted(path, step="LINKED", entry=entry.entry_id, confirmed_by="聞き取り")
    assert 'name="step" value="TOLD"' not in text, "nothing stands of which anybody could be told"
    (link,) = re.findall(rf'href="(/residents/[^"]+/entries/{entry.entry_id})"', text)
    status, text = clerk.get(link)
    assert status == 200
    assert "結び付いています" in text
    assert clerk.get(case_path(text))[0] == 200
    verifier = desk.hands(VERIFIER)
    person = resident_path(verifier, "来訪　2号")
    status, text = verifier.get(f"{person}/entries/{entry.entry_id}")
    assert status == 200
    assert "結び付いています" not in text


def test_lists_that_do_not_fit_a_page_go_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "CASES_SHOWN_ROWS", 1)
    clerk, number = desk.hands(CLERK), str(desk.family[0].addressee_number)
    for content in ("一つめ", "二つめ"):
        clerk.done("/upkeep/new/SURVEY", case_source="SURVEY", content=content, addressee=number)
    text = clerk.get("/upkeep")[1]
    assert re.search(r"<b>2</b><small>件のうち1件を表示", text)
    for path in ("/upkeep", "/upkeep/ended", "/upkeep/arrivals"):
        for strange in ("%01", "2026-999999", "x" * 400):
            status = clerk.get(f"{path}?after={strange}")[0]
            assert status == 200, (path, strange)
    (onward,) = re.findall(r'href="(/upkeep\?after=[^"#]+)', text)
    status, behind = clerk.get(onward)
    assert status == 200
    assert case_path(behind)
    assert "続きを表示" not in behind
    for page in (text, behind):
        clerk.acted(case_path(page), step="CLOSED", outcome="NO_CHANGE", end_why="確認した")
    (onward,) = re.findall(r'href="(/upkeep/ended\?after=[^"#]+)', clerk.get("/upkeep/ended")[1])
    assert case_path(clerk.get(onward)[1])


def test_a_survey_of_a_family_says_of_whom_it_found_anything(desk: Desk) -> None:
    clerk, numbers = desk.hands(CLERK), [one.addressee_number for one in desk.family]
    clerk.done(
        f"{resident_path(clerk, '来訪　1号')}/upkeep/SURVEY",
        case_source="SURVEY", content="調査", **{f"with-{numbers[1]}": "yes"},
    )  # fmt: skip
    path = case_path(clerk.get("/upkeep")[1])
    usual = clerk.form_of(path, "VISITED")
    assert {name for name in usual if name.startswith("seen-")} == {f"seen-{one}" for one in numbers[:2]}
    found = {"visited_by": "調査　員", "finding": "LIVES_THERE", "finding_words": "在宅"}
    nobody = {name: "" for name in usual if name.startswith("seen-")}
    status, text = clerk.act(path, step="VISITED", **(found | nobody))
    assert status == 422
    assert 'id="e-seen"' in text
    text = clerk.acted(path, step="VISITED", **(found | {f"seen-{numbers[1]}": ""}))
    assert re.search(r"居住している（<span[^>]*>来訪　1号</span>）", text)


def test_a_remaking_is_ended_by_somebody_else(desk: Desk) -> None:
    clerk, number = desk.hands(CLERK), str(desk.family[0].addressee_number)
    clerk.done("/upkeep/new/REMAKING", case_source="LOSS_FOUND", content="読み出せない", addressee=number)
    path = case_path(clerk.get("/upkeep")[1])
    clerk.acted(path, step="REMADE", damage="DAMAGED", damage_cause="故障", restored_from="前日の控え")
    status, text = clerk.act(path, step="CLOSED", outcome="REMADE", end_why="一致した")
    assert status == 422
    assert 'id="e-outcome"' in text
    second = desk.hands(BOTH)
    path = case_path(second.get("/upkeep")[1])
    second.acted(path, step="CLOSED", outcome="REMADE", end_why="一致した")


def test_the_residents_page_leads_to_open_cases_and_to_new_ones(desk: Desk) -> None:
    clerk = desk.hands(CLERK)
    path = resident_path(clerk, "来訪　1号")
    assert "事案を見る" not in clerk.get(path)[1]
    assert f"{path}/upkeep/SURVEY" in clerk.get(path)[1]
    child = desk.family[2].addressee_number
    text = clerk.done(
        f"{path}/upkeep/UNNOTIFIED",
        case_source="OTHER_OFFICE",
        content="届出がない",
        **{f"with-{child}": "yes"},
    )
    assert "来訪　3号" in text
    text = clerk.get(path)[1]
    assert "未届（処理待ち）" in text
    assert clerk.get(case_path(text))[0] == 200
    verifier = desk.hands(VERIFIER)
    seen = verifier.get(resident_path(verifier, "来訪　1号"))[1]
    assert "事案" not in seen


def test_whoever_has_not_the_right_opens_none_of_the_pages(desk: Desk) -> None:
    verifier = desk.hands(VERIFIER)
    for path in ("/upkeep", "/upkeep/ended", "/upkeep/arrivals", "/upkeep/new/SURVEY", "/upkeep/cases/x"):
        status, text = verifier.get(path)
        assert status == 403
        assert "NOT_PERMITTED" in text


def test_pages_of_another_session_or_kind_lead_nowhere(desk: Desk) -> None:
    clerk = desk.hands(CLERK)
    for path in ("/upkeep/cases/x", "/upkeep/new/MISSING_ARRIVAL", "/upkeep/new/x"):
        assert clerk.get(path)[0] == 404
    clerk.done("/upkeep/new/SURVEY", case_source="SURVEY", content="調査", address="架空町九丁目")
    path = case_path(clerk.get("/upkeep")[1])
    assert desk.hands(BOTH).get(path)[0] == 404
    assert clerk.act(path, step="NONSENSE")[0] == 422


def _protect(desk: Desk) -> None:
    kept = protection.apply_for_protection(desk.counter.node, OFFICER, application(desk.family[1]))
    assert not isinstance(kept, Refusal), kept


def test_no_page_of_a_case_tells_a_clerk_where_a_protected_person_lives(desk: Desk) -> None:
    keeper, number = desk.hands(KEEPER), str(desk.family[1].addressee_number)
    keeper.done(
        "/upkeep/new/SURVEY", case_source="OTHER_OFFICE", content="架空町一丁目に居住か",
        addressee=number, address="架空町一丁目2番3号", from_body="函館市",
    )  # fmt: skip
    _protect(desk)
    clerk = desk.hands(CLERK)
    text = clerk.get("/upkeep")[1]
    assert HERE.town not in text
    path = case_path(text)
    status, text = clerk.get(path)
    assert status == 200
    assert "支援措置担当に引き継いでください" in text
    assert HERE.town not in text
    assert "函館" not in text
    assert 'name="step"' not in text
    status, text = clerk.act(path, step="CLOSED", outcome="NO_CHANGE", end_why="x")
    assert status == 403
    assert HERE.town not in text
    status, text = clerk.send("/upkeep/new/SURVEY", case_source="SURVEY", content="調査", addressee=number)
    assert status in (403, 422)
    assert "PROTECTED" in text or "支援措置担当だけが取り扱います" in text
    assert HERE.town in keeper.get(case_path(keeper.get("/upkeep")[1]))[1]


def test_what_may_not_be_read_of_a_case_about_the_one_who_stayed_is_said_to_be_left_out(desk: Desk) -> None:
    left(desk.counter, desk.family[1:2])
    _protect(desk)
    keeper, number = desk.hands(KEEPER), str(desk.family[0].addressee_number)
    gone_to = "妻は北海道函館市へ"
    keeper.done("/upkeep/new/SURVEY", case_source="SURVEY", content=gone_to, addressee=number)
    path = case_path(keeper.get("/upkeep")[1])
    assert gone_to in keeper.get(path)[1]
    clerk = desk.hands(CLERK)
    listed = clerk.get("/upkeep")[1]
    text = clerk.get(case_path(listed))[1]
    assert "北海道函館市" not in listed + text
    assert "一部の内容は表示できません" in text
    assert 'name="step"' in text, "the case itself is anybody's who keeps the register right"


def test_the_page_warns_of_a_strike_whose_ground_is_gone(desk: Desk) -> None:
    clerk, counter = desk.hands(CLERK), desk.counter
    wife = desk.family[1].addressee_number
    clerk.done("/upkeep/new/SURVEY", case_source="OUTSIDER", content="連絡", addressee=str(wife))
    path = case_path(clerk.get("/upkeep")[1])
    found = {"visited_by": "調査　員", "finding_words": "表札がない"}
    clerk.acted(path, step="VISITED", finding="DOES_NOT_LIVE_THERE", **found)
    strike = ExOfficioStrike((wife,), ChangeReason.STRUCK_OTHER, DAY, DAY, "不現住")
    entry = enter(counter.node, counter.clerk, strike, draw_codes=counter.draw)
    assert isinstance(entry, EntryView)
    text = clerk.acted(path, step="LINKED", entry=entry.entry_id, confirmed_by="実態調査")
    assert "根拠になる調査の結果がありません" not in text
    text = clerk.acted(path, step="VISITED", finding="LIVES_THERE", **found)
    assert "根拠になる調査の結果がありません" in text


def test_a_protected_mover_shows_no_destination_and_cannot_be_taken_up_by_a_clerk(desk: Desk) -> None:
    left(desk.counter, desk.family)
    desk.counter.node.clock.instant += timedelta(days=31)
    early = desk.hands(CLERK)
    (form,) = re.findall(r'action="(/upkeep/arrivals/[^"]+)"', early.get("/upkeep/arrivals")[1])
    _protect(desk)
    text = early.get("/upkeep/arrivals")[1]
    assert "函館" not in text
    assert "支援措置担当が取扱い" in text
    assert "/upkeep/arrivals/" not in text
    assert early.send(form)[0] == 403, "an address of before does not help"


def test_a_case_about_the_other_party_asks_the_clerk_to_tell_the_officer(desk: Desk) -> None:
    _protect(desk)
    about = {"case_source": "SURVEY", "content": "調査", "name": "相手　太郎"}
    assert "支援措置担当へ連絡してください" in desk.hands(CLERK).done("/upkeep/new/SURVEY", **about)
    assert "警告を残しました" in desk.hands(KEEPER).done("/upkeep/new/SURVEY", **about)


def test_an_address_that_is_guessed_gives_one_answer_whoever_lives_there(desk: Desk) -> None:
    _protect(desk)
    clerk = desk.hands(CLERK)
    answers = []
    for address in ("架空町一丁目2番3号", "架空町九丁目9番9号"):
        text = clerk.done("/upkeep/new/SURVEY", case_source="SURVEY", content="調査", address=address)
        text = re.sub(r'waiting-count">\d+|\d{4}-\d{6}|/upkeep/cases/[^\"]+|/residents/[^\"]+', "", text)
        text = re.sub(
            r'(data-\w+-seconds|data-form-key|value|datetime)="[^"]*"', "", text.replace(address, "")
        )
        answers.append(text)
    assert answers[0] == answers[1]
