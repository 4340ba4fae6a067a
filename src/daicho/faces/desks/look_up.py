"""The look-up desks: a CS searches its own copy or asks the nation, a prefecture searches under 別表第五."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from threading import Lock

from daicho.faces.desks.sightings import sightings_of
from daicho.faces.terminal.desk import Choice, PeopleFound, Seat, SeenPerson, Why, WhyChoices
from daicho.faces.wording.places import place_name
from daicho.nodes.agency.ask import ask_nation
from daicho.nodes.chronicle import Fact, fact_by, note_many
from daicho.nodes.cs.hiding import kept_back_here
from daicho.nodes.keeping.numbers import code_of_number
from daicho.nodes.keeping.provide import Asking, birth_in, code_in, provide, read_refused
from daicho.nodes.keeping.terms import to_text
from daicho.nodes.node import Node
from daicho.nodes.registry.guarding import KEPT_BACK
from daicho.rules.identity.inquiry import ROWS_OF_MANY
from daicho.rules.identity.record import KeptRecord
from daicho.rules.identity.search import ROWS_SHOWN, SearchTerms, check_terms, page
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.ledger.events import Event
from daicho.rules.operators.authority import Permission, may, permissions_of
from daicho.rules.operators.session import check_purpose
from daicho.rules.people.codes import ResidentRecordCode
from daicho.rules.people.sex import Sex
from daicho.rules.protection.likeness import Hidden
from daicho.rules.protection.veil import WITHHELD
from daicho.rules.provision.articles import Provider, RequesterKind
from daicho.rules.provision.request import GOVERNOR, MAYOR, Requester
from daicho.store import identity, kept_back
from daicho.store.unit import Unit
from daicho.wire.http import WireRefused, WireUnavailable
from daicho.wire.operations import LookUpAnswer, LookUpRequest, LookUpRow

OWN, NATION = "own", "nation"
_REMEMBERED = 2_000
_PURPOSES = ("本人確認", "転入届の特例", "広域交付の受付", "異動情報の確認")


class _Seen:
    """What was shown lately, so that a person of the list can be opened; nothing else can be opened."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._people: OrderedDict[str, tuple[SeenPerson, str]] = OrderedDict()

    def keep(self, person: SeenPerson, code: str) -> None:
        with self._lock:
            self._people[person.ref] = (person, code)
            while len(self._people) > _REMEMBERED:
                self._people.popitem(last=False)

    def find(self, ref: str) -> tuple[SeenPerson, str] | None:
        with self._lock:
            return self._people.get(ref)


class PeopleDesk:
    """Identification information as this node's operators may look it up."""

    def __init__(self, node: Node) -> None:
        """Serve one CS or prefecture."""
        self._node = node
        self._seen = _Seen()
        self._is_cs = node.me.municipality is not None

    def why_choices(self) -> WhyChoices:
        """List purposes and the legal bases in force today."""
        on = self._node.clock.business_today()
        if self._is_cs:
            rows = [r for r in self._node.bases.rows_for_body(MAYOR, on) if r.table in ("30-10", "30-12")]
            bases = [Choice("own/30-6", "住民基本台帳法第30条の6（自団体の本人確認情報）")]
            purposes: tuple[str, ...] = _PURPOSES
        else:
            rows = [r for r in self._node.bases.rows_for_body(GOVERNOR, on) if r.table == "5"]
            rows.sort(key=lambda row: row.item != "6")  # passports stand first
            bases = []
            purposes = ("旅券の発給の審査", "旅券の記載事項の確認")
        bases += [Choice(f"{row.table}/{row.item}", f"{row.label}（{row.affair}）") for row in rows]
        return WhyChoices(tuple(Choice(words, words) for words in purposes), tuple(bases))

    def scopes(self) -> tuple[Choice, ...]:
        """List where may be searched."""
        if self._is_cs:
            return Choice(OWN, "自団体の本人確認情報"), Choice(NATION, "全国サーバへの照会")
        return (Choice(OWN, f"{self._node.me.title}の本人確認情報"),)

    def search(self, who: Seat, terms: SearchTerms, why: Why, scope: str) -> PeopleFound | Refusal:
        """Search; a line per person shown is durable before the list exists."""
        wanted = Permission.SEARCH_IDENTITY if self._is_cs else Permission.SEARCH_PREFECTURE
        if self._is_cs and scope == NATION:
            wanted = Permission.ASK_NATION
        refusal = may(who.operator, wanted) or check_purpose(why.purpose, why.basis) or check_terms(terms)
        if refusal is None and terms.number is not None:
            refusal = may(who.operator, Permission.SEARCH_BY_NUMBER) if self._is_cs else None
        if refusal is not None:
            return refusal
        if self._is_cs and scope == OWN:
            return self._own_copy(who, terms, why)
        if terms.code is not None and terms.code in self._hidden(who, terms).codes:
            self._note(who, why, Event.PROTECTED_KEPT_BACK, [str(terms.code)], Reason.PROTECTED.value)
            return KEPT_BACK
        request = LookUpRequest(
            self._node.clock.new_id(), to_text(terms), why.basis, why.purpose, who.operator.login_id,
            who.operator.role_id, who.terminal, self._node.clock.business_today().isoformat(),
            without_number=True,
        )  # fmt: skip
        try:
            answer = (
                ask_nation(self._node, request)
                if self._is_cs
                else provide(self._node, self._asking(), request)
            )
        except (WireUnavailable, WireRefused):
            return Refusal(Reason.NODE_UNREACHABLE, juki("30-9"), "national")
        return self._provided(who, terms, answer)

    def record(self, who: Seat, ref: str, why: Why) -> SeenPerson | Refusal:
        """Open one person of a list that was shown, with a ledger line."""
        found = self._seen.find(ref)
        if found is None:
            return Refusal(Reason.NOT_FOUND, juki("30-6"), "ref")
        self._note(who, why, Event.IDENTITY_SHOWN, [found[1]], "opened")
        return self._as_now(who, *found)

    def reveal_code(self, who: Seat, ref: str, why: Why) -> ResidentRecordCode | Refusal:
        """Give the whole 住民票コード where the basis allows it, with a ledger line of its own."""
        found = self._seen.find(ref)
        if found is None or not self._as_now(who, *found).code_may_be_shown:
            return Refusal(Reason.SEARCH_KEY_NOT_ALLOWED, juki("30-37"), "resident_record_code")
        self._note(who, why, Event.IDENTITY_CODE_SHOWN, [found[1]], "shown")
        return ResidentRecordCode(found[1])

    def _asking(self) -> Asking:
        digits = self._node.me.prefecture
        requester = Requester(RequesterKind.PREFECTURE, (GOVERNOR,), prefecture=digits)
        return Asking(Provider.PREFECTURE, requester, GOVERNOR, str(self._node.me.name), territory=digits)

    def _own_copy(self, who: Seat, terms: SearchTerms, why: Why) -> PeopleFound | Refusal:
        with self._node.store.unit("look_up.own_copy") as unit:
            code = code_of_number(unit, self._node, terms.number) if terms.number is not None else None
            rows, hidden = self._found(unit, who, terms, code)
            found = page(rows)
            facts = [
                _fact(who, why, Event.IDENTITY_SHOWN, str(kept.record.resident_record_code), "shown")
                for kept in found.rows
            ]
            note_many(unit, self._node, facts or [_fact(who, why, Event.IDENTITY_SHOWN, "", "nobody")])
        people = tuple(self._own_person(kept, hidden) for kept in found.rows)
        return PeopleFound(people, found.narrow, "住民基本台帳法第30条の6（自団体の本人確認情報）")

    def _found(
        self, unit: Unit, who: Seat, terms: SearchTerms, code: str | None
    ) -> tuple[list[KeptRecord], frozenset[str]]:
        """Find a page and a row more, and whose address is kept back; who asks by address must not find these.

        Others stand in their places, so that a page is as full as it would be without them.
        """
        limit, on = ROWS_SHOWN, self._node.clock.business_today()
        while True:
            rows = identity.look_up(unit, terms, number_code=code, limit=limit, on=on)
            hidden = self._kept_back(unit, who, [one.record.resident_record_code for one in rows])
            left = [
                one for one in rows if terms.address is None or one.record.resident_record_code not in hidden
            ]
            if len(rows) <= limit or len(left) > ROWS_SHOWN:
                return left, hidden
            limit *= 2

    def _kept_back(self, unit: Unit, who: Seat, codes: Sequence[str]) -> frozenset[str]:
        """Name those of some codes whose address the own registry keeps back from this operator."""
        if not codes or not self._may_keep_back(who):
            return frozenset()
        return kept_back.kept_back_among(unit, codes)

    def _as_now(self, who: Seat, person: SeenPerson, code: str) -> SeenPerson:
        """Give a person of a list as this operator may see them now: the list may be older than a measure."""
        if not self._may_keep_back(who):
            return person
        here = person.municipality == place_name(str(self._node.me.municipality))
        if here and code:
            with self._node.store.reading() as unit:
                shut = bool(self._kept_back(unit, who, [code]))
        else:
            hidden = self._hidden(who)
            named = (person.name_kanji, person.name_furigana, person.birth_date)
            shut = hidden.shuts(code, *named) or (here and hidden.anybody)
        return _shut(person) if shut else person

    def _hidden(self, who: Seat, terms: SearchTerms | None = None) -> Hidden:
        """Gather whom the nation may not tell this operator of, nor be asked about by code."""
        if not self._may_keep_back(who):
            return Hidden()
        with self._node.store.unit("look_up.hidden") as unit:
            return kept_back_here(unit, self._node, terms)

    def _may_keep_back(self, who: Seat) -> bool:
        return self._is_cs and Permission.SEE_PROTECTED not in permissions_of(who.operator)

    def _note(self, who: Seat, why: Why, event: Event, codes: list[str], outcome: str) -> None:
        with self._node.store.unit("look_up.note") as unit:
            note_many(unit, self._node, [_fact(who, why, event, code, outcome) for code in codes])

    def _own_person(self, kept: KeptRecord, hidden: frozenset[str]) -> SeenPerson:
        record = kept.record
        code = str(record.resident_record_code)
        person = SeenPerson(
            self._node.clock.new_id(), record.name_kanji, record.name_furigana, record.birth_date, record.sex,
            place_name(str(record.municipality_code)), record.address, record.living,
            former_surname=record.former_surname_kanji, code_may_be_shown=True, code_tail=code[-4:],
            change_words=record.change_reason.value, change_date=record.change_date, foreign=record.foreign_resident,
            basis_words="住民基本台帳法第30条の6",
        )  # fmt: skip
        return self._remembered(code, _shut(person) if code in hidden else person)

    def _remembered(self, code: str, person: SeenPerson) -> SeenPerson:
        """Keep a person as this operator may see them, to be opened: of whoever is kept back, nothing of where."""
        self._seen.keep(person, code)
        return person

    def _provided(self, who: Seat, terms: SearchTerms, answer: LookUpAnswer) -> PeopleFound | Refusal:
        """Give what was answered without whom the registry keeps back.

        Under which article somebody is told of, or that they are out of its reach, says in which prefecture they live: so
        they are nobody, and so is whoever is out of reach and not known here, while anybody is kept back.
        """
        hidden, words = self._hidden(who, terms), self._basis_words(answer.basis)
        if answer.refused is not None:
            refusal = read_refused(answer.refused)
            if refusal.reason is Reason.PERSON_OUT_OF_REACH and hidden.anybody and not hidden.known:
                return PeopleFound((), narrow=False, basis_words=words)
            return refusal
        rows = [row for row in answer.rows if not self._shuts(hidden, row)]
        # A page that is full and short by one would betray who is left out.
        if answer.more and hidden.anybody:
            rows = rows[:ROWS_OF_MANY]
        return PeopleFound(tuple(self._seen_person(row, words) for row in rows), answer.more, words)

    def _shuts(self, hidden: Hidden, row: LookUpRow) -> bool:
        """Tell whether a row may be of somebody kept back; of whom no code came in this town, nobody can tell."""
        given = row.fields
        if hidden.anybody and self._of_this_town(row):
            return True
        return hidden.shuts(code_in(row), given.get("name", ""), given.get("furigana"), birth_in(row))

    def _of_this_town(self, row: LookUpRow) -> bool:
        here = row.fields.get("municipality_code", str(self._node.me.municipality))
        return not code_in(row) and here == str(self._node.me.municipality)

    def _basis_words(self, key: str) -> str:
        table, _, item = key.partition("/")
        row = self._node.bases.row(table, item, self._node.clock.business_today())
        return f"{row.label}（{row.affair}）" if row else key

    def _seen_person(self, row: LookUpRow, words: str) -> SeenPerson:
        given, code = row.fields, code_in(row)
        changed = given.get("change_date")
        person = SeenPerson(
            self._node.clock.new_id(), given.get("name", ""), given.get("furigana"),
            birth_in(row), Sex(given.get("sex", "UNKNOWN")),
            place_name(given.get("municipality_code")), given.get("address", ""), given.get("record_state") == "living",
            former_surname=given.get("former_surname"), code_may_be_shown=bool(code), code_tail=code[-4:],
            change_words=given.get("change_reason", ""),
            change_date=date.fromisoformat(changed) if changed else None, basis_words=words,
        )  # fmt: skip
        return self._remembered(code, person)


def _fact(who: Seat, why: Why, event: Event, code: str, outcome: str) -> Fact:
    return fact_by(
        who.operator, event, terminal=who.terminal, purpose=why.purpose, basis=why.basis, subject=code,
        outcome=outcome,
    )  # fmt: skip


def _shut(person: SeenPerson) -> SeenPerson:
    return replace(person, municipality="", address=WITHHELD, code_may_be_shown=False)


__all__ = ["PeopleDesk", "sightings_of"]
