"""Files of destinations of the own registry: checked, kept, passed on unedited; what was refused is told back.  送付先情報通知"""

from daicho.nodes.chronicle import Fact, note_many
from daicho.nodes.cs.intake import home_of
from daicho.nodes.keeping.destination import OTHER_NUMBER, keep_destination
from daicho.nodes.keeping.numbers import numbers_of
from daicho.nodes.mailroom import Outgoing, partner, post_letters
from daicho.nodes.mailroom.receiving import ACCEPTED, SUPERSEDED, Settled, refused
from daicho.nodes.node import Node
from daicho.nodes.watch.loops import Job
from daicho.rules.destination.checking import check_destination
from daicho.rules.destination.keeping import destination_kept_until
from daicho.rules.destination.record import DestinationInfo
from daicho.rules.law.article import security_standard
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import Member, NodeKind
from daicho.store import destination, identity, mailbox
from daicho.store.mailbox import ReturnedLetter
from daicho.store.unit import Unit
from daicho.wire.codecs.destination import INFO, REFUSED, DestinationRefused, read_destination

ROUND_ROWS = 200
_EVERY_SECONDS = 60.0
_MACHINE = "machine:cs"
_ONLY_REGISTRY = Refusal(Reason.NOT_PERMITTED, security_standard("6-7"), "sender")


def take_destination(unit: Unit, node: Node, sender: Member, content: bytes) -> Settled:
    """Keep a file of the own registry and pass it on as it came; the same once more does nothing.

    Whose record the CS does not hold, or not with this very number, is told to nobody.
    """
    if sender.kind is not NodeKind.REGISTRY:
        return refused(_ONLY_REGISTRY)
    info = read_destination(content)
    refusal = check_destination(info, home_of(node), node.clock.business_today())
    if refusal is None and not _all_held(unit, node, info):
        refusal = OTHER_NUMBER
    kept: bool | Refusal = refusal or keep_destination(
        unit, node, info, kept_until=destination_kept_until(node.clock.business_today())
    )
    if isinstance(kept, Refusal):
        note_many(unit, node, _facts(info, sender, Event.DESTINATION_REFUSED, kept.reason.value))
        return refused(kept)
    if not kept:
        return SUPERSEDED
    note_many(unit, node, _facts(info, sender, Event.DESTINATION_PASSED, "kept"))
    matter = info.destination_control_number
    post_letters(unit, node, [Outgoing(node.wire.directory().national(), INFO, content, matter=matter)])
    return ACCEPTED


def refusal_telling(node: Node) -> Job:
    """Tell the own registry once a minute what the nation refused."""
    return Job("destinations-refused", _EVERY_SECONDS, lambda: tell_refused(node) == ROUND_ROWS)


def tell_refused(node: Node) -> int:
    """Tell the own registry which files the nation refused, and count them; the registry tells anew what is mended.

    What it tells anew may have the same number: the file is forgotten here. One whose number the nation knows with other
    content stays in the queue of letters that came back.
    """
    with node.store.reading() as unit:
        if not _refused_by_nation(unit):
            return 0
    registry = partner(node.wire.directory(), node.me, NodeKind.REGISTRY)
    with node.store.unit("destinations.tell_refused") as unit:
        letters = _refused_by_nation(unit)
        names = [(str(home_of(node)), one.matter) for one in letters]
        with unit.as_number_keeper():
            destination.forget_numbers(unit, names)
        destination.forget_files(unit, names)
        for one in letters:
            mailbox.resolve_returned(
                unit, one.letter_id, by=_MACHINE, at=node.clock.now(), resolution="既存住基へ通知"
            )
        told = [
            Outgoing(
                registry, REFUSED, DestinationRefused(one.matter, one.reason, one.field),
                matter=one.matter,
            )
            for one in letters
        ]  # fmt: skip
        post_letters(unit, node, told)
        facts = [
            Fact(
                Event.DESTINATION_REFUSED, outcome=one.reason, peer=str(node.wire.directory().national().name),
                detail={"file": one.matter},
            )
            for one in letters
        ]  # fmt: skip
        note_many(unit, node, facts)
    return len(letters)


def _refused_by_nation(unit: Unit) -> list[ReturnedLetter]:
    return mailbox.returned(unit, ROUND_ROWS, INFO, but=Reason.FILE_ALREADY_MADE.value)


def _all_held(unit: Unit, node: Node, info: DestinationInfo) -> bool:
    """Tell whether everybody is held here as the town's, each with exactly the number given."""
    given = {str(one.resident_record_code): one.individual_number for one in info.persons}
    held = all(identity.holder(unit, code) == info.municipality_code for code in given)
    return held and numbers_of(unit, node, list(given)) == given


def _facts(info: DestinationInfo, sender: Member, event: Event, outcome: str) -> list[Fact]:
    return [
        Fact(
            event, subject=str(one.resident_record_code), outcome=outcome, peer=str(sender.name),
            operator_role_id=info.operator_role_id, terminal=info.terminal_id,
            detail={"file": info.destination_control_number, "kind": info.print_kind.value},
        )
        for one in info.persons
    ]  # fmt: skip
