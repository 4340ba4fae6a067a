"""町丁別人口: who lives in which district on a day, and the tables that are given out."""

from collections.abc import Iterable
from datetime import date

from daicho.faces.counter.figures.district_tables import (
    district_bars,
    has_ages,
    published_ages_table,
    published_lengths,
    published_table,
    true_ages_table,
    true_lengths,
    true_table,
)
from daicho.faces.counter.tables import KINDS, Table, csv_file, number, sexes_of
from daicho.faces.terminal.figures_desk import FiguresDesk
from daicho.faces.terminal.forms import UNREADABLE_STATUS, Form
from daicho.faces.terminal.page import Answer, Go, Hand, Refused, Show, Turn, not_found
from daicho.faces.wording.terms import word
from daicho.nodes.registry.figures.districts import DistrictsAsked, DistrictsShown
from daicho.rules.figures.districts import AgeDivision
from daicho.rules.figures.published import PublishedTable, newest_reference_day
from daicho.rules.law.refusal import Refusal
from daicho.rules.people.dates import era_text
from daicho.rules.register.statistics import CountedBy

CSV = "text/csv; charset=utf-8"
_FIELDS = ("on", "by", "ages")
_NOT_MERGED = "X（「合算」に含む町丁、または小さい数を推測されないために表示しない数）"


def districts(turn: Turn) -> Answer:
    """Show who lives in which district on a day, in the form that the operator may have."""
    form = Form({name: turn.query.get(name, "") for name in _FIELDS})
    asked = _asked(turn, form)
    values: dict[str, object] = {
        "form": form, "ways": tuple(CountedBy), "divisions": tuple(AgeDivision), "found": None,
    }  # fmt: skip
    if asked is None:
        return Show("districts.html", values, UNREADABLE_STATUS)
    found = figures_desk(turn).districts(turn.operator, turn.seat.terminal, asked)
    if isinstance(found, Refusal):
        form.refuse(found)
        return Show("districts.html", values, UNREADABLE_STATUS)
    first, *ages = _tables(found, asked.ages)
    true, published = found.true, found.published
    lengths = (
        true_lengths(true)
        if true is not None
        else published_lengths(published)
        if published is not None
        else []
    )
    values.update(
        found=found,
        asked=asked,
        table=first,
        ages_table=ages[0] if ages else None,
        drawing=district_bars(lengths),
        with_foreign=true is not None,
        merged=published.merged_districts if published is not None else 0,
        number=number,
        query=f"on={asked.on.isoformat()}&by={asked.by.value}&ages={asked.ages.value}",
    )
    return Show("districts.html", values)


def districts_file(turn: Turn) -> Answer:
    """Give the districts of a day as a file."""
    form = Form({name: turn.query.get(name, "") for name in _FIELDS})
    asked = _asked(turn, form)
    if asked is None:
        return not_found()
    found = figures_desk(turn).districts(turn.operator, turn.seat.terminal, asked)
    if isinstance(found, Refusal):
        return Refused(found)
    about = [("基準日", era_text(asked.on)), ("数え方", word(asked.by))]
    published = found.published
    if published is None:
        about.append(("様式", "実数（庁内限り）"))
        name = f"districts-{asked.on:%Y%m%d}.csv"
    else:
        about += [("様式", "公表用（小さい数は表示しない）"), *_signs(published)]
        name = f"districts-published-form-{asked.on:%Y%m%d}.csv"
    return Hand(csv_file(about, "町丁", _tables(found, asked.ages, kinds=True)), CSV, name, saved=True)


def _tables(found: DistrictsShown, ages: AgeDivision, *, kinds: bool = False) -> list[Table]:
    if found.published is not None:
        return _of_published(found.published)
    true = found.true or {}
    if ages is AgeDivision.THREE:
        return [true_table(true)]
    if not kinds:
        return [true_table(true), true_ages_table(true, KINDS[0][0])]
    sexes = (None, *sexes_of(cell.sex for counted in true.values() for cell in counted.people))
    more = [
        true_ages_table(true, words if sex is None else f"{words}・{word(sex)}", kind, sex)
        for words, kind in KINDS
        for sex in sexes
    ]
    return [true_table(true), *more]


def _of_published(table: PublishedTable) -> list[Table]:
    return [published_table(table), *([published_ages_table(table)] if has_ages(table) else [])]


def _signs(table: PublishedTable) -> Iterable[tuple[str, str]]:
    yield "表示しない数", f"「計」の行を除く、1から{table.least - 1}までの数と、それを推測できる数"
    yield "記号", _NOT_MERGED


def _asked(turn: Turn, form: Form) -> DistrictsAsked | None:
    on = form.day("on") or turn.today
    by = form.member("by", CountedBy) or CountedBy.RECORDED
    ages = form.member("ages", AgeDivision) or AgeDivision.THREE
    return DistrictsAsked(on, by, ages) if form.fine else None


def publications(turn: Turn) -> Answer:
    """List the tables that were given out, and make the next one after a second look at what that does."""
    form = turn.form if turn.posted else Form({"on": ""})
    desk = figures_desk(turn)
    if turn.posted:
        on = form.day("on", required=True)
        if on is not None and form.fine:
            done = _make(turn, on, sure=form.raw("sure") == on.isoformat())
            if not isinstance(done, Refusal):
                return done
            form.refuse(done)
    found = desk.publications(turn.operator)
    if isinstance(found, Refusal):
        return Refused(found)
    values = {"form": form, "found": found, "proposed": newest_reference_day(turn.today)}
    return Show("district_publications.html", values, 200 if form.fine else UNREADABLE_STATUS)


def _make(turn: Turn, on: date, *, sure: bool) -> Answer | Refusal:
    """Make a table if somebody is sure that it is to be of this day; else say what that would do."""
    desk = figures_desk(turn)
    if not sure:
        found = desk.prospect(turn.operator, on)
        if isinstance(found, Refusal):
            return found
        if not found.made:
            return Show("district_publication_new.html", {"prospect": found})
    made = desk.publish(turn.operator, turn.seat.terminal, on)
    if isinstance(made, Refusal):
        return made
    return Go(f"/statistics/publications/{made.isoformat()}", "districts_published")


def publication(turn: Turn) -> Answer:
    """Show one table as it was given out."""
    table = _publication(turn)
    if not isinstance(table, PublishedTable):
        return table
    first, *ages = _of_published(table)
    values = {
        "published": table,
        "table": first,
        "ages_table": ages[0] if ages else None,
        "drawing": district_bars(published_lengths(table)),
        "with_foreign": False,
        "number": number,
        "day": table.counted_on.isoformat(),
    }
    return Show("district_publication.html", values)


def publication_file(turn: Turn) -> Answer:
    """Give one table as a file: the same bytes whenever it is asked for."""
    table = _publication(turn)
    if not isinstance(table, PublishedTable):
        return table
    about = [
        ("基準日", era_text(table.counted_on)),
        ("数え方", word(CountedBy.RECORDED)),
        ("様式", "公表用"),
        *_signs(table),
    ]
    content = csv_file(about, "町丁", _of_published(table))
    return Hand(content, CSV, f"districts-published-{table.counted_on:%Y%m%d}.csv", saved=True)


def _publication(turn: Turn) -> PublishedTable | Answer:
    try:
        on = date.fromisoformat(turn.parts["day"])
    except ValueError:
        return not_found()
    found = figures_desk(turn).publication(turn.operator, turn.seat.terminal, on)
    return Refused(found, 404) if isinstance(found, Refusal) else found


def figures_desk(turn: Turn) -> FiguresDesk:
    """Give the desk that has these figures."""
    desk = turn.desks.figures
    if desk is None:
        raise LookupError("this node gives no figures out")
    return desk
