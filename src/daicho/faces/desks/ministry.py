"""The link with the Ministry of Justice, bound to the registry."""

from collections.abc import Mapping

from daicho.faces.wording.ministry import BY_NOTICE
from daicho.faces.wording.remarks import remarks_of_alerts, remarks_on
from daicho.nodes.node import Node
from daicho.nodes.registry.intake import draw_codes
from daicho.nodes.registry.moj_link import deciding, showing, taking, telling
from daicho.nodes.registry.moj_link.deciding import EnteredMatched, NoticeName
from daicho.nodes.registry.moj_link.showing import MojLine, MojOverview, MojView
from daicho.nodes.registry.moj_link.taking import TakenFile
from daicho.nodes.registry.moj_link.telling import MadeFile, MunicipalOverview
from daicho.rules.law.refusal import Refusal
from daicho.rules.moj_link.notice import MojEnding
from daicho.rules.operators.authority import Operator
from daicho.rules.register.drafting import Notice
from daicho.rules.register.reception import Reception


class LinkWithMinistry:
    """What the Ministry tells one registry, and it the Ministry."""

    def __init__(self, node: Node) -> None:
        """Serve one registry."""
        self._node = node

    def overview(self, who: Operator, terminal: str) -> MojOverview | Refusal:
        """List what waits and the files that came."""
        return showing.moj_overview(self._node, who, terminal=terminal)

    def closed(self, who: Operator, terminal: str) -> tuple[MojLine, ...] | Refusal:
        """List what was closed."""
        return showing.closed_moj_notices(self._node, who, terminal=terminal)

    def take(self, who: Operator, terminal: str, content: bytes) -> TakenFile | Refusal:
        """Take in a file that was brought."""
        return taking.take_file(self._node, who, content, terminal=terminal)

    def enter_matched(self, who: Operator, terminal: str) -> EnteredMatched | Refusal:
        """Enter what matched notices say."""
        return deciding.enter_matched(self._node, who, draw_codes=draw_codes, terminal=terminal)

    def one(
        self, who: Operator, name: NoticeName, terminal: str, beside: int | None = None
    ) -> MojView | Refusal:
        """Open one notice."""
        return showing.moj_notice_view(self._node, who, name, beside=beside, terminal=terminal)

    def of_entry(self, who: Operator, entry_id: str) -> NoticeName | None:
        """Name the notice from which a waiting change was entered."""
        return deciding.notice_of_entry(self._node, who, entry_id)

    def enter(
        self, who: Operator, notice: Notice, reception: Reception | None, name: NoticeName, terminal: str
    ) -> tuple[str, tuple[str, ...]] | Refusal:
        """Enter a change from a notice."""
        done = deciding.enter_from_notice(
            self._node, who, notice, name, draw_codes=draw_codes, terminal=terminal, reception=reception
        )
        if isinstance(done, Refusal):
            return done
        return done.entry_id, (BY_NOTICE, *remarks_of_alerts(done.alerts, who), *remarks_on(done.entry))

    def ask(self, who: Operator, name: NoticeName, words: str, terminal: str) -> Refusal | None:
        """Note that somebody inquires about a notice."""
        return deciding.ask_about(self._node, who, name, words, terminal=terminal)

    def propose(
        self, who: Operator, name: NoticeName, ending: MojEnding, why: str, terminal: str
    ) -> Refusal | None:
        """Hold that nothing is to be recorded."""
        return deciding.propose_ending(self._node, who, name, ending, why, terminal=terminal)

    def confirm(self, who: Operator, name: NoticeName, terminal: str) -> Refusal | None:
        """Close a notice as a second person."""
        return deciding.confirm_ending(self._node, who, name, terminal=terminal)

    def decline(self, who: Operator, name: NoticeName, terminal: str) -> Refusal | None:
        """Open a notice again."""
        return deciding.decline_ending(self._node, who, name, terminal=terminal)

    def look_again(self, who: Operator, name: NoticeName, terminal: str) -> Refusal | None:
        """Look once more for whom a notice means."""
        return deciding.look_again(self._node, who, name, terminal=terminal)

    def municipal(self, who: Operator, terminal: str) -> MunicipalOverview | Refusal:
        """Show what is owed to the Ministry, what is stuck, and the files."""
        return telling.municipal_overview(self._node, who, terminal=terminal)

    def make(self, who: Operator, terminal: str) -> MadeFile | Refusal:
        """Make the next file."""
        return telling.make_municipal_file(self._node, who, terminal=terminal)

    def fetch(self, who: Operator, terminal: str, serial: int) -> bytes | Refusal:
        """Give a file that was made."""
        return telling.fetch_municipal_file(self._node, who, serial, terminal=terminal)

    def write(
        self, who: Operator, terminal: str, notice_id: str, written: Mapping[str, str]
    ) -> Refusal | None:
        """Write items of a stuck notice otherwise."""
        return telling.write_otherwise(self._node, who, notice_id, written, terminal=terminal)

    def decide_written(self, who: Operator, terminal: str, notice_id: str, *, right: bool) -> Refusal | None:
        """Confirm as a second person how items are written otherwise, or send that back."""
        return telling.decide_written(self._node, who, notice_id, right=right, terminal=terminal)
