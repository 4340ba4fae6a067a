"""A nation of the version before the newest schema goes on under this one; letters that waited arrive."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.nation.conftest import until
from tests.nation.of_before import BLOCK

from daicho.world.checking import audit_nation, check_nation
from daicho.world.loading import await_quiet
from daicho.world.nation import lower_nation, raise_nation

pytestmark = [pytest.mark.nation, pytest.mark.nightly]

ROOT = Path(__file__).parents[2]
MIGRATIONS = "src/daicho/store/migrations"
FIRST_PORT = 9700


def _git(*words: str) -> str:
    return subprocess.run(
        ["git", *words], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.fixture
def before(tmp_path: Path) -> Iterator[Path]:
    """The source as it was before the newest migration was added."""
    newest = _git("log", "--diff-filter=A", "-1", "--format=%H", "--", f"{MIGRATIONS}/*.sql")
    folder = tmp_path / "before"
    _git("worktree", "add", "--detach", str(folder), f"{newest}^")
    yield folder
    _git("worktree", "remove", "--force", str(folder))


def test_a_running_nation_is_upgraded_and_no_letter_is_lost(before: Path, binaries: Path | None) -> None:
    known = {path.name for path in (before / MIGRATIONS).iterdir()}
    fresh = {path.name for path in (ROOT / MIGRATIONS).iterdir()} - known
    assert fresh, "the version before has the same schema"
    parent = Path(tempfile.mkdtemp(prefix="daicho-upgrade-"))
    parent.chmod(0o711)
    home = parent / "n"
    try:
        old_life = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("of_before.py")), str(home), str(binaries or "-"), str(FIRST_PORT)],
            env=os.environ | {"PYTHONPATH": f"{before / 'src'}:{before}"},
            cwd=before, check=False, capture_output=True, text=True, timeout=240,
        )  # fmt: skip
        assert old_life.returncode == 0, old_life.stderr[-3000:]
        code = old_life.stdout.split()[-1]
        risen = raise_nation(
            home, people=270, town_count=3, binaries=binaries, said=lambda _: None, first_port=FIRST_PORT
        )
        try:

            def arrived() -> bool:
                query = (
                    "select count(*) from identity.record where resident_record_code = %s and address like %s"
                )
                with psycopg.connect(risen.cluster.dsn("national")) as connection:
                    return connection.execute(query, (code, f"%{BLOCK}")).fetchall() == [(1,)]

            until(arrived, risen)
            await_quiet(risen, 60)
            applied: set[str] = set()
            for node in risen.plan:
                with psycopg.connect(risen.cluster.dsn(node.database)) as connection:
                    applied |= {
                        str(row[0]) for row in connection.execute("select name from public.migration")
                    }
            assert fresh <= applied, "the databases that it is for have what is new"
            assert check_nation(risen) == []
            assert audit_nation(risen) == []
        finally:
            lower_nation(risen, lambda _: None)
    finally:
        shutil.rmtree(parent, ignore_errors=True)
