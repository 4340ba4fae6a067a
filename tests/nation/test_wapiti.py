"""A scanner of web applications, signed in as a clerk and as an administrator, finds nothing at a running terminal."""

import json
import subprocess
from pathlib import Path

import pytest
from tests.faces.terminal.test_requests import signed_in
from tests.nation.conftest import REGISTRY, rows_of

from daicho.faces.desks.pages import all_pages
from daicho.world.nation import Nation

pytestmark = [pytest.mark.nation, pytest.mark.nightly, pytest.mark.timeout(1200)]

# Also those that are shut to whoever knocks: a scanner that only follows links would never try them.
DOORS = sorted({page.path for page in all_pages() if "{" not in page.path and "GET" in page.methods})
WAPITI = Path(__file__).parents[2] / ".judges" / "bin" / "wapiti"
# Those that ask this application something; the others call services outside, look for other people's software, or know
# only certain names of form keys (csrf; forged forms are asked in tests/faces/terminal/test_insider.py).
MODULES = (
    "backup,cookieflags,crlf,csp,exec,file,htaccess,http_headers,"
    "ldap,methods,permanentxss,redirect,shellshock,sql,timesql,upload,xss,xxe"
)
ATTACK_SECONDS = 40
SCAN_SECONDS = 60


@pytest.mark.parametrize("login_id", ["MADO-01", "SHINSA-01", "KANRI-01"])
def test_wapiti_finds_nothing(nation: Nation, tmp_path: Path, login_id: str) -> None:
    url = nation.terminal(REGISTRY)
    port = nation.ports[REGISTRY].terminal
    cookie, _ = signed_in(url, login_id)
    count = "select count(*) from ledger.line where event = 'operator:access:refused'"
    before = rows_of(nation, REGISTRY, count)
    report = tmp_path / "report.json"
    host = url.removeprefix("http://")
    scanned = subprocess.run(
        [
            WAPITI, "-u", f"http://127.0.0.1:{port}/", "-m", MODULES, "-H", f"Cookie: {cookie}", "-H", f"Host: {host}",
            "-H", f"Origin: {url}", "-x", f"http://127.0.0.1:{port}/sign-off", "--max-scan-time", str(SCAN_SECONDS),
            "--max-attack-time", str(ATTACK_SECONDS), "-d", "4", "--scope", "domain", "-f", "json", "-o", report,
            *(word for door in DOORS for word in ("-s", f"http://127.0.0.1:{port}{door}")),
            "--no-bugreport", "--flush-session", "--store-session", tmp_path / "session",
            "--store-config", tmp_path / "config", "-v", "1",
        ],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert scanned.returncode == 0, scanned.stdout[-3000:] + scanned.stderr[-3000:]
    told = json.loads(report.read_text())
    found = {
        kind: [f"{one['method']} {one['path']} {one['info']}" for one in ones]
        for part in ("vulnerabilities", "anomalies")
        for kind, ones in told[part].items()
        if ones
    }
    assert told["infos"]["crawled_pages_nbr"] > 10, "the scanner saw more than the door"
    assert found == {}
    assert rows_of(nation, REGISTRY, count) > before, "attempts leave their lines"
