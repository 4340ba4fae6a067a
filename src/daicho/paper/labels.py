"""What each item is called on paper, and how much room it takes."""

from dataclasses import dataclass

from daicho.rules.certificates.content import CertificateItem


@dataclass(frozen=True, slots=True)
class Label:
    """An item's label in the pieces that no line may break, and whether its value takes a line for itself."""

    pieces: tuple[str, ...]
    wide: bool = False


# Two-letter labels are spaced to the width of four, as on every form of a town hall.
LABELS: dict[CertificateItem, Label] = {
    CertificateItem.BIRTH_DATE: Label(("生年月日",)),
    CertificateItem.SEX: Label(("性　別",)),
    CertificateItem.ADDRESS: Label(("住　所",), wide=True),
    CertificateItem.RESIDENT_SINCE: Label(("住民となった", "年月日")),
    CertificateItem.ADDRESS_SINCE: Label(("住所を定めた", "年月日")),
    CertificateItem.NOTIFIED_ON: Label(("届出年月日",)),
    CertificateItem.PREVIOUS_ADDRESS: Label(("前住所",), wide=True),
    CertificateItem.FORMER_SURNAME: Label(("旧　氏",)),
    CertificateItem.ALIAS: Label(("通　称",)),
    CertificateItem.ROMAN_NAME: Label(("ローマ字", "氏名"), wide=True),
    CertificateItem.RELATIONSHIP: Label(("続　柄",)),
    CertificateItem.HOUSEHOLDER: Label(("世帯主",)),
    CertificateItem.REGISTERED_DOMICILE: Label(("本　籍",), wide=True),
    CertificateItem.FAMILY_REGISTER_HEAD: Label(("筆頭者",)),
    CertificateItem.INDIVIDUAL_NUMBER: Label(("個人番号",)),
    CertificateItem.RECORD_CODE: Label(("住民票", "コード")),
    CertificateItem.NATIONALITY: Label(("国籍・地域",)),
    CertificateItem.FOREIGN_SINCE: Label(("外国人住民と", "なった年月日")),
    CertificateItem.FOREIGN_CATEGORY: Label(("第３０条の", "４５の区分")),
    CertificateItem.RESIDENCE_STATUS: Label(("在留資格",)),
    CertificateItem.RESIDENCE_PERIOD: Label(("在留期間",)),
    CertificateItem.RESIDENCE_EXPIRES_ON: Label(("在留期間の", "満了の日")),
    CertificateItem.RESIDENCE_CARD_NUMBER: Label(("在留カード等", "の番号")),
    CertificateItem.ALIAS_HISTORY: Label(("通称の記載", "及び削除"), wide=True),
    CertificateItem.PROGRAMMES: Label(("保険・年金等",), wide=True),
    CertificateItem.REMARKS: Label(("備　考",), wide=True),
    CertificateItem.REMOVAL: Label(("消除の事由",), wide=True),
    CertificateItem.MOVE_OUT_TO: Label(("転出先",), wide=True),
    CertificateItem.MOVE_OUT_ON: Label(("転出年月日",)),
}
# Written as they are: letters and digits of these stand on other cards and papers in the same width.
IN_NARROW_LETTERS = frozenset({CertificateItem.ROMAN_NAME, CertificateItem.RESIDENCE_CARD_NUMBER})
LEFT_OUT = "省略"
# A cell in which nothing is recorded carries a mark, so that nobody can write into it (own definition).
NOTHING_RECORDED = "―"
