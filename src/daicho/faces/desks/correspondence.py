"""What the town writes outside certificates, bound to the registry and its press."""

from datetime import date

from daicho.faces.desks.certificates import PaperDesk
from daicho.nodes.node import Node
from daicho.nodes.registry.certificates import IssuedPaper
from daicho.nodes.registry.correspondence import bulk, cases, people, sending, writing
from daicho.nodes.registry.correspondence.bulk import Bundle, RunView
from daicho.nodes.registry.correspondence.cases import CaseLetters
from daicho.nodes.registry.correspondence.people import PersonLetters, RenamedAsker
from daicho.nodes.registry.correspondence.writing import WrittenLetter
from daicho.nodes.registry.residents import Purpose
from daicho.nodes.registry.surveys import running
from daicho.nodes.registry.surveys.running import SurveyedHousehold, SurveyList, SurveySummary, SurveyView
from daicho.nodes.registry.upkeep import CaseDone
from daicho.rules.certificates.content import CertificateKind
from daicho.rules.correspondence.cases import CasePaper
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.operators.authority import Operator
from daicho.rules.upkeep.regular import HouseholdFinding, SurveyResult, SurveyScope


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

    def of_person(self, who: Operator, addressee_number: int) -> PersonLetters | Refusal:
        """Tell what can be written about a resident who was opened."""
        return people.person_letters(self._node, who, addressee_number)

    def seal_inquiry(self, who: Operator, addressee_number: int, why: Purpose) -> IssuedPaper | Refusal:
        """Write the letter of inquiry of an application for a seal."""
        return self._papers.held(
            lambda issuer, set_paper: people.write_seal_inquiry(
                self._node, who, addressee_number, why, issuer=issuer, set_paper=set_paper
            )
        )

    def guarantee(self, who: Operator, addressee_number: int, why: Purpose) -> IssuedPaper | Refusal:
        """Make the form of a guarantee."""
        return self._papers.held(
            lambda issuer, set_paper: people.write_guarantee(
                self._node, who, addressee_number, why, issuer=issuer, set_paper=set_paper
            )
        )

    def renamed(
        self, who: Operator, addressee_number: int, asker: RenamedAsker, why: Purpose
    ) -> IssuedPaper | Refusal:
        """Certify how somebody's home was called before."""
        return self._papers.held(
            lambda issuer, set_paper: people.certify_renaming(
                self._node, who, addressee_number, asker, why, issuer=issuer, set_paper=set_paper
            )
        )

    def drop(self, who: Operator, terminal: str, number: str) -> Refusal | None:
        """Note that what goes by no post was written in vain."""
        return sending.drop_letter(self._node, who, number, terminal=terminal)


class ManyLetters:
    """A municipality's letters to many households as their pages use them."""

    def __init__(self, node: Node, papers: PaperDesk) -> None:
        """Serve one registry with its press."""
        self._node, self._papers = node, papers

    def runs(
        self, who: Operator, kind: CertificateKind, source: str, page: tuple[str, str]
    ) -> tuple[RunView, ...] | Refusal:
        """List the runs about a survey or a change of names."""
        return bulk.runs_of(self._node, who, kind, source, page=page)

    def stop(self, who: Operator, terminal: str, number: str) -> Refusal | None:
        """Stop a run; what it wrote stays."""
        return bulk.stop_run(self._node, who, number, terminal=terminal)

    def start(self, who: Operator, terminal: str, kind: CertificateKind, source: str) -> str | Refusal:
        """Ask for letters to all households of a survey or of a change of names."""
        return bulk.start_run(self._node, who, kind, source, self._papers.issuer, terminal=terminal)

    def bundle(self, who: Operator, terminal: str, run: str, first: str) -> Bundle | Refusal:
        """List the letters of one bundle."""
        return bulk.bundle_view(self._node, who, run, first, terminal=terminal)

    def print(self, who: Operator, terminal: str, run: str, first: str) -> IssuedPaper | Refusal:
        """Print the letters of one bundle as one file."""
        return bulk.print_bundle(
            self._node, who, run, first, set_bundle=self._papers.set_bundle, terminal=terminal
        )

    def send(self, who: Operator, terminal: str, run: str, first: str, on: date) -> int | Refusal:
        """Note that the letters of one bundle were sent."""
        return bulk.send_bundle(self._node, who, run, first, on, terminal=terminal)


class TownSurveys:
    """A municipality's surveys as their pages use them."""

    def __init__(self, node: Node, letters: ManyLetters | None) -> None:
        """Serve one registry; sheets are written where it has a press."""
        self._node, self._letters = node, letters

    def overview(self, who: Operator) -> tuple[SurveyView, ...] | Refusal:
        """List the newest surveys with their figures."""
        return running.survey_overview(self._node, who)

    def start(self, who: Operator, terminal: str, scope: SurveyScope) -> str | Refusal:
        """Start a survey."""
        return running.start_survey(self._node, who, scope, terminal=terminal)

    def listed(
        self, who: Operator, terminal: str, number: str, result: SurveyResult | None, after: tuple[str, int]
    ) -> SurveyList | Refusal:
        """Show one survey and a page of its households."""
        return running.survey_list(self._node, who, number, result=result, after=after, terminal=terminal)

    def household(
        self, who: Operator, terminal: str, number: str, home: int
    ) -> tuple[SurveySummary, SurveyedHousehold] | Refusal:
        """Show one household of a survey."""
        return running.surveyed_household(self._node, who, number, home, terminal=terminal)

    def note(
        self, who: Operator, terminal: str, number: str, home: int, found: HouseholdFinding, visits: int
    ) -> CaseDone | Refusal:
        """Note what was found of a household as it was seen."""
        return running.note_finding(self._node, who, number, home, found, visits=visits, terminal=terminal)

    def sheets(self, who: Operator, terminal: str, number: str) -> str | Refusal:
        """Have the sheets of a survey written."""
        if self._letters is None:
            return Refusal(Reason.FONT_MISSING, juki("34"), "font")
        return self._letters.start(who, terminal, CertificateKind.SURVEY_SHEET, number)

    def report(self, who: Operator, terminal: str, number: str) -> SurveyView | Refusal:
        """Give the figures of a survey to be handed out."""
        return running.survey_report(self._node, who, number, terminal=terminal)

    def end(self, who: Operator, terminal: str, number: str, words: str) -> Refusal | None:
        """End a survey with its report."""
        return running.end_survey(self._node, who, number, words, terminal=terminal)

    def withdraw(self, who: Operator, terminal: str, number: str, words: str) -> Refusal | None:
        """Call a survey off."""
        return running.end_survey(self._node, who, number, words, withdraw=True, terminal=terminal)
