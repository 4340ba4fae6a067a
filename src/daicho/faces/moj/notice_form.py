"""The form of one notice: the items of its kind, read into the notice, refused beside their fields."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from daicho.faces.moj.visit import Visit
from daicho.faces.terminal.forms import UNREADABLE_STATUS, Form, half_width
from daicho.faces.terminal.page import Answer, Go, Show
from daicho.faces.terminal.show import typed
from daicho.faces.wording.fields import LABELS
from daicho.faces.wording.ministry import (
    NOTICE_HINTS,
    STAND_IN,
    WRONG_BIRTH_DATE,
    WRONG_NUMBER_TOO,
    WRONG_WITHOUT_NUMBER,
)
from daicho.faces.wording.refusals import explain
from daicho.nodes.moj.book import NO_NAME_YET
from daicho.nodes.moj.knowing import KnownPerson
from daicho.rules.law.refusal import Refusal
from daicho.rules.moj_link.notice import MojChange, MojItems, MojNotice, MojPerson, items_for
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.sex import Sex

_FIELDS = {"happened_on": "moj_happened_on", "notified_on": "moj_notified_on"}


class Mistaken(StrEnum):
    """What a notice tells wrongly of its person, so that something waits at the town for a person."""

    BIRTH_DATE = "birth_date"
    NOBODY = "nobody"


_WITH_CARD = (
    (Mistaken.BIRTH_DATE.value, WRONG_BIRTH_DATE),
    (Mistaken.NOBODY.value, WRONG_NUMBER_TOO),
)
_WITHOUT_CARD = ((Mistaken.NOBODY.value, WRONG_WITHOUT_NUMBER),)


def _mistakes_of(person: MojPerson) -> tuple[tuple[str, str], ...]:
    """Offer what can be told wrongly: no birth date that is unknown in part; without a card nobody is found by another one."""
    if person.birth_date.whole is None:
        return ()
    return _WITH_CARD if person.card_number else _WITHOUT_CARD


def put_refusal(form: Form, refusal: Refusal, names: Mapping[str, str] | None = None) -> None:
    """Put a refusal beside its field or above the form, in the words of whoever plays the Ministry where there are some."""
    words = STAND_IN.get((refusal.reason, refusal.field))
    if words is None:
        form.refuse(refusal, names)
        return
    told = replace(explain(refusal), happened=words.happened, now=words.now, article="")
    name = (names or {}).get(refusal.field, "")
    form.put(told, name if name in form.files else "form")


def person(visit: Visit) -> Answer | None:
    """Show one person and the kinds of notice; show the form of a kind, and note what was sent."""
    found = visit.book.person(visit.number("key"))
    if found is None:
        return None
    form = visit.form
    kind = form.member("change", MojChange) if visit.posted else _asked(visit)
    if visit.posted and kind is not None:
        done = _noted(visit, found, kind)
        if done is not None:
            return done
    if not visit.posted and kind is not None:
        today = typed(visit.book.today)
        form.given = {"moj_happened_on": today, "moj_notified_on": today}
    values = {
        "form": form,
        "known": found,
        "town": visit.book.title_of(found.municipality),
        "kinds": tuple(MojChange),
        "kind": kind,
        "items": [
            (f"new_{name}", LABELS[f"new_{name}"], needed, NOTICE_HINTS.get(name, ""))
            for name, needed in (items_for(kind) if kind is not None else ())
        ],
        "sexes": (Sex.MALE, Sex.FEMALE),
        "mistakes": _mistakes_of(found.person),
    }
    return Show("moj/person.html", values, 200 if form.fine else UNREADABLE_STATUS)


def _asked(visit: Visit) -> MojChange | None:
    return next((one for one in MojChange if one.value == visit.query.get("kind")), None)


def _noted(visit: Visit, known: KnownPerson, kind: MojChange) -> Go | None:
    form = visit.form
    happened = form.day("moj_happened_on", required=True)
    notified = form.day("moj_notified_on", required=True)
    items = _items(form, kind)
    mistake = form.one_of("moj_mistake", tuple(key for key, _ in _mistakes_of(known.person)))
    if happened is None or notified is None or not form.fine:
        return None
    notice = MojNotice(NO_NAME_YET, kind, happened, notified, _mistaken(known.person, mistake), items)
    refusal = visit.book.note(notice, known.key)
    if refusal is not None:
        put_refusal(form, refusal, _FIELDS)
        return None
    return Go(f"/towns/{known.municipality}", "moj_noted")


def _items(form: Form, kind: MojChange) -> MojItems:
    told: dict[str, Any] = {}
    for name, needed in items_for(kind):
        field = f"new_{name}"
        if name == "ends_on":
            told[name] = form.day(field, required=needed)
        elif name == "birth_date":
            told[name] = form.partial_day(field, required=needed)
        elif name == "sex":
            told[name] = form.member(field, Sex, required=needed)
        else:
            text = form.text(field, required=needed)
            told[name] = half_width(text).upper() if name in ("roman", "card_number") else text
    return MojItems(**told)


def _mistaken(told: MojPerson, mistake: str) -> MojPerson:
    born = told.birth_date.whole
    if not mistake or born is None:
        return told
    wrong = replace(told, birth_date=PartialDate.of(born + timedelta(days=1)))
    if mistake == Mistaken.NOBODY and told.card_number:
        front, digits, end = told.card_number[:2], told.card_number[2:10], told.card_number[10:]
        wrong = replace(wrong, card_number=f"{front}{(int(digits) + 1) % 10**8:08}{end}")
    return wrong
