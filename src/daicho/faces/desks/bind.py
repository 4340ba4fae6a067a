"""One node's terminal: its office, its desks, its place on the web."""

import hashlib
from collections.abc import Iterable

from starlette.applications import Starlette

from daicho.faces.desks.areas import NamesDesk
from daicho.faces.desks.cards import CardBook
from daicho.faces.desks.certificates import PaperDesk
from daicho.faces.desks.characters import CharacterBook
from daicho.faces.desks.correspondence import LettersOfTown, ManyLetters, TownSurveys
from daicho.faces.desks.deferral import DeferralDesk, LineDesk
from daicho.faces.desks.destinations import DestinationDesk, PrintingDesk
from daicho.faces.desks.disclosure import PersonDesk
from daicho.faces.desks.figures import FiguresDesk
from daicho.faces.desks.hall import LinkDesk
from daicho.faces.desks.handover_orders import HandoverDesk, RebuiltDesk
from daicho.faces.desks.letters import LetterDesk, OwnHistoryDesk
from daicho.faces.desks.look_up import PeopleDesk
from daicho.faces.desks.ministry import LinkWithMinistry
from daicho.faces.desks.network import FilingDesk, ForwardDesk, InquiryDesk, NumberDesk
from daicho.faces.desks.pages import pages_for
from daicho.faces.desks.papers import OfficeInspections, OfficeMail, OfficeNotices, OfficeTill
from daicho.faces.desks.programmes import ItemsDesk
from daicho.faces.desks.protection import ProtectionDesk
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.desks.retention import KeepersDesk
from daicho.faces.desks.seals import SealsDesk
from daicho.faces.desks.standing import StandingDesk
from daicho.faces.desks.statistics import StatisticsDesk
from daicho.faces.desks.stops import StopsDesk
from daicho.faces.desks.supplements import SupplementDesk
from daicho.faces.desks.upkeep import UpkeepDesk
from daicho.faces.terminal.app import terminal_app
from daicho.faces.terminal.desk import Desks, Info
from daicho.gate.demo_authenticator import DemoAuthenticator
from daicho.gate.passkey import Place
from daicho.nodes.chronicle import note
from daicho.nodes.config import NodeConfig
from daicho.nodes.node import Node
from daicho.nodes.office.desk import Office, OfficeFact, Person
from daicho.nodes.office.operators import enrol, enrol_demo_credential
from daicho.nodes.retention.overview import KEEPING
from daicho.nodes.watch.assembly import Foundation
from daicho.rules.hall.offices import NumberOrdinance
from daicho.rules.handover.order import GIVES_BACK
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Operator, Role
from daicho.store.unit import Unit
from daicho.wire.directory import DEMO, TRAINING

_HTTPS_PORT = 443


def place_of(config: NodeConfig) -> Place:
    """Name the terminal's place: as configured, or a host of its own under localhost, so that cookies do not meet."""
    if config.terminal is not None and config.terminal.name:
        port = "" if config.terminal.port == _HTTPS_PORT else f":{config.terminal.port}"
        return Place(config.terminal.name, f"https://{config.terminal.name}{port}", "Daicho 統合端末")
    label = ".".join(config.name.split(".")[:-2]).replace(".", "-")
    host = f"{label}.localhost"
    return Place(host, f"http://{host}:{config.terminal.port if config.terminal else 0}", "Daicho 統合端末")


def office_of(node: Node, config: NodeConfig) -> Office:
    """Open a node's office; the demo authenticator exists only while the signed directory says demo or training."""

    def write(unit: Unit, fact: OfficeFact) -> None:
        note(
            unit, node, event=fact.event, operator_login_id=fact.login_id, operator_role_id=fact.role_id,
            terminal=fact.terminal, outcome=fact.outcome, detail=fact.detail,
        )  # fmt: skip

    def demo() -> DemoAuthenticator | None:
        if node.wire.directory().profile not in (DEMO, TRAINING):
            return None
        return DemoAuthenticator(hashlib.sha256(b"demo" + node.vault.prf(b"demo authenticator")).digest())

    return Office(node.store, node.clock, place_of(config), write, demo)


def desks_of(foundation: Foundation) -> Desks:
    """Choose the desks of a node by its kind."""
    node = foundation.node
    queues, history = LetterDesk(node), OwnHistoryDesk(node)
    standing = StandingDesk(node, foundation.files, foundation.meter)
    line = LineDesk(node, foundation.line)
    if node.me.kind is NodeKind.REGISTRY:
        issuer = foundation.config.issuer
        chosen = foundation.config.seals
        papers = PaperDesk(node, issuer, chosen.fee_yen) if issuer is not None else None
        letters = ManyLetters(node, papers) if papers is not None else None
        hall = foundation.config.hall
        ordinance = hall.ordinance if hall is not None else NumberOrdinance()
        guard, counts, book = ProtectionDesk(node), StatisticsDesk(node), CharacterBook(node)
        return Desks(
            queues, history, CounterDesk(node), None, PersonDesk(node), standing, papers, guard, counts,
            UpkeepDesk(node), book, ItemsDesk(node), SealsDesk(node, papers, chosen),
            OfficeTill(node) if papers is not None else None,
            OfficeNotices(node, papers) if papers is not None else None,
            OfficeInspections(node),
            LinkDesk(node, ordinance),
            KeepersDesk(node), line, DeferralDesk(node), HandoverDesk(node), NamesDesk(node), FilingDesk(node), NumberDesk(node),
            LinkWithMinistry(node),
            ForwardDesk(node), OfficeMail(node, papers) if papers is not None else None,
            StopsDesk(node),
            LettersOfTown(node, papers) if papers is not None else None,
            letters, TownSurveys(node, letters),
            SupplementDesk(node),
            InquiryDesk(node),
            DestinationDesk(node),
            rebuilt=RebuiltDesk(node),
            cards=CardBook(node),
            figures=FiguresDesk(node, foundation.config.figures.least_people),
        )  # fmt: skip
    keeper = KeepersDesk(node) if node.me.kind in KEEPING else None
    writes = node.me.kind in GIVES_BACK
    handover = HandoverDesk(node) if writes else None
    printing = None
    if node.me.kind is NodeKind.NATIONAL:
        printing = PrintingDesk(node, can_print=foundation.config.press is not None)
    return Desks(
        queues,
        history,
        look_up=PeopleDesk(node),
        standing=standing,
        retention=keeper,
        line=line,
        handover=handover,
        printing=printing,
    )


def terminal_of(foundation: Foundation) -> Starlette:
    """Put the node's terminal together."""
    node, config = foundation.node, foundation.config
    body = node.me.title.split(" ")[0]
    info = Info(
        kind=node.me.kind, body=body, body_code=node.me.municipality.with_check() if node.me.municipality else "",
        home=node.me.municipality, node_name=str(node.me.name), demo=node.wire.directory().profile == DEMO,
        training=node.training,
    )  # fmt: skip
    desks = desks_of(foundation)
    return terminal_app(office_of(node, config), pages_for(info.kind, desks), desks, info)


_KEEPING = (
    ("BUNSHO-01", "BUNSHO", "文書 保", (Role.RECORDS_OFFICER,)),
    ("SEKININ-01", "SEKININSHA", "責任 守", (Role.SECURITY_OFFICER,)),
)
_DEMO_PEOPLE = {
    NodeKind.REGISTRY: (
        ("MADO-01", "MADOGUCHI", "窓口 一郎", (Role.CLERK,)),
        ("SHINSA-01", "SHINSA", "審査 花子", (Role.VERIFIER, Role.CLERK)),
        ("SHIEN-01", "SHIEN", "支援 望", (Role.PROTECTION_OFFICER,)),
        ("SHIEN-02", "SHIEN", "支援 翼", (Role.PROTECTION_OFFICER, Role.VERIFIER)),
        ("SEKININ-01", "SEKININSHA", "責任 守", (Role.SECURITY_OFFICER,)),
        ("BUNSHO-01", "BUNSHO", "文書 保", (Role.RECORDS_OFFICER,)),
        ("KANRI-01", "KANRI", "管理 進", (Role.ADMINISTRATOR,)),
    ),
    NodeKind.CS: (
        ("MADO-01", "MADOGUCHI", "窓口 一郎", (Role.CLERK,)),
        *_KEEPING,
        ("KANRI-01", "KANRI", "管理 進", (Role.ADMINISTRATOR,)),
    ),
    NodeKind.PREFECTURE: (
        ("RYOKEN-01", "RYOKEN", "旅券 渡", (Role.PASSPORT_CLERK,)),
        *_KEEPING,
        ("KANRI-01", "KANRI", "管理 進", (Role.ADMINISTRATOR,)),
    ),
    NodeKind.NATIONAL: (
        ("CARD-01", "CARD", "券面 作", (Role.CARD_CLERK,)),
        ("CARD-02", "CARD", "券面 確", (Role.CARD_CLERK,)),
        *_KEEPING,
        ("KANRI-01", "KANRI", "管理 進", (Role.ADMINISTRATOR,)),
    ),
}


def enrol_demo_operators(foundation: Foundation) -> None:
    """Enrol the demonstration's operators, where the signed directory says demo or training; nowhere else."""
    people = _DEMO_PEOPLE.get(foundation.node.me.kind, ())
    enrol_for_demo(
        foundation,
        [Person(Operator(login, role, roles), name, "デモ") for login, role, name, roles in people],
    )


def enrol_for_demo(foundation: Foundation, people: Iterable[Person]) -> None:
    """Enrol these with keys of the demo authenticator, where the signed directory says demo or training."""
    office = office_of(foundation.node, foundation.config)
    if office.demo() is None:
        return
    for person in people:
        enrol(office, person)
        enrol_demo_credential(office, person.operator.login_id)
