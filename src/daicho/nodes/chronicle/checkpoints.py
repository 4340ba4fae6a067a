"""From lines to a tree that others have seen: sequence, sign, ask the witness."""

from base64 import urlsafe_b64decode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from daicho.nodes.node import Node
from daicho.rules.ledger.note import (
    Checkpoint,
    MalformedNote,
    SignatureLine,
    key_id,
    read_note,
    read_signature,
    sign_line,
    write_note,
)
from daicho.rules.ledger.tree import consistency_proof, root, verify_consistency
from daicho.rules.network.kinds import Member
from daicho.store import ledger
from daicho.wire.operations import LEDGER_COSIGN, CosignAnswer, CosignRequest

LINES_PER_PASS = 5_000


def sequence_pass(node: Node) -> bool:
    """Give positions to waiting lines; tell whether there may be more."""
    with node.store.unit("ledger.sequence") as unit:
        taken = ledger.sequence(unit, LINES_PER_PASS)
    return taken == LINES_PER_PASS


def make_checkpoint(node: Node) -> bool:
    """Sign the tree when it has grown; nothing is signed for nothing."""
    with node.store.unit("ledger.checkpoint") as unit:
        size = ledger.tree_size(unit)
        last = ledger.latest_checkpoint(unit)
        if size == 0 or (last is not None and last.size >= size):
            return False
        checkpoint = Checkpoint(str(node.me.name), size, root(size, ledger.TreeReader(unit).hash_at))
        signature = node.wire.signer.sign_checkpoint(checkpoint.body().encode())
        own = sign_line(str(node.me.name), public_key(node.me), signature)
        ledger.keep_checkpoint(unit, size, checkpoint.root, write_note(checkpoint, own), node.clock.now())
    return False


def public_key(member: Member) -> bytes:
    """Give the 32 bytes of a member's checkpoint key."""
    return urlsafe_b64decode(member.checkpoint_key)


def signed_by(member: Member, body: str, line: SignatureLine) -> bool:
    """Tell whether this line is the member's signature over a note's body."""
    key = public_key(member)
    if line.name != member.name or line.key_id != key_id(str(member.name), key):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(line.signature, body.encode())
    except InvalidSignature:
        return False
    return True


def ask_cosignature(node: Node) -> bool:
    """Show the newest checkpoint to the witness that the directory names; keep its signature."""
    witness = node.wire.directory().member(node.me.cosigner)
    if witness is None:
        return False
    with node.store.unit("ledger.newest") as unit:
        newest, cosigned = ledger.latest_checkpoint(unit), ledger.latest_checkpoint(unit, cosigned=True)
    if newest is None or (cosigned is not None and cosigned.size == newest.size):
        return False
    seen = cosigned.size if cosigned else 0
    answer = _show(node, witness, newest, seen)
    if not answer.cosignature and answer.seen_size > seen:  # our copy of the last cosignature was lost
        answer = _show(node, witness, newest, answer.seen_size)
    if not answer.cosignature:
        return False
    if signed_by(witness, read_note(newest.note)[1], read_signature(answer.cosignature)):
        with node.store.unit("ledger.cosigned") as unit:
            ledger.keep_cosignature(
                unit, newest.size, str(witness.name), answer.cosignature, node.clock.now()
            )
    return False


def _show(node: Node, witness: Member, newest: ledger.KeptCheckpoint, seen: int) -> CosignAnswer:
    proof: list[bytes] = []
    if 0 < seen < newest.size:
        with node.store.unit("ledger.prove") as unit:
            proof = consistency_proof(seen, newest.size, ledger.TreeReader(unit).hash_at)
    answer = node.wire.post.call(LEDGER_COSIGN, witness, CosignRequest(newest.note, seen, proof))
    return answer if isinstance(answer, CosignAnswer) else CosignAnswer()


def cosign(node: Node, sender: Member, request: CosignRequest) -> CosignAnswer:
    """Sign a colleague's checkpoint if it continues the one seen last; a fork is refused and never forgotten."""
    try:
        checkpoint, body, lines = read_note(request.note)
    except MalformedNote:
        return CosignAnswer(refused="MALFORMED_NOTE")
    if checkpoint.origin != sender.name or sender.cosigner != node.me.name:
        return CosignAnswer(refused="NOT_YOUR_WITNESS")
    if not any(signed_by(sender, body, line) for line in lines):
        return CosignAnswer(refused="BAD_SIGNATURE")
    with node.store.unit("ledger.cosign") as unit:
        size, seen_root = ledger.seen_of(unit, checkpoint.origin) or (0, b"")
        if size not in {request.seen_size, checkpoint.size}:
            return CosignAnswer(seen_size=size)
        if size and not _continues(size, seen_root, checkpoint, request.proof):
            return CosignAnswer(seen_size=size, refused="FORK")
        ledger.keep_seen(unit, checkpoint.origin, checkpoint.size, checkpoint.root, node.clock.now())
    signature = node.wire.signer.sign_checkpoint(body.encode())
    line = sign_line(str(node.me.name), public_key(node.me), signature)
    return CosignAnswer(cosignature=str(line), seen_size=checkpoint.size)


def _continues(size: int, seen_root: bytes, checkpoint: Checkpoint, proof: list[bytes]) -> bool:
    if size == checkpoint.size:
        return seen_root == checkpoint.root
    return verify_consistency(size, checkpoint.size, seen_root, checkpoint.root, proof)
