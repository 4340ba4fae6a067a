"""The Ministry of Justice of the demonstration: it reads what a town tells it, and tells the town of some of those people."""

import string
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from daicho.rules.moj_link.files import (
    MojFileFault,
    MojFileHead,
    MojFileKind,
    read_municipal_file,
    write_moj_file,
)
from daicho.rules.moj_link.municipal import MunicipalAct
from daicho.rules.moj_link.notice import MojChange, MojItems, MojNotice, MojPerson, check_moj_notice
from daicho.rules.moj_link.persons import person_to_tell_of
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.dates import PartialDate

NOTICES_MOST = 20
USUAL_SEED = "daicho"
_YEARS = (1, 3, 5)
# One of each round is told with a wrong birth date, so that something waits for a person.
_ROUND = (MojChange.STATUS, MojChange.CARD, MojChange.NAME, MojChange.STATUS)


@dataclass(frozen=True, slots=True)
class MinistryReply:
    """What the Ministry made of a town's file: whose it was, how many notices of each kind, and its own file for that town."""

    municipality: MunicipalityCode
    serial: int
    told: dict[MunicipalAct, int]
    notices: int
    content: bytes


def reply_to(
    content: bytes, *, serial: int, day: date, seed: str
) -> MinistryReply | tuple[MojFileFault, ...]:
    """Read a town's file as the Ministry does, and write notices about some of the people in it; the same seed, the same file."""
    head, told, faults = read_municipal_file(content)
    if head is None or faults:
        return faults
    draw = Random(f"{seed} {head.municipality} {serial}")
    notices: list[MojNotice] = []
    for one in told:
        person = person_to_tell_of(one)
        if person is None or len(notices) == NOTICES_MOST:
            continue
        notice = _notice(person, len(notices), serial, day, draw)
        if check_moj_notice(notice) is None:
            notices.append(notice)
    made = MojFileHead(MojFileKind.MOJ_NOTICE, head.municipality, serial, day, len(notices))
    counted = {act: sum(one.act is act for one in told) for act in MunicipalAct}
    return MinistryReply(head.municipality, head.serial, counted, len(notices), write_moj_file(made, notices))


def _notice(person: MojPerson, place: int, serial: int, day: date, draw: Random) -> MojNotice:
    change = _ROUND[place % len(_ROUND)]
    card = _card(draw)
    if change is MojChange.STATUS:
        years = draw.choice(_YEARS)
        ends = day + timedelta(days=365 * years)
        items = MojItems(status="定住者", period=f"{years}年", ends_on=ends, card_number=card)
    elif change is MojChange.CARD:
        items = MojItems(card_number=card)
    else:
        items = MojItems(roman=f"{person.roman} JR" if person.roman else "", kanji=person.kanji)
    if place % len(_ROUND) == len(_ROUND) - 1:
        person = _mistaken(person)
    return MojNotice(f"DEMO-{serial:06}-{place + 1:03}", change, day, day, person, items)


def _card(draw: Random) -> str:
    letters = "".join(draw.choices(string.ascii_uppercase, k=4))
    return f"{letters[:2]}{draw.randrange(10**8):08d}{letters[2:]}"


def _mistaken(person: MojPerson) -> MojPerson:
    born = person.birth_date.whole
    if born is None:
        return person
    other = PartialDate.of(born + timedelta(days=1))
    return MojPerson(person.card_number, person.roman, person.kanji, other, person.sex, person.nationality)
