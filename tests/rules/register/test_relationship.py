"""What becomes of relationships under another householder: only what must be so is derived."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.register.conftest import record

from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.sex import Sex
from daicho.rules.register.household import check_household, head_household, household_of, suggest_relations
from daicho.rules.register.record import HouseholdRelation
from daicho.rules.register.relationship import Ask, Derived, check_relationship, inverse_of

MALE, FEMALE = Sex.MALE, Sex.FEMALE


def suggested(old_sex, heir, heir_sex, member=None, member_sex=MALE, *, elder=False, more=()):
    """Let the second of a household head it, and give the suggestion for the third, or for the old householder."""
    people = [record(1, sex=old_sex), record(2, relationship=heir, sex=heir_sex)]
    if member is not None:
        birth = PartialDate(1970 if elder else 1990, 1, 1)
        people.append(record(3, relationship=member, sex=member_sex, birth_date=birth))
    people += [record(9, relationship=word) for word in more]
    found = {one.addressee_number: one for one in suggest_relations(people, 2)}
    return found[1 if member is None else 3]


@pytest.mark.parametrize(
    ("old_sex", "heir", "heir_sex", "becomes"),
    [
        (MALE, "妻", FEMALE, "夫"),
        (FEMALE, "夫", MALE, "妻"),
        (MALE, "妻（未届）", FEMALE, "夫（未届）"),
        (MALE, "子", MALE, "父"),
        (FEMALE, "子", MALE, "母"),
        (FEMALE, "父", MALE, "子"),
        (MALE, "兄", MALE, "弟"),
        (FEMALE, "兄", MALE, "妹"),
        (FEMALE, "妹", FEMALE, "姉"),
        (MALE, "子の妻", FEMALE, "夫の父"),
        (FEMALE, "子の夫", MALE, "妻の母"),
        (MALE, "妻の母", FEMALE, "子の夫"),
        (MALE, "妻の子", MALE, "母の夫"),
        (MALE, "父の兄", MALE, "弟の子"),
        (MALE, "同居人", MALE, "同居人"),
        (MALE, "縁故者", MALE, "縁故者"),
    ],
)
def test_the_old_householder_stands_the_other_way_round(old_sex, heir, heir_sex, becomes):
    assert suggested(old_sex, heir, heir_sex) == Derived(1, becomes)


@pytest.mark.parametrize(
    ("old_sex", "heir", "candidates"),
    [
        (Sex.UNKNOWN, "子", ("父", "母")),
        (Sex.UNKNOWN, "兄", ("弟", "妹")),
        (MALE, "子の子", ("父の父", "母の父")),
        (FEMALE, "子の子の妻", ("夫の父の母", "夫の母の母")),
    ],
)
def test_a_sex_that_nobody_recorded_is_asked(old_sex, heir, candidates):
    assert suggested(old_sex, heir, MALE) == Ask(1, candidates)


@pytest.mark.parametrize(
    ("heir", "member", "becomes"),
    [
        ("妻", "妻の子", "子"),
        ("妻", "妻の父", "父"),
        ("妻", "妻の子の妻", "子の妻"),
        ("妻（未届）", "妻（未届）の子", "子"),
        ("父", "父の妻", "妻"),
        ("妻の母", "妻の母の妹", "妹"),
    ],
)
def test_a_chain_over_the_new_householder_becomes_shorter(heir, member, becomes):
    assert suggested(MALE, heir, FEMALE, member) == Derived(3, becomes)


@pytest.mark.parametrize(
    ("heir", "member", "member_sex", "becomes"),
    [
        ("妻の子", "妻", FEMALE, "母"),
        ("父の妻", "父", MALE, "夫"),
        ("妻の母の妹", "妻の母", FEMALE, "姉"),
    ],
)
def test_who_stood_between_the_two_householders_is_turned_round(heir, member, member_sex, becomes):
    assert suggested(MALE, heir, FEMALE, member, member_sex) == Derived(3, becomes)
    assert isinstance(suggested(MALE, heir, FEMALE, member, member_sex, more=(member,)), Ask)


def test_a_chain_over_one_of_two_children_is_asked():
    assert suggested(MALE, "子", MALE, "子の妻", FEMALE) == Ask(
        3, ("妻", "兄の妻", "弟の妻", "姉の妻", "妹の妻", "父の子の妻")
    )
    two = suggested(MALE, "妻", FEMALE, "妻の子", more=("妻",))
    assert two == Ask(3, ("子", "夫の妻の子"))


@pytest.mark.parametrize(
    ("old_sex", "heir", "heir_sex", "member", "member_sex", "candidates"),
    [
        # 子 and 夫の子 cannot be told apart: whose child it is was never written.
        (MALE, "妻", FEMALE, "子", MALE, ("子", "夫の子")),
        (FEMALE, "夫", MALE, "子", MALE, ("子", "妻の子")),
        (MALE, "妻", FEMALE, "子の妻", FEMALE, ("子の妻", "夫の子の妻")),
        (MALE, "妻", FEMALE, "母", FEMALE, ("夫の母", "母")),
        (MALE, "妻", FEMALE, "弟", MALE, ("夫の弟", "弟")),
        (MALE, "子", MALE, "妻", FEMALE, ("母", "父の妻")),
        (FEMALE, "子", MALE, "夫（未届）", MALE, ("父", "母の夫（未届）")),
        (MALE, "子", MALE, "父", MALE, ("父の父",)),
        (MALE, "子", MALE, "子", FEMALE, ("妹", "妻")),
        (MALE, "父", MALE, "母", FEMALE, ("妻", "妻（未届）", "子の母")),
        (MALE, "父", MALE, "妹", FEMALE, ("子", "妻の子", "子の妹")),
        (MALE, "父", MALE, "妻", FEMALE, ("子の妻",)),
        (MALE, "母", FEMALE, "子", MALE, ("子の子",)),
        (MALE, "兄", MALE, "母", FEMALE, ("母", "弟の母")),
        (MALE, "兄", MALE, "妻", FEMALE, ("弟の妻",)),
        (MALE, "兄", MALE, "妹", FEMALE, ("妹", "弟の妹")),
        (MALE, "妻", FEMALE, "同居人", MALE, ("同居人",)),
        (MALE, "縁故者", FEMALE, "子", MALE, ("縁故者",)),
        (MALE, "縁故者", FEMALE, "同居人", MALE, ("同居人", "縁故者")),
    ],
)
def test_what_does_not_follow_is_asked_with_what_it_may_be(
    old_sex, heir, heir_sex, member, member_sex, candidates
):
    assert suggested(old_sex, heir, heir_sex, member, member_sex) == Ask(3, candidates)


@pytest.mark.parametrize(
    ("member_sex", "elder", "becomes"),
    [(MALE, True, "兄"), (MALE, False, "弟")],
)
def test_of_two_sons_the_birth_dates_decide(member_sex, elder, becomes):
    assert suggested(FEMALE, "子", MALE, "子", member_sex, elder=elder) == Derived(3, becomes)


@pytest.mark.parametrize(
    "birth", [PartialDate(1980, 4, 1), PartialDate(1980, None, None), PartialDate(None, None, None)]
)
def test_twins_and_unknown_birth_dates_are_asked(birth):
    people = [record(1), record(2, relationship="子"), record(3, relationship="子", birth_date=birth)]
    assert suggest_relations(people, 2)[2] == Ask(3, ("姉", "妹"))


def test_a_chain_of_more_than_four_links_becomes_a_distant_relation():
    assert suggested(MALE, "子の妻", FEMALE, "父の兄の子", MALE) == Ask(3, ("縁故者",))
    assert suggested(MALE, "子の妻", FEMALE, "父の兄", MALE) == Ask(3, ("夫の父の父の兄",))


def test_the_same_householder_changes_nothing():
    people = [record(1), record(2, relationship="夫"), record(3, relationship="子の妻")]
    assert suggest_relations(people, 1) == (Derived(1, "世帯主"), Derived(2, "夫"), Derived(3, "子の妻"))


def test_nobody_heads_a_household_of_strangers():
    for people, successor in (([record(1)], 9), ([record(1, relationship="子")], 1)):
        refusal = suggest_relations(people, successor)
        assert isinstance(refusal, Refusal)
        assert refusal.reason is Reason.HOUSEHOLDER_MISSING


WORDS = ("夫", "妻", "夫（未届）", "妻（未届）", "子", "父", "母", "兄", "弟", "姉", "妹")
CHAINS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map("の".join) | st.sampled_from(
    ("縁故者", "同居人")
)


@given(st.lists(CHAINS, min_size=1, max_size=5), st.sampled_from(Sex), st.integers(0, 4))
def test_every_suggestion_may_be_written(words, sex, place):
    people = [record(1, sex=sex), *(record(n, relationship=word) for n, word in enumerate(words, 2))]
    heir = people[place % len(people)].addressee_number
    told = suggest_relations(people, heir)
    assert [one.addressee_number for one in told] == [one.addressee_number for one in people]
    for one in told:
        options = (one.relationship,) if isinstance(one, Derived) else one.candidates
        assert options
        assert [check_relationship(word) for word in options] == [None] * len(options)
        assert len(set(options)) == len(options)
    heads = [one for one in told if isinstance(one, Derived) and one.relationship == "世帯主"]
    assert [one.addressee_number for one in heads] == [heir]


@given(CHAINS, st.sampled_from((MALE, FEMALE)))
def test_turned_round_twice_is_where_it_was(chain, sex):
    heir_sex = {"夫": MALE, "父": MALE, "兄": MALE, "弟": MALE}.get(chain[-5:].split("の")[-1][:1], FEMALE)
    back = {again for once in inverse_of(chain, sex) for again in inverse_of(once, heir_sex)}
    assert any(len(one.split("の")) == len(chain.split("の")) for one in back)


@given(st.lists(CHAINS, min_size=1, max_size=4), st.integers(0, 3))
def test_suggestions_that_a_person_told_are_taken_and_nothing_is_taken_untold(words, place):
    people = (record(1), *(record(n, relationship=word) for n, word in enumerate(words, 2)))
    heir = people[1 + place % len(words)].addressee_number
    told = tuple(
        HouseholdRelation(
            one.addressee_number, one.relationship if isinstance(one, Derived) else one.candidates[0]
        )
        for one in suggest_relations(people, heir)
    )
    headed = head_household(people, heir, told)
    assert not isinstance(headed, Refusal), headed
    assert check_household(household_of(headed, 1)) is None
    untold = head_household(people, heir, ())
    assert isinstance(untold, Refusal)
    assert untold.reason is Reason.RELATIONSHIP_MISSING


# A family as it is, with second marriages, children of one side and adopted sons-in-law.


class Family:
    """Who is married to whom and whose child is who; older people have smaller numbers."""

    def __init__(self, sexes):
        self.sexes = sexes
        self.parents = {n: set() for n in range(len(sexes))}
        self.spouse = {}

    def marry(self, one, other):
        if (
            one != other
            and self.sexes[one] is not self.sexes[other]
            and not {one, other} & self.spouse.keys()
        ):
            near = self.parents[one] | self.parents[other] | {one, other}
            if (
                other not in self.parents[one]
                and one not in self.parents[other]
                and len(near) == 2 + len(self.parents[one] | self.parents[other])
            ):
                self.spouse |= {one: other, other: one}

    def bear(self, child, parent):
        if parent < child and self.spouse.get(child) != parent:
            self.parents[child].add(parent)

    def words(self, one, other):
        """What `other` is to `one`, by one link."""
        male = self.sexes[other] is MALE
        if self.spouse.get(one) == other:
            return {"夫" if male else "妻"}
        found = set()
        if one in self.parents[other]:
            found.add("子")
        if other in self.parents[one]:
            found.add("父" if male else "母")
        if self.parents[one] & self.parents[other]:
            found.add(("兄" if male else "姉") if other < one else ("弟" if male else "妹"))
        return found

    def relationships(self, head):
        """The shortest chains from the householder to everybody."""
        found, ring = {head: {"世帯主"}}, {head: {""}}
        for _ in range(4):
            after = {}
            for here, chains in ring.items():
                for there in range(len(self.sexes)):
                    if there not in found:
                        words = {
                            f"{chain}の{word}".lstrip("の")
                            for chain in chains
                            for word in self.words(here, there)
                        }
                        if words:
                            after.setdefault(there, set()).update(words)
            found |= after
            ring = after
        return found


FAMILIES = st.tuples(
    st.lists(st.sampled_from((MALE, FEMALE)), min_size=3, max_size=7),
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=3),
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=9),
)


@given(FAMILIES)
def test_whatever_is_derived_is_true_of_the_family(drawn):
    sexes, weddings, births = drawn
    family, size = Family(sexes), len(sexes)
    for one, other in weddings:
        family.marry(one % size, other % size)
    for child, parent in births:
        family.bear(child % size, parent % size)
    for old, new in permutations(range(size), 2):
        before, after = family.relationships(old), family.relationships(new)
        if new not in before:
            continue
        people = [
            record(n, relationship=min(words), sex=sexes[n], birth_date=PartialDate(1930 + n, 1, 1))
            for n, words in before.items()
        ]
        for one in suggest_relations(people, new):
            if isinstance(one, Derived) and one.addressee_number in after:
                assert one.relationship in after[one.addressee_number], (old, new, before, after)
