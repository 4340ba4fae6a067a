"""Codes of refusals are a promise to other programs: none vanishes silently, none changes its meaning."""

from tests.house.conftest import ROOT

from daicho.rules.law.refusal import Reason

GOLDEN = ROOT / "docs" / "protocols" / "reasons.txt"


def test_every_code_of_a_refusal_is_listed_and_no_listed_one_is_lost() -> None:
    lines = [line.split() for line in GOLDEN.read_text("utf-8").splitlines() if not line.startswith("#")]
    given = [words[0] for words in lines if len(words) == 1]
    retired = [words[0] for words in lines if words[1:] == ["retired"]]
    assert len(given) + len(retired) == len(lines) == len({words[0] for words in lines})
    assert set(given) == {reason.value for reason in Reason}
