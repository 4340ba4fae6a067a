"""The operations and jobs that every node of the network has."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from daicho.nodes.chronicle import note
from daicho.nodes.chronicle.checkpoints import cosign
from daicho.nodes.mailroom.receiving import Handler, keep_batch, take_settlements
from daicho.nodes.membership.certificates import CertificateKeeper
from daicho.nodes.node import Node
from daicho.nodes.watch.assembly import Assembly, Foundation
from daicho.nodes.watch.ledger import ledger_jobs
from daicho.nodes.watch.loops import Job
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import NodeKind
from daicho.wire.envelope import Opened
from daicho.wire.http import WireRefused, WireUnavailable
from daicho.wire.operations import (
    DIRECTORY_FETCH,
    CosignAnswer,
    CosignRequest,
    DirectoryAnswer,
    DirectoryRequest,
)

DIRECTORY_EVERY_SECONDS = 2.0
DIRECTORY_RAREST_SECONDS = 8.0  # between two questions while nobody knows anything new
CERTIFICATE_EVERY_SECONDS = 60.0
_LOOKS_BETWEEN_MAX = round(DIRECTORY_RAREST_SECONDS / DIRECTORY_EVERY_SECONDS)
Operations = dict[str, Callable[[Opened], Any]]


def network_assembly(
    foundation: Foundation, operations: Mapping[str, Callable[[Opened], Any]], letters: Mapping[str, Handler],
    jobs: tuple[Job, ...] = (), *,
    together: Mapping[str, Callable[[Sequence[Opened]], Sequence[Any]]] | None = None,
) -> Assembly:  # fmt: skip
    """Join an actor's own operations, letters and jobs with those of every node."""
    node, certificates = foundation.node, foundation.certificates
    refreshing = _Refreshing(foundation)

    mail: Operations = {}
    if letters:
        mail = {
            "letters.deliver": lambda opened: keep_batch(node, opened),
            "letters.settle": lambda opened: take_settlements(node, opened),
        }
    return Assembly(
        {
            **mail,
            "directory.fetch": lambda opened: _answer_directory(foundation, opened),
            "ledger.cosign": lambda opened: _cosign(node, opened),
            "certificate.renew": certificates.answer,
            **operations,
        },
        letters,
        (
            Job("directory", DIRECTORY_EVERY_SECONDS, refreshing.look),
            Job("certificate", CERTIFICATE_EVERY_SECONDS, certificates.renew),
            *ledger_jobs(node),
            *jobs,
        ),
        together or {},
    )


class _Refreshing:
    """Keeps directory and lists fresh: looks at the own disk each time, asks others when that is due."""

    def __init__(self, foundation: Foundation) -> None:
        self._foundation = foundation
        self._looks_between = 1  # from one question to the next
        self._looks = 0  # since the last question

    def look(self) -> bool:
        """Look at the disk, and ask; an authority makes its own list, and the nation gathers the prefectures'."""
        node, certificates, keeper = (
            self._foundation.node,
            self._foundation.certificates,
            self._foundation.keeper,
        )
        certificates.go_back_if_too_new()
        certificates.make_lists()
        known = keeper.current().serial
        self._looks += 1
        try:
            if self._is_due():
                self._ask()
            else:
                keeper.take_from_disk()
        except (WireUnavailable, WireRefused):
            keeper.take_from_disk()
        serial = keeper.current().serial
        if serial != known:
            with node.store.unit("directory.taken") as unit:
                note(unit, node, event=Event.DIRECTORY_TAKEN, outcome="taken", detail={"serial": str(serial)})
        return False

    def _is_due(self) -> bool:
        """Ask at once when a newer directory is known to be, or when nothing works without one."""
        keeper = self._foundation.keeper
        in_need = keeper.knows_of_newer or keeper.current().expired(self._foundation.node.clock.now())
        return in_need or self._looks >= self._looks_between

    def _ask(self) -> None:
        """Ask, and ask again soon while there is news or nobody answers, else ever more rarely."""
        node, certificates, keeper = (
            self._foundation.node,
            self._foundation.certificates,
            self._foundation.keeper,
        )
        before = keeper.current().serial, certificates.lists_digest()
        rarely = 2 * self._looks_between
        self._looks, self._looks_between = 0, 1
        certificates.take_lists(keeper.fetch(node.me, node.wire.post, certificates.lists_digest()))
        if node.me.kind is NodeKind.NATIONAL:
            _gather_lists(node, certificates)
        if before == (keeper.current().serial, certificates.lists_digest()):
            self._looks_between = min(rarely, _LOOKS_BETWEEN_MAX)


def _gather_lists(node: Node, certificates: CertificateKeeper) -> None:
    directory = node.wire.directory()
    for prefecture in directory.of_kind(NodeKind.PREFECTURE):
        asked = DirectoryRequest(directory.serial, certificates.lists_digest())
        with suppress(WireUnavailable, WireRefused):  # the others' lists are not less urgent
            answer = node.wire.post.call(DIRECTORY_FETCH, prefecture, asked)
            if isinstance(answer, DirectoryAnswer):
                certificates.take_lists(answer.lists)


def _answer_directory(foundation: Foundation, opened: Opened) -> DirectoryAnswer:
    request: DirectoryRequest = opened.request
    return foundation.keeper.answer(request, foundation.certificates.lists())


def _cosign(node: Node, opened: Opened) -> CosignAnswer:
    request: CosignRequest = opened.request
    return cosign(node, opened.sender, request)
