"""Who lives with whom at which age: patterns of households, of the kinds that a census counts.

A pattern knows nothing of names and days. It is drawn here by rough rules; `weighing` lets it occur as often as
the published figures ask.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

from daicho.rules.register.record import HOUSEHOLDER

MAN, WOMAN = "MALE", "FEMALE"
STRANGER = -1  # the family register's head lives elsewhere
_OLDEST = 106
_YOUNGEST_PARENT = 17
_WED, _UNWED = {MAN: "夫", WOMAN: "妻"}, {MAN: "夫（未届）", WOMAN: "妻（未届）"}
_LIVES_AT_HOME = ((18, 0.99), (20, 0.8), (25, 0.6), (30, 0.4), (40, 0.22), (50, 0.15), (60, 0.1))


@dataclass(frozen=True, slots=True)
class Member:
    """One place in a household: `surname` 0 is the householder's and 1 another; `register` is a member's place."""

    relationship: str
    sex: str
    age: int
    surname: int = 0
    register: int = 0
    foreign: bool = False
    twin: bool = False  # born on the day of the one before


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """The members of a household, the householder first; whoever is left when some are cut off is one still."""

    kind: str
    members: tuple[Member, ...]
    native: bool = False  # the householder has lived here from birth


_Maker = Callable[[Random], list[Member]]


def _other(sex: str) -> str:
    return WOMAN if sex == MAN else MAN


def _partner_age(draw: Random, age: int, years: float = 2.2) -> int:
    return min(max(18, age + round(draw.gauss(years, 3.4))), _OLDEST)


def _head(sex: str, age: int, *, foreign: bool = False, register: int = 0) -> Member:
    return Member(HOUSEHOLDER, sex, age, register=register, foreign=foreign)


def _couple(draw: Random, wife_age: int) -> list[Member]:
    """Draw a couple; of some the marriage is not notified, and each keeps a surname."""
    husband_age = _partner_age(draw, wife_age)
    man_leads, unwed = draw.random() < 0.95, wife_age < 75 and draw.random() < 0.018
    sex, age, other_age = (MAN, husband_age, wife_age) if man_leads else (WOMAN, wife_age, husband_age)
    if unwed:
        second = Member(_UNWED[_other(sex)], _other(sex), other_age, 1, STRANGER)
        return [_head(sex, age, register=STRANGER), second]
    return [_head(sex, age), Member(_WED[_other(sex)], _other(sex), other_age)]


def _ages_of_children(draw: Random, mother_age: int, at_first: float = 29.8) -> list[tuple[int, bool]]:
    """Draw the ages of the children who live with a mother, the eldest first, and whether one is the other's twin."""
    mother_at_birth = min(max(18, round(draw.gauss(at_first, 4.6))), 42)
    found: list[tuple[int, bool]] = []
    for _ in range(draw.choices((1, 2, 3, 4), (38, 45, 14, 3))[0]):
        age = mother_age - mother_at_birth
        if age >= 0 and draw.random() < next((share for below, share in _LIVES_AT_HOME if age < below), 0.05):
            found.append((age, False))
            if draw.random() < 0.011:
                found.append((age, True))
        # Two births lie at least two years of age apart; a shorter distance could be less than nine months.
        mother_at_birth += draw.choice((2, 2, 3, 3, 4, 5))
        if mother_at_birth > 46:
            break
    return found


def _children(draw: Random, mother_age: int, model: Member) -> list[Member]:
    """Draw a mother's children after a model that has their relationship, surname and register."""
    return [
        replace(model, sex=MAN if draw.random() < 0.512 else WOMAN, age=age, twin=twin)
        for age, twin in _ages_of_children(draw, mother_age)
    ]


_CHILD = Member("子", MAN, 0)


def _single(draw: Random) -> list[Member]:
    sex = MAN if draw.random() < 0.52 else WOMAN
    young, middle = (0.36, 0.72) if sex == MAN else (0.28, 0.48)
    chance = draw.random()
    if chance < young:
        age = draw.randrange(18, 35)
    elif chance < middle:
        age = draw.randrange(35, 62)
    else:
        age = min(round(draw.triangular(62, _OLDEST, 80)), _OLDEST)
    own_register = (0.05 if age < 35 else 0.45) if sex == MAN else (0.04 if age < 35 else 0.25)
    return [_head(sex, age, register=0 if draw.random() < own_register else STRANGER)]


def _only_couple(draw: Random) -> list[Member]:
    young, middle = draw.randrange(20, 42), draw.randrange(42, 62)
    return _couple(draw, draw.choices((young, middle, round(draw.triangular(60, 96, 72))), (24, 22, 54))[0])


def _couple_with_children(draw: Random) -> list[Member]:
    wife_age = draw.randrange(22, 86)
    couple = _couple(draw, wife_age)
    partner = couple[1].relationship
    apart = couple[1].surname == 1
    model = _CHILD
    if apart and draw.random() < 0.5:
        model = Member(f"{partner}の子", MAN, 0, 1 if couple[1].sex == WOMAN else 0, STRANGER)
    children = _children(draw, wife_age, replace(model, register=STRANGER) if apart else model)
    if children and not apart and couple[1].sex == WOMAN and draw.random() < 0.03:
        # A child of an earlier marriage bears the surname of that one.
        children[0] = replace(children[0], relationship=f"{partner}の子", surname=1, register=STRANGER)
    return [*couple, *children] if children else []


def _mother_with_children(draw: Random) -> list[Member]:
    age = draw.randrange(22, 97)
    register = 0 if age < 60 and draw.random() < 0.7 else STRANGER
    children = _children(draw, age, replace(_CHILD, register=register))
    if not children:
        return []
    if children[0].age < 30 or draw.random() < 0.5:
        return [_head(WOMAN, age, register=register), *children]
    head, *younger = (replace(child, register=STRANGER) for child in children)
    siblings = [
        replace(one, relationship="弟" if one.sex == MAN else "妹", twin=False)
        for one in younger
        if not one.twin
    ]
    mother = Member("母", WOMAN, age, register=STRANGER)
    return [_head(head.sex, head.age, register=STRANGER), mother, *siblings]


def _father_with_children(draw: Random) -> list[Member]:
    mother_age = draw.randrange(24, 90)
    children = _children(draw, mother_age, _CHILD)
    return [_head(MAN, _partner_age(draw, mother_age)), *children] if children else []


def _parents(draw: Random, of: Member, place: int, before: str = "", surname: int = 0) -> list[Member]:
    """Draw father, mother or both of somebody; `place` is where the first of them will stand."""
    mother_age = of.age + min(max(19, round(draw.gauss(27, 3.8))), 44)
    father_age = _partner_age(draw, mother_age, 2.8)
    both, father_alone = draw.random() < 0.4, draw.random() < 0.12
    found = []
    if (both or father_alone) and father_age <= _OLDEST:
        found.append(Member(f"{before}父", MAN, father_age, surname, place))
    if (both or not father_alone) and mother_age <= _OLDEST:
        found.append(Member(f"{before}母", WOMAN, mother_age, surname, place if found else STRANGER))
    return found


def _three_generations(draw: Random) -> list[Member]:
    if draw.random() < 0.4:
        return _with_childs_family(draw)
    wife_age = draw.randrange(26, 58)
    husband_age = _partner_age(draw, wife_age)
    married = draw.random() < 0.86
    head = _head(MAN, husband_age)
    family = [head, Member("妻", WOMAN, wife_age)] if married else [head]
    children = _children(draw, wife_age, _CHILD)
    if not children:
        return []
    family += children
    if married and draw.random() < 0.12:
        parents = _parents(draw, family[1], len(family), "妻の", 1)
    else:
        parents = _parents(draw, head, len(family))
    return [*family, *parents] if parents else []


def _with_childs_family(draw: Random) -> list[Member]:
    """Draw elders who head the household of a son or a daughter with the grandchildren."""
    wife_age = draw.randrange(52, 88)
    elders = [_head(MAN, _partner_age(draw, wife_age)), Member("妻", WOMAN, wife_age)]
    if draw.random() < 0.3:
        elders = [_head(WOMAN, wife_age, register=STRANGER)]
    child_age = wife_age - min(max(20, round(draw.gauss(27.5, 3.6))), 42)
    if child_age < 24:
        return []
    place = len(elders)
    chance = draw.random()
    child = Member("子", MAN if chance < 0.62 else WOMAN, child_age, 0, place)
    mother_age = child_age
    family = [child]
    if chance < 0.62:
        mother_age = max(20, child_age - round(draw.gauss(2.2, 3)))
        family.append(Member("子の妻", WOMAN, mother_age, 0, place))
    elif chance < 0.8:
        # A daughter who took her husband's surname; he heads their family register.
        family = [replace(child, surname=1, register=place + 1)]
        family.append(Member("子の夫", MAN, _partner_age(draw, child_age), 1, place + 1))
    last = family[-1]
    grandchildren = _children(draw, mother_age, Member("子の子", MAN, 0, last.surname, last.register))
    return [*elders, *family, *grandchildren] if grandchildren else []


def _with_parents(draw: Random) -> list[Member]:
    couple = _couple(draw, draw.randrange(32, 74))
    if couple[1].surname:
        return []
    if draw.random() < 0.8:
        parents = _parents(draw, couple[0], 2)
    else:
        parents = _parents(draw, couple[1], 2, f"{couple[1].relationship}の", 1)
    return [*couple, *parents] if parents else []


def _siblings(draw: Random) -> list[Member]:
    age = draw.randrange(24, 90)
    head = _head(draw.choice((MAN, WOMAN)), age, register=STRANGER)
    sex, distance = draw.choice((MAN, WOMAN)), draw.choice((-6, -5, -4, -3, -2, 2, 3, 4, 5, 6))
    word = ("兄" if distance > 0 else "弟") if sex == MAN else ("姉" if distance > 0 else "妹")
    return [head, Member(word, sex, age + distance, register=STRANGER)]


def _lodgers(draw: Random) -> list[Member]:
    age = draw.randrange(20, 62)
    head = _head(draw.choice((MAN, WOMAN)), age, register=STRANGER)
    word = "縁故者" if draw.random() < 0.15 else "同居人"
    return [head, Member(word, draw.choice((MAN, WOMAN)), max(18, age + draw.randrange(-9, 10)), 1, STRANGER)]


def _grandparents(draw: Random) -> list[Member]:
    wife_age = draw.randrange(56, 88)
    elders = [_head(MAN, _partner_age(draw, wife_age)), Member("妻", WOMAN, wife_age)]
    if draw.random() < 0.4:
        elders = [_head(WOMAN, wife_age, register=STRANGER)]
    age = wife_age - draw.randrange(44, 64)
    if not 4 <= age < 32:
        return []
    return [*elders, Member("子の子", draw.choice((MAN, WOMAN)), age, draw.choice((0, 0, 1)), STRANGER)]


def _nephews(draw: Random) -> list[Member]:
    age = draw.randrange(34, 80)
    head = _head(draw.choice((MAN, WOMAN)), age, register=STRANGER)
    word = draw.choice(("弟の子", "兄の子", "妹の子", "姉の子"))
    return [
        head,
        Member(
            word, draw.choice((MAN, WOMAN)), max(6, age - draw.randrange(22, 36)), word[0] in "妹姉", STRANGER
        ),
    ]


def _others(draw: Random) -> list[Member]:
    makers = (_with_parents, _siblings, _lodgers, _grandparents, _nephews)
    return draw.choices(makers, (46, 24, 18, 9, 3))[0](draw)


def _foreign_single(draw: Random) -> list[Member]:
    age = draw.choices((draw.randrange(18, 36), draw.randrange(36, 60), draw.randrange(60, 96)), (72, 22, 6))[
        0
    ]
    return [_head(MAN if draw.random() < 0.52 else WOMAN, age, foreign=True)]


def _foreign_couple(draw: Random) -> list[Member]:
    wife_age = draw.choices((draw.randrange(20, 48), draw.randrange(48, 88)), (76, 24))[0]
    head = _head(MAN, _partner_age(draw, wife_age), foreign=True)
    return [head, Member("妻", WOMAN, wife_age, foreign=True)]


def _foreign_family(draw: Random) -> list[Member]:
    wife_age = draw.randrange(24, 54)
    head = _head(MAN, _partner_age(draw, wife_age), foreign=True)
    children = _children(draw, wife_age, replace(_CHILD, foreign=True))
    return [head, Member("妻", WOMAN, wife_age, foreign=True), *children] if children else []


def _mixed_couple(draw: Random) -> list[Member]:
    """Draw a couple of which one is foreign; the children are Japanese and in the Japanese parent's register."""
    wife_age = draw.randrange(22, 72)
    husband_age = _partner_age(draw, wife_age, 4)
    chance = draw.random()
    if chance < 0.7:
        couple = [_head(MAN, husband_age), Member("妻", WOMAN, wife_age, foreign=True)]
    elif chance < 0.85:
        couple = [_head(WOMAN, wife_age), Member("夫", MAN, husband_age, foreign=True)]
    else:
        couple = [_head(MAN, husband_age, foreign=True), Member("妻", WOMAN, wife_age, register=1)]
    register = 1 if couple[0].foreign else 0
    return (
        couple
        if draw.random() < 0.45
        else [*couple, *_children(draw, wife_age, replace(_CHILD, register=register))]
    )


# Percent of all households, after the census of 2020, rounded: one person 38.1, a couple 20.1, with children 25.1,
# one parent 9.0, others 7.7, of which three generations 4.2. The foreign ones are our own, so that they hold 3 % of
# the people.
KINDS: dict[str, tuple[float, _Maker]] = {
    "single": (34.8, _single),
    "couple": (19.3, _only_couple),
    "couple_with_children": (24.2, _couple_with_children),
    "mother_with_children": (7.7, _mother_with_children),
    "father_with_children": (1.3, _father_with_children),
    "three_generations": (4.2, _three_generations),
    "others": (3.5, _others),
    "foreign_single": (3.3, _foreign_single),
    "foreign_couple": (0.5, _foreign_couple),
    "foreign_family": (0.5, _foreign_family),
    "mixed_couple": (0.7, _mixed_couple),
}


def _believable(members: list[Member]) -> bool:
    """Tell whether nobody is too old, and whether children are enough younger than all who are their parents."""
    ages: dict[str, list[int]] = defaultdict(list)
    for one in members:
        ages[one.relationship].append(one.age)
    partners = [*_WED.values(), *_UNWED.values()]
    parents = [age for word in (HOUSEHOLDER, *partners) for age in ages[word]]
    generations = (
        (parents, ages["子"]),
        ([*ages["子"], *ages["子の妻"], *ages["子の夫"]], ages["子の子"]),
        *((ages[word], ages[f"{word}の子"]) for word in partners),
    )
    return max(one.age for one in members) <= _OLDEST and all(
        min(older) - max(younger) >= _YOUNGEST_PARENT for older, younger in generations if older and younger
    )


def patterns(seed: str, count: int) -> Iterator[Pattern]:
    """Draw about `count` patterns, of each kind as many as its share asks and never too few to choose from."""
    draw = Random(seed)
    for kind, (percent, make) in KINDS.items():
        wanted = max(round(count * percent / 100), count // 20)
        while wanted:
            members = make(draw)
            if members and _believable(members):
                native = (
                    kind in ("single", "mother_with_children", "three_generations") and draw.random() < 0.2
                )
                yield Pattern(kind, tuple(members), native)
                wanted -= 1
