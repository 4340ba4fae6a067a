"""R-046: a node that lost its ledger with its database begins another one, when two people at its witness say so."""

from base64 import urlsafe_b64encode
from dataclasses import replace
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.nodes.mailroom.conftest import make_member
from tests.nodes.registry.conftest import HOME, lines_about

from daicho.nodes.chronicle.checkpoints import cosign, public_key
from daicho.nodes.handover.orders import close_lost_ledger
from daicho.rules.handover.order import HandoverOrder, HandoverWay, check_order_at
from daicho.rules.ledger.note import Checkpoint, sign_line, write_note
from daicho.rules.ledger.tree import root_of_leaves
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Operator, Role
from daicho.store.audit import seen_by_witness
from daicho.wire.operations import CosignRequest

ADMIN = Operator("admin01", "a1", (Role.ADMINISTRATOR,))
OFFICER = Operator("officer01", "s1", (Role.SECURITY_OFFICER,))


def member(name, kind, cosigner):
    key = Ed25519PrivateKey.generate()
    public = urlsafe_b64encode(key.public_key().public_bytes_raw()).decode()
    made = replace(make_member(name, kind)[0], municipality=HOME, checkpoint_key=public, cosigner=cosigner)
    return made, key


@pytest.fixture
def witness(database, clock):
    """A CS and the registry whose ledger it witnesses."""
    cs, key = member("cs", NodeKind.CS, "")
    registry, own = member("registry", NodeKind.REGISTRY, str(cs.name))
    directory = SimpleNamespace(registry_of=lambda town: registry if town == HOME else None)
    signer = SimpleNamespace(sign_checkpoint=key.sign)
    wire = SimpleNamespace(directory=lambda: directory, signer=signer)
    node = SimpleNamespace(me=cs, store=database("cs"), clock=clock, wire=wire)
    return node, registry, own


def shown(witness, leaves, seen=0):
    """Show the checkpoint of a tree."""
    node, registry, own = witness
    checkpoint = Checkpoint(str(registry.name), len(leaves), root_of_leaves(leaves))
    line = sign_line(str(registry.name), public_key(registry), own.sign(checkpoint.body().encode()))
    return cosign(node, registry, CosignRequest(write_note(checkpoint, line), seen, []))


@pytest.mark.requirement("R-046")
def test_a_ledger_that_was_lost_is_closed_with_a_line_and_another_one_is_witnessed(witness):
    node, registry, _ = witness
    former, anew = [b"1" * 32, b"2" * 32], [b"3" * 32, b"4" * 32]
    assert shown(witness, former).cosignature
    assert shown(witness, anew).refused == "FORK"
    assert close_lost_ledger(node, ADMIN, OFFICER, HOME, purpose="滅失") == registry.name
    assert close_lost_ledger(node, ADMIN, OFFICER, HOME, purpose="滅失") == ""
    with node.store.unit() as unit:
        assert seen_by_witness(unit) == []
    (line,) = lines_about(node, "node:ledger:closed")
    assert (line["peer"], line["operator"]) == (registry.name, "admin01")
    assert line["detail"] == {"approved_by": "officer01", "size": "2", "root": root_of_leaves(former).hex()}
    assert shown(witness, anew).cosignature
    assert shown(witness, former).refused == "FORK", "the closed one does not come back"


def test_only_a_witness_that_writes_a_town_out_closes_a_ledger():
    order = HandoverOrder(HandoverWay.OUT, "滅失", ledger_lost=True)
    assert check_order_at(order, member("cs", NodeKind.CS, "")[0]) is None
    assert check_order_at(order, member("registry", NodeKind.REGISTRY, "")[0]).field == "ledger_lost"
