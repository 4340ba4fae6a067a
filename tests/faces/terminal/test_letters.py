"""事案の文書・定期調査 at the terminal, over a real register, by requests: from the form to the sent letter and the report."""

import re
import threading
from html import unescape

import pytest
from tests.faces.terminal.conftest import running
from tests.faces.terminal.test_office import Hands
from tests.nodes.registry import conftest as register_hands
from tests.nodes.registry.test_certificates import Press
from tests.nodes.registry.test_letters import struck
from tests.nodes.registry.test_protection import arrived
from tests.nodes.registry.test_upkeep import opened, told

from daicho.faces.desks.certificates import PaperDesk
from daicho.faces.desks.correspondence import LettersOfTown, ManyLetters, TownSurveys
from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.papers import OfficeNotices
from daicho.faces.desks.protection import ProtectionDesk
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.desks.upkeep import UpkeepDesk
from daicho.faces.terminal.desk import Desks
from daicho.nodes.config import IssuerConfig
from daicho.nodes.registry.correspondence import bulk
from daicho.nodes.registry.surveys import listing
from daicho.paper.workers import Sheet
from daicho.rules.network.kinds import NodeKind
from daicho.rules.upkeep.case import CaseKind

pytestmark = pytest.mark.requirement("R-005")
comer, counter, move_in = register_hands.comer, register_hands.counter, register_hands.move_in


@pytest.fixture
def family(counter, move_in, comer):
    return arrived(counter, move_in(comer(1), comer(2, "妻")))


@pytest.fixture
def terminal(counter, family, monkeypatch):
    node = counter.node
    papers = PaperDesk(node, IssuerConfig("見本　一郎", 300))
    monkeypatch.setattr(papers, "_set", Press())
    monkeypatch.setattr(
        papers, "set_bundle", lambda all_: Sheet(all_[0].number, b"%PDF", specimen=False, sealed=False)
    )
    many = ManyLetters(node, papers)
    desks = Desks(
        LetterDesk(node), registry=CounterDesk(node), certificates=papers, protection=ProtectionDesk(node),
        upkeep=UpkeepDesk(node), notices=OfficeNotices(node, papers), correspondence=LettersOfTown(node, papers), bulk=many,
        surveys=TownSurveys(node, many),
    )  # fmt: skip
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as one:
        yield one


def links(text, start):
    return [unescape(one) for one in re.findall(rf'href="({start}[^"]+)"', text)]


def test_a_reminder_from_the_case_to_the_post(terminal, family):
    clerk = Hands(terminal)
    told = {"case_source": "RETURNED_MAIL", "content": "返戻", "addressee": str(family[0].addressee_number)}
    status, where = clerk.post("/upkeep/new/UNNOTIFIED", **told)
    assert status == 303, where
    _, text = clerk.get(where)
    path = next(one for one in links(text, "/upkeep/cases/") if one.endswith("/REMINDER"))
    _, text = clerk.get(path)
    assert "令和8年12月4日" in text
    status, text = clerk.post(
        path, step="write", duty="", letter_due_on="", paper_words="", letter_address="", care_of=""
    )
    assert (status, 'id="e-duty"' in text) == (422, True)
    filled = {"duty": "MOVE_WITHIN", "paper_words": "", "letter_address": "", "care_of": ""}
    status, text = clerk.post(path, step="write", letter_due_on="R8.11.1", **filled)
    assert (status, 'id="e-letter_due_on"' in text) == (422, True)
    status, text = clerk.post(path, step="write", letter_due_on="", **filled | {"care_of": "親族"})
    assert (status, 'id="e-letter_address"' in text) == (422, True)
    status, where = clerk.post(path, step="write", letter_due_on="", **filled)
    assert status == 303, where
    letter = where.partition("?")[0]
    _, text = clerk.get(letter)
    assert "作成済み・未発送" in text
    file = links(text, "/correspondence/")[0]
    assert file.endswith("/file")
    assert clerk.get(file)[0] == 200
    assert "1回" in clerk.get(letter)[1]
    status, text = clerk.post(letter, step="sent", letter_sent_on="R8.11.1")
    assert (status, 'id="e-letter_sent_on"' in text) == (422, True)
    assert clerk.post(letter, step="sent", letter_sent_on="")[0] == 303
    _, text = clerk.get(letter)
    assert "発送済み" in text
    case = links(text, "/upkeep/cases/")[0]
    _, text = clerk.get(case)
    assert "転居届の催告書" in text
    assert "催告中" in text
    twice = clerk.post(path, step="write", letter_due_on="", **filled)
    assert twice[0] == 303


def test_a_survey_from_its_scope_to_its_report(terminal, counter, family):
    clerk = Hands(terminal)
    status, text = clerk.get("/upkeep/surveys")
    assert (status, "調査はまだありません" in text) == (200, True)
    scope = {
        "survey_basis": "REGULAR", "survey_title": "定期調査", "surveyors": "調査　太郎", "survey_until": "R9.3.31",
        "survey_area": "", "age_years": "", "quiet_years": "",
    }  # fmt: skip
    status, text = clerk.post("/upkeep/surveys", step="start", **scope | {"survey_until": "R8.11.1"})
    assert (status, 'id="e-survey_until"' in text) == (422, True)
    status, where = clerk.post("/upkeep/surveys", step="start", **scope)
    assert status == 303, where
    path = where.partition("?")[0]
    assert "対象の世帯を抽出しています" in clerk.get(path)[1]
    while listing.list_on(counter.node):
        pass
    _, text = clerk.get(path)
    home = links(text, "/upkeep/surveys/household/")[0]
    assert clerk.post(path, step="sheets")[0] == 303
    while bulk.run_on(counter.node):
        pass
    bundle = links(clerk.get(path)[1], "/letter-runs/")[0]
    status, text = clerk.get(bundle)
    assert (status, family[0].name.kanji in text) == (200, True)
    assert clerk.get(links(text, "/letter-runs/")[0])[0] == 200
    given = {"visits": "0", "visited_on": "", "difference": "", "finding_words": ""}
    status, text = clerk.post(home, step="note", survey_result="DIFFERS", **given)
    assert (status, 'id="e-difference"' in text, 'id="e-finding_words"' in text) == (422, True, True)
    differs = given | {"difference": "GONE", "finding_words": "空き家", "differing": ""}
    status, text = clerk.post(home, step="note", survey_result="DIFFERS", **differs)
    assert (status, 'id="e-differing"' in text) == (422, True)
    chosen = {f"differing-{family[1].addressee_number}": "yes"}
    status, where = clerk.post(home, step="note", survey_result="DIFFERS", **differs | chosen)
    assert (status, where.startswith("/upkeep/cases/")) == (303, True)
    assert "空き家" in clerk.get(where)[1]
    assert clerk.post(path, step="end", end_words="")[0] == 303
    _, text = clerk.get(path)
    assert "1世帯" in text
    report = next(one for one in links(text, "/upkeep/surveys/") if one.endswith("/report"))
    status, text = clerk.get(report)
    assert (status, "相違がある,1,2" in text) == (200, True)


def test_a_handle_of_another_session_opens_no_letter_and_no_bundle(terminal):
    clerk = Hands(terminal)
    for path in ("/correspondence/x", "/correspondence/x/file", "/letter-runs/x", "/upkeep/surveys/x"):
        assert clerk.get(path)[0] == 404, path


def test_a_letter_is_about_the_people_that_a_clerk_chose(terminal, counter, family):
    people = tuple(one.addressee_number for one in family)
    opened(counter, told(CaseKind.UNNOTIFIED, people=people))
    clerk = Hands(terminal)
    _, text = clerk.get("/upkeep")
    _, text = clerk.get(links(text, "/upkeep/cases/")[0])
    path = next(one for one in links(text, "/upkeep/cases/") if one.endswith("/REMINDER"))
    assert all(f'name="to-{one}"' in clerk.get(path)[1] for one in people)
    filled = {
        "duty": "MOVE_WITHIN", "paper_words": "", "letter_address": "", "care_of": "", "letter_due_on": "", "to_people": "",
    }  # fmt: skip
    status, text = clerk.post(path, step="write", **filled)
    assert (status, 'id="e-to_people"' in text) == (422, True)
    status, where = clerk.post(path, step="write", **filled | {f"to-{people[1]}": "yes"})
    assert status == 303, where
    _, text = clerk.get(where.partition("?")[0])
    assert family[1].name.kanji in text
    assert family[0].name.kanji not in text


def test_letters_asked_for_by_mistake_are_stopped_from_the_page_of_their_survey(terminal, counter, family):
    clerk = Hands(terminal)
    scope = {
        "survey_basis": "REGULAR", "survey_title": "=1+1", "surveyors": "調査　太郎", "survey_until": "R9.3.31",
        "survey_area": "", "age_years": "", "quiet_years": "",
    }  # fmt: skip
    _, where = clerk.post("/upkeep/surveys", step="start", **scope)
    path = where.partition("?")[0]
    while listing.list_on(counter.node):
        pass
    assert clerk.post(path, step="sheets")[0] == 303
    run = re.findall(r'name="run" value="([^"]+)"', clerk.get(path)[1])[0]
    assert clerk.post(path, step="stop-letters", run=run)[0] == 303
    assert not bulk.run_on(counter.node)
    text = clerk.get(path)[1]
    assert 'name="run"' not in text
    report = next(one for one in links(text, "/upkeep/surveys/") if one.endswith("/report"))
    assert "'=1+1" in clerk.get(report)[1]


def test_one_bundle_at_a_time_is_at_the_press(counter, monkeypatch):
    papers, at_once = PaperDesk(counter.node, IssuerConfig("見本　一郎", 300)), []
    other = threading.Thread(target=lambda: papers.set_bundle([]))

    class Slow:
        def set_bundle(self, _):
            at_once.append(papers._binding.locked())
            if len(at_once) == 1:
                other.start()

    monkeypatch.setattr(papers, "_opened", Slow)
    papers.set_bundle([])
    other.join()
    assert at_once == [True, True]


def test_a_notice_offers_the_changes_of_whom_it_names(terminal, counter, family):
    _, entry = struck(counter, family[:1])
    clerk = Hands(terminal)
    _, text = clerk.get("/upkeep")
    _, text = clerk.get(links(text, "/upkeep/cases/")[0])
    path = next(one for one in links(text, "/upkeep/cases/") if one.endswith("/EX_OFFICIO_NOTICE"))
    _, text = clerk.get(path)
    assert re.search(rf'name="told-{entry}" value="yes" checked><span>[^<]*{family[0].name.kanji}', text)
    filled = {"paper_words": "", "letter_address": "", "care_of": "", "letter_due_on": "", "told": ""}
    status, text = clerk.post(path, step="write", **filled)
    assert (status, 'id="e-told"' in text) == (422, True)
    status, where = clerk.post(path, step="write", **filled | {f"told-{entry}": "yes"})
    assert status == 303, where
