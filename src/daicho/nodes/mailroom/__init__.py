"""Letters between nodes: number, send, receive, verify, settle."""

from daicho.nodes.mailroom.letters import Outgoing, partner
from daicho.nodes.mailroom.letters import post as post_letters
from daicho.nodes.mailroom.letters import post_to as post

__all__ = ["Outgoing", "partner", "post", "post_letters"]
