"""Beginnings as ranges: whoever begins so is within, and nobody else."""

from hypothesis import given
from hypothesis import strategies as st

from daicho.rules.identity.keys import prefix_end

EDGES = st.sampled_from(["\ud7ff", "\ue000", "\U0010ffff", "a", "\U0010fffe"])
TEXTS = st.text(st.one_of(EDGES, st.characters()), max_size=4)


@given(TEXTS, TEXTS)
def test_a_text_lies_in_the_range_exactly_when_it_begins_so(prefix, text):
    end = prefix_end(prefix)
    for one in (text, prefix + text, prefix[:-1] + text, end, end + text):
        assert one.startswith(prefix) == (prefix <= one and (end == "" or one < end))


def test_the_end_is_the_very_next_text():
    assert prefix_end("ab") == "ac"
    assert prefix_end("\ud7ff") == "\ue000"
    assert prefix_end("a\U0010ffff") == "b"
    assert prefix_end("\U0010ffff") == prefix_end("") == ""
