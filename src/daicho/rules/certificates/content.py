"""What a certificate says: for each person the items in their order, with those left out marked as such."""

from dataclasses import dataclass
from enum import StrEnum


class CertificateKind(StrEnum):
    """What is issued at the counter, at a kiosk or by post.  証明書・通知の種類"""

    HOUSEHOLD_COPY = "HOUSEHOLD_COPY"  # 住民票の写し（世帯連記式）
    PERSONAL_COPY = "PERSONAL_COPY"  # 住民票の写し（個人票）
    RECORDED_ITEMS = "RECORDED_ITEMS"  # 住民票記載事項証明書
    REMOVED_COPY = "REMOVED_COPY"  # 除票の写し
    REWRITTEN_COPY = "REWRITTEN_COPY"  # 改製原住民票の写し
    MOVE_OUT = "MOVE_OUT"  # 転出証明書
    CODE_NOTICE = "CODE_NOTICE"  # 住民票コード通知票
    CODE_CHANGE_NOTICE = "CODE_CHANGE_NOTICE"  # 住民票コード変更通知票
    ACCEPTANCE_NOTICE = "ACCEPTANCE_NOTICE"  # 住所異動受理通知
    SEAL = "SEAL"  # 印鑑登録証明書
    REMINDER = "REMINDER"  # 催告書
    PERSON_INQUIRY = "PERSON_INQUIRY"  # 居住状況等照会書
    ARRIVAL_INQUIRY = "ARRIVAL_INQUIRY"  # 転入通知未着照会書
    EX_OFFICIO_NOTICE = "EX_OFFICIO_NOTICE"  # 職権記載等通知書
    PUBLIC_NOTICE = "PUBLIC_NOTICE"  # 公示文
    SURVEY_SHEET = "SURVEY_SHEET"  # 住民実態調査票
    SEAL_INQUIRY = "SEAL_INQUIRY"  # 印鑑登録照会書・回答書
    SEAL_GUARANTEE = "SEAL_GUARANTEE"  # 保証書（印鑑登録）
    RENAMED_NOTICE = "RENAMED_NOTICE"  # 住居表示等変更のお知らせ
    RENAMED_CERTIFICATE = "RENAMED_CERTIFICATE"  # 住居表示等変更証明書
    NUMBER_NOTICE = "NUMBER_NOTICE"  # 個人番号通知書・個人番号カード交付申請書（機構）


# What the town writes to somebody, or makes public, on plain paper; it proves nothing and bears no 2D code.
CORRESPONDENCE = frozenset(
    (
        CertificateKind.REMINDER, CertificateKind.PERSON_INQUIRY, CertificateKind.ARRIVAL_INQUIRY,
        CertificateKind.EX_OFFICIO_NOTICE, CertificateKind.PUBLIC_NOTICE, CertificateKind.SURVEY_SHEET,
        CertificateKind.SEAL_INQUIRY, CertificateKind.SEAL_GUARANTEE, CertificateKind.RENAMED_NOTICE,
    )
)  # fmt: skip


class CertificateItem(StrEnum):
    """One item that paper may show.  証明書の記載事項

    Law: 住民基本台帳法 第7条, 第12条, 第30条の45
    """

    BIRTH_DATE = "BIRTH_DATE"  # 生年月日
    SEX = "SEX"  # 性別
    ADDRESS = "ADDRESS"  # 住所
    RESIDENT_SINCE = "RESIDENT_SINCE"  # 住民となった年月日
    ADDRESS_SINCE = "ADDRESS_SINCE"  # 住所を定めた年月日
    NOTIFIED_ON = "NOTIFIED_ON"  # 届出の年月日
    PREVIOUS_ADDRESS = "PREVIOUS_ADDRESS"  # 前住所
    FORMER_SURNAME = "FORMER_SURNAME"  # 旧氏
    ALIAS = "ALIAS"  # 通称
    ROMAN_NAME = "ROMAN_NAME"  # ローマ字氏名
    RELATIONSHIP = "RELATIONSHIP"  # 続柄
    HOUSEHOLDER = "HOUSEHOLDER"  # 世帯主
    REGISTERED_DOMICILE = "REGISTERED_DOMICILE"  # 本籍
    FAMILY_REGISTER_HEAD = "FAMILY_REGISTER_HEAD"  # 筆頭者
    INDIVIDUAL_NUMBER = "INDIVIDUAL_NUMBER"  # 個人番号
    RECORD_CODE = "RECORD_CODE"  # 住民票コード
    NATIONALITY = "NATIONALITY"  # 国籍・地域
    FOREIGN_SINCE = "FOREIGN_SINCE"  # 外国人住民となった年月日
    FOREIGN_CATEGORY = "FOREIGN_CATEGORY"  # 法第30条の45に規定する区分
    RESIDENCE_STATUS = "RESIDENCE_STATUS"  # 在留資格
    RESIDENCE_PERIOD = "RESIDENCE_PERIOD"  # 在留期間
    RESIDENCE_EXPIRES_ON = "RESIDENCE_EXPIRES_ON"  # 在留期間の満了の日
    RESIDENCE_CARD_NUMBER = "RESIDENCE_CARD_NUMBER"  # 在留カード等の番号
    ALIAS_HISTORY = "ALIAS_HISTORY"  # 通称の記載及び削除に関する事項
    PROGRAMMES = "PROGRAMMES"  # 国民健康保険等の資格に関する事項
    REMARKS = "REMARKS"  # 備考（異動履歴）
    REMOVAL = "REMOVAL"  # 消除の事由・年月日
    MOVE_OUT_TO = "MOVE_OUT_TO"  # 転出先
    MOVE_OUT_ON = "MOVE_OUT_ON"  # 転出（予定）年月日


@dataclass(frozen=True, slots=True)
class PrintedItem:
    """One item of one person; no text means that it is left out, an empty one that nothing is recorded.  記載事項"""

    item: CertificateItem
    text: str | None


@dataclass(frozen=True, slots=True)
class PrintedPerson:
    """One person as paper shows them.  記載される者"""

    name: str
    name_reading: str  # as printed: the reading, ******** or a mark of 2025 for what is not confirmed
    items: tuple[PrintedItem, ...]
    struck: bool = False  # 消除された者


@dataclass(frozen=True, slots=True)
class LetterPlace:
    """Whither a letter goes, line by line as the window of the envelope shows it, and who is addressed.  宛名

    `care_of` names at whose home somebody is (様方); a body has 御中 behind its name.
    """

    lines: tuple[str, ...]
    name: str
    care_of: str = ""
    body: bool = False


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """What a letter says besides the fixed words of its kind.  文書の記載内容

    `rows` are labels with their texts, `due` the day until which something is asked, `words` what a clerk adds,
    `table` lines under the columns that the kind has, `contact` the office that answers.
    """

    place: LetterPlace | None = None  # none: it is made public
    rows: tuple[tuple[str, str], ...] = ()
    due: str = ""
    words: str = ""
    table: tuple[tuple[str, ...], ...] = ()
    contact: str = ""


@dataclass(frozen=True, slots=True)
class CertificateContent:
    """What one certificate says of one household or one person.  証明書の内容"""

    kind: CertificateKind
    address: str
    householder_name: str | None  # none: left out
    people: tuple[PrintedPerson, ...]
    letter: LetterFacts | None = None
