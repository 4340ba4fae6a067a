"""The mailroom's repeated work: send, handle, tell; looking again is the truth, the bell only wakes.

One thread looks for all. While anything waits, even for a later try, it looks and rings twice a second; while nothing
does, ever more rarely.
"""

from collections.abc import Callable, Mapping

from daicho.nodes.mailroom.handling import Handler, handle_pass
from daicho.nodes.mailroom.sending import begin, send_pass, work_waits
from daicho.nodes.mailroom.telling import tell_pass
from daicho.nodes.node import Node
from daicho.nodes.watch.loops import Job, Loops
from daicho.store.notices import Listener
from daicho.store.unit import Bell

LOOK_AGAIN_SECONDS = 0.5
RAREST_LOOK_SECONDS = 4.0  # so that what nobody rang for is on its way within five
UNRUNG_SECONDS = 60.0  # after which a thread looks for itself
LISTEN_SECONDS = 30.0
GATHER_SECONDS = 0.1
SENDERS = 2
HANDLERS = 2


def mailroom_jobs(
    node: Node,
    handlers: Mapping[str, Handler],
    box_key: bytes,
    listener: Listener,
    *,
    senders: int = SENDERS,
    handler_threads: int = HANDLERS,
) -> tuple[Job, ...]:
    """List the work, one thread per job; destinations and senders are shared out by lease and lock."""
    bell = node.store.bell
    holder = node.clock.new_id()
    started = [False]

    def listen() -> bool:
        """Begin once the database answers; then pass on what other processes announce."""
        if not started[0]:
            begin(node)
            started[0] = True
            look()
        if listener.wait(LISTEN_SECONDS):
            bell.ring()
            node.store.line_bell.ring()
        return True

    def look() -> bool:
        if work_waits(node):
            bell.ring()
        return False

    def sender(number: int) -> Callable[[], bool]:
        return lambda: send_pass(node, f"{holder}-{number}")

    return (
        Job("mailroom-listen", 0.0, listen),
        Job("mailroom-look", LOOK_AGAIN_SECONDS, look, bell, RAREST_LOOK_SECONDS),
        *(Job(f"mailroom-send-{n}", 0.0, _woken(bell, sender(n))) for n in range(senders)),
        *(
            Job(f"mailroom-handle-{n}", 0.0, _woken(bell, lambda: handle_pass(node, handlers, box_key)))
            for n in range(handler_threads)
        ),
        Job("mailroom-tell", 0.0, _woken(bell, lambda: tell_pass(node))),
    )


def _woken(bell: Bell, work: Callable[[], bool]) -> Callable[[], bool]:
    """Do the work when the bell rings, until there is no more; at a node's start, too, somebody has to ring first.

    Who rings alone is heard at once. While the bell goes on ringing, letters gather for a moment, since many
    cost little more than one.
    """
    calm, silent, first = [True], [True], bell.rings

    def look() -> bool:
        if silent[0]:
            bell.wait(first, UNRUNG_SECONDS)
            silent[0] = False
        heard = bell.rings
        if not work():
            rung = bell.wait(heard, UNRUNG_SECONDS) > heard
            if rung and not calm[0]:
                bell.let_gather(GATHER_SECONDS)
            calm[0] = not rung
        return True

    return look


class MailroomLoops:
    """A node's mailroom as threads that start and stop together."""

    def __init__(self, node: Node, handlers: Mapping[str, Handler], box_key: bytes) -> None:
        """Prepare the threads."""
        self._bell = node.store.bell
        self._listener = Listener(node.store.app_dsn, "mailroom")
        self._loops = Loops(mailroom_jobs(node, handlers, box_key, self._listener))

    def start(self) -> None:
        """Start sending, handling and telling."""
        self._bell.dismiss(dismissed=False)
        self._loops.start()

    def stop(self) -> None:
        """Stop them; what is in flight is finished or comes again."""
        self._bell.dismiss(dismissed=True)
        self._listener.dismiss()
        self._loops.stop()
