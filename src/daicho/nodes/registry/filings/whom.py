"""Whom a report may mean in the own register, and from whom it must be kept."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import read_record
from daicho.nodes.registry.guarding import hidden_among, hidden_from, sees_everything
from daicho.nodes.registry.meeting import counterparts_in
from daicho.nodes.registry.records import subject_of
from daicho.rules.filings.answer import comes_near, is_named, may_be_meant, says_whereabouts_of
from daicho.rules.filings.report import FilingReport
from daicho.rules.law.retention import first_removal_kept
from daicho.rules.operators.authority import Operator
from daicho.rules.people.characters.own import with_counterparts
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.kana import kanji_key
from daicho.rules.register.record import ResidentRecord
from daicho.store import folding, register
from daicho.store.register import SearchKeys
from daicho.store.unit import Unit

PURPOSE, BASIS = "職権による記載・調査", "法9条2項"
NAMESAKES_ROWS = 500
BORN_THAT_DAY_ROWS = 500


def whom_it_may_mean(unit: Unit, node: Node, report: FilingReport) -> dict[int, ResidentRecord]:
    """Find everybody whom another town's report may mean, removed ones too, or whose whereabouts it says.

    Asked by the whole name and by the day of birth, each by its index; a name that many bear narrows by the day itself.
    """
    return {
        one.addressee_number: one
        for one, same_name in _found(unit, node, report)
        if may_be_meant(report, one, same_name=same_name)
        or says_whereabouts_of(report, one, same_name=same_name)
    }


def whom_it_names(unit: Unit, node: Node, report: FilingReport) -> dict[int, ResidentRecord]:
    """Find whom a report of the own town names, by name and day of birth alone.

    Whoever typed it would learn from an address that counts whether a guess at it was right.
    """
    return {
        one.addressee_number: one
        for one, same_name in _found(unit, node, report)
        if is_named(report, one, same_name=same_name)
    }


def _found(unit: Unit, node: Node, report: FilingReport) -> list[tuple[ResidentRecord, bool]]:
    """Find whoever bears the name of a report or was born on its day, each with whether it is the name."""
    person, kept_from_day = report.person, first_removal_kept(node.clock.business_today())
    names = _folded(person.name, counterparts_in(unit, [person.name]))
    anybody = SearchKeys(include_removed=True, closed_from=kept_from_day)
    held = _search(unit, anybody, names, "", NAMESAKES_ROWS)
    born = person.birth_date.search_key()
    if born and person.birth_date.year is not None:
        held += _search(unit, anybody, names, born, NAMESAKES_ROWS)
    if person.birth_date.whole is not None:
        held += _search(unit, anybody, None, born, BORN_THAT_DAY_ROWS)
    records = list({number: read_record(body) for number, body in held}.values())
    written = counterparts_in(unit, [one.name.kanji for one in records])
    return [(one, not names.isdisjoint(_folded(one.name.kanji, written))) for one in records]


def _search(
    unit: Unit, anybody: SearchKeys, names: frozenset[str] | None, born: str, limit_rows: int
) -> list[tuple[int, str]]:
    """Search by whole names, a day of birth, or both; by no name at all nobody is found."""
    if names is not None and not names:
        return []
    keys = replace(anybody, names=names or frozenset(), birth=born)
    return [(one.addressee_number, one.body) for one in register.search(unit, keys, limit=limit_rows)]


def _folded(name: str, written: Mapping[str, str]) -> frozenset[str]:
    """Fold a name as it is written, and with the town's own characters as their counterparts are written."""
    return frozenset(filter(None, (kanji_key(name), kanji_key(with_counterparts(name, written)))))


def kept_from(unit: Unit, node: Node, operator: Operator, people: Collection[int]) -> frozenset[int]:
    """Name those of some people whom a measure hides from an operator: what tells of them is not for them."""
    if not people:
        return frozenset()
    return hidden_among(unit, operator, people, node.clock.business_now())


def hidden_near(
    unit: Unit, node: Node, operator: Operator, reports: Sequence[FilingReport | None]
) -> list[frozenset[int]]:
    """Name for each report to whom it comes near of those whom measures hide from an operator: it is not for them.

    Looked for among the hidden, of whom there are few, so that nobody is left out because many were born on one day.
    """
    shut: list[frozenset[int]] = [frozenset() for _ in reports]
    if not any(reports) or sees_everything(unit, operator):
        return shut
    by_name: dict[str, set[int]] = defaultdict(set)
    births: dict[int | None, dict[int, PartialDate]] = defaultdict(dict)
    hidden = hidden_from(unit, operator, node.clock.business_now())
    for whose, name, birth in folding.names_and_births(unit, hidden):
        day = PartialDate.parse(birth)
        by_name[name].add(whose)
        births[day.year][whose] = day
    written = counterparts_in(unit, [one.person.name for one in reports if one is not None])
    for place, report in enumerate(reports):
        if report is None:
            continue
        same = {one for name in _folded(report.person.name, written) for one in by_name.get(name, ())}
        born = births.get(report.person.birth_date.year, {}).items()
        shut[place] = frozenset(same | {one for one, day in born if comes_near(report, day, same_name=False)})
    return shut


def subjects_of(unit: Unit, people: Collection[int]) -> list[str]:
    """Name people in the ledger; nobody in particular is one empty name."""
    held = register.residents(unit, people) if people else []
    return [subject_of(read_record(one.body)) for one in held] or [""]
