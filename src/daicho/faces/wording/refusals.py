"""One entry per refusal code: what happened, and what to do now; the article comes with the refusal."""

from dataclasses import dataclass

from daicho.faces.wording.refused_data import EXTRACT, HANDOVER, IDENTITY, PROVISION, WIRE, Words
from daicho.faces.wording.stops import STOP_WORDS
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.register.processing import StopCause


@dataclass(frozen=True, slots=True)
class Explained:
    """A refusal as a person reads it."""

    code: str
    happened: str
    article: str
    now: str
    field: str


_OPERATORS: dict[Reason, Words] = {
    Reason.NO_LEGAL_BASIS: Words(
        "この利用目的に当たる法令の根拠がありません。",
        "利用目的と根拠を選び直してください。根拠のない照会はできません。",
    ),
    Reason.TOO_FEW_SEARCH_TERMS: Words(
        "検索条件が足りません。",
        "住民票コード、個人番号、「氏名と住所」、「氏名と生年月日」のいずれかで検索してください。",
    ),
    Reason.PURPOSE_MISSING: Words(
        "利用目的または根拠が入力されていません。",
        "検索の前に利用目的と根拠を選んでください。入力は操作履歴に残ります。",
    ),
    Reason.SESSION_ENDED: Words(
        "利用時間が終わったため、ログアウトしました。", "続けるには、もう一度サインインしてください。"
    ),
    Reason.SESSION_IDLE: Words(
        "一定時間操作がなかったため、自動的にログアウトしました。",
        "続けるには、もう一度サインインしてください。席を離れるときはログアウトしてください。",
    ),
    Reason.SESSION_REPLACED: Words(
        "同じ照合IDで別の端末からサインインがあったため、この端末の利用を終了しました。",
        "心当たりがないときは、直ちに責任者を通じてセキュリティ責任者へ報告してください。",
    ),
    Reason.SIGN_IN_FAILED: Words(
        "本人を確認できませんでした。",
        "照合IDを確かめ、もう一度認証してください。続けて失敗するときは責任者へ連絡してください。",
    ),
    Reason.DEMO_ONLY: Words(
        "デモ認証器は、デモ環境でだけ使えます。", "登録済みの認証器でサインインしてください。"
    ),
    Reason.FORM_NOT_OURS: Words(
        "この画面からの送信と確認できないため、受け付けませんでした。",
        "画面を開き直し、もう一度入力してください。",
    ),
    Reason.CODE_WORN_OUT: Words(
        "この確認コードは使えません。期限切れ、使用済み、または入力違いです。",
        "窓口で新しい確認コードを受け取ってください。",
    ),
    Reason.NOT_PERMITTED: Words(
        "この操作の権限がありません。", "権限のある職員に依頼するか、責任者に相談してください。"
    ),
    Reason.SAME_PERSON: Words(
        "入力した本人は、同じ入力を審査できません。許可した本人による修正もできません。",
        "別の職員に依頼してください。",
    ),
}

_REGISTER: dict[Reason, Words] = {
    Reason.ADDRESS_DIFFERS: Words(
        "加わる世帯の住所と、届け出た住所が違います。", "住所または加わる世帯を確かめてください。"
    ),
    Reason.ADDRESS_UNCHANGED: Words(
        "新しい住所が今の住所と同じです。",
        "新しい住所を確かめてください。世帯だけが変わるときは世帯変更届を使います。",
    ),
    Reason.ALIAS_ONLY_FOREIGN: Words("通称は外国人住民だけに記載できます。", "通称の欄を空にしてください。"),
    Reason.ALREADY_CANCELLED: Words("この異動はすでに取り消されています。", "異動履歴を確かめてください。"),
    Reason.ALREADY_REMOVED: Words("この方の住民票はすでに消除されています。", "異動履歴を確かめてください。"),
    Reason.ALREADY_RESIDENT: Words(
        "この方はすでに住民として記録されています。", "住民検索で今の記録を確かめてください。"
    ),
    Reason.NOT_RESTORABLE: Words(
        "転出により消除した記録は、職権回復の対象ではありません。",
        "転出を取り消すか、転入届を受け付けてください。",
    ),
    Reason.RECEPTION_MISSING: Words(
        "だれの届出か、本人確認をどうしたかが入力されていません。",
        "「届出人と本人確認」の欄を入力してください。届出は書面で本人または代理人から受け付けます。",
    ),
    Reason.CHANGED_SINCE: Words(
        "入力のあと、ほかの職員がこの方の記録を変更しました。",
        "この入力を差し戻し、今の記録をもとに入力し直してください。",
    ),
    Reason.CODE_IN_USE: Words(
        "この住民票コードは、ほかの方に記載されています。", "転出証明書の住民票コードを確かめてください。"
    ),
    Reason.CODE_MISSING: Words(
        "記載する住民票コードの残りがありません。", "システム管理者に、住民票コードの補充を依頼してください。"
    ),
    Reason.CONFLICT: Words(
        "この方または世帯に、審査待ちの別の入力があります。",
        "先の入力の審査が終わってから、もう一度入力してください。",
    ),
    Reason.DATE_IN_FUTURE: Words("まだ来ていない日付です。", "日付を確かめてください。"),
    Reason.DATE_ORDER: Words(
        "日付の前後が合いません。", "入力したほかの日付、きょうの日付との前後を確かめてください。"
    ),
    Reason.COUNTS_DISAGREE: Words(
        "期首の人口に異動の数を加えても、期末の人口になりません。",
        "「異動（期間・年報）」の「差」で確かめるか、「記録した日」で数えてください。",
    ),
    Reason.DAY_NOT_OVER: Words("まだ終わっていない日の数です。", "その日が終わってから、作ってください。"),
    Reason.NO_REFERENCE_DAY: Words(
        "月末ではない日の表は、公表用に作れません。", "基準日に、月の最後の日を入力してください。"
    ),
    Reason.PUBLISHED_LATER: Words(
        "この日より後の表を、公表用にすでに作っています。", "一覧から、作った表を開いてください。"
    ),
    Reason.MEASURES_NOT_KNOWN: Words(
        "支援措置の対象となる方がまだ分からないため、公表用の表は作れません。",
        "支援措置を入力し直し、そのことを二人で確かめてから、作ってください。",
    ),
    Reason.FOREIGN_ITEMS_FORBIDDEN: Words(
        "日本人住民に、外国人住民の項目は記載できません。", "住民区分を確かめてください。"
    ),
    Reason.FOREIGN_ITEMS_MISSING: Words(
        "外国人住民に必要な項目が足りません。", "国籍・地域、在留資格などの項目を入力してください。"
    ),
    Reason.FORMER_SURNAME_ONLY_JAPANESE: Words(
        "旧氏は日本人住民だけに記載できます。", "旧氏の欄を空にしてください。"
    ),
    Reason.HOUSEHOLDER_MISSING: Words("世帯主がいません。", "だれが世帯主になるかを選んでください。"),
    Reason.HOUSEHOLDER_TWICE: Words(
        "世帯主が二人います。", "世帯主を一人にし、ほかの方の続柄を直してください。"
    ),
    Reason.HOUSEHOLD_UNKNOWN: Words("加わる世帯が見つかりません。", "世帯番号を確かめてください。"),
    Reason.AREA_KNOWN: Words(
        "同じ対照表が、すでに登録されています。", "一覧から、登録済みの変更を開いてください。"
    ),
    Reason.AREA_OVERLAPS: Words(
        "新しい町名・番地が、まだ終わっていない別の変更の古い町名・番地と同じです。",
        "別の変更が終わってから承認してください。",
    ),
    Reason.LINE_CHAINED: Words(
        "新しい町名・番地が、この表の別の行の古い町名・番地と同じです。",
        "二度変更されないように、表を分けて順に登録してください。",
    ),
    Reason.NOTHING_CHANGES: Words("今の記録から変わる項目がありません。", "届書と入力を見比べてください。"),
    Reason.NOTICE_OVERTAKEN: Words(
        "この方の後の異動の通知を、その市区町村へすでに送付しています。",
        "前の異動の通知を後から送ることはできません。選択から外し、要るときは紙で通知してください。",
    ),
    Reason.NOT_FOUND: Words("該当する記録がありません。", "条件を確かめ、検索し直してください。"),
    Reason.NOT_LIVING: Words(
        "この方は現在の住民ではありません。", "異動履歴で消除の理由を確かめてください。"
    ),
    Reason.NOT_PENDING: Words(
        "この入力は審査待ちではありません。",
        "ほかの職員が先に処理した可能性があります。一覧を開き直してください。",
    ),
    Reason.NOT_SCHEDULED: Words("転出予定が記録されていません。", "転出届から入力してください。"),
    Reason.DESTINATION_STATED: Words(
        "この方には、住所と異なる送付先がすでに記録されています。",
        "いまの送付先を終了してから、新しい送付先を記録してください。",
    ),
    Reason.NUMBER_NOTICE_WAITS: Words(
        "この方の通知書は、すでに機構への通知を待っています。", "通知が済んでから、状況を確かめてください。"
    ),
    Reason.NUMBER_NOT_THEIRS: Words(
        "個人番号が、この方に記録されている番号と異なります。",
        "住民の記録を確かめてから、通知書の再送付を行ってください。",
    ),
    Reason.NUMBER_ASKED: Words(
        "この方の個人番号の変更を、いま求めています。",
        "新しい個人番号が記録されてから、または請求を取り下げてから入力してください。",
    ),
    Reason.NUMBER_NOT_RECORDED: Words(
        "この方の個人番号は、まだ記録されていません。", "個人番号の通知が届いてから請求を受け付けてください。"
    ),
    Reason.NUMBER_NOT_DRAWN: Words(
        "宛名番号または世帯番号を付番できませんでした。",
        "もう一度送信してください。続くときはシステム管理者へ連絡してください。",
    ),
    Reason.OTHER_MUNICIPALITY: Words(
        "この市町村の住所ではないか、届出の種類が違います。", "住所の市町村と届出の種類を確かめてください。"
    ),
    Reason.PERMIT_MISSING: Words(
        "セキュリティ責任者の許可がないため、修正できません。",
        "修正の許可を受け、許可番号を入力してください。",
    ),
    Reason.RELATIONSHIP_MISSING: Words(
        "続柄が入力されていません。", "世帯に残る全員の続柄を入力してください。"
    ),
    Reason.RELATIONSHIP_UNKNOWN: Words(
        "使えない続柄です。", "「妻」「子」「子の子」「妻（未届）」「同居人」などの続柄を入力してください。"
    ),
    Reason.NUMBER_NOT_NEEDED: Words(
        "この利用目的では、個人番号を使う照会はできません。",
        "住民票コード、「氏名と住所」、「氏名と生年月日」のいずれかで照会してください。",
    ),
    Reason.GUESSED_TOO_OFTEN: Words(
        "一致しない個人番号の照会が、今日の上限に達しました。",
        "番号の読み取りと提示された書類を確かめ、責任者に連絡してください。上限は翌日に解かれます。",
    ),
    Reason.SHOWN_TOO_MANY: Words(
        "この画面で照会した方の数が、今日の上限に達しました。",
        "条件を絞って照会し、なお必要なときは責任者に連絡してください。上限は翌日に解かれます。",
    ),
    Reason.REPORT_NOT_FITTING: Words(
        "通知の届書の種類と、入力した異動が合いません。",
        "通知の画面から開いた届出に入力し、「ほかの市区町村長の通知による」を選んだままにしてください。",
    ),
    Reason.REPORT_SETTLED: Words(
        "この通知は、すでに入力してあるか、ほかの職員が先に処理しています。",
        "通知の一覧を開き直してください。入力した内容を直すときは、取り下げるか差し戻しを受けてから入力し直してください。",
    ),
    Reason.MOJ_NOTICE_NOT_FITTING: Words(
        "法務省の通知の種類か対象の方と、入力した異動が合いません。",
        "通知の画面から開いた届出に、その方一人の異動として入力してください。",
    ),
    Reason.MOJ_NOTICE_CHANGED: Words(
        "通知を照合したあと、この方の記録か、ほかの通知が変わりました。",
        "通知の一覧から通知を開き直し、照合の結果を確かめてください。",
    ),
    Reason.CHARACTER_UNWRITTEN: Words(
        "氏名に、変換できなかった文字（〓）が残っています。",
        "在留カード等で文字を確かめ、書き改めてください。",
    ),
    Reason.CHARACTER_WITHOUT_CODE: Words(
        "法務省の文字にない文字が、まだ残っています。", "正字か、読みの仮名に書き換えてください。"
    ),
    Reason.NOTHING_OWED: Words(
        "作成する市町村通知がありません。",
        "変換できない文字で止まっている通知があれば、先に書き換えてください。",
    ),
    Reason.SERIAL_TAKEN: Words(
        "同じ通番で、内容の違うファイルを既に取り込んでいます。",
        "どちらが正しいか、法務省に確かめてください。取り込んだ通知は、そのまま残っています。",
    ),
    Reason.SCHEDULED_ALREADY: Words("すでに転出予定として記録されています。", "異動履歴を確かめてください。"),
    Reason.TOO_LATE: Words(
        "届出の期間を過ぎているため、この方法では受け付けられません。",
        "紙の転出証明書による手続きを案内してください。",
    ),
}

_PAPER: dict[Reason, Words] = {
    Reason.AUTHORITY_NOT_SHOWN: Words(
        "代理権限を示す書類が確認されていません。",
        "任意代理人は委任状、法定代理人は戸籍の証明書か登記事項証明書を確認してください。",
    ),
    Reason.CHARACTER_IN_USE: Words(
        "この文字は、現在の住民の記録でまだ使われています。",
        "記録を修正し、審査が終わってから完了にしてください。",
    ),
    Reason.CHARACTER_KNOWN: Words(
        "この文字は文字情報一覧表で同定されているため、外字として登録できません。",
        "文字検索で確かめてください。印刷の書体にない文字は、待ち行列に載ってから登録できます。",
    ),
    Reason.PICTURE_UNREADABLE: Words(
        "この図形は読み込めません。",
        "512ドット以下の正方形に近い白黒のPNG、または塗りつぶしのパスだけのSVGを、64KB以内で用意してください。",
    ),
    Reason.CHARACTER_MISSING: Words(
        "印刷に使う書体にない文字があるため、証明書を作れません。",
        "「同定待ちの文字」で文字を同定するか図形を登録してから、交付してください。",
    ),
    Reason.ASKER_DIFFERS: Words(
        "請求書に記載された請求者と違う方の請求になっています。",
        "請求者を選び直してください。請求書の請求者がこの証明書を請求できないときは、交付できません。",
    ),
    Reason.FORM_USED: Words(
        "この画面からは、すでに別の請求を受け付けています。",
        "内容が別の請求のものであることを確かめて、もう一度「受け付ける」を押してください。",
    ),
    Reason.SIGNER_AWAY: Words(
        "ほかの市区町村へ送る文書に署名できないため、この処理は行われていません。",
        "しばらくしてからもう一度行ってください。続くときは、システム管理者に連絡してください。",
    ),
    Reason.FEE_SHORT: Words(
        "同封された手数料が足りません。", "不足分を補正依頼で求めるか、金額を確かめてください。"
    ),
    Reason.FONT_MISSING: Words(
        "氏名の文字をすべて備えた書体（IPAmj明朝）がないため、交付できません。",
        "システム管理者に、書体を入れるよう連絡してください。",
    ),
    Reason.NOTICE_OF_FORMER_NUMBER: Words(
        "印刷のあとに個人番号が変更された通知書があります。",
        "その通知書を封筒から抜いて細断し、「取りやめる」を行ってから、もう一度発送を記録してください。",
    ),
    Reason.PRESS_MISSING: Words(
        "印刷機が設定されていないため、作成できません。",
        "システム管理者に、印刷機の公開鍵を設定するよう連絡してください。",
    ),
    Reason.CERTIFICATE_NOT_NEEDED: Words(
        "この転出には転出証明書を交付しません。",
        "国外への転出、カードによる転入届の特例、転出から14日を過ぎた届出、転入通知の届いた転出では交付しません。届出の内容と異動履歴を確かめてください。",
    ),
    Reason.ALREADY_ISSUED: Words(
        "この転出の転出証明書は、すでに作られています。",
        "もう一枚作るときは「再交付」を選び、理由を入力してください。損じた転出証明書は、先に廃棄を記録してください。",
    ),
    Reason.SCOPE_TOO_WIDE: Words(
        "閲覧させる方が多すぎます。", "住民の範囲を、住所・生年月日・性別で狭めてください。"
    ),
    Reason.CHANNEL_NOT_ALLOWED: Words(
        "この方法では受け付けられません。",
        "受け付けられる方法と、届出や請求ができる方を確かめてください。郵送と電子申請で受け付ける届出は転出届です。",
    ),
    Reason.IDENTITY_NOT_PROVEN: Words(
        "窓口に来た方の本人確認が足りません。",
        "写真付きの書類を一つ、なければ写真のない公的な書類と記録事項の聞き取りで確認してください。郵送では写真のない書類を二つ確認します。",
    ),
    Reason.ISSUE_STOPPED: Words(
        "この方法による交付は、現在できません。", "住所地の市区町村の窓口を案内してください。"
    ),
    Reason.ITEM_FORBIDDEN: Words(
        "この請求では記載できない項目が含まれています。", "その項目を外して請求し直してください。"
    ),
    Reason.NEED_NOT_CONFIRMED: Words(
        "支援の必要性が確認されていません。", "警察、配偶者暴力相談支援センターなどの意見を確かめてください。"
    ),
    Reason.NOT_ENTITLED: Words(
        "この方は、この証明書を請求できる立場にありません。",
        "請求者と対象者の関係を確かめ、必要なら第三者からの申出として受け付けてください。",
    ),
    Reason.PROTECTED: Words(
        "この方の記録は、支援措置担当だけが取り扱います。",
        "支援措置担当に引き継いでください。請求者や届出人に理由を伝えないでください。",
    ),
    Reason.PROTECTION_ENDED: Words(
        "この支援措置はすでに終了しています。", "必要なときは、新しい申出として受け付けてください。"
    ),
    Reason.PROTECTION_STANDS: Words(
        "届いたときから続いている支援措置があります。",
        "対象の方を外すことはできません。違う方のときは、先に支援措置の終了を申請してください。",
    ),
    Reason.RELEASE_TOO_LONG: Words(
        "一時解除の時間が正しくないか、上限を超えています。", "解除の始まりと終わりを入力し直してください。"
    ),
    Reason.RENEWAL_OUT_OF_TIME: Words(
        "延長の申出を受け付ける期間ではありません。",
        "延長は期間満了の1か月前から満了の日まで受け付けます。満了後は新しい申出として受け付けてください。",
    ),
    Reason.REQUEST_NOT_JUSTIFIED: Words(
        "請求の理由が相当と認められないため、交付できません。", "請求の理由を示す資料を確かめてください。"
    ),
    Reason.SHEET_KNOWN: Words(
        "その範囲に、すでに受け入れた用紙の番号があります。", "納品書の番号を確かめてください。"
    ),
    Reason.SHEET_NOTED: Words(
        "その範囲に、すでに使用または書損を記録した用紙があります。", "用紙の番号を確かめてください。"
    ),
    Reason.SHEET_UNKNOWN: Words(
        "受け入れていない用紙の番号です。", "用紙の番号を確かめるか、先に受入れを記録してください。"
    ),
}

_UPKEEP: dict[Reason, Words] = {
    Reason.CASE_CLOSED: Words(
        "この事案はすでに終了しています。", "必要なときは、新しい事案として受け付けてください。"
    ),
    Reason.ENTRY_NOT_FITTING: Words(
        "この結末や結び付けに合う異動がありません。",
        "事案の受付のあとに入力した、対象の方の異動を選び、審査が終わっているかを確かめてください。",
    ),
    Reason.FACT_NOT_CONFIRMED: Words(
        "事実の確認が記録されていません。",
        "訪問の結果、照会の回答など、事実を確認した方法を先に記録してください。",
    ),
    Reason.PERSON_NOT_TOLD: Words(
        "本人への通知または公示が終わっていません。",
        "通知または公示を記録し、公示のときは満了の日を待って終了してください。",
    ),
    Reason.STEP_NOT_FITTING: Words("この事案では行えない処理です。", "事案の種別と経過を確かめてください。"),
}

_AFFAIRS: dict[Reason, Words] = {
    Reason.AGE_OUT_OF_RANGE: Words(
        "その日の年齢では、資格や登録の対象になりません。", "生年月日と日付を確かめてください。"
    ),
    Reason.INDIVIDUAL_NUMBER_NOT_USED: Words(
        "個人番号と読める数字が含まれています。この事務では個人番号を記録できません。",
        "その数字を取り除いてください。",
    ),
    Reason.PENSION_NUMBER_MALFORMED: Words(
        "基礎年金番号が正しくありません。", "国民年金のときだけ、10桁の数字を入力してください。"
    ),
    Reason.ANSWER_TOO_LATE: Words(
        "照会書の回答期限を過ぎています。", "登録を希望する方には、もう一度申請してもらってください。"
    ),
    Reason.CAPACITY_NOT_CONFIRMED: Words(
        "意思能力を確認できないため、登録できません。",
        "本人の意思を確かめてください。後見が始まっている方には、成年後見人の同行が必要です。",
    ),
    Reason.CARD_EXPIRED: Words(
        "このカードの有効期限は過ぎています。",
        "本人確認には、ほかの書類を求めてください。記録のときは、券面の有効期限と日付を確かめてください。",
    ),
    Reason.CARD_KIND_NOT_ISSUED: Words(
        "この種類のカードは、その日には交付されていません。", "カードの種類と交付の日を確かめてください。"
    ),
    Reason.CARD_RETURNED: Words(
        "このカードは、返納または廃棄されたと記録されています。",
        "本人確認には、ほかの書類を求めてください。記録の経過は、住民のカード等の画面で確かめられます。",
    ),
    Reason.CARD_SUSPENDED: Words(
        "このカードは、紛失などのため一時停止中です。",
        "本人確認には、ほかの書類を求めてください。見つかったカードは、一時停止の解除を先に記録します。",
    ),
    Reason.CARD_TERM_EXCEEDED: Words(
        "有効期限が、法令で定める有効期間より後の日です。",
        "券面の有効期限、交付日、申請受付日と生年月日を確かめてください。在留期間の満了の日を超えることもできません。",
    ),
    Reason.CARD_VOID: Words(
        "このカードは失効しています。",
        "本人確認には、ほかの書類を求め、カードの返納を案内してください。失効の事由は、住民のカード等の画面で確かめられます。",
    ),
    Reason.SEAL_ALREADY_REGISTERED: Words(
        "この方の印鑑はすでに登録されています。登録は一人一個です。",
        "別の印鑑にするときは、改印として申請してください。",
    ),
    Reason.SEAL_CARD_DIFFERS: Words(
        "印鑑登録証の番号が、この方の登録と合いません。", "印鑑登録証を確かめてください。"
    ),
    Reason.SEAL_CARD_HANDED_OVER: Words(
        "この印鑑登録証はすでに交付されています。",
        "番号は表示できません。汚損などのときは引替交付を受け付けてください。",
    ),
    Reason.SEAL_GUARANTOR_UNFIT: Words(
        "保証人の印鑑登録を確かめられません。",
        "登録番号と氏名を保証書と見比べてください。停止中や抹消済みの方、申請者本人は保証人になれません。",
    ),
    Reason.SEAL_IMAGE_UNREADABLE: Words(
        "印影の画像を読み取れません。",
        "解像度の情報を持つPNG画像（128KB以内、一辺1,000画素以内）を選んでください。",
    ),
    Reason.SEAL_MATERIAL_FORBIDDEN: Words(
        "変形しやすい材質の印鑑は登録できません。", "別の印鑑を持参するよう案内してください。"
    ),
    Reason.SEAL_NAME_DIFFERS: Words(
        "印影が、住民票の氏名・旧氏・通称のいずれも表していません。",
        "印鑑の文字と住民票を見比べてください。",
    ),
    Reason.SEAL_NOT_REGISTERED: Words("有効な印鑑登録がありません。", "登録と抹消の履歴を確かめてください。"),
    Reason.SEAL_REQUEST_WAITING: Words(
        "この方の印鑑について、まだ決定していない申請があります。",
        "その申請の審査か取下げが済んでから入力してください。",
    ),
    Reason.SEAL_SIZE: Words(
        "印影の大きさが決まりに合いません。",
        "一辺8ミリの正方形に収まらず、一辺25ミリの正方形に収まる印鑑だけを登録できます。",
    ),
    Reason.SEAL_SUSPENDED: Words(
        "この印鑑登録は停止されています。", "停止の事由を確かめ、解除か廃止の手続きをしてください。"
    ),
    Reason.SEAL_UNFIT: Words(
        "登録できない印鑑です。", "鮮明で欠けがなく、氏名だけを表す本人の印鑑を持参するよう案内してください。"
    ),
}

_HALL: dict[Reason, Words] = {
    Reason.APPROVAL_LAPSED: Words(
        "作成できる期間を過ぎています。", "必要なときは、もう一度申請してください。"
    ),
    Reason.APPROVAL_MISSING: Words(
        "まだ承認されていません。", "別の担当者の承認を待つか、申請し直してください。"
    ),
    Reason.CLIENT_CLOSED: Words(
        "この連携先システムは終了しているか、有効期間の外です。", "必要なときは、新しく登録してください。"
    ),
    Reason.CURSOR_AHEAD: Words(
        "連携の位置が、記録されている最後の位置より先です。", "連携先システムのデータを取り直してください。"
    ),
    Reason.FILE_ALREADY_MADE: Words(
        "このファイルはすでに作成されています。", "もう一度必要なときは、理由を添えて申請し直してください。"
    ),
    Reason.ORDER_USED: Words(
        "この移行の指示は使用済みです。", "もう一度移行するときは、新しい指示を申請し、承認を受けてください。"
    ),
    Reason.SCOPE_NOT_GRANTED: Words(
        "この連携の範囲は認められていません。", "連携の範囲を申請し、別の担当者の決定を受けてください。"
    ),
}
_RETENTION: dict[Reason, Words] = {
    Reason.DISPOSAL_HELD: Words(
        "保留されているため、廃棄できません。", "保留の事由がなくなってから、保留を解除してください。"
    ),
    Reason.HOLD_NUMBER_MALFORMED: Words(
        "番号として読めません。",
        "市区町村では宛名番号、それ以外では11桁の住民票コードを、数字だけで入力してください。",
    ),
    Reason.LIST_DIFFERS: Words(
        "表示していた一覧と、今の一覧が違います。", "画面を開き直し、一覧を確かめてください。"
    ),
    Reason.NOTHING_DUE: Words(
        "廃棄できる記録がありません。", "保存期間を過ぎた記録がないか、すべて保留されています。"
    ),
    Reason.QUANTITY_DIFFERS: Words(
        "数えた枚数が、帳簿の数量と違います。", "箱の中身を数え直し、帳簿と照らし合わせてください。"
    ),
    Reason.RUN_OPEN: Words(
        "処理の終わっていない廃棄の一覧があります。", "その一覧の承認と消去が終わってから作ってください。"
    ),
    Reason.STILL_KEPT: Words("保存期間が残っています。", "保存期間が満了してから廃棄してください。"),
}

REFUSALS: dict[Reason, Words] = {
    **_OPERATORS,
    **_REGISTER,
    **_PAPER,
    **_UPKEEP,
    **_AFFAIRS,
    **_HALL,
    **_RETENTION,
    **EXTRACT,
    **HANDOVER,
    **IDENTITY,
    **PROVISION,
    **WIRE,
}

ON_FORM = "form"


def explain(refusal: Refusal) -> Explained:
    """Put a refusal into words.

    Raises: KeyError when a code has no words, which a test forbids.
    """
    words = REFUSALS[refusal.reason]
    cause = STOP_WORDS[StopCause].get(refusal.detail) if refusal.reason is Reason.PROCESSING_HELD else None
    if refusal.reason is Reason.NOTICE_OF_FORMER_NUMBER and refusal.detail:
        cause = f"通知書番号 {refusal.detail.replace(' ', '、')}"
    happened = f"{words.happened}（{cause}）" if cause else words.happened
    return Explained(
        refusal.reason.value, happened, str(refusal.article), words.now, refusal.field or ON_FORM
    )
