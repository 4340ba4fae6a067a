"""The front of the command line: which commands there are; each loads its room only when used."""

import importlib

import click

_COMMANDS = {
    "nation": ("daicho.cli.nation", "nation"),
    "cluster": ("daicho.cli.cluster", "cluster"),
    "run": ("daicho.cli.run", "run"),
    "keys": ("daicho.cli.keys", "keys"),
    "import": ("daicho.cli.extract", "import_extract"),
    "export": ("daicho.cli.extract", "export_extract"),
    "migrate-in": ("daicho.cli.handover", "migrate_in"),
    "migrate-out": ("daicho.cli.handover", "migrate_out"),
    "rebuild": ("daicho.cli.handover", "rebuild_register"),
    "training": ("daicho.cli.training", "training"),
    "ministry": ("daicho.cli.ministry", "ministry"),
    "ministry-terminal": ("daicho.cli.ministry_terminal", "ministry_terminal"),
    "press": ("daicho.cli.press", "press"),
    "story": ("daicho.cli.story", "story"),
    "look-up": ("daicho.cli.look_up", "look_up"),
    "disclosure": ("daicho.cli.disclosure", "disclosure"),
    "retention": ("daicho.cli.retention", "retention"),
    "audit": ("daicho.cli.audit", "audit"),
    "bench": ("daicho.cli.bench", "bench"),
    "conformance": ("daicho.cli.conformance", "conformance"),
}


class _CommandsOnDemand(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        place = _COMMANDS.get(cmd_name)
        if place is None:
            return None
        command = getattr(importlib.import_module(place[0]), place[1])
        return command if isinstance(command, click.Command) else None


@click.group(cls=_CommandsOnDemand, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name=None, version="0.1.0", prog_name="daicho")
def main() -> None:
    """Daicho (台帳): an open Basic Resident Registration Network.

    `daicho nation up` starts a whole nation on this machine; `daicho run` starts one node of a real one.
    """
