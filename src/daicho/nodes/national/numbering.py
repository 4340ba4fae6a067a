"""The nation makes individual numbers and hands out stocks of resident codes."""

from collections.abc import Callable, Sequence

from daicho.nodes import seams
from daicho.nodes.chronicle import note
from daicho.nodes.keeping.numbers import numbers_of, sealed_number
from daicho.nodes.mailroom import Outgoing, post_letters
from daicho.nodes.mailroom.receiving import ACCEPTED, Settled, refused
from daicho.nodes.node import Node
from daicho.rules.identity.numbering import candidate
from daicho.rules.identity.own_residents import number_waits
from daicho.rules.identity.record import IdentityRecord, UpwardReport
from daicho.rules.law.article import bango, juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import Member, NodeKind
from daicho.rules.people.codes import IndividualNumber, ResidentRecordCode, with_check_digit
from daicho.store import code_stock, identity, number_requests, numbers
from daicho.store.numbers import SealedNumber
from daicho.store.unit import Unit
from daicho.wire.codecs.identity import CodesGiven, CodesWanted, NumberMade, NumberRequest
from daicho.wire.codecs.letters import decode

MAX_CODES_AT_ONCE = 10_000
_MAX_ATTEMPTS = 1_000


def make_number(unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Make a number from a code and nothing else; a code that has one gets the same again (番号法8条2項)."""
    if sender.kind is not NodeKind.CS:
        return refused(Refusal(Reason.NOT_PERMITTED, bango("8"), "sender"))
    code = decode(NumberRequest, content).resident_record_code
    if number_waits(identity.holder(unit, code), code_stock.given_to(unit, code), sender.municipality):
        # Who moved in is reported through the prefecture, which may take longer than this question.
        number_requests.keep_waiting(unit, code, str(sender.municipality), node.clock.now())
        note(unit, node, event=Event.NUMBER_WAITS, subject=str(code), outcome="waits", peer=str(sender.name))
        return ACCEPTED
    _give(unit, node, code, sender)
    return ACCEPTED


def make_another_number(unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Draw another number for a code that has one (番号法7条2項, 8条2項); asked again before it is recorded, the same.

    It is not in force here until the town tells that it recorded it. Whose number the nation does not know yet, or who
    is not known to live in that town, waits for the report.
    """
    if sender.kind is not NodeKind.CS:
        return refused(Refusal(Reason.NOT_PERMITTED, bango("8"), "sender"))
    code = decode(NumberRequest, content).resident_record_code
    waits = number_waits(identity.holder(unit, code), code_stock.given_to(unit, code), sender.municipality)
    if waits or not numbers_of(unit, node, [str(code)]):
        number_requests.keep_waiting(unit, code, str(sender.municipality), node.clock.now(), another=True)
        note(unit, node, event=Event.NUMBER_WAITS, subject=str(code), outcome="waits", peer=str(sender.name))
        return ACCEPTED
    _give_another(unit, node, code, sender)
    return ACCEPTED


def give_waiting(unit: Unit, node: Node, reports: Sequence[UpwardReport]) -> None:
    """Answer requests that waited for these reports: the asking town holds the person's record now."""
    held = [(str(one.record.resident_record_code), str(one.record.municipality_code)) for one in reports]
    for code, town, another in number_requests.take_answerable(unit, held):
        cs = node.wire.directory().cs_of(town)
        if cs is None:
            continue
        # Whoever has no number yet gets the first one: another one is asked for when that has come.
        give = _give_another if another and numbers_of(unit, node, [code]) else _give
        give(unit, node, ResidentRecordCode(code), cs)


def give_in_force(unit: Unit, node: Node, records: Sequence[IdentityRecord]) -> None:
    """Give the towns of some people the numbers in force: what they told is one of before (番号法7条2項).

    Who got another number elsewhere and came back is kept there under the former one.
    """
    for record in records:
        cs = node.wire.directory().cs_of(record.municipality_code)
        if cs is not None:
            _give(unit, node, record.resident_record_code, cs)


def put_in_force(unit: Unit, node: Node, overtaken: Sequence[UpwardReport]) -> None:
    """Let numbers be in force that a town recorded before it heard that the person had left; the new town is given them.

    Only what was drawn for the code counts.

    Law: 番号法 第7条第2項; 番号法施行令 第2条
    """
    for report in overtaken:
        code, number = report.record.resident_record_code, report.individual_number
        if number is None:
            continue
        with unit.as_number_keeper():
            taken = numbers.put_in_force(unit, sealed_number(node, code, number, node.clock.business_today()))
        town = identity.holder(unit, code) if taken else None
        cs = node.wire.directory().cs_of(town) if town is not None else None
        if cs is not None:
            _give(unit, node, code, cs)


def _give(unit: Unit, node: Node, code: ResidentRecordCode, cs: Member) -> None:
    number = numbers_of(unit, node, [str(code)]).get(str(code)) or _draw(unit, node, code)
    note(unit, node, event=Event.NUMBER_MADE, subject=str(code), outcome="made", peer=str(cs.name))
    post_letters(unit, node, [Outgoing(cs, "number.made", NumberMade(code, number))])
    seams.at("numbering.made")


def _give_another(unit: Unit, node: Node, code: ResidentRecordCode, cs: Member) -> None:
    with unit.as_number_keeper():
        sealed = numbers.drawn_of(unit, code)
    number = (
        IndividualNumber(node.vault.open(sealed, code))
        if sealed
        else _draw(unit, node, code, numbers.draw_number)
    )
    note(unit, node, event=Event.NUMBER_MADE, subject=str(code), outcome="made again", peer=str(cs.name))
    post_letters(unit, node, [Outgoing(cs, "number.made", NumberMade(code, number, drawn=True))])
    seams.at("numbering.made")


def _draw(
    unit: Unit,
    node: Node,
    code: ResidentRecordCode,
    keep: Callable[[Unit, SealedNumber], bool] = numbers.keep_number,
) -> IndividualNumber:
    """Draw until the number is nobody's and never was."""
    for attempt in range(_MAX_ATTEMPTS):
        number = candidate(node.vault.prf, code, attempt)
        with unit.as_number_keeper():
            if keep(unit, sealed_number(node, code, number, node.clock.business_today())):
                return number
    raise RuntimeError("no free individual number in a thousand attempts")


def hand_out_codes(unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Give a municipality codes that nobody was ever given; the same request again gives the same codes."""
    if sender.kind is not NodeKind.CS:
        return refused(Refusal(Reason.NOT_PERMITTED, juki("30-2"), "sender"))
    wanted = decode(CodesWanted, content)
    if not 0 < wanted.codes <= MAX_CODES_AT_ONCE:
        return refused(Refusal(Reason.NUMBER_MALFORMED, juki("30-2"), "codes"))
    given = code_stock.given(unit, wanted.pool_id, str(sender.municipality)) or _draw_codes(
        unit, node, wanted, str(sender.municipality)
    )
    note(
        unit, node, event=Event.CODES_HANDED_OUT, outcome="handed out", peer=str(sender.name),
        detail={"pool": wanted.pool_id, "codes": str(len(given))},
    )  # fmt: skip
    codes = tuple(ResidentRecordCode(code) for code in given)
    post_letters(unit, node, [Outgoing(sender, "codes.given", CodesGiven(codes, wanted.pool_id))])
    return ACCEPTED


def _draw_codes(unit: Unit, node: Node, wanted: CodesWanted, municipality: str) -> list[str]:
    """Draw ten digits at random (規則1条) until enough of them are new."""
    found: list[str] = []
    while len(found) < wanted.codes:
        drawn = {
            with_check_digit(f"{int.from_bytes(node.clock.token(8), 'big') % 10**10:010d}")
            for _ in range(wanted.codes - len(found))
        }
        found += code_stock.hand_out(unit, wanted.pool_id, municipality, sorted(drawn))
    return found
