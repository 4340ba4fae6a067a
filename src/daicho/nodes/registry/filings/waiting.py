"""Who may look at reports that wait, and since when one waits for too long."""

from datetime import datetime, timedelta

from daicho.nodes.node import Node
from daicho.rules.law.refusal import Refusal
from daicho.rules.operators.authority import Operator, Permission, may, permissions_of
from daicho.rules.upkeep.periods import UpkeepDeadline, upkeep_period


def may_look(operator: Operator) -> Refusal | None:
    """Refuse whoever neither enters changes nor is the second person who compares them."""
    if Permission.ENTER_CHANGE in permissions_of(operator):
        return None
    return may(operator, Permission.VERIFY_CHANGE)


def late_before(node: Node) -> datetime:
    """Give the instant since which whatever waits should have been dealt with, or answered."""
    days = upkeep_period(UpkeepDeadline.REPORT, node.clock.business_today()).days
    return node.clock.now() - timedelta(days=days)
