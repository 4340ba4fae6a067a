"""One page of the terminal: its path, the right it asks for, the event it leaves, and who answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from daicho.faces.terminal.desk import Desks, Info, Seat
from daicho.faces.terminal.forms import Form
from daicho.faces.web.replies import BODY_BYTES
from daicho.gate.token import BadHandle, open_handle, seal_handle
from daicho.nodes.office.desk import Office, Person
from daicho.nodes.office.sessions import Live
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission

_APART = "\x1f"
_PICK = "pick-"  # begins the name of a box at a line of a list


@dataclass(frozen=True, slots=True)
class Turn:
    """One request of a signed-in operator, as a handler sees it."""

    method: str
    path: str
    parts: Mapping[str, str]
    query: Mapping[str, str]
    form: Form
    token: str
    session: Live
    desks: Desks
    office: Office
    info: Info
    business_now: datetime

    @property
    def operator(self) -> Operator:
        """Name the operator with all rights that the roles give."""
        return self.session.person.operator

    @property
    def seat(self) -> Seat:
        """Name the operator together with the terminal, as the desks want it."""
        return Seat(self.operator, self.session.terminal)

    @property
    def person(self) -> Person:
        """Name the operator in the words of the screen."""
        return self.session.person

    @property
    def today(self) -> date:
        """Tell the business day."""
        return self.business_now.date()

    @property
    def posted(self) -> bool:
        """Tell whether a form was sent."""
        return self.method == "POST"

    def seal(self, kind: str, *words: str) -> str:
        """Make an address of some words that only this session can read; how many a kind has, and of what, is one thing."""
        content = _APART.join((kind, *words)).encode()
        return seal_handle(self.token, nonce=self.office.clock.token(12), content=content)

    def unseal(self, kind: str) -> tuple[str, ...] | None:
        """Read the words of such an address of this kind from the path; None when it is none of this session's."""
        return self.unsealed(self.parts.get("handle", ""), kind)

    def once(self, kind: str, new_name: Callable[[], str]) -> str:
        """Give the name that a form carries in `once`, so that what is sent twice is done once; else a new one."""
        words = self.unsealed(self.form.raw("once"), kind)
        return words[0] if words is not None else new_name()

    def picked(self, kind: str) -> list[tuple[str, ...]]:
        """Read which lines of a list were ticked; what is of another session or list counts as not ticked."""
        ticked = [name.removeprefix(_PICK) for name in self.form.given if name.startswith(_PICK)]
        return [words for one in ticked if (words := self.unsealed(one, kind)) is not None]

    def unsealed(self, sealed: str, kind: str) -> tuple[str, ...] | None:
        """Read the words of such an address of this kind; None when it is broken, of another kind or session."""
        try:
            its_kind, *words = open_handle(self.token, sealed).decode().split(_APART)
        except (BadHandle, UnicodeDecodeError):
            return None
        return tuple(words) if its_kind == kind else None


@dataclass(frozen=True, slots=True)
class Show:
    """Answer with a template."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, slots=True)
class Go:
    """Answer by sending the browser elsewhere; `flash` is shown there once."""

    path: str
    flash: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """Answer with a refusal in words."""

    refusal: Refusal
    status: int = 403


def not_found(status: int = 404) -> Refused:
    """Answer for an address that leads nowhere in this session."""
    return Refused(Refusal(Reason.NOT_FOUND, juki("7")), status)


@dataclass(frozen=True, slots=True)
class Hand:
    """Answer with a file, shown in the browser or `saved` from it."""

    content: bytes
    kind: str
    name: str
    saved: bool = False


Answer = Show | Go | Refused | Hand
Handler = Callable[[Turn], Answer]


@dataclass(frozen=True, slots=True)
class Page:
    """One row of the table of pages."""

    path: str
    title: str
    permission: Permission
    event: Event
    handler: Handler
    methods: tuple[str, ...] = ("GET",)
    menu: str = ""  # the heading of the menu under which it stands, or "" for pages reached from others
    body_bytes: int = BODY_BYTES  # what a form may bring along
