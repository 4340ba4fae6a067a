"""What the town writes outside certificates, bound to the registry and its press."""

from datetime import date

from daicho.faces.desks.certificates import PaperDesk
from daicho.nodes.node import Node
from daicho.nodes.registry.certificates import IssuedPaper
from daicho.nodes.registry.correspondence import cases, sending, writing
from daicho.nodes.registry.correspondence.cases import CaseLetters
from daicho.nodes.registry.correspondence.writing import WrittenLetter
from daicho.rules.correspondence.cases import CasePaper
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator


class LettersOfTown:
    """A municipality's letters as their pages use them."""

    def __init__(self, node: Node, papers: PaperDesk) -> None:
        """Serve one registry with its press."""
        self._node, self._papers = node, papers

    def of_case(self, who: Operator, terminal: str, number: str) -> CaseLetters | Refusal:
        """Show what can be and was written in a case."""
        return cases.case_letters(self._node, who, number, terminal=terminal)

    def write(self, who: Operator, terminal: str, number: str, wanted: CasePaper) -> IssuedPaper | Refusal:
        """Write one paper of a case."""
        return self._papers.held(
            lambda issuer, set_paper: cases.write_case_letter(
                self._node, who, number, wanted, issuer=issuer, set_paper=set_paper, terminal=terminal
            )
        )

    def letter(self, who: Operator, terminal: str, number: str) -> WrittenLetter | Refusal:
        """Show one letter."""
        return writing.letter_view(self._node, who, number, terminal=terminal)

    def again(self, who: Operator, terminal: str, number: str) -> IssuedPaper | Refusal:
        """Print the same letter once more."""
        return self._papers.set_with(
            lambda set_paper: writing.print_again(
                self._node, who, number, set_paper=set_paper, terminal=terminal
            )
        )

    def public(
        self, who: Operator, terminal: str, number: str, begun_on: date, ends_on: date | None
    ) -> Refusal | None:
        """Note that a public notice hangs."""
        return sending.note_public(self._node, who, number, begun_on, ends_on, terminal=terminal)

    def drop(self, who: Operator, terminal: str, number: str) -> Refusal | None:
        """Note that what goes by no post was written in vain."""
        return sending.drop_letter(self._node, who, number, terminal=terminal)
