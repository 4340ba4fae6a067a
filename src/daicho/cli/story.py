"""`daicho story`: a story told again in the nation that runs."""

from pathlib import Path

import click

from daicho.cli.nation import HOME, attached
from daicho.cli.telling import Teller
from daicho.world.stories.family import StoryFailed, family_moves


@click.command(short_help="let a family move through the running nation")
@HOME
def story(home: Path) -> None:
    """A family moves, a child is born, an office and an agency look; each line says which node did it."""
    risen = attached(home)
    try:
        family_moves(risen, Teller())
    except StoryFailed as fault:
        raise click.ClickException(str(fault)) from fault
