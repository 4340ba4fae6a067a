"""Every fault of a file of the Ministry, every outcome and every column has its words."""

import re
from pathlib import Path

import pytest
from tests.rules.moj_link.test_moj_link import line_with

from daicho.faces.wording.ministry import (
    HELD_BACK,
    ITEM_LABELS,
    WHAT_TO_DO,
    column_words,
    moj_fault_words,
)
from daicho.nodes.registry.moj_link.closing import SENT_BACK
from daicho.rules.law.refusal import Reason
from daicho.rules.moj_link import files, notice
from daicho.rules.moj_link.files import HEAD, MOJ_COLUMNS, read_moj_file
from daicho.rules.moj_link.matching import MojOutcome
from daicho.rules.moj_link.municipal import CONVERTED


def test_every_reason_for_which_a_line_is_refused_has_words() -> None:
    texts = [Path(module.__file__ or "").read_text("utf-8") for module in (files, notice)]
    reasons = {Reason(name) for text in texts for name in re.findall(r"Reason\.([A-Z_0-9]+)", text)}
    assert all(moj_fault_words(reason) for reason in reasons)


def test_every_column_and_item_has_a_name() -> None:
    assert [one for one in (*HEAD, *MOJ_COLUMNS) if one != "version" and not column_words(one)] == []
    assert set(ITEM_LABELS) == set(CONVERTED)


def test_every_outcome_says_what_to_do() -> None:
    assert set(WHAT_TO_DO) == set(MojOutcome)
    assert all(name in ("WAITS", "RESENT", SENT_BACK) or Reason(name) for name in HELD_BACK)


@pytest.mark.parametrize("column", MOJ_COLUMNS)
def test_a_wrong_value_of_any_column_is_said_in_words(column: str) -> None:
    for fault in read_moj_file(line_with(column, "\x7f")).faults:
        assert moj_fault_words(fault.reason)
        assert column_words(fault.column)
