"""The electronic seal at the counter: a paper that is fetched for printing holds before a stranger's validator."""

import http.client
import re
import subprocess
from html import unescape
from unicodedata import normalize
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from tests.faces.terminal.conftest import running
from tests.faces.terminal.test_office import Hands
from tests.nodes.registry.conftest import comer, counter, move_in  # noqa: F401 - fixtures of the register
from tests.nodes.registry.test_protection import arrived

from daicho.faces.desks.certificates import PaperDesk
from daicho.faces.desks.letters import LetterDesk
from daicho.faces.desks.papers import OfficeNotices
from daicho.faces.desks.registry import CounterDesk
from daicho.faces.terminal.desk import Desks
from daicho.nodes.config import IssuerConfig
from daicho.paper.offices import CERTIFICATES, certify_office, make_seal_authority
from daicho.paper.sealing import UnfitSealKey, check_seal
from daicho.rules.network.kinds import NodeKind


@pytest.fixture
def sealing(counter, tmp_path):  # noqa: F811 - the fixtures above
    now = counter.node.clock.now()
    make_seal_authority(tmp_path / "authority", "見本認証局", now)
    certify_office(tmp_path / "office", tmp_path / "authority", "東京都千代田区長", now)
    return tmp_path


def fetched(terminal, clerk, path):
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(terminal.url).port, timeout=60)
    connection.request("GET", path, headers={"Host": urlsplit(terminal.url).netloc, "Cookie": clerk.cookie})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    assert answer.status == 200
    return content


@pytest.mark.requirement("R-015")
def test_a_notice_that_is_fetched_for_printing_bears_the_offices_seal(sealing, counter, move_in, comer):  # noqa: F811
    node = counter.node
    arrived(counter, move_in(comer(1)))
    papers = PaperDesk(node, IssuerConfig("見本　一郎", 300, str(sealing / "office")))
    desks = Desks(
        LetterDesk(node), registry=CounterDesk(node), certificates=papers, notices=OfficeNotices(node, papers)
    )
    with running(node.store, NodeKind.REGISTRY, given=desks, clock=node.clock) as terminal:
        clerk = Hands(terminal)
        owed = unescape(re.search(r'href="(/notices/owed/[^"]+)"', clerk.get("/notices")[1])[1])
        status, where = clerk.post(owed, step="print", by_hand="post")
        assert status == 303, where
        path = unescape(re.search(r'href="(/paper/[^"]+)"', clerk.get(where)[1])[1])
        pdf = fetched(terminal, clerk, path)
    root = x509.load_pem_x509_certificate((sealing / "authority" / CERTIFICATES).read_bytes())
    finding = check_seal(pdf, [root.public_bytes(Encoding.DER)], node.clock.now())
    assert (finding.fault, finding.signer) == ("", "東京都千代田区長")
    assert finding.signed_at is not None
    assert not check_seal(
        pdf.replace(b"/Pages", b"/pages", 1), [root.public_bytes(Encoding.DER)], node.clock.now()
    ).sound
    (sealing / "paper.pdf").write_bytes(pdf)
    read = subprocess.run(
        ["pdftotext", str(sealing / "paper.pdf"), "-"], capture_output=True, text=True, check=True
    )
    with node.store.unit() as unit:
        code = str(unit.execute("SELECT code FROM register.resident WHERE living").fetchone()[0])
    assert "住民票コード通知票" in read.stdout
    assert code in re.sub(r"[\s\-]", "", normalize("NFKC", read.stdout))
    judged = subprocess.run(
        ["pdfsig", "-nocert", str(sealing / "paper.pdf")], capture_output=True, text=True, check=False
    ).stdout
    assert "Signature is Valid" in judged
    assert "Total document signed" in judged


def test_a_registry_whose_key_could_not_seal_does_not_begin(counter, tmp_path):  # noqa: F811 - the fixture above
    with pytest.raises(UnfitSealKey):
        PaperDesk(counter.node, IssuerConfig("見本　一郎", 300, str(tmp_path / "nowhere")))
