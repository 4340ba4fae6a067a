"""Every call between nodes, as one table: routes, client, OpenAPI and documentation all come from it."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec

from daicho.rules.law.article import Article, bango, juki
from daicho.rules.network.kinds import Relation

KIB = 1024
MIB = 1024 * KIB
Count = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]  # what a database can hold, too
Words = Annotated[str, msgspec.Meta(max_length=200)]
Named = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Unknown fields are refused everywhere."""


class Nothing(_Strict, frozen=True):
    """An empty request or answer."""


class DirectoryRequest(_Strict, frozen=True):
    """What the asker has: the serial of its directory and the SHA-256 of its revocation lists."""

    serial: Count = 0
    lists_digest: bytes = b""


class DirectoryAnswer(_Strict, frozen=True):
    """The directory as it was signed and the revocation lists; empty is what the asker has already."""

    signed: bytes = b""
    lists: bytes = b""


class Letter(_Strict, frozen=True):
    """One letter of a batch; `body` is a box that only the receiver opens."""

    letter_id: str
    kind: str
    body: bytes


class KeptReceipt(_Strict, frozen=True):
    """The receiver keeps everything below `next_expected` durably.

    `left_epoch` and `left_number` say where it left the first epoch that it ever left; zeros: none yet.
    """

    epoch: Count
    next_expected: Count
    left_epoch: Count = 0
    left_number: Count = 0


class Settlement(_Strict, frozen=True):
    """What became of one letter: accepted, refused (with reason and article) or superseded.

    The digest (SHA-256 of the letter's bytes) keeps apart two letters that had one number, before and after a
    sender came back from a copy.
    """

    number: Count
    digest: bytes
    outcome: str
    reason: str = ""
    article: str = ""
    field: str = ""


class Settlements(_Strict, frozen=True):
    """What became of letters of one stream."""

    epoch: Count
    items: list[Settlement]


class SearchTermsText(_Strict, frozen=True):
    """Search terms as typed; empty means not given."""

    resident_record_code: str = ""
    individual_number: str = ""
    name: str = ""
    name_prefix: bool = False
    address: str = ""
    birth_date: str = ""
    sex: str = ""


class LookUpRequest(_Strict, frozen=True):
    """Somebody with a purpose and a legal basis asks for identification information."""

    request_id: str
    terms: SearchTermsText
    basis: str  # table-item, such as 1-87
    purpose: str
    operator_login_id: str
    operator_role_id: str
    terminal: str
    on: str  # the calendar day in Japan on which the law is read
    accepts_age_seconds: Annotated[int, msgspec.Meta(ge=0, le=3600)] = (
        0  # 0: as things are now, nothing older
    )
    without_number: bool = False  # the individual number is not asked for


class RefusedAnswer(_Strict, frozen=True):
    """Why not: code, article, field."""

    reason: str
    act: str
    number: str
    field: str = ""


class LookUpRow(_Strict, frozen=True):
    """What the row's article lets one answer hold about one person."""

    fields: dict[str, str]
    withheld: list[str] = []


class LookUpAnswer(_Strict, frozen=True):
    """The answer, or the refusal, with the legal-basis row that decided."""

    answer_id: str
    basis: str
    rows: list[LookUpRow] = []
    more: bool = False
    refused: RefusedAnswer | None = None
    age_seconds: Count = (
        0  # what is shown held so many seconds ago; it may have changed since. 0: it holds now
    )


class CosignRequest(_Strict, frozen=True):
    """A checkpoint and the proof that it continues the one the witness saw last."""

    note: str
    seen_size: Count
    proof: list[bytes]


class CosignAnswer(_Strict, frozen=True):
    """The witness's signature line, or the size it saw last when the proof does not start there."""

    cosignature: str = ""
    seen_size: Count = 0
    refused: str = ""


class DiscloseRequest(_Strict, frozen=True):
    """The home municipality gathers, for the resident at its counter, who saw the record."""

    resident_record_code: Annotated[str, msgspec.Meta(pattern="^(?:[0-9]{11}|addressee:[0-9]{1,15})$")]
    request_id: str


class DiscloseAnswer(_Strict, frozen=True):
    """A bundle of ledger lines with their proofs."""

    bundle: bytes


class NumberQuestion(_Strict, frozen=True):
    """A registry asks, by way of its CS, whether a number and a code are one person's (own definition)."""

    request_id: Named
    resident_record_code: Annotated[str, msgspec.Meta(pattern="^[0-9]{11}$")]
    individual_number: Annotated[str, msgspec.Meta(pattern="^[0-9]{12}$")]
    purpose: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    basis: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    operator_login_id: Named
    operator_role_id: Named
    terminal: Words


class NumberAnswer(_Strict, frozen=True):
    """One word and nothing beyond: they are, they are not, they were, or nobody above answers; or why not even that."""

    answer_id: str
    verdict: Literal["MATCHES", "DIFFERS", "LAPSED", "NO_ANSWER"]
    refused: RefusedAnswer | None = None

    @property
    def outcome(self) -> str:
        """Give the word, or why there is none, as a ledger writes it."""
        return self.refused.reason if self.refused is not None else self.verdict


class RenewRequest(_Strict, frozen=True):
    """A request for a new certificate (PKCS#10), or a registry's closed envelope that its CS carries on."""

    csr: bytes = b""
    relayed: bytes = b""


class RenewAnswer(_Strict, frozen=True):
    """The new certificate with its authority's, and the revocation lists as the issuer holds them."""

    chain: bytes
    lists: bytes = b""


@dataclass(frozen=True, slots=True)
class Operation:
    """One call: its name, what goes in and out, who may make it, under which article, what it leaves behind."""

    name: str
    request: type[Any]
    response: type[Any]
    callers: frozenset[Relation]
    summary: str
    article: Article | None = None
    event: str = ""
    max_bytes: int = 64 * KIB
    max_answer_bytes: int = 4 * MIB
    max_parts: int = 1
    timeout_seconds: int = 10
    once: bool = False  # a repeated envelope is refused
    brings_directory: bool = False  # made and answered even when the own directory has expired

    @property
    def path(self) -> str:
        """Give the path of the route."""
        return "/v1/" + self.name.replace(".", "/")


_EVERYBODY = frozenset(Relation)
_LETTERS = _EVERYBODY - {Relation.AUDITOR_TO_ANY, Relation.AGENCY_TO_NATIONAL}

DIRECTORY_FETCH = Operation(
    "directory.fetch", DirectoryRequest, DirectoryAnswer, _EVERYBODY,
    "Fetch the signed directory and the revocation lists.", max_answer_bytes=16 * MIB, brings_directory=True,
)  # fmt: skip
LETTERS_DELIVER = Operation(
    "letters.deliver", Letter, KeptReceipt, _LETTERS, "Deliver letters in order; the answer says what is kept.",
    max_bytes=8 * MIB, max_parts=200, timeout_seconds=30,
)  # fmt: skip
LETTERS_SETTLE = Operation(
    "letters.settle", Settlements, Nothing, _LETTERS, "Tell the sender what became of its letters.",
    max_bytes=MIB, timeout_seconds=30,
)  # fmt: skip
IDENTITY_LOOK_UP = Operation(
    "identity.look_up", LookUpRequest, LookUpAnswer,
    frozenset({Relation.AGENCY_TO_NATIONAL, Relation.CS_TO_NATIONAL, Relation.OWN_REGISTRY_TO_CS}),
    "Ask for identification information under a legal basis; a registry asks by way of its CS.", article=juki("30-9"),
    event="provision:record:granted", once=True,
)  # fmt: skip
LEDGER_COSIGN = Operation(
    "ledger.cosign", CosignRequest, CosignAnswer,
    frozenset({
        Relation.OWN_REGISTRY_TO_CS, Relation.CS_TO_OWN_PREFECTURE, Relation.PREFECTURE_TO_NATIONAL,
        Relation.AGENCY_TO_NATIONAL, Relation.NATIONAL_TO_PREFECTURE,
    }),
    "Ask the witness to cosign a checkpoint.", max_bytes=256 * KIB,
)  # fmt: skip
LEDGER_DISCLOSE = Operation(
    "ledger.disclose", DiscloseRequest, DiscloseAnswer,
    frozenset({Relation.OWN_REGISTRY_TO_CS, Relation.CS_TO_OWN_PREFECTURE, Relation.CS_TO_NATIONAL}),
    "Gather who saw a resident's record, with proofs.", article=juki("30-32"),
    event="disclosure:bundle:opened", max_answer_bytes=16 * MIB, timeout_seconds=30,
)  # fmt: skip
NUMBER_CONFIRM = Operation(
    "number.confirm", NumberQuestion, NumberAnswer,
    frozenset({Relation.OWN_REGISTRY_TO_CS, Relation.CS_TO_NATIONAL}),
    "Ask whether an individual number and a resident record code are one person's.", article=bango("16"),
    event="number:genuineness:confirmed", once=True,
)  # fmt: skip
CERTIFICATE_RENEW = Operation(
    "certificate.renew", RenewRequest, RenewAnswer,
    frozenset({
        Relation.OWN_REGISTRY_TO_CS, Relation.CS_TO_OWN_PREFECTURE, Relation.AGENCY_TO_NATIONAL,
        Relation.AUDITOR_TO_ANY,
    }),
    "Renew a node certificate of 7 days.", event="node:certificate:issued",
)  # fmt: skip

OPERATIONS: tuple[Operation, ...] = (
    DIRECTORY_FETCH,
    LETTERS_DELIVER,
    LETTERS_SETTLE,
    IDENTITY_LOOK_UP,
    LEDGER_COSIGN,
    LEDGER_DISCLOSE,
    NUMBER_CONFIRM,
    CERTIFICATE_RENEW,
)


def operation(name: str) -> Operation | None:
    """Find an operation by its name."""
    return next((one for one in OPERATIONS if one.name == name), None)
