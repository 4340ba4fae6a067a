"""Fields that several notices share: who hands it in, a person who comes, an address, who heads those who stay."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum

from daicho.faces.terminal.forms import Form, half_width
from daicho.faces.terminal.page import Turn
from daicho.faces.wording.fields import Mistake
from daicho.rules.people.addresses import Address, is_postal_code
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.names import FormerSurname, MalformedName, PersonName
from daicho.rules.people.sex import Sex
from daicho.rules.register.arrival import ArrivingPerson
from daicho.rules.register.reception import Authority, Channel, Document, Notifier, Reception
from daicho.rules.register.record import ForeignItems, HouseholdRelation, ResidentKind, ResidentRecord
from daicho.rules.register.residence_change import PERIOD_CHARACTERS, is_card_number

PEOPLE_AT_ONCE = 12
NOTIFIER_CHARACTERS = 100
# As in the extract: together no more than what the identification information holds of an address.
TOWN_CHARACTERS, BLOCK_CHARACTERS, BUILDING_CHARACTERS = 100, 60, 100
RELATIONSHIPS = (
    "世帯主",
    "夫",
    "妻",
    "夫（未届）",
    "妻（未届）",
    "子",
    "父",
    "母",
    "子の子",
    "妻の子",
    "兄",
    "姉",
    "弟",
    "妹",
    "同居人",
)


def spaced(name: str) -> str:
    """Put one full-width space between surname and given name, however it was typed."""
    return "　".join(part for part in name.replace(" ", "　").split("　") if part)


def read_name(form: Form, prefix: str) -> PersonName | None:
    """Read kanji, reading, roman name and alias of one person."""
    kanji = spaced(form.text(f"{prefix}kanji", required=True))
    furigana = spaced(form.text(f"{prefix}furigana"))
    if not kanji:
        return None
    try:
        return PersonName(
            kanji=kanji,
            furigana=furigana or None,
            furigana_confirmed=form.ticked(f"{prefix}confirmed"),
            roman=form.text(f"{prefix}roman") or None,
            alias=form.text(f"{prefix}alias") or None,
        )
    except MalformedName as wrong:
        at_reading = str(wrong).startswith("furigana")
        form.mistake(f"{prefix}{'furigana' if at_reading else 'kanji'}", _mistake(at_reading=at_reading))
        return None


def name_as_fields(name: PersonName) -> dict[str, str]:
    """Write a name into the fields of a form that amends it."""
    former = name.former_surname
    return {
        "n-kanji": name.kanji,
        "n-furigana": name.furigana or "",
        "n-confirmed": "yes" if name.furigana_confirmed else "",
        "n-roman": name.roman or "",
        "n-alias": name.alias or "",
        "former": former.kanji if former else "",
        "former_furigana": (former.furigana or "") if former else "",
    }


def with_former(form: Form, name: PersonName | None) -> PersonName | None:
    """Read the former surname and put it beside a name."""
    kanji = form.text("former")
    if name is None or not kanji:
        return name
    try:
        former = FormerSurname(kanji, form.text("former_furigana") or None)
    except MalformedName:
        form.mistake("former", Mistake.NOT_A_NAME)
        return None
    return replace(name, former_surname=former)


def _mistake(*, at_reading: bool) -> Mistake:
    return Mistake.NOT_KANA if at_reading else Mistake.NOT_A_NAME


def read_person(form: Form, prefix: str, *, code: bool) -> ArrivingPerson | None:
    """Read one person who comes into the register."""
    name = read_name(form, prefix)
    birth = form.written_day(f"{prefix}birth", required=True)
    sex = form.member(f"{prefix}sex", Sex, required=True)
    relationship = form.text(f"{prefix}relationship", required=True)
    kind = form.member(f"{prefix}kind", ResidentKind) or ResidentKind.JAPANESE
    known = form.resident_code(f"{prefix}code") if code else None
    foreign = read_foreign(form, prefix) if kind is ResidentKind.FOREIGN else None
    if name is None or birth is None or sex is None or not relationship:
        return None
    return ArrivingPerson(
        name=name,
        birth_date=birth.folded,
        birth_written=birth.kept,
        sex=sex,
        relationship=relationship,
        resident_kind=kind,
        resident_record_code=known,
        registered_domicile=form.text(f"{prefix}domicile") or None,
        family_register_head=spaced(form.text(f"{prefix}head")) or None,
        foreign=foreign,
    )


def read_foreign(form: Form, prefix: str) -> ForeignItems | None:
    """Read what only a foreign resident's record holds."""
    since = form.day(f"{prefix}since", required=True)
    nationality = form.text(f"{prefix}nationality", required=True)
    category = form.text(f"{prefix}category", required=True)
    card = read_card(form, f"{prefix}card")
    if since is None:
        return None
    return ForeignItems(
        since=since,
        nationality=nationality,
        category=category,
        residence_card_number=card or None,
        residence_status=form.text(f"{prefix}status") or None,
        residence_period=form.text(f"{prefix}period", limit=PERIOD_CHARACTERS) or None,
        residence_expires_on=form.day(f"{prefix}expires"),
    )


def read_card(form: Form, name: str) -> str:
    """Read the number of a residence card or of a special permanent resident's certificate; "" where there is none."""
    text = half_width(form.text(name)).replace(" ", "").replace("-", "").upper()
    if text and not is_card_number(text):
        form.mistake(name, Mistake.NOT_A_CARD_NUMBER)
        return ""
    return text


def people_shown(form: Form) -> int:
    """Tell how many people the form has room for, after the buttons that add and take away."""
    text = form.raw("people")
    count = int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 1
    if form.raw("step") == "add":
        count += 1
    if form.raw("step") == "remove":
        count -= 1
    return max(1, min(count, PEOPLE_AT_ONCE))


def read_people(form: Form, *, code: bool) -> tuple[ArrivingPerson, ...]:
    """Read everybody whom the form has room for."""
    read = [read_person(form, f"p{place}-", code=code) for place in range(1, people_shown(form) + 1)]
    return tuple(person for person in read if person is not None)


def home_of(turn: Turn) -> MunicipalityCode:
    """Name the municipality of this terminal.

    Raises: LookupError where there is none; the table of pages serves these pages only where there is one.
    """
    if turn.info.home is None:
        raise LookupError("this node has no municipality")
    return turn.info.home


def read_postal_code(form: Form, *, required: bool = False) -> str:
    """Read a postal code as it is usually typed; what is none is noted at the form."""
    postal = half_width(form.text("postal", required=required)).replace("-", "").replace("〒", "")
    if postal and not is_postal_code(postal):
        form.mistake("postal", Mistake.NOT_A_POSTAL_CODE)
        return ""
    return postal


def read_address(form: Form, home: MunicipalityCode) -> Address | None:
    """Read an address of this town."""
    town = form.text("town", required=True, limit=TOWN_CHARACTERS)
    block = form.text("block", required=True, limit=BLOCK_CHARACTERS)
    building = form.text("building", limit=BUILDING_CHARACTERS)
    postal = read_postal_code(form)
    if not town or not block or "postal" in form.errors:
        return None
    try:
        return Address(home, town, block, building, postal)
    except ValueError:
        form.mistake("town", Mistake.NOT_A_NAME)
        return None


def read_days(form: Form, moved: str, today: date) -> tuple[date, date] | None:
    """Read the day of the change and the day of the notice, which is today when left empty."""
    on = form.day(moved, required=True)
    notified = form.day("notified_on") or today
    return None if on is None else (on, notified)


def read_written_days(form: Form, name: str, today: date) -> tuple[date, str | None, date] | None:
    """Read a day in any form of the register, as the day that counts and the words beside it, and that of the notice."""
    told = form.written_day(name, required=True)
    notified = form.day("notified_on") or today
    return None if told is None else (told.counted(notified), told.beside_day, notified)


def read_chosen(form: Form, members: Iterable[ResidentRecord]) -> tuple[int, ...]:
    """Read which members of the household were ticked."""
    numbers = tuple(one.addressee_number for one in members if form.ticked(f"who-{one.addressee_number}"))
    if not numbers:
        form.mistake("who", Mistake.NOBODY_CHOSEN)
    return numbers


def read_relations(
    form: Form, members: Iterable[ResidentRecord], *, prefix: str = "relation"
) -> tuple[HouseholdRelation, ...]:
    """Read the relationships that were told."""
    told = ((one.addressee_number, form.text(f"{prefix}-{one.addressee_number}")) for one in members)
    return tuple(HouseholdRelation(number, words) for number, words in told if words)


def read_successor(form: Form, members: Iterable[ResidentRecord]) -> int | None:
    """Read who heads those who stay."""
    text = form.one_of("successor", tuple(str(one.addressee_number) for one in members))
    return int(text) if text else None


RECEPTION_CHOICES: Mapping[str, tuple[StrEnum, ...]] = {
    "notifiers": tuple(Notifier),
    "documents": tuple(Document),
    "authorities": tuple(Authority),
    "channels": tuple(Channel),
}


def read_card_expiry(form: Form, *, shown: bool) -> date | None:
    """Read until when a number card stands by its face, where one was shown."""
    return form.day("card_expires_on", required=True) if shown else None


def read_reception(form: Form) -> Reception | None:
    """Read how a notice was received; nothing when nobody is named as having handed it in."""
    notifier = form.member("notifier", Notifier)
    channel = form.member("channel", Channel) or Channel.COUNTER
    authority = form.member("authority", Authority)
    name = form.text("notifier_name", limit=NOTIFIER_CHARACTERS)
    if notifier is None:
        return None
    return Reception(
        notifier=notifier,
        documents=tuple(one for one in Document if form.ticked(f"document-{one.value}")),
        name=name,
        questions_answered=form.ticked("questions_answered"),
        authority=authority,
        channel=channel,
        card_expires_on=read_card_expiry(form, shown=form.ticked(f"document-{Document.NUMBER_CARD.value}")),
    )
