"""The named places where a crash matters: tests kill a node there, and nothing happens there otherwise."""

import os
import signal
import threading
from collections.abc import Callable

# Every transaction of a node, by the name that `store.unit` is given; each has a seam before and one after its commit.
UNITS = (
    "agency.ask",
    "areas.again",
    "areas.bring",
    "areas.decide",
    "areas.dismiss",
    "areas.leave",
    "areas.one",
    "areas.rest",
    "areas.resume",
    "areas.show",
    "areas.step",
    "areas.stop",
    "areas.table",
    "areas.withdraw",
    "audit.answers",
    "audit.books",
    "audit.contents",
    "audit.copies",
    "audit.receipts",
    "audit.witness",
    "audit.witnessed",
    "call.refused",
    "cards.note",
    "cards.show",
    "certificate.former",
    "certificate.issued",
    "certificate.renewed",
    "characters.close",
    "characters.decide",
    "characters.describe",
    "characters.missing",
    "characters.propose",
    "characters.survey",
    "characters.withdraw",
    "codes.ask",
    "counter.enter",
    "counter.permit",
    "counter.preview",
    "counter.reject",
    "counter.reveal_code",
    "counter.verify",
    "counter.withdraw",
    "deferral.close",
    "deferral.list",
    "deferral.look",
    "deferral.open",
    "deferral.put_off",
    "deferral.renew",
    "destinations.blank",
    "destinations.confirm",
    "destinations.end",
    "destinations.end_over",
    "destinations.forget",
    "destinations.state",
    "destinations.take_returned",
    "destinations.tell",
    "destinations.tell_refused",
    "destinations.verify",
    "directory.taken",
    "disclosure.gather",
    "disclosure.gather_at_cs",
    "disclosure.hand_out",
    "disclosure.open",
    "disclosure.own_part",
    "extraction.ask",
    "extraction.decide",
    "extraction.give_up",
    "extraction.make",
    "extraction.step",
    "extraction.take",
    "figures.annual",
    "figures.publish",
    "filings.answer",
    "filings.close",
    "filings.decide",
    "filings.enter",
    "filings.received_listed",
    "filings.received_shown",
    "filings.sent_listed",
    "filings.sent_shown",
    "folding.anew",
    "genuineness.answer",
    "genuineness.asked",
    "genuineness.carry",
    "genuineness.counted",
    "genuineness.recorded",
    "hall.ask",
    "hall.base",
    "hall.base_file",
    "hall.caller",
    "hall.close",
    "hall.decide",
    "hall.feed",
    "hall.file",
    "hall.file_noted",
    "hall.guide",
    "hall.open",
    "hall.place",
    "hall.refused",
    "hall.resident",
    "hall.secret",
    "hall.secrets_ended",
    "hall.show",
    "hall.token",
    "hall.withdraw",
    "handover.ask",
    "handover.compare",
    "handover.decide",
    "handover.load",
    "handover.note",
    "handover.use",
    "handover.written",
    "health.ping",
    "history.own",
    "history.sightings",
    "inquiry.asked",
    "inquiry.carry",
    "inquiry.counted",
    "inquiry.hidden",
    "inspections.apply",
    "inspections.decide",
    "inspections.end",
    "inspections.read",
    "ledger.checkpoint",
    "ledger.close",
    "ledger.cosign",
    "ledger.cosigned",
    "ledger.months",
    "ledger.newest",
    "ledger.prove",
    "ledger.sequence",
    "letters.again",
    "letters.drop",
    "letters.inquire",
    "letters.look",
    "letters.note",
    "letters.public",
    "letters.run",
    "letters.runs",
    "letters.stop",
    "line.look",
    "look_up.hidden",
    "look_up.note",
    "look_up.own_copy",
    "mailed.listed",
    "mailed.receive",
    "mailed.shown",
    "mailed.step",
    "mailroom.begin",
    "mailroom.fates",
    "mailroom.handle",
    "mailroom.handle_alone",
    "mailroom.keep",
    "mailroom.look",
    "mailroom.mark",
    "mailroom.new_epochs",
    "mailroom.outcomes",
    "mailroom.pause",
    "mailroom.senders",
    "mailroom.set_back",
    "mailroom.take",
    "mailroom.tell_later",
    "mailroom.told",
    "mailroom.untold",
    "moj_link.decide",
    "moj_link.faulty",
    "moj_link.fetch",
    "moj_link.forget",
    "moj_link.listed",
    "moj_link.look",
    "moj_link.look_again",
    "moj_link.make",
    "moj_link.municipal",
    "moj_link.refused",
    "moj_link.shown",
    "moj_link.take",
    "moj_link.unlooked",
    "moj_link.write",
    "node.beat",
    "node.months",
    "node.start",
    "notice_bundles.ask_reprint",
    "notice_bundles.asked",
    "notice_bundles.decide_reprint",
    "notice_bundles.drop",
    "notice_bundles.fetch",
    "notice_bundles.forget",
    "notice_bundles.hinder",
    "notice_bundles.left",
    "notice_bundles.next",
    "notice_bundles.open",
    "notice_bundles.order",
    "notice_bundles.printed",
    "notice_bundles.prints",
    "notice_bundles.refused",
    "notice_bundles.send",
    "notice_bundles.set",
    "notice_bundles.show",
    "notice_bundles.stuck",
    "notices.again",
    "notices.drop",
    "notices.listed",
    "notices.look",
    "notices.look_leaving",
    "number_changes.ask",
    "number_changes.drop",
    "number_changes.enter",
    "number_changes.give_back",
    "number_changes.lapse",
    "number_changes.listed",
    "number_changes.shown",
    "number_notices.back",
    "number_notices.found",
    "number_notices.gather",
    "number_notices.listed",
    "number_notices.mark",
    "number_notices.order",
    "number_notices.queued",
    "number_notices.shown",
    "office.begin_registration",
    "office.begin_sign_in",
    "office.close",
    "office.demo_sign_in",
    "office.enrol",
    "office.enrol_demo",
    "office.finish_registration",
    "office.refused",
    "office.revoke_credential",
    "office.session",
    "office.sign_in",
    "office.sign_off",
    "paper.issue",
    "paper.look",
    "paper.number",
    "paper.refused",
    "posting.note",
    "posting.step",
    "programmes.change",
    "programmes.show",
    "protection.add_address",
    "protection.apply",
    "protection.ask",
    "protection.ask_end",
    "protection.beside",
    "protection.decide",
    "protection.forward",
    "protection.forwarded_decided",
    "protection.forwarded_listed",
    "protection.forwarded_shown",
    "protection.hold_who_came",
    "protection.kept_back",
    "protection.see_alert",
    "protection.send_again",
    "protection.show",
    "protection.step",
    "protection.tell_cs",
    "provision.answer",
    "provision.counted",
    "rebuilt.listed",
    "rebuilt.opened",
    "register.code_of",
    "register.note_shown",
    "register.strike_due",
    "retention.box",
    "retention.box_new",
    "retention.box_step",
    "retention.boxes",
    "retention.decide",
    "retention.end",
    "retention.erase",
    "retention.finish",
    "retention.hold",
    "retention.lift",
    "retention.list",
    "retention.overview",
    "retention.propose",
    "retention.show",
    "retention.withdraw",
    "returned.list",
    "returned.resolve",
    "seals.card",
    "seals.decide",
    "seals.enter",
    "seals.handed",
    "seals.move",
    "seals.open",
    "seals.paper",
    "seals.print",
    "seals.queue",
    "seals.show",
    "seals.suspend",
    "seals.told",
    "sheets.destroy",
    "sheets.note",
    "sheets.receive",
    "sheets.undo",
    "standing.note",
    "standing.read",
    "statistics.note",
    "stops.decide",
    "stops.listed",
    "stops.place",
    "stops.shown",
    "surveys.end",
    "surveys.list",
    "surveys.note",
    "surveys.report",
    "surveys.show",
    "surveys.start",
    "supplements.counted",
    "supplements.decide",
    "supplements.finish",
    "supplements.owed_listed",
    "supplements.owed_shown",
    "supplements.received_listed",
    "supplements.received_shown",
    "supplements.tell",
    "till.close",
    "till.decide",
    "till.undo_waiver",
    "till.waive",
    "transfer.export",
    "transfer.export_noted",
    "transfer.import_part",
    "upkeep.note",
    "upkeep.open",
    "upkeep.step",
)

# What lies between transactions, or at one point of many within one.
BETWEEN = (
    # a letter on its way out
    "mailroom.numbered",  # numbered, not committed
    "mailroom.before_send",  # numbered, not sent
    "mailroom.after_send",  # the receipt is here, not noted
    # its handling
    "mailroom.settled",  # done and settled, not committed
    "mailroom.after_settled",
    # telling the sender
    "mailroom.after_told",  # the sender knows, not noted
    # numbers
    "numbering.made",  # drawn, noted and posted, not committed
)

SEAMS = frozenset(
    {*BETWEEN, *(f"{unit}.{edge}" for unit in UNITS for edge in ("before_commit", "after_commit"))}
)


class UnknownSeam(ValueError):
    """A seam that is not on the list."""


_ARMED: dict[str, tuple[int, Callable[[], None]]] = {}
_LOCK = threading.Lock()


def _kill_this_process() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def at(name: str) -> None:
    """Pass a seam; nothing happens unless it was armed. Raises: UnknownSeam."""
    if name not in SEAMS:
        raise UnknownSeam(name)
    if name in _ARMED:
        _pass_armed(name)


def arm(name: str, *, passing: int = 1, action: Callable[[], None] = _kill_this_process) -> None:
    """Let `action` happen when this seam is passed for the `passing`-th time; the default kills the process.

    Raises: UnknownSeam.
    """
    if name not in SEAMS:
        raise UnknownSeam(name)
    with _LOCK:
        _ARMED[name] = (passing, action)


def arm_all(passings: dict[str, int]) -> None:
    """Arm the seams that a configuration names. Raises: UnknownSeam."""
    for name, passing in passings.items():
        arm(name, passing=passing)


def disarm() -> None:
    """Make every seam harmless again."""
    with _LOCK:
        _ARMED.clear()


def _pass_armed(name: str) -> None:
    with _LOCK:
        if name not in _ARMED:
            return
        left, action = _ARMED[name]
        if left > 1:
            _ARMED[name] = (left - 1, action)
            return
        del _ARMED[name]
    action()
