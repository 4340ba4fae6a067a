"""Birth dates that are not whole, at the terminal: typed in one field, shown as paper has them, found again, corrected."""

import re
from dataclasses import replace

import pytest
from tests.faces.terminal.conftest import running
from tests.faces.terminal.test_requests import ask, signed_in
from tests.nodes.registry.conftest import code, counter  # noqa: F401 - a fixture of the register
from tests.rules.register.conftest import DAY, record

from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.terminal.desk import Desks
from daicho.faces.terminal.forms import Form
from daicho.faces.terminal.show import age, birth, birth_short
from daicho.faces.wording.fields import MISTAKES, Mistake
from daicho.nodes.registry.corrections import permit_correction
from daicho.nodes.registry.counter import verify_entry
from daicho.rules.network.kinds import NodeKind
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.written_dates import parse_written
from daicho.rules.register.record import ForeignItems, ResidentKind
from daicho.store import register

ENTRY = {
    "cause": "ENTERED_OTHER", "entered_from": "R8.11.10", "detail": "就籍", "town": "架空町一丁目", "block": "2番3号",
    "people": "1", "p1-kanji": "来訪　花子", "p1-furigana": "ライホウ　ハナコ", "p1-sex": "FEMALE", "p1-relationship": "世帯主",
}  # fmt: skip
TYPED = [
    ("S64.1.7", "昭和64年1月7日"),
    ("昭和６４年１月７日", "昭和64年1月7日"),
    ("1989-01-07", "昭和64年1月7日"),
    ("T15.12.25", "大正15年12月25日"),
    ("不詳", "年月日不詳"),
    ("昭和20年月日不詳", "昭和20年月日不詳"),
    ("S20.3", "昭和20年3月日不詳"),
    ("昭和20年頃", "昭和20年頃"),
    ("昭和20年3月頃", "昭和20年3月頃"),
    ("S20.3.10頃", "昭和20年3月10日頃"),
    ("推定S20.3.10", "推定昭和20年3月10日"),
    ("推定昭和20年3月", "推定昭和20年3月"),
    ("昭和20年春", "昭和20年春"),
    ("昭和20年3月上旬", "昭和20年3月上旬"),
    ("昭和20年3月中旬頃", "昭和20年3月中旬頃"),
    ("S20.3.1～10頃", "昭和20年3月1日から3月10日頃までの間"),
    ("S20.3推定1～10", "昭和20年3月推定1日から10日までの間"),
    ("S20.3.1頃～10頃", "昭和20年3月1日頃から10日頃までの間"),
    ("S45.2.29", "昭和45年2月29日（暦にない日）"),
]


@pytest.fixture
def terminal(counter):  # noqa: F811 - the fixture above
    node = counter.node
    desks = Desks(LetterDesk(node), registry=CounterDesk(node))
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as one:
        yield one


class Clerk:
    """Somebody at the terminal."""

    def __init__(self, terminal, login_id="A1001"):
        self.url = terminal.url
        self.cookie, self.key = signed_in(terminal.url, login_id)

    def get(self, path):
        status, _, text = ask(self.url, "GET", path, Cookie=self.cookie)
        assert status == 200, text[:300]
        return text

    def post(self, path, **fields):
        status, headers, text = ask(
            self.url, "POST", path, {"form_key": self.key, **fields}, Cookie=self.cookie
        )
        return status, text or headers.get("location", "")

    def search(self, born):
        terms = {"step": "search", "name": "来訪", "birth": born, "purpose": "notice", "basis": "法8条"}
        status, text = self.post("/search", **terms)
        assert status == 200, text[:300]
        return text


def enter_and_verify(counter, clerk, born, place=1):  # noqa: F811 - the fixture above
    fields = ENTRY | {"p1-birth": born, "p1-code": str(code(900 + place)), "p1-kanji": f"来訪　{place}号"}
    status, where = clerk.post("/ex-officio-entry", step="enter", **fields)
    assert status == 303, where
    with counter.node.store.reading() as unit:
        (waiting,) = register.waiting_entries(unit, limit=5)
    verify_entry(counter.node, counter.checker, waiting.id)


def test_every_form_is_typed_in_one_field_and_shown_before_it_is_entered(terminal):
    clerk = Clerk(terminal)
    for typed, words in TYPED:
        fields = ENTRY | {"p1-birth": typed, "p1-code": str(code(901))}
        status, text = clerk.post("/ex-officio-entry", step="check", **fields)
        assert status == 200, (typed, text[:300])
        assert re.search(rf">\s*{re.escape(words)}\s*<", text), (typed, words)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "生年月日を入力してください"),
        ("昨日", "年月日として読めません"),
        ("昭和20年3月10日から3月1日頃までの間", "年月日として読めません"),
        ("昭和20年13月頃", "年月日として読めません"),
        ("昭和65年頃", "その元号の期間にありません"),
        ("昭和64年1月8日", "その元号の期間にありません"),
        ("令和9年1月1日", "日付の前後が合いません"),
    ],
)
def test_an_error_stands_beside_the_field(terminal, typed, words):
    status, text = Clerk(terminal).post("/ex-officio-entry", step="check", **(ENTRY | {"p1-birth": typed}))
    assert status == 422
    beside = re.search(r'id="e-p1-birth">([^<]*)', text)
    assert beside is not None, text
    assert words in beside[1]
    assert typed in text


def test_a_birth_about_a_month_is_listed_shown_and_found_by_its_year(terminal, counter):  # noqa: F811
    clerk = Clerk(terminal)
    enter_and_verify(counter, clerk, "昭和20年3月頃")
    for born in ("昭和20年3月頃", "S20", "昭和20年月日不詳", "1945-00-00"):
        assert "昭和20年3月頃" in clerk.search(born), born
    for born in ("S21", "S20.3.10", "不詳"):
        assert "該当する方はいません" in clerk.search(born), born
    link = re.search(r'href="(/residents/[^"/]+)"', clerk.search("S20"))[1]
    text = clerk.get(link)
    assert "昭和20年3月頃" in text
    assert "80～81歳" in text


def test_a_search_by_month_finds_every_day_of_it_and_those_of_whom_the_day_is_unknown(terminal, counter):  # noqa: F811
    clerk = Clerk(terminal)
    for place, born in enumerate(("S20.3.10", "S20.3.10頃", "推定S20.3.11", "S20.4.1", "S20.2.30"), 1):
        enter_and_verify(counter, clerk, born, place)
    found = clerk.search("S20.3")
    assert [f"来訪　{place}号" in found for place in range(1, 6)] == [True, True, True, False, False]
    assert "昭和20年2月30日（暦にない日）" in clerk.search("S20.2.30")


def test_a_correction_begins_with_the_words_that_stand_and_takes_others(terminal, counter):  # noqa: F811
    clerk = Clerk(terminal)
    enter_and_verify(counter, clerk, "T15.12.25")
    with counter.node.store.reading() as unit:
        (held,) = register.search(unit, register.SearchKeys(birth="1926-12-25"), limit=2)
    permit_correction(counter.node, counter.officer, held.addressee_number, "元号の誤り")
    link = re.search(r'href="(/residents/[^"/]+)"', clerk.search("T15.12.25"))[1]
    page = clerk.get(link + "/correction")
    assert 'value="大正15年12月25日"' in page
    given = dict(re.findall(r'name="([\w-]+)"[^>]*value="([^"]*)"', page))
    permit = re.search(r'<option value="([^"]+)"[^>]*selected', page)[1]
    fields = given | {
        "permit": permit,
        "what": "元号の誤り",
        "sex": "FEMALE",
        "birth": "昭和元年12月25日",
        "step": "check",
    }
    status, text = clerk.post(link + "/correction", **{k: v for k, v in fields.items() if k != "form_key"})
    assert status == 200, text
    assert "大正15年12月25日" in text
    assert "昭和元年12月25日" in text


def test_a_birth_notice_needs_a_whole_day(terminal, counter):  # noqa: F811
    clerk = Clerk(terminal)
    enter_and_verify(counter, clerk, "S45.3.10")
    link = re.search(r'href="(/residents/[^"/]+)"', clerk.search("S45.3.10"))[1]
    child = {
        "p1-kanji": "来訪　子",
        "p1-furigana": "ライホウ　コ",
        "p1-sex": "FEMALE",
        "p1-relationship": "子",
    }
    for typed in ("令和8年11月頃", "R8.11", "令和7年2月29日", "不詳"):
        status, text = clerk.post(link + "/birth", step="check", **child, **{"p1-birth": typed})
        assert status == 422, typed
        assert 'id="e-p1-birth"' in text, typed


@pytest.mark.parametrize(("typed", "words"), TYPED)
def test_a_form_reads_every_form_of_a_birth_date_and_gives_back_what_is_certain(typed, words):
    form = Form({"birth": typed})
    assert form.written_day("birth") == parse_written(typed)
    assert form.birth("birth") == parse_written(typed).folded
    assert form.fine


def test_other_days_stay_calendar_days():
    for typed in ("推定R8.11.10", "令和8年11月頃", "R7.2.29", "令和8年11月上旬"):
        form = Form({"notified_on": typed})
        assert form.day("notified_on") is None
        assert MISTAKES[Mistake.NO_SUCH_DAY].now in form.errors["notified_on"].now, typed


def test_a_foreign_residents_birth_is_western_and_a_list_is_short_where_it_can_be():
    told = parse_written("昭和20年3月頃")
    plain = record(1, birth_date=PartialDate(1970, 3, 10))
    vague = record(1, birth_date=told.folded, birth_written=told.kept)
    assert (birth(plain), birth_short(plain)) == ("昭和45年3月10日", "S45. 3.10")
    assert (birth(vague), birth_short(vague)) == ("昭和20年3月頃",) * 2
    items = ForeignItems(DAY, "ブラジル", "中長期在留者")
    foreign = replace(vague, resident_kind=ResidentKind.FOREIGN, foreign=items)
    assert (birth(foreign), birth_short(foreign)) == ("1945年3月頃",) * 2
    whole = replace(foreign, birth_date=PartialDate(1970, 3, 10), birth_written=None)
    assert birth_short(whole) == "1970年3月10日"


@pytest.mark.parametrize(
    ("born", "words"),
    [
        (PartialDate(1970, 5, 31), "56歳"),
        (PartialDate(1970, 5, None), "56歳"),
        (PartialDate(1970, 11, None), "55～56歳"),
        (PartialDate(1970, None, None), "55～56歳"),
        (PartialDate(None, None, None), ""),
        (PartialDate(2027, 1, 1), ""),
    ],
)
def test_the_age_of_a_partly_unknown_birth_is_told_between_two(born, words):
    assert age(born, DAY) == words


def test_a_look_up_above_the_register_shows_what_is_certain_and_a_foreign_residents_birth_western(database):
    with running(database("cs"), NodeKind.CS) as one:
        _look_up_shows(one)


def _look_up_shows(one):
    records = one.desks.look_up.registry.records
    told = parse_written("昭和20年3月10日頃")
    records[101] = replace(records[101], birth_date=told.folded, birth_written=told.kept)
    items = ForeignItems(DAY, "ブラジル", "中長期在留者")
    records[121] = replace(records[121], resident_kind=ResidentKind.FOREIGN, foreign=items)
    clerk = Clerk(one)
    terms = {
        "step": "search",
        "name": "わたなべ",
        "birth": "S20.3",
        "purpose": "c1",
        "basis": "30-10-1-4",
        "scope": "own",
    }
    status, text = clerk.post("/search", **terms)
    assert status == 200, text[:500]
    assert "昭和20年3月日不詳" in text
    assert "10日頃" not in text
    assert "1952年1月8日" in text
