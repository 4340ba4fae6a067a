"""The demonstration's nation has a terminal, and a press whose private key no node is told of."""

import msgspec

from daicho.nodes.config import PressConfig
from daicho.nodes.national.setting import press_key
from daicho.rules.network.kinds import NodeKind
from daicho.wire.press import PRIVATE_KEY, PressLetter, close_letter, join_letters, open_letters
from daicho.world.founding import _press
from daicho.world.plan import Places, plan_nation


def test_a_visitor_finds_the_nations_queue() -> None:
    assert [node.terminal for node in plan_nation(100) if node.kind is NodeKind.NATIONAL] == [True]


def test_the_press_has_one_key_at_every_start_and_the_nation_is_told_its_public_part_alone(tmp_path) -> None:
    places = Places(tmp_path)
    section = _press(places)
    assert _press(places) == section
    told = msgspec.toml.decode("\n".join(section))["press"]
    assert PRIVATE_KEY not in str(told)
    public = press_key(msgspec.convert(told, PressConfig))
    bundle = join_letters([close_letter(PressLetter(1, 1, 1, b"x"), public)])
    assert open_letters(bundle, (places.press / PRIVATE_KEY).read_bytes())[0].pdf == b"x"
