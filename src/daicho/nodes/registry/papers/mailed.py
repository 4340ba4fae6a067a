"""Requests that came by post: received, asked about, decided as at the counter, and what goes back.  郵送請求

What is decided about a paper is decided where every paper is (`certificates.issue`); what is sent, where every paper that
goes by post is (`papers.posting`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from daicho.nodes.chronicle import note_by
from daicho.nodes.node import Node
from daicho.nodes.registry.bodies import mailed_body, read_mailed, read_record
from daicho.nodes.registry.certificates import IssuedPaper, Issuer, SetPaper, issue
from daicho.nodes.registry.guarding import (
    KEPT_BACK,
    hidden_among,
    hidden_from,
    kept_resident,
    note_kept_back,
    sees_everything,
)
from daicho.nodes.registry.measures.names import in_both_spellings, keys_of
from daicho.nodes.registry.meeting import counterparts_in
from daicho.nodes.registry.records import subject_of
from daicho.nodes.registry.residents import Purpose
from daicho.rules.certificates.mailed import (
    MailedRequest,
    MailedState,
    MailedStep,
    MailedStepKind,
    age_days,
    article_of,
    check_issue,
    check_received,
    is_late,
    is_same_letter,
    step,
    with_person,
    without_content,
)
from daicho.rules.certificates.posting import PostState
from daicho.rules.certificates.request import CertificateRequest, IssueChannel
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.people.characters.own import with_counterparts
from daicho.rules.protection.measure import AskingPerson
from daicho.rules.register.record import ResidentRecord
from daicho.store import folding, mailed, register
from daicho.store.mailed import MailedRow
from daicho.store.unit import Unit

SHOWN_ROWS = 200
PURPOSE = "証明書の交付（郵送請求）"
_ARTICLE = juki("12")
_GONE = Refusal(Reason.NOT_FOUND, _ARTICLE, "mailed")
_USED = Refusal(Reason.FORM_USED, _ARTICLE, "mailed")
_CHANGED = Refusal(Reason.CHANGED_SINCE, _ARTICLE, "mailed")


@dataclass(frozen=True, slots=True)
class MailedLine:
    """One request in a list; of whom a measure hides from whoever looks neither name nor requester is said."""

    mailed_id: str
    mailed: MailedRequest
    age_days: int
    late: bool
    hidden: bool
    paper: str
    post: PostState | None


@dataclass(frozen=True, slots=True)
class MailedList:
    """Requests in their order; `more` tells that not all are shown."""

    lines: tuple[MailedLine, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class MailedView:
    """One request with the resident who is meant, once known."""

    line: MailedLine
    person: ResidentRecord | None


def receive_mailed(
    node: Node, operator: Operator, mailed_id: str, came: MailedRequest, *, terminal: str = ""
) -> str | Refusal:
    """Note what came by post, with a line for whom it asks about; the same form again is kept once. Gives its name.

    A form that comes again and says something else is no second sending: it is refused, and nothing of it is lost.
    """
    today = node.clock.business_today()
    refusal = may(operator, Permission.ISSUE_CERTIFICATE) or check_received(came, today)
    if refusal is not None:
        return refusal
    begun = MailedStep(MailedStepKind.RECEIVED, came.received_on, operator.login_id, node.clock.now())
    with node.store.unit("mailed.receive") as unit:
        before = mailed.mailed(unit, mailed_id)
        if before is not None:
            return _sent_again(before, came)
        person = _person(unit, node, came.about)
        if came.about is not None and person is None:
            return Refusal(Reason.NOT_FOUND, juki("7"), "addressee_number")
        # A measure keeps nobody's request from being noted: what it hides is hidden from here on.
        kept = replace(came, number=mailed.draw_number(unit, today.year), steps=(begun,))
        if not mailed.keep_mailed(unit, _row(mailed_id, kept)):
            before = mailed.mailed(unit, mailed_id)
            return _USED if before is None else _sent_again(before, came)
        _note(unit, node, operator, Event.MAILED_NOTED, person, terminal, "RECEIVED", kept)
    return mailed_id


def _sent_again(before: MailedRow, came: MailedRequest) -> str | Refusal:
    return before.id if is_same_letter(read_mailed(before.body), came) else _USED


def _row(mailed_id: str, one: MailedRequest, paper: str | None = None) -> MailedRow:
    return MailedRow(
        mailed_id, one.number, one.state.value, one.received_on, one.about, paper, mailed_body(one)
    )


def _person(unit: Unit, node: Node, about: int | None) -> ResidentRecord | None:
    held = kept_resident(unit, node, about) if about is not None else None
    return read_record(held.body) if held is not None else None


def mailed_requests(
    node: Node, operator: Operator, *, done: bool, terminal: str = ""
) -> MailedList | Refusal:
    """List requests that wait, oldest first, or that are done, newest first; a line is durable first."""
    refusal = may(operator, Permission.ISSUE_CERTIFICATE)
    if refusal is not None:
        return refusal
    with node.store.reading() as unit:
        rows = mailed.mailed_list(unit, done=done, limit_rows=SHOWN_ROWS + 1)
        shown = rows[:SHOWN_ROWS]
        posts = mailed.posts_of(unit, [row.paper for row in shown if row.paper])
        hidden = _hidden(unit, node, operator, shown)
    with node.store.unit("mailed.listed") as unit:
        note_by(unit, node, operator, Event.MAILED_SHOWN, terminal=terminal, outcome="listed")
    return MailedList(
        tuple(_line(node, row, posts, hidden=row.id in hidden) for row in shown), len(rows) > SHOWN_ROWS
    )


def _hidden(unit: Unit, node: Node, operator: Operator, rows: Sequence[MailedRow]) -> frozenset[str]:
    """Name the requests that are the officer's: about somebody whom a measure hides, or with the name of one in them.

    Whom they mean is told by the name written there until somebody has found them, and who asks by theirs.
    """
    if not rows or sees_everything(unit, operator):
        return frozenset()
    at = node.clock.business_now()
    about = hidden_among(unit, operator, {row.about for row in rows if row.about is not None}, at)
    shut = {name for _, name, _ in folding.names_and_births(unit, hidden_from(unit, operator, at)) if name}
    written = {row.id: _names_in(row) for row in rows}
    counterparts = counterparts_in(unit, [one for names in written.values() for one in names])
    folded = {
        row_id: {key for one in names for key in keys_of((one, with_counterparts(one, counterparts)))}
        for row_id, names in written.items()
    }
    return frozenset(
        row.id
        for row in rows
        if row.about in about or any(name in key for key in folded[row.id] for name in shut)
    )


def _names_in(row: MailedRow) -> tuple[str, ...]:
    one = read_mailed(row.body)
    return (one.asker,) if row.about is not None else (one.asker, one.person_asked)


def _line(node: Node, row: MailedRow, posts: Mapping[str, str], *, hidden: bool) -> MailedLine:
    one, today = read_mailed(row.body), node.clock.business_today()
    late, age = is_late(one, today), age_days(one, today)
    if hidden:
        # Who asks about somebody protected, and what they wrote, is the officer's alone.
        one = replace(one, asker="", asker_address="", person_asked="", purpose="", steps=one.steps[-1:])
    post = posts.get(row.paper or "")
    return MailedLine(
        row.id,
        one,
        age,
        late,
        hidden,
        row.paper or "",
        None if post is None else PostState(post or "WAITING"),
    )


def mailed_view(
    node: Node, operator: Operator, mailed_id: str, *, terminal: str = ""
) -> MailedView | Refusal:
    """Show one request; a ledger line for whom it asks about is durable first. Whom a measure hides is for the officer."""
    refusal = may(operator, Permission.ISSUE_CERTIFICATE)
    if refusal is not None:
        return refusal
    with node.store.unit("mailed.shown") as unit:
        row = mailed.mailed(unit, mailed_id)
        if row is None:
            return _GONE
        person, shut = _person(unit, node, row.about), bool(_hidden(unit, node, operator, [row]))
        if not shut:
            _note(unit, node, operator, Event.MAILED_SHOWN, person, terminal, "shown", read_mailed(row.body))
            posts = mailed.posts_of(unit, [row.paper] if row.paper else [])
    if shut:
        return _kept_back(node, operator, person, terminal)
    return MailedView(_line(node, row, posts, hidden=False), person)


def _kept_back(node: Node, operator: Operator, person: ResidentRecord | None, terminal: str) -> Refusal:
    note_kept_back(node, operator, [subject_of(person)] if person is not None else [""], terminal)
    return KEPT_BACK


def act_on_mailed(
    node: Node,
    operator: Operator,
    mailed_id: str,
    done: MailedStep,
    *,
    about: int | None = None,
    terminal: str = "",
) -> Refusal | None:
    """Ask for what is missing, take what came after, say who is meant, refuse, or note that all of it went back.

    Who acts and when is written here, whatever `done` says of it.
    """
    refusal = may(operator, Permission.ISSUE_CERTIFICATE)
    if refusal is None and done.kind is MailedStepKind.ISSUED:
        refusal = Refusal(Reason.FIELD_UNKNOWN_VALUE, _ARTICLE, "step")
    if refusal is not None:
        return refusal
    done = replace(done, by=operator.login_id, at=node.clock.now())
    with node.store.unit("mailed.step") as unit:
        row = mailed.mailed(unit, mailed_id, locked=True)
        if row is None:
            return _GONE
        found = read_mailed(row.body)
        if done.kind is MailedStepKind.PERSON_FOUND and about is not None:
            found = with_person(found, about)
        person = _person(unit, node, found.about)
        if person is None and done.kind is MailedStepKind.PERSON_FOUND:
            return Refusal(Reason.NOT_FOUND, juki("7"), "addressee_number")
        shut = bool(_hidden(unit, node, operator, [row]))
        if not shut:
            moved = step(found, done, node.clock.business_today())
            if isinstance(moved, Refusal):
                return moved
            if moved.state is MailedState.CLOSED and moved.about is None:
                moved = without_content(moved)
            mailed.move_mailed(unit, _row(row.id, moved, row.paper))
            _note(unit, node, operator, Event.MAILED_NOTED, person, terminal, done.kind.value, moved)
    return _kept_back(node, operator, person, terminal) if shut else None


def issue_mailed(
    node: Node,
    operator: Operator,
    mailed_id: str,
    request: CertificateRequest,
    about: int,
    why: Purpose,
    *,
    issuer: Issuer,
    set_paper: SetPaper,
) -> IssuedPaper | Refusal:
    """Issue the paper that a request asks for, decided as at the counter; request, book and ledger in one unit.

    Whoever asks as it is decided must be who signed the letter, by any of their names.
    """
    if request.channel is not IssueChannel.POST:
        return Refusal(Reason.CHANNEL_NOT_ALLOWED, _ARTICLE, "channel")
    fee_yen = issuer.fees.fee_yen(request)
    if isinstance(fee_yen, Refusal):
        return fee_yen
    with node.store.reading() as unit:
        row = mailed.mailed(unit, mailed_id)
        askers = in_both_spellings(unit, _names_of(unit, node, request.asker))
        person = _person(unit, node, row.about) if row is not None else None
        shut = row is not None and bool(_hidden(unit, node, operator, [row]))
    if row is None:
        return _GONE
    if shut:
        return _kept_back(node, operator, person, why.terminal)
    refusal = check_issue(read_mailed(row.body), fee_yen, about, askers)
    if refusal is not None:
        return refusal

    def still_so(unit: Unit) -> bool:
        now = mailed.mailed(unit, mailed_id, locked=True)
        return now is not None and check_issue(read_mailed(now.body), fee_yen, about, askers) is None

    def tie(unit: Unit, number: str) -> None:
        now = mailed.mailed(unit, mailed_id, locked=True)
        today = node.clock.business_today()
        done = MailedStep(
            MailedStepKind.ISSUED, today, operator.login_id, node.clock.now(), paper=number, fee_yen=fee_yen
        )
        moved = step(read_mailed(now.body), done, today) if now is not None else _CHANGED
        if isinstance(moved, Refusal):
            raise ValueError("a request that was looked at a moment ago")  # noqa: TRY004 - no wrong type
        mailed.move_mailed(unit, _row(mailed_id, moved, number))
        held = register.resident(unit, about)
        person = read_record(held.body) if held is not None else None
        _note(unit, node, operator, Event.MAILED_NOTED, person, why.terminal, "ISSUED", moved)

    return issue(
        node, operator, request, about, why, issuer=issuer, set_paper=set_paper, also_so=still_so, beside=tie
    )


def _names_of(unit: Unit, node: Node, asker: AskingPerson) -> tuple[str, ...]:
    """Give the names by which somebody may sign: as a resident also the alias, the Latin one, or the former surname."""
    person = _person(unit, node, asker.addressee_number)
    if person is None:
        return (asker.name,)
    name = person.name
    given = name.kanji.removeprefix(name.surname)
    former = f"{name.former_surname.kanji}{given}" if name.former_surname is not None and given else None
    return tuple(one for one in (asker.name, name.kanji, name.alias, name.roman, former) if one)


def _note(
    unit: Unit,
    node: Node,
    operator: Operator,
    event: Event,
    person: ResidentRecord | None,
    terminal: str,
    outcome: str,
    one: MailedRequest,
) -> None:
    note_by(
        unit, node, operator, event, terminal=terminal, purpose=PURPOSE, basis=str(article_of(one)), outcome=outcome,
        subject=subject_of(person) if person is not None else "", detail={"mailed": one.number},
    )  # fmt: skip
