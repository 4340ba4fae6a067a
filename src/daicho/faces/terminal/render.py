"""Templates: escaped by default, strict about what is undefined."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from jinja2 import Environment, PackageLoader, StrictUndefined

from daicho.faces.terminal import show
from daicho.faces.terminal.desk import Choice
from daicho.faces.wording.calls import call_words
from daicho.faces.wording.events import event_word, outcome_word
from daicho.faces.wording.flash import FLASHES
from daicho.faces.wording.places import place_name
from daicho.faces.wording.terms import word
from daicho.faces.wording.worries import level_word, worry_words


class Templates:
    """The templates of the terminal, loaded once."""

    def __init__(self) -> None:
        """Prepare the environment; templates are read from the package."""
        self._environment = Environment(
            loader=PackageLoader("daicho.faces.terminal"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(
            era=show.era,
            era_short=show.era_short,
            moment=show.moment,
            business_time=show.business_time,
            word=word,
            masked=show.masked,
            postal=show.postal,
            address_of=show.address_of,
            state=show.state,
            said=show.said,
            age=show.age,
            place=place_name,
            worry_words=worry_words,
            call_words=call_words,
            level_word=level_word,
            event_word=event_word,
            outcome_word=outcome_word,
            pairs=_pairs,
        )
        self._environment.globals["flashes"] = FLASHES

    def render(self, template: str, values: Mapping[str, object]) -> str:
        """Fill one template."""
        return self._environment.get_template(template).render(values)


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
