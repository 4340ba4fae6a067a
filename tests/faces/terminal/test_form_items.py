"""Only what stands on a notification form can be entered: each page offers the items of its form, and takes no other."""

import re
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest
from tests.faces.terminal.test_requests import ask, signed_in

from daicho.rules.network.kinds import NodeKind

RECEPTION = "notified_on notifier notifier_name authority document card_expires_on proof questions_answered"
PLACE = "town block building postal"
PERSON = "kanji furigana confirmed roman former former_furigana alias birth sex relationship"
NATIONALITY = "kind nationality category since status period expires card domicile head"
NEWCOMERS = " ".join(f"p1-{item}" for item in f"{PERSON} {NATIONALITY}".split())
WHO = "who-111 who-112 mover-111 mover-112 relation-111 relation-112 successor household"
FORMS = {
    "move-within": f"{RECEPTION} {PLACE} {WHO} moved_on",
    "move-out": f"{RECEPTION} {WHO} channel scheduled_on destination destination_municipality abroad by_card",
    "birth": f"{RECEPTION} by_report {NEWCOMERS} {WHO}",
    "death": f"{RECEPTION} by_report {WHO} died_on",
    "name": f"{RECEPTION} by_report changed_on cause domicile head former former_furigana n-kanji n-furigana n-confirmed n-roman n-alias",
    "household": f"{RECEPTION} {WHO} changed_on move",
    "householder": f"{RECEPTION} {WHO} changed_on",
    "code-change": f"{RECEPTION} change_ground requested_on used_from change_words",
    "/move-in": f"{RECEPTION} {PLACE} {NEWCOMERS} {WHO} p1-code moved_on previous_address previous_municipality by_card people",
    "/move-in-from-abroad": f"{RECEPTION} {PLACE} {NEWCOMERS} {WHO} moved_on country people",
}
OF_THE_PAGE = {"form_key", "step", "draft"}
OTHERS = {
    "sex": "FEMALE", "n-kanji": "他人　名", "birth": "S1.1.1", "resident_record_code": "1", "code": "1",
    "individual_number": "1", "remarks": "書込み", "registered_domicile": "書込み", "town": "書込み", "processing_hold": "1",
}  # fmt: skip


@pytest.fixture
def counter_page(terminal: Callable[..., Any]) -> Any:
    running = terminal(NodeKind.REGISTRY)
    cookie, key = signed_in(str(running.url))
    asked = {
        "form_key": key,
        "step": "search",
        "name": "渡部",
        "birth": "S58.11.23",
        "purpose": "notice",
        "basis": "法8条",
    }
    _, _, found = ask(str(running.url), "POST", "/search", asked, Cookie=cookie)
    person = re.search(r'href="(/residents/[^"/]+)"', found)
    assert person is not None

    def send(page: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        path = page if page.startswith("/") else f"{person[1]}/{page}"
        method = "GET" if fields is None else "POST"
        given = None if fields is None else {"form_key": key, **fields}
        status, _, text = ask(str(running.url), method, path, given, Cookie=cookie)
        return status, text

    return running, send


@pytest.mark.requirement("R-035")
@pytest.mark.parametrize("page", FORMS)
def test_a_page_offers_the_items_of_its_form_and_no_other(counter_page: Any, page: str) -> None:
    _, send = counter_page
    status, text = send(page)
    assert status == 200
    named = {
        re.sub(r"^(document|proof)[-_].*", r"\1", name)
        for name in re.findall(r'<(?:input|select|textarea|button)[^>]* name="([^"]+)"', text)
    }
    allowed = set(FORMS[page].split()) | OF_THE_PAGE
    assert named <= allowed, named - allowed
    assert len(named) > 4


@pytest.mark.requirement("R-035")
def test_what_is_sent_beside_the_items_of_a_form_changes_nothing(counter_page: Any) -> None:
    running, send = counter_page
    status, text = send("death", {"died_on": "R8.11.17", "step": "enter", "relation-112": "世帯主", **OTHERS})
    assert status in (200, 303), text[:400]
    (waiting,) = running.desks.registry.waiting.values()
    before = {one.addressee_number: asdict(one) for one in waiting.entry.before}
    for one in waiting.entry.after:
        changed = {name for name, value in asdict(one).items() if value != before[one.addressee_number][name]}
        assert changed <= {"removal", "update_sequence", "householder_name", "relationship"}, changed
