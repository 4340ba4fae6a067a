"""Paper: the cases in tests/cases/certificates.toml, and what no request of any kind may bring out."""

import tomllib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.register.conftest import DAY, HERE, HOME, THERE, Town, code, record

from daicho.rules.certificates.content import CertificateItem, CertificateKind
from daicho.rules.certificates.decision import BASE_ITEMS, basis_of, issue_certificate
from daicho.rules.certificates.request import (
    CertificateFees,
    CertificateRequest,
    CertificateRequester,
    CertificateSubject,
    Delivery,
    IdentityProof,
    IssueChannel,
    IssuedCertificate,
    Judgement,
)
from daicho.rules.certificates.text import (
    acceptance_notice,
    code_notice,
    item_text,
    items_of_record,
    move_out_certificate,
    reading_text,
)
from daicho.rules.law.article import juki
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.codes import IndividualNumber, MunicipalityCode, with_check_digit
from daicho.rules.people.dates import PartialDate, western_text
from daicho.rules.people.names import FormerSurname, PersonName
from daicho.rules.people.written_dates import parse_written
from daicho.rules.protection.measure import (
    AddressRole,
    AskingPerson,
    OtherParty,
    ProtectedAddress,
    ProtectionGround,
    ProtectionMeasure,
)
from daicho.rules.register.changes import Entry
from daicho.rules.register.death import DeathEntry
from daicho.rules.register.move_out import MoveOutNotice
from daicho.rules.register.move_within import MoveWithinNotice
from daicho.rules.register.reasons import ChangeReason
from daicho.rules.register.record import (
    ForeignItems,
    HouseholdRelation,
    Removal,
    ResidentKind,
    ScheduledMoveOut,
)

PLACE = "東京都千代田区"
AWAY = MunicipalityCode("01202")
CASES = tomllib.loads(
    (Path(__file__).parents[2] / "cases" / "certificates.toml").read_text(encoding="utf-8")
)["case"]
KINDS = {
    "世帯連記式": CertificateKind.HOUSEHOLD_COPY,
    "個人票": CertificateKind.PERSONAL_COPY,
    "記載事項証明書": CertificateKind.RECORDED_ITEMS,
    "除票の写し": CertificateKind.REMOVED_COPY,
    "改製原住民票の写し": CertificateKind.REWRITTEN_COPY,
    "転出証明書": CertificateKind.MOVE_OUT,
    "印鑑登録証明書": CertificateKind.SEAL,
}
REQUESTERS = {
    "本人": CertificateRequester.SELF,
    "同一世帯": CertificateRequester.SAME_HOUSEHOLD,
    "代理人": CertificateRequester.AGENT,
    "第三者": CertificateRequester.THIRD_PARTY,
    "特定事務受任者": CertificateRequester.PROFESSIONAL,
    "公用": CertificateRequester.PUBLIC,
}
CHANNELS = {
    "窓口": IssueChannel.COUNTER,
    "郵送": IssueChannel.POST,
    "コンビニ": IssueChannel.KIOSK,
    "広域": IssueChannel.WIDE_AREA,
}
PROOFS = {
    "なし": IdentityProof.NONE,
    "書類": IdentityProof.DOCUMENTS,
    "写真": IdentityProof.PHOTO,
    "カード": IdentityProof.CARD,
}
JUDGED = {"相当": Judgement.JUSTIFIED, "不当": Judgement.UNJUST}
DELIVERIES = {
    "手渡し": Delivery.HANDED_OVER,
    "キオスク": Delivery.PRINTED_AT_KIOSK,
    "交付地へ通知": Delivery.SENT_TO_ISSUING_TOWN,
    "本人へ郵送": Delivery.POSTED_TO_PERSON,
    "請求者へ郵送": Delivery.POSTED_TO_REQUESTER,
}
ITEMS = {
    "生年月日": CertificateItem.BIRTH_DATE,
    "性別": CertificateItem.SEX,
    "住所": CertificateItem.ADDRESS,
    "住民となった日": CertificateItem.RESIDENT_SINCE,
    "住所を定めた日": CertificateItem.ADDRESS_SINCE,
    "届出の日": CertificateItem.NOTIFIED_ON,
    "前住所": CertificateItem.PREVIOUS_ADDRESS,
    "旧氏": CertificateItem.FORMER_SURNAME,
    "通称": CertificateItem.ALIAS,
    "続柄": CertificateItem.RELATIONSHIP,
    "世帯主": CertificateItem.HOUSEHOLDER,
    "本籍": CertificateItem.REGISTERED_DOMICILE,
    "筆頭者": CertificateItem.FAMILY_REGISTER_HEAD,
    "個人番号": CertificateItem.INDIVIDUAL_NUMBER,
    "住民票コード": CertificateItem.RECORD_CODE,
    "国籍": CertificateItem.NATIONALITY,
    "外国人住民となった日": CertificateItem.FOREIGN_SINCE,
    "区分": CertificateItem.FOREIGN_CATEGORY,
    "在留資格": CertificateItem.RESIDENCE_STATUS,
    "在留期間": CertificateItem.RESIDENCE_PERIOD,
    "満了の日": CertificateItem.RESIDENCE_EXPIRES_ON,
    "在留カード番号": CertificateItem.RESIDENCE_CARD_NUMBER,
    "通称の履歴": CertificateItem.ALIAS_HISTORY,
    "資格": CertificateItem.PROGRAMMES,
    "備考": CertificateItem.REMARKS,
    "消除": CertificateItem.REMOVAL,
    "転出先": CertificateItem.MOVE_OUT_TO,
    "転出年月日": CertificateItem.MOVE_OUT_ON,
}
MEASURE = ProtectionMeasure(
    number="令8-1",
    ground=ProtectionGround.DOMESTIC_VIOLENCE,
    applicant=13,
    other_parties=(OtherParty("相手　太郎", birth_date=PartialDate(1975, 5, 5)),),
    addresses=(ProtectedAddress(AddressRole.PRESENT, HOME, HERE.one_line()),),
    applied_on=date(2026, 4, 1),
    companions=(14,),
)


def number(place):
    return IndividualNumber(with_check_digit(f"{place:011d}"))


def _foreign(category):
    return {
        "resident_kind": ResidentKind.FOREIGN,
        "birth_date": PartialDate(1990, 1, 2),
        "foreign": ForeignItems(
            date(2012, 7, 9), "ブラジル", category, "AB00000000CD", "定住者", "3年", date(2028, 3, 1),
            ("2020-02-03 ENTERED 試験　六郎",),
        ),
    }  # fmt: skip


def _named(kanji, furigana="シケン　タロウ", confirmed=True, **more):
    return PersonName(kanji, furigana, confirmed, **more)


def _struck(reason, day):
    return {"removal": Removal(reason, day, day)}


def town_records():
    leaving = ScheduledMoveOut(date(2026, 12, 1), DAY, "函館市架空町9番", AWAY, abroad=False, by_card=False)
    away = replace(leaving, scheduled_on=date(2025, 6, 1), destination="函館市架空町5番")
    long_ago = {
        "birth_date": PartialDate(1870, 1, 1), "resident_since": date(1871, 1, 1),
        "resident_since_notified_on": date(1871, 1, 1), "address_since": date(1871, 1, 1),
    }  # fmt: skip
    one = {"householder_name": "試験　一子"}
    return (
        record(
            1, name=_named("試験　一子", "シケン　イチコ"), registered_domicile="架空県架空市1番", family_register_head="試験　一子",
            programme_info=("国民健康保険",), remarks=("令和2年10月1日　続柄修正",), previous_address="仮想県仮想市2番", **one,
        ),
        record(2, relationship="夫", birth_date=PartialDate(1975, 5, None), **one),
        record(3, relationship="子", **one),
        record(4, relationship="父", registered_domicile="架空県架空市4番", **one, **_struck(ChangeReason.DEATH, date(2025, 3, 1))),
        record(5, relationship="妹", scheduled_move_out=away, move_out_to_address="函館市架空町5番", **one,
               **_struck(ChangeReason.MOVE_OUT, date(2025, 6, 1))),
        record(6, 6, name=_named("ＳＩＬＶＡ　ＪＯＡＯ", None, alias="試験　六郎", roman="SILVA JOAO"), **_foreign("中長期在留者")),
        record(7, 6, "妻", **_foreign("特別永住者")),
        record(8, 6, "子", **_foreign("仮滞在許可者")),
        record(9, 6, "子", **_foreign("出生による経過滞在者")),
        record(10, 10, scheduled_move_out=leaving),
        record(11, 10, "妻"),
        record(12, 12, processing_hold=True),
        record(13, 13),
        record(14, 13, "子"),
        record(15, 15),
        record(
            16, 16, name=_named("試験　十六子", former_surname=FormerSurname("前家", "マエイエ")),
            address_since=date(2019, 5, 1), previous_address="旧町1番", move_in_from_address="仮想県仮想市16番",
        ),
        record(17, 17, name=_named("試験　十七", confirmed=False)),
        record(18, 18, name=_named("試験　花子", "シケン　")),
        record(19, 19, name=_named("試験　花子", "　ハナコ")),
        record(20, 20, **long_ago, **_struck(ChangeReason.DEATH, date(2014, 6, 20))),
        record(21, 21, **long_ago, **_struck(ChangeReason.DEATH, date(2014, 6, 19))),
    )  # fmt: skip


RECORDS = town_records()
# 16番 has no number yet.
SUBJECTS = tuple(
    CertificateSubject(
        one,
        None if one.addressee_number == 16 else number(one.addressee_number),
        date(2022, 10, 1) if one.addressee_number == 15 else None,
    )
    for one in RECORDS
)
NAMES = {one.addressee_number: one.name.kanji for one in RECORDS}


def _person(told):
    return AskingPerson(NAMES[told], addressee_number=told) if isinstance(told, int) else AskingPerson(told)


def request_of(case):
    return CertificateRequest(
        kind=KINDS[case["kind"]],
        requester=REQUESTERS[case["by"]],
        asker=_person(case.get("no", case.get("name"))),
        channel=CHANNELS[case.get("channel", "窓口")],
        people=tuple(case.get("who", ())),
        items=frozenset(ITEMS[word] for word in case.get("items", ())),
        purpose=case.get("purpose", ""),
        judgement=JUDGED.get(case.get("judged"), Judgement.OPEN),
        justified_items=frozenset(ITEMS[word] for word in case.get("justified", ())),
        proof=PROOFS[case.get("proof", "写真")],
        principal=_person(case["for"]) if "for" in case else None,
        authority_shown=case.get("authority", False),
        legal_representative=case.get("legal", False),
        in_proceedings=case.get("proceedings", False),
        strictly_examined=case.get("examined", False),
    )


def asked(request, on=DAY, measures=(MEASURE,), subjects=SUBJECTS):
    return issue_certificate(request, subjects, measures, on, place=PLACE)


def texts(person):
    return {one.item: one.text for one in person.items}


def _written(words):
    """Read 番号1 and コード1 of a case, which stand for digits that are nowhere committed."""
    for mark, make in (("番号", number), ("コード", code)):
        if words.startswith(mark) and words[len(mark) :].isdigit():
            return str(make(int(words[len(mark) :])))
    return words


@pytest.mark.parametrize("case", CASES, ids=[case["title"] for case in CASES])
def test_case_of_paper(case):
    answer = asked(request_of(case))
    if case["outcome"].startswith("拒否"):
        _, reason, *detail = case["outcome"].split()
        assert isinstance(answer, Refusal), answer
        assert [answer.reason.value, answer.detail] == [reason, "".join(detail)]
        assert str(answer.article) == case["article"]
        return
    assert isinstance(answer, IssuedCertificate), answer
    assert str(answer.basis) == case.get("basis", case["article"])
    assert answer.content.kind is KINDS[case["kind"]]
    named = [one.name for one in answer.content.people]
    if "people" in case:
        assert named == [NAMES[one] for one in case["people"]]
    if "householder" in case:
        assert answer.content.householder_name == (case["householder"] or None)
    if "delivery" in case:
        assert answer.delivery is DELIVERIES[case["delivery"]]
    if "reading" in case:
        assert answer.content.people[0].name_reading == case["reading"]
    assert answer.withheld == {ITEMS[word] for word in case.get("withheld", ())}
    for line in case.get("shows", ()):
        who, word, words = line.replace(": ", " ", 1).split(" ", 2)
        person = answer.content.people[named.index(NAMES[int(who)])]
        assert texts(person)[ITEMS[word]] == _written(words), line
    for person in answer.content.people:
        assert [word for word in case.get("hides", ()) if texts(person)[ITEMS[word]] is not None] == []
        assert [word for word in case.get("lacks", ()) if ITEMS[word] in texts(person)] == []


def test_the_cases_are_told_once_and_each_asks_something_of_a_paper():
    assert len({case["title"] for case in CASES}) == len(CASES) >= 80
    asks = {"people", "householder", "delivery", "reading", "withheld", "shows", "hides", "lacks"}
    assert [case["title"] for case in CASES if case["outcome"] == "交付" and not asks & case.keys()] == []


OPTIONAL = frozenset(CertificateItem) - BASE_ITEMS
REQUESTS = st.builds(
    CertificateRequest,
    kind=st.sampled_from(CertificateKind),
    requester=st.sampled_from(CertificateRequester),
    asker=st.sampled_from([_person(n) for n in (1, 2, 5, 6, 10, 11, 13)] + [_person("相手　太郎"), _person("第三　者子")]),
    channel=st.sampled_from(IssueChannel),
    people=st.lists(st.integers(1, 22), max_size=3).map(tuple),
    items=st.frozensets(st.sampled_from(CertificateItem)),
    purpose=st.sampled_from(("", "債権の行使")),
    judgement=st.sampled_from(Judgement),
    justified_items=st.frozensets(st.sampled_from(CertificateItem)),
    proof=st.sampled_from(IdentityProof),
    principal=st.sampled_from([None, _person(1), _person(4), _person(5), _person(13), _person("相手　太郎")]),
    authority_shown=st.booleans(),
    legal_representative=st.booleans(),
    in_proceedings=st.booleans(),
    strictly_examined=st.booleans(),
)  # fmt: skip
NUMBERS = (CertificateItem.INDIVIDUAL_NUMBER, CertificateItem.RECORD_CODE)
# Most requests of any kind are refused; these have everything in order but what is drawn.
IN_ORDER = st.builds(
    CertificateRequest,
    kind=st.sampled_from(
        (CertificateKind.HOUSEHOLD_COPY, CertificateKind.PERSONAL_COPY, CertificateKind.RECORDED_ITEMS, CertificateKind.REMOVED_COPY)
    ),
    requester=st.sampled_from(CertificateRequester),
    asker=st.sampled_from([_person(n) for n in (1, 2, 5, 6)]),
    channel=st.sampled_from(IssueChannel),
    people=st.sampled_from(((), (1,), (2, 3), (4,), (5,), (7,))),
    items=st.frozensets(st.sampled_from(CertificateItem), max_size=4),
    purpose=st.just("債権の行使"),
    judgement=st.just(Judgement.JUSTIFIED),
    justified_items=st.frozensets(st.sampled_from(CertificateItem)),
    proof=st.just(IdentityProof.CARD),
    principal=st.sampled_from([_person(1), _person(5), _person(6)]),
    authority_shown=st.just(True),
    legal_representative=st.booleans(),
)  # fmt: skip


def _numbers_on(answer):
    return [texts(one)[item] for one in answer.content.people for item in NUMBERS]


@given(REQUESTS | IN_ORDER)
def test_what_was_not_asked_for_is_never_on_the_paper(request):
    answer = asked(request)
    if isinstance(answer, IssuedCertificate):
        always = BASE_ITEMS
        if request.kind in (CertificateKind.REMOVED_COPY, CertificateKind.REWRITTEN_COPY):
            always |= {CertificateItem.REMOVAL, CertificateItem.MOVE_OUT_TO, CertificateItem.MOVE_OUT_ON}
        for person in answer.content.people:
            shown = {item for item, text in texts(person).items() if text is not None}
            assert shown <= always | request.items
        if CertificateItem.HOUSEHOLDER not in request.items:
            assert answer.content.householder_name is None


@given(REQUESTS | IN_ORDER)
def test_no_number_and_no_code_goes_to_anybody_but_the_household(request):
    answer = asked(request)
    if isinstance(answer, IssuedCertificate) and any(text is not None for text in _numbers_on(answer)):
        assert request.requester in (
            CertificateRequester.SELF,
            CertificateRequester.SAME_HOUSEHOLD,
            CertificateRequester.AGENT,
        )
        if request.requester is CertificateRequester.AGENT and not request.legal_representative:
            assert answer.delivery is Delivery.POSTED_TO_PERSON
        dead = {one.name.kanji for one in RECORDS if one.removal and one.removal.reason is ChangeReason.DEATH}
        assert not dead & {one.name for one in answer.content.people}


@given(REQUESTS | IN_ORDER)
def test_every_request_gets_an_answer_and_every_refusal_an_article_of_its_own(request):
    answer = asked(request)
    if isinstance(answer, Refusal):
        own = {basis_of(request), juki("8")}
        assert answer.article in own or answer.reason is Reason.RETENTION_OVER
    else:
        assert answer.basis == basis_of(request)
        assert answer.content.people
        assert answer.withheld <= request.items


@given(REQUESTS | IN_ORDER)
def test_protection_only_ever_takes_away_and_never_tells(request):
    """Whatever protection refuses is refused in words that others hear, too; it opens nothing."""
    without, within = asked(request, measures=()), asked(request)
    if without != within:
        assert isinstance(without, IssuedCertificate | Refusal)
        assert isinstance(within, Refusal)
        far = request.channel in (IssueChannel.KIOSK, IssueChannel.WIDE_AREA)
        assert within == (
            Refusal(Reason.ISSUE_STOPPED, basis_of(request), "channel")
            if far
            else Refusal(Reason.REQUEST_NOT_JUSTIFIED, basis_of(request), "purpose")
        )


@given(REQUESTS | IN_ORDER)
def test_the_other_party_gets_no_paper_of_the_protected(request):
    party = _person("相手　太郎")
    for told in (replace(request, asker=party), replace(request, principal=party)):
        answer = asked(replace(told, people=(13, 14), kind=CertificateKind.HOUSEHOLD_COPY))
        assert isinstance(answer, Refusal)


def test_the_other_party_hears_what_an_unfounded_request_hears():
    request = CertificateRequest(
        CertificateKind.PERSONAL_COPY, CertificateRequester.THIRD_PARTY, _person("相手　太郎"), people=(13,),
        purpose="債権の行使", judgement=Judgement.JUSTIFIED, proof=IdentityProof.PHOTO, strictly_examined=True,
    )  # fmt: skip
    ordinary = replace(request, people=(1,), judgement=Judgement.UNJUST)
    assert asked(request) == asked(ordinary)


def test_a_member_of_the_household_who_is_not_named_is_guarded_against_strangers():
    """Who lives with a protected person lives at the protected address."""
    alone = replace(MEASURE, companions=())
    request = CertificateRequest(
        CertificateKind.PERSONAL_COPY, CertificateRequester.THIRD_PARTY, _person("第三　者子"), people=(14,),
        purpose="債権の行使", judgement=Judgement.JUSTIFIED, proof=IdentityProof.PHOTO,
    )  # fmt: skip
    refusal = asked(request, measures=(alone,))
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.REQUEST_NOT_JUSTIFIED
    own = replace(request, requester=CertificateRequester.SELF, asker=_person(14))
    assert isinstance(asked(own, measures=(alone,)), IssuedCertificate)


def test_a_removed_record_is_kept_for_the_whole_last_day():
    gone = next(one for one in SUBJECTS if one.record.addressee_number == 20)
    removed_on = gone.record.removal.removed_on
    last = removed_on.replace(year=removed_on.year + 150)
    request = CertificateRequest(
        CertificateKind.REMOVED_COPY, CertificateRequester.PUBLIC, _person("職員　一"), people=(20,),
        purpose="公的調査", proof=IdentityProof.PHOTO,
    )  # fmt: skip
    assert isinstance(asked(request, on=last), IssuedCertificate)
    assert isinstance(asked(request, on=last + timedelta(days=1)), Refusal)


def test_struck_people_are_marked_and_the_others_are_not():
    request = CertificateRequest(
        CertificateKind.REMOVED_COPY, CertificateRequester.SELF, _person(5), proof=IdentityProof.PHOTO
    )
    assert asked(request).content.people[0].struck
    copy = CertificateRequest(
        CertificateKind.PERSONAL_COPY, CertificateRequester.SELF, _person(1), proof=IdentityProof.PHOTO
    )
    assert not asked(copy).content.people[0].struck


def test_a_town_asks_what_its_ordinance_says():
    fees = CertificateFees(
        {
            (CertificateKind.PERSONAL_COPY, IssueChannel.COUNTER): 300,
            (CertificateKind.PERSONAL_COPY, IssueChannel.KIOSK): 200,
        }
    )
    counter = CertificateRequest(CertificateKind.PERSONAL_COPY, CertificateRequester.SELF, _person(1))
    assert fees.fee_yen(counter) == 300
    assert fees.fee_yen(counter, 3) == 900
    assert fees.fee_yen(replace(counter, channel=IssueChannel.KIOSK)) == 200
    assert fees.fee_yen(replace(counter, requester=CertificateRequester.PUBLIC)) == 0
    unset = fees.fee_yen(replace(counter, kind=CertificateKind.REMOVED_COPY))
    assert isinstance(unset, Refusal)
    assert unset.field == "amounts_yen"
    with pytest.raises(ValueError, match="not negative"):
        CertificateFees({(CertificateKind.PERSONAL_COPY, IssueChannel.COUNTER): -1})


# 転出証明書と通知


def _leaving(*numbers, **move):
    scheduled = replace(RECORDS[9].scheduled_move_out, **move)
    return [
        CertificateSubject(replace(RECORDS[n - 1], scheduled_move_out=scheduled), number(n)) for n in numbers
    ]


def test_a_moving_out_certificate_carries_what_the_next_town_enters():
    content = move_out_certificate(_leaving(3, 2), PLACE)
    assert content.kind is CertificateKind.MOVE_OUT
    assert content.householder_name == "試験　一子"
    assert [one.name for one in content.people] == [NAMES[2], NAMES[3]]
    items = texts(content.people[0])
    assert items[CertificateItem.INDIVIDUAL_NUMBER] == str(number(2))
    assert items[CertificateItem.RECORD_CODE] == str(code(2))
    assert items[CertificateItem.RELATIONSHIP] == "夫"
    assert items[CertificateItem.MOVE_OUT_TO] == "函館市架空町9番"
    assert items[CertificateItem.MOVE_OUT_ON] == "令和8年12月1日"
    assert items[CertificateItem.RESIDENT_SINCE] is None
    assert items[CertificateItem.REMARKS] is None


def test_a_foreign_mover_takes_the_items_of_the_category_along():
    items = texts(move_out_certificate(_leaving(6), PLACE).people[0])
    assert items[CertificateItem.RESIDENCE_STATUS] == "定住者"
    assert items[CertificateItem.ALIAS] == "試験　六郎"
    assert CertificateItem.REGISTERED_DOMICILE not in items


@pytest.mark.parametrize(
    ("people", "reason", "field"),
    [
        ([], Reason.FIELD_MISSING, "people"),
        ([CertificateSubject(RECORDS[0])], Reason.NOT_SCHEDULED, "people"),
        (_leaving(2, abroad=True), Reason.CERTIFICATE_NOT_NEEDED, "abroad"),
        (_leaving(2, by_card=True), Reason.CERTIFICATE_NOT_NEEDED, "by_card"),
        (_leaving(2, 6), Reason.FIELD_UNKNOWN_VALUE, "people"),
        (_leaving(2) + _leaving(3, destination="小樽市1番"), Reason.FIELD_UNKNOWN_VALUE, "people"),
        (
            _leaving(2) + _leaving(3, scheduled_on=date(2026, 12, 2)),
            Reason.FIELD_UNKNOWN_VALUE,
            "people",
        ),
    ],
    ids=["nobody", "nobody_leaves", "abroad", "by_card", "two_households", "two_places", "two_days"],
)
def test_no_moving_out_certificate(people, reason, field):
    refusal = move_out_certificate(people, PLACE)
    assert isinstance(refusal, Refusal)
    assert (refusal.reason, refusal.field) == (reason, field)


def test_the_code_is_told_to_the_person_and_nothing_that_is_not_needed():
    subject = CertificateSubject(RECORDS[0])
    told, changed = code_notice(subject, PLACE, changed=False), code_notice(subject, PLACE, changed=True)
    assert [told.kind, changed.kind] == [CertificateKind.CODE_NOTICE, CertificateKind.CODE_CHANGE_NOTICE]
    shown = {item: text for item, text in texts(told.people[0]).items() if text is not None}
    assert shown == {
        CertificateItem.BIRTH_DATE: "昭和55年4月1日",
        CertificateItem.SEX: "女",
        CertificateItem.ADDRESS: f"{PLACE}架空町一丁目2番3号",
        CertificateItem.RECORD_CODE: str(code(1)),
    }
    assert told.householder_name is None


@pytest.mark.parametrize("place", [3, 4])
def test_no_code_is_told_of_whoever_is_struck_or_has_none(place):
    subject = CertificateSubject(replace(RECORDS[place - 1], resident_record_code=None))
    refusal = code_notice(subject, PLACE, changed=False)
    assert isinstance(refusal, Refusal)
    assert refusal.reason is (Reason.NOT_LIVING if place == 4 else Reason.NOT_FOUND)


@pytest.mark.parametrize(
    ("notice", "word"),
    [
        (MoveWithinNotice((2,), THERE, DAY, DAY), "転居届"),
        (
            MoveOutNotice((2, 3), DAY + timedelta(days=9), DAY, "函館市架空町9番", AWAY),
            "転出届",
        ),
    ],
)
def test_an_acceptance_notice_goes_to_the_old_address_and_names_no_new_one(notice, word):
    town = Town().settle(*RECORDS[:3])
    entry = town.file(notice)
    assert isinstance(entry, Entry)
    content = acceptance_notice(entry, PLACE)
    assert content.address == f"{PLACE}架空町一丁目2番3号"
    assert [one.name for one in content.people] == [NAMES[one] for one in entry.subjects]
    said = texts(content.people[0])
    assert said == {CertificateItem.NOTIFIED_ON: "令和8年11月20日", CertificateItem.REMARKS: word}
    assert not any(
        new in str(content) for new in (THERE.town, THERE.block, "函館市", str(code(2)), "昭和55年")
    )


def test_a_death_sends_no_acceptance_notice():
    town = Town().settle(*RECORDS[:3])
    entry = town.file(DeathEntry(3, DAY, DAY, relations=(HouseholdRelation(2, "夫"),)))
    refusal = acceptance_notice(entry, PLACE)
    assert isinstance(refusal, Refusal)
    assert refusal.field == "kind"
    nobody = replace(town.file(MoveWithinNotice((2,), THERE, DAY, DAY)), subjects=())
    assert acceptance_notice(nobody, PLACE).reason is Reason.FIELD_MISSING


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (PartialDate(1990, 1, 2), "1990年1月2日"),
        (PartialDate(1990, 1, None), "1990年1月日不詳"),
        (PartialDate(1990, None, None), "1990年月日不詳"),
        (PartialDate(None, 1, 2), "年不詳1月2日"),
        (PartialDate(None, None, None), "年月日不詳"),
        (date(2028, 2, 29), "2028年2月29日"),
    ],
)
def test_days_of_foreign_residents_are_western(day, words):
    assert western_text(day) == words


@pytest.mark.parametrize(
    ("words", "western"),
    [
        ("昭和20年3月頃", "1945年3月頃"),
        ("推定昭和20年3月10日", "推定1945年3月10日"),
        ("昭和20年3月1日から3月10日頃までの間", "1945年3月1日から3月10日頃までの間"),
        ("大正15年12月25日", "1926年12月25日"),
        ("昭和45年2月29日", "1970年2月29日"),
        ("昭和20年月日不詳", "1945年月日不詳"),
    ],
)
def test_paper_has_a_birth_date_in_the_words_of_the_register_and_a_foreign_residents_western(words, western):
    told = parse_written(words)
    born = record(1, birth_date=told.folded, birth_written=told.kept)
    items = ForeignItems(date(2012, 7, 9), "ブラジル", "中長期在留者")
    foreign = replace(born, resident_kind=ResidentKind.FOREIGN, foreign=items)
    for one, expected in ((born, words), (foreign, western)):
        assert item_text(CertificateItem.BIRTH_DATE, CertificateSubject(one), PLACE) == expected


@given(st.text("アイウ　", min_size=1, max_size=8).filter(lambda text: text.strip("　")), st.booleans())
def test_a_reading_on_paper_is_either_whole_or_marked(furigana, confirmed):
    printed = reading_text(PersonName("試験　花子", furigana, confirmed), ResidentKind.JAPANESE)
    if not confirmed:
        assert printed == "********"
    elif "　" not in furigana:
        assert printed == furigana
    else:
        assert not printed.startswith("　")
        assert not printed.endswith("　") or furigana.partition("　")[2]
        assert furigana.strip("　") in printed


def test_no_item_of_paper_is_forgotten():
    """Every item is had by somebody of the town of these tests, and written for each who has it."""
    had = frozenset().union(*(items_of_record(one) for one in SUBJECTS))
    assert had == frozenset(CertificateItem)
