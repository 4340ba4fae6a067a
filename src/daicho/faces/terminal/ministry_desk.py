"""What the pages of the link with the Ministry of Justice need from the node behind them."""

from collections.abc import Mapping
from typing import Protocol

from daicho.nodes.registry.moj_link.deciding import EnteredMatched, NoticeName
from daicho.nodes.registry.moj_link.showing import MojLine, MojOverview, MojView
from daicho.nodes.registry.moj_link.taking import TakenFile
from daicho.nodes.registry.moj_link.telling import MadeFile, MunicipalOverview
from daicho.rules.law.refusal import Refusal
from daicho.rules.moj_link.notice import MojEnding
from daicho.rules.operators.authority import Operator
from daicho.rules.register.drafting import Notice
from daicho.rules.register.reception import Reception


class MinistryDesk(Protocol):
    """What the Ministry of Justice tells one municipality, and what it tells the Ministry."""

    def overview(self, who: Operator, terminal: str, /) -> MojOverview | Refusal:
        """List what waits and the files that came, with a ledger line."""
        ...

    def closed(self, who: Operator, terminal: str, /) -> tuple[MojLine, ...] | Refusal:
        """List what was closed."""
        ...

    def take(self, who: Operator, terminal: str, content: bytes, /) -> TakenFile | Refusal:
        """Take in a file that was brought."""
        ...

    def enter_matched(self, who: Operator, terminal: str, /) -> EnteredMatched | Refusal:
        """Enter what matched notices say, each as a draft for a second person."""
        ...

    def one(
        self, who: Operator, name: NoticeName, terminal: str, /, beside: int | None = None
    ) -> MojView | Refusal:
        """Open one notice with whom it may mean, with a ledger line for each."""
        ...

    def of_entry(self, who: Operator, entry_id: str, /) -> NoticeName | None:
        """Name the notice from which a waiting change was entered."""
        ...

    def enter(
        self, who: Operator, notice: Notice, reception: Reception | None, name: NoticeName, terminal: str, /
    ) -> tuple[str, tuple[str, ...]] | Refusal:
        """Enter a change from a notice; gives the entry's number and what the clerk should know."""
        ...

    def ask(self, who: Operator, name: NoticeName, words: str, terminal: str, /) -> Refusal | None:
        """Note that somebody inquires about a notice."""
        ...

    def propose(
        self, who: Operator, name: NoticeName, ending: MojEnding, why: str, terminal: str, /
    ) -> Refusal | None:
        """Hold that nothing is to be recorded."""
        ...

    def confirm(self, who: Operator, name: NoticeName, terminal: str, /) -> Refusal | None:
        """Close a notice as a second person."""
        ...

    def decline(self, who: Operator, name: NoticeName, terminal: str, /) -> Refusal | None:
        """Open a notice again."""
        ...

    def look_again(self, who: Operator, name: NoticeName, terminal: str, /) -> Refusal | None:
        """Look once more for whom a notice means."""
        ...

    def municipal(self, who: Operator, terminal: str, /) -> MunicipalOverview | Refusal:
        """Show what is owed to the Ministry, what is stuck, and the files."""
        ...

    def make(self, who: Operator, terminal: str, /) -> MadeFile | Refusal:
        """Make the next file."""
        ...

    def fetch(self, who: Operator, terminal: str, serial: int, /) -> bytes | Refusal:
        """Give a file that was made."""
        ...

    def write(
        self, who: Operator, terminal: str, notice_id: str, written: Mapping[str, str], /
    ) -> Refusal | None:
        """Write items of a stuck notice otherwise."""
        ...

    def decide_written(
        self, who: Operator, terminal: str, notice_id: str, /, *, right: bool
    ) -> Refusal | None:
        """Confirm as a second person how items are written otherwise, or send that back."""
        ...
