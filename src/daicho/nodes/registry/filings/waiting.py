"""Since when a report that waits has waited for too long."""

from datetime import datetime, timedelta

from daicho.nodes.node import Node
from daicho.rules.upkeep.periods import UpkeepDeadline, upkeep_period


def late_before(node: Node) -> datetime:
    """Give the instant since which whatever waits should have been dealt with, or answered."""
    days = upkeep_period(UpkeepDeadline.REPORT, node.clock.business_today()).days
    return node.clock.now() - timedelta(days=days)
