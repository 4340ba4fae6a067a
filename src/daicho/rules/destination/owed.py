"""Whose change makes a notice of the individual number owed, and by which order it goes once more.  通知すべき個人番号"""

from daicho.rules.destination.record import PrintKind
from daicho.rules.law.article import bango
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.law.words import WORDS_CHARACTERS
from daicho.rules.people.names import can_be_shown
from daicho.rules.programmes.item import says_individual_number
from daicho.rules.register.changes import Entry
from daicho.rules.register.numbering import NUMBER_CHANGES
from daicho.rules.register.reasons import ChangeKind, ChangeReason
from daicho.rules.register.record import ResidentRecord

_ARTICLE = bango("7")


def owed_notice(
    entry: Entry, *, code_allotted_here: bool, asked_here: bool
) -> tuple[ResidentRecord, PrintKind] | None:
    """Tell of whom a verified change makes a notice owed; of nobody whose number another town has told.

    A number is the first one where the code from which it was made was allotted here (`code_allotted_here`), whoever came
    from where: nobody who had a number has such a code. It is another one where it was asked for here (`asked_here`).

    Law: 番号法 第7条第1項, 第2項; how a first number is known by is own definition.
    """
    if entry.kind is not ChangeKind.NUMBER_CHANGE or len(entry.after) != 1:
        return None
    (record,) = entry.after
    if entry.reason in NUMBER_CHANGES:
        return (record, PrintKind.CHANGED) if asked_here else None
    first = entry.reason is ChangeReason.NUMBER_ENTERED and code_allotted_here
    return (record, PrintKind.FIRST) if first else None


def check_order(record: ResidentRecord | None, words: str, *, has_number: bool) -> Refusal | None:
    """Refuse to send a notice once more to nobody who lives here, without a number, or without saying why.

    Law: 番号法 第7条第1項; own definition.
    """
    if record is None:
        return Refusal(Reason.NOT_FOUND, _ARTICLE, "addressee_number")
    if not record.living:
        return Refusal(Reason.ALREADY_REMOVED, _ARTICLE, "addressee_number")
    if record.resident_record_code is None or not has_number:
        return Refusal(Reason.NUMBER_NOT_RECORDED, _ARTICLE, "individual_number")
    if not words.strip():
        return Refusal(Reason.FIELD_MISSING, _ARTICLE, "words")
    if len(words) > WORDS_CHARACTERS:
        return Refusal(Reason.FIELD_TOO_LONG, _ARTICLE, "words")
    if not can_be_shown(words, WORDS_CHARACTERS):
        return Refusal(Reason.FIELD_CONTROL_CHARACTER, _ARTICLE, "words")
    if says_individual_number(words):
        return Refusal(Reason.INDIVIDUAL_NUMBER_NOT_USED, bango("9"), "words")
    return None
