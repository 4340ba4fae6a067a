"""A family moves from Hakodate to Chiyoda, a child is born, a passport office and an agency look, a resident asks."""

from typing import Protocol

from daicho.world.nation import Nation


class StoryFailed(RuntimeError):
    """Something did not happen as the law has it."""


class Told(Protocol):
    """Whoever shows what happens."""

    def tell(self, who: str, line: str) -> None:
        """Write one line of the story."""
        ...


def family_moves(nation: Nation, told: Told) -> None:
    """Tell the story."""
