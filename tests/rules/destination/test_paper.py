"""個人番号通知書と交付申請書: what stands on them, the number of an application, what is written for a character that is lacking."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.destination.test_destination import FOREIGN, NUMBER, TOWN, made
from tests.rules.register.conftest import DAY, record

from daicho.rules.certificates.content import CertificateItem, CertificateKind
from daicho.rules.destination.making import addressed_to
from daicho.rules.destination.paper import (
    APPLICATION_DIGITS,
    application_id,
    notice_number,
    notice_paper,
    specimen_content,
    written_instead,
)
from daicho.rules.people.codes import IndividualNumber, MalformedCode
from daicho.rules.people.dates import PartialDate

Item = CertificateItem
HEAD = record(1, birth_date=PartialDate(1990, 1, 2))


def home(*people):
    return made(*people, where=addressed_to(people[0], None, TOWN, DAY))


def texts(content):
    (person,) = content.people
    return {one.item: one.text for one in person.items}


@pytest.mark.requirement("R-191")
def test_a_notice_tells_the_number_the_name_and_the_birth_date_and_its_form_the_home():
    content = notice_paper(home(HEAD), 1, first=True, enclosed=(1, 1))
    assert content.kind is CertificateKind.NUMBER_NOTICE
    assert content.people[0].name == HEAD.name.kanji
    told = texts(content)
    assert told[Item.INDIVIDUAL_NUMBER] == str(NUMBER)
    assert told[Item.BIRTH_DATE] == "平成2年1月2日"
    assert told[Item.ADDRESS] == "〒100-0001　東京都千代田区架空町一丁目2番3号"
    assert Item.RECORD_CODE not in told, "the code stands on no letter"
    facts = content.letter
    assert facts.place.lines == ("〒100-0001", "東京都千代田区架空町一丁目2番3号")
    assert dict(facts.rows)["返還先"] == "〒100-0010　東京都架空区𠮷田一番　架空区"
    assert dict(facts.rows)["交付場所"] == "〒100-0011　東京都架空区二番　架空区𠮷田市民課"
    assert (facts.words, facts.contact) == ("1／1", "架空区　03-0000-0001")


def test_of_a_household_the_first_sheet_alone_bears_the_address():
    info = home(HEAD, FOREIGN)
    first, second = (notice_paper(info, place, first=place == 1, enclosed=(place, 2)) for place in (1, 2))
    assert (first.letter.place.name, second.letter.place) == (info.destination_name, None)
    assert second.letter.words == "2／2"
    assert second.people[0].name == FOREIGN.name.kanji


def test_a_foreign_resident_reads_western_days_and_until_when_the_stay_lasts():
    told = texts(notice_paper(home(FOREIGN), 1, first=True, enclosed=(1, 1)))
    assert told[Item.BIRTH_DATE] == "1985年5月6日"
    assert told[Item.RESIDENCE_EXPIRES_ON] == "2028年3月4日"
    assert told[Item.ROMAN_NAME] == "HEN KO"


def test_where_no_number_is_there_nothing_is_told():
    info = home(HEAD)
    without = replace(info, persons=tuple(replace(one, individual_number=None) for one in info.persons))
    with pytest.raises(ValueError, match="number"):
        notice_paper(without, 1, first=True, enclosed=(1, 1))


def passes(number: str) -> bool:
    """Check a number as cards are checked (ISO/IEC 7812-1)."""
    doubled = [int(one) * (1 + place % 2) for place, one in enumerate(reversed(number))]
    return sum(one // 10 + one % 10 for one in doubled) % 10 == 0


@given(st.binary(min_size=12, max_size=24), st.integers(0, APPLICATION_DIGITS - 1), st.integers(1, 9))
def test_an_application_has_a_number_in_which_one_wrong_digit_is_noticed(chance, place, off):
    number = application_id(chance)
    assert (len(number), number.isascii() and number.isdigit(), passes(number)) == (
        APPLICATION_DIGITS,
        True,
        True,
    )
    wrong = number[:place] + str((int(number[place]) + off) % 10) + number[place + 1 :]
    assert not passes(wrong)


def test_applications_of_other_chances_have_other_numbers_and_notices_of_one_bundle_other_places():
    assert application_id(b"\0" * 16) != application_id(b"\0" * 15 + b"\1")
    assert notice_number(2026, 12, 34) == "2026-000012-0034"


def test_what_no_font_has_is_written_as_the_file_says_and_a_filler_is_no_replacement():
    info = home(FOREIGN)
    person = info.persons[0]
    given_there = written_instead(info)
    assert given_there.get("邉\U000e0101") == "邉" or 1 not in person.substitute_name_positions
    assert "\ue000" not in given_there, "of an own character that is only drawn, nothing is written"
    told = replace(person, substitute_name="辺　辺子", substitute_name_positions=(1, 3))
    assert written_instead(replace(info, persons=(told,)))["\ue000"] == "辺"
    other = replace(person, substitute_name="辺", substitute_name_positions=(1,))
    assert "邉\U000e0101" not in written_instead(replace(info, persons=(other,))), (
        "another length says nothing"
    )


def test_a_specimen_bears_nobodys_number():
    number = texts(specimen_content())[Item.INDIVIDUAL_NUMBER]
    with pytest.raises(MalformedCode):
        IndividualNumber(number)
