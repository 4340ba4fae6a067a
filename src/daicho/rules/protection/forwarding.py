"""A measure goes along to the towns that could tell an address: what is told, of whom, and what they make of it.  支援措置の転送

The handling rules ask that the application be forwarded to the towns that it names. Which items go along, and that a
town answers, is own definition: on paper a copy of the whole application goes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from daicho.rules.law.periods import PROTECTION_TERM, last_day_of_years
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.kana import kanji_key
from daicho.rules.people.names import MAX_NAME_CHARACTERS, can_be_shown
from daicho.rules.protection.measure import (
    AddressRole,
    ConsultedBody,
    EndCause,
    Opinion,
    OtherParty,
    ProtectedAddress,
    ProtectionGround,
    ProtectionMeasure,
)
from daicho.rules.protection.whereabouts import names_home_of
from daicho.rules.register.record import ResidentRecord

MOST_PEOPLE = 20
MOST_PLACES = 40
MOST_PARTIES = 10
PLACE_CHARACTERS = 300
ID_CHARACTERS = 64
_LONGEST_MONTH_DAYS = 31
_ARTICLE = PROTECTION_TERM.article


class ForwardStanding(StrEnum):
    """Where a measure stands at the town that forwards it.  転送元での状態"""

    PROVISIONAL = "PROVISIONAL"  # 仮の支援措置
    IN_FORCE = "IN_FORCE"  # 支援措置の期間中
    ENDED = "ENDED"  # 終了


class ForwardAnswer(StrEnum):
    """What a town made of a measure that was forwarded to it; never where anybody lives.  転送の処理結果

    Law: none, own definition.
    """

    TAKEN_UP = "TAKEN_UP"  # 支援措置を記録した
    ON_SUPPLEMENT = "ON_SUPPLEMENT"  # 戸籍の附票について措置した
    NOTED = "NOTED"  # 終了を確認した: by the machine, whether or not anybody was protected
    NOT_HERE = "NOT_HERE"  # 該当者なし


BY_HAND = (ForwardAnswer.ON_SUPPLEMENT, ForwardAnswer.NOT_HERE)
"""What an officer answers where no measure is recorded."""


@dataclass(frozen=True, slots=True)
class ForwardRoute:
    """From which town to which, under which name, and as the how-manieth letter of that name.  転送の発信地・送付先"""

    forward_id: str
    sequence: int
    sender: MunicipalityCode
    receiver: MunicipalityCode


@dataclass(frozen=True, slots=True)
class ForwardedPerson:
    """Whom to protect, as another town can find them: no number, no code, no address elsewhere.  転送に係る対象者"""

    name: str
    furigana: str
    birth_date: PartialDate
    applicant: bool


@dataclass(frozen=True, slots=True)
class ForwardedParty:
    """From whom to protect: what it takes to refuse them, and nothing of where they live.  転送に係る相手方"""

    name: str
    furigana: str = ""
    birth_date: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class ForwardedPlace:
    """A place of the receiving town that the other party shall not learn from it.  保護する住所（送付先のもの）"""

    role: AddressRole
    text: str


@dataclass(frozen=True, slots=True)
class ForwardedNotice:
    """All of a measure that another town needs, as it stands: a later letter replaces an earlier one.  支援措置の転送

    Of a measure that ended nothing but that, and why: nobody is found or refused by it.
    Law: 住民基本台帳事務処理要領 第6の10; own definition.
    """

    standing: ForwardStanding
    told_on: date
    ground: ProtectionGround
    applied_on: date
    people: tuple[ForwardedPerson, ...] = ()
    other_parties: tuple[ForwardedParty, ...] = ()
    places: tuple[ForwardedPlace, ...] = ()
    last_day: date | None = None
    cause: EndCause | None = None


def check_route(route: ForwardRoute) -> Refusal | None:
    """Refuse to tell the own town, a name that is none, and letters that are not counted from one.

    Law: none, own definition.
    """
    name = route.forward_id
    if not (0 < len(name) <= ID_CHARACTERS and name.isascii() and name.isprintable()) or route.sequence < 1:
        return Refusal(Reason.ITEM_MALFORMED, _ARTICLE, "forward_id")
    if route.sender == route.receiver:
        return Refusal(Reason.OTHER_MUNICIPALITY, _ARTICLE, "to_municipality")
    return None


def notice_for(
    measure: ProtectionMeasure,
    people: Mapping[int, ResidentRecord],
    town: MunicipalityCode,
    told_on: date,
) -> ForwardedNotice:
    """Say of a measure what one town needs: of addresses its own alone, of other parties who they are.

    Law: 住民基本台帳事務処理要領 第6の10; own definition.
    """
    if measure.end is not None:
        return ForwardedNotice(
            ForwardStanding.ENDED, told_on, measure.ground, measure.applied_on, cause=measure.end.cause
        )
    standing = ForwardStanding.PROVISIONAL if measure.last_day is None else ForwardStanding.IN_FORCE
    order = (measure.applicant, *measure.companions)
    return ForwardedNotice(
        standing,
        told_on,
        measure.ground,
        measure.applied_on,
        people=tuple(_person(people[one], one == measure.applicant) for one in order if one in people),
        other_parties=tuple(
            ForwardedParty(one.name, one.furigana, one.birth_date) for one in measure.other_parties
        ),
        places=tuple(
            dict.fromkeys(
                ForwardedPlace(one.role, one.text) for one in measure.addresses if one.municipality == town
            )
        ),
        last_day=measure.last_day,
    )


def _person(record: ResidentRecord, applicant: bool) -> ForwardedPerson:
    return ForwardedPerson(record.name.kanji, record.name.furigana or "", record.birth_date, applicant)


def check_notice(notice: ForwardedNotice, on: date) -> Refusal | None:
    """Refuse what no town would have written: of a day to come, without people or other party, or too long.

    Law: 住民基本台帳事務処理要領 第6の10; lengths are own definition.
    """
    if notice.told_on > on or notice.applied_on > notice.told_on:
        return Refusal(Reason.DATE_IN_FUTURE, _ARTICLE, "told_on")
    ended = notice.standing is ForwardStanding.ENDED
    if ended is (notice.cause is None):
        return Refusal(Reason.FIELD_MISSING if ended else Reason.ITEM_FORBIDDEN, _ARTICLE, "cause")
    if ended:
        more = notice.people or notice.other_parties or notice.places or notice.last_day
        return Refusal(Reason.ITEM_FORBIDDEN, _ARTICLE, "people") if more else None
    return _check_term(notice) or _check_many(notice) or _check_texts(notice)


def _check_term(notice: ForwardedNotice) -> Refusal | None:
    in_force = notice.standing is ForwardStanding.IN_FORCE
    if in_force is (notice.last_day is None):
        return Refusal(Reason.FIELD_MISSING if in_force else Reason.ITEM_FORBIDDEN, _ARTICLE, "last_day")
    if notice.last_day is not None and notice.last_day < notice.applied_on:
        return Refusal(Reason.DATE_ORDER, _ARTICLE, "last_day")
    if notice.last_day is not None and notice.last_day > _furthest(notice.told_on):
        return Refusal(Reason.DATE_IN_FUTURE, _ARTICLE, "last_day")
    return None


def _furthest(told_on: date) -> date:
    """Give a day which no renewal reaches that was made until another one: a month is allowed for their lengths."""
    renewable_days = _LONGEST_MONTH_DAYS * (PROTECTION_TERM.renewable_months + 1)
    return last_day_of_years(told_on + timedelta(days=renewable_days), PROTECTION_TERM.years)


def _check_many(notice: ForwardedNotice) -> Refusal | None:
    for field, how_many, most in (
        ("people", len(notice.people), MOST_PEOPLE),
        ("other_parties", len(notice.other_parties), MOST_PARTIES),
        ("places", len(notice.places), MOST_PLACES),
    ):
        if how_many == 0:
            return Refusal(Reason.FIELD_MISSING, _ARTICLE, field)
        if how_many > most:
            return Refusal(Reason.FIELD_TOO_LONG, _ARTICLE, field)
    return None


def _check_texts(notice: ForwardedNotice) -> Refusal | None:
    names = [
        (field, text)
        for field, people in (("people", notice.people), ("other_parties", notice.other_parties))
        for one in people
        for text in (one.name, one.furigana or one.name)
    ]
    places = [("places", one.text) for one in notice.places]
    for found, limit in ((names, MAX_NAME_CHARACTERS), (places, PLACE_CHARACTERS)):
        for field, text in found:
            if not text.strip(" 　"):
                return Refusal(Reason.FIELD_MISSING, _ARTICLE, field)
            if len(text) > limit:
                return Refusal(Reason.FIELD_TOO_LONG, _ARTICLE, field)
            if not can_be_shown(text, PLACE_CHARACTERS):
                return Refusal(Reason.FIELD_CONTROL_CHARACTER, _ARTICLE, field)
    return None


def meant_for_certain(
    person: ForwardedPerson, namesakes: Iterable[ResidentRecord], places: Iterable[ForwardedPlace]
) -> ResidentRecord | None:
    """Find the one person of a register who is meant: the only one of that name born on that day, or the only one of
    these at a place that is told. Where it may be another one nobody is found, and an officer looks.

    `namesakes` bear the name when folded, whenever they were born. How a town writes a place does not decide alone:
    it is asked of several only.

    Law: 住民基本台帳事務処理要領 第6の10; own definition.
    """
    if person.birth_date.whole is None:
        return None
    found = [one for one in namesakes if one.birth_date == person.birth_date]
    if len(found) > 1:
        told = tuple(places)
        found = [one for one in found if any(is_of(place, one) for place in told)]
    return found[0] if len(found) == 1 else None


def is_of(place: ForwardedPlace, record: ResidentRecord) -> bool:
    """Tell whether a place that was told is somebody's home, or registered domicile.

    Law: none, own definition.
    """
    if place.role is AddressRole.DOMICILE:
        return kanji_key(place.text) == kanji_key(record.registered_domicile or "")
    return names_home_of(place.text, record)


def measure_from(
    notice: ForwardedNotice, route: ForwardRoute, people: tuple[int, ...], on: date
) -> ProtectionMeasure:
    """Make a measure of the own town of what another one forwards; provisional until an officer takes it up.

    Law: 住民基本台帳事務処理要領 第6の10
    """
    return ProtectionMeasure(
        number="",
        ground=notice.ground,
        applicant=people[0],
        companions=people[1:],
        other_parties=_parties(notice),
        addresses=_addresses(notice, route.receiver),
        # At midnight the other town's day may have begun a moment before this one's.
        applied_on=min(notice.applied_on, on),
        received_from=route.sender,
    )


def taken_up(
    measure: ProtectionMeasure, notice: ForwardedNotice, route: ForwardRoute, people: Iterable[int]
) -> ProtectionMeasure:
    """Bring a measure to what the forwarding town says: more people, names and places, a later end; never less.

    The first of `people` is the applicant. The other town's word is the opinion on which it rests.

    Law: 住民基本台帳事務処理要領 第6の10
    """
    everybody = tuple(dict.fromkeys((*people, measure.applicant, *measure.companions)))
    told = replace(
        measure,
        applicant=everybody[0],
        companions=everybody[1:],
        other_parties=tuple(dict.fromkeys((*measure.other_parties, *_parties(notice)))),
        addresses=tuple(dict.fromkeys((*measure.addresses, *_addresses(notice, route.receiver)))),
    )
    if notice.last_day is None or (measure.last_day is not None and measure.last_day >= notice.last_day):
        return told
    opinion = Opinion(ConsultedBody.MUNICIPALITY, notice.told_on, confirms=True)
    return replace(told, last_day=notice.last_day, opinions=(*measure.opinions, opinion))


def _parties(notice: ForwardedNotice) -> tuple[OtherParty, ...]:
    return tuple(OtherParty(one.name, one.furigana, one.birth_date) for one in notice.other_parties)


def _addresses(notice: ForwardedNotice, town: MunicipalityCode) -> tuple[ProtectedAddress, ...]:
    return tuple(ProtectedAddress(one.role, town, one.text) for one in notice.places)


def with_address(measure: ProtectionMeasure, address: ProtectedAddress) -> ProtectionMeasure | Refusal:
    """Name another address that is to be protected: where somebody moved to, or one of whoever came along.

    Law: 住民基本台帳事務処理要領 第6の10
    """
    if measure.end is not None:
        return Refusal(Reason.PROTECTION_ENDED, _ARTICLE, "number")
    if not address.text.strip(" 　"):
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, "address-text")
    if address in measure.addresses or len(measure.addresses) >= MOST_PLACES:
        return Refusal(Reason.NOTHING_CHANGES, _ARTICLE, "address-text")
    return replace(measure, addresses=(*measure.addresses, address))


def check_taking_up(
    notice: ForwardedNotice, measure: ProtectionMeasure | None, people: frozenset[int]
) -> Refusal | None:
    """Refuse to take up what has ended, for nobody, or for others than the measure that holds already.

    Whoever is protected provisionally since the letter came is let go by the word of two people, and not by another choice.

    Law: 住民基本台帳事務処理要領 第6の10; own definition.
    """
    if notice.standing is ForwardStanding.ENDED:
        return Refusal(Reason.PROTECTION_ENDED, _ARTICLE, "number")
    if not people:
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, "people")
    if measure is not None and not measure.people <= people:
        return Refusal(Reason.PROTECTION_STANDS, _ARTICLE, "people")
    return None


def check_answer(answer: ForwardAnswer, standing: ForwardStanding, *, stands: bool) -> Refusal | None:
    """Refuse an answer that does not fit: that nobody is here while a measure `stands`, or that an end was seen of none.

    Law: none, own definition.
    """
    ended = standing is ForwardStanding.ENDED
    if answer is ForwardAnswer.TAKEN_UP or ended is not (answer is ForwardAnswer.NOTED):
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, _ARTICLE, "answer")
    if stands and not ended:
        return Refusal(Reason.PROTECTION_STANDS, _ARTICLE, "answer")
    return None
