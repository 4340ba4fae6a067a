"""What one node tells another one through the hands of others: closed for the receiver, signed by its maker.

Each node that carries it signs its own letter around it as it does every letter, and sees an address and a box. So there
are two signatures at each step: the maker's, that nobody on the way can change, and the neighbour's, who brought it.
Own definition.
"""

from base64 import urlsafe_b64decode
from datetime import datetime

from daicho.rules.network.kinds import Member
from daicho.wire.box import BoxUnreadable, put_in_boxes, take_from_box
from daicho.wire.codecs.letters import Unreadable
from daicho.wire.directory import Directory
from daicho.wire.envelope import EnvelopeError, Head, open_sealed, seal
from daicho.wire.signer.client import SignerClient

CARRIED = "carried"
ON_ITS_WAY_SECONDS = (
    60 * 24 * 3600
)  # a town's line may be down for long, and a letter that came back is sent anew
MAX_CARRIED_BYTES = 32 * 1024


def close_for(
    signer: SignerClient,
    directory: Directory,
    *,
    me: str,
    to: Member,
    kind: str,
    content: bytes,
    at: datetime,
) -> bytes:
    """Close content for a member that others will carry it to. Raises: SignerUnavailable."""
    (box,) = put_in_boxes([content], receiver_public_key=urlsafe_b64decode(to.box_key))
    head = Head(me, str(to.name), kind, at, directory.serial, [])
    return seal(signer, head, [box], purpose=CARRIED)


def open_from(
    sealed: bytes, directory: Directory, *, me: str, box_key: bytes, maker: Member, kind: str, now: datetime
) -> bytes:
    """Open what a member closed for this node. Raises: Unreadable when it did not, or for somebody or something else."""
    try:
        opened = open_sealed(
            sealed, me=me, directory=directory, now=now, peer=str(maker.name), operation=kind,
            max_bytes=MAX_CARRIED_BYTES, max_parts=1, purpose=CARRIED, fresh_seconds=ON_ITS_WAY_SECONDS,
            key_as_signed=True,
        )  # fmt: skip
        if len(opened.parts) != 1:
            raise Unreadable("what was carried has no content")
        return take_from_box(opened.parts[0], private_key=box_key)
    except EnvelopeError as error:
        raise Unreadable(f"what was carried: {error}") from None
    except BoxUnreadable:
        raise Unreadable("what was carried cannot be opened") from None
