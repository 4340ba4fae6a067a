"""What the tests of paper share: the residents' font, the fallback, an office with its seal, one press."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.paper.offices import Office, make_office

from daicho.paper.fonts import Fonts, find_fonts
from daicho.paper.workers import Press


@pytest.fixture(scope="session")
def fonts() -> Fonts:
    return find_fonts()


@pytest.fixture(scope="session")
def fallback() -> Fonts:
    return find_fonts(characters=Path("/nowhere"))


@pytest.fixture(scope="session")
def office() -> Office:
    return make_office()


@pytest.fixture(scope="session")
def press(fonts: Fonts, office: Office) -> Iterator[Press]:
    with Press(fonts, office.key) as one:
        yield one
