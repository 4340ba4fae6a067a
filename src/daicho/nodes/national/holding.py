"""Notices that are not printed, or not sent, after all: tried again, given up, held back.  個人番号通知書の取りやめ"""

from collections.abc import Sequence

from daicho.nodes.chronicle import fact_by, note_many
from daicho.nodes.national.bundles import reason_given
from daicho.nodes.node import Node
from daicho.rules.destination.keeping import printed_kept_until
from daicho.rules.law.article import bango
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Operator, Permission, may
from daicho.store import destination, notice_bundles
from daicho.store.destination import NoticeName, PrintedNotice
from daicho.store.unit import Unit

_NONE = Refusal(Reason.NOT_PENDING, bango("7"), "notices")
_CAN_END = frozenset({"stuck", "waiting", "printed"})


def decide_stuck(
    node: Node,
    operator: Operator,
    names: Sequence[NoticeName],
    *,
    again: bool,
    why: str = "",
    terminal: str = "",
) -> Refusal | None:
    """Let notices that could not be put on paper wait again, or give notices up that are not sent: all or none.

    What could be printed is held back for a reason, such as when its town asks for it. What lies printed in the same envelope
    is asked to be printed anew for that reason, since its address may be on the sheet that is taken out.
    """
    refusal = may(operator, Permission.SEND_NUMBER_NOTICES)
    if refusal is not None:
        return refusal
    with node.store.unit("notice_bundles.stuck") as unit:
        wanted = sorted(set(names))
        enclosed = [] if again else notice_bundles.in_same_letters(unit, wanted)
        files = {(town, number) for town, number, _ in wanted}
        destination.lock_files(unit, files)
        found = destination.lock_notices(unit, sorted({*wanted, *enclosed}))
        rows = [one for one in found if one.name in set(wanted)]
        can = frozenset({"stuck"}) if again else _CAN_END
        if not rows or len(rows) != len(wanted) or any(one.state not in can for one in rows):
            return _NONE
        refusal = None if all(one.state == "stuck" for one in rows) else reason_given(why)
        if refusal is not None:
            return refusal
        if again:
            destination.wait_again(unit, wanted)
        else:
            _give_up(unit, node, operator, found, wanted, why)
            destination.keep_until(unit, files, printed_kept_until(node.clock.business_today()))
        facts = [
            fact_by(
                operator, Event.NUMBER_NOTICE_PRINTED, terminal=terminal, subject=one.resident_record_code,
                outcome="retried" if again else "given_up", detail={"file": one.control_number},
            )
            for one in rows
        ]  # fmt: skip
        note_many(unit, node, facts)
    return None


def _give_up(
    unit: Unit,
    node: Node,
    operator: Operator,
    found: Sequence[PrintedNotice],
    wanted: Sequence[NoticeName],
    why: str,
) -> None:
    now = node.clock.now()
    notice_bundles.end_some(unit, wanted)
    destination.mark_notices(unit, wanted, "void", (operator.login_id, now), why)
    others = [one.name for one in found if one.name not in set(wanted) and one.state == "printed"]
    prints = notice_bundles.lock_prints(unit, others)
    fresh = [one.notice for one in prints if one.asked_by is None]
    notice_bundles.ask_again(unit, fresh, (operator.login_id, now, why))
