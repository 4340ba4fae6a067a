"""What the pages of letters and surveys need from the node behind them."""

from datetime import date
from typing import Protocol

from daicho.nodes.registry.certificates import IssuedPaper
from daicho.nodes.registry.correspondence.cases import CaseLetters
from daicho.nodes.registry.correspondence.writing import WrittenLetter
from daicho.rules.correspondence.cases import CasePaper
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator


class CorrespondenceDesk(Protocol):
    """What one municipality writes outside certificates."""

    def of_case(self, who: Operator, terminal: str, number: str, /) -> CaseLetters | Refusal:
        """Show what can be and was written in a case, with ledger lines."""
        ...

    def write(self, who: Operator, terminal: str, number: str, wanted: CasePaper, /) -> IssuedPaper | Refusal:
        """Write one paper of a case, with a line in the book and in the ledger."""
        ...

    def letter(self, who: Operator, terminal: str, number: str, /) -> WrittenLetter | Refusal:
        """Show one letter, with ledger lines."""
        ...

    def again(self, who: Operator, terminal: str, number: str, /) -> IssuedPaper | Refusal:
        """Print the same letter once more, with ledger lines."""
        ...

    def public(
        self, who: Operator, terminal: str, number: str, begun_on: date, ends_on: date | None, /
    ) -> Refusal | None:
        """Note that a public notice hangs."""
        ...

    def drop(self, who: Operator, terminal: str, number: str, /) -> Refusal | None:
        """Note that what goes by no post was written in vain."""
        ...
