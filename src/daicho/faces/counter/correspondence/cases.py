"""事案の文書: a paper of a case written to one household, printed, printed again, sent or made public."""

from daicho.faces.terminal.correspondence_desk import CorrespondenceDesk
from daicho.faces.terminal.desk import Choice
from daicho.faces.terminal.forms import UNREADABLE_STATUS, WORDS_CHARACTERS, Form
from daicho.faces.terminal.page import Answer, Go, Hand, Refused, Show, Turn, not_found
from daicho.faces.terminal.show import era
from daicho.faces.wording.fields import Mistake
from daicho.faces.wording.terms import word
from daicho.nodes.registry.correspondence.cases import CaseLetters
from daicho.nodes.registry.correspondence.writing import WrittenLetter
from daicho.rules.certificates.content import CertificateKind
from daicho.rules.certificates.posting import PostAct, PostState, PostStep
from daicho.rules.correspondence.addressing import CARE_OF_CHARACTERS
from daicho.rules.correspondence.cases import CasePaper, NoticeDuty, ToldChange, basis_of_paper
from daicho.rules.law.closed_days import CLOSED_DAYS
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.upkeep.periods import UpkeepDeadline, upkeep_due

_K = CertificateKind
_WITH_DAY = {
    _K.REMINDER: UpkeepDeadline.REMINDER,
    _K.PERSON_INQUIRY: UpkeepDeadline.ANSWER,
    _K.ARRIVAL_INQUIRY: UpkeepDeadline.ANSWER,
}
_TELLINGS = (_K.EX_OFFICIO_NOTICE, _K.PUBLIC_NOTICE)
_DAY_LABELS = {_K.REMINDER: "届出の期限"}
_NAMES = {
    "paper": "form", "people": "to_household", "due_on": "letter_due_on", "entries": "told", "address": "letter_address",
    "name": "form", "font": "form", "number": "form", "addressee_number": "form",
}  # fmt: skip
COLOURS = {"MADE": "orange", "SENT": "green", "DROPPED": "grey"}
STATE_WORDS = {"MADE": "作成済み・未発送", "SENT": "発送済み", "DROPPED": "取りやめ"}


def letter_rows(turn: Turn, number: str) -> dict[str, object]:
    """Give a case's page what can be written in the case and what was."""
    desk = turn.desks.correspondence
    if desk is None:
        return {"letters": [], "paper_kinds": ()}
    found = desk.of_case(turn.operator, turn.seat.terminal, number)
    if isinstance(found, Refusal):
        return {"letters": [], "paper_kinds": ()}
    return {
        "letters": [row_of(turn, one) for one in found.letters],
        "paper_kinds": [(kind.value, word(kind)) for kind in found.kinds],
    }


def row_of(turn: Turn, one: WrittenLetter) -> dict[str, object]:
    """Put a letter beside its address in this session."""
    returned = one.state == "SENT" and one.post is PostState.RETURNED
    state = "掲示中・掲示済み" if one.state == "SENT" and not one.by_post else STATE_WORDS[one.state]
    return {
        "letter": one,
        "handle": turn.seal("town-letter", one.number),
        "state": "返戻" if returned else state,
        "colour": "red" if returned else COLOURS[one.state],
    }


def case_paper(turn: Turn) -> Answer:
    """Take what is to be written in a case, and write it."""
    words = turn.unseal("case")
    kind = next((one for one in CertificateKind if one.value == turn.parts["kind"]), None)
    if words is None or kind is None:
        return not_found()
    desk, form = desk_of(turn), turn.form
    found = desk.of_case(turn.operator, turn.seat.terminal, words[0])
    if isinstance(found, Refusal):
        return Refused(found, 404)
    if kind not in found.kinds:
        return not_found()
    if turn.posted:
        wanted = _read(turn, kind, found)
        if wanted is not None:
            made = desk.write(turn.operator, turn.seat.terminal, words[0], wanted)
            if not isinstance(made, Refusal):
                return Go(f"/correspondence/{turn.seal('town-letter', made.number)}", "letter_written")
            if made.reason is Reason.PROTECTED:
                return Refused(made)
            form.refuse(made, _NAMES)
    return Show("case_paper.html", _shown(turn, kind, found), 200 if form.fine else UNREADABLE_STATUS)


def _shown(turn: Turn, kind: CertificateKind, found: CaseLetters) -> dict[str, object]:
    day = _WITH_DAY.get(kind)
    return {
        "article": str(basis_of_paper(kind)),
        "form": turn.form,
        "kind": kind,
        "title": word(kind),
        "case_number": found.number,
        "case_handle": turn.parts["handle"],
        "households": _households(found),
        "default_due": era(upkeep_due(day, turn.today, CLOSED_DAYS)) if day is not None else "",
        "day_label": _DAY_LABELS.get(kind, "回答の期限"),
        "duties": tuple(NoticeDuty),
        "told": [(one.entry_id, _told_words(one, found)) for one in _offered(kind, found)],
        # Of several households each has its own changes: whoever chooses the household chooses them, too.
        "ticked": kind is _K.PUBLIC_NOTICE or len(found.households) == 1,
        "people": _choices(kind, found),
    }


def _offered(kind: CertificateKind, found: CaseLetters) -> tuple[ToldChange, ...]:
    """Name the changes that a paper of this kind can tell to somebody of the case."""
    if kind not in _TELLINGS:
        return ()
    known = {one.addressee_number for _, members, _ in found.households for one in members}
    return tuple(one for one in found.told if not known.isdisjoint(one.subjects))


def _told_words(one: ToldChange, found: CaseLetters) -> str:
    names = [
        who.name.kanji
        for _, members, _ in found.households
        for who in members
        if who.addressee_number in one.subjects
    ]
    return f"{word(one.kind)}　{era(one.change_date)}　{'、'.join(names)}（受付番号 {one.entry_id}）"


def _choices(kind: CertificateKind, found: CaseLetters) -> list[tuple[int, str]]:
    """Offer the people of the case where a letter can be about some of them."""
    people = [one for _, members, _ in found.households for one in members]
    if kind is _K.PUBLIC_NOTICE or len(people) < 2:
        return []
    return [(one.addressee_number, one.name.kanji) for one in people]


def _households(found: CaseLetters) -> tuple[Choice, ...]:
    return tuple(
        Choice(str(number), f"{(to or members[0]).name.kanji} 様（対象 {len(members)}人）")
        for number, members, to in found.households
    )


def _read(turn: Turn, kind: CertificateKind, found: CaseLetters) -> CasePaper | None:
    form = turn.form
    people = _people(form, kind, found)
    day = _WITH_DAY.get(kind)
    due_on = form.day("letter_due_on") if day is not None else None
    if day is not None and due_on is None and "letter_due_on" not in form.errors:
        due_on = upkeep_due(day, turn.today, CLOSED_DAYS)
    duty = form.member("duty", NoticeDuty, required=True) if kind is _K.REMINDER else None
    words = form.text("paper_words", required=kind is _K.PUBLIC_NOTICE, limit=WORDS_CHARACTERS)
    to_town = kind is _K.ARRIVAL_INQUIRY
    address = form.text("letter_address", required=to_town)
    care_of = form.text("care_of", limit=CARE_OF_CHARACTERS)
    if care_of and not address:
        form.mistake("letter_address", Mistake.MISSING)
    body = form.text("asked_body", required=to_town, limit=WORDS_CHARACTERS) if to_town else ""
    municipality = form.municipality("asked_municipality") if to_town else None
    offered = _offered(kind, found)
    entries = tuple(one.entry_id for one in offered if form.ticked(f"told-{one.entry_id}"))
    if kind in _TELLINGS and not entries:
        form.mistake("told", Mistake.MISSING)
    if not form.fine:
        return None
    return CasePaper(kind, people, due_on, duty, words, address, care_of, entries, body, municipality)


def _people(form: Form, kind: CertificateKind, found: CaseLetters) -> tuple[int, ...]:
    """Name the people of the household that was chosen; a public notice is about everybody of the case."""
    if kind is _K.PUBLIC_NOTICE:
        return tuple(one.addressee_number for _, members, _ in found.households for one in members)
    known = {str(number): members for number, members, _ in found.households}
    chosen = (
        form.one_of("to_household", tuple(known), required=True) if len(known) > 1 else next(iter(known), "")
    )
    numbers = tuple(one.addressee_number for one in known.get(chosen, ()))
    if not _choices(kind, found) or not numbers:
        return numbers
    people = tuple(one for one in numbers if form.ticked(f"to-{one}"))
    if not people:
        form.mistake("to_people", Mistake.MISSING)
    return people


def letter(turn: Turn) -> Answer:
    """Show one letter; note that it was sent, hangs, or was written in vain."""
    words = turn.unseal("town-letter")
    if words is None:
        return not_found()
    number, desk, form = words[0], desk_of(turn), turn.form
    found = desk.letter(turn.operator, turn.seat.terminal, number)
    if isinstance(found, Refusal):
        return Refused(found, 404)
    if turn.posted:
        answer = _acted(turn, found)
        if answer is not None:
            return answer
    values = {
        **row_of(turn, found),
        "article": "",
        "form": form,
        "file": turn.seal("town-paper", number),
        "post_letter": turn.seal("letter", number)
        if found.by_post and turn.desks.notices is not None
        else "",
        "case": turn.seal("case", found.case_number) if found.case_number else "",
        "back": turn.parts["handle"],
    }
    return Show("town_letter.html", values, 200 if form.fine else UNREADABLE_STATUS)


def _acted(turn: Turn, found: WrittenLetter) -> Answer | None:
    form, desk, who, terminal = turn.form, desk_of(turn), turn.operator, turn.seat.terminal
    done: Refusal | None
    match form.raw("step"):
        case "sent" if turn.desks.notices is not None:
            on = form.day("letter_sent_on") or turn.today
            act = PostAct(PostStep.SENT, on, found.to, found.send_to)
            done = turn.desks.notices.act(who, terminal, found.number, act) if form.fine else None
            names, flash = {"on": "letter_sent_on"}, "letter_sent"
        case "public":
            begun_on, ends_on = form.day("begun_on") or turn.today, form.day("ends_on")
            done = desk.public(who, terminal, found.number, begun_on, ends_on) if form.fine else None
            names, flash = {"on": "begun_on"}, "letter_public"
        case "drop":
            done, names, flash = desk.drop(who, terminal, found.number), {}, "letter_dropped"
        case _:
            return None
    if not form.fine:
        return None
    if done is None:
        return Go(f"/correspondence/{turn.parts['handle']}", flash)
    if done.reason is Reason.PROTECTED:
        return Refused(done)
    form.refuse(done, names)
    return None


def paper(turn: Turn) -> Answer:
    """Give the file of a letter: the same one each time, with a line in the ledger."""
    words = turn.unseal("town-paper")
    if words is None:
        return not_found()
    made = desk_of(turn).again(turn.operator, turn.seat.terminal, words[0])
    if isinstance(made, Refusal):
        return Refused(made, 404 if made.reason is Reason.NOT_FOUND else 403)
    return Hand(made.pdf, "application/pdf", f"{words[0]}.pdf")


def desk_of(turn: Turn) -> CorrespondenceDesk:
    """Give the desk of letters; the table of pages serves these pages only where there is one."""
    desk = turn.desks.correspondence
    if desk is None:
        raise LookupError("this node writes no letters")
    return desk
