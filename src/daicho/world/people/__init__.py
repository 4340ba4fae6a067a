"""Synthetic residents, drawn from a seed: households whose members, ages, names and addresses fit together.

Nobody here exists. Codes and numbers are made when they are needed, each town in a range of its own, and carry
right check digits; therefore none of them is ever committed.
"""

from daicho.world.people.lines import Ranges, population, ranges_of
from daicho.world.people.planning import TODAY

__all__ = ["TODAY", "Ranges", "population", "ranges_of"]
