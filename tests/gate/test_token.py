"""Secrets of a session are worth nothing outside it."""

import pytest

from daicho.gate.token import (
    BadHandle,
    fingerprint,
    form_key,
    form_key_fits,
    open_handle,
    seal_handle,
    text_of,
)

TOKEN, OTHER = text_of(b"a" * 32), text_of(b"b" * 32)


def test_fingerprint_does_not_show_the_token() -> None:
    assert TOKEN.encode() not in fingerprint(TOKEN)
    assert fingerprint(TOKEN) != fingerprint(OTHER)


def test_form_key_belongs_to_one_session() -> None:
    assert form_key_fits(TOKEN, form_key(TOKEN))
    assert not form_key_fits(TOKEN, form_key(OTHER))
    assert not form_key_fits(TOKEN, "台")


def test_handle_opens_only_in_its_session() -> None:
    handle = seal_handle(TOKEN, nonce=b"n" * 12, content=b"person 12")
    assert open_handle(TOKEN, handle) == b"person 12"
    assert "person" not in handle
    for token, given in [
        (OTHER, handle),
        (TOKEN, handle[:-2] + "AA"),
        (TOKEN, ""),
        (TOKEN, "台帳"),
        (TOKEN, "A"),
    ]:
        with pytest.raises(BadHandle):
            open_handle(token, given)
