"""What a record still says to whoever may not learn where a protected person lives."""

from collections.abc import Container
from dataclasses import replace

from daicho.rules.people.addresses import Address
from daicho.rules.register.changes import Entry
from daicho.rules.register.record import ResidentRecord

WITHHELD = "（非表示）"


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
