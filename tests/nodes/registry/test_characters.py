"""外字: nothing has an effect before two people stand for it; what nobody knows waits once, not once a person."""

from dataclasses import replace

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.nodes.registry.conftest import AT_COUNTER, DAY, HERE
from tests.nodes.registry.test_certificates import ISSUER, Press, own
from tests.nodes.registry.test_extract import bring, file, line
from tests.nodes.registry.test_protection import LOOK, OFFICER, application, arrived
from tests.nodes.registry.test_protection import SECOND as OFFICER_TWO
from tests.nodes.registry.test_upkeep import left
from tests.paper.test_own_characters import CROSS, SQUARE
from tests.rules.register import conftest as rules

from daicho.nodes.registry import (
    certificates,
    characters,
    corrections,
    meeting,
    protection,
    recharacter,
    residents,
)
from daicho.nodes.registry.bodies import measure_body, read_record, resident_row
from daicho.nodes.registry.characters import CharacterView, Proposed
from daicho.nodes.registry.counter import EntryView, enter, verify_entry
from daicho.nodes.registry.measures.names import as_compared
from daicho.nodes.registry.refolding import resident_refolding
from daicho.nodes.watch.characters import character_tables
from daicho.paper.glyphs import MissingGlyph
from daicho.paper.outlines import read_picture
from daicho.paper.workers import Unprintable
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.operators.authority import Operator, Role
from daicho.rules.people.addresses import Address
from daicho.rules.people.characters.identify import Unsettled
from daicho.rules.people.characters.lookup import GlyphTerms, family_of
from daicho.rules.people.characters.own import (
    CaseOutcome,
    CharacterSource,
    CharacterState,
    CharacterStep,
    MeetingPlace,
    TownCharacter,
)
from daicho.rules.people.names import PersonName
from daicho.rules.protection.measure import (
    AskingPerson,
    OtherParty,
    ProtectionAlert,
    ProtectionMeasure,
    ProtectionStep,
    is_other_party,
)
from daicho.rules.register.lookup import ResidentTerms
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.reasons import ChangeReason
from daicho.store import characters as store
from daicho.store import folding, register
from daicho.store import protection as protected
from daicho.store.protection import StepRow

FORMS = sorted(glyph.form for glyph in character_tables().glyphs if glyph.form)[::7]
OWN, OTHER, NABE = "\ue001", "\ue002", "MJ026190"
SECOND = Operator("clerk02", "k2", (Role.CLERK,))
ADMIN = Operator("admin02", "a2", (Role.ADMINISTRATOR,))
DESCRIBED = TownCharacter(OWN, CharacterSource.FAMILY_REGISTER, "架空市の戸籍", "なべ", 17)


def named(comer, number=1, kanji=f"渡{OWN}　花子", relationship="世帯主"):
    return replace(comer(number, relationship), name=PersonName(kanji, "ワタナベ　ハナコ"))


@pytest.fixture
def bearer(counter, move_in, comer):
    return arrived(counter, move_in(named(comer)))[0]


def describe(counter, entry=DESCRIBED):
    made = characters.describe_character(counter.node, counter.clerk, entry)
    assert isinstance(made, TownCharacter), made
    return made


def identified(counter, glyph=NABE, picture=b"", character=OWN):
    describe(counter, replace(DESCRIBED, character=character))
    asked = characters.propose_identification(
        counter.node, counter.clerk, character, Proposed(glyph, "字形が同じ", picture)
    )
    assert isinstance(asked, TownCharacter), asked
    done = characters.decide_identification(counter.node, SECOND, character, accept=True)
    assert isinstance(done, TownCharacter), done
    return done


def queue(counter):
    found = characters.character_queue(counter.node, counter.clerk)
    assert not isinstance(found, Refusal)
    return found


def found_by(counter, kanji, address=""):
    terms = ResidentTerms(kanji=kanji, address=address or HERE.town)
    found = residents.search_residents(counter.node, counter.clerk, terms, LOOK)
    assert not isinstance(found, Refusal), found
    return [one.addressee_number for one in found.records]


def reason_of(answer):
    assert isinstance(answer, Refusal), answer
    return answer.reason


# two people


def test_whoever_proposed_cannot_confirm_and_the_database_knows_it_too(counter, database):
    describe(counter)
    characters.propose_identification(counter.node, counter.clerk, OWN, Proposed(NABE))
    same = characters.decide_identification(counter.node, counter.clerk, OWN, accept=True)
    assert reason_of(same) is Reason.SAME_PERSON
    with pytest.raises(psycopg.errors.CheckViolation), counter.node.store.unit() as unit:
        unit.execute(
            "update register.own_character set glyph_name = 'x', identified_by = 'one', confirmed_by = 'one'"
        )


def test_every_step_stays_and_a_line_of_the_ledger_names_the_character_alone(counter):
    identified(counter)
    view = characters.character_view(counter.node, counter.checker, OWN)
    assert isinstance(view, CharacterView)
    assert [one.step for one in view.steps] == [
        CharacterStep.DESCRIBED, CharacterStep.PROPOSED, CharacterStep.CONFIRMED,
    ]  # fmt: skip
    assert [one.by for one in view.steps] == ["clerk01", "clerk01", "clerk02"]
    assert view.steps[0].entry == DESCRIBED
    assert view.glyph.name == NABE
    assert [(event, operator) for event, operator, _ in counter.lines()] == [
        ("character:own:recorded", "clerk01"),
        ("character:identification:proposed", "clerk01"),
        ("character:identification:decided", "clerk02"),
    ]
    with counter.node.store.unit() as unit:
        unit.execute("select convert_from(body, 'UTF8') from ledger.line")
        lines = "".join(row[0] for row in unit.cursor.fetchall())
    assert "U+E001" in lines
    assert "戸籍" not in lines


def test_a_step_cannot_be_changed_and_nothing_be_deleted(counter):
    identified(counter, picture=SQUARE)
    for table in (
        "own_character_step",
        "character_picture",
        "own_character",
        "character_case",
        "character_use",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), counter.node.store.unit() as unit:
            unit.execute(f"delete from register.{table}")
    with pytest.raises(psycopg.errors.InsufficientPrivilege), counter.node.store.unit() as unit:
        unit.execute("update register.own_character_step set by = 'x'")
    with pytest.raises(psycopg.errors.InsufficientPrivilege), counter.node.store.unit() as unit:
        unit.execute("update register.character_picture set content = 'x'")


def test_who_has_not_the_right_does_nothing(counter):
    describe(counter)
    node = counter.node
    for answer in (
        characters.describe_character(node, counter.checker, DESCRIBED),
        characters.propose_identification(node, counter.checker, OWN, Proposed(NABE)),
        characters.decide_identification(node, counter.checker, OWN, accept=True),
        characters.character_queue(node, counter.checker),
        characters.withdraw_identification(node, counter.checker, OWN),
        recharacter.close_replaced(node, counter.checker, OWN),
        characters.character_view(node, ADMIN, OWN),
        characters.own_characters(node, ADMIN, GlyphTerms()),
        characters.look_up_glyphs(ADMIN, GlyphTerms(like="辺")),
        characters.confirmed_picture(node, ADMIN, OWN),
        characters.proposed_picture(node, counter.checker, "0" * 64),
        recharacter.residents_holding(node, counter.checker, OWN),
        recharacter.correct_character(node, counter.checker, OWN, 1, draw_codes=counter.draw),
    ):
        assert reason_of(answer) is Reason.NOT_PERMITTED


def test_a_proposal_sent_back_changes_nothing(counter):
    describe(counter)
    characters.propose_identification(counter.node, counter.clerk, OWN, Proposed(NABE))
    back = characters.decide_identification(counter.node, SECOND, OWN, accept=False)
    assert back.state is CharacterState.UNIDENTIFIED
    again = characters.decide_identification(counter.node, SECOND, OWN, accept=True)
    assert reason_of(again) is Reason.NOT_FOUND


# the queue


def test_what_nobody_knows_waits_once_with_the_places_where_it_was_met(counter, move_in, comer):
    arrived(counter, move_in(named(comer), named(comer, 2, f"渡{OWN}　次郎", "子")))
    arrived(counter, move_in(named(comer, 3, f"山{OTHER}邉\U000e01ee　一郎")))
    found = queue(counter)
    assert {(one.character, one.reason, one.places) for one in found.cases} == {
        (OWN, Unsettled.PRIVATE_USE, ((MeetingPlace.ENTRY, 2),)),
        (OTHER, Unsettled.PRIVATE_USE, ((MeetingPlace.ENTRY, 1),)),
        ("邉\U000e01ee", Unsettled.UNKNOWN_SEQUENCE, ((MeetingPlace.ENTRY, 1),)),
    }
    assert next(one.candidates for one in found.cases if one.character.startswith("邉"))
    with counter.node.store.unit() as unit:
        assert store.how_much_waits(unit) == 3
        assert store.users_of(unit, OWN, after=0, limit_rows=9) == [1, 2]


def test_what_is_entered_waits_for_the_second_person_before_it_waits_for_anybody_else(
    counter, move_in, comer
):
    entered = characters_entered(counter, move_in(named(comer)))
    assert queue(counter).cases == ()
    verify_entry(counter.node, counter.checker, entered.entry_id)
    assert [one.character for one in queue(counter).cases] == [OWN]


def characters_entered(counter, notice):
    entered = enter(counter.node, counter.clerk, notice, draw_codes=counter.draw, reception=AT_COUNTER)
    assert isinstance(entered, EntryView), entered
    return entered


def test_an_identification_closes_the_case_and_meeting_it_again_does_not_open_it(
    counter, bearer, move_in, comer
):
    identified(counter)
    assert queue(counter).cases == ()
    arrived(counter, move_in(named(comer, 2, f"渡{OWN}　次郎")))
    assert queue(counter).cases == ()
    view = characters.character_view(counter.node, counter.clerk, OWN)
    assert view.case.outcome is CaseOutcome.IDENTIFIED


def test_without_a_counterpart_a_picture_settles_it(counter, bearer):
    describe(counter)
    node = counter.node
    bad = characters.propose_identification(node, counter.clerk, OWN, Proposed("", "", b"<svg/>"))
    assert reason_of(bad) is Reason.PICTURE_UNREADABLE
    none = characters.propose_identification(node, counter.clerk, OWN, Proposed(""))
    assert reason_of(none) is Reason.FIELD_MISSING
    done = identified_again(counter, Proposed("", "", SQUARE))
    assert done.state is CharacterState.WITHOUT_COUNTERPART
    assert characters.character_view(node, counter.clerk, OWN).case.outcome is CaseOutcome.DRAWN
    picture = characters.confirmed_picture(node, counter.checker, OWN)
    assert picture == read_picture(SQUARE)
    assert characters.proposed_picture(node, counter.clerk, picture.digest) == picture


def identified_again(counter, proposed):
    asked = characters.propose_identification(counter.node, counter.clerk, OWN, proposed)
    assert isinstance(asked, TownCharacter), asked
    return characters.decide_identification(counter.node, SECOND, OWN, accept=True)


def test_a_picture_is_not_shown_before_it_is_confirmed(counter):
    describe(counter)
    characters.propose_identification(counter.node, counter.clerk, OWN, Proposed("", "", SQUARE))
    assert reason_of(characters.confirmed_picture(counter.node, counter.clerk, OWN)) is Reason.NOT_FOUND


def test_a_picture_is_kept_when_the_counterpart_changes(counter):
    identified(counter, picture=SQUARE)
    again = identified_again(counter, Proposed("MJ026193", keep_picture=True))
    assert again.identification.picture == read_picture(SQUARE).digest
    dropped = identified_again(counter, Proposed("MJ026193"))
    assert dropped.identification.picture == ""


def test_a_case_ends_when_no_living_record_holds_the_character_and_opens_when_it_comes_back(
    counter, bearer, move_in, comer
):
    node = counter.node
    assert reason_of(recharacter.close_replaced(node, counter.clerk, OWN)) is Reason.CHARACTER_IN_USE
    left(counter, [bearer])
    assert recharacter.close_replaced(node, counter.clerk, OWN) is None
    assert counter.lines()[-1] == ("character:case:closed", "clerk01", "")
    assert queue(counter).cases == ()
    assert reason_of(recharacter.close_replaced(node, counter.clerk, OWN)) is Reason.NOT_FOUND
    arrived(counter, move_in(named(comer, 2, f"渡{OWN}　次郎")))
    (case,) = queue(counter).cases
    assert [place for place, _ in case.places] == [MeetingPlace.ENTRY]


def test_what_does_not_fit_on_the_page_is_told(counter, monkeypatch):
    identified(counter)
    describe(counter, TownCharacter(OTHER, CharacterSource.OTHER))
    for one in (OWN, OTHER):
        characters.propose_identification(counter.node, counter.clerk, one, Proposed("MJ026193"))
    found = queue(counter)
    assert (len(found.proposals), found.more_proposals, found.more_cases) == (2, False, False)
    assert not characters.character_view(counter.node, counter.clerk, OWN).more_steps
    monkeypatch.setattr(characters, "SHOWN_ROWS", 1)
    monkeypatch.setattr(characters, "SHOWN_STEPS_ROWS", 2)
    found = queue(counter)
    assert ([one.character for one in found.proposals], found.more_proposals) == ([OWN], True)
    view = characters.character_view(counter.node, counter.clerk, OWN)
    assert ([one.step for one in view.steps], view.more_steps) == (
        [CharacterStep.CONFIRMED, CharacterStep.PROPOSED],
        True,
    )


def test_whoever_made_a_proposal_takes_it_back_and_what_held_before_goes_on(counter):
    held = identified(counter)
    characters.propose_identification(counter.node, SECOND, OWN, Proposed("MJ026193"))
    node = counter.node
    answer = characters.withdraw_identification(node, counter.clerk, OWN)
    assert reason_of(answer) is Reason.NOT_PERMITTED
    assert characters.withdraw_identification(node, SECOND, OWN, terminal="t1") == held
    assert queue(counter).proposals == ()
    assert counter.lines()[-1] == ("character:identification:decided", "clerk02", "")
    view = characters.character_view(node, counter.clerk, OWN)
    assert view.steps[-1].step is CharacterStep.WITHDRAWN
    late = characters.decide_identification(node, counter.clerk, OWN, accept=True)
    assert reason_of(late) is Reason.NOT_FOUND
    assert reason_of(characters.withdraw_identification(node, SECOND, OWN)) is Reason.NOT_FOUND


@pytest.mark.requirement("R-237")
def test_a_file_that_is_brought_fills_the_queue_and_the_keys_at_once(counter):
    identified(counter)
    report = bring(
        counter,
        file(
            line(1, name_kanji=f"渡{OWN}　一郎"),
            line(2, 1, name_kanji=f"渡{OTHER}　二郎", town=f"{OTHER}町"),
            line(3, 1, name_kanji=f"渡{OTHER}　三郎"),
            line(4, 1),
        ),
    )
    assert (report.imported, report.faults) == (4, [])
    (case,) = queue(counter).cases
    assert (case.character, case.places) == (OTHER, ((MeetingPlace.IMPORT, 2),))
    assert found_by(counter, "渡辺") == [1]
    shown = recharacter.residents_holding(counter.node, counter.clerk, OTHER)
    assert [one.addressee_number for one in shown.records] == [2, 3]


def test_records_of_before_are_looked_at_once_some_at_a_time(counter, move_in, comer, monkeypatch):
    monkeypatch.setattr(meeting, "_SURVEYED_ROWS", 2)
    arrived(counter, move_in(named(comer), *(named(comer, n, f"渡{OWN}　{n}号", "子") for n in (2, 3))))
    job = meeting.character_survey(counter.node)
    assert not job.work(), "a new register has nothing of before"
    with counter.node.store.unit() as unit:
        assert store.surveyed(unit) == (0, True)
        store.note_surveyed(unit, 0, done=False)
    assert [job.work(), job.work(), job.work()] == [True, False, False]
    (case,) = queue(counter).cases
    assert dict(case.places) == {MeetingPlace.ENTRY: 3, MeetingPlace.SURVEY: 3}


# search keys


@pytest.mark.requirement("R-237")
def test_whoever_bears_an_own_character_is_found_by_every_form_of_its_counterpart(
    counter, bearer, move_in, comer
):
    number = bearer.addressee_number
    assert found_by(counter, "渡辺") == []
    assert found_by(counter, f"渡{OWN}") == [number]
    identified(counter)
    for form in family_of("邉"):
        assert found_by(counter, f"渡{form}") == [number]
    assert found_by(counter, f"渡{OWN}") == [number]
    (later,) = arrived(counter, move_in(named(comer, 2, f"渡{OWN}　次郎")))
    assert set(found_by(counter, "渡邊")) == {number, later.addressee_number}


def test_an_address_is_found_by_the_counterpart_too(counter, move_in, comer):
    notice = replace(move_in(comer(1)), address=replace(HERE, town=f"{OWN}町一丁目"))
    (one,) = arrived(counter, notice)
    identified(counter)
    assert found_by(counter, "来訪", "辺町") == [one.addressee_number]


def test_a_kanji_of_no_list_is_found_by_its_counterpart_as_a_private_one_is(counter, move_in, comer):
    unlisted = "\U00031350"
    (one,) = arrived(counter, move_in(named(comer, 1, f"渡{unlisted}　花子")))
    identified(counter, character=unlisted)
    assert found_by(counter, "渡辺") == found_by(counter, f"渡{unlisted}") == [one.addressee_number]


def test_folding_anew_keeps_what_two_people_stand_for(counter, bearer):
    identified(counter)
    with counter.node.store.unit() as unit:
        folding.set_version(unit, 1)
        unit.execute("update register.resident set kanji = 'old'")
    while resident_refolding(counter.node).work():
        pass
    assert found_by(counter, "渡辺") == [bearer.addressee_number]


def test_an_identification_that_changes_leaves_the_records_and_finds_people_otherwise(counter, bearer):
    identified(counter)
    before = record_now(counter, bearer)
    identified_again(counter, Proposed("MJ026193" if NABE != "MJ026193" else "MJ026194"))
    identified_again(counter, Proposed(glyph_of("崎")))
    assert record_now(counter, bearer) == before == bearer
    assert found_by(counter, "渡﨑") == [bearer.addressee_number]
    assert found_by(counter, "渡辺") == []


def glyph_of(character):
    return character_tables().glyphs.written(character).name


def record_now(counter, record):
    with counter.node.store.unit() as unit:
        return read_record(register.resident(unit, record.addressee_number).body)


@given(st.sampled_from(FORMS), st.sampled_from(["渡{}", "{}", "山{}　一郎"]))
def test_a_record_is_kept_under_the_key_of_the_counterpart(form, name):
    def row(written, counterparts):
        record = rules.record(
            1, name=PersonName(name.format(written)), current_address=place(name.format(written))
        )
        return resident_row(record, 1, counterparts)

    own, counterpart = row(OWN, {OWN: form}), row(form, {})
    assert (own.kanji, own.address) == (counterpart.kanji, counterpart.address)
    assert OWN in own.body, "the record itself is as it was written"
    assert row(OWN, {}).kanji == row(OWN, {OTHER: form}).kanji != own.kanji


def place(town):
    return Address(HERE.municipality, town, "1番")


# corrections


def test_a_correction_is_proposed_to_two_people_and_written_by_nobody_alone(counter, bearer):
    identified(counter)
    node, number = counter.node, bearer.addressee_number
    shown = recharacter.residents_holding(node, counter.clerk, OWN, terminal="t1")
    assert [one.addressee_number for one in shown.records] == [number]
    assert counter.lines()[-1] == ("register:record:shown", "clerk01", str(bearer.resident_record_code))
    refused = recharacter.correct_character(node, counter.clerk, OWN, number, draw_codes=counter.draw)
    assert reason_of(refused) is Reason.PERMIT_MISSING
    permit = corrections.permit_correction(node, counter.officer, number, "外字の同定")
    other = corrections.permit_correction(node, counter.officer, number, "生年月日")
    entered = recharacter.correct_character(
        node, counter.clerk, OWN, number, permit.permit_id, draw_codes=counter.draw
    )
    assert isinstance(entered, EntryView), entered
    assert entered.entry.permission == permit.permit_id
    assert [one.permit_id for one in corrections.open_permits(node, counter.clerk, number)] == [
        other.permit_id
    ]
    assert entered.entry.reason is ChangeReason.MINOR_CORRECTION
    assert record_now(counter, bearer) == bearer
    assert isinstance(verify_entry(node, counter.checker, entered.entry_id), EntryView)
    assert record_now(counter, bearer).name.kanji == "渡邉　花子"
    assert recharacter.residents_holding(node, counter.clerk, OWN).records == ()


def test_what_is_not_identified_is_corrected_by_nobody(counter, bearer):
    number = bearer.addressee_number
    answer = recharacter.correct_character(counter.node, counter.clerk, OWN, number, draw_codes=counter.draw)
    assert reason_of(answer) is Reason.NOT_FOUND


def test_the_address_of_a_protected_person_is_not_told_by_its_characters(counter, move_in, comer):
    street = Address(HERE.municipality, f"{OWN}町一丁目", "2番3号", "", "1000001")
    (hidden,) = arrived(counter, replace(move_in(named(comer, 1, "来訪　花子")), address=street))
    (open_,) = arrived(counter, replace(move_in(named(comer, 2, "来訪　次郎")), address=street))
    identified(counter)
    protection.apply_for_protection(counter.node, OFFICER, application(hidden))
    shown = recharacter.residents_holding(counter.node, counter.clerk, OWN)
    assert [one.addressee_number for one in shown.records] == [open_.addressee_number]
    full = recharacter.residents_holding(counter.node, OFFICER, OWN)
    assert len(full.records) == 2
    corrections.permit_correction(counter.node, counter.officer, hidden.addressee_number, "外字の同定")
    for character in (OWN, OTHER):
        answer = recharacter.correct_character(
            counter.node, counter.clerk, character, hidden.addressee_number, draw_codes=counter.draw
        )
        assert reason_of(answer) is Reason.PROTECTED


def known_to(counter, operator):
    """All that an operator hears of two characters by pages, counts and refusals."""
    node = counter.node
    found = characters.character_queue(node, operator)
    cases = [(one.character, one.reason, one.places, one.first_met_at) for one in found.cases]
    with node.store.reading() as unit:
        count = meeting.how_much_waits(unit, node, operator)
    heard = []
    for character in (OWN, OTHER):
        view = characters.character_view(node, operator, character)
        bearers = recharacter.residents_holding(node, operator, character)
        refused = recharacter.close_replaced(node, operator, character)
        heard.append((
            view.case is not None, view.may_close, [one.addressee_number for one in bearers.records],
            bearers.narrow, refused.reason if refused is not None else None,
        ))  # fmt: skip
    return cases, count, heard


@pytest.mark.parametrize("held_by", ["nobody", "the address", "an address of before"])
def test_nothing_that_whoever_may_not_know_hears_depends_on_a_protected_address(
    counter, move_in, comer, held_by
):
    street = replace(HERE, town=f"{OWN}{OTHER}町" if held_by == "the address" else "別町")
    before = f"北海道{OWN}{OTHER}市" if held_by == "an address of before" else "北海道函館市"
    (hidden,) = arrived(counter, replace(move_in(comer(1)), address=street, previous_address=before))
    (bearer,) = arrived(counter, move_in(named(comer, 2)))
    protection.apply_for_protection(counter.node, OFFICER, application(hidden))
    number = bearer.addressee_number
    seen = (True, False, [number], False, Reason.NOT_PERMITTED)
    unseen = (False, False, [], False, Reason.NOT_PERMITTED)
    case = [(OWN, Unsettled.PRIVATE_USE, (), None)]
    assert known_to(counter, counter.clerk) == (case, 1, [seen, unseen])
    left(counter, [bearer])
    assert known_to(counter, counter.clerk) == ([], 0, [unseen, unseen])
    held = held_by != "nobody"
    cases, count, heard = known_to(counter, OFFICER)
    assert {one for one, *_ in cases} == ({OWN, OTHER} if held else {OWN})
    assert count == len(cases)
    assert [answer for *_, answer in heard] == (
        [Reason.CHARACTER_IN_USE] * 2 if held else [None, Reason.NOT_FOUND]
    )
    # The officer's own closing changes nothing of what others hear.
    assert known_to(counter, counter.clerk) == ([], 0, [unseen, unseen])


def test_a_protected_persons_move_opens_no_case_before_the_eyes_of_others(counter, move_in, comer):
    (hidden,) = arrived(counter, move_in(comer(1)))
    protection.apply_for_protection(counter.node, OFFICER, application(hidden))
    home = replace(HERE, town=f"{OWN}町一丁目")
    moved = enter(
        counter.node, OFFICER, MoveWithinNotice((hidden.addressee_number,), home, DAY, DAY),
        draw_codes=counter.draw, reception=AT_COUNTER,
    )  # fmt: skip
    assert isinstance(verify_entry(counter.node, OFFICER_TWO, moved.entry_id), EntryView)
    assert known_to(counter, counter.clerk)[:2] == ([], 0)
    (case,) = characters.character_queue(counter.node, OFFICER).cases
    assert (case.character, case.places) == (OWN, ((MeetingPlace.ENTRY, 1),))
    assert characters.character_view(counter.node, counter.checker, OWN).case is None


def test_a_paper_that_lacks_a_character_tells_it_to_whoever_may_read_the_paper(counter, move_in, comer):
    node, lacking = counter.node, TownCharacter("葛", CharacterSource.OTHER)
    (hidden,) = arrived(counter, replace(move_in(comer(1)), address=replace(HERE, town="葛町")))
    (bearer,) = arrived(counter, move_in(named(comer, 2, "葛城　花子")))
    protection.apply_for_protection(node, OFFICER, application(hidden))
    characters.note_missing(node, ["葛"], [hidden])
    assert queue(counter).cases == ()
    described = characters.describe_character(node, counter.clerk, lacking)
    assert reason_of(described) is Reason.CHARACTER_KNOWN
    characters.note_missing(node, ["葛"], [bearer])
    (case,) = queue(counter).cases
    assert (case.character, case.reason, case.places) == ("葛", Unsettled.NO_GLYPH, ())
    describe(counter, lacking)


def test_a_record_of_which_a_place_is_kept_back_is_corrected_by_whoever_may_read_it(counter, move_in, comer):
    street = replace(HERE, town=f"{OWN}町一丁目")
    notice = move_in(comer(1), named(comer, 2, f"渡{OWN}　次郎", "子"))
    mother, child = arrived(counter, replace(notice, address=street))
    elsewhere = replace(HERE, town="架空町二丁目", block="7番1号")
    arrived(counter, MoveWithinNotice((child.addressee_number,), elsewhere, DAY, DAY))
    identified(counter)
    protection.apply_for_protection(counter.node, OFFICER, application(mother))
    permit = corrections.permit_correction(
        counter.node, counter.officer, child.addressee_number, "外字の同定"
    )
    answers = [
        recharacter.correct_character(
            counter.node, operator, OWN, child.addressee_number, permit.permit_id, draw_codes=counter.draw
        )
        for operator in (counter.clerk, OFFICER)
    ]
    assert reason_of(answers[0]) is Reason.PROTECTED
    assert isinstance(answers[1], EntryView), answers[1]
    assert [line[:2] for line in counter.lines()].count(("protection:record:kept_back", "clerk01")) == 1


# other parties


def alerts_of(counter, move_in, comer, number, kanji):
    return characters_entered(counter, move_in(named(comer, number, kanji))).alerts


def protected_from(counter, move_in, comer, kanji):
    (person,) = arrived(counter, move_in(comer(1)))
    asked = replace(application(person), other_parties=(OtherParty(kanji),))
    kept = protection.apply_for_protection(counter.node, OFFICER, asked)
    assert isinstance(kept, ProtectionMeasure), kept
    return kept


@pytest.mark.parametrize("written", [f"渡{OWN}　太郎", "渡邉　太郎"])
def test_an_other_party_is_known_in_both_spellings_whenever_two_people_say_what_a_character_is(
    counter, move_in, comer, written
):
    own = OWN in written
    told = (ProtectionAlert.OTHER_PARTY,)
    protected_from(counter, move_in, comer, written)
    assert alerts_of(counter, move_in, comer, 2, written) == told
    assert alerts_of(counter, move_in, comer, 3, "渡邉　太郎" if own else f"渡{OWN}　太郎") == ()
    identified(counter)
    for number, name in enumerate((f"渡{OWN}　太郎", "渡邉　太郎", "渡辺太郎"), 4):
        assert alerts_of(counter, move_in, comer, number, name) == told, name
    identified_again(counter, Proposed(glyph_of("崎")))
    assert alerts_of(counter, move_in, comer, 7, "渡﨑　太郎") == (told if own else ())
    assert alerts_of(counter, move_in, comer, 8, "渡邉　太郎") == (() if own else told)
    assert alerts_of(counter, move_in, comer, 9, f"渡{OWN}　太郎") == (told if own else ())


@pytest.mark.parametrize(
    ("party", "asker"), [(f"渡{OWN}　太郎", "渡邉　太郎"), ("渡邉　太郎", f"渡{OWN}　太郎")]
)
def test_whoever_asks_for_paper_is_compared_in_both_spellings(counter, move_in, comer, party, asker):
    measure = protected_from(counter, move_in, comer, party)
    person = AskingPerson(asker)
    identified(counter)
    with counter.node.store.reading() as unit:
        (compared,), (asking,) = as_compared(unit, [measure], [person])
    assert not is_other_party(measure, person)
    assert is_other_party(compared, asking)
    assert (compared.people, compared.other_parties[0].birth_date) == (measure.people, None)


def test_keys_of_other_parties_are_folded_anew_with_the_residents(counter, move_in, comer):
    (person,) = arrived(counter, move_in(comer(1)))
    node, number = counter.node, "2026-000077"
    measure = replace(application(person), number=number, other_parties=(OtherParty(f"渡{OWN}　太郎"),))
    identified(counter)
    with node.store.unit() as unit:
        step = StepRow(ProtectionStep.APPLIED.value, "shien01", node.clock.now())
        protected.keep_measure(
            unit, number, measure_body(measure), step, last_day=None, people=measure.people, keys=()
        )
        folding.set_version(unit, 1)
    while resident_refolding(node).work():
        pass
    assert alerts_of(counter, move_in, comer, 2, "渡邊　太郎") == (ProtectionAlert.OTHER_PARTY,)


def test_a_protected_persons_name_is_shown_without_the_address(counter, bearer):
    identified(counter)
    protection.apply_for_protection(counter.node, OFFICER, application(bearer))
    (shown,) = recharacter.residents_holding(counter.node, counter.clerk, OWN).records
    assert shown.name == bearer.name
    assert shown.current_address.town != bearer.current_address.town


# paper


class Lacking(Press):
    """A press whose font lacks some characters, unless the paper brings them along."""

    def __call__(self, certificate):
        self.own = certificate.own
        known = {one.character for one in certificate.own}
        lacks = [one for one in (OWN, "葛") if one not in known and one in certificate.content.people[0].name]
        if lacks:
            return Unprintable(certificate.number, tuple(MissingGlyph(one, 0, "name") for one in lacks))
        return super().__call__(certificate)


def issue(counter, record, press):
    return certificates.issue(
        counter.node, counter.clerk, own(record), record.addressee_number, LOOK,
        issuer=ISSUER, set_paper=press,
    )  # fmt: skip


def test_a_paper_that_lacks_a_character_opens_one_case_however_often_it_is_tried(counter, move_in, comer):
    (record,) = arrived(counter, move_in(named(comer, 1, "葛城　花子")))
    press = Lacking()
    for _ in range(3):
        assert reason_of(issue(counter, record, press)) is Reason.CHARACTER_MISSING
    (case,) = queue(counter).cases
    assert (case.character, case.reason) == ("葛", Unsettled.NO_GLYPH)
    assert case.places == ((MeetingPlace.PAPER, 3),)
    describe(counter, TownCharacter("葛", CharacterSource.OTHER))
    characters.propose_identification(counter.node, counter.clerk, "葛", Proposed(glyph_of("葛")))
    characters.decide_identification(counter.node, SECOND, "葛", accept=True)
    assert len(queue(counter).cases) == 1, "the font lacks it still"
    characters.propose_identification(counter.node, counter.clerk, "葛", Proposed(glyph_of("葛"), "", CROSS))
    characters.decide_identification(counter.node, SECOND, "葛", accept=True)
    assert queue(counter).cases == ()
    issue(counter, record, press)
    assert [one.picture for one in press.own] == [read_picture(CROSS).as_svg()]


def test_a_paper_brings_the_picture_or_the_counterpart_of_an_own_character(counter, bearer):
    press = Lacking()
    assert reason_of(issue(counter, bearer, press)) is Reason.CHARACTER_MISSING
    identified(counter)
    issue(counter, bearer, press)
    assert [(one.character, one.picture, one.written) for one in press.own] == [(OWN, "", "邉")]
    identified_again(counter, Proposed(NABE, "", SQUARE))
    issue(counter, bearer, press)
    assert [one.picture for one in press.own] == [read_picture(SQUARE).as_svg()]


# looking up


def test_the_list_is_searched_by_family_strokes_and_reading(counter):
    identified(counter)
    describe(counter, TownCharacter(OTHER, CharacterSource.RESIDENCE_CARD, "", "サキ、キ", 12))

    def found(**terms):
        rows, more = characters.own_characters(counter.node, counter.checker, GlyphTerms(**terms))
        assert not more
        return [one.character for one in rows]

    assert found() == [OWN, OTHER]
    assert found(like="辺") == found(strokes=17) == found(reading="ナベ") == [OWN]
    assert found(reading="き") == found(strokes=11, about=True) == [OTHER]
    assert found(like="辺", strokes=3) == []


def test_describing_a_character_anew_keeps_what_it_is_held_for(counter):
    done = identified(counter)
    again = describe(counter, replace(DESCRIBED, reading="べ"))
    assert again == replace(done, reading="べ")
    assert (
        reason_of(
            characters.describe_character(counter.node, counter.clerk, replace(DESCRIBED, reading="べ"))
        )
        is Reason.NOTHING_CHANGES
    )
    known = characters.describe_character(counter.node, counter.clerk, replace(DESCRIBED, character="葛"))
    assert reason_of(known) is Reason.CHARACTER_KNOWN
    nobody = characters.propose_identification(counter.node, counter.clerk, OTHER, Proposed(NABE))
    assert reason_of(nobody) is Reason.NOT_FOUND


def test_nobody_stands_for_a_proposal_that_took_the_place_of_the_one_they_saw(counter):
    describe(counter)
    seen = characters.character_view(counter.node, SECOND, OWN).version
    characters.propose_identification(counter.node, counter.clerk, OWN, Proposed(NABE, "一案", b""))
    late = characters.decide_identification(counter.node, SECOND, OWN, accept=True, seen_version=seen)
    assert reason_of(late) is Reason.CHANGED_SINCE
