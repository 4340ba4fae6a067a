"""`daicho migrate-in`, `migrate-out` and `rebuild`: a whole register from elsewhere, out of this system, and from the network."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from daicho.cli.nation import HOME
from daicho.cli.node_access import opened_node, operator_of
from daicho.cli.telling import Teller
from daicho.faces.desks.handover import hands_of
from daicho.faces.wording.handover import (
    REBUILT_LACKS,
    difference_lines,
    fault_lines,
    fault_words,
    left_behind_words,
    source_words,
    tally_lines,
)
from daicho.faces.wording.refusals import explain
from daicho.nodes.config import read_config
from daicho.nodes.handover.checking import PROGRESS_LINES, FolderReport, Progress
from daicho.nodes.handover.ordering import UsedOrder, look_at_order, use_order
from daicho.nodes.handover.orders import Comparison, check, close_lost_ledger, compare, load, rebuild, write
from daicho.nodes.handover.writing import FolderThere
from daicho.nodes.node import Node
from daicho.nodes.watch.assembly import Foundation, found_node
from daicho.rules.handover.layout import HandoverFault
from daicho.rules.handover.manifest import HandoverManifest
from daicho.rules.handover.order import GIVES_BACK, HandoverWay
from daicho.rules.law.refusal import Refusal
from daicho.rules.network.kinds import NodeKind
from daicho.rules.operators.authority import Operator
from daicho.rules.people.codes import MalformedCode, MunicipalityCode

_SHOWN_FAULTS = 20
_SHOWN_PEOPLE = 50
_ERROR_FILES = 100
_NODE = click.option("--node", default="", help="A node of the running demonstration, by its short name.")
_CONFIG = click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The node's configuration file (TOML).",
)
_ORDER = click.option("--order", type=int, help="The number of an order that was approved at the terminal.")
_OPERATOR = click.option(
    "--operator", default="KANRI-01", show_default=True, help="照合ID of the administrator."
)
_APPROVER = click.option(
    "--approved-by", default="SEKININ-01", show_default=True, help="照合ID of the security officer."
)


@contextmanager
def _told(title: str) -> Iterator[Progress]:
    """Tell how far it has come in steps of the usual size, and how far in the end."""
    with Teller().progress(title) as said:
        shown = last = 0

        def told(lines: int) -> None:
            nonlocal shown, last
            last = lines
            # What is loaded after a check is read from the first line again.
            if abs(lines - shown) >= PROGRESS_LINES:
                shown = lines
                said(f"{lines:,} 行")

        yield told
        if last != shown:
            said(f"{last:,} 行")


@contextmanager
def _opened(home: Path, node: str, config: Path | None) -> Iterator[Foundation]:
    """Open the node of a configuration, or one of the running demonstration. Raises: ClickException."""
    if config is None:
        if not node:
            raise click.UsageError("--config FILE --order N, or --node of a demonstration.")
        with opened_node(home, node) as foundation:
            yield foundation
        return
    foundation = found_node(read_config(config), own_signer=False)
    try:
        yield foundation
    finally:
        foundation.close()


def _in_order(
    node: Node, order: int | None, config: Path | None, way: HandoverWay, *, use: bool
) -> UsedOrder | None:
    """Read the order that two people gave at the terminal, and use it up where it is carried out. Raises: ClickException."""
    if order is None:
        if config is not None:
            raise click.UsageError("--order is needed with --config.")
        return None
    found = use_order(node, order, way) if use else look_at_order(node, order)
    if isinstance(found, Refusal):
        raise _refusal(found)
    return found


def _ready_to_write(node: Node, folder: Path, kinds: tuple[NodeKind, ...]) -> None:
    """Look at what would end a command before it uses its order up. Raises: ClickException."""
    if node.me.kind not in kinds:
        raise click.UsageError("Only at: " + ", ".join(kind.value for kind in kinds))
    if folder.exists() or folder.is_symlink():
        raise click.ClickException(f"{folder} はすでにあります。")
    if not folder.parent.is_dir():
        raise click.ClickException(f"{folder.parent} というフォルダはありません。")


def _refusal(refusal: Refusal) -> click.ClickException:
    told = explain(refusal)
    return click.ClickException(f"{told.happened}{told.now}（{told.code}　{told.article}）")


@click.command("migrate-in", short_help="check a migration folder and load it into an empty registry")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@_NODE
@HOME
@_CONFIG
@_ORDER
@_OPERATOR
@_APPROVER
@click.option("--check", "how", flag_value="check", default=True, help="Read everything, write nothing.")
@click.option("--load", "how", flag_value="load", help="Check, then load everything or nothing.")
@click.option(
    "--compare", "how", flag_value="compare", help="Compare the folder with the register as it is now."
)
@click.option(
    "--cs-is-empty",
    is_flag=True,
    help="Tell the own CS of everybody; only where it has nobody yet. An order says it itself.",
)
def migrate_in(
    folder: Path, node: str, home: Path, config: Path | None, order: int | None, operator: str, approved_by: str,
    how: str, cs_is_empty: bool,
) -> None:  # fmt: skip
    """Check FOLDER from end to end; with --load, load it in one transaction into an empty register."""
    differing = None
    with _opened(home, node, config) as foundation:
        own, hands = foundation.node, hands_of(foundation.node)
        given = _in_order(own, order, config, HandoverWay.IN, use=how == "load")
        people = _people(foundation, given, operator, approved_by)
        with _told("移行データの検査") as progress:
            done: FolderReport | Refusal
            if how == "compare":
                found = compare(own, people[0], folder, hands, progress)
                done = found if isinstance(found, Refusal) else found[0]
                differing = None if isinstance(found, Refusal) else found[1]
            elif how == "load":
                tell_cs, manifest = (
                    (cs_is_empty, "") if given is None else (given.order.tell_cs, given.order.manifest)
                )
                done = load(own, *people, folder, hands, progress, tell_cs=tell_cs, manifest=manifest)
            else:
                ordered = None if given is None else given.order.tell_cs
                done = check(own, people[0], folder, hands, progress, tell_cs=ordered)
    _tell(folder, _or_refused(done), differing, how)


def _people(
    foundation: Foundation, given: UsedOrder | None, operator: str, approved_by: str
) -> tuple[Operator, Operator]:
    if given is not None:
        return given.operator, given.approver
    return operator_of(foundation, operator), operator_of(foundation, approved_by)


def _tell(folder: Path, report: FolderReport, differing: Comparison | None, how: str) -> None:
    for line in tally_lines(report.tally.counts):
        click.echo(line)
    if report.manifest is not None and report.manifest.source:
        click.echo(source_words(report.manifest.source))
    if not report.fine:
        _refuse(folder, report)
    if differing is not None and not differing.equal:
        for line in difference_lines(differing.differences):
            click.echo(line)
        click.echo("記録の違う宛名番号: " + " ".join(map(str, differing.people[:_SHOWN_PEOPLE])))
        raise click.ClickException("台帳と移行データは一致していません。")
    ends = {"check": "誤りはありません。", "load": "取り込みました。", "compare": "一致しています。"}
    click.echo(f"{len(report.digests):,} 人、{report.lines:,} 行。{ends[how]}")


def _or_refused(done: FolderReport | Refusal) -> FolderReport:
    if isinstance(done, Refusal):
        raise _refusal(done)
    return done


def _refuse(folder: Path, report: FolderReport) -> None:
    """Show the first faults, write all of them beside the folder, and end. Raises: ClickException."""
    for fault in report.faults[:_SHOWN_FAULTS]:
        click.echo(_line(fault), err=True)
    errors = _written_beside(folder, report)
    kinds = Counter(fault.reason.value for fault in report.faults)
    summary = "、".join(f"{code} {count:,}" for code, count in kinds.most_common())
    more = f"（ほかに {report.untold_faults:,} 件）" if report.untold_faults else ""
    raise click.ClickException(
        f"誤り {len(report.faults):,} 件{more}: {summary}。すべてを {errors} に書きました。何も取り込んでいません。"
    )


def _written_beside(folder: Path, report: FolderReport) -> Path:
    """Write all faults into a file of one's own that was not there. Raises: ClickException."""
    whole = folder.resolve()
    for place in range(1, _ERROR_FILES):
        errors = whole.parent / f"{whole.name}.errors{'' if place == 1 else f'-{place}'}.csv"
        try:
            number = os.open(
                errors, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600
            )
        except FileExistsError:
            continue
        except OSError as wrong:
            raise click.ClickException(f"{errors} に書けません（{wrong.strerror}）。") from None
        with os.fdopen(number, "w", encoding="utf-8") as out:
            out.writelines(f"{line}\n" for line in fault_lines(report.faults))
        return errors
    raise click.ClickException(f"{whole.name}.errors.csv が多すぎます。読み終えたものを消してください。")


def _line(fault: HandoverFault) -> str:
    place = f"{fault.file}:{fault.line}" if fault.line else fault.file
    detail = f"（{fault.detail}）" if fault.detail else ""
    return f"{place} {fault.field} {fault.reason.value} {fault_words(fault)}{detail}"


@click.command("migrate-out", short_help="write a registry into a migration folder")
@click.argument("folder", type=click.Path(exists=False, path_type=Path))
@_NODE
@HOME
@_CONFIG
@_ORDER
@_OPERATOR
@_APPROVER
@click.option("--purpose", default="", help="What the folder is for; an order says it itself.")
def migrate_out(
    folder: Path, node: str, home: Path, config: Path | None, order: int | None, operator: str, approved_by: str,
    purpose: str,
) -> None:  # fmt: skip
    """Write the whole register into the new FOLDER; the ledger line is durable before the first byte."""
    if order is None and not purpose.strip():
        raise click.UsageError("--purpose is needed without an order.")
    with _opened(home, node, config) as foundation:
        own = foundation.node
        _ready_to_write(own, folder, (NodeKind.REGISTRY,))
        hands = hands_of(own)
        given = _in_order(own, order, config, HandoverWay.OUT, use=True)
        people = _people(foundation, given, operator, approved_by)
        purpose = given.order.purpose if given is not None else purpose
        try:
            with _told("移行データの書き出し") as progress:
                done = write(own, *people, folder, hands, progress, purpose=purpose)
        except FolderThere:
            raise click.ClickException(f"{folder} はすでにあります。") from None
    if isinstance(done, Refusal):
        raise _refusal(done)
    _tell_files(done.manifest)
    if not done.left_behind.nothing:
        click.echo(f"含まれないもの: {left_behind_words(done.left_behind)}")


def _tell_files(manifest: HandoverManifest) -> None:
    for name, sums in sorted(manifest.files.items()):
        if sums.lines:
            click.echo(f"{name}　{sums.lines:,} 行　SHA-256 {sums.sha256}")


@click.command(
    "rebuild", short_help="write what a CS or a prefecture keeps of a town, whose register is lost"
)
@click.argument("folder", type=click.Path(exists=False, path_type=Path))
@_NODE
@HOME
@_CONFIG
@_ORDER
@_OPERATOR
@_APPROVER
@click.option("--town", default="", help="The town's code, at a prefecture; an order says it itself.")
@click.option("--purpose", default="", help="What the folder is for; an order says it itself.")
def rebuild_register(
    folder: Path, node: str, home: Path, config: Path | None, order: int | None, operator: str, approved_by: str,
    town: str, purpose: str,
) -> None:  # fmt: skip
    """Write the residents of a town into the new FOLDER, for `daicho migrate-in` at the registry that lost them."""
    if order is None and not purpose.strip():
        raise click.UsageError("--purpose is needed without an order.")
    with _opened(home, node, config) as foundation:
        own = foundation.node
        _ready_to_write(own, folder, GIVES_BACK)
        given = _in_order(own, order, config, HandoverWay.OUT, use=True)
        people = _people(foundation, given, operator, approved_by)
        purpose = given.order.purpose if given is not None else purpose
        named = given.order.town if given is not None else _town(town)
        whose = named or own.me.municipality
        if whose is None:
            raise click.UsageError("--town is needed at a prefecture.")
        try:
            with _told("再製データの書き出し") as progress:
                done = rebuild(own, *people, folder, whose, progress, purpose=purpose)
        except FolderThere:
            raise click.ClickException(f"{folder} はすでにあります。") from None
        if isinstance(done, Refusal):
            raise _refusal(done)
        closed = ""
        if given is not None and given.order.ledger_lost:
            closed = close_lost_ledger(own, *people, whose, purpose=purpose)
    _tell_files(done)
    click.echo(REBUILT_LACKS[done.source])
    if closed:
        click.echo(f"台帳への第三者署名を打ち切りました: {closed}")


def _town(text: str) -> MunicipalityCode | None:
    try:
        return MunicipalityCode(text) if text else None
    except MalformedCode:
        raise click.UsageError("--town: 5 or 6 digits.") from None
