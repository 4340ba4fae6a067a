"""A pytest plugin that asks the collected tests about mutants instead of running them once.

Everything is imported and collected once and no test runs in that process: what a test leaves behind, in a cache or in
hypothesis, would answer for the next mutant. Each mutant gets a process of its own, in which its code takes the place
of the function's.
"""

import gc
import inspect
import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from textwrap import indent
from types import FunctionType
from typing import Any

import pytest

PROCESSES = 2
FIRST_SECONDS = 3.0  # of tests, the quickest first, for each mutant; whoever survives that is asked by all
LONGEST_SECONDS = 60.0
KILLED, SURVIVED, UNTOUCHED, TOO_LONG, BROKEN = "killed", "survived", "untouched", "too long", "broken"


@dataclass(frozen=True)
class Mutant:
    """One changed function: where it belongs and what takes its place."""

    module: str
    target: str
    name: str
    text: str
    original: str

    @property
    def place(self) -> str:
        """Name the function."""
        return f"{self.module}.{self.target}"

    @property
    def key(self) -> str:
        """Name the mutant."""
        return f"{self.module}.{self.name}"

    def unchanged(self) -> "Mutant":
        """Give the mutant that changes nothing."""
        return replace(self, name=f"{self.name.rpartition('__mutmut_')[0]}__mutmut_orig", text=self.original)


def read_mutants(file: Path) -> list[Mutant]:
    """Read what `list_mutants` wrote."""
    return [Mutant(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]


def function_at(module: str, target: str) -> FunctionType:
    """Find a function or method by its name; whatever is wrapped around it is taken off."""
    found: Any = import_module(module)
    for part in target.split("."):
        found = inspect.getattr_static(found, part)
    found = getattr(found, "__func__", getattr(found, "fget", found))
    found = inspect.unwrap(found)
    assert isinstance(found, FunctionType), target
    return found


def mutate(mutant: Mutant) -> None:
    """Put the mutant in its function's place, in this process."""
    function = function_at(mutant.module, mutant.target)
    made: dict[str, Any] = {}
    # A method that says super() has a free variable, and so must have what takes its place.
    free = function.__code__.co_freevars
    text = f"def made({', '.join(free)}):\n{indent(mutant.text, ' ')}\n return {mutant.name}"
    exec(compile(text, mutant.name, "exec"), function.__globals__, made)  # noqa: S102 - our own source
    changed = made["made"](*free)
    changed = inspect.unwrap(getattr(changed, "__func__", getattr(changed, "fget", changed)))
    function.__code__ = changed.__code__
    function.__defaults__, function.__kwdefaults__ = changed.__defaults__, changed.__kwdefaults__


def run(items: Sequence[pytest.Item], touched: Callable[[pytest.Item], None] = lambda _: None) -> bool:
    """Run tests one after the other in this process; tell at the first that fails."""
    failed: list[str] = []

    class Hear:
        def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
            if report.failed:
                failed.append(report.nodeid)

    items[0].config.pluginmanager.register(Hear())
    for place, item in enumerate(items):
        following = items[place + 1] if place + 1 < len(items) else None
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if failed:
            return False
        touched(item)
    return True


class Answers:
    """What was found of mutants so far, kept in a file, so that whoever is stopped goes on from there."""

    def __init__(self, file: Path) -> None:
        """Read what is there already; a last line that was cut short counts for nothing."""
        self._file = file
        self._found: dict[tuple[str, bool], str] = {}
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True) if file.exists() else []
        for line in lines:
            if line.endswith("\n"):
                key, by_all, outcome = json.loads(line)
                self._found[key, by_all] = outcome
        whole = "".join(line for line in lines if line.endswith("\n"))
        file.write_text(whole, encoding="utf-8")

    def of(self, key: str, *, by_all: bool) -> str | None:
        """Tell what a mutant came to, asked by all tests that touch it or by the quickest."""
        return self._found.get((key, by_all))

    def keep(self, key: str, outcome: str, *, by_all: bool) -> None:
        """Note what a mutant came to."""
        with self._file.open("a", encoding="utf-8") as out:
            out.write(json.dumps([key, by_all, outcome]) + "\n")


@dataclass
class Touched:
    """What the tests touch: for each function the tests, and how long each test takes."""

    tests: dict[str, list[int]]
    seconds: dict[int, float]

    def for_place(self, place: str) -> list[int]:
        """List the tests of a function, the quickest first."""
        return sorted(self.tests.get(place, ()), key=lambda test: self.seconds[test])


def watch(items: Sequence[pytest.Item], numbers: Sequence[int], functions: dict[Any, str]) -> dict[str, Any]:
    """Run tests in this process and note which of the functions each touches. Raises: AssertionError when one fails."""
    seen: set[Any] = set()
    tests: dict[str, list[int]] = {}
    seconds: dict[int, float] = {}
    begun = time.perf_counter()
    by_item = dict(zip(items, numbers, strict=True))

    def hear(frame: Any, event: str, _: object) -> None:
        if event == "call":
            seen.add(frame.f_code)

    def noted(item: pytest.Item) -> None:
        nonlocal begun
        for code in seen & functions.keys():
            tests.setdefault(functions[code], []).append(by_item[item])
        seconds[by_item[item]] = time.perf_counter() - begun
        seen.clear()
        begun = time.perf_counter()

    sys.setprofile(hear)
    fine = run(items, noted)
    sys.setprofile(None)
    assert fine, "the tests fail before anything is changed"
    return {"tests": tests, "seconds": seconds}


class Workers:
    """Processes of which each does one piece of work and writes what it came to."""

    def __init__(self) -> None:
        self._open: dict[int, tuple[int, Any, float, bytes]] = {}

    def do(self, pieces: Iterator[tuple[Any, float, Callable[[], Any]]]) -> Iterator[tuple[Any, Any]]:
        """Do the pieces, each with a name and a limit in seconds; give what each came to, None when it took too long."""
        more = True
        while more or self._open:
            while more and len(self._open) < PROCESSES:
                piece = next(pieces, None)
                more = piece is not None
                if piece is not None:
                    self._begin(*piece)
            yield from self._ended()

    def _begin(self, name: Any, limit: float, work: Callable[[], Any]) -> None:
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(read)
            quiet = os.open(os.devnull, os.O_RDWR)
            for stream in (1, 2):
                os.dup2(quiet, stream)
            try:
                answer = json.dumps(work()).encode()
            except BaseException as fault:  # noqa: BLE001 - told to the parent
                answer = json.dumps({"fault": repr(fault)[:300]}).encode()
            with os.fdopen(write, "wb") as out:
                out.write(answer)
            os._exit(0)
        os.close(write)
        self._open[read] = (pid, name, time.monotonic() + limit, b"")

    def _ended(self) -> Iterator[tuple[Any, Any]]:
        ready, _, _ = select.select(list(self._open), [], [], 0.05)
        for read, (pid, name, end, before) in list(self._open.items()):
            if read in ready:
                content = os.read(read, 1 << 20)
                self._open[read] = (pid, name, end, before + content)
                if content:
                    continue
            elif time.monotonic() < end:
                continue
            else:
                os.kill(pid, signal.SIGKILL)
            os.close(read)
            os.waitpid(pid, 0)
            *_, answer = self._open.pop(read)
            yield name, json.loads(answer) if answer and read in ready else None


class Asking:
    """Takes the place of pytest's own loop over the tests."""

    def __init__(
        self, mutants: Sequence[Mutant], said: Callable[[str], None], answers: Answers | None = None
    ) -> None:
        self.mutants = mutants
        self.said = said
        self.answers = answers
        self.found: dict[str, str] = {}

    def pytest_collection(self) -> None:
        """Let hypothesis stop at the first example that fails: nobody reads the shortest one."""
        from hypothesis import Phase, settings  # pytest rewrites its plugin before anybody may import it

        before = settings.get_profile("daicho")
        quick = settings(before, phases=(Phase.explicit, Phase.generate), database=None, print_blob=False)
        settings.register_profile("mutants", quick)
        settings.load_profile("mutants")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Ask about each mutant."""
        items = session.items
        places = {mutant.place: (mutant.module, mutant.target) for mutant in self.mutants}
        functions = {function_at(*named).__code__: place for place, named in places.items()}
        gc.collect()
        gc.freeze()
        touched = self._watch(items, functions)
        self.said(f"{len(touched.seconds)} tests take {sum(touched.seconds.values()):.0f} s")
        unchanged = {mutant.place: mutant.unchanged() for mutant in self.mutants}
        self._ask(items, touched, list(unchanged.values()), FIRST_SECONDS)
        died = [one.place for one in unchanged.values() if self.found[one.key] not in {SURVIVED, UNTOUCHED}]
        assert not died, f"tests fail in this order though nothing is changed: {died}"
        self._ask(items, touched, self.mutants, FIRST_SECONDS)
        left = [mutant for mutant in self.mutants if self.found[mutant.key] == SURVIVED]
        self.said(f"{len(left)} are asked by every test that touches them")
        self._ask(items, touched, left, float("inf"))
        return True

    def _watch(self, items: Sequence[pytest.Item], functions: dict[Any, str]) -> Touched:
        def piece(numbers: Sequence[int]) -> Callable[[], Any]:
            return lambda: watch([items[number] for number in numbers], numbers, functions)

        files: dict[str, list[int]] = {}
        for number, item in enumerate(items):
            files.setdefault(str(item.path), []).append(number)
        touched = Touched({}, {})
        pieces = ((file, 3600.0, piece(numbers)) for file, numbers in files.items())
        for file, answer in Workers().do(pieces):
            assert answer is not None, file
            assert "fault" not in answer, (file, answer)
            for place, tests in answer["tests"].items():
                touched.tests.setdefault(place, []).extend(tests)
            touched.seconds |= {int(test): seconds for test, seconds in answer["seconds"].items()}
        return touched

    def _ask(
        self, items: Sequence[pytest.Item], touched: Touched, mutants: Sequence[Mutant], budget: float
    ) -> None:
        def ask(mutant: Mutant, numbers: Sequence[int]) -> Callable[[], Any]:
            def work() -> str:
                mutate(mutant)
                return SURVIVED if run([items[number] for number in numbers]) else KILLED

            return work

        by_all, answers = budget == float("inf"), self.answers

        def pieces() -> Iterator[tuple[Any, float, Callable[[], Any]]]:
            for mutant in mutants:
                known = answers.of(mutant.key, by_all=by_all) if answers is not None else None
                if known is not None:
                    self.found[mutant.key] = known
                    continue
                numbers = touched.for_place(mutant.place)
                if not numbers:
                    self.found[mutant.key] = UNTOUCHED
                    continue
                chosen, spent = [], 0.0
                for number in numbers:
                    if chosen and spent > budget:
                        break
                    chosen.append(number)
                    spent += touched.seconds[number]
                yield mutant.key, LONGEST_SECONDS + 2 * spent, ask(mutant, chosen)

        for place, (key, answer) in enumerate(Workers().do(pieces())):
            self.found[key] = answer if isinstance(answer, str) else TOO_LONG if answer is None else BROKEN
            # What the clock answered is asked again by whoever goes on: the machine may have been stopped meanwhile.
            if answers is not None and self.found[key] != TOO_LONG:
                answers.keep(key, self.found[key], by_all=by_all)
            if place % 200 == 0:
                self.said(f"{place} of {len(mutants)}")
