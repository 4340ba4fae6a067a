"""文書の一括作成: how far letters to many households are, their bundles, printed and sent."""

from daicho.faces.counter.correspondence.cases import row_of
from daicho.faces.terminal.correspondence_desk import BulkDesk
from daicho.faces.terminal.forms import UNREADABLE_STATUS
from daicho.faces.terminal.page import Answer, Go, Hand, Refused, Show, Turn, not_found
from daicho.faces.wording.refusals import REFUSALS
from daicho.faces.wording.terms import word
from daicho.rules.certificates.content import CertificateKind
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal

STATES = {
    "MAKING": ("作成中", "blue"),
    "MADE": ("作成済み", "green"),
    "STOPPED": ("中止", "red"),
}


def run_rows(turn: Turn, kind: CertificateKind, source: str) -> dict[str, object]:
    """Give the page of a survey or of a change of names how far its letters are."""
    desk = turn.desks.bulk
    asked = turn.unsealed(turn.query.get("bundles", ""), "bundle")
    page = (asked[0], asked[1]) if asked is not None else ("", "")
    found = desk.runs(turn.operator, kind, source, page) if desk is not None else ()
    if desk is None or isinstance(found, Refusal):
        return {"runs": [], "may_write": False}
    return {
        "may_write": True,
        "runs": [
            {
                "run": one,
                "state": STATES[one.state][0],
                "colour": STATES[one.state][1],
                "bundles": [(turn.seal("bundle", one.number, first), first) for first in one.bundles],
                "next": turn.seal("bundle", one.number, one.next_bundle) if one.next_bundle else "",
                "stop": turn.seal("letter-run", one.number) if one.state == "MAKING" else "",
                "left": [(home, REFUSALS[Reason(why)].happened) for home, why in one.left],
            }
            for one in found
        ],
    }


def stop_run(turn: Turn) -> Refusal | None:
    """Stop the run that a form of these pages names."""
    words = turn.unsealed(turn.form.raw("run"), "letter-run")
    if words is None:
        return Refusal(Reason.NOT_FOUND, juki("34"), "run")
    return desk_of(turn).stop(turn.operator, turn.seat.terminal, words[0])


def bundle(turn: Turn) -> Answer:
    """Show one bundle; note that its letters were sent."""
    words = turn.unseal("bundle")
    if words is None:
        return not_found()
    desk, form = desk_of(turn), turn.form
    if turn.posted:
        on = form.day("letter_sent_on") or turn.today
        if form.fine:
            sent = desk.send(turn.operator, turn.seat.terminal, words[0], words[1], on)
            if not isinstance(sent, Refusal):
                return Go(f"/letter-runs/{turn.parts['handle']}", "bundle_sent")
            form.refuse(sent, {"on": "letter_sent_on"})
    found = desk.bundle(turn.operator, turn.seat.terminal, words[0], words[1])
    if isinstance(found, Refusal):
        return Refused(found, 404)
    first = found.letters[0] if found.letters else None
    values = {
        "article": "",
        "form": form,
        "kind": word(first.kind) if first is not None else "",
        "rows": [
            row_of(turn, one) | {"unprintable": one.number in found.unprintable} for one in found.letters
        ],
        "to_send": found.to_send,
        "to_print": found.to_print,
        "handle": turn.parts["handle"],
    }
    return Show("letter_bundle.html", values, 200 if form.fine else UNREADABLE_STATUS)


def bundle_file(turn: Turn) -> Answer:
    """Give the letters of one bundle as one file, the same each time."""
    words = turn.unseal("bundle")
    if words is None:
        return not_found()
    made = desk_of(turn).print(turn.operator, turn.seat.terminal, words[0], words[1])
    if isinstance(made, Refusal):
        return Refused(made, 404 if made.reason is Reason.NOT_FOUND else 403)
    return Hand(made.pdf, "application/pdf", f"{words[0]}-{made.number}.pdf")


def desk_of(turn: Turn) -> BulkDesk:
    """Give the desk of letters to many households; these pages are served only where there is one."""
    desk = turn.desks.bulk
    if desk is None:
        raise LookupError("this node writes no letters")
    return desk
