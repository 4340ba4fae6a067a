"""Who may speak to whom: every pair of members of a small country, and every call of the table."""

import itertools

import pytest

from daicho.rules.network.kinds import (
    MalformedNodeName,
    Member,
    NodeKind,
    NodeName,
    Relation,
    may_call,
    relation,
    start_tier,
)
from daicho.rules.people.codes import MunicipalityCode
from daicho.wire.operations import OPERATIONS


def member(kind: NodeKind, town: str = "", prefecture: str = "") -> Member:
    name = f"{kind.value.lower()}.m{town or '0'}.p{prefecture or '0'}.daicho.internal"
    return Member(
        NodeName(name), kind, name, "127.0.0.1:1", (), "", "", MunicipalityCode(town) if town else None, prefecture
    )  # fmt: skip


MEMBERS = (
    *(member(kind, "13101", "13") for kind in (NodeKind.REGISTRY, NodeKind.CS)),
    *(member(kind, "13201", "13") for kind in (NodeKind.REGISTRY, NodeKind.CS)),
    *(member(kind, "01202", "01") for kind in (NodeKind.REGISTRY, NodeKind.CS)),
    member(NodeKind.PREFECTURE, prefecture="13"),
    member(NodeKind.PREFECTURE, prefecture="01"),
    member(NodeKind.NATIONAL),
    member(NodeKind.AGENCY),
    member(NodeKind.AUDITOR),
)
PAIRS = list(itertools.permutations(MEMBERS, 2))


def _may_speak(caller: Member, callee: Member) -> bool:
    return any(may_call(caller, callee, one.callers) for one in OPERATIONS)


@pytest.mark.requirement("R-043", "R-067", "R-073")
def test_a_registry_speaks_with_its_own_cs_and_with_nobody_else():
    for caller, callee in PAIRS:
        if NodeKind.REGISTRY in (caller.kind, callee.kind) and caller.kind is not NodeKind.AUDITOR:
            own = caller.municipality == callee.municipality
            assert _may_speak(caller, callee) == (own and NodeKind.CS in (caller.kind, callee.kind)), (
                caller,
                callee,
            )


def test_a_cs_speaks_with_its_own_prefecture_and_not_with_another():
    for caller, callee in PAIRS:
        if {caller.kind, callee.kind} == {NodeKind.CS, NodeKind.PREFECTURE}:
            assert _may_speak(caller, callee) == (caller.prefecture == callee.prefecture)


def test_prefectures_do_not_speak_with_each_other_and_agencies_with_the_nation_alone():
    for caller, callee in PAIRS:
        if caller.kind is callee.kind is NodeKind.PREFECTURE:
            assert relation(caller, callee) is None
        if caller.kind is NodeKind.AGENCY:
            assert (relation(caller, callee) is not None) == (callee.kind is NodeKind.NATIONAL)
        if callee.kind in (NodeKind.AGENCY, NodeKind.AUDITOR) and caller.kind is not NodeKind.AUDITOR:
            assert relation(caller, callee) is None


def test_the_auditor_reaches_everybody_and_changes_nothing():
    for callee in MEMBERS[:-1]:
        assert relation(MEMBERS[-1], callee) is Relation.AUDITOR_TO_ANY
    offered = {one.name for one in OPERATIONS if Relation.AUDITOR_TO_ANY in one.callers}
    assert offered == {"directory.fetch", "certificate.renew"}


def test_nobody_speaks_with_itself():
    assert all(relation(one, one) is None for one in MEMBERS)


@pytest.mark.requirement("R-420")
def test_kinds_start_from_the_nation_downward():
    tiers = [{kind for kind in NodeKind if start_tier(kind) == tier} for tier in range(5)]
    assert tiers == [
        {NodeKind.NATIONAL}, {NodeKind.PREFECTURE}, {NodeKind.CS}, {NodeKind.REGISTRY},
        {NodeKind.AGENCY, NodeKind.AUDITOR},
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["", "cs", "cs.daicho.internal", "cs.p13.example.org", "CS.m1.p13.daicho.internal", "cs..p13.daicho.internal",
     "cs.m1.p13.daicho.internal.", "cs.m1 .p13.daicho.internal", "é.m1.p13.daicho.internal", "a" * 80 + ".p13.daicho.internal"],
)  # fmt: skip
def test_what_is_no_name_of_a_node(text):
    with pytest.raises(MalformedNodeName):
        NodeName(text)


_BETWEEN = {
    (NodeKind.REGISTRY, NodeKind.CS): (Relation.OWN_REGISTRY_TO_CS, "municipality"),
    (NodeKind.CS, NodeKind.REGISTRY): (Relation.OWN_CS_TO_REGISTRY, "municipality"),
    (NodeKind.CS, NodeKind.PREFECTURE): (Relation.CS_TO_OWN_PREFECTURE, "prefecture"),
    (NodeKind.PREFECTURE, NodeKind.CS): (Relation.PREFECTURE_TO_OWN_CS, "prefecture"),
    (NodeKind.PREFECTURE, NodeKind.NATIONAL): (Relation.PREFECTURE_TO_NATIONAL, ""),
    (NodeKind.NATIONAL, NodeKind.PREFECTURE): (Relation.NATIONAL_TO_PREFECTURE, ""),
    (NodeKind.CS, NodeKind.NATIONAL): (Relation.CS_TO_NATIONAL, ""),
    (NodeKind.NATIONAL, NodeKind.CS): (Relation.NATIONAL_TO_CS, ""),
    (NodeKind.CS, NodeKind.CS): (Relation.CS_TO_CS, ""),
    (NodeKind.AGENCY, NodeKind.NATIONAL): (Relation.AGENCY_TO_NATIONAL, ""),
}


@pytest.mark.requirement("R-043")
@pytest.mark.parametrize(("caller", "callee"), PAIRS, ids=lambda one: one.name)
def test_every_pair_stands_as_the_table_says(caller, callee):
    expected, shared = _BETWEEN.get((caller.kind, callee.kind), (None, ""))
    if shared and getattr(caller, shared) != getattr(callee, shared):
        expected = None
    if caller.kind is NodeKind.AUDITOR:
        expected = Relation.AUDITOR_TO_ANY
    assert relation(caller, callee) is expected
    for one in Relation:
        assert may_call(caller, callee, frozenset({one})) == (one is expected)
    assert not may_call(caller, callee, frozenset())


def test_two_without_a_prefecture_do_not_share_one():
    cs, prefecture = member(NodeKind.CS), member(NodeKind.PREFECTURE)
    assert relation(cs, prefecture) is None
    assert relation(member(NodeKind.REGISTRY), cs) is None
