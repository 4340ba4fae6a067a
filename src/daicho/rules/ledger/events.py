"""Everything that leaves a line in a ledger: a closed list, published in docs/protocols/events.md."""

from enum import StrEnum


class Event(StrEnum):
    """What happened, as source, subject and action.  事象"""

    # the register 住民基本台帳
    EXTRACT_IMPORTED = "register:extract:imported"
    EXTRACT_EXPORTED = "register:extract:exported"
    HANDOVER_ORDERED = "register:handover:ordered"
    HANDOVER_DECIDED = "register:handover:decided"
    HANDOVER_CHECKED = "register:handover:checked"
    HANDOVER_LOADED = "register:handover:loaded"
    HANDOVER_WRITTEN = "register:handover:written"
    HANDOVER_COMPARED = "register:handover:compared"
    CHANGE_ENTERED = "register:change:entered"
    CHANGE_VERIFIED = "register:change:verified"
    CHANGE_REJECTED = "register:change:rejected"
    CORRECTION_PERMITTED = "register:correction:permitted"
    RESIDENT_SHOWN = "register:record:shown"
    RESIDENT_CODE_SHOWN = "register:code:shown"
    STATISTICS_SHOWN = "register:statistics:shown"
    # own characters 外字
    CHARACTER_RECORDED = "character:own:recorded"
    CHARACTER_PROPOSED = "character:identification:proposed"
    CHARACTER_DECIDED = "character:identification:decided"
    CHARACTER_CLOSED = "character:case:closed"
    # programme items 個別記載事項
    PROGRAMMES_SHOWN = "programme:items:shown"
    PROGRAMME_CHANGED = "programme:item:changed"
    # seal registration 印鑑登録
    SEAL_SHOWN = "seal:registration:shown"
    SEAL_ENTERED = "seal:request:entered"
    SEAL_DECIDED = "seal:request:decided"
    SEAL_CHANGED = "seal:registration:changed"
    # what waits for the line 通信回復後に処理する事務
    AFFAIR_TAKEN = "deferral:affair:taken"
    AFFAIR_SHOWN = "deferral:affair:shown"
    AFFAIR_CLOSED = "deferral:affair:closed"
    # certificates 証明書
    CERTIFICATE_HANDED_OUT = "certificate:paper:handed_out"
    CERTIFICATE_REFUSED = "certificate:paper:refused"
    SHEETS_NOTED = "certificate:sheets:noted"
    NOTICE_LISTED = "certificate:notice:listed"
    NOTICE_DROPPED = "certificate:notice:dropped"
    NOTICE_OWED_AGAIN = "certificate:notice:owed_again"
    POST_SHOWN = "certificate:post:shown"
    POST_NOTED = "certificate:post:noted"
    # the cash-up 日計
    FEE_WAIVED = "till:fee:waived"
    TILL_CLOSED = "till:day:closed"
    TILL_DECIDED = "till:day:decided"
    # protection 支援措置
    PROTECTION_RECORDED = "protection:measure:recorded"
    PROTECTION_PROPOSED = "protection:proposal:made"
    PROTECTION_DECIDED = "protection:proposal:decided"
    PROTECTION_SHOWN = "protection:measure:shown"
    PROTECTION_ALERTED = "protection:move:alerted"
    PROTECTION_TOLD = "protection:list:told"
    PROTECTED_KEPT_BACK = "protection:record:kept_back"
    # inspection 閲覧
    INSPECTION_RECORDED = "inspection:application:recorded"
    INSPECTION_DECIDED = "inspection:application:decided"
    INSPECTION_SHOWN = "inspection:list:shown"
    # keeping the register right 正確な記録の確保
    UPKEEP_RECORDED = "upkeep:case:recorded"
    UPKEEP_SHOWN = "upkeep:case:shown"
    ARRIVALS_LISTED = "upkeep:arrivals:listed"
    # names of places 住居表示・町名地番の変更
    AREA_BROUGHT = "area:change:brought"
    AREA_SHOWN = "area:change:shown"
    AREA_DECIDED = "area:change:decided"
    AREA_TAKEN_UP = "area:change:taken_up"
    AREA_FINISHED = "area:change:finished"
    # links inside the hall 庁内連携
    HALL_CLIENT_CHANGED = "hall:client:changed"
    HALL_SCOPE_PROPOSED = "hall:scope:proposed"
    HALL_SCOPE_DECIDED = "hall:scope:decided"
    HALL_ADMITTED = "hall:client:admitted"
    HALL_GIVEN = "hall:record:given"
    HALL_REFUSED = "hall:call:refused"
    EXTRACTION_ASKED = "extraction:order:asked"
    EXTRACTION_DECIDED = "extraction:order:decided"
    EXTRACTION_MADE = "extraction:file:made"
    # the end of keeping 保存期間・廃棄
    RETENTION_LISTED = "retention:list:shown"
    HOLD_CHANGED = "retention:hold:changed"
    DISPOSAL_PROPOSED = "retention:run:proposed"
    DISPOSAL_DECIDED = "retention:run:decided"
    RECORD_DISPOSED = "retention:record:disposed"
    DISPOSAL_FINISHED = "retention:run:finished"
    BOX_RECORDED = "retention:box:recorded"
    # identification information 本人確認情報
    UPDATE_ACCEPTED = "identity:update:accepted"
    UPDATE_REFUSED = "identity:update:refused"
    UPDATE_SUPERSEDED = "identity:update:superseded"
    BULK_ACCEPTED = "identity:bulk:accepted"
    IDENTITY_SHOWN = "identity:record:shown"
    IDENTITY_CODE_SHOWN = "identity:code:shown"
    # provision 提供
    PROVISION_GRANTED = "provision:record:granted"
    PROVISION_REFUSED = "provision:record:refused"
    PROVISION_RECEIVED = "provision:answer:received"
    # numbers and codes 番号・コード
    NUMBER_MADE = "number:candidate:generated"
    NUMBER_WAITS = "number:request:waits"
    NUMBER_RECEIVED = "number:notice:received"
    CODES_HANDED_OUT = "code:pool:handed_out"
    CODES_RECEIVED = "code:pool:received"
    # reports between municipalities 市町村間の通知
    MOVE_IN_REPORTED = "report:move_in:received"
    MOVE_OUT_CONFIRMED = "report:move_out:received"
    # letters 電文
    LETTER_RESOLVED = "letter:returned:resolved"
    # operators 操作者
    OPERATOR_ENROLLED = "operator:account:enrolled"
    OPERATOR_CLOSED = "operator:account:closed"
    CREDENTIAL_ENROLLED = "operator:credential:enrolled"
    CREDENTIAL_REVOKED = "operator:credential:revoked"
    SESSION_OPENED = "operator:session:opened"
    SESSION_CLOSED = "operator:session:closed"
    SESSION_EXPIRED = "operator:session:expired"
    SESSION_REPLACED = "operator:session:replaced"
    SESSION_REFUSED = "operator:session:refused"
    HISTORY_SHOWN = "operator:history:shown"
    PAGE_OPENED = "operator:page:opened"
    ACCESS_REFUSED = "operator:access:refused"
    # disclosure and audit 開示・監査
    DISCLOSURE_HANDED_OUT = "disclosure:code:handed_out"
    DISCLOSURE_OPENED = "disclosure:bundle:opened"
    # the node itself ノード
    NODE_STARTED = "node:process:started"
    CERTIFICATE_ISSUED = "node:certificate:issued"
    CERTIFICATE_RENEWED = "node:certificate:renewed"
    DIRECTORY_TAKEN = "node:directory:taken"
    CALL_REFUSED = "node:call:refused"
