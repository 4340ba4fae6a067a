"""人口ピラミッド: the population by age group and sex as bars; the table beside it carries the numbers."""

from dataclasses import dataclass

from daicho.rules.people.sex import Sex
from daicho.rules.register.record import ResidentKind
from daicho.rules.register.statistics import GROUP_YEARS, OPEN_GROUP, PopulationCell, RegisterCount

WIDTH, TOP, ROW, BAR, AXIS, MIDDLE = 660, 34, 25, 19, 34, 72
_SIDE = (WIDTH - MIDDLE) // 2 - 16
_STEPS = (1, 2, 5)
_TICKS_MAX = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, in the drawing's own units; `kind` names its colour."""

    x: float
    y: int
    width: float
    kind: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A word at a place."""

    x: float
    y: int
    words: str


@dataclass(frozen=True, slots=True)
class Pyramid:
    """The whole drawing: bars, the ages between them, lines with their numbers, and where both sides begin."""

    height: int
    bottom: int
    bars: tuple[Bar, ...]
    ages: tuple[Mark, ...]
    ticks: tuple[Mark, ...]
    left: float
    right: float


def group_words(group: int | None) -> str:
    """Name an age group as the tables do."""
    if group is None:
        return "不詳"
    return f"{group}歳以上" if group == OPEN_GROUP else f"{group}〜{group + GROUP_YEARS - 1}歳"


def tick_step(most: int) -> int:
    """Choose a round distance between the lines so that there are few of them."""
    power = 1
    while True:
        for step in _STEPS:
            if step * power * _TICKS_MAX >= most:
                return step * power
        power *= 10


def pyramid(counted: RegisterCount) -> Pyramid:
    """Draw men to the left and women to the right, foreign residents at the outer ends."""
    groups = range(OPEN_GROUP, -1, -GROUP_YEARS)
    most = max(
        (_people(counted, group, sex) for group in groups for sex in (Sex.MALE, Sex.FEMALE)), default=0
    )
    step = tick_step(most)
    scale = _SIDE / (step * -(-max(most, 1) // step))
    left, right = (WIDTH - MIDDLE) / 2, (WIDTH + MIDDLE) / 2
    bars: list[Bar] = []
    ages: list[Mark] = []
    for place, group in enumerate(groups):
        y = TOP + place * ROW
        ages.append(Mark(WIDTH / 2, y + ROW // 2, group_words(group).removesuffix("歳")))
        for sex in (Sex.MALE, Sex.FEMALE):
            foreign = _people(counted, group, sex, ResidentKind.FOREIGN) * scale
            whole = _people(counted, group, sex) * scale
            inner, own = whole - foreign, sex.value.lower()
            man = sex is Sex.MALE
            bars.append(Bar(round(left - inner if man else right, 2), y + 3, round(inner, 2), own))
            outer = left - whole if man else right + inner
            bars.append(Bar(round(outer, 2), y + 3, round(foreign, 2), f"{own} foreign"))
    bottom = TOP + len(groups) * ROW
    ticks: list[Mark] = []
    for count in range(0, step * -(-max(most, 1) // step) + 1, step):
        ticks.append(Mark(round(left - count * scale, 2), bottom, f"{count:,}"))
        ticks.append(Mark(round(right + count * scale, 2), bottom, f"{count:,}"))
    drawn = tuple(one for one in bars if one.width)
    return Pyramid(bottom + AXIS, bottom, drawn, tuple(ages), tuple(ticks), left, right)


def _people(counted: RegisterCount, group: int, sex: Sex, kind: ResidentKind | None = None) -> int:
    kinds = tuple(ResidentKind) if kind is None else (kind,)
    return sum(counted.people.get(PopulationCell(one, sex, group), 0) for one in kinds)
