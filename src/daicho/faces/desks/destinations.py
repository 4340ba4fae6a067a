"""Notices of individual numbers and where they go, bound to the registry; their printing, bound to the nation."""

import threading
from collections.abc import Callable, Sequence

from daicho.nodes.national import bundles, holding, notices
from daicho.nodes.national.bundles import BundleList, BundleNotice, BundleView
from daicho.nodes.national.letters import specimen_letter
from daicho.nodes.national.notices import NoticeList
from daicho.nodes.node import Node
from daicho.nodes.office.queues import Queue
from daicho.nodes.registry.destination import seeing, stating
from daicho.nodes.registry.destination.seeing import NoticesOfPerson, NumberNotices
from daicho.paper.fonts import NoFont, find_fonts
from daicho.paper.workers import Press, PressFault, Unprintable
from daicho.rules.destination.stated import StatedDestination
from daicho.rules.law.article import bango
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.rules.people.dates import PartialDate
from daicho.store import destination, notice_bundles
from daicho.store.destination import NoticeName
from daicho.store.notice_bundles import RefusedRow
from daicho.store.unit import Unit


class DestinationDesk:
    """Which notices one registry owes and told, and where its residents stated theirs to go."""

    def __init__(self, node: Node) -> None:
        """Serve one registry."""
        self._node = node

    def new_name(self) -> str:
        """Give the name of an order, or of a destination, that is about to be entered."""
        return self._node.clock.new_id()

    def all(self, who: Operator, terminal: str) -> NumberNotices | Refusal:
        """List notices and stated destinations."""
        return seeing.number_notices_of_town(self._node, who, terminal=terminal)

    def of(self, who: Operator, addressee_number: int, terminal: str) -> NoticesOfPerson | Refusal:
        """Show those of one resident."""
        return seeing.number_notices_of(self._node, who, addressee_number, terminal=terminal)

    def state(
        self, who: Operator, name: str, addressee_number: int, stated: StatedDestination, terminal: str
    ) -> Refusal | None:
        """Record another destination."""
        return stating.state_destination(self._node, who, name, addressee_number, stated, terminal=terminal)

    def verify(self, who: Operator, names: Sequence[str], terminal: str) -> Refusal | None:
        """Note as a second person that others stated these."""
        return stating.verify_destinations(self._node, who, names, terminal=terminal)

    def confirm(self, who: Operator, addressee_number: int, terminal: str) -> Refusal | None:
        """Let the notice of somebody guarded go."""
        return stating.confirm_notice(self._node, who, addressee_number, terminal=terminal)

    def end(self, who: Operator, addressee_number: int, terminal: str) -> Refusal | None:
        """End it."""
        return stating.end_destination(self._node, who, addressee_number, terminal=terminal)

    def order(
        self, who: Operator, name: str, addressee_number: int, words: str, terminal: str
    ) -> Refusal | None:
        """Let a notice go once more."""
        return stating.order_notice(self._node, who, name, addressee_number, words, terminal=terminal)


class PrintingDesk:
    """The nation's queue of notices that are printed and sent."""

    def __init__(self, node: Node, *, can_print: bool = True) -> None:
        """Serve the nation, which knows a press or not."""
        self._node, self._can_print = node, can_print
        self._setting = threading.Lock()

    @property
    def can_print(self) -> bool:
        """Tell whether the node knows a press."""
        return self._can_print

    def new_name(self) -> str:
        """Give the name of a bundle that is about to be ordered."""
        return self._node.clock.new_id()

    def order(self, who: Operator, name: str, names: Sequence[NoticeName], terminal: str) -> int | Refusal:
        """Order a bundle, which nobody could open without a press."""
        if not self._can_print:
            return Refusal(Reason.PRESS_MISSING, bango("7"), "press")
        return bundles.order_bundle(self._node, who, name, names, terminal=terminal)

    def how_many_wait_of(self, who: Operator, names: Sequence[NoticeName]) -> int:
        """Count those of some notices that found no room in a bundle."""
        return bundles.how_many_wait_of(self._node, who, names)

    def bundles(self, who: Operator, *, before: int | None) -> BundleList | Refusal:
        """List bundles, newest first."""
        return bundles.bundle_list(self._node, who, before=before)

    def bundle(self, who: Operator, number: int, terminal: str) -> BundleView | Refusal:
        """Show one bundle."""
        return bundles.bundle_view(self._node, who, number, terminal=terminal)

    def fetch(self, who: Operator, number: int, terminal: str) -> bytes | Refusal:
        """Hand out a bundle, closed for the press."""
        return bundles.fetch_bundle(self._node, who, number, terminal=terminal)

    def printed(self, who: Operator, number: int, terminal: str) -> Refusal | None:
        """Note that a bundle is printed."""
        return bundles.note_printed(self._node, who, number, terminal=terminal)

    def send(self, who: Operator, number: int, terminal: str) -> Refusal | None:
        """Note that what is printed of a bundle was sent."""
        return bundles.send_bundle(self._node, who, number, terminal=terminal)

    def drop(self, who: Operator, number: int, terminal: str) -> Refusal | None:
        """Drop a bundle that nobody has fetched."""
        return bundles.drop_bundle(self._node, who, number, terminal=terminal)

    def reprint(self, who: Operator, names: Sequence[NoticeName], why: str, terminal: str) -> Refusal | None:
        """Ask that printed notices be printed anew."""
        return bundles.ask_reprint(self._node, who, names, why, terminal=terminal)

    def asked(self, who: Operator, terminal: str) -> tuple[BundleNotice, ...] | Refusal:
        """List what is asked to be printed anew."""
        return bundles.asked_reprints(self._node, who, terminal=terminal)

    def decide(
        self, who: Operator, names: Sequence[NoticeName], terminal: str, *, grant: bool
    ) -> Refusal | None:
        """Let notices be printed anew, or leave them."""
        return bundles.decide_reprint(self._node, who, names, grant=grant, terminal=terminal)

    def decide_stuck(
        self, who: Operator, names: Sequence[NoticeName], terminal: str, *, again: bool, why: str = ""
    ) -> Refusal | None:
        """Let notices wait again that could not be printed, or give up what is not sent."""
        return holding.decide_stuck(self._node, who, names, again=again, why=why, terminal=terminal)

    def refused(self, who: Operator) -> tuple[RefusedRow, ...] | Refusal:
        """List files of towns that were refused."""
        return bundles.refused_files(self._node, who)

    def specimen(self, who: Operator) -> bytes | Refusal:
        """Set a specimen, one at a time: its workers end with it."""
        refusal = may(who, Permission.SEND_NUMBER_NOTICES)
        if refusal is not None:
            return refusal
        paper = specimen_letter(self._node.me.title, self._node.clock.business_today())
        missing = Refusal(Reason.FONT_MISSING, bango("7"), "font")
        try:
            with self._setting, Press(find_fonts(), workers=1) as press:
                sheet = press.set(paper)
        except (NoFont, PressFault):
            return missing
        return missing if isinstance(sheet, Unprintable) else sheet.pdf

    def queued(
        self, who: Operator, state: str, terminal: str, *, after: NoticeName | None
    ) -> NoticeList | Refusal:
        """List notices that wait, were sent, or came back, behind one of them."""
        return notices.queued_notices(self._node, who, state, after=after, terminal=terminal)

    def found(
        self, who: Operator, terminal: str, *, control_number: str, name: str, birth: PartialDate | None
    ) -> NoticeList | Refusal:
        """Find notices by the number of their file, or by name and birth date."""
        return notices.found_notices(
            self._node, who, control_number=control_number, name=name, birth=birth, terminal=terminal
        )

    def mark(self, who: Operator, names: Sequence[NoticeName], state: str, terminal: str) -> Refusal | None:
        """Note that notices were sent or came back."""
        return notices.mark_notices(self._node, who, names, state, terminal=terminal)


def destination_counters(node: Node, who: Operator) -> dict[Queue, Callable[[Unit], int]]:
    """Count at a registry what could not be told, as far as somebody may see it."""
    return {Queue.NUMBER_NOTICES: lambda unit: seeing.how_many_hindered(unit, node, who)}


def printing_counters(who: Operator) -> dict[Queue, Callable[[Unit], int]]:
    """Count at the nation what is to be printed, fetched, sent, and what others want printed anew."""
    return {
        Queue.NOTICES_TO_PRINT: destination.how_many_wait,
        Queue.NOTICE_BUNDLES: notice_bundles.how_many_ready,
        Queue.NOTICES_TO_SEND: notice_bundles.how_many_to_send,
        Queue.NOTICE_REPRINTS: lambda unit: notice_bundles.how_many_asked(unit, who.login_id),
    }
