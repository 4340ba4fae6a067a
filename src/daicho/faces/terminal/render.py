"""Templates: escaped by default, strict about what is undefined."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from daicho.faces.terminal import show
from daicho.faces.terminal.desk import Choice
from daicho.faces.wording.calls import call_words
from daicho.faces.wording.events import event_word, outcome_word
from daicho.faces.wording.flash import FLASHES
from daicho.faces.wording.places import place_name
from daicho.faces.wording.terms import word
from daicho.faces.wording.worries import level_word, worry_words
from daicho.rules.people.dates import western_text

STATIC = Path(__file__).parent / "static"  # style, script, letters and marks
_TAG = re.compile("(<[^>]*>)")
_OWN = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
# Elements whose text is no place for a picture.
_TEXT_ONLY = ("title", "option", "textarea", "text")


def with_pictures(page: str) -> str:
    """Show the characters of a town's own in the texts of a page by their pictures; fields keep them as they are.

    Texts and attributes are escaped, so that no bracket stands in them that is not a tag's.
    """
    if not _OWN.search(page):
        return page
    parts, within = _TAG.split(page), ""
    for place, part in enumerate(parts):
        if part.startswith("<"):
            name = part.strip("</>").split(" ", 1)[0].lower()
            if name in _TEXT_ONLY:
                within = "" if part.startswith("</") else name
        elif not within:
            parts[place] = _OWN.sub(_picture, part)
    return "".join(parts)


def _picture(match: re.Match[str]) -> str:
    point = ord(match[0])
    return f'<img class="own-character" src="/own-characters/{point:04x}/picture" alt="外字 U+{point:04X}">'


class Templates:
    """The templates of the terminal; `own_pictures` where the node has characters of its own."""

    def __init__(self, *, own_pictures: bool = False) -> None:
        """Fill templates for one node."""
        self._own_pictures = own_pictures

    def render(self, template: str, values: Mapping[str, object]) -> str:
        """Fill one template."""
        page = _environment().get_template(template).render(values)
        return with_pictures(page) if self._own_pictures else page


@cache
def _environment() -> Environment:
    """Prepare for templates; all terminals of a process share what was translated once. They are read from the package."""
    made = Environment(
        loader=PackageLoader("daicho.faces.terminal"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update(
        era=show.era,
        era_short=show.era_short,
        western=western_text,
        birth=show.birth,
        birth_short=show.birth_short,
        moment=show.moment,
        business_time=show.business_time,
        word=word,
        masked=show.masked,
        postal=show.postal,
        address_of=show.address_of,
        state=show.state,
        said=show.said,
        change_day=show.change_day,
        received_lines=show.received_lines,
        age=show.age,
        place=place_name,
        worry_words=worry_words,
        call_words=call_words,
        level_word=level_word,
        event_word=event_word,
        outcome_word=outcome_word,
        pairs=_pairs,
        code_points=show.code_points_of,
    )
    made.globals["flashes"] = FLASHES
    return made


def _pairs(choices: Iterable[Choice | StrEnum | tuple[str, str]]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for one in choices:
        if isinstance(one, Choice):
            pairs.append((one.key, one.words))
        elif isinstance(one, StrEnum):
            pairs.append((one.value, word(one)))
        else:
            pairs.append(one)
    return pairs
