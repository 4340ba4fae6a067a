"""The Japanese word of each coded value that stands on a screen."""

from enum import StrEnum

from daicho.faces.wording.areas import AREA_WORDS
from daicho.faces.wording.filings import FILING_WORDS
from daicho.faces.wording.hall import HALL_WORDS
from daicho.faces.wording.papers import PAPER_WORDS
from daicho.faces.wording.retention import RETENTION_WORDS
from daicho.faces.wording.supplements import SUPPLEMENT_WORDS
from daicho.faces.wording.upkeep import UPKEEP_WORDS
from daicho.nodes.office.queues import Queue
from daicho.rules.certificates.content import CertificateItem, CertificateKind
from daicho.rules.certificates.request import CertificateRequester, Delivery, IdentityProof, IssueChannel
from daicho.rules.deferral.affair import AffairKind, AffairState
from daicho.rules.handover.order import HandoverOrderState, HandoverWay
from daicho.rules.network.kinds import Relation
from daicho.rules.operators.authority import Role
from daicho.rules.people.characters.identify import Unsettled
from daicho.rules.people.characters.own import (
    CaseOutcome,
    CharacterSource,
    CharacterState,
    CharacterStep,
    MeetingPlace,
)
from daicho.rules.people.sex import Sex
from daicho.rules.programmes.item import Programme, ProgrammeKind, ProgrammeSource, ProgrammeStep
from daicho.rules.protection.measure import (
    AddressRole,
    ConsultedBody,
    EndCause,
    ProtectionGround,
    ProtectionState,
    ProtectionStep,
)
from daicho.rules.protection.proposal import ProposalKind
from daicho.rules.register.household_change import HouseholdMove
from daicho.rules.register.name_change import NameCause
from daicho.rules.register.reasons import ChangeKind, ChangeReason, Ground
from daicho.rules.register.reception import Authority, Channel, Document, Notifier
from daicho.rules.register.record import AddressReason, ResidentKind
from daicho.rules.register.statistics import CountedBy, Movement
from daicho.rules.seals.ordinance import SealFault, SealMaterial
from daicho.rules.seals.registration import (
    SealEndCause,
    SealRequestKind,
    SealState,
    SealStep,
    SuspensionCause,
)
from daicho.rules.seals.visit import SealApplicant, SealProof

_TABLES: dict[type[StrEnum], dict[str, str]] = {
    **UPKEEP_WORDS,
    **PAPER_WORDS,
    **HALL_WORDS,
    **FILING_WORDS,
    **SUPPLEMENT_WORDS,
    **RETENTION_WORDS,
    **AREA_WORDS,
    Sex: {
        Sex.MALE: "男",
        Sex.FEMALE: "女",
        Sex.UNKNOWN: "不詳",
    },
    ResidentKind: {
        ResidentKind.JAPANESE: "日本人住民",
        ResidentKind.FOREIGN: "外国人住民",
    },
    AddressReason: {
        AddressReason.MOVE_IN: "転入",
        AddressReason.MOVE_IN_FROM_ABROAD: "国外から転入",
        AddressReason.MOVE_WITHIN: "転居",
        AddressReason.BIRTH: "出生",
        AddressReason.EX_OFFICIO: "職権",
        AddressReason.UNKNOWN: "不詳",
    },
    Ground: {
        Ground.NOTICE: "届出",
        Ground.EX_OFFICIO: "職権",
        Ground.REPORT: "通知",
    },
    Role: {
        Role.CLERK: "窓口担当",
        Role.VERIFIER: "審査担当",
        Role.SECURITY_OFFICER: "セキュリティ責任者",
        Role.ADMINISTRATOR: "システム管理者",
        Role.PASSPORT_CLERK: "旅券担当",
        Role.PROTECTION_OFFICER: "支援措置担当",
        Role.RECORDS_OFFICER: "文書管理担当",
        Role.AUDITOR: "監査者",
    },
    Relation: {
        Relation.OWN_REGISTRY_TO_CS: "自団体の住民記録からコミュニケーションサーバへ",
        Relation.OWN_CS_TO_REGISTRY: "自団体のコミュニケーションサーバから住民記録へ",
        Relation.CS_TO_OWN_PREFECTURE: "市区町村のコミュニケーションサーバから都道府県サーバへ",
        Relation.PREFECTURE_TO_OWN_CS: "都道府県サーバから市区町村のコミュニケーションサーバへ",
        Relation.PREFECTURE_TO_NATIONAL: "都道府県サーバから全国サーバへ",
        Relation.NATIONAL_TO_PREFECTURE: "全国サーバから都道府県サーバへ",
        Relation.CS_TO_NATIONAL: "市区町村のコミュニケーションサーバから全国サーバへ",
        Relation.NATIONAL_TO_CS: "全国サーバから市区町村のコミュニケーションサーバへ",
        Relation.CS_TO_CS: "市区町村のコミュニケーションサーバの間",
        Relation.AGENCY_TO_NATIONAL: "国の機関等から全国サーバへ",
        Relation.AUDITOR_TO_ANY: "監査人から",
    },
    ProtectionGround: {
        ProtectionGround.DOMESTIC_VIOLENCE: "配偶者からの暴力",
        ProtectionGround.STALKING: "ストーカー行為等",
        ProtectionGround.CHILD_ABUSE: "児童虐待",
        ProtectionGround.SIMILAR: "その他これらに準ずるもの",
    },
    ProtectionState: {
        ProtectionState.PROVISIONAL: "仮の支援措置",
        ProtectionState.IN_FORCE: "支援措置中",
        ProtectionState.RENEWABLE: "延長の受付中",
        ProtectionState.EXPIRED: "期間満了（終了の処理待ち）",
        ProtectionState.ENDED: "終了",
    },
    ConsultedBody: {
        ConsultedBody.POLICE: "警察",
        ConsultedBody.SUPPORT_CENTRE: "配偶者暴力相談支援センター",
        ConsultedBody.CHILD_GUIDANCE_CENTRE: "児童相談所",
        ConsultedBody.MUNICIPALITY: "他の市区町村",
        ConsultedBody.OTHER: "その他の機関",
    },
    AddressRole: {
        AddressRole.PRESENT: "現住所",
        AddressRole.PREVIOUS: "前住所",
        AddressRole.DOMICILE: "本籍",
    },
    EndCause: {
        EndCause.WITHDRAWN: "終了の申出",
        EndCause.TERM_OVER: "期間満了",
        EndCause.NOT_CONFIRMED: "支援の必要性が認められない",
        EndCause.FALSE_STATEMENT: "不正な申出",
        EndCause.DIED: "対象者の死亡",
    },
    ProtectionStep: {
        ProtectionStep.APPLIED: "申出の受付",
        ProtectionStep.OPINION_NOTED: "意見の記録",
        ProtectionStep.RENEWED: "延長",
        ProtectionStep.TOWNS_TOLD: "ほかの市区町村への転送",
        ProtectionStep.RELEASED: "一時解除",
        ProtectionStep.ENDED: "終了",
    },
    ProposalKind: {
        ProposalKind.RELEASE: "一時解除",
        ProposalKind.END: "終了",
    },
    CharacterSource: {
        CharacterSource.FAMILY_REGISTER: "戸籍",
        CharacterSource.RESIDENCE_CARD: "在留カード等",
        CharacterSource.MOVE_OUT_CERTIFICATE: "転出証明書",
        CharacterSource.FORMER_RECORD: "移行前の住民記録",
        CharacterSource.OTHER: "その他の書類",
    },
    CharacterState: {
        CharacterState.UNIDENTIFIED: "未同定",
        CharacterState.PROPOSED: "確認待ち",
        CharacterState.IDENTIFIED: "同定済み",
        CharacterState.WITHOUT_COUNTERPART: "対応する文字なし",
    },
    CharacterStep: {
        CharacterStep.DESCRIBED: "台帳への記録",
        CharacterStep.PROPOSED: "同定の案",
        CharacterStep.CONFIRMED: "確認",
        CharacterStep.DECLINED: "差し戻し",
        CharacterStep.WITHDRAWN: "取下げ",
    },
    MeetingPlace: {
        MeetingPlace.ENTRY: "異動の記録",
        MeetingPlace.IMPORT: "住民記録の取り込み",
        MeetingPlace.PAPER: "証明書の印刷前の検査",
        MeetingPlace.SURVEY: "以前からの記録",
    },
    CaseOutcome: {
        CaseOutcome.IDENTIFIED: "同定",
        CaseOutcome.DRAWN: "図形の登録",
        CaseOutcome.REPLACED: "記録の修正",
    },
    Unsettled: {
        Unsettled.OTHER_COLLECTION: "対応の決まらない異体字（Adobe-Japan1）",
        Unsettled.UNKNOWN_SEQUENCE: "どの集合にもない異体字",
        Unsettled.PRIVATE_USE: "外字（私用領域）",
        Unsettled.NOT_LISTED: "文字情報一覧表にない漢字",
        Unsettled.NO_CODE: "相手の集合に符号がない",
        Unsettled.NO_TARGET: "縮退先がない",
        Unsettled.SEVERAL_TARGETS: "縮退先が複数ある",
        Unsettled.OUTSIDE: "相手の集合の外",
        Unsettled.NO_GLYPH: "書体にない文字",
    },
    HouseholdMove: {
        HouseholdMove.JOIN: "世帯構成変更（ほかの世帯に入る）",
        HouseholdMove.SPLIT: "世帯分離",
        HouseholdMove.MERGE: "世帯合併",
    },
    NameCause: {
        NameCause.MARRIAGE: "婚姻",
        NameCause.DIVORCE: "離婚",
        NameCause.ADOPTION: "養子縁組",
        NameCause.ADOPTION_ENDED: "養子離縁",
        NameCause.FAMILY_REGISTER_MOVED: "転籍",
        NameCause.FAMILY_REGISTER_ENTERED: "入籍",
        NameCause.FAMILY_REGISTER_SPLIT: "分籍",
        NameCause.SURNAME_RESTORED: "復氏",
        NameCause.ACKNOWLEDGED: "認知",
        NameCause.NAME_CHANGED: "氏名の変更",
        NameCause.FAMILY_REGISTER_CORRECTED: "戸籍訂正",
        NameCause.FURIGANA: "振り仮名の記載",
        NameCause.FORMER_SURNAME: "旧氏の記載・変更・削除",
        NameCause.ALIAS: "通称の記載・削除",
        NameCause.FOREIGN_REPORT: "出入国在留管理庁長官の通知",
    },
    Channel: {
        Channel.COUNTER: "窓口",
        Channel.POST: "郵送",
        Channel.ONLINE: "電子申請",
    },
    Notifier: {
        Notifier.SELF: "本人",
        Notifier.HOUSEHOLDER: "世帯主",
        Notifier.SAME_HOUSEHOLD: "同一世帯の方",
        Notifier.LEGAL_REPRESENTATIVE: "法定代理人",
        Notifier.AGENT: "任意代理人",
    },
    Document: {
        Document.NUMBER_CARD: "個人番号カード",
        Document.NOTIFICATION_CARD: "通知カード",
        Document.DRIVING_LICENCE: "運転免許証・運転経歴証明書",
        Document.PASSPORT: "旅券",
        Document.RESIDENCE_CARD: "在留カード・特別永住者証明書",
        Document.DISABILITY_CERTIFICATE: "障害者手帳",
        Document.OTHER_PHOTO: "その他の写真付き公的書類",
        Document.INSURANCE_CERTIFICATE: "資格確認書・被保険者証（写真なし）",
        Document.PENSION_CERTIFICATE: "年金手帳・年金証書（写真なし）",
        Document.OTHER_OFFICIAL: "その他の写真のない公的書類",
        Document.SIGNATURE: "署名用電子証明書（電子申請）",
    },
    Authority: {
        Authority.POWER_OF_ATTORNEY: "委任状",
        Authority.FAMILY_REGISTER_CERTIFICATE: "戸籍の証明書",
        Authority.GUARDIANSHIP_CERTIFICATE: "登記事項証明書（後見等）",
    },
    CertificateKind: {
        CertificateKind.HOUSEHOLD_COPY: "住民票の写し（世帯連記式）",
        CertificateKind.PERSONAL_COPY: "住民票の写し（個人票）",
        CertificateKind.RECORDED_ITEMS: "住民票記載事項証明書",
        CertificateKind.REMOVED_COPY: "除票の写し",
        CertificateKind.REWRITTEN_COPY: "改製原住民票の写し",
        CertificateKind.MOVE_OUT: "転出証明書",
        CertificateKind.CODE_NOTICE: "住民票コード通知票",
        CertificateKind.CODE_CHANGE_NOTICE: "住民票コード変更通知票",
        CertificateKind.ACCEPTANCE_NOTICE: "住所異動受理通知",
        CertificateKind.SEAL: "印鑑登録証明書",
    },
    CertificateItem: {
        CertificateItem.BIRTH_DATE: "生年月日",
        CertificateItem.SEX: "性別",
        CertificateItem.ADDRESS: "住所",
        CertificateItem.RESIDENT_SINCE: "住民となった年月日",
        CertificateItem.ADDRESS_SINCE: "住所を定めた年月日",
        CertificateItem.NOTIFIED_ON: "届出の年月日",
        CertificateItem.PREVIOUS_ADDRESS: "前住所",
        CertificateItem.FORMER_SURNAME: "旧氏",
        CertificateItem.ALIAS: "通称",
        CertificateItem.ROMAN_NAME: "ローマ字氏名",
        CertificateItem.RELATIONSHIP: "続柄",
        CertificateItem.HOUSEHOLDER: "世帯主",
        CertificateItem.REGISTERED_DOMICILE: "本籍",
        CertificateItem.FAMILY_REGISTER_HEAD: "筆頭者",
        CertificateItem.INDIVIDUAL_NUMBER: "個人番号",
        CertificateItem.RECORD_CODE: "住民票コード",
        CertificateItem.NATIONALITY: "国籍・地域",
        CertificateItem.FOREIGN_SINCE: "外国人住民となった年月日",
        CertificateItem.FOREIGN_CATEGORY: "法第30条の45の区分",
        CertificateItem.RESIDENCE_STATUS: "在留資格",
        CertificateItem.RESIDENCE_PERIOD: "在留期間",
        CertificateItem.RESIDENCE_EXPIRES_ON: "在留期間の満了の日",
        CertificateItem.RESIDENCE_CARD_NUMBER: "在留カード等の番号",
        CertificateItem.ALIAS_HISTORY: "通称の記載と削除の履歴",
        CertificateItem.PROGRAMMES: "国民健康保険等の資格",
        CertificateItem.REMARKS: "備考（異動の履歴）",
        CertificateItem.REMOVAL: "消除の事由と年月日",
        CertificateItem.MOVE_OUT_TO: "転出先",
        CertificateItem.MOVE_OUT_ON: "転出（予定）年月日",
    },
    CertificateRequester: {
        CertificateRequester.SELF: "本人",
        CertificateRequester.SAME_HOUSEHOLD: "同一世帯の方",
        CertificateRequester.AGENT: "代理人",
        CertificateRequester.THIRD_PARTY: "第三者（法第12条の3第1項）",
        CertificateRequester.PROFESSIONAL: "職務上請求（法第12条の3第2項）",
        CertificateRequester.PUBLIC: "公用請求（法第12条の2）",
    },
    IssueChannel: {
        IssueChannel.COUNTER: "窓口",
        IssueChannel.POST: "郵送",
        IssueChannel.KIOSK: "コンビニ交付",
        IssueChannel.WIDE_AREA: "広域交付",
    },
    IdentityProof: {
        IdentityProof.NONE: "なし",
        IdentityProof.DOCUMENTS: "写真のない公的書類と聞き取り",
        IdentityProof.PHOTO: "写真付きの公的書類",
        IdentityProof.CARD: "個人番号カード",
    },
    Delivery: {
        Delivery.HANDED_OVER: "窓口で手渡す",
        Delivery.PRINTED_AT_KIOSK: "キオスク端末で印刷する",
        Delivery.SENT_TO_ISSUING_TOWN: "交付地の市区町村へ送る",
        Delivery.POSTED_TO_PERSON: "本人の住所へ郵送する",
        Delivery.POSTED_TO_REQUESTER: "請求者へ郵送する",
    },
    Programme: {
        Programme.VOTER: "選挙人名簿",
        Programme.NHI: "国民健康保険",
        Programme.LATE_ELDERLY: "後期高齢者医療",
        Programme.CARE: "介護保険",
        Programme.PENSION: "国民年金",
        Programme.CHILD_ALLOWANCE: "児童手当",
    },
    ProgrammeKind: {
        ProgrammeKind.FIRST: "第1号被保険者",
        ProgrammeKind.VOLUNTARY: "任意加入被保険者",
    },
    ProgrammeStep: {
        ProgrammeStep.ACQUIRED: "資格取得・登録・支給開始",
        ProgrammeStep.KIND_CHANGED: "種別変更",
        ProgrammeStep.LOST: "資格喪失・抹消・支給終了",
        ProgrammeStep.CORRECTED: "訂正",
        ProgrammeStep.REVOKED: "取消",
    },
    ProgrammeSource: {
        ProgrammeSource.OFFICE: "所管課等の通知",
        ProgrammeSource.EX_OFFICIO: "職権",
    },
    SealMaterial: {
        SealMaterial.WOOD: "木",
        SealMaterial.HORN: "角・牙",
        SealMaterial.STONE: "石",
        SealMaterial.METAL: "金属",
        SealMaterial.HARD_RESIN: "硬い樹脂",
        SealMaterial.RUBBER: "ゴム",
        SealMaterial.SOFT: "その他変形しやすいもの",
    },
    SealFault: {
        SealFault.UNCLEAR: "印影が鮮明でない",
        SealFault.FRAME_BROKEN: "外枠が欠けている",
        SealFault.OTHER_MATTER: "職業・資格など氏名以外の事項を表している",
        SealFault.OTHERS: "ほかの方が登録している",
    },
    SealApplicant: {
        SealApplicant.SELF: "本人",
        SealApplicant.WITH_GUARDIAN: "本人（成年後見人が同行）",
        SealApplicant.AGENT: "代理人",
    },
    SealProof: {
        SealProof.NONE: "なし",
        SealProof.DOCUMENTS: "写真のない公的書類と聞き取り",
        SealProof.GUARANTEE: "登録を受けている方の保証書",
        SealProof.PHOTO: "写真付きの公的書類",
        SealProof.CARD: "個人番号カード",
    },
    SealRequestKind: {
        SealRequestKind.REGISTER: "登録",
        SealRequestKind.ABOLISH: "廃止・抹消",
        SealRequestKind.RESUME: "停止の解除",
        SealRequestKind.EXCHANGE_CARD: "登録証の引替交付",
    },
    SealEndCause: {
        SealEndCause.REQUESTED: "廃止の申請",
        SealEndCause.CHANGED: "改印",
        SealEndCause.SEAL_LOST: "印鑑の亡失",
        SealEndCause.CARD_LOST: "登録証の亡失",
        SealEndCause.GUARDIANSHIP: "後見開始の審判",
        SealEndCause.MOVED_OUT: "転出",
        SealEndCause.DIED: "死亡",
        SealEndCause.STRUCK: "職権消除",
        SealEndCause.NAME_CHANGED: "氏名等の変更",
    },
    SuspensionCause: {
        SuspensionCause.CARD_LOST: "登録証の亡失の届出",
        SuspensionCause.SEAL_LOST: "印鑑の亡失の届出",
        SuspensionCause.OTHER: "その他",
    },
    SealState: {
        SealState.REGISTERED: "登録",
        SealState.SUSPENDED: "停止中",
        SealState.ENDED: "抹消",
    },
    SealStep: {
        SealStep.REGISTERED: "登録",
        SealStep.SUSPENDED: "停止",
        SealStep.RESUMED: "停止の解除",
        SealStep.CARD_EXCHANGED: "登録証の引替え",
        SealStep.CARD_HANDED_OVER: "登録証の交付",
        SealStep.RENAMED: "氏名の修正（印影はそのまま）",
        SealStep.TOLD: "職権による抹消の本人への通知",
    },
    CountedBy: {
        CountedBy.RECORDED: "記録した日（処理日）",
        CountedBy.LEGAL_DAY: "異動日",
    },
    Movement: {
        Movement.BIRTH: "出生",
        Movement.DEATH: "死亡",
        Movement.MOVE_IN: "転入（国内）",
        Movement.MOVE_IN_FROM_ABROAD: "転入（国外）",
        Movement.MOVE_OUT: "転出（国内）",
        Movement.MOVE_OUT_ABROAD: "転出（国外）",
        Movement.NATIONALITY_IN: "その他（帰化等・国籍喪失）",
        Movement.NATIONALITY_OUT: "その他（帰化等・国籍喪失）",
        Movement.OTHER_IN: "その他",
        Movement.OTHER_OUT: "その他",
    },
    Queue: {
        Queue.UNVERIFIED: "未審査",
        Queue.REFUSED_LETTERS: "返戻された通知",
        Queue.ON_HOLD: "保留",
        Queue.PROTECTION: "支援措置",
        Queue.UPKEEP: "正確な記録の確保",
        Queue.CHARACTERS: "同定待ちの文字",
        Queue.SEALS: "印鑑登録の審査",
        Queue.TILL: "日計の確認",
        Queue.NOTICES: "通知の作成・発送",
        Queue.INSPECTIONS: "閲覧の審査",
        Queue.EXTRACTIONS: "データ抽出の承認",
        Queue.LINKS: "庁内連携",
        Queue.DISPOSAL: "廃棄の承認",
        Queue.AREAS: "住居表示等の承認",
        Queue.AREA_REST: "住居表示等の確認",
        Queue.FILINGS: "9条2項通知（受領）の処理",
        Queue.FILINGS_TO_CONFIRM: "9条2項通知（受領）の審査",
        Queue.FILINGS_TO_SEND: "9条2項通知（送付）の審査",
        Queue.FILINGS_BACK: "9条2項通知（送付）の戻り",
        Queue.SUPPLEMENTS: "附票の通知（受領）の処理",
        Queue.SUPPLEMENTS_OWED: "附票の通知（送付）の確認",
        Queue.SUPPLEMENTS_TO_CLOSE: "戸籍照合通知の終了の審査",
        Queue.DEFERRED: "通信回復後に処理",
    },
    HandoverWay: {HandoverWay.IN: "取込み", HandoverWay.OUT: "書き出し"},
    HandoverOrderState: {
        HandoverOrderState.WAITING: "承認待ち",
        HandoverOrderState.READY: "承認済み",
        HandoverOrderState.DECLINED: "不承認",
        HandoverOrderState.USED: "使用済み",
    },
    AffairKind: {
        AffairKind.DISCLOSURE: "本人開示",
        AffairKind.WITHOUT_CODE: "住民票コードの補充を待つ記載",
        AffairKind.CARD_MOVE_IN: "特例転入",
        AffairKind.LOOK_UP: "他の市区町村の方の照会",
        AffairKind.NUMBER: "個人番号の確認",
        AffairKind.OTHER: "その他",
    },
    AffairState: {
        AffairState.WAITING: "処理待ち",
        AffairState.FINISHED: "処理済み",
        AffairState.WITHDRAWN: "取下げ",
    },
    ChangeKind: {
        ChangeKind.MOVE_IN: "転入",
        ChangeKind.MOVE_IN_FROM_ABROAD: "国外からの転入",
        ChangeKind.BIRTH: "出生",
        ChangeKind.EX_OFFICIO_ENTRY: "職権記載",
        ChangeKind.RESTORATION: "職権回復",
        ChangeKind.MOVE_OUT_NOTICE: "転出届",
        ChangeKind.MOVE_OUT: "転出",
        ChangeKind.DEATH: "死亡",
        ChangeKind.EX_OFFICIO_STRIKE: "職権消除",
        ChangeKind.MOVE_WITHIN: "転居",
        ChangeKind.NAME_CHANGE: "氏名の修正",
        ChangeKind.HOUSEHOLD_CHANGE: "世帯変更",
        ChangeKind.HOUSEHOLDER_CHANGE: "世帯主変更",
        ChangeKind.CORRECTION: "誤記修正",
        ChangeKind.REWRITING: "改製",
        ChangeKind.ADDRESS_RENAMED: "住居表示・町名地番変更",
        ChangeKind.CODE_CHANGE: "住民票コードの変更",
        ChangeKind.NUMBER_CHANGE: "個人番号の記載・変更",
        ChangeKind.CANCELLATION: "異動取消",
        ChangeKind.IMPORT: "初期移行",
    },
    ChangeReason: {
        ChangeReason.MOVE_IN: "国内転入",
        ChangeReason.MOVE_IN_FROM_ABROAD: "国外転入等",
        ChangeReason.BIRTH: "出生",
        ChangeReason.ENTERED_NATURALISED: "職権記載等（帰化等）",
        ChangeReason.ENTERED_NATIONALITY_LOST: "職権記載等（国籍喪失）",
        ChangeReason.ENTERED_OTHER: "職権記載等（その他）",
        ChangeReason.MOVE_OUT: "国内転出",
        ChangeReason.MOVE_OUT_ABROAD: "国外転出",
        ChangeReason.DEATH: "死亡",
        ChangeReason.STRUCK_NATURALISED: "職権消除等（帰化等）",
        ChangeReason.STRUCK_NATIONALITY_LOST: "職権消除等（国籍喪失）",
        ChangeReason.STRUCK_OTHER: "職権消除等（その他）",
        ChangeReason.MOVE_WITHIN: "転居",
        ChangeReason.MINOR_CORRECTION: "軽微な修正",
        ChangeReason.AMENDED_EX_OFFICIO: "職権修正等",
        ChangeReason.NUMBER_ENTERED: "個人番号の記載",
        ChangeReason.NUMBER_CHANGED_ON_REQUEST: "個人番号の変更（請求）",
        ChangeReason.NUMBER_CHANGED_EX_OFFICIO: "個人番号の変更（職権）",
        ChangeReason.CODE_CHANGED_ON_REQUEST: "住民票コードの変更（請求）",
        ChangeReason.CODE_CHANGED_EX_OFFICIO: "住民票コードの修正（職権）",
        ChangeReason.NOT_REPORTED: "通知を要しない異動",
    },
}


def word(member: StrEnum) -> str:
    """Put a coded value into words.

    Raises: KeyError when a value has no word, which a test forbids.
    """
    return _TABLES[type(member)][member.value]


def worded() -> tuple[type[StrEnum], ...]:
    """List the enumerations whose every member must have a word."""
    return tuple(_TABLES)
