"""A bundle on its way to the press: opened by its key alone, whole, in its order, its own letters only."""

import pytest

from daicho.wire.box import box_public_key, make_box_key, put_in_boxes
from daicho.wire.press import (
    PRIVATE_KEY,
    PUBLIC_KEY,
    BundleUnreadable,
    PressLetter,
    close_letter,
    join_letters,
    make_press_key,
    open_letters,
)

KEY = make_box_key()
PUBLIC = box_public_key(KEY)


def closed(place, *, bundle=7, letters=3, public=PUBLIC):
    return close_letter(PressLetter(bundle, place, letters, f"letter {place}".encode()), public)


def test_the_press_opens_what_was_closed_for_it_in_its_order():
    found = open_letters(join_letters([closed(1), closed(3)]), KEY)
    assert [(one.bundle, one.place, one.letters, one.pdf) for one in found] == [
        (7, 1, 3, b"letter 1"), (7, 3, 3, b"letter 3"),
    ]  # fmt: skip


def test_nobody_reads_a_letter_on_its_way_and_no_other_key_opens_it():
    content = join_letters([closed(1)])
    assert b"letter" not in content
    with pytest.raises(BundleUnreadable):
        open_letters(content, make_box_key())


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"%PDF-1.7", id="a file of another kind"),
        pytest.param(join_letters([]), id="no letter"),
        pytest.param(join_letters([closed(1), closed(2)])[:-1], id="cut off"),
        pytest.param(join_letters([closed(1)]) + b"x", id="something behind"),
        pytest.param(join_letters([closed(2), closed(1)]), id="not in order"),
        pytest.param(join_letters([closed(1), closed(1)]), id="one twice"),
        pytest.param(join_letters([closed(1), closed(2, bundle=8)]), id="of two bundles"),
        pytest.param(join_letters(put_in_boxes([b"x"], receiver_public_key=PUBLIC)), id="no letter inside"),
    ],
)
def test_what_is_no_whole_bundle_is_not_opened(content):
    with pytest.raises(BundleUnreadable):
        open_letters(content, KEY)


def test_a_changed_byte_is_noticed():
    content = bytearray(join_letters([closed(1)]))
    content[-1] ^= 1
    with pytest.raises(BundleUnreadable):
        open_letters(bytes(content), KEY)


def test_the_private_key_is_its_owners_alone(tmp_path):
    make_press_key(tmp_path / "press")
    assert (tmp_path / "press" / PRIVATE_KEY).stat().st_mode & 0o077 == 0
    public, private = ((tmp_path / "press" / one).read_bytes() for one in (PUBLIC_KEY, PRIVATE_KEY))
    assert open_letters(join_letters([closed(1, public=public)]), private)[0].place == 1
