"""What fields are called, and what is said about a field that cannot be read."""

from enum import StrEnum

from daicho.faces.wording.refusals import Words


class Mistake(StrEnum):
    """Why a field could not be read."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    CONTROL_CHARACTER = "control_character"
    NO_SUCH_DAY = "no_such_day"
    DAY_INCOMPLETE = "day_incomplete"
    NOT_IN_LIST = "not_in_list"
    NOT_A_NUMBER = "not_a_number"
    NO_SUCH_MUNICIPALITY = "no_such_municipality"
    NO_SUCH_PLACE = "no_such_place"
    NO_SUCH_CODE = "no_such_code"
    NO_SUCH_NUMBER = "no_such_number"
    NOT_KANA = "not_kana"
    NOT_A_NAME = "not_a_name"
    NOT_A_POSTAL_CODE = "not_a_postal_code"
    NOBODY_CHOSEN = "nobody_chosen"
    NO_FILE = "no_file"
    BEFORE_ITS_BEGINNING = "before_its_beginning"
    NOT_A_CHARACTER = "not_a_character"
    NO_SUCH_GLYPH = "no_such_glyph"
    BOTH_GIVEN = "both_given"


MISTAKES: dict[Mistake, Words] = {
    Mistake.MISSING: Words("{label}を入力してください。", ""),
    Mistake.TOO_LONG: Words("{label}の文字数が上限を超えています。", "文字数を減らしてください。"),
    Mistake.CONTROL_CHARACTER: Words(
        "{label}に使えない制御文字があります。", "その文字を取り除いてください。"
    ),
    Mistake.NO_SUCH_DAY: Words(
        "{label}が、実在する日付として読めません。",
        "「令和8年11月20日」「R8.11.20」「2026-11-20」のように入力してください。",
    ),
    Mistake.DAY_INCOMPLETE: Words("{label}に不詳の部分があります。", "年月日をすべて入力してください。"),
    Mistake.NOT_IN_LIST: Words("{label}の値が一覧にありません。", "一覧から選んでください。"),
    Mistake.NOT_A_NUMBER: Words("{label}が数字ではありません。", "数字だけを入力してください。"),
    Mistake.NO_SUCH_MUNICIPALITY: Words(
        "{label}が正しくありません。", "5桁、または検査数字を含む6桁の市区町村コードを入力してください。"
    ),
    Mistake.NO_SUCH_PLACE: Words(
        "市区町村を読み取れません。",
        "「東京都千代田区丸の内」のように、都道府県か市区町村の名前から入力してください。",
    ),
    Mistake.NO_SUCH_CODE: Words(
        "住民票コードが正しくありません。", "11桁の数字と検査数字を確かめてください。"
    ),
    Mistake.NO_SUCH_NUMBER: Words("個人番号が正しくありません。", "12桁の数字と検査数字を確かめてください。"),
    Mistake.NOT_KANA: Words("{label}にかな以外の文字があります。", "かなで入力してください。"),
    Mistake.NOT_A_NAME: Words("{label}に記録できない文字の並びがあります。", "文字を確かめてください。"),
    Mistake.NOT_A_POSTAL_CODE: Words("郵便番号が正しくありません。", "7桁の数字を入力してください。"),
    Mistake.NOBODY_CHOSEN: Words("対象の方が選ばれていません。", "一人以上を選んでください。"),
    Mistake.NOT_A_CHARACTER: Words(
        "一つの文字として読めません。", "文字を一つ、または「U+E001」のように符号位置を入力してください。"
    ),
    Mistake.NO_SUCH_GLYPH: Words(
        "{label}が文字情報一覧表にありません。",
        "「MJ026190」「J+B9D5」「U+9089」、または文字を一つ入力してください。",
    ),
    Mistake.BOTH_GIVEN: Words(
        "{label}と「対応する文字なし」が両方選ばれています。", "どちらか一方にしてください。"
    ),
    Mistake.NO_FILE: Words("{label}のファイルが選ばれていません。", "ファイルを選んでください。"),
    Mistake.BEFORE_ITS_BEGINNING: Words("終了日が開始日より前です。", "期間を確かめてください。"),
}

LABELS: dict[str, str] = {
    "login_id": "照合ID",
    "purpose": "利用目的",
    "basis": "根拠",
    "name": "氏名",
    "kanji": "氏名",
    "furigana": "振り仮名",
    "birth": "生年月日",
    "address": "住所",
    "code": "住民票コード",
    "number": "個人番号",
    "sex": "性別",
    "relationship": "続柄",
    "kind": "住民区分",
    "affair_kind": "事務の種別",
    "affair_words": "行うこと",
    "affair_outcome": "結果",
    "affair_state": "終え方",
    "contact": "連絡先",
    "nationality": "国籍・地域",
    "category": "在留の区分",
    "since": "外国人住民となった日",
    "town": "町名",
    "block": "番地",
    "building": "方書",
    "postal": "郵便番号",
    "moved_on": "異動日",
    "notified_on": "届出日",
    "previous_address": "前住所",
    "previous_municipality": "前住所の市区町村コード",
    "country": "国・地域",
    "household": "世帯番号",
    "destination": "転出先の住所",
    "destination_municipality": "転出先の市区町村コード",
    "scheduled_on": "転出予定日",
    "born_on": "生年月日",
    "died_on": "死亡日",
    "changed_on": "異動日",
    "cause": "事由",
    "move": "世帯変更の別",
    "successor": "新しい世帯主",
    "on": "基準日",
    "known_on": "登録の日",
    "note": "処理の内容",
    "why": "理由",
    "first": "開始日",
    "last": "終了日",
    "one_time": "確認コード",
    "addressee": "宛名番号",
    "what": "修正の内容",
    "permit": "許可",
    "corrected_on": "修正の日",
    "wrong_since": "記録が誤っていた最初の日",
    "resident_since": "住民となった日",
    "address_since": "住所を定めた日",
    "remark": "備考",
    "former": "旧氏",
    "reason": "理由",
    "cancelled_on": "取消の日",
    "entered_from": "異動日",
    "struck_from": "異動日",
    "decided_on": "決定日",
    "detail": "職権による理由",
    "requester": "請求者の区分",
    "character": "文字",
    "glyph": "対応する文字",
    "character_code": "番号・コード",
    "strokes": "画数",
    "reading": "読み",
    "source": "出典",
    "case_source": "端緒",
    "like": "字形の仲間",
    "picture": "図形",
    "proof": "本人確認",
    "person": "請求者",
    "asker": "代理人・第三者等の氏名",
    "asker_birth": "代理人・第三者等の生年月日",
    "asker_address": "代理人・第三者等の住所",
    "items": "記載する事項",
    "notifier": "届出人",
    "notifier_name": "届出に来た方の氏名",
    "authority": "代理権限の書類",
    "channel": "届出の方法",
    "by": "数え方",
    "documents": "確認した書類",
    "ground": "支援措置の事由",
    "applied_on": "申出の日",
    "received_from": "転送元の市区町村コード",
    "municipality": "市区町村コード",
    "text": "住所",
    "body": "意見を述べた機関",
    "given_on": "意見の日",
    "confirms": "支援の必要性",
    "counted_from": "期間の初日",
    "minutes": "時間",
    "received_on": "受け付けた日",
    "content": "内容",
    "from_body": "通知等をした機関",
    "from_municipality": "通知をした市区町村コード",
    "asked_body": "照会先",
    "asked_municipality": "照会先の市区町村コード",
    "asked_on": "照会の日",
    "answer_due_on": "回答の期限",
    "question": "照会の内容",
    "inquiry": "照会",
    "answered_on": "回答の日",
    "meaning": "回答の別",
    "answer": "回答の内容",
    "sent_on": "催告の日",
    "notice_due_on": "届出の期限",
    "reminder_words": "催告の内容",
    "planned_by": "調査する職員",
    "planned_on": "調査の予定日",
    "visited_by": "調査した職員",
    "visited_on": "訪問の日",
    "finding": "調査の結果",
    "finding_words": "調査で分かったこと",
    "entry_id": "受付番号",
    "confirmed_by": "事実を確認した方法",
    "way": "通知の方法",
    "begun_on": "通知または公示の日",
    "ends_on": "満了または到達の日",
    "telling_words": "公示による理由",
    "damage": "滅失・毀損の別",
    "damage_cause": "滅失・毀損の原因",
    "restored_from": "再製のもとにした資料",
    "remade_on": "再製の日",
    "outcome": "結末",
    "end_why": "終了の理由",
    "programme": "制度",
    "change": "記録の別",
    "told_by": "通知・職権の別",
    "reference": "通知の番号",
    "insured_as": "被保険者の種別",
    "pension_number": "基礎年金番号",
    "ended_on": "資格喪失等の日",
    "image": "印影",
    "inscription": "印影の文字",
    "katakana": "片仮名表記",
    "material": "材質",
    "applicant": "申請に来た方",
    "agent": "代理人の氏名",
    "card_number": "印鑑登録証の番号",
    "suspension": "停止の事由",
    "end_cause": "抹消の事由",
}
