"""Each kind of paper: its title, how it is laid out, and the words under which it is issued."""

from daicho.paper.layouts import Form, Layout
from daicho.paper.letter_forms import LETTER_FORMS, NUMBER_NOTICE_FORM
from daicho.rules.certificates.content import CertificateItem, CertificateKind

_CODE_NOTES = (
    "この住民票コードは、住民基本台帳事務及び法律で定められた事務にのみ使われます。",
    "市町村長その他法律で定められた者以外の者が、契約の相手方などに住民票コードの告知を求めることは、住民基本台帳法第３０条の３８により禁じられています。",
    "住民票コードは、住所地の市区町村長に請求して、いつでも変更することができます（同法第３０条の４）。",
)

FORMS: dict[CertificateKind, Form] = {
    CertificateKind.HOUSEHOLD_COPY: Form(
        "住民票の写し", Layout.HOUSEHOLD, words="この写しは、住民票の原本と相違ないことを証明する。"
    ),
    CertificateKind.PERSONAL_COPY: Form(
        "住民票の写し", Layout.PERSONAL, words="この写しは、住民票の原本と相違ないことを証明する。"
    ),
    CertificateKind.RECORDED_ITEMS: Form(
        "住民票記載事項証明書", Layout.HOUSEHOLD, words="上記の事項は、住民票に記載があることを証明する。"
    ),
    CertificateKind.REMOVED_COPY: Form(
        "除票の写し", Layout.PERSONAL, words="この写しは、除票の原本と相違ないことを証明する。"
    ),
    CertificateKind.REWRITTEN_COPY: Form(
        "改製原住民票の写し",
        Layout.PERSONAL,
        words="この写しは、改製原住民票の原本と相違ないことを証明する。",
    ),
    CertificateKind.MOVE_OUT: Form(
        "転出証明書",
        Layout.HOUSEHOLD,
        words="上記のとおり転出の届出があったことを証明する。",
        notes=(
            "新しい住所に住み始めてから１４日以内に、この証明書を添えて、新しい住所地の市区町村長に転入届を出してください。",
        ),
        head=(CertificateItem.MOVE_OUT_TO, CertificateItem.MOVE_OUT_ON),
    ),
    CertificateKind.CODE_NOTICE: Form(
        "住民票コード通知票",
        Layout.LETTER,
        opening="あなたの住民票に記載した住民票コードを、住民基本台帳法の規定により、次のとおり通知します。",
        notes=_CODE_NOTES,
        subject=CertificateItem.RECORD_CODE,
    ),
    CertificateKind.CODE_CHANGE_NOTICE: Form(
        "住民票コード変更通知票",
        Layout.LETTER,
        opening="あなたの住民票に記載した住民票コードを変更したので、住民基本台帳法第３０条の４の規定により、新しい住民票コードを次のとおり通知します。",
        notes=("変更前の住民票コードは使われなくなりました。", *_CODE_NOTES),
        subject=CertificateItem.RECORD_CODE,
    ),
    CertificateKind.ACCEPTANCE_NOTICE: Form(
        "住所異動受理通知",
        Layout.LETTER,
        opening="次のとおり住所の異動の届出を受理しましたので、お知らせします。",
        notes=(
            "この通知は、届出が本人の意思によるものかを確かめる必要があるときに、異動の前の住所にお送りするものです。",
            "届出に心当たりがないときは、すぐに市区町村の窓口までご連絡ください。",
        ),
    ),
    CertificateKind.SEAL: Form(
        "印鑑登録証明書", Layout.SEAL, words="この写しは、登録された印影と相違ないことを証明する。"
    ),
    CertificateKind.RENAMED_CERTIFICATE: Form(
        "住居表示等変更証明書",
        Layout.STATEMENT,
        words="上記のとおり住所の表示が変更されたことを証明する。",
        notes=("この変更は、住所の表示が変わったもので、住所の異動（引っ越し）によるものではありません。",),
    ),
    CertificateKind.NUMBER_NOTICE: NUMBER_NOTICE_FORM,
    **LETTER_FORMS,
}
