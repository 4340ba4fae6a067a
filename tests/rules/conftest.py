"""Tests of the law begin with empty tables."""

import sys

import pytest


@pytest.fixture(scope="session", autouse=True)
def _tables_are_made_anew() -> None:
    """What was computed before the tests, under another source, is not asked: a mutant of a table would live."""
    for name, module in list(sys.modules.items()):
        if name.startswith("daicho.rules"):
            for made in list(vars(module).values()):
                if hasattr(made, "cache_clear"):
                    made.cache_clear()
