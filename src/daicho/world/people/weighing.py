"""How often each pattern of a household occurs, so that ages, sexes and kinds have their published shares."""

from collections import defaultdict
from functools import cache
from operator import mul

from daicho.world.people.drawing import spread
from daicho.world.people.households import KINDS, MAN, WOMAN, Pattern, patterns
from daicho.world.tables import rows_of

PATTERN_BITS = 16
_PATTERNS = 4_000
_ROUNDS = 16
# Percent of households by their members, six standing for six and more: after the census of 2020, rounded.
SIZES = {1: 38.0, 2: 28.1, 3: 16.6, 4: 11.9, 5: 3.8, 6: 1.6}
AGE_GROUP_YEARS = 5
_OLDEST_GROUP = 100


def age_group(age: int) -> int:
    """Give the first year of the group of five years that an age belongs to; everybody from 100 on is one group."""
    return min(age // AGE_GROUP_YEARS * AGE_GROUP_YEARS, _OLDEST_GROUP)


def published_shares() -> dict[tuple[str, int], float]:
    """Give the published share of each sex and group of ages in all people; they add up to one."""
    counts = {
        (sex, int(row["age"])): float(row[column])
        for row in rows_of("ages.csv")
        for sex, column in ((MAN, "male"), (WOMAN, "female"))
    }
    total = sum(counts.values())
    return {group: count / total for group, count in counts.items()}


@cache
def weighed_patterns() -> list[Pattern]:
    """Give a table of 2 ** PATTERN_BITS patterns, each as often as it occurs."""
    drawn = list(patterns("households", _PATTERNS))
    return spread(drawn, _weights(drawn), PATTERN_BITS)


def _weights(drawn: list[Pattern]) -> list[float]:
    """Weigh the patterns by raking: kinds, sizes and groups of ages are brought to their shares in turn, ages last."""
    kinds: dict[str, list[int]] = defaultdict(list)
    sizes: dict[int, list[int]] = defaultdict(list)
    groups: dict[tuple[str, int], list[int]] = defaultdict(list)
    for place, pattern in enumerate(drawn):
        kinds[pattern.kind].append(place)
        sizes[min(len(pattern.members), max(SIZES))].append(place)
        for member in pattern.members:
            groups[member.sex, age_group(member.age)].append(place)
    households = [(percent / 100, kinds[kind]) for kind, (percent, _) in KINDS.items()]
    households += [(percent / 100, sizes[size]) for size, percent in SIZES.items()]
    people = [(share, groups[group]) for group, share in published_shares().items()]
    counts = [len(pattern.members) for pattern in drawn]
    weights = [1.0] * len(drawn)
    for _ in range(_ROUNDS):
        _bring(weights, households, sum(weights))
        _bring(weights, people, sum(map(mul, weights, counts)))
    return weights


def _bring(weights: list[float], shares: list[tuple[float, list[int]]], total: float) -> None:
    """Bring each group of patterns to its share of a total; a household of two such people stands in it twice."""
    for share, places in shares:
        factor = share * total / sum([weights[place] for place in places])
        for place in set(places):
            weights[place] *= factor
