"""The Japanese word of each coded value at the end of keeping."""

from enum import StrEnum

from daicho.rules.retention.box import BoxStep, DisposalWay, PaperKind
from daicho.rules.retention.disposal import DisposalKind, HoldReason, ItemState, RunState

RETENTION_WORDS: dict[type[StrEnum], dict[str, str]] = {
    DisposalKind: {
        DisposalKind.REMOVED_RECORD: "除票",
        DisposalKind.IDENTITY_RECORD: "消除者の本人確認情報",
        DisposalKind.IDENTITY_VERSION: "更新前の本人確認情報",
    },
    HoldReason: {
        HoldReason.LITIGATION: "訴訟・不服申立て",
        HoldReason.DISCLOSURE: "開示請求",
        HoldReason.AUDIT: "監査・調査",
        HoldReason.PROTECTION: "支援措置",
        HoldReason.OPEN_CASE: "処理中の異動・事案",
    },
    RunState: {
        RunState.PROPOSED: "承認待ち",
        RunState.APPROVED: "承認済み（消去中）",
        RunState.DECLINED: "不承認",
        RunState.WITHDRAWN: "取下げ",
        RunState.DONE: "消去済み",
    },
    ItemState: {
        ItemState.LISTED: "未処理",
        ItemState.ERASED: "消去",
        ItemState.HELD: "保留",
        ItemState.CHANGED: "変更があり残した",
        ItemState.LEFT: "終了により残した",
    },
    PaperKind: {
        PaperKind.NOTICES: "届出書・通知書",
        PaperKind.REQUESTS: "証明書の交付請求書",
        PaperKind.INSPECTIONS: "閲覧申出書",
        PaperKind.PROTECTION: "支援措置申出書",
        PaperKind.SEALS: "印鑑登録の書類",
        PaperKind.FORMS: "帳票",
    },
    BoxStep: {
        BoxStep.BOXED: "箱詰め",
        BoxStep.HELD: "保留",
        BoxStep.FREED: "保留の解除",
        BoxStep.PROPOSED: "廃棄の申請",
        BoxStep.DECLINED: "廃棄の不承認",
        BoxStep.DISPOSED: "廃棄",
    },
    DisposalWay: {
        DisposalWay.SHREDDED: "裁断",
        DisposalWay.BURNT: "焼却",
        DisposalWay.DISSOLVED: "溶解",
    },
}
