# ruff: noqa: ARG002  (desks in memory take what the protocols give them)
"""A whole terminal over desks that live in memory; the register's own rules draft every change."""

import dataclasses
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from daicho.faces.desks.pages import pages_for
from daicho.faces.terminal.app import terminal_app
from daicho.faces.terminal.desk import (
    Choice,
    Desks,
    Disclosed,
    Done,
    HistoryLine,
    Info,
    OperationLine,
    PendingEntry,
    PeopleFound,
    PointInTime,
    ResidentFile,
    ResidentsFound,
    ReturnedLetter,
    Seat,
    SeenPerson,
    Sighting,
    Why,
    WhyChoices,
)
from daicho.faces.terminal.listener import TerminalListener, loopback_socket
from daicho.faces.terminal.node_standing import Connections, NodeStanding, WaitingIn, WaitingOut, Warned
from daicho.faces.wording.purposes import REGISTRY_BASES, REGISTRY_PURPOSES
from daicho.gate.demo_authenticator import DemoAuthenticator
from daicho.gate.passkey import Place
from daicho.nodes.clock import JAPAN, Clock
from daicho.nodes.office.desk import Office, OfficeFact, Person
from daicho.nodes.office.operators import enrol, enrol_demo_credential
from daicho.nodes.office.queues import Queue
from daicho.nodes.registry.statistics import AgeCell, Balance, Population
from daicho.nodes.watch.connections import allowed_callees, allowed_callers
from daicho.nodes.watch.health import Health
from daicho.nodes.watch.standing import Worry
from daicho.rules.hall.access import HallClient, HallScope
from daicho.rules.hall.offices import HallOffice
from daicho.rules.identity.search import SearchTerms, check_terms
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.network.kinds import Member, NodeKind, NodeName
from daicho.rules.operators.authority import Operator, Permission, Role, may, may_verify
from daicho.rules.people.addresses import Address
from daicho.rules.people.codes import MunicipalityCode, ResidentRecordCode, with_check_digit
from daicho.rules.people.dates import PartialDate
from daicho.rules.people.kana import kanji_key, search_key
from daicho.rules.people.names import PersonName
from daicho.rules.people.sex import Sex
from daicho.rules.register.changes import Allotment, Desk
from daicho.rules.register.drafting import Notice, draft, needed, received
from daicho.rules.register.lookup import ResidentTerms, check_resident_terms
from daicho.rules.register.reasons import ChangeKind
from daicho.rules.register.reception import Reception
from daicho.rules.register.record import AddressReason, ResidentKind, ResidentRecord
from daicho.rules.register.statistics import (
    ChangeCount,
    CountedBy,
    CountedSpan,
    HouseholdCount,
    Movement,
    MovementCell,
    PopulationCell,
    RegisterCount,
)
from daicho.store.standing import LedgerStanding
from daicho.store.unit import Store, Unit

HOME = MunicipalityCode("13101")
TODAY = date(2026, 11, 20)
FOREIGN = ResidentKind.FOREIGN
CHROMIUM = "/usr/bin/chromium"
AXE = Path(__file__).parents[3] / "vendor" / "axe-core" / "axe.min.js"
OPERATORS = (
    Person(Operator("A1001", "MADO-1", (Role.CLERK,)), "佐々木　智子", "住民課"),
    Person(Operator("A1002", "SHINSA-1", (Role.CLERK, Role.VERIFIER)), "大野　健", "住民課"),
    Person(Operator("A1003", "SHINSA-1", (Role.VERIFIER,)), "葛城　真由美", "住民課"),
    Person(Operator("S4001", "SHIEN-1", (Role.PROTECTION_OFFICER,)), "支倉　望", "住民課"),
    Person(Operator("S4002", "SHIEN-2", (Role.PROTECTION_OFFICER, Role.VERIFIER)), "支倉　翼", "住民課"),
    Person(Operator("K3001", "KANRI-1", (Role.ADMINISTRATOR,)), "管野　進", "情報政策課"),
    Person(Operator("P2001", "RYOKEN-1", (Role.PASSPORT_CLERK,)), "渡邉　昭", "旅券課"),
)

_PEOPLE = (
    # number, household, kanji, reading, birth, sex, relationship, head, town, block
    (
        101,
        11,
        "渡邉󠄂　和子",
        "ワタナベ　カズコ",
        "1970-03-10",
        "FEMALE",
        "世帯主",
        "渡邉󠄂　和子",
        "丸の内一丁目",
        "2番3号",
    ),
    (
        102,
        11,
        "渡邉󠄂　蒼",
        "ワタナベ　アオイ",
        "2004-07-07",
        "MALE",
        "子",
        "渡邉󠄂　和子",
        "丸の内一丁目",
        "2番3号",
    ),
    (
        103,
        11,
        "渡邉󠄂　凜",
        "ワタナベ　リン",
        "2009-01-18",
        "FEMALE",
        "子",
        "渡邉󠄂　和子",
        "丸の内一丁目",
        "2番3号",
    ),
    (
        111,
        12,
        "渡部　髙志",
        "ワタナベ　タカシ",
        "1983-11-23",
        "MALE",
        "世帯主",
        "渡部　髙志",
        "丸の内二丁目",
        "4番1号",
    ),
    (
        112,
        12,
        "渡部　美咲",
        "ワタナベ　ミサキ",
        "1985-02-02",
        "FEMALE",
        "妻",
        "渡部　髙志",
        "丸の内二丁目",
        "4番1号",
    ),
    (
        121,
        13,
        "渡辺　一郎",
        "ワタナベ　イチロウ",
        "1952-01-08",
        "MALE",
        "世帯主",
        "渡辺　一郎",
        "丸の内三丁目",
        "8番3号",
    ),
    (
        131,
        14,
        "綿鍋　祁一",
        "ワタナベ　キイチ",
        "1925-12-03",
        "MALE",
        "世帯主",
        "綿鍋　祁一",
        "丸の内一丁目",
        "9番地",
    ),
    (
        141,
        15,
        "葛󠄂城　𠮷次",
        "カツラギ　ヨシツグ",
        "1948-05-00",
        "MALE",
        "世帯主",
        "葛󠄂城　𠮷次",
        "九段南一丁目",
        "2番1号",
    ),
)


def code(number: int) -> ResidentRecordCode:
    """Make the code of one test person."""
    return ResidentRecordCode(with_check_digit(f"{number * 7_654_321 % 10**10:010d}"))


def _record(row: tuple[Any, ...]) -> ResidentRecord:
    number, household, kanji, reading, birth, sex, relationship, head, town, block = row
    return ResidentRecord(
        addressee_number=number,
        resident_record_code=code(number),
        household_number=household,
        name=PersonName(kanji, reading, furigana_confirmed=number != 141),
        birth_date=PartialDate.parse(birth),
        sex=Sex(sex),
        relationship=relationship,
        householder_name=head,
        resident_kind=ResidentKind.JAPANESE,
        resident_since=date(2000, 4, 1),
        resident_since_notified_on=date(2000, 4, 3),
        address_reason=AddressReason.MOVE_IN,
        current_address=Address(
            HOME, town, block, "丸の内中央住宅506号室" if household == 11 else "", "1000005"
        ),
        address_since=date(2012, 4, 1),
        address_since_notified_on=date(2012, 4, 2),
        update_sequence=3,
        previous_address="奈良県葛城市柿本166番地",
        registered_domicile="奈良県葛󠄂城市柿本166番地",
        family_register_head=head,
    )


class MemoryRegistry:
    """A register in memory."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.records = {row[0]: _record(row) for row in _PEOPLE}
        self.waiting: dict[str, PendingEntry] = {}
        self.looks: list[tuple[str, int, Why]] = []
        self.numbers = iter(range(900, 1000))

    def why_choices(self) -> WhyChoices:
        return WhyChoices(
            tuple(Choice(*one) for one in REGISTRY_PURPOSES), tuple(Choice(*one) for one in REGISTRY_BASES)
        )

    def search(self, who: Seat, terms: ResidentTerms, why: Why) -> ResidentsFound | Refusal:
        refusal = check_resident_terms(terms)
        if refusal is not None:
            return refusal
        rows = sorted(
            (one for one in self.records.values() if self._fits(one, terms)),
            key=lambda one: one.name.kana_key,
        )
        return ResidentsFound(tuple(rows[:50]), terms.address.startswith("神田") or len(rows) > 50)

    def _fits(self, record: ResidentRecord, terms: ResidentTerms) -> bool:
        return (
            (terms.code is None or record.resident_record_code == terms.code)
            and (terms.household_number is None or record.household_number == terms.household_number)
            and record.name.kana_key.startswith(search_key(terms.kana))
            and kanji_key(record.name.kanji).startswith(kanji_key(terms.kanji))
            and kanji_key(record.current_address.one_line()).startswith(kanji_key(terms.address))
            and (terms.birth_date is None or str(record.birth_date).startswith(terms.birth_date.search_key()))
        )

    def resident(self, who: Seat, addressee_number: int, why: Why) -> ResidentFile | Refusal:
        record = self.records.get(addressee_number)
        if record is None:
            return Refusal(Reason.NOT_FOUND, juki("7"))
        self.looks.append((who.operator.login_id, addressee_number, why))
        household = tuple(
            one for one in self.records.values() if one.household_number == record.household_number
        )
        old = replace(
            record, current_address=replace(record.current_address, town="紀尾井町", block="4番1号")
        )
        history = (
            HistoryLine(
                "e2",
                ChangeKind.MOVE_WITHIN,
                date(2012, 4, 1),
                date(2012, 4, 2),
                "A1001",
                "A1002",
                record,
                datetime(2012, 4, 2, 3, 0, 0, tzinfo=UTC),
            ),
            HistoryLine(
                "e1",
                ChangeKind.MOVE_IN,
                date(2000, 4, 1),
                date(2000, 4, 3),
                "A1001",
                "A1002",
                old,
                datetime(2000, 4, 3, 3, 0, 0, tzinfo=UTC),
            ),
        )
        at = datetime(2026, 11, 18, 0, 12, 5, tzinfo=UTC)
        sightings = (
            Sighting(
                at, "日本年金機構", "NENKIN-3", "年金受給権者の現況の確認", "法別表第一 77の9", "granted"
            ),
            Sighting(
                at - timedelta(days=9), "東京都 旅券課", "RYOKEN-1", "旅券の発給", "法別表第五 6", "granted"
            ),
            Sighting(
                at - timedelta(days=30),
                "千代田区 住民課",
                "MADO-1",
                "住民票の写し等の交付",
                "法12条",
                "shown",
            ),
        )
        waiting = tuple(
            key
            for key, one in self.waiting.items()
            if any(r.addressee_number == addressee_number for r in one.entry.after)
        )
        warnings = (
            ("支援措置対象者です。交付の前に責任者の承認が必要です。",) if addressee_number == 112 else ()
        )
        return ResidentFile(record, household, history, sightings, 1, waiting, warnings)

    def as_of(
        self, who: Seat, addressee_number: int, point: PointInTime, why: Why
    ) -> ResidentRecord | Refusal:
        if point.on < date(2000, 4, 1) or (point.known_on or TODAY) < date(2000, 4, 1):
            return Refusal(Reason.NOT_FOUND, juki("7"), "change_date")
        return self.records[addressee_number]

    def reveal_code(self, who: Seat, addressee_number: int, why: Why) -> ResidentRecordCode | Refusal:
        self.looks.append((who.operator.login_id, addressee_number, Why("code", why.basis)))
        return self.records[addressee_number].resident_record_code or Refusal(Reason.NOT_FOUND, juki("7"))

    def preview(self, who: Seat, notice: Notice, reception: Reception | None) -> Any:
        current = tuple(self.records.values())
        need = needed(notice, current)
        allotment = Allotment(
            tuple(next(self.numbers) for _ in range(need.addressee_numbers)),
            tuple(next(self.numbers) for _ in range(need.household_numbers)),
            tuple(code(next(self.numbers)) for _ in range(need.codes)),
        )
        entry = draft(notice, current, TODAY, Desk(HOME, frozenset(), allotment))
        return entry if isinstance(entry, Refusal) else received(entry, reception)

    def enter(self, who: Seat, notice: Notice, reception: Reception | None) -> Done | Refusal:
        refusal = may(who.operator, Permission.ENTER_CHANGE)
        entry = refusal or self.preview(who, notice, reception)
        if isinstance(entry, Refusal):
            return entry
        key = f"20261120-{len(self.waiting) + 1:04d}"
        name = next(one.display_name for one in OPERATORS if one.operator == who.operator)
        self.waiting[key] = PendingEntry(key, entry, who.operator.login_id, name, self.now())
        return Done(key)

    def enter_from(
        self, who: Seat, notice: Notice, reception: Reception | None, affair: tuple[str, str]
    ) -> Done | Refusal:
        return self.enter(who, notice, reception)

    def pending(self, who: Seat) -> tuple[PendingEntry, ...] | Refusal:
        return tuple(self.waiting.values())

    def pending_entry(self, who: Seat, entry_id: str) -> PendingEntry | Refusal:
        return self.waiting.get(entry_id) or Refusal(Reason.NOT_PENDING, juki("8"))

    def verify(self, who: Seat, entry_id: str) -> Done | Refusal:
        one = self.waiting[entry_id]
        refusal = may_verify(one.entered_by, who.operator.login_id)
        if refusal is not None:
            return refusal
        self.records.update({record.addressee_number: record for record in one.entry.after})
        del self.waiting[entry_id]
        return Done(entry_id)

    def reject(self, who: Seat, entry_id: str, why: str) -> Done | Refusal:
        del self.waiting[entry_id]
        return Done(entry_id)


class MemoryLookUp:
    """Identification information in memory."""

    def __init__(self, registry: MemoryRegistry, *, code_shown: bool, both: bool) -> None:
        self.registry, self.code_shown, self.both = registry, code_shown, both
        self.numbers_asked: list[str] = []

    def why_choices(self) -> WhyChoices:
        if self.code_shown:
            return WhyChoices(
                (Choice("c1", "住民基本台帳の事務"), Choice("c2", "住民票の写しの広域交付")),
                (Choice("30-10-1-4", "法第30条の10 第1項第4号"), Choice("12-4", "法第12条の4（広域交付）")),
            )
        return WhyChoices(
            (Choice("p1", "旅券の発給（新規）"), Choice("p2", "旅券の記載事項の訂正")),
            (Choice("5-6", "法第30条の15・別表第五 6の項（旅券法）"),),
        )

    def scopes(self) -> tuple[Choice, ...]:
        own = Choice("own", "このサーバの記録")
        return (own, Choice("nation", "全国サーバ")) if self.both else (own,)

    def search(self, who: Seat, terms: SearchTerms, why: Why, scope: str) -> PeopleFound | Refusal:
        refusal = check_terms(terms)
        if refusal is not None:
            return refusal
        kana = search_key(terms.name.kana) if terms.name else ""
        kanji = kanji_key(terms.name.kanji) if terms.name else ""
        rows = [
            self._seen(one)
            for one in self.registry.records.values()
            if one.name.kana_key.startswith(kana) and kanji_key(one.name.kanji).startswith(kanji)
        ]
        return PeopleFound(tuple(rows), narrow=False, basis_words=self.why_choices().bases[0].words)

    def _seen(self, record: ResidentRecord) -> SeenPerson:
        digits = str(record.resident_record_code)
        return SeenPerson(
            ref=digits,
            name_kanji=record.name.kanji,
            name_furigana=record.name.furigana,
            birth_date=record.birth_date,
            sex=record.sex,
            municipality="東京都千代田区",
            address=record.current_address.one_line(),
            living=record.living,
            foreign=record.foreign is not None,
            code_may_be_shown=self.code_shown,
            code_tail=digits[-4:] if self.code_shown else "",
            change_words="転居" if self.code_shown else "",
            change_date=date(2012, 4, 1) if self.code_shown else None,
            basis_words=self.why_choices().bases[0].words,
        )

    def record(self, who: Seat, ref: str, why: Why) -> SeenPerson | Refusal:
        return next(
            (self._seen(one) for one in self.registry.records.values() if one.resident_record_code == ref),
            Refusal(Reason.NOT_FOUND, juki("7")),
        )

    def reveal_code(self, who: Seat, ref: str, why: Why) -> ResidentRecordCode | Refusal:
        return ResidentRecordCode(ref) if self.code_shown else Refusal(Reason.NOT_PERMITTED, juki("30-15"))


class MemoryQueues:
    """Returned letters in memory."""

    def __init__(self, registry: MemoryRegistry) -> None:
        self.registry = registry
        at = datetime(2026, 11, 19, 23, 41, tzinfo=UTC)
        refusal = Refusal(Reason.CHANGED_SINCE, juki("30-6"))
        facts = (("異動の種類", "転居"), ("更新順番号", "4"), ("送信の日時", "R8.11.20 08:40:58"))
        self.letters = {
            "L1": ReturnedLetter(
                "L1", "東京都サーバ", "渡部　髙志", "本人確認情報の通知", refusal, at, facts=facts
            ),
            "L2": ReturnedLetter(
                "L2", "東京都サーバ", "渡辺　一郎", "本人確認情報の通知", refusal, at, on_hold=True
            ),
        }

    def counts(self, who: Seat) -> dict[Queue, int]:
        roles = who.operator.roles
        found: dict[Queue, int] = {}
        if Role.VERIFIER in roles:
            found[Queue.UNVERIFIED] = len(self.registry.waiting)
        if Role.CLERK in roles:
            found[Queue.REFUSED_LETTERS] = sum(not one.on_hold for one in self.letters.values())
            found[Queue.ON_HOLD] = sum(one.on_hold for one in self.letters.values())
        return found

    def returned(self, who: Seat, *, on_hold: bool) -> tuple[ReturnedLetter, ...] | Refusal:
        return tuple(one for one in self.letters.values() if one.on_hold is on_hold)

    def returned_letter(self, who: Seat, letter_id: str) -> ReturnedLetter | Refusal:
        return self.letters.get(letter_id) or Refusal(Reason.NOT_FOUND, juki("30-6"))

    def resolve(self, who: Seat, letter_id: str, note: str) -> Done | Refusal:
        del self.letters[letter_id]
        return Done(letter_id)

    def hold(self, who: Seat, letter_id: str, note: str) -> Done | Refusal:
        self.letters[letter_id] = replace(self.letters[letter_id], on_hold=True)
        return Done(letter_id)


class MemoryHistory:
    """An operator's own lines in memory."""

    def own(self, who: Seat, first: date, last: date) -> tuple[tuple[OperationLine, ...], bool] | Refusal:
        at = datetime(2026, 11, 20, 0, 58, 3, tzinfo=UTC)
        if not first <= TODAY <= last:
            return (), False
        shown = Event.RESIDENT_SHOWN.value
        return (
            OperationLine(at, shown, "異動届の受付", "法22条", "住民票コード末尾 2047", "shown", "window-1"),
            OperationLine(
                at - timedelta(minutes=3), Event.SESSION_OPENED.value, "", "", "", "accepted", "window-1"
            ),
        ), False


def network() -> tuple[Member, ...]:
    """List a registry, five CS, a prefecture, the nation and an auditor."""

    def one(name: str, kind: NodeKind, title: str, town: str = "") -> Member:
        municipality = MunicipalityCode(town) if town else None
        return Member(
            NodeName(f"{name}.daicho.internal"), kind, title, "127.0.0.1:1", (), "", "", municipality, "13"
        )

    towns = [
        ("13101", "千代田区"),
        ("13102", "中央区"),
        ("13103", "港区"),
        ("13104", "新宿区"),
        ("13105", "文京区"),
    ]
    return (
        one("registry.m13101.p13", NodeKind.REGISTRY, "千代田区 住民記録", "13101"),
        *(one(f"cs.m{town}.p13", NodeKind.CS, title, town) for town, title in towns),
        one("prefecture.p13", NodeKind.PREFECTURE, "東京都"),
        one("national.n", NodeKind.NATIONAL, "地方公共団体情報システム機構"),
        one("auditor.n", NodeKind.AUDITOR, "監査人"),
    )


class MemoryStanding:
    """A node that stands badly, or well, in a small network."""

    def connections(self, who: Seat) -> Connections | Refusal:
        members = network()
        system = HallClient(
            "addressees-1", HallOffice.ADDRESSEES, "宛名", date(2026, 4, 1), date(2027, 3, 31),
            frozenset((HallScope.CHANGES, HallScope.NUMBERS)),
        )  # fmt: skip
        return Connections(
            allowed_callers(members[0], members), allowed_callees(members[0], members), (system,)
        )

    def __init__(self) -> None:
        self.bad = True

    def standing(self, who: Seat) -> NodeStanding | Refusal:
        at = datetime(2026, 11, 20, 1, 5, tzinfo=UTC)
        health = Health(True, True, True, True, True, "cs.example", 12, at + timedelta(hours=18), 1.9)
        ledger = LedgerStanding(0, 12_345, 12_345, at, 12_300, at - timedelta(minutes=9))
        if not self.bad:
            return NodeStanding(at, (), health, 3.5, (), (), 0, ledger, "東京都", ())
        out = (
            WaitingOut("東京都", 41, 3, at - timedelta(minutes=12), late=True, failures=17),
            WaitingOut("八王子市 既存住基", 0, 0, None, late=False, failures=0),
        )
        into = (WaitingIn("東京都", 2, 1, at - timedelta(seconds=2), late=False),)
        warned = (Warned("error", "daicho.mailroom", 3), Warned("warning", "daicho.exchange", 41))
        found = (Worry.LATE_LETTERS, Worry.PARKED_LETTERS, Worry.CERTIFICATE)
        return NodeStanding(at, found, health, 3.5, out, into, 2, ledger, "東京都", warned)


class MemoryStatistics:
    """A town of some thousands, of which more were born here or came than died or left; or one that does not add up."""

    def __init__(self) -> None:
        self.unexplained = 0
        self.asked: list[tuple[Any, ...]] = []

    def population(self, who: Seat, on: date, by: CountedBy) -> Population | Refusal:
        self.asked.append((who.operator.login_id, on, by))
        if on > TODAY:
            return Refusal(Reason.DATE_IN_FUTURE, juki("6"), "on")
        return Population(self._counted(on), self._ages(on))

    def balance(self, who: Seat, span: CountedSpan, by: CountedBy) -> Balance | Refusal:
        self.asked.append((who.operator.login_id, span, by))
        if span.last_day > TODAY:
            return Refusal(Reason.DATE_IN_FUTURE, juki("6"), "last")
        moves = {
            MovementCell(movement, kind, sex): (place * 7 + (4 if sex is Sex.FEMALE else 9))
            // (9 if kind is FOREIGN else 1)
            for place, movement in enumerate(Movement)
            for kind in ResidentKind
            for sex in (Sex.MALE, Sex.FEMALE)
            if movement is not Movement.NATIONALITY_OUT
        }
        wrong = {(FOREIGN, Sex.MALE): self.unexplained} if self.unexplained else {}
        opening, changes = self._counted(span.first_day), ChangeCount(span, moves)
        people = dict(opening.people)
        for kind in ResidentKind:
            for sex in (Sex.MALE, Sex.FEMALE):
                grown = changes.net(kind, sex) + wrong.get((kind, sex), 0)
                people[PopulationCell(kind, sex, 30)] = people.get(PopulationCell(kind, sex, 30), 0) + grown
        closing = RegisterCount(span.last_day, people, HouseholdCount(21_911, 1_214, 388))
        return Balance(opening, changes, {}, closing, wrong)

    def _ages(self, on: date) -> dict[AgeCell, int]:
        if on < date(2000, 4, 1):
            return {}
        shape = [
            *(58 + age // 2 + (9 if 18 <= age < 24 else 0) for age in range(48)),
            *(int(92 - abs(age - 51) * 1.1 + (14 if age in (76, 77, 78) else 0)) for age in range(48, 88)),
            *(max(52 - (age - 87) * 5, 3) for age in range(88, 101)),
        ]
        found: dict[AgeCell, int] = {}
        for age, people in enumerate(shape):
            for kind, sex, share in (
                (ResidentKind.JAPANESE, Sex.MALE, 46 - age // 8), (ResidentKind.JAPANESE, Sex.FEMALE, 42 + age // 9),
                (FOREIGN, Sex.MALE, 7 if 19 <= age < 40 else 1), (FOREIGN, Sex.FEMALE, 6 if 19 <= age < 45 else 1),
            ):  # fmt: skip
                found[kind, sex, age] = people * share // 10
        found[ResidentKind.JAPANESE, Sex.MALE, None] = 2
        return found

    def _counted(self, on: date) -> RegisterCount:
        people: dict[PopulationCell, int] = {}
        for (kind, sex, age), count in self._ages(on).items():
            cell = PopulationCell(kind, sex, None if age is None else age // 5 * 5)
            people[cell] = people.get(cell, 0) + count
        return RegisterCount(
            on, people, HouseholdCount(21_904, 1_212, 388) if people else HouseholdCount(0, 0, 0)
        )


class MemoryDisclosure:
    """One code for one person."""

    def __init__(self, registry: MemoryRegistry) -> None:
        self.registry = registry
        self.code = "K7QF2MXD"

    def open(self, code: str) -> Disclosed | Refusal:
        if code != self.code:
            return Refusal(Reason.CODE_WORN_OUT, juki("30-32"), "one_time")
        self.code = ""
        seat = Seat(OPERATORS[0].operator, "counter")
        file = self.registry.resident(seat, 101, Why("開示", "法30条の32"))
        assert isinstance(file, ResidentFile)
        return Disclosed(file.record, file.sightings, 1, b'{"proof": []}', self.registry.now())

    def hand_out(self, who: Seat, addressee_number: int, why: Why) -> Done | Refusal:
        return Done(self.code)


class RunningTerminal:
    """A terminal that answers on the loopback."""

    def __init__(self, url: str, office: Office, desks: Desks, facts: list[OfficeFact]) -> None:
        self.url, self.office, self.desks, self.facts = url, office, desks, facts
        self.moved = timedelta(0)


@dataclasses.dataclass
class MovableClock:
    """Real chance and real time, which a test may push forward."""

    shift: timedelta = timedelta(0)
    _count: Any = dataclasses.field(default_factory=lambda: iter(range(1, 1 << 60)))

    def now(self) -> datetime:
        return datetime(2026, 11, 20, 1, 5, tzinfo=UTC) + self.shift

    def business_now(self) -> datetime:
        return self.now().astimezone(JAPAN)

    def business_today(self) -> date:
        return self.business_now().date()

    def token(self, size_bytes: int) -> bytes:
        return next(self._count).to_bytes(size_bytes, "big")

    def new_id(self) -> str:
        return f"{next(self._count):032x}"


_INFO = {
    NodeKind.REGISTRY: ("千代田区", "131016", HOME, "registry"),
    NodeKind.CS: ("千代田区", "131016", HOME, "cs"),
    NodeKind.PREFECTURE: ("東京都 旅券課", "", None, "prefecture"),
    NodeKind.NATIONAL: ("地方公共団体情報システム機構", "", None, "national"),
}


@contextmanager
def running(
    store: Store,
    kind: NodeKind,
    *,
    demo: bool = True,
    scheme: str = "http",
    given: Desks | None = None,
    clock: Clock | None = None,
    training: bool = False,
) -> Iterator[RunningTerminal]:
    """Run a terminal of a kind over desks in memory, or over those given."""
    body, digits, home, name = _INFO[kind]
    listening = loopback_socket(0)
    host = f"{name}.localhost"
    place = Place(host, f"{scheme}://{host}:{listening.getsockname()[1]}", "台帳")
    clock, facts = clock or MovableClock(), []

    def note(_: Unit, fact: OfficeFact) -> None:
        facts.append(fact)

    key = DemoAuthenticator(b"k" * 32) if demo else None
    office = Office(store, clock, place, note, lambda: key)
    for person in OPERATORS:
        enrol(office, person)
        enrol_demo_credential(office, person.operator.login_id)
    registry = MemoryRegistry(clock.now)
    queues = MemoryQueues(registry) if kind is not NodeKind.PREFECTURE else None
    own = kind is NodeKind.REGISTRY
    look_up = (
        None if own else MemoryLookUp(registry, code_shown=kind is NodeKind.CS, both=kind is NodeKind.CS)
    )
    desks = given or Desks(
        queues=queues,
        history=MemoryHistory(),
        registry=registry if own else None,
        look_up=look_up,
        disclosure=MemoryDisclosure(registry) if own else None,
        standing=MemoryStanding(),
        statistics=MemoryStatistics() if own else None,
    )
    info = Info(kind, body, digits, home, f"{name}.example", demo=demo and not training, training=training)
    listener = TerminalListener(terminal_app(office, pages_for(info.kind, desks), desks, info), listening)
    listener.start()
    try:
        yield RunningTerminal(place.origin, office, desks, facts)
    finally:
        listener.stop()


@pytest.fixture
def terminal(database: Callable[[str], Store]) -> Iterator[Callable[..., RunningTerminal]]:
    """Run terminals for one test."""
    opened: list[Any] = []

    def start(kind: NodeKind, *, demo: bool = True, scheme: str = "http") -> RunningTerminal:
        one = running(database(kind.value.lower()), kind, demo=demo, scheme=scheme)
        opened.append(one)
        return one.__enter__()

    yield start
    for one in opened:
        one.__exit__(None, None, None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium."""
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


class Window:
    """One browser window, watched for whatever the console complains about."""

    def __init__(self, context: BrowserContext, shots: Path | None) -> None:
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.shots = shots
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda wrong: self.complaints.append(str(wrong)))

    def _heard(self, message: Any) -> None:
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            self.complaints.append(message.text)

    def sign_in(self, terminal: RunningTerminal, login_id: str) -> None:
        self.page.goto(terminal.url + "/sign-in")
        self.page.fill("#f-login_id", login_id)
        self.page.click("text=デモ認証器")
        self.page.wait_for_selector(".sign-off button")

    def judge(self, name: str) -> None:
        """Ask axe, and keep a picture."""
        self.page.evaluate("document.fonts.ready.then(() => true)")
        # A colour that is still on its way is nobody's contrast.
        self.page.evaluate(
            "Promise.all(document.getAnimations().map(one => one.finished.catch(() => 0))).then(() => true)"
        )
        assert self.complaints == []
        if self.shots is not None:
            self.page.screenshot(path=self.shots / f"{name}.png", caret="initial")
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        told = [
            f"{name}: {one['id']}: {[node['html'][:150] for node in one['nodes'][:3]]}"
            for one in found["violations"]
        ]
        assert told == []
        # axe and the camera try styles of their own, which the policy refuses.
        self.page.evaluate("new Promise(done => setTimeout(done, 50))")
        self.complaints.clear()


@pytest.fixture
def window(browser: Browser) -> Iterator[Window]:
    """A window of the size of a counter's screen."""
    context = browser.new_context(viewport={"width": 1440, "height": 960}, locale="ja-JP")
    folder = os.environ.get("DAICHO_SHOTS")
    yield Window(context, Path(folder) if folder else None)
    context.close()
