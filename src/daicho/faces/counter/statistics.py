"""人口統計: who lives here on a day and who came and went in a period, as tables, a drawing and files."""

from dataclasses import dataclass
from datetime import date, timedelta

from daicho.faces.counter.pyramid import pyramid
from daicho.faces.counter.tables import (
    age_classes,
    ages_table,
    balance_table,
    changes_table,
    csv_file,
    number,
    population_table,
    share,
)
from daicho.faces.terminal.desk import StatisticsDesk
from daicho.faces.terminal.forms import UNREADABLE_STATUS, Form
from daicho.faces.terminal.page import Answer, Hand, Refused, Show, Turn, not_found
from daicho.faces.wording.fields import Mistake
from daicho.faces.wording.terms import word
from daicho.nodes.registry.statistics import Balance, Population
from daicho.rules.law.refusal import Refusal
from daicho.rules.people.dates import era_text
from daicho.rules.register.record import ResidentKind
from daicho.rules.register.statistics import CountedBy, CountedSpan

_CSV = "text/csv; charset=utf-8"
_FIELDS = ("on", "first", "last", "by")


@dataclass(frozen=True, slots=True)
class NearSpan:
    """A period that is often asked for, one step away."""

    words: str
    first: date
    last: date


def statistics(turn: Turn) -> Answer:
    """Show who lives here on a day."""
    form = _form(turn)
    on, by = _day(turn, form), _by(form)
    values: dict[str, object] = {"form": form, "ways": tuple(CountedBy), "found": None}
    if not form.fine:
        return Show("statistics.html", values, UNREADABLE_STATUS)
    found = _desk(turn).population(turn.seat, on, by)
    if isinstance(found, Refusal):
        form.refuse(found)
        return Show("statistics.html", values, UNREADABLE_STATUS)
    counted = found.counted
    total, classes = counted.total(), age_classes(counted)
    values.update(
        found=found,
        counted=counted,
        by=by,
        table=population_table(counted),
        drawing=pyramid(counted),
        number=number,
        total=total,
        foreign=counted.total(ResidentKind.FOREIGN),
        classes=[(people, share(people, total)) for people in classes],
        unknown=total - sum(classes),
        query=f"on={on.isoformat()}&by={by.value}",
    )
    return Show("statistics.html", values)


def changes(turn: Turn) -> Answer:
    """Show who came and went in a period, and whether both its ends agree with it."""
    form = _form(turn)
    span, by = _span(turn, form), _by(form)
    values: dict[str, object] = {
        "form": form, "ways": tuple(CountedBy), "found": None, "near": _near(turn.today),
    }  # fmt: skip
    if span is None:
        return Show("changes.html", values, UNREADABLE_STATUS)
    found = _desk(turn).balance(turn.seat, span, by)
    if isinstance(found, Refusal):
        form.refuse(found)
        return Show("changes.html", values, UNREADABLE_STATUS)
    values.update(
        found=found,
        by=by,
        span=span,
        table=changes_table(found.changes),
        balance=balance_table(found),
        natural=found.changes.natural(),
        social=found.changes.social(),
        growth=found.changes.natural() + found.changes.social(),
        number=number,
        query=f"first={span.first_day.isoformat()}&last={span.last_day.isoformat()}&by={by.value}",
    )
    return Show("changes.html", values)


def table_file(turn: Turn) -> Answer:
    """Give one of the tables as a file."""
    form, name = _form(turn), turn.parts["table"]
    by = _by(form)
    if name in ("population", "ages"):
        on = _day(turn, form)
        if form.fine:
            population = _desk(turn).population(turn.seat, on, by)
            return Refused(population) if isinstance(population, Refusal) else _of_day(name, population, by)
    elif name == "changes":
        span = _span(turn, form)
        if span is not None:
            balance = _desk(turn).balance(turn.seat, span, by)
            return Refused(balance) if isinstance(balance, Refusal) else _of_span(balance, by)
    return not_found()


def _of_day(name: str, found: Population, by: CountedBy) -> Hand:
    counted = found.counted
    homes = counted.households
    about = [
        ("基準日", era_text(counted.counted_on)),
        ("数え方", word(by)),
        ("世帯数", str(homes.total)),
        ("世帯数（日本人のみ）", str(homes.japanese)),
        ("世帯数（外国人のみ）", str(homes.foreign)),
        ("世帯数（複数国籍）", str(homes.mixed)),
    ]
    table = population_table(counted) if name == "population" else ages_table(found)
    return Hand(csv_file(about, "年齢", [table]), _CSV, f"{name}-{counted.counted_on:%Y%m%d}.csv", saved=True)


def _of_span(found: Balance, by: CountedBy) -> Hand:
    span = found.changes.span
    about = [
        ("期間", f"{era_text(span.first_day)}から{era_text(span.last_day)}まで"),
        ("数え方", word(by)),
        ("期首の世帯数", str(found.opening.households.total)),
        ("期末の世帯数", str(found.closing.households.total)),
    ]
    content = csv_file(about, "事由", [changes_table(found.changes), balance_table(found)])
    return Hand(content, _CSV, f"changes-{span.first_day:%Y%m%d}-{span.last_day:%Y%m%d}.csv", saved=True)


def _desk(turn: Turn) -> StatisticsDesk:
    desk = turn.desks.statistics
    if desk is None:
        raise LookupError("this node counts nobody")
    return desk


def _form(turn: Turn) -> Form:
    return Form({name: turn.query.get(name, "") for name in _FIELDS})


def _by(form: Form) -> CountedBy:
    return form.member("by", CountedBy) or CountedBy.RECORDED


def _day(turn: Turn, form: Form) -> date:
    return form.day("on") or turn.today


def _span(turn: Turn, form: Form) -> CountedSpan | None:
    first, last = form.day("first"), form.day("last")
    form.member("by", CountedBy)
    if not form.fine:
        return None
    last = last or turn.today
    first = first or last.replace(day=1)
    if first > last:
        form.mistake("last", Mistake.BEFORE_ITS_BEGINNING)
        return None
    return CountedSpan(first, last)


def _near(today: date) -> tuple[NearSpan, ...]:
    month = today.replace(day=1)
    before = month - timedelta(days=1)
    day, year = CountedSpan.of_day(today), CountedSpan.of_year(today.year - 1)
    return (
        NearSpan("今日", day.first_day, day.last_day),
        NearSpan("今月", month, today),
        NearSpan("前月", before.replace(day=1), before),
        NearSpan("今年", today.replace(month=1, day=1), today),
        NearSpan("前年（年報）", year.first_day, year.last_day),
    )
