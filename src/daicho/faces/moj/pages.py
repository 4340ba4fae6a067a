"""The pages of the stand-in: a town's file taken in and answered, a town's people and notices, files to be fetched."""

from collections import Counter

from daicho.faces.moj.notice_form import put_refusal
from daicho.faces.moj.visit import Visit
from daicho.faces.terminal.forms import UNREADABLE_STATUS
from daicho.faces.terminal.page import Answer, Go, Hand, Show
from daicho.faces.wording.ministry import column_words, town_fault_words
from daicho.nodes.moj.book import HISTORY_LINES, Taken
from daicho.rules.law.refusal import Refusal
from daicho.rules.moj_link.files import NOTICES_MOST, MojFileFault
from daicho.rules.moj_link.municipal import MunicipalAct

_FAULTS_SHOWN = 50


def home(visit: Visit) -> Answer:
    """Show how it stands with each town and the files of both ways; take in a town's file."""
    form = visit.form
    faults: tuple[MojFileFault, ...] = ()
    if visit.posted:
        done = _taken(visit)
        if isinstance(done, Go):
            return done
        faults = done
    values = {
        "form": form,
        "faults": [_fault(one) for one in faults[:_FAULTS_SHOWN]],
        "towns": visit.book.towns(),
        "files": [(one, visit.book.title_of(one.municipality)) for one in visit.book.history()],
        "most": NOTICES_MOST,
        "files_most": HISTORY_LINES,
    }
    return Show("moj/home.html", values, 200 if form.fine and not faults else UNREADABLE_STATUS)


def _taken(visit: Visit) -> Go | tuple[MojFileFault, ...]:
    content = visit.form.file("town_file", required=True)
    if not visit.form.fine:
        return ()
    done = visit.book.take(content)
    if isinstance(done, Refusal):
        put_refusal(visit.form, done, {"file": "town_file"})
        return ()
    return done.faults or _to_received(done)


def _to_received(taken: Taken) -> Go:
    path = f"/received/{taken.municipality}/{taken.serial}"
    return Go(path, "town_file_again" if taken.again else "town_file_taken")


def _fault(fault: MojFileFault) -> tuple[int, str, str]:
    return fault.line, column_words(fault.column), town_fault_words(fault.reason)


def received(visit: Visit) -> Answer | None:
    """Show what a town's file says; make the file that answers it."""
    town, serial = visit.parts["municipality"], visit.number("serial")
    if visit.posted:
        made = visit.book.answer(town, serial, visit.place.answering)
        if not isinstance(made, Refusal):
            return Go(f"/sent/{town}/{made}", "moj_file_made")
        put_refusal(visit.form, made)
    found = visit.book.received(town, serial)
    if found is None:
        return None
    counts = Counter(one.act for one in found.notices)
    values = {
        "form": visit.form,
        "file": found,
        "town": visit.book.title_of(town),
        "counts": [(act, counts[act]) for act in MunicipalAct],
        "only_struck": counts.keys() == {MunicipalAct.STRUCK},
    }
    return Show("moj/received.html", values, 200 if visit.form.fine else UNREADABLE_STATUS)


def sent(visit: Visit) -> Answer | None:
    """Show a file for a town, and of which of its notices the town has told since that they are recorded."""
    town = visit.parts["municipality"]
    found = visit.book.sent(town, visit.number("serial"))
    if found is None:
        return None
    return Show("moj/sent.html", {"form": visit.form, "file": found, "town": visit.book.title_of(town)})


def fetched(visit: Visit) -> Answer | None:
    """Hand over a file for a town."""
    town, serial = visit.parts["municipality"], visit.number("serial")
    content = visit.book.content(town, serial)
    if content is None:
        return None
    return Hand(content, "text/plain; charset=utf-8", f"moj-notice-{town}-{serial:06}.txt", saved=True)


def town(visit: Visit) -> Answer | None:
    """Show a town's people and what waits for it; look for somebody, make its file, take a notice back."""
    code, form = visit.parts["municipality"], visit.form
    title = visit.book.title_of(code)
    if not title:
        return None
    step = form.one_of("step", ("find", "make", "withdraw"), required=True) if visit.posted else ""
    if step == "make":
        made = visit.book.make(code, form.whole_number("last") or 0)
        if not isinstance(made, Refusal):
            return Go(f"/sent/{code}/{made}", "moj_file_made")
        put_refusal(form, made)
    elif step == "withdraw":
        refusal = visit.book.withdraw(form.whole_number("which") or 0)
        if refusal is None:
            return Go(f"/towns/{code}", "moj_note_withdrawn")
        put_refusal(form, refusal)
    people, count = visit.book.people(code, form.text("words"))
    values = {
        "form": form,
        "title": title,
        "code": code,
        "people": people,
        "count": count,
        "asked": form.raw("words"),
        "waiting": visit.book.waiting(code),
    }
    return Show("moj/town.html", values, 200 if form.fine else UNREADABLE_STATUS)
