"""Whatever a table is refused for is told in words of its own."""

import re
from pathlib import Path

import pytest

from daicho.faces.wording.areas import fault_words
from daicho.rules.areas import table
from daicho.rules.law.refusal import Reason

TOLD = sorted(set(re.findall(r"Reason\.(\w+)", Path(table.__file__).read_text(encoding="utf-8"))))
OF_LINES = (Reason.LINE_TOO_LONG, Reason.LINE_NOT_UTF8, Reason.FIELD_CONTROL_CHARACTER)


@pytest.mark.parametrize("name", [*TOLD, *(one.value for one in OF_LINES)])
def test_every_fault_of_a_table_has_its_words(name: str) -> None:
    assert fault_words(Reason(name)).endswith("。")
