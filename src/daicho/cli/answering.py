"""A process of a node that only answers: it reads batches from its input and ends when that closes."""

import os
import signal
import sys

import msgspec

from daicho.cli.assembling import assemble, log_to_standard_error
from daicho.faces.exchange.answerers import read_frame, write_frame
from daicho.faces.exchange.answering import Answering, Asked, Exchange
from daicho.nodes import seams
from daicho.nodes.config import NodeConfig
from daicho.nodes.watch.assembly import Foundation, found_node
from daicho.nodes.watch.memory import collect_rarely


def main() -> None:
    """Found the node a second time, without listener, loops or signer of its own, and answer."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the parent closes our input when it has finished
    log_to_standard_error()
    # What anybody prints by mistake must not fall between the replies.
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with os.fdopen(os.dup(sys.stdin.fileno()), "rb", buffering=0) as batches:
        told = read_frame(batches)
        if told is None:
            return
        config = msgspec.msgpack.decode(told, type=NodeConfig)
        seams.arm_all(dict(config.seams))
        foundation = found_node(config, own_signer=False)
        answering = Answering(_exchange_of(foundation))
        collect_rarely()
        write_frame(replies, b"ready")
        while (content := read_frame(batches)) is not None:
            foundation.keeper.take_from_disk()
            asked = msgspec.msgpack.decode(content, type=list[Asked])
            write_frame(replies, msgspec.msgpack.encode(answering.together(asked)))
        foundation.close()


def _exchange_of(foundation: Foundation) -> Exchange:
    """Take what the node's actor answers many at a time."""
    node = foundation.node
    return Exchange(
        node.me, node.wire.directory, node.wire.signer, node.clock.now, {}, foundation.files,
        together=assemble(foundation).together,
    )  # fmt: skip


if __name__ == "__main__":
    main()
