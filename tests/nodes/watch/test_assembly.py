"""What a real node never does, whatever its configuration says."""

import pytest

from daicho.nodes.clock import RealClock
from daicho.nodes.config import DatabaseConfig, LineConfig, ListenConfig, NodeConfig, TlsConfig
from daicho.nodes.watch.assembly import _line
from daicho.wire.http import WireUnavailable


def config(line: LineConfig | None) -> NodeConfig:
    return NodeConfig(
        "n", "f", "s", "d", "k", DatabaseConfig("", "", ""), TlsConfig(""), ListenConfig("127.0.0.1", 1), line=line
    )  # fmt: skip


def test_a_poor_line_is_laid_in_a_demonstration_alone() -> None:
    poor = config(LineConfig(lost_percent=100.0))
    with pytest.raises(WireUnavailable):
        _line(poor, RealClock(), demo=True)(lambda: b"answer")
    assert _line(poor, RealClock(), demo=False)(lambda: b"answer") == b"answer"
    assert _line(config(None), RealClock(), demo=True)(lambda: b"answer") == b"answer"
