"""What a kind of paper has: title, layout, fixed words, and for letters columns, questions and a seal."""

from dataclasses import dataclass
from enum import StrEnum

from daicho.rules.certificates.content import CertificateItem


class Layout(StrEnum):
    """How a kind of paper is laid out."""

    HOUSEHOLD = "HOUSEHOLD"  # several people on a page, under one head
    PERSONAL = "PERSONAL"  # a page for each person
    LETTER = "LETTER"  # to one person, as a letter
    SEAL = "SEAL"  # an imprint beside the person
    CORRESPONDENCE = "CORRESPONDENCE"  # on plain paper, to somebody or for everybody to read
    STATEMENT = "STATEMENT"  # what is certified of one person, item by item
    NUMBER_NOTICE = "NUMBER_NOTICE"  # a number told to its person, and the form by which a card is asked for


@dataclass(frozen=True, slots=True)
class Question:
    """One question of an answer sheet: its words, boxes to tick, lines to write on."""

    words: str
    boxes: tuple[str, ...] = ()
    lines: int = 0


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of paper: title, layout, opening words of a letter, words of certification, notes."""

    title: str
    layout: Layout
    opening: str = ""
    words: str = ""
    notes: tuple[str, ...] = ()
    # Items shown once in the head when they are the same for everybody.
    head: tuple[CertificateItem, ...] = ()
    # The item that a letter is about, in large digits.
    subject: CertificateItem | None = None
    # The columns of a letter's table; the title and the questions of the sheet on which it is answered.
    columns: tuple[str, ...] = ()
    answer: str = ""
    questions: tuple[Question, ...] = ()
    # Whether the office's seal stands on it, whether it comes back to the mayor, and until when it asks.
    sealed: bool = True
    to_the_mayor: bool = False
    due_label: str = ""
