"""Files of others are exactly those that were published."""

import hashlib
from pathlib import Path

ROOT = Path(__file__).parents[3]
LISTED = ROOT / "vendor" / "SHA256SUMS"
FOLDERS = (ROOT / "vendor", ROOT / "src" / "daicho" / "faces" / "terminal" / "static" / "vendor")
OWN = {"README.md", "SHA256SUMS"}


def _listed() -> dict[str, str]:
    lines = (line.split("  ", 1) for line in LISTED.read_text(encoding="utf-8").splitlines())
    return {name: digest for digest, name in lines}


def test_every_vendored_file_has_the_listed_hash() -> None:
    for name, digest in _listed().items():
        assert hashlib.sha256((ROOT / name).read_bytes()).hexdigest() == digest, name


def test_no_vendored_file_is_unlisted() -> None:
    found = {
        str(path.relative_to(ROOT))
        for folder in FOLDERS
        for path in folder.rglob("*")
        if path.is_file() and path.name not in OWN
    }
    assert found == set(_listed())


def test_each_vendored_folder_has_its_licence_and_a_line_in_the_readme() -> None:
    readme = (ROOT / "vendor" / "README.md").read_text(encoding="utf-8")
    folders = [path for folder in FOLDERS for path in folder.iterdir() if path.is_dir()]
    assert len(folders) == 5
    for folder in folders:
        assert (folder / "LICENSE.txt").is_file(), folder
        assert f"{folder.name}/" in readme, folder
