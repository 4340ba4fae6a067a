"""What a municipality says of itself on every notice: its office, where cards are issued, where they are sent."""

import re
from dataclasses import dataclass

from daicho.rules.destination.record import ADDRESS_CHARACTERS, PHONE_CHARACTERS, PLACE_NAME_CHARACTERS
from daicho.rules.law.article import bango
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.addresses import is_postal_code
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.names import can_be_shown

_ARTICLE = bango("7")
_PHONE = re.compile(f"[0-9][0-9-]{{0,{PHONE_CHARACTERS - 2}}}[0-9]")


@dataclass(frozen=True, slots=True)
class OfficePlace:
    """One place of the municipality: what it is called, where it is, how it is reached.  市町村・交付場所・カード送付場所

    Law: none, items 11 to 32 of the destination file.
    """

    name: str
    postal_code: str
    address: str
    phone: str


@dataclass(frozen=True, slots=True)
class TownPlaces:
    """The municipality, where cards are issued and where they are delivered to.  市町村の設定

    Law: none, items 9 to 32 of the destination file.
    """

    municipality: MunicipalityCode
    town: OfficePlace
    issue_place: OfficePlace
    card_delivery_place: OfficePlace


def check_place(place: OfficePlace, prefix: str) -> Refusal | None:
    """Refuse a place that lacks anything, or of which a part is malformed or too long; fields begin with `prefix`.

    Law: none, own definition.
    """
    for field, text, limit in (
        ("name", place.name, PLACE_NAME_CHARACTERS),
        ("address", place.address, ADDRESS_CHARACTERS),
    ):
        if not text:
            return Refusal(Reason.FIELD_MISSING, _ARTICLE, f"{prefix}_{field}")
        if len(text) > limit:
            return Refusal(Reason.FIELD_TOO_LONG, _ARTICLE, f"{prefix}_{field}")
        if not can_be_shown(text, limit):
            return Refusal(Reason.FIELD_CONTROL_CHARACTER, _ARTICLE, f"{prefix}_{field}")
    if not is_postal_code(place.postal_code):
        return Refusal(Reason.ITEM_MALFORMED, _ARTICLE, f"{prefix}_postal_code")
    if _PHONE.fullmatch(place.phone) is None:
        return Refusal(Reason.ITEM_MALFORMED, _ARTICLE, f"{prefix}_phone")
    return None


def check_places(places: TownPlaces) -> Refusal | None:
    """Refuse settings with which no notice can be printed.

    Law: none, own definition.
    """
    return (
        check_place(places.town, "municipality")
        or check_place(places.issue_place, "issue_place")
        or check_place(places.card_delivery_place, "card_delivery_place")
    )
