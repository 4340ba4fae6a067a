"""What others carry: only its maker can have written it, only its receiver can open it, whenever it arrives."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.wire.conftest import NOW, make_directory, message_key

from daicho.wire.carried import CARRIED, ON_ITS_WAY_SECONDS, close_for, open_from
from daicho.wire.codecs.letters import Unreadable
from daicho.wire.envelope import Head, seal
from daicho.wire.signer.keystore import box_key as read_box_key
from daicho.wire.signer.keystore import public_keys

KIND = "protection.forward"
CONTENT = b'{"who":"nobody"}'


@pytest.fixture
def directory(town, prefecture, stranger):
    made = make_directory(town.member, prefecture.member, stranger.member)
    made.__post_init__()
    return made


@pytest.fixture
def closed(town, prefecture, directory):
    return close_for(
        town.signer, directory, me=town.name, to=prefecture.member, kind=KIND, content=CONTENT, at=NOW
    )


def opened(sealed, directory, by, maker, *, now=NOW, kind=KIND, key=None):
    return open_from(
        sealed, directory, me=by.name, box_key=key or read_box_key(by.folder), maker=maker.member, kind=kind, now=now
    )  # fmt: skip


def test_it_is_opened_by_its_receiver_weeks_later(town, prefecture, directory, closed):
    assert opened(closed, directory, prefecture, town) == CONTENT
    assert CONTENT not in closed
    assert (
        opened(closed, directory, prefecture, town, now=NOW + timedelta(seconds=ON_ITS_WAY_SECONDS))
        == CONTENT
    )


def test_whoever_carries_it_cannot_open_it(town, prefecture, stranger, directory, closed):
    with pytest.raises(Unreadable):
        opened(closed, directory, prefecture, town, key=read_box_key(stranger.folder))
    with pytest.raises(Unreadable):
        opened(closed, directory, stranger, town)


@pytest.mark.parametrize("wrong", ["maker", "kind", "stale", "ahead", "changed", "no envelope"])
def test_anything_else_is_refused(town, prefecture, stranger, directory, closed, wrong):
    sealed, maker, kind, now = closed, town, KIND, NOW
    if wrong == "maker":
        maker = stranger
    elif wrong == "kind":
        kind = "protection.reply"
    elif wrong == "stale":
        now = NOW + timedelta(seconds=ON_ITS_WAY_SECONDS + 1)
    elif wrong == "ahead":
        now = NOW - timedelta(seconds=301)
    elif wrong == "changed":
        sealed = closed.replace(b"parts", b"pasta")
    else:
        sealed = b"nothing"
    with pytest.raises(Unreadable):
        opened(sealed, directory, prefecture, maker, now=now, kind=kind)


@pytest.mark.parametrize("parts", [[], [b"no box"], [b"a", b"b"]])
def test_what_is_signed_and_is_no_box_is_refused(town, prefecture, directory, parts):
    sealed = seal(town.signer, Head(town.name, prefecture.name, KIND, NOW, 7, []), parts, purpose=CARRIED)
    with pytest.raises(Unreadable):
        opened(sealed, directory, prefecture, town)


def test_an_envelope_of_a_conversation_never_passes_for_one_that_is_carried(town, prefecture, directory):
    sealed = seal(town.signer, Head(town.name, prefecture.name, KIND, NOW, 7, []), [b"x"])
    with pytest.raises(Unreadable, match="SEAL_FORM"):
        opened(sealed, directory, prefecture, town)


def test_its_key_was_in_force_when_it_was_signed_and_need_not_be_any_more(town, prefecture, closed):
    keys = public_keys(town.folder)
    ended = replace(
        town.member,
        message_keys=(
            message_key(keys, valid_from=NOW - timedelta(days=1), valid_until=NOW + timedelta(hours=1)),
        ),
    )
    directory = make_directory(ended, prefecture.member)
    directory.__post_init__()
    assert opened(closed, directory, prefecture, town, now=NOW + timedelta(days=2)) == CONTENT
    before = replace(town.member, message_keys=(message_key(keys, valid_until=NOW - timedelta(minutes=1)),))
    directory = make_directory(before, prefecture.member)
    directory.__post_init__()
    with pytest.raises(Unreadable, match="UNKNOWN_KEY"):
        opened(closed, directory, prefecture, town, now=NOW + timedelta(days=2))
