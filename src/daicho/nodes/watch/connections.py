"""Whom this node lets call, whom it calls, and with what: the list from which every call is judged.  接続の許可一覧"""

from collections.abc import Iterable
from dataclasses import dataclass

from daicho.rules.network.kinds import Member, Relation, relation
from daicho.wire.operations import OPERATIONS


@dataclass(frozen=True, slots=True)
class AllowedConnection:
    """What members of one relation may ask, and who they are; whatever is not listed is refused.  許可された接続

    Law: 平成14年総務省告示第334号
    """

    relation: Relation
    members: tuple[Member, ...]
    operations: tuple[str, ...]


def allowed_callers(me: Member, members: Iterable[Member]) -> tuple[AllowedConnection, ...]:
    """List who may call this node, by relation."""
    return _listed((relation(other, me), other) for other in members)


def allowed_callees(me: Member, members: Iterable[Member]) -> tuple[AllowedConnection, ...]:
    """List whom this node may call, by relation."""
    return _listed((relation(me, other), other) for other in members)


def _listed(pairs: Iterable[tuple[Relation | None, Member]]) -> tuple[AllowedConnection, ...]:
    found: dict[Relation, list[Member]] = {}
    for kind, member in pairs:
        if kind is not None:
            found.setdefault(kind, []).append(member)
    return tuple(
        AllowedConnection(
            kind,
            tuple(sorted(found[kind], key=lambda one: one.name)),
            tuple(one.name for one in OPERATIONS if kind in one.callers),
        )
        for kind in Relation
        if kind in found
    )
