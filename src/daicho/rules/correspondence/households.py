"""Papers to many households: the sheet of a survey 実態調査票, and what tells of a changed name 住居表示等変更のお知らせ."""

from collections.abc import Sequence
from datetime import date

from daicho.rules.areas.plan import AreaKind, AreaPlan
from daicho.rules.certificates.content import CertificateContent, CertificateKind, LetterFacts, PrintedPerson
from daicho.rules.correspondence.addressing import registered_place, written_to
from daicho.rules.people.dates import era_text
from daicho.rules.people.sex import Sex
from daicho.rules.register.changes import Entry
from daicho.rules.register.record import ResidentRecord

_SEXES = {Sex.MALE: "男", Sex.FEMALE: "女", Sex.UNKNOWN: ""}
_TO_TICK = "□"
_KINDS = {
    AreaKind.RESIDENCE_INDICATION: "住居表示の実施",
    AreaKind.INDICATION_CHANGED: "住居表示の変更",
    AreaKind.TOWN_RENAMED: "町名の変更",
    AreaKind.LAND_READJUSTED: "土地区画整理事業による町名地番の変更",
    AreaKind.MUNICIPALITY_CHANGED: "町名の変更",
}


def survey_sheet(people: Sequence[ResidentRecord], number: str, town: str) -> CertificateContent:
    """Write the sheet that surveyors carry to one household: who is registered there, with a box for each.

    Law: 住民基本台帳法 第34条第3項, 第4項; the sheet is own definition.
    """
    home = f"{town}{people[0].current_address.one_line()}"
    table = tuple(
        (one.name.kanji, era_text(one.birth_date), _SEXES[one.sex], one.relationship, _TO_TICK)
        for one in people
    )
    facts = LetterFacts(rows=(("調査の番号", number), ("住　所", home)), table=table)
    return _content(CertificateKind.SURVEY_SHEET, people, home, facts)


def renamed_notice(
    people: Sequence[ResidentRecord], entry: Entry, plan: AreaPlan, town: str, on: date
) -> CertificateContent | None:
    """Tell one household that its address is called otherwise; nothing when the entry names none of them.

    Law: 住民基本台帳法施行令 第12条; 住居表示に関する法律 第3条; the letter is own definition.
    """
    rows = renaming_rows(entry, people, _KINDS[plan.kind], town)
    if rows is None:
        return None
    to = written_to(people, people, on)
    if to is None:
        return None
    table = tuple((one.name.kanji, era_text(one.birth_date)) for one in people)
    place = registered_place(to, town)
    facts = LetterFacts(place, rows, table=table)
    return _content(CertificateKind.RENAMED_NOTICE, people, rows[1][1], facts)


def renamed_certificate(record: ResidentRecord, entry: Entry, town: str) -> CertificateContent | None:
    """Certify to one person how the address was called before a change of names, and how since.

    Law: none; given without a fee by custom, own definition.
    """
    rows = renaming_rows(entry, [record], entry.words.partition("（")[0], town)
    if rows is None:
        return None
    return _content(CertificateKind.RENAMED_CERTIFICATE, [record], rows[1][1], LetterFacts(rows=rows))


def renamings_of_home(record: ResidentRecord, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Give the changes by which a person's present address got its name, the newest first.

    What was turned back leads to no address of today, and a home of before is not certified.

    Law: none, own definition.
    """
    home, found = record.current_address, list[Entry]()
    for entry in reversed(entries):
        for before, after in entry.pairs():
            mine = after.addressee_number == record.addressee_number and before is not None
            if mine and after.current_address == home and before is not None:
                home = before.current_address
                found.append(entry)
    return tuple(found)


def renaming_rows(
    entry: Entry, people: Sequence[ResidentRecord], cause: str, town: str
) -> tuple[tuple[str, str], ...] | None:
    """Say how an address was called before and since, from which day and by what; of the first of some people.

    Law: 住民基本台帳法施行令 第12条; own definition.
    """
    wanted = {one.addressee_number for one in people}
    for before, after in entry.pairs():
        if before is not None and after.addressee_number in wanted:
            return (
                ("変更前の住所", f"{town}{before.current_address.one_line()}"),
                ("変更後の住所", f"{town}{after.current_address.one_line()}"),
                ("変更の年月日", era_text(entry.change_date)),
                ("変更の理由", cause),
            )
    return None


def _content(
    kind: CertificateKind, people: Sequence[ResidentRecord], address: str, facts: LetterFacts
) -> CertificateContent:
    return CertificateContent(
        kind, address, None, tuple(PrintedPerson(one.name.kanji, "", ()) for one in people), facts
    )
