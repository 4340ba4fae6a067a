"""What files and letters between systems are refused for: what happened, and what to do now."""

from dataclasses import dataclass

from daicho.rules.law.refusal import Reason


@dataclass(frozen=True, slots=True)
class Words:
    """What stands on the screen for one code."""

    happened: str
    now: str


EXTRACT: dict[Reason, Words] = {
    Reason.ADDRESSEE_DUPLICATE: Words("同じ宛名番号の行があります。", "抽出元で重複を直してください。"),
    Reason.CHECK_DIGIT_WRONG: Words("検査数字が合いません。", "番号を一桁ずつ確かめてください。"),
    Reason.CODE_DUPLICATE: Words("同じ住民票コードの行があります。", "抽出元で重複を直してください。"),
    Reason.COLUMN_MISSING: Words("必要な列がありません。", "見出し行を仕様と見比べてください。"),
    Reason.COLUMN_UNKNOWN: Words("仕様にない列があります。", "見出し行を仕様と見比べてください。"),
    Reason.DATE_MALFORMED: Words(
        "日付として読めません。", "「令和8年11月20日」「R8.11.20」「2026-11-20」のように入力してください。"
    ),
    Reason.FIELD_CONTROL_CHARACTER: Words(
        "使えない制御文字が含まれています。", "その文字を取り除いてください。"
    ),
    Reason.FIELD_COUNT: Words("列の数が見出しと違います。", "その行の区切りを確かめてください。"),
    Reason.FIELD_FORMULA: Words("表計算の式で始まる値です。", "値の先頭の記号を取り除いてください。"),
    Reason.FIELD_MISSING: Words("必要な項目が入力されていません。", "項目を入力してください。"),
    Reason.FIELD_TOO_LONG: Words("文字数の上限を超えています。", "文字数を減らしてください。"),
    Reason.FIELD_UNKNOWN_VALUE: Words("使えない値です。", "一覧から選び直してください。"),
    Reason.FILE_EMPTY: Words("ファイルに行がありません。", "抽出をやり直してください。"),
    Reason.LINE_MALFORMED: Words("行の形式が正しくありません。", "引用符と区切りを確かめてください。"),
    Reason.LINE_NOT_UTF8: Words("文字コードがUTF-8ではありません。", "UTF-8で抽出し直してください。"),
    Reason.LINE_TOO_LONG: Words("行が長すぎます。", "引用符の閉じ忘れを確かめてください。"),
    Reason.MUNICIPALITY_UNKNOWN: Words(
        "存在しない市区町村コードです。", "市区町村コードを確かめてください。"
    ),
    Reason.NUMBER_DUPLICATE: Words("同じ個人番号の行があります。", "抽出元で重複を直してください。"),
    Reason.NUMBER_MALFORMED: Words("個人番号の形式が正しくありません。", "12桁の数字を入力してください。"),
    Reason.TOO_MANY_LINES: Words("行数の上限を超えています。", "ファイルを分けてください。"),
}

HANDOVER: dict[Reason, Words] = {
    Reason.AFFAIRS_WAIT: Words(
        "通信回復後に処理する事務が残っています。",
        "「通信回復後に処理」の事務をすべて終えてから書き出してください。",
    ),
    Reason.CHARACTER_UNMAPPED: Words(
        "文字の対応表にない外字が使われています。",
        "characters.csv に、その外字と移行後の文字を加えてください。",
    ),
    Reason.COUNT_DIFFERS: Words(
        "件数か合計が、記録されている数と違います。",
        "欠けた行や重なった行がないか、移行元で確かめてください。",
    ),
    Reason.DIGEST_DIFFERS: Words(
        "この方の記録が、検査値を作ったときの内容と違います。",
        "移行元の記録とこの方の履歴を見比べてください。",
    ),
    Reason.FILE_CHANGED: Words(
        "ファイルの内容が、目録を作ったときや検査したときから変わっています。",
        "媒体と受け渡しの経路を確かめ、書き出しからやり直してください。",
    ),
    Reason.FILE_MISSING: Words(
        "必要なファイルがありません。", "移行元で書き出したものがそろっているか確かめてください。"
    ),
    Reason.FILE_TOO_LARGE: Words("ファイルが上限より大きいです。", "仕様の上限を確かめてください。"),
    Reason.FILE_UNKNOWN: Words(
        "仕様か目録にないもの、またはファイルでないものがあります。", "取り除くか、目録に加えてください。"
    ),
    Reason.LAYOUT_UNKNOWN: Words(
        "移行データの仕様の版が分かりません。", "manifest.csv の layout の値を確かめてください。"
    ),
    Reason.LINE_DOUBLED: Words("一度だけのはずの値が二度あります。", "移行元で重複を直してください。"),
    Reason.LINE_MISSING: Words("あるはずの行がありません。", "移行元で欠けた行を書き出してください。"),
    Reason.ORDER_WRONG: Words("行の並びが仕様と違います。", "番号の小さい順に並べ直してください。"),
    Reason.REFERENCE_MISSING: Words(
        "参照している相手が、移行データの中にないか、内容が合いません。", "両方の行を見比べてください。"
    ),
    Reason.REGISTER_NOT_EMPTY: Words(
        "この住民基本台帳には、すでに記録があります。", "移行データは、空の台帳にだけ取り込めます。"
    ),
    Reason.SOURCE_DIFFERS: Words(
        "移行データの出所（source）と、コミュニケーションサーバへの通知の指定が合いません。",
        "CSから再製したデータは通知せずに、都道府県から再製したデータは空のCSへ通知するように、指示を申請し直してください。",
    ),
    Reason.TRAINING_DATA: Words(
        "研修用のデータを実環境へ、または実環境のデータを研修用へ移すことはできません。",
        "取り込み先とデータを確かめてください。",
    ),
    Reason.VERSION_GAP: Words("履歴の番号が1から続いていません。", "移行元で履歴の欠けを確かめてください。"),
}

IDENTITY: dict[Reason, Words] = {
    Reason.ALREADY_LIVING: Words(
        "この方はすでに現存者として記録されているため、転入等の通知を受け付けられません。",
        "異動の種類と住民票コードを確かめ、必要な異動を入力し直してください。",
    ),
    Reason.ITEM_MALFORMED: Words(
        "通知の項目の形式が正しくありません。",
        "その項目を確かめ、修正を入力してください。新しい通知が自動的に送られます。",
    ),
    Reason.MORE_THAN_ADDRESS: Words(
        "転居の通知で、住所のほかの項目も変わっています。",
        "氏名などの修正は、別の異動として入力してください。",
    ),
    Reason.NOT_THE_HOLDER: Words(
        "この方は、いまは別の市区町村の住民として記録されています。",
        "異動の順序を、相手の市区町村に確かめてください。",
    ),
    Reason.SEQUENCE_CONFLICT: Words(
        "同じ更新順番号で、内容の違う通知がすでにあります。",
        "両方の記録を見比べ、正しい内容で修正を入力してください。",
    ),
    Reason.STATE_CHANGE_UNEXPLAINED: Words(
        "異動事由では説明のつかない、記載または消除の通知です。",
        "異動事由と異動の種類を確かめ、入力し直してください。",
    ),
    Reason.PROCESSING_HELD: Words(
        "この方の記録は処理を保留しています。",
        "理由を責任者に確かめてください。解除されるまで、届出の入力や証明書の交付はできません。",
    ),
}

PROVISION: dict[Reason, Words] = {
    Reason.BASIS_NOT_IN_FORCE: Words(
        "選んだ根拠は、この日には施行されていません。", "根拠を選び直してください。"
    ),
    Reason.NOT_YET_KNOWN: Words(
        "この日の法令の表を持っていないため、根拠を確かめられません。", "照会の基準日を確かめてください。"
    ),
    Reason.NOTHING_TO_PROVIDE: Words(
        "この根拠で提供できる項目が、求めた中にありません。", "求める項目と根拠を確かめてください。"
    ),
    Reason.NOT_YOUR_RESIDENT: Words(
        "この方は、この団体の住民として記録されていません。", "住所地の市区町村を確かめてください。"
    ),
    Reason.PERSON_OUT_OF_REACH: Words(
        "この根拠では、この方の情報の提供を受けられません。", "対象の方と根拠を確かめてください。"
    ),
    Reason.PROVIDER_NOT_COMPETENT: Words(
        "この根拠による提供は、このサーバの役割ではありません。", "照会先を選び直してください。"
    ),
    Reason.REQUESTER_NOT_NAMED: Words(
        "この根拠は、この機関による照会を認めていません。", "根拠を選び直すか、責任者に相談してください。"
    ),
    Reason.RETENTION_OVER: Words(
        "保存期間を過ぎた記録のため、提供できません。", "照会の必要を確かめてください。"
    ),
    Reason.SEARCH_KEY_NOT_ALLOWED: Words(
        "この根拠では、その番号で検索できません。", "氏名と住所、または氏名と生年月日で検索してください。"
    ),
    Reason.SEARCH_TERM_UNUSABLE: Words(
        "検索条件をこのままでは使えません。",
        "氏名は漢字かかなの一方で、住所は都道府県か市区町村から入力してください。",
    ),
    Reason.UNKNOWN_CODE: Words(
        "割り当てられていない住民票コードです。", "住民票コードを確かめ、システム管理者へ連絡してください。"
    ),
}

WIRE: dict[Reason, Words] = {
    Reason.FORK: Words(
        "台帳の続きが、前に確かめたものとつながりません。",
        "改ざんのおそれがあります。直ちにセキュリティ責任者へ報告してください。",
    ),
    Reason.MALFORMED_LETTER: Words(
        "通知の形式が正しくないため、相手方が受け付けませんでした。",
        "システム管理者に、コードと日時を伝えてください。",
    ),
    Reason.NODE_UNREACHABLE: Words(
        "照会先のサーバにつながりません。",
        "少し待ってから、もう一度検索してください。続くときはシステム管理者へ連絡してください。",
    ),
}
