"""ホーム: what waits, and where to go from here."""

from daicho.faces.terminal.page import Answer, Show, Turn
from daicho.nodes.office.queues import Queue
from daicho.rules.operators.authority import permissions_of

WHERE = {
    Queue.UNVERIFIED: "/verify",
    Queue.REFUSED_LETTERS: "/returned",
    Queue.ON_HOLD: "/on-hold",
    Queue.PROTECTION: "/protection",
    Queue.UPKEEP: "/upkeep",
    Queue.CHARACTERS: "/character-cases",
    Queue.SEALS: "/seals",
    Queue.TILL: "/office",
    Queue.NOTICES: "/notices",
    Queue.INSPECTIONS: "/inspections",
    Queue.EXTRACTIONS: "/extraction-approvals",
    Queue.LINKS: "/hall",
    Queue.DISPOSAL: "/retention",
    Queue.AREAS: "/areas",
    Queue.AREA_REST: "/areas",
    Queue.FILINGS: "/filings",
    Queue.FILINGS_TO_CONFIRM: "/filings",
    Queue.FILINGS_TO_SEND: "/sent-filings",
    Queue.FILINGS_BACK: "/sent-filings",
    Queue.MAILED: "/mailed",
    Queue.FORWARDED: "/forwarded-measures",
    Queue.NUMBER_CHANGES: "/number-changes",
    Queue.STOPS: "/stops",
    Queue.SUPPLEMENTS: "/supplements",
    Queue.SUPPLEMENTS_OWED: "/owed-supplements",
    Queue.SUPPLEMENTS_TO_CLOSE: "/owed-supplements",
    Queue.NUMBER_NOTICES: "/number-notices",
    Queue.NOTICES_TO_PRINT: "/printed-notices",
    Queue.NOTICE_BUNDLES: "/notice-bundles",
    Queue.NOTICES_TO_SEND: "/printed-notices/printed",
    Queue.NOTICE_REPRINTS: "/notice-reprints",
    Queue.DEFERRED: "/later",
    Queue.MINISTRY: "/ministry",
    Queue.MINISTRY_TO_CONFIRM: "/ministry",
    Queue.MUNICIPAL: "/municipal-notices",
    Queue.MUNICIPAL_TO_CONFIRM: "/municipal-notices",
}
_ABOUT = {
    Queue.UNVERIFIED: "入力した職員とは別の職員が、届書と見比べて審査します。",
    Queue.REFUSED_LETTERS: "相手方が受け付けなかった通知です。内容を確かめ、処理します。",
    Queue.PROTECTION: "一時解除と終了の申請、対象者と相手方の異動の警告です。",
    Queue.UPKEEP: "通知・届書、転入通知の未着、未届、実態調査の事案です。待ちの長い順に処理します。",
    Queue.CHARACTERS: "どの表にもない文字、書体にない文字です。同定するか、図形を登録します。",
    Queue.SEALS: "入力した職員とは別の職員が、申請書と印影を見比べて審査します。",
    Queue.INSPECTIONS: "住民基本台帳の閲覧の請求と申出です。入力した職員とは別の職員が審査します。",
    Queue.NOTICES: "作成する通知、発送を待つ証明書、返戻された郵便です。",
    Queue.TILL: "締めた職員とは別の職員が、現金と帳簿を確かめます。用紙の受払いもここです。",
    Queue.EXTRACTIONS: "申請した職員とは別の方が、条件・項目・利用目的を確かめて承認します。",
    Queue.LINKS: "連携の範囲と秘密鍵の申請です。申請した職員とは別の担当者が決定します。システムの登録もここです。",
    Queue.DISPOSAL: "保存期間を過ぎた記録の一覧です。作った職員とは別の責任者が承認します。",
    Queue.AREAS: "新旧の対照表です。登録した職員とは別の責任者が、件数と見本を確かめて承認します。",
    Queue.AREA_REST: "対照表にない住所、審査待ちの異動などで、修正が済んでいない世帯です。",
    Queue.FILINGS: "ほかの市区町村から届いた、戸籍の届書の通知です。記載するか、結果を回答します。",
    Queue.FILINGS_TO_CONFIRM: "記載を要しないとされた通知です。別の職員が、記録と見比べてから回答します。",
    Queue.FILINGS_BACK: "送付先から戻った通知、差し戻された通知、回答の遅れている通知です。",
    Queue.FILINGS_TO_SEND: "入力した職員とは別の職員が、届書と見比べてから、ほかの市区町村へ送ります。",
    Queue.MAILED: "郵便で届いた証明書の請求です。審査を待つもの、補正を待つもの、返送するものがあります。",
    Queue.FORWARDED: "ほかの市区町村から転送された支援措置と、回答の遅れている転送です。",
    Queue.NUMBER_CHANGES: "個人番号の変更の請求と職権です。入力した職員とは別の職員が審査してから、番号の生成を求めます。",
    Queue.STOPS: "異動の抑止を解除する申請です。申請した職員とは別の職員が審査します。",
    Queue.SUPPLEMENTS: "住所地の市区町村から届いた、戸籍の附票に記載する事項の通知です。",
    Queue.SUPPLEMENTS_OWED: "送付先の確認が要る附票の通知と、戸籍と合わないとして戻った通知です。",
    Queue.SUPPLEMENTS_TO_CLOSE: "記録の修正を要しないとされた戸籍照合通知です。別の職員が確かめて終了します。",
    Queue.NUMBER_NOTICES: "個人番号通知書の送付先のうち、機構へ通知できないもの、確認を待つ申出です。",
    Queue.NOTICES_TO_PRINT: "市区町村から送付先が届いた個人番号通知書です。束にして作成します。",
    Queue.NOTICE_BUNDLES: "作成が済んだ束です。取り出して印刷機へ渡し、印刷を記録します。",
    Queue.NOTICES_TO_SEND: "印刷した通知書です。発送を記録します。刷り損じは再作成を求めます。",
    Queue.NOTICE_REPRINTS: "刷り損じなどの再作成です。求めた職員とは別の職員が承認します。",
    Queue.DEFERRED: "通信が途絶えている間に受け付けた事務です。回復したら古い順に処理します。",
    Queue.MINISTRY: "法務省から届いた外国人住民の通知です。一致した通知を入力し、一致しない通知を確かめます。",
    Queue.MINISTRY_TO_CONFIRM: "記載を要しないとされた通知です。別の職員が、理由を確かめて終了します。",
    Queue.MUNICIPAL: "外国人住民の記載・消除・修正の通知です。ファイルを作成し、法務省へ送ります。",
    Queue.MUNICIPAL_TO_CONFIRM: "変換できない文字を書き換えた通知です。別の職員が、記載と見比べて確認します。",
    Queue.ON_HOLD: "あとで処理するために取り置いた通知です。",
}


def home(turn: Turn) -> Answer:
    """Show the queues that this operator may open, and the tasks."""
    counts = turn.desks.queues.counts(turn.seat) if turn.desks.queues else {}
    queues = [
        {"queue": queue, "count": counts[queue], "where": WHERE[queue], "about": _ABOUT[queue]}
        for queue in Queue
        if queue in counts
    ]
    paths = frozenset(WHERE.values())
    return Show(
        "home.html", {"queues": queues, "queue_paths": paths, "rights": permissions_of(turn.operator)}
    )
