"""What the pages of letters and surveys need from the node behind them."""

from datetime import date
from typing import Protocol

from daicho.nodes.registry.certificates import IssuedPaper
from daicho.nodes.registry.correspondence.bulk import Bundle, RunView
from daicho.nodes.registry.correspondence.cases import CaseLetters
from daicho.nodes.registry.correspondence.people import PersonLetters, RenamedAsker
from daicho.nodes.registry.correspondence.writing import WrittenLetter
from daicho.nodes.registry.residents import Purpose
from daicho.nodes.registry.surveys.running import SurveyedHousehold, SurveyList, SurveySummary, SurveyView
from daicho.nodes.registry.upkeep import CaseDone
from daicho.rules.certificates.content import CertificateKind
from daicho.rules.correspondence.cases import CasePaper
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator
from daicho.rules.upkeep.regular import HouseholdFinding, SurveyResult, SurveyScope


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

    def of_person(self, who: Operator, addressee_number: int, /) -> PersonLetters | Refusal:
        """Tell what can be written about a resident who was opened."""
        ...

    def seal_inquiry(self, who: Operator, addressee_number: int, why: Purpose, /) -> IssuedPaper | Refusal:
        """Write the letter of inquiry of an application for a seal."""
        ...

    def guarantee(self, who: Operator, addressee_number: int, why: Purpose, /) -> IssuedPaper | Refusal:
        """Make the form of a guarantee."""
        ...

    def renamed(
        self, who: Operator, addressee_number: int, asker: RenamedAsker, why: Purpose, /
    ) -> IssuedPaper | Refusal:
        """Certify how somebody's home was called before."""
        ...

    def drop(self, who: Operator, terminal: str, number: str, /) -> Refusal | None:
        """Note that what goes by no post was written in vain."""
        ...


class BulkDesk(Protocol):
    """Letters to many households of one municipality."""

    def runs(
        self, who: Operator, kind: CertificateKind, source: str, page: tuple[str, str], /
    ) -> tuple[RunView, ...] | Refusal:
        """List the runs about a survey or a change of names; `page` names a run and its first bundle shown."""
        ...

    def stop(self, who: Operator, terminal: str, number: str, /) -> Refusal | None:
        """Stop a run; what it wrote stays."""
        ...

    def start(self, who: Operator, terminal: str, kind: CertificateKind, source: str, /) -> str | Refusal:
        """Ask for letters to all households of a survey or of a change of names."""
        ...

    def bundle(self, who: Operator, terminal: str, run: str, first: str, /) -> Bundle | Refusal:
        """List the letters of one bundle, with ledger lines."""
        ...

    def print(self, who: Operator, terminal: str, run: str, first: str, /) -> IssuedPaper | Refusal:
        """Print the letters of one bundle as one file, with ledger lines."""
        ...

    def send(self, who: Operator, terminal: str, run: str, first: str, on: date, /) -> int | Refusal:
        """Note that the letters of one bundle were sent."""
        ...


class SurveyDesk(Protocol):
    """Surveys of one municipality's register."""

    def overview(self, who: Operator, /) -> tuple[SurveyView, ...] | Refusal:
        """List the newest surveys with their figures."""
        ...

    def start(self, who: Operator, terminal: str, scope: SurveyScope, /) -> str | Refusal:
        """Start a survey."""
        ...

    def listed(
        self,
        who: Operator,
        terminal: str,
        number: str,
        result: SurveyResult | None,
        after: tuple[str, int],
        /,
    ) -> SurveyList | Refusal:
        """Show one survey and a page of its households, with ledger lines."""
        ...

    def household(
        self, who: Operator, terminal: str, number: str, home: int, /
    ) -> tuple[SurveySummary, SurveyedHousehold] | Refusal:
        """Show one household of a survey, with ledger lines."""
        ...

    def note(
        self, who: Operator, terminal: str, number: str, home: int, found: HouseholdFinding, visits: int, /
    ) -> CaseDone | Refusal:
        """Note what was found of a household as it was seen."""
        ...

    def sheets(self, who: Operator, terminal: str, number: str, /) -> str | Refusal:
        """Have the sheets of a survey written."""
        ...

    def report(self, who: Operator, terminal: str, number: str, /) -> SurveyView | Refusal:
        """Give the figures of a survey to be handed out, with a ledger line."""
        ...

    def end(self, who: Operator, terminal: str, number: str, words: str, /) -> Refusal | None:
        """End a survey with its report."""
        ...

    def withdraw(self, who: Operator, terminal: str, number: str, words: str, /) -> Refusal | None:
        """Call a survey off."""
        ...
