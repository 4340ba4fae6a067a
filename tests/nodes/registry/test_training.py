"""A training copy: its papers say 研修用 and prove nothing, and its register tells nobody anything."""

import pytest
from tests.nodes.registry.test_certificates import ISSUER, Press, own
from tests.nodes.registry.test_handover import out, silent
from tests.nodes.registry.test_protection import arrived

from daicho.faces.desks.handover import hands_of
from daicho.nodes.handover.orders import check
from daicho.nodes.registry import certificates
from daicho.nodes.registry.certificates import TRAINING_PREFIX, IssuedPaper
from daicho.nodes.registry.residents import Purpose
from daicho.nodes.watch.line import Line, look_at_line, upward
from daicho.rules.law.refusal import Reason, Refusal

WHY = Purpose("写しの交付", "法12条", "t1")


@pytest.fixture
def copy(counter):
    counter.node.wire.directory().profile = "training"
    return counter


def issued(counter, record, press):
    return certificates.issue(
        counter.node, counter.clerk, own(record), record.addressee_number, WHY, issuer=ISSUER, set_paper=press
    )


def test_a_paper_of_a_copy_says_so_and_the_book_of_nobody_confirms_it(copy, move_in, comer):
    record = arrived(copy, move_in(comer(1)))[0]
    press = Press(specimen=True)
    paper = issued(copy, record, press)
    assert isinstance(paper, IssuedPaper), paper
    assert paper.number.startswith(TRAINING_PREFIX)
    (printed,) = press.printed
    assert printed.training
    assert "DAICHO" not in printed.verification
    for text in (printed.verification, f"DAICHO {paper.number} x", "DAICHO"):
        assert certificates.verify_paper(copy.node, text).reason is Reason.NOT_FOUND


def test_not_even_the_copy_confirms_a_paper_by_the_mark_of_its_own_book(copy, move_in, comer):
    record = arrived(copy, move_in(comer(1)))[0]
    copy.node.wire.directory().profile = "demo"
    press = Press()
    paper = issued(copy, record, press)
    text = press.printed[0].verification
    assert not isinstance(certificates.verify_paper(copy.node, text), Refusal)
    copy.node.wire.directory().profile = "training"
    assert certificates.verify_paper(copy.node, text).reason is Reason.NOT_FOUND
    assert not paper.number.startswith(TRAINING_PREFIX)


def test_a_real_town_still_refuses_a_specimen(counter, move_in, comer):
    record = arrived(counter, move_in(comer(1)))[0]
    assert issued(counter, record, Press(specimen=True)).reason is Reason.FONT_MISSING


def test_a_copy_has_no_line_that_could_be_down(copy):
    line = Line(copy.node.clock.now)
    line.heard(str(upward(copy.node)[0].name), answered=False)
    copy.node.clock.instant = replace_year(copy.node.clock.instant)
    assert look_at_line(copy.node, line) is None


def replace_year(moment):
    return moment.replace(year=moment.year + 1)


def test_invented_people_never_move_into_a_real_town_nor_real_ones_into_a_copy(
    copy, move_in, comer, tmp_path
):
    arrived(copy, move_in(comer(1)))
    out(copy, tmp_path / "out")
    look = copy.node
    copy.node.wire.directory().profile = "production"
    report = check(look, copy.admin, tmp_path / "out", hands_of(look), silent)
    assert [fault.reason for fault in report.faults] == [Reason.TRAINING_DATA]
    out(copy, tmp_path / "real")
    copy.node.wire.directory().profile = "training"
    report = check(look, copy.admin, tmp_path / "real", hands_of(look), silent)
    assert [fault.reason for fault in report.faults] == [Reason.TRAINING_DATA]
