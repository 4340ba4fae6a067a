"""The papers of a case of the register's upkeep: which it may have, what stands on each, what its sending means.

Reminder 催告書, inquiry 照会書, notice of an ex officio change 職権記載等通知書, public notice 公示文.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from daicho.rules.certificates.content import (
    CertificateContent,
    CertificateKind,
    LetterFacts,
    LetterPlace,
    PrintedPerson,
)
from daicho.rules.correspondence.addressing import names_of, registered_place, stated_place, written_to
from daicho.rules.law.article import Article, juki, juki_order
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.people.dates import era_text
from daicho.rules.register.reasons import ChangeKind
from daicho.rules.register.record import ResidentRecord
from daicho.rules.upkeep.acts import CaseAct
from daicho.rules.upkeep.case import (
    CaseKind,
    CaseStep,
    Inquiry,
    Reminder,
    Telling,
    TellingWay,
    UpkeepCase,
)
from daicho.rules.upkeep.steps import STEPS, owes_telling

WITHHELD_PLACE = "（省略）"
_K = CertificateKind
CASE_PAPERS = (
    _K.PERSON_INQUIRY, _K.ARRIVAL_INQUIRY, _K.REMINDER, _K.EX_OFFICIO_NOTICE, _K.PUBLIC_NOTICE,
)  # fmt: skip
_TELLINGS = frozenset((_K.EX_OFFICIO_NOTICE, _K.PUBLIC_NOTICE))
_WITH_DAY = frozenset((_K.REMINDER, _K.PERSON_INQUIRY, _K.ARRIVAL_INQUIRY))
_STEP_OF = {
    _K.PERSON_INQUIRY: CaseStep.ASKED,
    _K.ARRIVAL_INQUIRY: CaseStep.ASKED,
    _K.REMINDER: CaseStep.REMINDED,
    _K.EX_OFFICIO_NOTICE: CaseStep.TOLD,
    _K.PUBLIC_NOTICE: CaseStep.TOLD,
}
_BASES: dict[CertificateKind, Article] = {
    _K.REMINDER: juki("14"),
    _K.PERSON_INQUIRY: juki("34"),
    _K.ARRIVAL_INQUIRY: juki("14"),
    _K.EX_OFFICIO_NOTICE: juki_order("12"),
    _K.PUBLIC_NOTICE: juki_order("12"),
}
_DONE = {
    ChangeKind.EX_OFFICIO_ENTRY: "職権による記載",
    ChangeKind.EX_OFFICIO_STRIKE: "職権による消除",
    ChangeKind.RESTORATION: "職権による回復",
}
_AMENDED = "職権による記載の修正"


class NoticeDuty(StrEnum):
    """Which notice somebody owes.  届出義務の別

    Law: 住民基本台帳法 第22条–第25条, 第30条の46–第30条の48
    """

    MOVE_IN = "MOVE_IN"  # 転入届
    MOVE_WITHIN = "MOVE_WITHIN"  # 転居届
    MOVE_OUT = "MOVE_OUT"  # 転出届
    HOUSEHOLD_CHANGE = "HOUSEHOLD_CHANGE"  # 世帯変更届
    FOREIGN_MOVE_IN = "FOREIGN_MOVE_IN"  # 中長期在留者等の転入の届出
    FOREIGN_BECAME = "FOREIGN_BECAME"  # 中長期在留者等となった届出
    FOREIGN_RELATIONSHIP = "FOREIGN_RELATIONSHIP"  # 世帯主との続柄の変更の届出


_DUTIES = {
    NoticeDuty.MOVE_IN: ("転入届", "第22条"),
    NoticeDuty.MOVE_WITHIN: ("転居届", "第23条"),
    NoticeDuty.MOVE_OUT: ("転出届", "第24条"),
    NoticeDuty.HOUSEHOLD_CHANGE: ("世帯変更届", "第25条"),
    NoticeDuty.FOREIGN_MOVE_IN: ("住所を定めた届出", "第30条の46"),
    NoticeDuty.FOREIGN_BECAME: ("中長期在留者等となった届出", "第30条の47"),
    NoticeDuty.FOREIGN_RELATIONSHIP: ("世帯主との続柄の変更の届出", "第30条の48"),
}


@dataclass(frozen=True, slots=True)
class CasePaper:
    """What a clerk wants written in a case; `people` are of one household, `entries` are the changes that are told.  文書の作成

    `address` is stated where a letter goes elsewhere than to the registered one; `asked_body` is another town's.
    """

    kind: CertificateKind
    people: tuple[int, ...]
    due_on: date | None = None
    duty: NoticeDuty | None = None
    words: str = ""
    address: str = ""
    care_of: str = ""
    entries: tuple[str, ...] = ()
    asked_body: str = ""
    asked_municipality: MunicipalityCode | None = None


@dataclass(frozen=True, slots=True)
class ToldChange:
    """A change that stands and is told of: what it was, of which day, of whom.  通知する異動"""

    entry_id: str
    kind: ChangeKind
    change_date: date
    subjects: tuple[int, ...]


def basis_of_paper(kind: CertificateKind) -> Article:
    """Name the article under which a paper of a case is written.

    Law: 住民基本台帳法 第14条, 第34条; 住民基本台帳法施行令 第12条第4項
    """
    return _BASES[kind]


def papers_of_case(case: UpkeepCase, *, to_tell: bool) -> tuple[CertificateKind, ...]:
    """List what can be written in a case now; nothing once it ended, or while nobody of the register is named.

    `to_tell` says that a change stands of which somebody can be told.

    Law: 住民基本台帳法 第14条第1項; 住民基本台帳法施行令 第12条第4項
    """
    if case.end is not None or not case.people:
        return ()
    telling = to_tell and owes_telling(case)
    return tuple(
        kind
        for kind in CASE_PAPERS
        if _STEP_OF[kind] in STEPS[case.kind]
        and (kind not in _TELLINGS or telling)
        and (kind is not _K.ARRIVAL_INQUIRY or case.kind is CaseKind.MISSING_ARRIVAL)
    )


def check_case_paper(case: UpkeepCase, wanted: CasePaper, on: date, *, to_tell: bool) -> Refusal | None:
    """Refuse a paper that does not fit the case, names others than its people, or asks for nothing.

    Law: 住民基本台帳法 第14条第1項; 住民基本台帳法施行令 第12条第4項
    """
    article = _BASES.get(wanted.kind, juki("14"))
    if wanted.kind not in papers_of_case(case, to_tell=to_tell):
        return Refusal(Reason.STEP_NOT_FITTING, article, "paper")
    if not wanted.people:
        return Refusal(Reason.FIELD_MISSING, article, "people")
    if not set(wanted.people) <= set(case.people):
        return Refusal(Reason.FIELD_UNKNOWN_VALUE, article, "people")
    if wanted.kind in _WITH_DAY and (wanted.due_on is None or wanted.due_on <= on):
        return Refusal(Reason.DATE_ORDER, article, "due_on")
    if wanted.kind is _K.REMINDER and wanted.duty is None:
        return Refusal(Reason.FIELD_MISSING, article, "duty")
    if wanted.kind is _K.ARRIVAL_INQUIRY:
        missing = next(
            (name for name in ("asked_body", "address") if not getattr(wanted, name).strip()), None
        )
        if missing is not None:
            return Refusal(Reason.FIELD_MISSING, article, missing)
    if wanted.kind is _K.PUBLIC_NOTICE and not wanted.words.strip():
        return Refusal(Reason.FIELD_MISSING, article, "paper_words")
    if wanted.kind in _TELLINGS and not wanted.entries:
        return Refusal(Reason.FIELD_MISSING, article, "entries")
    return None


def case_paper(
    wanted: CasePaper,
    people: Sequence[ResidentRecord],
    household: Sequence[ResidentRecord],
    told: Sequence[ToldChange],
    *,
    town: str,
    on: date,
    ends_on: date | None = None,
    kept_back: Collection[int] = (),
) -> CertificateContent | Refusal:
    """Write a paper of a case about some people of one household, or a public notice about anybody of the case.

    A public notice names no place of whom it is kept back, whoever prints it; `ends_on` is its last day.

    Law: 住民基本台帳法 第14条第1項, 第34条; 住民基本台帳法施行令 第12条第4項; 住民基本台帳事務処理要領 第6の10
    """
    entries = [one for one in told if one.entry_id in wanted.entries]
    if wanted.kind in _TELLINGS and {one.entry_id for one in entries} != set(wanted.entries):
        return Refusal(Reason.ENTRY_NOT_FITTING, _BASES[wanted.kind], "entries")
    on_it = {one.addressee_number for one in people}
    if wanted.kind is _K.EX_OFFICIO_NOTICE and any(on_it.isdisjoint(one.subjects) for one in entries):
        return Refusal(Reason.ENTRY_NOT_FITTING, _BASES[wanted.kind], "entries")
    first = people[0]
    public = wanted.kind is _K.PUBLIC_NOTICE
    place = None if public else _place(wanted, people, household, town, on)
    if place is None and not public:
        return Refusal(Reason.NOT_LIVING, _BASES[wanted.kind], "people")
    facts = LetterFacts(
        place,
        _rows(wanted, people, town, ends_on),
        era_text(wanted.due_on) if wanted.due_on is not None else "",
        wanted.words.strip(),
        _table(wanted, people, entries, town, kept_back),
    )
    return CertificateContent(
        wanted.kind,
        "" if public else f"{town}{first.current_address.one_line()}",
        None,
        tuple(PrintedPerson(one.name.kanji, "", ()) for one in people),
        facts,
    )


def _place(
    wanted: CasePaper,
    people: Sequence[ResidentRecord],
    household: Sequence[ResidentRecord],
    town: str,
    on: date,
) -> LetterPlace | None:
    if wanted.kind is _K.ARRIVAL_INQUIRY:
        return stated_place(wanted.address, wanted.asked_body, body=True)
    to = written_to(people, household, on)
    if to is None:
        return None
    if wanted.address.strip():
        return stated_place(wanted.address, to.name.kanji, wanted.care_of.strip())
    return registered_place(to, town)


def _rows(
    wanted: CasePaper, people: Sequence[ResidentRecord], town: str, ends_on: date | None
) -> tuple[tuple[str, str], ...]:
    if wanted.kind is _K.PUBLIC_NOTICE:
        rows = [("公示の理由", wanted.words.strip())]
        return (*rows, ("公示の期間", f"{era_text(ends_on)}まで")) if ends_on is not None else tuple(rows)
    who = ("対象の方", names_of(people))
    home = ("住民票の住所", f"{town}{people[0].current_address.one_line()}")
    if wanted.kind is _K.REMINDER and wanted.duty is not None:
        word, article = _DUTIES[wanted.duty]
        return (who, home, ("必要な届出", f"{word}（住民基本台帳法{article}）"))
    return (who, home) if wanted.kind is _K.PERSON_INQUIRY else ()


def _table(
    wanted: CasePaper,
    people: Sequence[ResidentRecord],
    told: Sequence[ToldChange],
    town: str,
    kept_back: Collection[int],
) -> tuple[tuple[str, ...], ...]:
    if wanted.kind is _K.ARRIVAL_INQUIRY:
        return tuple(
            (one.name.kanji, era_text(one.birth_date), one.move_out_to_address or "", _left(one))
            for one in people
        )
    known = {one.addressee_number: one for one in people}
    lines = [
        (known[whose], _DONE.get(one.kind, _AMENDED), era_text(one.change_date))
        for one in told
        for whose in one.subjects
        if whose in known
    ]
    if wanted.kind is _K.PUBLIC_NOTICE:
        return tuple((one.name.kanji, _told_place(one, town, kept_back), *rest) for one, *rest in lines)
    return tuple((one.name.kanji, *rest) for one, *rest in lines)


def _left(record: ResidentRecord) -> str:
    return era_text(record.removal.removed_on) if record.removal is not None else ""


def _told_place(record: ResidentRecord, town: str, kept_back: Collection[int]) -> str:
    if record.addressee_number in kept_back:
        return WITHHELD_PLACE
    return f"{town}{record.current_address.one_line()}"


def told_by_sending(
    wanted: CasePaper, sent_before: Iterable[CasePaper], subjects: Mapping[str, Collection[int]]
) -> tuple[str, ...]:
    """Name the changes that are told once a notice is sent: everybody whom a change concerns is on a letter that went out.

    `subjects` are the people of each change as far as the case is about them. A public notice tells all at once.

    Law: 住民基本台帳法施行令 第12条第4項
    """
    if wanted.kind is not _K.EX_OFFICIO_NOTICE:
        return wanted.entries
    sent = (wanted, *(one for one in sent_before if one.kind is wanted.kind))
    return tuple(
        entry
        for entry in wanted.entries
        if set(subjects.get(entry, ()))
        <= {whose for one in sent if entry in one.entries for whose in one.people}
    )


def act_of_sending(wanted: CasePaper, sent_on: date, to: str, ends_on: date | None = None) -> CaseAct:
    """Give what was done in a case by sending a paper of it, or by making it public.

    An inquiry goes to `to`, a person or a body, and is answered until the day that stands on it.

    Law: 住民基本台帳法 第14条第1項; 住民基本台帳法施行令 第12条第4項
    """
    due_on = wanted.due_on or sent_on
    if wanted.kind is _K.REMINDER:
        word = _DUTIES[wanted.duty][0] if wanted.duty is not None else ""
        return Reminder(sent_on, due_on, f"{word}の催告書　{to}")
    if wanted.kind in (_K.PERSON_INQUIRY, _K.ARRIVAL_INQUIRY):
        question = "居住の状況" if wanted.kind is _K.PERSON_INQUIRY else "転入の有無"
        return Inquiry(to, wanted.asked_municipality, sent_on, due_on, wanted.words.strip() or question)
    way = TellingWay.PUBLIC_NOTICE if wanted.kind is _K.PUBLIC_NOTICE else TellingWay.NOTICE
    return Telling(way, sent_on, wanted.entries, ends_on, wanted.words.strip())
