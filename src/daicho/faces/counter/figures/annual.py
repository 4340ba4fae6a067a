"""年報: the file of a year's counts in the order of the annual report."""

import csv
import io

from daicho.faces.counter.figures.districts import CSV, figures_desk
from daicho.faces.counter.pyramid import group_words
from daicho.faces.counter.tables import BOM, KINDS
from daicho.faces.terminal.forms import UNREADABLE_STATUS, Form
from daicho.faces.terminal.page import Answer, Hand, Show, Turn
from daicho.faces.wording.terms import word
from daicho.nodes.registry.figures.annual import AnnualReport
from daicho.rules.figures.annual import SEXES, AnnualItem, AnnualLine
from daicho.rules.law.refusal import Refusal
from daicho.rules.people.dates import era_of, era_text, year_in_era
from daicho.rules.register.statistics import CountedBy, CountedSpan

LAYOUT = "1"
_FIELD = "reported"
_YEARS = 30


def annual(turn: Turn) -> Answer:
    """Ask of which year the file is, and hand it out."""
    form = turn.form if turn.posted else Form({_FIELD: "", "by": ""})
    years = [turn.today.year - before for before in range(1, _YEARS + 1)]
    if turn.posted:
        chosen = form.one_of(_FIELD, tuple(map(str, years)), required=True)
        by = form.member("by", CountedBy, required=True)
        if form.fine and by is not None:
            made = figures_desk(turn).annual(turn.operator, turn.seat.terminal, int(chosen), by)
            if not isinstance(made, Refusal):
                return Hand(annual_file(made), CSV, f"annual-{chosen}.csv", saved=True)
            form.refuse(made, {"year": _FIELD})
    choices = [(str(one), _year_words(one)) for one in years]
    values = {"form": form, "years": choices, "ways": tuple(CountedBy)}
    return Show("annual.html", values, 200 if form.fine else UNREADABLE_STATUS)


def _year_words(year: int) -> str:
    last = CountedSpan.of_year(year).last_day
    return f"{year_in_era(era_of(last), year)}（{year}年）"


def annual_file(report: AnnualReport) -> bytes:
    """Write the report as docs/protocols/annual.md says: the same figures give the same bytes whenever they are asked for."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows(
        [
            ("様式", LAYOUT),
            ("期間", f"{era_text(report.span.first_day)}から{era_text(report.span.last_day)}まで"),
            ("基準日", f"{era_text(report.span.last_day)}現在"),
            ("数え方", word(report.by)),
            ("照合値", report.digest),
            (),
        ]
    )
    sexes = [word(one) if one is not None else "計" for one in SEXES]
    writer.writerow(["番号", "項目", *(f"{kind} {sex}" for kind, _ in KINDS for sex in sexes)])
    for line in report.lines:
        writer.writerow([line.code, _words(line), *("" if one is None else one for one in line.cells)])
    return (BOM + out.getvalue()).encode()


def _words(line: AnnualLine) -> str:
    if line.item is AnnualItem.AGES:
        return f"{word(line.item)} {group_words(line.group)}"
    return word(line.item)
