"""Records, changes, measures, cases, seals, affairs, areas as the database keeps them: canonical bytes, search columns."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from daicho.rules.areas.plan import AreaPlan
from daicho.rules.areas.table import AreaLine
from daicho.rules.certificates.mailed import MailedRequest
from daicho.rules.correspondence.kept import KeptLetter
from daicho.rules.deferral.affair import DeferredAffair
from daicho.rules.destination.stated import StatedDestination
from daicho.rules.figures.districts import district_written
from daicho.rules.figures.published import PublishedTable
from daicho.rules.filings.report import FilingReport
from daicho.rules.people.characters.own import TownCharacter, with_counterparts
from daicho.rules.people.kana import kanji_key, search_key
from daicho.rules.protection.forwarding import ForwardedNotice
from daicho.rules.protection.measure import ProtectionMeasure
from daicho.rules.register.changes import Entry
from daicho.rules.register.numbering import NumberChange
from daicho.rules.register.processing import ProcessingStop
from daicho.rules.register.record import ResidentRecord
from daicho.rules.seals.registration import SealRegistration, SealRequest
from daicho.rules.supplements.mismatch import RegisterMismatch
from daicho.rules.supplements.notice import AddressSupplementNotice
from daicho.rules.upkeep.case import UpkeepCase
from daicho.rules.upkeep.regular import SurveyScope
from daicho.store.register import ResidentRow
from daicho.store.seals import RegistrationRow
from daicho.wire.codecs.letters import decode, encode

_NO_COUNTERPARTS: Mapping[str, str] = MappingProxyType({})
_place_key = lru_cache(maxsize=4_096)(kanji_key)  # a household shares one address


def record_body(record: ResidentRecord) -> str:
    """Write a record as text; the same record gives the same text."""
    return encode(record).decode()


def read_record(body: str) -> ResidentRecord:
    """Read a record as it was kept.

    Raises: Unreadable when the database holds something else.
    """
    return decode(ResidentRecord, body.encode(), our_own=True)


def entry_body(entry: Entry) -> str:
    """Write a whole change as text, before and after."""
    return encode(entry).decode()


def read_entry(body: str) -> Entry:
    """Read a change as it was kept.

    Raises: Unreadable when the database holds something else.
    """
    return decode(Entry, body.encode(), our_own=True)


def measure_body(measure: ProtectionMeasure) -> str:
    """Write a protection measure as text."""
    return encode(measure).decode()


def read_measure(body: str) -> ProtectionMeasure:
    """Read a protection measure as it was kept.

    Raises: Unreadable when the database holds something else.
    """
    return decode(ProtectionMeasure, body.encode(), our_own=True)


def case_body(case: UpkeepCase) -> str:
    """Write a case of the register's upkeep as text."""
    return encode(case).decode()


def read_case(body: str) -> UpkeepCase:
    """Read a case as it was kept.

    Raises: Unreadable when the database holds something else.
    """
    return decode(UpkeepCase, body.encode(), our_own=True)


def letter_body(letter: KeptLetter) -> str:
    """Write a letter as text."""
    return encode(letter).decode()


def read_letter(body: str) -> KeptLetter:
    """Read a letter as it was kept. Raises: Unreadable."""
    return decode(KeptLetter, body.encode(), our_own=True)


def scope_body(scope: SurveyScope) -> str:
    """Write of whom a survey is as text."""
    return encode(scope).decode()


def read_scope(body: str) -> SurveyScope:
    """Read of whom a survey is as it was kept. Raises: Unreadable."""
    return decode(SurveyScope, body.encode(), our_own=True)


def character_body(entry: TownCharacter) -> str:
    """Write a character of the town as text."""
    return encode(entry).decode()


def read_own_character(body: str) -> TownCharacter:
    """Read a character of the town as it was kept.

    Raises: Unreadable when the database holds something else.
    """
    return decode(TownCharacter, body.encode(), our_own=True)


def registration_row(registration: SealRegistration, version: int) -> RegistrationRow:
    """Put the registration of a seal beside the columns by which it is found."""
    return RegistrationRow(
        number=registration.number,
        addressee_number=registration.addressee_number,
        card_number=registration.card_number,
        version=version,
        open=registration.end is None,
        card_waits=registration.card_waits,
        to_tell=registration.to_tell,
        image_id=registration.impression.image_id,
        body=encode(registration).decode(),
    )


def read_registration(body: str) -> SealRegistration:
    """Read the registration of a seal as it was kept. Raises: Unreadable."""
    return decode(SealRegistration, body.encode(), our_own=True)


def request_body(request: SealRequest) -> str:
    """Write what is asked about a seal as text."""
    return encode(request).decode()


def read_request(body: str) -> SealRequest:
    """Read what is asked about a seal as it was kept. Raises: Unreadable."""
    return decode(SealRequest, body.encode(), our_own=True)


def affair_body(affair: DeferredAffair) -> str:
    """Write an affair that was put off as text."""
    return encode(affair).decode()


def read_affair(body: str) -> DeferredAffair:
    """Read an affair as it was kept.

    Raises: Unreadable when the database holds something else.
    """
    return decode(DeferredAffair, body.encode(), our_own=True)


def area_body(plan: AreaPlan) -> str:
    """Write the plan of a change of names as text."""
    return encode(plan).decode()


def read_area(body: str) -> AreaPlan:
    """Read the plan of a change of names as it was kept.

    Raises: Unreadable when the database holds something else.
    """
    return decode(AreaPlan, body.encode(), our_own=True)


def area_line_body(line: AreaLine) -> str:
    """Write one line of a table of old and new places as text."""
    return encode(line).decode()


def read_area_line(body: str) -> AreaLine:
    """Read one line of such a table as it was kept.

    Raises: Unreadable when the database holds something else.
    """
    return decode(AreaLine, body.encode(), our_own=True)


def filing_body(report: FilingReport) -> str:
    """Write what one town tells another of a filing as text."""
    return encode(report).decode()


def read_filing_report(body: str) -> FilingReport:
    """Read such a report as it was kept. Raises: Unreadable."""
    return decode(FilingReport, body.encode(), our_own=True)


def mailed_body(one: MailedRequest) -> str:
    """Write a request that came by post as text."""
    return encode(one).decode()


def read_mailed(body: str) -> MailedRequest:
    """Read such a request as it was kept. Raises: Unreadable."""
    return decode(MailedRequest, body.encode(), our_own=True)


def forwarded_body(notice: ForwardedNotice) -> str:
    """Write what another town tells of a measure as text."""
    return encode(notice).decode()


def read_forwarded(body: str) -> ForwardedNotice:
    """Read it as it was kept. Raises: Unreadable."""
    return decode(ForwardedNotice, body.encode(), our_own=True)


def number_change_body(asked: NumberChange) -> str:
    """Write a request for another individual number as text; no number stands in it."""
    return encode(asked).decode()


def read_number_change(body: str) -> NumberChange:
    """Read such a request as it was kept. Raises: Unreadable."""
    return decode(NumberChange, body.encode(), our_own=True)


def stop_body(stop: ProcessingStop) -> str:
    """Write a stop of certificates or changes as text."""
    return encode(stop).decode()


def read_stop(body: str) -> ProcessingStop:
    """Read a stop as it was kept. Raises: Unreadable."""
    return decode(ProcessingStop, body.encode(), our_own=True)


def resident_row(
    record: ResidentRecord, version: int, counterparts: Mapping[str, str] = _NO_COUNTERPARTS
) -> ResidentRow:
    """Put a record beside the columns by which it is found and counted.

    Own characters are found by the `counterparts` that two people gave them.
    """
    home = record.current_address
    name, place, roof = record.name.kanji, home.one_line(), home.town + home.block
    if counterparts:
        name, place, roof = (with_counterparts(text, counterparts) for text in (name, place, roof))
    plan = record.scheduled_move_out
    return ResidentRow(
        addressee_number=record.addressee_number,
        version=version,
        code=record.resident_record_code,
        household_number=record.household_number,
        living=record.living,
        householder=record.is_householder,
        kana=search_key(record.name.furigana or record.name.roman or ""),
        kanji=kanji_key(name),
        birth=str(record.birth_date),
        address=_place_key(place),
        roof=_place_key(roof),
        due_on=plan.scheduled_on if plan is not None and record.living else None,
        body=record_body(record),
        resident_kind=record.resident_kind.value,
        sex=record.sex.value,
        district=district_written(home.town, home.block),
        closed_on=record.removal.struck_on if record.removal is not None else None,
    )


def supplement_body(notice: AddressSupplementNotice) -> str:
    """Write a notice of the address supplement as text."""
    return encode(notice).decode()


def read_supplement(body: str) -> AddressSupplementNotice:
    """Read a notice as it was kept. Raises: Unreadable."""
    return decode(AddressSupplementNotice, body.encode(), our_own=True)


def mismatch_body(mismatch: RegisterMismatch) -> str:
    """Write what does not agree with a family register as text."""
    return encode(mismatch).decode()


def read_register_mismatch(body: str) -> RegisterMismatch:
    """Read it as it was kept. Raises: Unreadable."""
    return decode(RegisterMismatch, body.encode(), our_own=True)


def stated_body(stated: StatedDestination) -> str:
    """Write to where somebody stated that notices go as text."""
    return encode(stated).decode()


def read_stated(body: str) -> StatedDestination:
    """Read to where somebody stated that notices go as it was kept. Raises: Unreadable."""
    return decode(StatedDestination, body.encode(), our_own=True)


def published_body(table: PublishedTable) -> str:
    """Write a table of districts that is given out as text."""
    return encode(table).decode()


def read_published(body: str) -> PublishedTable:
    """Read such a table as it was kept. Raises: Unreadable."""
    return decode(PublishedTable, body.encode(), our_own=True)
