"""An own character that became known is written otherwise by corrections that people enter, and by nothing else."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.register.conftest import HOME, record

from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.addresses import Address
from daicho.rules.people.characters.identify import split_characters
from daicho.rules.people.names import FormerSurname, PersonName
from daicho.rules.register.changes import Desk
from daicho.rules.register.correction import Correction, draft_correction
from daicho.rules.register.reasons import ChangeKind, ChangeReason
from daicho.rules.register.recharacter import (
    CharacterChange,
    character_texts,
    correction_of_character,
    holds_character,
)

OWN, TODAY = "\ue001", date(2026, 11, 20)
CHANGE = CharacterChange(OWN, "邉", TODAY, "permit", "文字の同定")
PIECE = st.lists(
    st.sampled_from(["渡", OWN, "\ue002", "山", f"{OWN}\U000e0100"]), min_size=1, max_size=4
).map("".join)


def resident(name: str = f"渡{OWN}　花子", **items):
    return record(1, name=PersonName(name, "ワタナベ　ハナコ"), householder_name=name, **items)


def test_a_character_that_became_known_is_a_minor_correction_upward() -> None:
    old = resident()
    notice = correction_of_character(old, CHANGE)
    assert isinstance(notice, Correction)
    entry = draft_correction(notice, (old,), TODAY, Desk(HOME))
    assert not isinstance(entry, Refusal)
    assert (entry.kind, entry.reason) == (ChangeKind.CORRECTION, ChangeReason.MINOR_CORRECTION)
    assert entry.before == (old,)
    (new,) = entry.after
    assert (new.name.kanji, new.householder_name) == ("渡邉　花子", "渡邉　花子")
    assert replace(new, name=old.name, householder_name=old.householder_name, update_sequence=1) == old


def test_without_the_officers_permission_nothing_is_drafted() -> None:
    old = resident()
    notice = correction_of_character(old, replace(CHANGE, permit_id=""))
    refused = draft_correction(notice, (old,), TODAY, Desk(HOME))
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.PERMIT_MISSING


def test_every_item_that_holds_it_is_corrected_and_none_beside() -> None:
    old = record(
        1,
        name=PersonName(f"渡{OWN}", former_surname=FormerSurname(f"{OWN}山"), alias=f"{OWN}"),
        current_address=Address(HOME, f"{OWN}町", "1番", f"{OWN}荘"),
        previous_address=f"北海道{OWN}町",
        registered_domicile=f"{OWN}市",
        family_register_head=f"渡{OWN}",
    )
    notice = correction_of_character(old, CHANGE)
    assert isinstance(notice, Correction)
    assert notice.minor
    assert notice.name == PersonName("渡邉", former_surname=FormerSurname("邉山"), alias="邉")
    assert notice.current_address == Address(HOME, "邉町", "1番", "邉荘")
    assert (notice.previous_address, notice.registered_domicile, notice.family_register_head) == (
        "北海道邉町", "邉市", "渡邉",
    )  # fmt: skip
    assert (notice.birth_date, notice.sex, notice.relationship, notice.resident_since) == (None,) * 4


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (replace(CHANGE, written=""), (Reason.FIELD_MISSING, "written")),
        (replace(CHANGE, written=OWN), (Reason.NOTHING_CHANGES, "character")),
        (replace(CHANGE, character="\ue00f"), (Reason.NOTHING_CHANGES, "character")),
        (replace(CHANGE, character=f"{OWN}\U000e0100"), (Reason.NOTHING_CHANGES, "character")),
    ],
)
def test_what_changes_nothing_is_no_correction(change: CharacterChange, told: tuple[Reason, str]) -> None:
    refused = correction_of_character(resident(), change)
    assert isinstance(refused, Refusal)
    assert (refused.reason, refused.field) == told


@given(PIECE)
def test_only_that_character_is_written_otherwise_and_a_sequence_of_it_is_another(text: str) -> None:
    old = resident(text)
    notice = correction_of_character(old, CHANGE)
    assert holds_character(old, OWN) is (OWN in split_characters(text))
    assert text in character_texts(old)
    if isinstance(notice, Refusal):
        assert OWN not in split_characters(text)
        return
    pairs = zip(split_characters(text), split_characters(notice.name.kanji), strict=True)
    assert all(after == ("邉" if before == OWN else before) for before, after in pairs)
