"""Addresses of residents inside one session: who, for what purpose and under which basis, sealed."""

from dataclasses import dataclass

from daicho.faces.terminal.desk import RegistryDesk, ResidentFile, Why
from daicho.faces.terminal.page import Refused, Turn, not_found
from daicho.nodes.registry.guarding import KEPT_BACK
from daicho.nodes.registry.residents import Purpose
from daicho.rules.law.refusal import Refusal

_KIND = "resident"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A resident whom the operator chose from a list, with the purpose stated there."""

    addressee_number: int
    why: Why
    handle: str


def resident_handle(turn: Turn, addressee_number: int, why: Why) -> str:
    """Make the address of one resident for this session."""
    return turn.seal(_KIND, str(addressee_number), why.purpose, why.basis)


def chosen(turn: Turn) -> Chosen | None:
    """Read the resident from the path; None when the address is not of this session."""
    words = turn.unseal(_KIND)
    if words is None:
        return None
    return Chosen(int(words[0]), Why(words[1], words[2]), turn.parts["handle"])


def registry(turn: Turn) -> RegistryDesk:
    """Give the register's desk; the table of pages serves these pages only where there is one."""
    desk = turn.desks.registry
    if desk is None:
        raise LookupError("this node keeps no register")
    return desk


def opened(turn: Turn) -> tuple[Chosen, ResidentFile] | Refused:
    """Open the file of the resident in the path, or say why not."""
    who = chosen(turn)
    if who is None:
        return not_found()
    file = registry(turn).resident(turn.seat, who.addressee_number, who.why)
    return Refused(file, 409) if isinstance(file, Refusal) else (who, file)


def opened_to_act(turn: Turn) -> tuple[Chosen, ResidentFile] | Refused:
    """Open the file for an act; a protection measure keeps it from whoever may not learn the address."""
    found = opened(turn)
    if not isinstance(found, Refused) and found[1].hidden:
        return Refused(KEPT_BACK)
    return found


def purpose_of(turn: Turn, who: Chosen) -> Purpose:
    """Give the purpose under which the resident was chosen, with the terminal, as use cases want it."""
    return Purpose(who.why.purpose, who.why.basis, turn.seat.terminal)


def affairs_of(turn: Turn, file: ResidentFile) -> dict[str, str]:
    """Name the tabs beside the record that this node keeps and this operator may reach."""
    kept = {
        "programmes": turn.desks.programmes is not None,
        "seal": turn.desks.seals is not None,
        "cards": turn.desks.cards is not None,
    }
    words = {"programmes": "個別記載事項", "seal": "印鑑登録", "cards": "カード等"}
    return {} if file.hidden else {path: words[path] for path, there in kept.items() if there}


def basis_words(desk: RegistryDesk, why: Why) -> str:
    """Write a basis in words; a key that is offered no more is shown as it is."""
    return next((one.words for one in desk.why_choices().bases if one.key == why.basis), why.basis)
