"""`daicho press`: a key is made once, a bundle becomes one file for each envelope, and what cannot be opened says so."""

from click.testing import CliRunner

from daicho.cli import press as press_commands
from daicho.cli.main import main
from daicho.wire.press import PUBLIC_KEY, PressLetter, close_letter, join_letters
from daicho.wire.signer.keystore import write_private


def test_a_bundle_is_opened_where_it_is_printed(tmp_path) -> None:
    run = CliRunner()
    keys, out = tmp_path / "keys", tmp_path / "out"
    assert run.invoke(main, ["press", "make-key", str(keys)]).exit_code == 0
    assert run.invoke(main, ["press", "make-key", str(keys)]).exit_code == 1, (
        "a key is not made over another one"
    )
    public = (keys / PUBLIC_KEY).read_bytes()
    letters = [close_letter(PressLetter(7, place, 3, b"%PDF"), public) for place in (1, 3)]
    bundle = tmp_path / "bundle.bin"
    bundle.write_bytes(join_letters(letters))
    told = run.invoke(
        main, ["press", "open", str(bundle), "--key", str(keys / "press.key"), "--to", str(out)]
    )
    assert told.exit_code == 0, told.output
    assert "3 通のうち 1 通は含まれていません（封筒 2）" in told.output
    assert "作成できず』の数と照合" in told.output, "why one is missing is known to the nation alone"
    assert sorted(one.name for one in out.iterdir()) == ["000007-00001.pdf", "000007-00003.pdf"]
    assert all(one.stat().st_mode & 0o077 == 0 for one in out.iterdir())
    bundle.write_bytes(bundle.read_bytes()[:-1])
    told = run.invoke(
        main, ["press", "open", str(bundle), "--key", str(keys / "press.key"), "--to", str(out)]
    )
    assert (told.exit_code, "開けません" in told.output) == (1, True)
    told = run.invoke(main, ["press", "open", str(bundle), "--key", str(keys / PUBLIC_KEY), "--to", str(out)])
    assert told.exit_code == 1


def test_letters_are_not_mixed_with_earlier_ones_and_half_a_bundle_is_not_left_behind(
    tmp_path, monkeypatch
) -> None:
    run = CliRunner()
    keys, out, bundle = tmp_path / "keys", tmp_path / "out", tmp_path / "bundle.bin"
    run.invoke(main, ["press", "make-key", str(keys)])
    public = (keys / PUBLIC_KEY).read_bytes()
    letters = [close_letter(PressLetter(7, place, 2, b"%PDF"), public) for place in (1, 2)]
    bundle.write_bytes(join_letters(letters))
    command = ["press", "open", str(bundle), "--key", str(keys / "press.key"), "--to", str(out)]

    def full(path, content):
        path.with_name(path.name + ".new").write_bytes(content[:2])
        if path.name.endswith("2.pdf"):
            raise OSError("no space left")
        write_private(path, content)

    monkeypatch.setattr(press_commands, "write_private", full)
    assert run.invoke(main, command).exit_code == 1
    assert list(out.iterdir()) == []
    monkeypatch.undo()
    assert run.invoke(main, command).exit_code == 0
    again = run.invoke(main, command)
    assert (again.exit_code, "空でない" in again.output) == (1, True)
    assert len(list(out.iterdir())) == 2
