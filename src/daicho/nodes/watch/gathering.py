"""Work that is done together: while one batch is served the next one gathers; nobody waits for company."""

import threading
from collections import deque
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from concurrent.futures import Executor, Future
from typing import Generic, TypeVar

QUESTIONS_TOGETHER = 64
BATCHES_AT_ONCE = 2

Question = TypeVar("Question")
Answer = TypeVar("Answer")
Piece = TypeVar("Piece")


def runs_apart(
    pieces: Sequence[Piece], concerned_by: Callable[[Piece], Collection[Hashable]]
) -> Iterator[list[Piece]]:
    """Cut pieces of work, in their order, into runs in which nobody and nothing is concerned twice."""
    run: list[Piece] = []
    so_far: set[Hashable] = set()
    for piece in pieces:
        concerned = set(concerned_by(piece))
        if run and concerned & so_far:
            yield run
            run, so_far = [], set()
        run.append(piece)
        so_far |= concerned
    if run:
        yield run


class Gathering(Generic[Question, Answer]):
    """Hands what waits to a few threads of a pool, as many questions at a time as have come."""

    def __init__(
        self,
        work: Callable[[Sequence[Question]], Sequence[Answer]],
        pool: Executor,
        *,
        together: int = QUESTIONS_TOGETHER,
        batches: int = BATCHES_AT_ONCE,
    ) -> None:
        """Serve by `work`, which answers in the order of the questions and raises for all of them or none."""
        self._work = work
        self._pool = pool
        self._together = together
        self._free = batches
        self._lock = threading.Lock()
        self._waiting: deque[tuple[Question, Future[Answer]]] = deque()

    def ask(self, question: Question) -> "Future[Answer]":
        """Put a question; its future gives the answer, or what `work` raised."""
        future: Future[Answer] = Future()
        with self._lock:
            self._waiting.append((question, future))
            begin = self._free > 0
            self._free -= begin
        if begin:
            self._submit()
        return future

    def _submit(self) -> None:
        try:
            self._pool.submit(self._serve)
        except RuntimeError as closed:  # the pool takes nothing any more
            with self._lock:
                self._free += 1
                left, self._waiting = self._waiting, deque()
            for _, future in left:
                future.set_exception(closed)

    def _serve(self) -> None:
        """Serve one batch, then stand in the pool's line again, so that other work has its turn."""
        with self._lock:
            batch = [self._waiting.popleft() for _ in range(min(self._together, len(self._waiting)))]
        taken = [(question, future) for question, future in batch if future.set_running_or_notify_cancel()]
        try:
            answers = self._work([question for question, _ in taken]) if taken else ()
        except BaseException as fault:  # noqa: BLE001 - whoever asked is told, whatever it is
            for _, future in taken:
                future.set_exception(fault)
        else:
            for (_, future), answer in zip(taken, answers, strict=True):
                future.set_result(answer)
        with self._lock:
            more = bool(self._waiting)
            self._free += not more
        if more:
            self._submit()
