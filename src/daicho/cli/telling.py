"""How the command line speaks: progress while something is done, lines when it is done."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from daicho.world.nation import Nation

if TYPE_CHECKING:
    from rich.progress import TaskID


class Teller:
    """Writes to the terminal, plainly when nobody watches."""

    def __init__(self) -> None:
        """Speak to standard output."""
        self.console = Console(highlight=False, soft_wrap=True)
        self._begun = time.monotonic()

    def say(self, line: str) -> None:
        """Write one line."""
        self.console.print(line)

    def tell(self, who: str, line: str) -> None:
        """Write one line of the story: which node did it, and what."""
        self.console.print(f"[bold cyan]{who:<16}[/] {line}")

    @contextmanager
    def progress(self, title: str) -> Iterator[Callable[[str], None]]:
        """Show what is being done at the moment."""
        if not self.console.is_terminal:
            self.say(title)
            yield lambda line: self.say(f"  {line}")
            return
        with self.console.status(title) as status:
            yield lambda line: status.update(f"{title}: {line}")

    @contextmanager
    def bar(self, title: str, total: int) -> Iterator[Callable[[int], None]]:
        """Show how far something countable has come."""
        if not self.console.is_terminal:
            self.say(f"{title} ({total:,})")
            yield lambda _: None
            return
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:,}/{task.total:,}"),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self.console) as bars:
            task: TaskID = bars.add_task(title, total=total)
            yield lambda done: bars.update(task, completed=done)

    def address(self, nation: Nation, *, seconds: float) -> None:
        """Say where the terminals are and how to sign in."""
        self.say("")
        self.say(f"[bold]国が動いています[/]（{seconds:.0f} 秒）。止めるには Ctrl-C。")
        for node in nation.plan:
            if node.terminal:
                self.say(f"  {node.title:<24} {nation.terminal(node.short)}/")
        for one, port in nation.stand_ins.items():
            self.say(f"  {one.title:<24} http://{one.short}.localhost:{port}/  （サインインなし）")
        for one, why in nation.left_out.items():
            self.say(f"  {one.title} は起動できず、除きました:")
            self.console.print(why, markup=False)
        self.say("  サインイン: 照合ID に MADO-01（窓口）、SHINSA-01（審査）、SEKININ-01（修正の許可）、")
        self.say("  SHIEN-01・SHIEN-02（支援措置）、BUNSHO-01（保存期間・廃棄）を、")
        self.say("  都道府県では RYOKEN-01（旅券窓口）を、")
        self.say(
            "  機構では CARD-01・CARD-02（個人番号通知書の発送）を入れ、「デモ認証器」を押してください。"
        )
        sys.stdout.flush()
