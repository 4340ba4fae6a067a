"""Reports about filings, forwarded measures and the question about a number, bound to the registry."""

from daicho.faces.terminal.network_desk import ReportName
from daicho.faces.wording.filings import BY_REPORT
from daicho.faces.wording.remarks import remarks_of_alerts, remarks_on
from daicho.nodes.node import Node
from daicho.nodes.registry import genuineness, protection
from daicho.nodes.registry.filings import receiving, sending
from daicho.nodes.registry.filings.receiving import ReceivedLine, ReceivedList, ReceivedView
from daicho.nodes.registry.filings.sending import SentList, SentView
from daicho.nodes.registry.inquiry.asking import AgencyAnswer, Inquiry, ask_agency
from daicho.nodes.registry.intake import draw_codes
from daicho.nodes.registry.measures import receiving as taking
from daicho.nodes.registry.measures import sending as telling
from daicho.nodes.registry.measures.receiving import ForwardList, ForwardView
from daicho.nodes.registry.renumbering import asking
from daicho.nodes.registry.renumbering.asking import NumberChanges, NumberChangeView
from daicho.nodes.registry.residents import Purpose
from daicho.rules.filings.answer import ReportAnswer
from daicho.rules.filings.report import FilingReport
from daicho.rules.identity.genuineness import NumberVerdict
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator
from daicho.rules.people.codes import IndividualNumber, MunicipalityCode, ResidentRecordCode
from daicho.rules.protection.forwarding import ForwardAnswer
from daicho.rules.protection.measure import ProtectedAddress, ProtectionMeasure
from daicho.rules.register.drafting import Notice
from daicho.rules.register.numbering import NumberChange
from daicho.rules.register.reception import Reception


class FilingDesk:
    """What one registry tells other towns, and they it."""

    def __init__(self, node: Node) -> None:
        """Serve one registry."""
        self._node = node

    def new_name(self) -> str:
        """Give the name of a report that is about to be entered."""
        return self._node.clock.new_id()

    def received(self, who: Operator, terminal: str, *, closed: bool) -> ReceivedList | Refusal:
        """List reports of other towns."""
        return receiving.received_reports(self._node, who, closed=closed, terminal=terminal)

    def open_about(self, who: Operator, addressee_number: int) -> tuple[ReceivedLine, ...]:
        """List what is not recorded yet and may mean a resident."""
        return receiving.open_reports_about(self._node, who, addressee_number)

    def received_one(
        self, who: Operator, name: ReportName, terminal: str, beside: int | None = None
    ) -> ReceivedView | Refusal:
        """Open one of them."""
        return receiving.received_report(self._node, who, *name, beside=beside, terminal=terminal)

    def of_entry(self, who: Operator, entry_id: str) -> ReportName | None:
        """Name the report from which a waiting change was entered."""
        return receiving.report_of_entry(self._node, who, entry_id)

    def enter(
        self, who: Operator, notice: Notice, reception: Reception | None, name: ReportName, terminal: str
    ) -> tuple[str, tuple[str, ...]] | Refusal:
        """Enter a change from a report."""
        done = receiving.enter_from_report(
            self._node, who, notice, name, draw_codes=draw_codes, terminal=terminal, reception=reception
        )
        if isinstance(done, Refusal):
            return done
        return done.entry_id, (BY_REPORT, *remarks_of_alerts(done.alerts, who), *remarks_on(done.entry))

    def answer(self, who: Operator, name: ReportName, answer: ReportAnswer, terminal: str) -> Refusal | None:
        """Answer a report without a change; that nothing is to be recorded waits for a second person."""
        return receiving.answer_report(self._node, who, *name, answer, terminal=terminal)

    def confirm_answer(self, who: Operator, name: ReportName, terminal: str) -> Refusal | None:
        """Close one by the word of a second person that nothing is to be recorded."""
        return receiving.confirm_answer(self._node, who, *name, terminal=terminal)

    def decline_answer(self, who: Operator, name: ReportName, terminal: str) -> Refusal | None:
        """Open one again that was held to be recorded."""
        return receiving.decline_answer(self._node, who, *name, terminal=terminal)

    def sent(self, who: Operator, terminal: str, *, closed: bool) -> SentList | Refusal:
        """List reports to other towns."""
        return sending.sent_reports(self._node, who, closed=closed, terminal=terminal)

    def sent_one(self, who: Operator, report_id: str, terminal: str) -> SentView | Refusal:
        """Open one of them."""
        return sending.sent_report(self._node, who, report_id, terminal=terminal)

    def draft(
        self,
        who: Operator,
        report_id: str,
        receiver: MunicipalityCode,
        report: FilingReport,
        replaces: str,
        terminal: str,
    ) -> str | Refusal:
        """Keep a report that waits for a second person."""
        return sending.enter_report(
            self._node, who, report_id, receiver, report, replaces=replaces, terminal=terminal
        )

    def send(self, who: Operator, report_id: str, terminal: str) -> Refusal | None:
        """Send what somebody else entered."""
        return sending.send_report(self._node, who, report_id, terminal=terminal)

    def give_back(self, who: Operator, report_id: str, why: str, terminal: str) -> Refusal | None:
        """Give it back with a reason."""
        return sending.return_report(self._node, who, report_id, why, terminal=terminal)

    def close(self, who: Operator, report_id: str, terminal: str) -> Refusal | None:
        """Close one with which nothing is left to do."""
        return sending.close_report(self._node, who, report_id, terminal=terminal)


class ForwardDesk:
    """What one registry tells other towns of its measures, and they it of theirs."""

    def __init__(self, node: Node) -> None:
        """Serve one registry."""
        self._node = node

    def forward(self, who: Operator, number: str, terminal: str) -> ProtectionMeasure | Refusal:
        """Tell all towns of a measure that were not told and are on the network."""
        return protection.forward_measure(self._node, who, number, terminal=terminal)

    def send_again(self, who: Operator, number: str, told: str, terminal: str) -> Refusal | None:
        """Send once more what a town has not answered."""
        return telling.send_again(self._node, who, number, told, terminal=terminal)

    def add_address(
        self, who: Operator, number: str, address: ProtectedAddress, terminal: str
    ) -> ProtectionMeasure | Refusal:
        """Name another address that is to be protected."""
        return protection.add_address(self._node, who, number, address, terminal=terminal)

    def received(self, who: Operator, terminal: str, *, closed: bool) -> ForwardList | Refusal:
        """List what other towns forward."""
        return taking.forwarded_list(self._node, who, closed=closed, terminal=terminal)

    def received_one(
        self, who: Operator, name: ReportName, terminal: str, beside: tuple[int, ...] = ()
    ) -> ForwardView | Refusal:
        """Open one of them."""
        return taking.forwarded_view(self._node, who, *name, beside=beside, terminal=terminal)

    def take_up(
        self, who: Operator, name: ReportName, people: tuple[int, ...], sequence: int, terminal: str
    ) -> Refusal | None:
        """Take one up for some residents, the applicant first, as it was seen."""
        return taking.take_up(self._node, who, name, people, sequence=sequence, terminal=terminal)

    def answer(
        self, who: Operator, name: ReportName, answer: ForwardAnswer, sequence: int, terminal: str
    ) -> Refusal | None:
        """Answer one without a measure, or that its end was seen."""
        return taking.answer_forward(self._node, who, name, answer, sequence=sequence, terminal=terminal)


class InquiryDesk:
    """What the Agency tells one registry of somebody who need not live there."""

    def __init__(self, node: Node) -> None:
        """Serve one registry."""
        self._node = node

    def ask(self, who: Operator, asked: Inquiry) -> AgencyAnswer | Refusal:
        """Ask it."""
        return ask_agency(self._node, who, asked)


class NumberDesk:
    """What the network says of numbers that are shown at one registry, and which others it is asked for."""

    def __init__(self, node: Node) -> None:
        """Serve one registry."""
        self._node = node

    def confirm(
        self, who: Operator, code: ResidentRecordCode, number: IndividualNumber, why: Purpose
    ) -> NumberVerdict | Refusal:
        """Ask about somebody by their code."""
        return genuineness.confirm_number(self._node, who, code, number, why)

    def confirm_of(
        self, who: Operator, addressee_number: int, number: IndividualNumber | None, why: Purpose
    ) -> NumberVerdict | Refusal:
        """Ask about a resident."""
        return genuineness.confirm_number_of(self._node, who, addressee_number, number, why)

    def new_name(self) -> str:
        """Give the name of a request that is about to be entered."""
        return self._node.clock.new_id()

    def enter_change(self, who: Operator, name: str, asked: NumberChange, terminal: str) -> str | Refusal:
        """Keep a request for another number that waits for a second person."""
        return asking.enter_number_change(self._node, who, name, asked, terminal=terminal)

    def decide_change(self, who: Operator, name: str, step: str, why: str, terminal: str) -> Refusal | None:
        """Ask the nation or give back as a second person, or take back."""
        if step == "ask":
            return asking.ask_nation(self._node, who, name, terminal=terminal)
        act = asking.give_back if step == "return" else asking.drop
        return act(self._node, who, name, why, terminal=terminal)

    def changes(self, who: Operator, terminal: str, *, closed: bool) -> NumberChanges | Refusal:
        """List requests."""
        return asking.number_change_list(self._node, who, closed=closed, terminal=terminal)

    def change(self, who: Operator, name: str, terminal: str) -> NumberChangeView | Refusal:
        """Open one of them."""
        return asking.number_change(self._node, who, name, terminal=terminal)

    def change_under_way(self, addressee_number: int) -> str:
        """Tell how far a request for somebody's number has come."""
        return asking.open_number_change(self._node, addressee_number)
