"""The fixed words of what the town writes on plain paper: letters, a public notice, sheets to be filled in."""

from daicho.paper.layouts import Form, Layout, Question
from daicho.rules.certificates.content import CertificateKind

_LIVES = ("住民票の住所に住んでいる", "住民票の住所に住んでいない")
_UNTIL_ANSWER = "回答の期限"
_ANSWERED_BY = "回答された方の氏名・連絡先"

LETTER_FORMS: dict[CertificateKind, Form] = {
    CertificateKind.REMINDER: Form(
        "住民異動の届出について（催告）",
        Layout.CORRESPONDENCE,
        opening=(
            "住所や世帯の異動について、住民基本台帳法に定める届出がされていないことが分かりました。"
            "同法第１４条第１項の規定により、次のとおり届出をするよう催告します。"
        ),
        notes=(
            "届出には、本人確認書類（マイナンバーカード、運転免許証など）をお持ちください。世帯主は、世帯員に代わって届出をすることができます（同法第２６条）。",
            "正当な理由がなく届出をしないときは、同法第５２条第２項の規定により、５万円以下の過料に処されることがあります。",
            "期限までに届出がないときは、調査のうえ、住民票の記載、消除又は修正を職権で行うことがあります。",
            "この文書と行き違いに届出をされたときは、ご容赦ください。",
        ),
        due_label="届出の期限",
    ),
    CertificateKind.PERSON_INQUIRY: Form(
        "居住の状況について（照会）",
        Layout.CORRESPONDENCE,
        opening=(
            "住民基本台帳の記録を正確に保つため、居住の状況を確認しています。住民基本台帳法第３４条の規定により照会しますので、"
            "別紙の回答書に記入し、期限までに返送してください。"
        ),
        notes=(
            "期限までに回答がないときは、職員がお住まいを訪ねて調査することがあります。調査をする職員は身分を示す証明書を携帯し、求めがあれば提示します。",
        ),
        due_label=_UNTIL_ANSWER,
        answer="回答書",
        questions=(
            Question("１　住民票の住所に今も住んでいますか。", _LIVES),
            Question("２　住んでいないときは、今の住所といつから住んでいるかを記入してください。", lines=2),
            Question("３　住んでいない方が世帯の一部のときは、その方の氏名を記入してください。", lines=1),
            Question(
                "４　届出をする予定",
                ("届出を済ませた", "これから届出をする", "届出ができない事情がある"),
                lines=1,
            ),
            Question(_ANSWERED_BY, lines=2),
        ),
    ),
    CertificateKind.ARRIVAL_INQUIRY: Form(
        "転入の有無について（照会）",
        Layout.CORRESPONDENCE,
        opening=(
            "次の方は、貴市区町村への転出を届け出ましたが、住民基本台帳法第９条第１項の規定による通知が届いていません。"
            "転入の届出の有無を照会しますので、下記により回答してください。"
        ),
        columns=("氏　名", "生年月日", "届け出た転出先", "転出年月日"),
        due_label=_UNTIL_ANSWER,
        answer="回答書",
        questions=(
            Question("１　転入の届出", ("あり", "なし", "一部の方のみ")),
            Question("２　転入した方の氏名と転入をした年月日（ありのとき）", lines=2),
            Question("３　その他参考となる事項", lines=2),
            Question("回答した市区町村・担当", lines=1),
        ),
    ),
    CertificateKind.EX_OFFICIO_NOTICE: Form(
        "住民票の記載等について（通知）",
        Layout.CORRESPONDENCE,
        opening=(
            "調査の結果、住民票について職権により次のとおり処理をしましたので、"
            "住民基本台帳法施行令第１２条第４項の規定により通知します。"
        ),
        columns=("氏　名", "処　理", "年月日"),
        notes=(
            "この処理に不服があるときは、この通知を受けた日の翌日から起算して３か月以内に、市区町村長に対して審査請求をすることができます（行政不服審査法第１８条）。",
            "この処理の取消しの訴えは、この通知を受けた日の翌日から起算して６か月以内に、市区町村を被告として（市区町村長が被告の代表者となります。）提起することができます（行政事件訴訟法第１４条）。",
            "事実と異なるときや、現在の住所が決まったときは、窓口までご連絡ください。",
        ),
    ),
    CertificateKind.PUBLIC_NOTICE: Form(
        "公示",
        Layout.CORRESPONDENCE,
        opening=(
            "住民票について職権により次のとおり処理をしましたが、住所及び居所が明らかでないことその他の理由により"
            "本人に通知することが困難なため、住民基本台帳法施行令第１２条第４項の規定により公示します。"
        ),
        columns=("氏　名", "住　所", "処　理", "年月日"),
    ),
    CertificateKind.SURVEY_SHEET: Form(
        "住民実態調査票",
        Layout.CORRESPONDENCE,
        opening="住民基本台帳法第３４条の規定により、住民票の記載事項について調査します。",
        columns=("氏　名", "生年月日", "性別", "続　柄", "居　住"),
        notes=(
            "調査をする職員は、住民基本台帳法第３４条第３項の規定により、関係人に質問をし、又は文書の提示を求めることができます。",
            "質問をし、又は文書の提示を求める職員は、身分を示す証明書（調査員証）を携帯し、関係人の請求があったときは提示します（同条第４項）。",
        ),
        sealed=False,
        answer="調査の記録",
        questions=(
            Question("調査の結果", ("記載のとおり", "相違がある", "面会できない")),
            Question("訪問の日時（１回目・２回目・３回目）", lines=1),
            Question("調査した職員の氏名・応対した方（続柄）", lines=1),
            Question("郵便受け・表札・電気や水道のメーターなどの様子", lines=1),
            Question("相違する事項・聞き取った内容", lines=2),
        ),
    ),
    CertificateKind.SEAL_INQUIRY: Form(
        "印鑑登録の申請について（照会）",
        Layout.CORRESPONDENCE,
        opening=(
            "あなたの印鑑登録の申請がありました。この申請が本人の意思によるものかを確かめるため照会します。"
            "申請に間違いがなければ、回答書を本人が記入し、期限までに窓口へお持ちください。"
        ),
        notes=(
            "期限までに回答書の持参がないときは、この申請はなかったものとして取り扱います。",
            "申請に心当たりがないときは、すぐに窓口までご連絡ください。",
            "代理の方が持参するときは、委任の旨を証する書面と、代理の方の本人確認書類が必要です。",
        ),
        due_label=_UNTIL_ANSWER,
        answer="回答書（印鑑登録）",
        questions=(
            Question("１　印鑑登録の申請について", ("本人の意思により申請しました", "申請していません")),
            Question("２　住所", lines=1),
            Question("３　氏名（本人が署名し、登録する印鑑を押してください）", lines=2),
            Question("４　生年月日・連絡先", lines=1),
            Question("代理の方が持参するとき：代理の方の住所・氏名・生年月日", lines=2),
        ),
    ),
    CertificateKind.SEAL_GUARANTEE: Form(
        "保証書（印鑑登録）",
        Layout.CORRESPONDENCE,
        opening="次の方が本人に相違ないことを保証します。",
        notes=(
            "保証人は、この市区町村で印鑑登録を受けている方に限ります。",
            "保証人は、登録を受けた印鑑を押し、印鑑登録証を添えてください。",
        ),
        sealed=False,
        to_the_mayor=True,
        answer="保証人の記入欄",
        questions=(
            Question("保証人の住所", lines=1),
            Question("保証人の氏名（本人が署名し、登録を受けた印鑑を押してください）", lines=2),
            Question("保証人の生年月日", lines=1),
            Question("保証人の印鑑登録番号", lines=1),
            Question("保証した日", lines=1),
        ),
    ),
    CertificateKind.RENAMED_NOTICE: Form(
        "住居表示等の変更のお知らせ",
        Layout.CORRESPONDENCE,
        opening=(
            "次のとおり住所の表示が変わりました。住民票の住所は、職権により修正しましたので、届出の必要はありません。"
        ),
        columns=("氏　名", "生年月日"),
        notes=(
            "運転免許証、登記、預金などの住所の変更には、住居表示等変更証明書を無料で交付します。窓口でお申し出ください。",
            "マイナンバーカードをお持ちの方は、券面の住所の書換えのため、カードを窓口へお持ちください。署名用電子証明書は失効していることがあります。",
        ),
    ),
}
# The Agency's, not the town's: own in layout and wording.
NUMBER_NOTICE_FORM = Form(
    "個人番号通知書",
    Layout.NUMBER_NOTICE,
    opening=(
        "行政手続における特定の個人を識別するための番号の利用等に関する法律第７条第１項の規定により、"
        "あなたの個人番号（マイナンバー）を次のとおり通知します。"
    ),
    notes=(
        "個人番号は、法律で定められた手続のほかでは使われません。人に知らせたり、他人の番号を集めたりすることはできません。",
        "この通知書は、個人番号を証明する書類や本人確認書類として使うことはできません。大切に保管してください。",
        "個人番号カードの交付は、同封の交付申請書で申請できます。",
        "記載に誤りがあるとき、または心当たりがないときは、下記の市区町村へご連絡ください。",
    ),
    answer="個人番号カード交付申請書 兼 電子証明書発行申請書",
    questions=(
        Question("申請の日", lines=1),
        Question("申請者の氏名（署名）", lines=1),
        Question("電話番号", lines=1),
        Question("発行を希望しない電子証明書があるとき", ("署名用電子証明書", "利用者証明用電子証明書")),
        Question("点字表記", ("希望する",)),
        Question("代理人の氏名・住所・本人との関係（１５歳未満の方などの場合）", lines=2),
    ),
)
