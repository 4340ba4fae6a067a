"""What every test of the law asks besides: each refusal rests on the article, and concerns the field, that is written down."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from daicho.rules.law.refusal import Refusal

_LISTED = Path("docs/protocols/refusals.txt")


@pytest.fixture(scope="module", autouse=True)
def every_refusal_is_listed() -> Iterator[None]:
    """Compare each refusal that arises in a file of this folder with the list that makers of other software read."""
    listed = set(_LISTED.read_text(encoding="utf-8").splitlines())
    made = Refusal.__init__

    def compared(self: Refusal, *given: Any, **named: Any) -> None:
        made(self, *given, **named)
        # Which of 707 rows of the Act a question named is the question's own, not the refusal's.
        detail = "" if self.detail and self.detail.startswith("row=") else self.detail
        line = " ".join(str(one) for one in (self.reason, self.article, self.field, detail) if one != "")
        assert line in listed, f"{_LISTED} does not have: {line}"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Refusal, "__init__", compared)
        yield
