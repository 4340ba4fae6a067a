"""`daicho press`: the machine that prints notices of individual numbers, apart from every node."""

from collections.abc import Sequence
from pathlib import Path

import click

from daicho.wire.press import (
    PRIVATE_KEY,
    PUBLIC_KEY,
    BundleUnreadable,
    PressLetter,
    make_press_key,
    open_letters,
)
from daicho.wire.signer.keystore import write_private

_PLACES_SHOWN = 100


@click.group(short_help="keys and bundles of the machine that prints notices of numbers")
def press() -> None:
    """Open bundles of notices of individual numbers where they are printed; the private key stays on that machine."""


@press.command("make-key")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def make_key(folder: Path) -> None:
    """Make a key in FOLDER; its public part, press.pub, is named in the nation's configuration."""
    if (folder / PRIVATE_KEY).exists():
        raise click.ClickException(f"鍵がすでにあります: {folder / PRIVATE_KEY}")
    make_press_key(folder)
    click.echo(f"{folder / PUBLIC_KEY} を機構のサーバの設定 [press] に書いてください。")


@press.command("open")
@click.argument("bundle", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True,
              help="The press's private key.")  # fmt: skip
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), required=True,
              help="The folder for the letters, one PDF for each envelope; readable by its owner alone.")  # fmt: skip
def opened(bundle: Path, key: Path, folder: Path) -> None:
    """Open BUNDLE and write its letters, one file for each envelope, in their order."""
    try:
        letters = open_letters(bundle.read_bytes(), key.read_bytes())
    except BundleUnreadable as fault:
        raise click.ClickException(f"この鍵では開けません: {bundle}（{fault}）") from fault
    except ValueError as fault:
        raise click.ClickException(f"鍵を読めません: {key}") from fault
    _write(letters, folder)
    click.echo(f"{len(letters)} 通を {folder} に書きました。印刷したら、ファイルを消去してください。")
    missing = sorted({*range(1, letters[0].letters + 1)} - {one.place for one in letters})
    if missing:
        click.echo(
            f"束の {letters[0].letters} 通のうち {len(missing)} 通は含まれていません（封筒 {_places(missing)}）。"
            "束の画面の『作成できず』の数と照合してください。"
        )


def _write(letters: Sequence[PressLetter], folder: Path) -> None:
    """Write all letters into a folder that holds nothing else, or none."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise click.ClickException(f"空でないフォルダーには書けません: {folder}")
    try:
        for one in letters:
            write_private(folder / f"{one.bundle:06d}-{one.place:05d}.pdf", one.pdf)
    except BaseException:
        for left in folder.iterdir():
            left.unlink()
        raise


def _places(missing: Sequence[int]) -> str:
    shown = "、".join(str(one) for one in missing[:_PLACES_SHOWN])
    return f"{shown} ほか" if len(missing) > _PLACES_SHOWN else shown
