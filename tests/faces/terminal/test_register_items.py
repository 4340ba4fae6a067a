"""The register's 29 groups of items: each is kept, and stands on a page that a clerk opens."""

import re
import unicodedata
from dataclasses import replace
from datetime import date

import pytest
from tests.faces.terminal.conftest import running
from tests.faces.terminal.test_cards_held import note
from tests.faces.terminal.test_programmes import Clerk
from tests.faces.terminal.test_seals import _raw, apply, card_of, decide
from tests.nodes.registry.conftest import DAY, comer, counter, move_in  # noqa: F401 - fixtures of the register
from tests.nodes.registry.test_protection import arrived
from tests.nodes.registry.test_protection_of_places import rewritten
from tests.paper.reading import text_of

from daicho.faces.desks.cards import CardBook
from daicho.faces.desks.certificates import PaperDesk
from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.programmes import ItemsDesk
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.desks.seals import SealsDesk
from daicho.faces.terminal.desk import Desks
from daicho.nodes.config import IssuerConfig, SealsConfig
from daicho.nodes.registry.reports import receive_number
from daicho.rules.network.kinds import NodeKind
from daicho.rules.people.codes import IndividualNumber, with_check_digit
from daicho.rules.people.names import FormerSurname
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.register.record import ForeignItems, Removal, ResidentKind, ScheduledMoveOut

NUMBER = IndividualNumber(with_check_digit("12345678901"))
WOMAN, GUEST, GONE = "来訪　2号", "来訪　1号", "来訪　3号"
BOTH = "A1002"


@pytest.fixture
def people(counter, move_in, comer):  # noqa: F811 - the fixtures above
    """Give a family: a foreign householder, a Japanese woman of whom every item is recorded, and a child who died."""
    guest, woman, gone = arrived(counter, move_in(comer(1), comer(2, "妻"), comer(3, "子")))
    foreign = ForeignItems(
        date(2012, 7, 9), "フィリピン", "中長期在留者", "AB12345678CD", "定住者", "3年", date(2029, 2, 3),
        ("平成24年7月9日　「通称　三郎」を記載",),
    )  # fmt: skip
    guest = rewritten(
        counter, guest, resident_kind=ResidentKind.FOREIGN, foreign=foreign, processing_hold=True,
        scheduled_move_out=ScheduledMoveOut(date(2026, 12, 20), DAY, "東京都港区空町3番", None, abroad=False, by_card=True),
        name=replace(guest.name, alias="通称　四郎"),
    )  # fmt: skip
    former = FormerSurname("旧架空", "キュウカクウ")
    woman = rewritten(
        counter, woman,
        name=replace(woman.name, former_surname=former, roman="RAIHO HANAKO"),
        previous_address="北海道函館市海町1番", move_in_from_address="北海道札幌市雪町2番", move_out_to_address="東京都港区空町3番",
        registered_domicile="架空県架空市１番", family_register_head="架空　筆太", remarks=("令和2年1月1日　再製",),
        de_facto_householder="架空　実太",
    )  # fmt: skip
    removal = Removal(ChangeReason.DEATH, date(2026, 11, 15), date(2026, 11, 18))
    gone = rewritten(counter, gone, removal=removal)
    with counter.node.store.unit() as unit:
        peer = "cs.m13101.p13.daicho.internal"
        assert receive_number(unit, counter.node, woman.resident_record_code, NUMBER, peer=peer)
    return guest, woman, gone


@pytest.fixture
def terminal(counter, people):  # noqa: F811 - the fixtures above
    node = counter.node
    papers = PaperDesk(node, IssuerConfig("見本　一郎", 300), 250)
    desks = Desks(
        LetterDesk(node), registry=CounterDesk(node), certificates=papers, programmes=ItemsDesk(node),
        seals=SealsDesk(node, papers, SealsConfig(answer_days=20)), cards=CardBook(node),
    )  # fmt: skip
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as one:
        yield one


def plain(page):
    """Give the words of a page's body, tags left out."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split("<main", 1)[1]))


def said(page):
    """Read what a page says of each item, by its label."""
    pairs = re.findall(r"<dt>([^<]*)</dt><dd[^>]*>(.*?)</dd>", page, re.DOTALL)
    return {label: re.sub(r"<[^>]+>", " ", value).strip() for label, value in pairs}


def opened(clerk):
    """Open every page of one resident that tells of items."""
    pages = {"record": clerk.get(clerk.link)[1]}
    for part in ("household", "history"):
        pages[part] = clerk.get(f"{clerk.link}/part/{part}")[1]
    for page in ("programmes", "cards", "seal", "certificates"):
        pages[page] = clerk.get(f"{clerk.link}/{page}")[1]
    return pages


def filled(terminal, counter, clerk):  # noqa: F811 - the fixture's name
    """Let the affairs beside the record have something to tell: items, a card, a seal and both certificates."""
    nhi = {"programme": "NHI", "change": "ACQUIRED", "told_by": "OFFICE", "changed_on": "R8.11.12"}
    seen = {"seen": "0", "step": "note", "reference": "国保第12号"}
    assert clerk.post(clerk.link + "/programmes", **nhi, **seen)[0] == 303
    old = {"which_card": "RESIDENT_CARD-1", "card_on": "H27.12.1", "card_until": "2025-11-30"}
    assert note(clerk, **old)[0] == 303
    assert note(clerk, card_on="R8.11.16", card_until="R18.1.2")[0] == 303
    assert apply(clerk)[0] == 303
    assert decide(terminal)[2][0] == 303
    number = re.search(
        r'name="person" value="([0-9]+)"[^>]*checked', clerk.get(clerk.link + "/certificates")[1]
    )[1]
    copy = {
        "kind": "PERSONAL_COPY", "requester": "SELF", "proof": "PHOTO", "person": number, "channel": "COUNTER",
        "item-INDIVIDUAL_NUMBER": "yes",
    }  # fmt: skip
    status, made = clerk.post(clerk.link + "/certificates", **copy)
    assert status == 303, made
    seal = {"requester": "SELF", "card_number": card_of(counter), "proof": ""}
    assert clerk.post(clerk.link + "/seal/certificate", **seal)[0] == 303
    return made


def on_paper(clerk, made):
    """Read the paper that was issued: numbers are shown nowhere else."""
    paper = re.search(r'href="(/paper/[^"]+)"', clerk.get(made)[1])
    return unicodedata.normalize("NFKC", text_of(_raw(clerk, paper[1])[2]))


@pytest.mark.requirement("R-025")
def test_each_of_the_29_groups_is_kept_and_shown(terminal, counter, people):  # noqa: F811 - the fixtures above
    woman, clerk = people[1], Clerk(terminal)
    made = filled(terminal, counter, clerk)
    hers = opened(clerk)
    # Whoever signs in anew ends the own session of before: another clerk looks at the others.
    his = opened(Clerk(terminal, BOTH, GUEST))
    theirs = Clerk(terminal, BOTH, GONE)
    record, foreign, removed = said(hers["record"]), said(his["record"]), said(theirs.get(theirs.link)[1])
    code = clerk.post(clerk.link + "/code")[1]
    found = {
        "F1-1": record["宛名番号"] == str(woman.addressee_number),
        "F1-2": str(woman.resident_record_code) in code,
        "F1-3": str(NUMBER) in on_paper(clerk, made),
        "F1-4": record["世帯番号"] == str(woman.household_number),
        "F1-5": WOMAN in hers["record"] and "ライホウ　ジロウ" in hers["record"],
        "F1-6": record["生年月日"].startswith("平成2年1月2日"),
        "F1-7": record["性別"] == "男",
        "F1-8": record["続柄"] == "妻",
        "F1-9": (record["住民となった日"], record["住民となった届出日"]) == ("令和8年11月10日", "令和8年11月20日"),
        "F1-10": record["住所を定めた事由"] == "転入",
        "F1-11": (record["住民区分"], foreign["住民区分"]) == ("日本人住民", "外国人住民"),
        "F1-12": record["世帯主"] == GUEST,
        "F1-13": "架空町一丁目" in record["住所"],
        "F1-14": (record["住所を定めた日"], record["住所を定めた届出日"]) == ("令和8年11月10日", "令和8年11月20日"),
        "F1-15": (record["前住所"], record["転入元の住所"], record["転出先の住所"])
        == ("北海道函館市海町1番", "北海道札幌市雪町2番", "東京都港区空町3番"),
        "F1-16": (record["本籍"], record["筆頭者"]) == ("架空県架空市１番", "架空　筆太"),
        "F1-17": record["備考"] == "令和2年1月1日　再製",
        "F1-18": record["事実上の世帯主"] == "架空　実太",
        "F1-19": (removed["消除の事由"], removed["消除の日"], removed["消除の届出日"])
        == ("死亡", "令和8年11月15日", "令和8年11月18日"),
        "F1-20": foreign["外国人住民となった日"] == "平成24年7月9日",
        "F1-21": (
            foreign["国籍・地域"], foreign["法第30条の45の区分"], foreign["在留カード等の番号"], foreign["在留資格"],
            foreign["在留期間"], foreign["在留期間の満了日"],
        ) == ("フィリピン", "中長期在留者", "AB12345678CD", "定住者", "3年", "令和11年2月3日"),
        "F1-22": (foreign["通称"], foreign["通称の記載・削除"]) == ("通称　四郎", "平成24年7月9日　「通称　三郎」を記載"),
        "F1-23": "国民健康保険" in plain(hers["programmes"]) and "令和8年11月12日" in plain(hers["programmes"]),
        "F1-24": (foreign["転出予定日"], foreign["転出先"]) == ("令和8年12月20日", "東京都港区空町3番")
        and "消除（死亡）" in plain(theirs.get(theirs.link)[1]),
        "F1-25": "300円" in plain(hers["certificates"]) and "転入" in plain(hers["history"]),
        "F1-26": "令和18年1月2日" in plain(hers["cards"])
        and "住民基本台帳カード" in plain(hers["cards"])
        and "AB12345678CD" in plain(his["cards"]),
        "F1-27": foreign["処理の保留"] == "保留中",
        "F1-28": "250円" in plain(hers["seal"]) and 'class="seal-print"' in hers["seal"],
        "F1-29": (record["旧氏"], record["旧氏の振り仮名"], record["ローマ字氏名"])
        == ("旧架空", "キュウカクウ", "RAIHO HANAKO"),
    }  # fmt: skip
    assert [name for name, there in found.items() if not there] == []
    assert list(found) == [f"F1-{place}" for place in range(1, 30)]
