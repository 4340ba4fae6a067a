"""Time and size of what an operator without the right is answered about the protected, the open, and nobody.

A clerk may know that somebody is protected: the page says whom to turn to. Where they live must not be learnt, neither from
what is said nor from how long or how large the answer is. Whoever may not open a page learns not even whether anybody is there.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.faces.terminal.conftest import running
from tests.faces.terminal.test_insider import _alike
from tests.faces.terminal.test_requests import ask
from tests.faces.terminal.test_upkeep_requests import CLERK, VERIFIER, Desk, Hands
from tests.nodes.registry import conftest as register_hands
from tests.nodes.registry.conftest import HERE, Counter
from tests.nodes.registry.test_protection import OFFICER, application, arrived

from daicho.faces.desks.certificates import PaperDesk
from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.protection import ProtectionDesk
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.desks.statistics import StatisticsDesk
from daicho.faces.terminal.desk import Desks
from daicho.nodes.config import IssuerConfig
from daicho.nodes.registry import protection
from daicho.rules.network.kinds import NodeKind

ADMINISTRATOR = "K3001"
counter, move_in, comer = register_hands.counter, register_hands.move_in, register_hands.comer
Question = Callable[[], tuple[int, str]]
# Written equally long, so that what a page says again of what was typed is equally long.
RIGHT, WRONG = "架空町一丁目2番3号", "架空町一丁目5番6号"
OPEN_HOME, LONG_HOME = (
    ("架空町一丁目", "7番8号"),
    ("架空町ずいぶん長い名の町二丁目", "1234番地56架空荘九〇一号"),
)


@dataclass
class People:
    """Three families of one shape: two protected, at a short and at a long address, and one that is not."""

    desk: Desk
    protected: Any
    elsewhere: Any
    open: Any

    def path(self, hands: Hands, name: str) -> str:
        """Find somebody by name and birth, as whoever asks is allowed to."""
        purpose = re.findall(r'<option value="([^"]+)"', hands.get("/search")[1])[0]
        status, text = hands.send(
            "/search", step="search", purpose=purpose, basis="法14条", name=name, birth="H2.1.2"
        )
        assert status == 200, text
        found = re.findall(r'class="mincho person-link" href="([^"]+)"', text)
        assert len(found) == 1
        return str(found[0])


@pytest.fixture
def people(counter: Counter, move_in: Any, comer: Any) -> Iterator[People]:
    def at(town: str, block: str, first: int) -> Any:
        notice = move_in(comer(first), comer(first + 1, "妻"), comer(first + 2, "子"))
        return arrived(counter, replace(notice, address=replace(HERE, town=town, block=block)))

    first, second, third = at(HERE.town, HERE.block, 1), at(*LONG_HOME, 4), at(*OPEN_HOME, 7)
    for family in (first, second):
        kept = protection.apply_for_protection(counter.node, OFFICER, application(family[0]))
        assert kept.number
    node = counter.node
    desks = Desks(
        LetterDesk(node), registry=CounterDesk(node), protection=ProtectionDesk(node),
        certificates=PaperDesk(node, IssuerConfig("見本　一郎", 300)), statistics=StatisticsDesk(node),
    )  # fmt: skip
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as terminal:
        yield People(Desk(terminal, counter, first), first[0], second[0], third[0])


def sent(hands: Hands, path: str, **fields: str) -> Question:
    body = urlencode(fields | {"form_key": hands.key}).encode()

    def question() -> tuple[int, str]:
        status, _, text = ask(hands.url, "POST", path, body, Cookie=hands.cookie)
        return status, text

    return question


def got(hands: Hands, path: str) -> Question:
    def question() -> tuple[int, str]:
        status, _, text = ask(hands.url, "GET", path, Cookie=hands.cookie)
        return status, text

    return question


def bare(answer: tuple[int, str]) -> tuple[int, int]:
    """Measure an answer without what is anybody's own length by chance: figures, and sealed addresses of a session."""
    return answer[0], len(re.sub(r"\d", "0", re.sub(r"/residents/[\w-]+", "/residents/x", answer[1])))


def alike(questions: dict[str, Question], *, rounds: int = 60) -> None:
    """Every answer has the size of the others; every two of them take the same time (p not below 0.01)."""
    sizes = {name: bare(question()) for name, question in questions.items()}
    assert len(set(sizes.values())) == 1, sizes
    for one, other in combinations(questions, 2):
        _alike({one: questions[one], other: questions[other]}, rounds=rounds)


def searching(hands: Hands, **terms: str) -> Question:
    purpose = re.findall(r'<option value="([^"]+)"', hands.get("/search")[1])[0]
    return sent(hands, "/search", step="search", purpose=purpose, basis="法14条", **terms)


@pytest.mark.nightly
def test_a_right_guess_at_a_protected_address_is_answered_as_a_wrong_one(people: People) -> None:
    clerk = people.desk.hands(CLERK)
    name = people.protected.name.kanji
    right = searching(clerk, name=name, address=RIGHT)
    assert "来訪" not in re.sub(r'value="[^"]*"', "", right()[1])
    alike(
        {
            "protected, right": right,
            "protected, wrong": searching(clerk, name=name, address=WRONG),
            "not protected, wrong": searching(clerk, name=people.open.name.kanji, address=WRONG),
            "nobody": searching(clerk, name="無之　0号", address=WRONG),
        }
    )


@pytest.mark.nightly
def test_the_household_of_somebody_protected_is_as_if_there_were_none(people: People) -> None:
    clerk = people.desk.hands(CLERK)
    number = str(people.protected.household_number)
    alike(
        {
            "protected": searching(clerk, household=number),
            "nobody's": searching(clerk, household="9" * len(number)),
        }
    )


@pytest.mark.nightly
@pytest.mark.parametrize("page", ["", "/certificates", "/household", "/householder", "/move-within"])
def test_a_page_of_somebody_protected_is_the_same_wherever_they_live(people: People, page: str) -> None:
    clerk = people.desk.hands(CLERK)
    paths = {
        name: people.path(clerk, who.name.kanji) + page
        for name, who in (("short address", people.protected), ("long address", people.elsewhere))
    }
    alike({name: got(clerk, path) for name, path in paths.items()})


@pytest.mark.nightly
def test_a_paper_about_somebody_protected_is_refused_alike_wherever_they_live(people: People) -> None:
    clerk = people.desk.hands(CLERK)
    wanted = {
        "kind": "PERSONAL_COPY", "requester": "THIRD_PARTY", "proof": "CARD", "card_expires_on": "R16.4.1", "asker": "相手　太郎",
        "asker_birth": "S50.5.5", "asker_address": RIGHT, "reason": "債権の回収", "justified": "yes",
    }  # fmt: skip
    alike(
        {
            name: sent(clerk, people.path(clerk, who.name.kanji) + "/certificates", **wanted)
            for name, who in (("short address", people.protected), ("long address", people.elsewhere))
        }
    )


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("who", "page"),
    [
        (ADMINISTRATOR, ""),
        (ADMINISTRATOR, "/household"),
        (ADMINISTRATOR, "/certificates"),
        (VERIFIER, "/certificates"),
        (VERIFIER, "/household"),
    ],
)
def test_whoever_may_not_open_a_page_learns_not_even_whether_anybody_is_there(
    people: People, who: str, page: str
) -> None:
    clerk = people.desk.hands(CLERK)
    paths = {
        "protected": people.path(clerk, people.protected.name.kanji),
        "not protected": people.path(clerk, people.open.name.kanji),
    }
    paths["nobody"] = paths["protected"][:-4] + "AAAA"
    hands = people.desk.hands(who)
    alike({name: got(hands, path + page) for name, path in paths.items()})


def test_counts_say_the_same_before_and_after_somebody_is_protected(people: People) -> None:
    clerk = people.desk.hands(CLERK)
    before = clerk.get("/statistics")[1]
    kept = protection.apply_for_protection(people.desk.counter.node, OFFICER, application(people.open))
    assert kept.number
    assert clerk.get("/statistics")[1] == before
    assert "支援措置" not in before
