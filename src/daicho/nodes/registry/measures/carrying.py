"""How what one registry tells another one is closed, posted, and opened at the other end."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from daicho.nodes.mailroom import Outgoing, partner, post_letters
from daicho.nodes.node import Node
from daicho.rules.law.periods import PROTECTION_TERM
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.network.kinds import Member, NodeKind
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.protection.forwarding import ForwardRoute
from daicho.store.unit import Unit
from daicho.wire.carried import close_for, open_from
from daicho.wire.codecs.forwarding import FORWARD, CarriedLetter, Forwarding, ForwardReply, read_carried
from daicho.wire.codecs.letters import Unreadable, decode, encode
from daicho.wire.signer.client import SignerUnavailable

_Told = TypeVar("_Told", Forwarding, ForwardReply)
_Given = ParamSpec("_Given")
_Done = TypeVar("_Done")


def needs_the_signer(act: Callable[_Given, _Done | Refusal]) -> Callable[_Given, _Done | Refusal]:
    """Let an act that may close a letter be refused, with nothing of it done, while the signer is away."""

    @wraps(act)
    def tried(*given: _Given.args, **named: _Given.kwargs) -> _Done | Refusal:
        try:
            return act(*given, **named)
        except SignerUnavailable:
            return Refusal(Reason.SIGNER_AWAY, PROTECTION_TERM.article, "signer")

    return tried


def reachable(node: Node, town: MunicipalityCode) -> bool:
    """Tell whether a town is on the network with a registry that can open what is closed for it."""
    directory = node.wire.directory()
    return directory.cs_of(town) is not None and directory.registry_of(town) is not None


def post_carried(unit: Unit, node: Node, kind: str, told: Forwarding | ForwardReply) -> bool:
    """Close a letter for the registry at its end and post it to the own CS; False where the town left the network.

    Raises: SignerUnavailable.
    """
    directory, route = node.wire.directory(), told.route
    end = directory.registry_of(route.receiver if kind == FORWARD else route.sender)
    if end is None:
        return False
    sealed = close_for(
        node.wire.signer, directory, me=str(node.me.name), to=end, kind=kind, content=encode(told),
        at=node.clock.now(),
    )  # fmt: skip
    cs = partner(directory, node.me, NodeKind.CS)
    post_letters(unit, node, [Outgoing(cs, kind, CarriedLetter(route, sealed), matter=route.forward_id)])
    return True


def way_of(content: bytes) -> ForwardRoute:
    """Read where a letter comes from and goes to, as it stands outside. Raises: Unreadable."""
    return read_carried(content).route


def open_carried(node: Node, box_key: bytes, kind: str, content: bytes, wanted: type[_Told]) -> _Told:
    """Open a letter of another town's registry, which signed it and this way for it.

    Raises: Unreadable.
    """
    letter = read_carried(content)
    directory = node.wire.directory()
    maker = _maker(node, letter.route, kind)
    if maker is None:
        raise Unreadable("a letter of nobody on the network")
    told = decode(
        wanted,
        open_from(
            letter.sealed, directory, me=str(node.me.name), box_key=box_key, maker=maker, kind=kind,
            now=node.clock.now(),
        ),
    )  # fmt: skip
    if told.route != letter.route:
        raise Unreadable("a letter that was put on another way")
    return told


def _maker(node: Node, route: ForwardRoute, kind: str) -> Member | None:
    return node.wire.directory().registry_of(route.sender if kind == FORWARD else route.receiver)
