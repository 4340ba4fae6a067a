"""Whose resident somebody is: what a municipality may ask and tell about a person on the servers above it."""

from collections.abc import Collection

from daicho.rules.law.article import juki, juki_order
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import MunicipalityCode


def may_gather_who_saw(holder: MunicipalityCode | None, asker: MunicipalityCode | None) -> Refusal | None:
    """Refuse to tell a municipality who saw the record of somebody who is not its resident now.

    Law: 住民基本台帳法 第30条の32; that the home municipality gathers for the resident is our own.
    """
    if holder is None or holder != asker:
        return Refusal(Reason.OTHER_MUNICIPALITY, juki("30-32"), "resident_record_code")
    return None


def number_waits(
    holder: MunicipalityCode | None, given_to: MunicipalityCode | None, asker: MunicipalityCode | None
) -> bool:
    """Tell whether a request for a number waits until the asker's report has made it the holder.

    `given_to` is whose stock the code came from. A code that nobody holds and that came from no other stock may be
    asked for at once. Otherwise one town would learn the numbers of everybody whose code it knows.

    Law: 番号法 第8条第1項, 第2項; the mayor of the municipality that recorded the person asks.
    """
    if holder is not None:
        return holder != asker
    return given_to is not None and given_to != asker


def may_confirm_move_out(
    holders: Collection[MunicipalityCode], reporter: MunicipalityCode | None
) -> Refusal | None:
    """Refuse the confirmation of a moving-out by a municipality that never held the person's record.

    Law: 住民基本台帳法施行令 第13条第3項
    """
    if reporter not in holders:
        return Refusal(Reason.OTHER_MUNICIPALITY, juki_order("13"), "resident_record_code")
    return None
