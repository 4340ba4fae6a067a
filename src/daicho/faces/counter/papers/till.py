"""日計: what was issued since the last cash-up, the closing and its confirmation, past days and their file."""

from datetime import timedelta

from daicho.faces.counter.tables import Heading, Row, Table, csv_file, number
from daicho.faces.terminal.forms import UNREADABLE_STATUS, WORDS_CHARACTERS, Form, half_width
from daicho.faces.terminal.page import Answer, Go, Hand, Refused, Show, Turn, not_found
from daicho.faces.terminal.paper_desk import TillDesk
from daicho.faces.terminal.show import moment
from daicho.faces.wording.fields import Mistake
from daicho.faces.wording.terms import word
from daicho.nodes.registry.papers.till import SHOWN_ROWS, ClosedTill, TillSeen
from daicho.rules.certificates.till import (
    WAIVERS,
    FreeCause,
    Means,
    SheetSummary,
    TillAccount,
    TillCount,
)
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Permission, permissions_of
from daicho.rules.people.dates import era_text

ARTICLE = "地方自治法第227条・手数料条例"
STATES = {
    "closed": ("確認待ち", "orange"),
    "confirmed": ("確認済み", "green"),
    "returned": ("差戻し", "grey"),
}
SHOWN_DAYS = 31
SHOWN_UNNOTED = 20
_CSV = "text/csv; charset=utf-8"
_NAMES = {"number": "form", "papers": "form", "cause": "free_cause", "why": "waive_why"}


def office(turn: Turn) -> Answer:
    """Show the open account, what waits for confirmation and past days; close, or waive a fee."""
    if turn.posted:
        done = _done(turn)
        if done is not None:
            return done
    query = Form({name: turn.query.get(name, "") for name in ("from", "until")})
    last = query.day("until") or turn.today
    first = query.day("from") or last - timedelta(days=SHOWN_DAYS)
    if first > last:
        query.mistake("until", Mistake.BEFORE_ITS_BEGINNING)
        first = last
    found = _desk(turn).overview(turn.operator, first, last)
    if isinstance(found, Refusal):
        return Refused(found)
    rights = permissions_of(turn.operator)
    values = {
        "article": ARTICLE,
        "form": turn.form if turn.posted else query,
        "found": found,
        "account": found.account,
        "number": number,
        "due": [(means, found.account.due_yen(means)) for means in Means],
        "earlier": found.earlier_days,
        "waivers": found.waivers,
        "causes": WAIVERS,
        **_unnoted(turn, found.sheets),
        "past_more": len(found.past) == SHOWN_ROWS,
        "to_confirm": [_row(turn, one) for one in found.waiting],
        "past": [_row(turn, one) for one in found.past],
        "first": first,
        "last": last,
        "may_close": Permission.ISSUE_CERTIFICATE in rights,
    }
    fine = turn.form.fine and query.fine
    return Show("office.html", values, 200 if fine else UNREADABLE_STATUS)


def _unnoted(turn: Turn, found: SheetSummary) -> dict[str, object]:
    shown = found.unnoted[:SHOWN_UNNOTED]
    return {
        "unnoted": [(one, turn.seal("sheets", one)) for one in shown],
        "unnoted_more": max(0, found.unnoted_papers - len(shown)),
    }


def _row(turn: Turn, one: ClosedTill) -> dict[str, object]:
    state, colour = STATES[one.state]
    return {
        "one": one,
        "closing": one.closing,
        "state": state,
        "colour": colour,
        "differences": [
            (means, one.closing.difference_yen(means)) for means in Means if one.closing.difference_yen(means)
        ],
        "own": one.closed_by == turn.operator.login_id,
        "handle": turn.seal("closing", one.closing.number),
    }


def _done(turn: Turn) -> Answer | None:
    step = turn.form.raw("step")
    if step == "close":
        return _close(turn)
    if step == "unwaive":
        return _unwaive(turn)
    return _waive(turn) if step == "waive" else None


def _close(turn: Turn) -> Answer | None:
    form = turn.form
    cash = form.whole_number("cash_yen", required=True)
    orders = form.whole_number("money_orders_yen", required=True)
    words = form.text("difference_words", limit=WORDS_CHARACTERS)
    papers, fees = form.whole_number("seen_papers"), form.whole_number("seen_yen")
    if cash is None or orders is None or papers is None or fees is None or not form.fine:
        return None
    closed = _desk(turn).close(
        turn.operator, turn.seat.terminal, TillSeen(papers, fees), TillCount(cash, orders), words
    )
    if isinstance(closed, Refusal):
        form.refuse(closed, _NAMES)
        return None
    return Go("/office", "till_closed")


def _waive(turn: Turn) -> Answer | None:
    form = turn.form
    paper = half_width(form.text("paper", required=True))
    cause = form.member("free_cause", FreeCause, required=True)
    why = form.text("waive_why", required=True, limit=WORDS_CHARACTERS)
    if cause is None or not form.fine:
        return None
    refusal = _desk(turn).waive(turn.operator, turn.seat.terminal, paper, cause, why)
    if refusal is not None:
        form.refuse(refusal, _NAMES)
        return None
    return Go("/office", "fee_waived")


def _unwaive(turn: Turn) -> Answer | None:
    form = turn.form
    paper = half_width(form.text("undo_paper", required=True))
    why = form.text("undo_why", required=True, limit=WORDS_CHARACTERS)
    if not form.fine:
        return None
    refusal = _desk(turn).undo_waiver(turn.operator, turn.seat.terminal, paper, why)
    if refusal is not None:
        form.refuse(refusal, {"paper": "undo_paper"})
        return None
    return Go("/office", "waiver_undone")


def closing(turn: Turn) -> Answer:
    """Show one cash-up as it was closed; take a second person's word on it."""
    found = _closing(turn)
    if isinstance(found, Refused):
        return found
    form, step = turn.form, turn.form.raw("step")
    if turn.posted and step in ("confirm", "return"):
        accept = step == "confirm"
        why = form.text("why", required=not accept, limit=WORDS_CHARACTERS)
        if form.fine:
            refusal = _desk(turn).decide(
                turn.operator, turn.seat.terminal, found.closing.number, why, accept=accept
            )
            if refusal is None:
                return Go("/office", "till_confirmed" if accept else "till_returned")
            form.refuse(refusal, {"number": "form", "decided_by": "form"})
    may_confirm = Permission.VERIFY_CHANGE in permissions_of(turn.operator)
    values = {
        **_row(turn, found),
        "article": ARTICLE,
        "form": form,
        "may_confirm": may_confirm and found.state == "closed",
        "account": found.closing.account,
        "number": number,
        "money": [
            (
                means,
                found.closing.account.due_yen(means),
                found.closing.count.of(means),
                found.closing.difference_yen(means),
            )
            for means in Means
        ],
        "file": turn.seal("closing", found.closing.number),
        **_unnoted(turn, found.closing.sheets),
    }
    return Show("office_closing.html", values, 200 if form.fine else UNREADABLE_STATUS)


def closing_file(turn: Turn) -> Answer:
    """Give one cash-up as a file for whoever keeps the accounts."""
    found = _closing(turn)
    if isinstance(found, Refused):
        return found
    one = found.closing
    about = [
        ("日計番号", one.number),
        ("日付", era_text(one.day)),
        ("状態", STATES[found.state][0]),
        ("締めた職員", found.closed_by),
        ("締めた日時", moment(found.closed_at)),
        ("確認した職員", found.decided_by or ""),
        ("確認した日時", moment(found.decided_at) if found.decided_at else ""),
    ]
    for means in Means:
        about += [
            (f"{word(means)}　帳簿", str(one.account.due_yen(means))),
            (f"{word(means)}　現在高", str(one.count.of(means))),
            (f"{word(means)}　過不足", number(one.difference_yen(means))),
        ]
    about += [
        ("過不足の理由", one.words),
        ("使用した用紙", str(one.sheets.used)),
        ("書損の用紙", str(one.sheets.spoiled)),
        ("用紙の残り", str(one.sheets.left)),
    ]
    about += [(f"無料　{waiver.number}", f"{word(waiver.cause)}　{waiver.words}") for waiver in one.waivers]
    content = csv_file(about, "請求の方法・種類", [account_table(one.account)])
    return Hand(content, _CSV, f"till-{one.number}.csv", saved=True)


def account_table(account: TillAccount) -> Table:
    """Write an account as a table: papers, fees, and the free ones by reason."""
    headings = (
        Heading("件数", ("計", "有料", "無料")),
        Heading("手数料", ("円",)),
        Heading("無料の理由", tuple(map(word, FreeCause))),
    )
    rows = []
    for line in account.lines:
        free = {one.cause: one.papers for one in line.free}
        cells = (line.papers, line.charged, line.papers - line.charged, line.fees_yen)
        causes = tuple(free.get(cause, 0) for cause in FreeCause)
        rows.append(Row(f"{word(line.channel)}　{word(line.kind)}", (*cells, *causes)))
    if account.inspections:
        cells = (account.inspections, account.inspections, 0, account.inspection_fees_yen)
        rows.append(Row("窓口　住民基本台帳の閲覧", (*cells, *(0 for _ in FreeCause))))
    sums = tuple(map(sum, zip(*(row.cells for row in rows), strict=True))) if rows else ()
    total = Row("計", sums or (0,) * (4 + len(FreeCause)), "sum")
    return Table(headings, (*rows, total))


def _closing(turn: Turn) -> ClosedTill | Refused:
    words = turn.unseal("closing")
    if words is None:
        return not_found()
    found = _desk(turn).closing(turn.operator, words[0])
    return Refused(found, 404) if isinstance(found, Refusal) else found


def _desk(turn: Turn) -> TillDesk:
    desk = turn.desks.till
    if desk is None:
        raise LookupError("this node keeps no till")
    return desk
