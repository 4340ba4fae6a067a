"""Whom a report may mean in the own register, and from whom it must be kept."""

from collections.abc import Collection

from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_record
from daicho.nodes.registry.guarding import hidden_among
from daicho.nodes.registry.meeting import counterparts_in
from daicho.nodes.registry.records import subject_of
from daicho.rules.filings.answer import is_named, may_be_meant, says_whereabouts_of
from daicho.rules.filings.report import FilingReport
from daicho.rules.law.retention import first_removal_kept
from daicho.rules.operators.authority import Operator
from daicho.rules.people.characters.own import with_counterparts
from daicho.rules.people.kana import kanji_key
from daicho.rules.register.record import ResidentRecord
from daicho.store import register
from daicho.store.register import SearchKeys
from daicho.store.unit import Unit

PURPOSE, BASIS = "職権による記載・調査", "法9条2項"
NAMESAKES_ROWS = 200
NAME_CHARACTERS = 2  # what is shorter begins half the town's names
BORN_THAT_DAY_ROWS = 500


def whom_it_may_mean(unit: Unit, node: Node, report: FilingReport) -> dict[int, ResidentRecord]:
    """Find everybody whom another town's report may mean, removed ones too, or whose whereabouts it says.

    Asked by name and by day of birth, each by its index; a name that many bear narrows by the day itself.
    """
    return {
        number: one
        for number, one in _found(unit, node, report).items()
        if may_be_meant(report, one) or says_whereabouts_of(report, one)
    }


def whom_it_names(unit: Unit, node: Node, report: FilingReport) -> dict[int, ResidentRecord]:
    """Find whom a report of the own town names, by name and day of birth alone.

    Whoever typed it would learn from an address that counts whether a guess at it was right.
    """
    return {number: one for number, one in _found(unit, node, report).items() if is_named(report, one)}


def _found(unit: Unit, node: Node, report: FilingReport) -> dict[int, ResidentRecord]:
    person, kept_from = report.person, first_removal_kept(node.clock.business_today())
    written = counterparts_in(unit, [person.name])
    name = kanji_key(with_counterparts(person.name, written))
    by_name = SearchKeys(kanji=name, include_removed=True, closed_from=kept_from)
    born = person.birth_date.search_key()
    found = register.search(unit, by_name, limit=NAMESAKES_ROWS) if len(name) >= NAME_CHARACTERS else []
    if born:
        by_both = SearchKeys(kanji=name, birth=born, include_removed=True, closed_from=kept_from)
        found += register.search(unit, by_both, limit=NAMESAKES_ROWS)
    if person.birth_date.whole is not None:
        by_day = SearchKeys(birth=born, include_removed=True, closed_from=kept_from)
        found += register.search(unit, by_day, limit=BORN_THAT_DAY_ROWS)
    return {one.addressee_number: read_record(one.body) for one in found}


def kept_from(unit: Unit, node: Node, operator: Operator, people: Collection[int]) -> frozenset[int]:
    """Name those whom a report may mean and whom a measure hides from an operator: the report is not for them."""
    if not people:
        return frozenset()
    return hidden_among(unit, operator, people, node.clock.business_now())


def subjects_of(unit: Unit, people: Collection[int]) -> list[str]:
    """Name people in the ledger; nobody in particular is one empty name."""
    held = register.residents(unit, people) if people else []
    return [subject_of(read_record(one.body)) for one in held] or [""]
