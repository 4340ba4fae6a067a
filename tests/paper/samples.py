"""Papers for the tests; nobody on them exists, and no number passes its check."""

import struct
import zlib
from dataclasses import replace
from datetime import date

from daicho.paper.certificate import Certificate
from daicho.rules.certificates.content import (
    CORRESPONDENCE,
    CertificateContent,
    CertificateItem,
    CertificateKind,
    LetterFacts,
    LetterPlace,
    PrintedItem,
    PrintedPerson,
)

Item = CertificateItem
ADDRESS = "東京都千代田区丸の内一丁目2番3号　丸の内中央住宅506号室"


def person(
    name: str, reading: str, *items: tuple[CertificateItem, str | None], struck: bool = False
) -> PrintedPerson:
    return PrintedPerson(name, reading, tuple(PrintedItem(item, text) for item, text in items), struck)


FATHER = person(
    "葛\U000e0102西　太郎",
    "カサイ　タロウ",
    (Item.RELATIONSHIP, "世帯主"),
    (Item.SEX, "男"),
    (Item.BIRTH_DATE, "昭和45年3月10日"),
    (Item.RESIDENT_SINCE, "平成12年4月1日"),
    (Item.ADDRESS_SINCE, "平成12年4月1日"),
    (Item.NOTIFIED_ON, "平成12年4月3日"),
    (Item.REGISTERED_DOMICILE, "東京都千代田区丸の内一丁目2番"),
    (Item.FAMILY_REGISTER_HEAD, "葛\U000e0102西　太郎"),
    (Item.PREVIOUS_ADDRESS, "神奈川県横浜市中区日本大通1番地"),
    (Item.INDIVIDUAL_NUMBER, None),
    (Item.RECORD_CODE, None),
)
MOTHER = person(
    "葛\U000e0102西　花子",
    "カサイ　ハナコ",
    (Item.RELATIONSHIP, "妻"),
    (Item.SEX, "女"),
    (Item.BIRTH_DATE, "昭和47年12月5日"),
    (Item.RESIDENT_SINCE, "平成12年4月1日"),
    (Item.FORMER_SURNAME, "辻\U000e0102"),
    (Item.ADDRESS_SINCE, "平成12年4月1日"),
    (Item.REGISTERED_DOMICILE, None),
    (Item.FAMILY_REGISTER_HEAD, None),
    (Item.PREVIOUS_ADDRESS, "奈良県葛\U000e0102城市柿本166番地"),
    (Item.INDIVIDUAL_NUMBER, None),
    (Item.RECORD_CODE, None),
)
LODGER = person(
    "渡邉　﨑𠮷",
    "********",
    (Item.RELATIONSHIP, "同居人"),
    (Item.SEX, "男"),
    (Item.BIRTH_DATE, "平成13年1月1日"),
    (Item.RESIDENT_SINCE, "令和5年4月1日"),
    (Item.REGISTERED_DOMICILE, "東京都祁"),
    (Item.PREVIOUS_ADDRESS, ""),
    (Item.INDIVIDUAL_NUMBER, "1234 5678 9010"),
    (Item.RECORD_CODE, None),
)
FOREIGNER = person(
    "SAMPLE EXAMPLE MARIA",
    "サンプル　エグザンプル　マリア",
    (Item.RELATIONSHIP, "同居人"),
    (Item.SEX, "女"),
    (Item.BIRTH_DATE, "1990年5月1日"),
    (Item.FOREIGN_SINCE, "令和4年10月1日"),
    (Item.ALIAS, "見本　真理"),
    (Item.NATIONALITY, "フィリピン"),
    (Item.FOREIGN_CATEGORY, "中長期在留者"),
    (Item.RESIDENCE_STATUS, "技術・人文知識・国際業務"),
    (Item.RESIDENCE_PERIOD, "5年"),
    (Item.RESIDENCE_EXPIRES_ON, "令和9年10月1日"),
    (Item.RESIDENCE_CARD_NUMBER, "AB00000000CD"),
    (Item.ALIAS_HISTORY, "令和4年10月1日 「見本　真理」を記載"),
    (Item.PREVIOUS_ADDRESS, "フィリピン共和国"),
    (Item.INDIVIDUAL_NUMBER, None),
    (Item.RECORD_CODE, None),
)
NOTICE_PLACE = LetterPlace(
    ("〒100-0005", "東京都千代田区丸の内一丁目2番3号", "丸の内中央住宅506号室"), FATHER.name
)
SCRIPT = "一二三四五六七八九十壱弐"


def big_household(count: int) -> tuple[PrintedPerson, ...]:
    """As many people as asked, each with a name of their own."""
    return tuple(
        person(
            f"見本　{SCRIPT[n % 12]}{SCRIPT[n // 12]}郎",
            "ミホン",
            (Item.RELATIONSHIP, "世帯主" if n == 0 else "子"),
            (Item.SEX, "男"),
            (Item.BIRTH_DATE, f"平成{n + 2}年1月{n + 1}日"),
            (Item.RESIDENT_SINCE, "平成28年4月1日"),
            (Item.REGISTERED_DOMICILE, None),
            (Item.PREVIOUS_ADDRESS, "静岡県三島市北田町4番"),
            (Item.INDIVIDUAL_NUMBER, None),
            (Item.RECORD_CODE, None),
        )
        for n in range(count)
    )


def content(
    kind: CertificateKind = CertificateKind.HOUSEHOLD_COPY,
    people: tuple[PrintedPerson, ...] = (FATHER, MOTHER, LODGER),
    householder: str | None = "葛\U000e0102西　太郎",
) -> CertificateContent:
    return CertificateContent(kind, ADDRESS, householder, people)


def certificate(what: CertificateContent | None = None, number: str = "2026-00000123") -> Certificate:
    return Certificate(
        content=what or content(),
        issuer_title="東京都千代田区長",
        issuer_name="見本　一郎",
        issued_on=date(2026, 11, 20),
        number=number,
        verification=f"https://cs.m131016.example/verify?n={number}&k=Zm9yLXRlc3RzLW9ubHkxMjM0NTY3OA",
        imprint=imprint() if what and what.kind is CertificateKind.SEAL else None,
    )


def of_kind(kind: CertificateKind) -> Certificate:
    """One paper of each kind, as full as it comes."""
    match kind:
        case CertificateKind.HOUSEHOLD_COPY | CertificateKind.RECORDED_ITEMS:
            return certificate(content(kind))
        case CertificateKind.PERSONAL_COPY:
            return certificate(content(kind, (FATHER,)))
        case CertificateKind.REMOVED_COPY | CertificateKind.REWRITTEN_COPY:
            removal = (PrintedItem(Item.REMOVAL, "転出　令和8年10月31日"), PrintedItem(Item.REMARKS, REMARKS))
            return certificate(content(kind, (replace(FATHER, struck=True, items=FATHER.items + removal),)))
        case CertificateKind.MOVE_OUT:
            leaving = (
                PrintedItem(Item.MOVE_OUT_TO, "静岡県三島市北田町4番47号"),
                PrintedItem(Item.MOVE_OUT_ON, "令和8年12月1日"),
            )
            return certificate(
                content(kind, tuple(replace(one, items=one.items + leaving) for one in (FATHER, MOTHER)))
            )
        case CertificateKind.CODE_NOTICE | CertificateKind.CODE_CHANGE_NOTICE:
            return certificate(
                content(kind, (person(FATHER.name, "カサイ　タロウ", (Item.RECORD_CODE, "12345678900"),
                                      (Item.BIRTH_DATE, "昭和45年3月10日"), (Item.SEX, "男")),))
            )  # fmt: skip
        case CertificateKind.ACCEPTANCE_NOTICE:
            return certificate(
                content(kind, (person(MOTHER.name, "カサイ　ハナコ", (Item.NOTIFIED_ON, "令和8年11月20日"),
                                      (Item.REMARKS, "転居届")),))
            )  # fmt: skip
        case CertificateKind.SEAL:
            return certificate(
                content(kind, (person(FATHER.name, "カサイ　タロウ", (Item.BIRTH_DATE, "昭和45年3月10日"),
                                      (Item.SEX, "男"), (Item.ADDRESS, ADDRESS)),))
            )  # fmt: skip
        case CertificateKind.RENAMED_CERTIFICATE:
            facts = LetterFacts(rows=letter_facts(CertificateKind.RENAMED_NOTICE).rows)
            return certificate(CertificateContent(kind, ADDRESS, None, (person(FATHER.name, ""),), facts))
        case CertificateKind.NUMBER_NOTICE:
            return number_notice()
        case _:
            assert kind in CORRESPONDENCE
            people = tuple(person(one.name, "") for one in (FATHER, MOTHER))
            return certificate(CertificateContent(kind, ADDRESS, None, people, letter_facts(kind)))


REMARKS = "\n".join(
    f"令和{year}年4月1日　転居　{'丸の内' if year % 2 else '大手町'}一丁目{year}番{year}号から"
    for year in range(1, 6)
)


def imprint(side: int = 240) -> bytes:
    """A round seal of nobody: a ring and a cross, one byte a pixel."""
    middle, rows = side / 2, []
    for y in range(side):
        row = bytearray(b"\x00")
        for x in range(side):
            far = ((x - middle) ** 2 + (y - middle) ** 2) ** 0.5
            inked = 0.84 < far / middle < 0.94 or (
                far < middle * 0.7 and min(abs(x - middle), abs(y - middle)) < 9
            )
            row.append(40 if inked else 255)
        rows.append(bytes(row))

    def chunk(kind: bytes, held: bytes) -> bytes:
        return struct.pack(">I", len(held)) + kind + held + struct.pack(">I", zlib.crc32(kind + held))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"pHYs", struct.pack(">IIB", 10_000, 10_000, 1))  # ten dots a millimetre
        + chunk(b"IDAT", zlib.compress(b"".join(rows)))
        + chunk(b"IEND", b"")
    )


def letter_facts(kind: CertificateKind) -> LetterFacts:
    """What a letter of a kind says, as full as it comes."""
    place = LetterPlace(
        ("〒100-0005", "東京都千代田区丸の内一丁目2番3号", "丸の内中央住宅506号室"), FATHER.name, "渡邉　﨑𠮷"
    )
    body = LetterPlace(("北海道函館市東雲町4番13号",), "函館市長", body=True)
    who = f"{FATHER.name}、{MOTHER.name}"
    rows = (("対象の方", who), ("住民票の住所", ADDRESS), ("必要な届出", "転居届（住民基本台帳法第23条）"))
    left = ("転居先不明のため、通知が返送されたため", "令和8年12月4日")
    return {
        CertificateKind.REMINDER: LetterFacts(place, rows, "令和8年12月4日", "転居届の用紙を同封しました。"),
        CertificateKind.PERSON_INQUIRY: LetterFacts(place, rows[:2], "令和8年12月4日"),
        CertificateKind.ARRIVAL_INQUIRY: LetterFacts(
            body, (), "令和8年12月4日",
            table=tuple((one, "昭和45年3月10日", "北海道函館市東雲町", "令和8年9月1日") for one in (FATHER.name, MOTHER.name)),
        ),
        CertificateKind.EX_OFFICIO_NOTICE: LetterFacts(
            place, table=tuple((one, "職権による消除", "令和8年11月19日") for one in (FATHER.name, MOTHER.name))
        ),
        CertificateKind.PUBLIC_NOTICE: LetterFacts(
            None, (("公示の理由", left[0]), ("公示の期間", f"{left[1]}まで")), words=left[0],
            table=((FATHER.name, ADDRESS, "職権による消除", "令和8年11月19日"),
                   (MOTHER.name, "（省略）", "職権による消除", "令和8年11月19日")),
        ),
        CertificateKind.SURVEY_SHEET: LetterFacts(
            None, (("調査の番号", "2026-000001"), ("住　所", ADDRESS)),
            table=((FATHER.name, "昭和45年3月10日", "男", "世帯主", "□"), (MOTHER.name, "昭和47年12月5日", "女", "妻", "□"),
                   *((MOTHER.name, f"平成{year}年12月25日", "女", "妻の子", "□") for year in range(20, 24))),
        ),
        CertificateKind.SEAL_INQUIRY: LetterFacts(place, (("申請の日", "令和8年11月20日"), ("対象の方", who)), "令和8年12月20日"),
        CertificateKind.SEAL_GUARANTEE: LetterFacts(
            None, (("氏　名", who), ("住　所", ADDRESS), ("生年月日", "昭和45年3月10日"))
        ),
        CertificateKind.RENAMED_NOTICE: LetterFacts(
            place, (("変更前の住所", ADDRESS), ("変更後の住所", ADDRESS.replace("一丁目2番3号", "二丁目1番1号")),
                    ("変更の年月日", "令和8年11月20日"), ("変更の理由", "住居表示の実施")),
            table=((FATHER.name, "昭和45年3月10日"), (MOTHER.name, "昭和47年12月5日")),
        ),
    }[kind]  # fmt: skip


def number_notice(place: LetterPlace | None = NOTICE_PLACE, number: str = "2026-00000123") -> Certificate:
    """A notice of an individual number with its form; a number that passes no check."""
    items = (
        (Item.INDIVIDUAL_NUMBER, "123456789010"), (Item.BIRTH_DATE, "平成2年1月2日"), (Item.SEX, "女"),
        (Item.ADDRESS, f"〒100-0005　{ADDRESS}"),
    )  # fmt: skip
    rows = (
        ("返還先", "〒100-0010　東京都架空区一番　架空区"),
        ("交付場所", "〒100-0011　東京都架空区二番　架空区市民課"),
    )
    facts = LetterFacts(place, rows, words="1／2", contact="架空区　03-0000-0001")
    what = CertificateContent(
        CertificateKind.NUMBER_NOTICE, "", None, (person(MOTHER.name, "カサイ　ハナコ", *items),), facts
    )
    return replace(certificate(what, number), verification="12345678901234567890123")
