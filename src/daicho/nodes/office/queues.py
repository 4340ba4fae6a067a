"""How much waits for somebody: the figures on the home page."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from daicho.rules.operators.authority import Operator, Permission, permissions_of
from daicho.store.unit import Store, Unit


class Queue(StrEnum):
    """A heap of work that an operator can open."""

    UNVERIFIED = "unverified"  # 未審査
    REFUSED_LETTERS = "refused_letters"  # 返戻された通知
    ON_HOLD = "on_hold"  # 保留
    PROTECTION = "protection"  # 支援措置の申請と警告
    UPKEEP = "upkeep"  # 正確な記録の確保の事案
    CHARACTERS = "characters"  # 同定待ちの文字
    SEALS = "seals"  # 印鑑登録の審査
    TILL = "till"  # 日計の確認
    NOTICES = "notices"  # 通知の作成・発送
    INSPECTIONS = "inspections"  # 閲覧の審査
    EXTRACTIONS = "extractions"  # データ抽出の承認
    LINKS = "links"  # 庁内連携の申請
    DISPOSAL = "disposal"  # 廃棄の承認
    AREAS = "areas"  # 住居表示・町名地番の変更の承認
    AREA_REST = "area_rest"  # 住居表示・町名地番の変更で残った世帯
    FILINGS = "filings"  # 9条2項通知の処理
    FILINGS_TO_CONFIRM = "filings_to_confirm"  # 記載を要しない9条2項通知の審査
    FILINGS_TO_SEND = "filings_to_send"  # 送る9条2項通知の審査
    FILINGS_BACK = "filings_back"  # 戻った9条2項通知
    MAILED = "mailed"  # 郵送請求
    FORWARDED = "forwarded"  # 支援措置の転送の処理
    NUMBER_CHANGES = "number_changes"  # 個人番号の変更の審査
    STOPS = "stops"  # 抑止の解除の審査
    SUPPLEMENTS = "supplements"  # 戸籍の附票の通知の処理
    SUPPLEMENTS_OWED = "supplements_owed"  # 送付先の分からない附票の通知、戸籍照合通知
    SUPPLEMENTS_TO_CLOSE = "supplements_to_close"  # 戸籍照合通知の終了の審査
    NUMBER_NOTICES = "number_notices"  # 機構へ通知できない個人番号通知書の送付先
    NOTICES_TO_PRINT = "notices_to_print"  # 作成を待つ個人番号通知書
    NOTICE_BUNDLES = "notice_bundles"  # 印刷を待つ個人番号通知書の束
    NOTICES_TO_SEND = "notices_to_send"  # 印刷して発送を待つ個人番号通知書
    NOTICE_REPRINTS = "notice_reprints"  # 個人番号通知書の再作成の承認
    DEFERRED = "deferred"  # 通信回復後に処理する事務
    MINISTRY = "ministry"  # 法務省通知の処理
    MINISTRY_TO_CONFIRM = "ministry_to_confirm"  # 記載を要しない法務省通知の審査
    MUNICIPAL = "municipal"  # 市町村通知の作成
    MUNICIPAL_TO_CONFIRM = "municipal_to_confirm"  # 市町村通知の文字の書換えの確認


NEEDED_PERMISSION: dict[Queue, Permission] = {
    Queue.UNVERIFIED: Permission.VERIFY_CHANGE,
    Queue.REFUSED_LETTERS: Permission.RESOLVE_REFUSED_LETTERS,
    Queue.ON_HOLD: Permission.RESOLVE_REFUSED_LETTERS,
    Queue.PROTECTION: Permission.MANAGE_PROTECTION,
    Queue.UPKEEP: Permission.UPKEEP_REGISTER,
    Queue.CHARACTERS: Permission.IDENTIFY_CHARACTERS,
    Queue.SEALS: Permission.VERIFY_CHANGE,
    Queue.TILL: Permission.KEEP_TILL,
    Queue.NOTICES: Permission.ISSUE_CERTIFICATE,
    Queue.INSPECTIONS: Permission.HANDLE_INSPECTIONS,
    Queue.EXTRACTIONS: Permission.APPROVE_BULK_OUTPUT,
    Queue.LINKS: Permission.MANAGE_HALL_LINKS,
    Queue.DISPOSAL: Permission.APPROVE_DISPOSAL,
    Queue.AREAS: Permission.APPROVE_AREAS,
    Queue.AREA_REST: Permission.PLAN_AREAS,
    Queue.FILINGS: Permission.ENTER_CHANGE,
    Queue.FILINGS_TO_CONFIRM: Permission.VERIFY_CHANGE,
    Queue.FILINGS_TO_SEND: Permission.VERIFY_CHANGE,
    Queue.FILINGS_BACK: Permission.ENTER_CHANGE,
    Queue.MAILED: Permission.ISSUE_CERTIFICATE,
    Queue.FORWARDED: Permission.MANAGE_PROTECTION,
    Queue.NUMBER_CHANGES: Permission.VERIFY_CHANGE,
    Queue.STOPS: Permission.VERIFY_CHANGE,
    Queue.SUPPLEMENTS: Permission.ENTER_CHANGE,
    Queue.SUPPLEMENTS_OWED: Permission.ENTER_CHANGE,
    Queue.SUPPLEMENTS_TO_CLOSE: Permission.VERIFY_CHANGE,
    Queue.NUMBER_NOTICES: Permission.SEARCH_RESIDENTS,
    Queue.NOTICES_TO_PRINT: Permission.SEND_NUMBER_NOTICES,
    Queue.NOTICE_BUNDLES: Permission.SEND_NUMBER_NOTICES,
    Queue.NOTICES_TO_SEND: Permission.SEND_NUMBER_NOTICES,
    Queue.NOTICE_REPRINTS: Permission.SEND_NUMBER_NOTICES,
    Queue.DEFERRED: Permission.ENTER_CHANGE,
    Queue.MINISTRY: Permission.ENTER_CHANGE,
    Queue.MINISTRY_TO_CONFIRM: Permission.VERIFY_CHANGE,
    Queue.MUNICIPAL: Permission.ENTER_CHANGE,
    Queue.MUNICIPAL_TO_CONFIRM: Permission.VERIFY_CHANGE,
}


def waiting(
    store: Store, operator: Operator, counters: Mapping[Queue, Callable[[Unit], int]]
) -> dict[Queue, int]:
    """Count each heap that this operator may open and that this node keeps, in one reading."""
    allowed = permissions_of(operator)
    with store.reading() as unit:
        return {
            queue: count(unit) for queue, count in counters.items() if NEEDED_PERMISSION[queue] in allowed
        }
