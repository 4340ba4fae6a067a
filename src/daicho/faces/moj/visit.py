"""One request at the stand-in: nobody signs in, but each form carries the key of the browser that was shown it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from daicho.faces.terminal.forms import FORM_KEY, Form
from daicho.faces.web.gatekeeper import Asked
from daicho.gate.token import TOKEN_BYTES, form_key, form_key_fits, text_of
from daicho.nodes.clock import Clock
from daicho.nodes.moj.book import Answering, Book

_TOKEN = re.compile("[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Place:
    """The stand-in itself: its book, how it answers a town's file, its clock."""

    book: Book
    answering: Answering
    clock: Clock


@dataclass(frozen=True, slots=True)
class Visit:
    """One request as a page sees it; `fresh` where the browser had no key yet."""

    method: str
    path: str
    parts: Mapping[str, str]
    query: Mapping[str, str]
    form: Form
    token: str
    fresh: bool
    place: Place

    @property
    def book(self) -> Book:
        """Give what the stand-in has."""
        return self.place.book

    @property
    def posted(self) -> bool:
        """Tell whether a form was sent."""
        return self.method == "POST"

    @property
    def form_key(self) -> str:
        """Give the key that each form carries back."""
        return form_key(self.token)

    @property
    def ours(self) -> bool:
        """Tell whether a form comes from a page that this browser was shown."""
        return not self.fresh and form_key_fits(self.token, self.form.raw(FORM_KEY))

    def number(self, name: str) -> int:
        """Read a number of the path; 0, which nothing bears, where there is none."""
        text = self.parts.get(name, "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else 0


def visit_of(place: Place, asked: Asked) -> Visit:
    """Read a request; a browser without a key gets one with the answer."""
    known = _TOKEN.fullmatch(asked.token) is not None
    token = asked.token if known else text_of(place.clock.token(TOKEN_BYTES))
    form = Form(dict(asked.form), files=asked.files)
    return Visit(
        asked.method, asked.path, asked.parts, asked.query, form, token, fresh=not known, place=place
    )
