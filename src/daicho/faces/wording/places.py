"""Names of prefectures and municipalities."""

from daicho.nodes.watch.places import municipality_names, place_name
from daicho.rules.people.places import prefecture_name, split_place

__all__ = ["find_place", "place_name", "prefecture_name"]


def find_place(text: str) -> tuple[str, str, str]:
    """Split an address as typed into prefecture digits, municipality digits and the rest.

    Either code is empty when the text does not name it, or names more than one.
    """
    return split_place(text, municipality_names())
