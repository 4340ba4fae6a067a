"""What a record still says to whoever may not learn where a protected person lives."""

from collections.abc import Collection, Container, Mapping
from dataclasses import replace

from daicho.rules.people.addresses import Address
from daicho.rules.people.kana import MAX_KEY_LENGTH, kanji_key
from daicho.rules.register.changes import Entry
from daicho.rules.register.record import ResidentRecord

WITHHELD = "（非表示）"
_OF_PLACES = (
    "current_address", "previous_address", "previous_municipality", "move_in_from_address", "move_out_to_address",
    "registered_domicile", "remarks", "scheduled_move_out",
)  # fmt: skip


def veiled(record: ResidentRecord) -> ResidentRecord:
    """Leave out of a record everything that says where somebody lives, lived, goes, or could be asked about.

    Law: 住民基本台帳事務処理要領 第6の10; which items these are is own definition.
    """
    plan = record.scheduled_move_out
    return replace(
        record,
        current_address=Address(record.current_address.municipality, WITHHELD, ""),
        previous_address=_withheld(record.previous_address),
        previous_municipality=None,
        move_in_from_address=_withheld(record.move_in_from_address),
        move_out_to_address=_withheld(record.move_out_to_address),
        registered_domicile=_withheld(record.registered_domicile),
        family_register_head=_withheld(record.family_register_head),
        householder_name=WITHHELD,
        de_facto_householder=_withheld(record.de_facto_householder),
        remarks=(),
        scheduled_move_out=None
        if plan is None
        else replace(plan, destination=WITHHELD, destination_municipality=None),
        programme_info=(),
        certificate_history=(),
        card_info=(),
        seal_registration=(),
    )


def _withheld(text: str | None) -> str | None:
    return WITHHELD if text else text


def veiled_entry(entry: Entry, hidden: Container[int]) -> Entry:
    """Leave out of a change in which somebody is hidden what it says about addresses: one tells the others.

    Law: 住民基本台帳事務処理要領 第6の10; own definition.
    """
    if not any(one.addressee_number in hidden for one in (*entry.before, *entry.after)):
        return entry
    before, after = (tuple(map(veiled, side)) for side in (entry.before, entry.after))
    return replace(entry, before=before, after=after, words="", reason_detail="", reception=None)


def places_of(record: ResidentRecord) -> frozenset[str]:
    """Fold what a protected person's record says of where they live or go, without the building.

    Law: 住民基本台帳事務処理要領 第6の10; own definition.
    """
    plan, home = record.scheduled_move_out, record.current_address
    named = [f"{home.town}{home.block}"] if record.living else []
    named += [text for text in (record.move_out_to_address, plan and plan.destination) if text]
    return frozenset(key for text in named if (key := kanji_key(text)))


def without_places(record: ResidentRecord, places: frozenset[str]) -> ResidentRecord:
    """Leave out of a record, item by item, what names one of some places.

    Who once lived with a protected person may have their present address as an own former one.

    Law: 住民基本台帳事務処理要領 第6の10; own definition.
    """
    if not places:
        return record
    plan = record.scheduled_move_out
    if plan is not None and _names_one(plan.destination, places):
        plan = replace(plan, destination=WITHHELD, destination_municipality=None)
    home = record.current_address
    if _names_one(home.one_line(), places):
        home = Address(home.municipality, WITHHELD, "")
    previous = _unless(record.previous_address, places)
    return replace(
        record,
        current_address=home,
        previous_address=previous,
        previous_municipality=record.previous_municipality if previous == record.previous_address else None,
        move_in_from_address=_unless(record.move_in_from_address, places),
        move_out_to_address=_unless(record.move_out_to_address, places),
        registered_domicile=_unless(record.registered_domicile, places),
        remarks=tuple(one for one in record.remarks if not _names_one(one, places)),
        scheduled_move_out=plan,
    )


def names_place(text: str, places: Collection[str]) -> bool:
    """Tell whether a text of any length names one of some folded places whole.

    Law: 住民基本台帳事務処理要領 第6の10; own definition.
    """
    if not places:
        return False
    parts = (text[begin : begin + MAX_KEY_LENGTH] for begin in range(0, len(text), MAX_KEY_LENGTH))
    folded = "".join(map(kanji_key, parts))
    return any(place in folded for place in places)


def _names_one(text: str, places: frozenset[str]) -> bool:
    key = kanji_key(text)
    return bool(key) and any(place in key or key in place for place in places)


def _unless(text: str | None, places: frozenset[str]) -> str | None:
    return WITHHELD if text and _names_one(text, places) else text


def entry_without_places(entry: Entry, places: Mapping[int, frozenset[str]]) -> Entry:
    """Leave out of a change what names the places that each of its people must not give away.

    Law: 住民基本台帳事務処理要領 第6の10; own definition.
    """
    nowhere = frozenset[str]()
    before, after = (
        tuple(without_places(one, places.get(one.addressee_number, nowhere)) for one in side)
        for side in (entry.before, entry.after)
    )
    if (before, after) == (entry.before, entry.after):
        return entry
    return replace(entry, before=before, after=after, words="", reason_detail="", reception=None)


def draft_without_places(entry: Entry, places: Mapping[int, frozenset[str]]) -> Entry:
    """Leave out of a change that does not stand yet what names such places, but for what the change itself brings.

    That was typed from a notice: to leave it out would tell whether a guess was right.

    Law: 住民基本台帳事務処理要領 第6の10; own definition.
    """
    less = entry_without_places(entry, places)
    if less == entry:
        return entry
    stood = {one.addressee_number: one for one in entry.before}
    after = tuple(
        _with_what_came(shown, stood.get(whole.addressee_number), whole)
        for shown, whole in zip(less.after, entry.after, strict=True)
    )
    return replace(less, after=after)


def _with_what_came(
    shown: ResidentRecord, before: ResidentRecord | None, after: ResidentRecord
) -> ResidentRecord:
    if before is None:
        return after
    came = {
        name: getattr(after, name) for name in _OF_PLACES if getattr(after, name) != getattr(before, name)
    }
    return replace(shown, **came)
