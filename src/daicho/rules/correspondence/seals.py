"""Papers of seal registration besides its certificate: the letter of inquiry 照会書・回答書, the form of a guarantee 保証書."""

from daicho.rules.certificates.content import CertificateContent, CertificateKind, LetterFacts, PrintedPerson
from daicho.rules.correspondence.addressing import registered_place
from daicho.rules.law.refusal import Reason, Refusal
from daicho.rules.people.dates import era_text
from daicho.rules.register.record import ResidentRecord
from daicho.rules.seals.ordinance import CONFIRMATION
from daicho.rules.seals.registration import SealRequest


def seal_inquiry(request: SealRequest, record: ResidentRecord, town: str) -> CertificateContent | Refusal:
    """Ask a person at the registered address whether the application is theirs; it goes nowhere else.

    Law: 印鑑登録証明事務処理要領 (照会)
    """
    if not request.awaits_answer or request.answer_by is None:
        return Refusal(Reason.NOT_PENDING, CONFIRMATION, "paper")
    if not record.living:
        return Refusal(Reason.NOT_LIVING, CONFIRMATION, "paper")
    rows = (("申請の日", era_text(request.asked_on)), ("申請された方", record.name.kanji))
    facts = LetterFacts(registered_place(record, town), rows, era_text(request.answer_by))
    return _content(CertificateKind.SEAL_INQUIRY, record, town, facts)


def seal_guarantee(record: ResidentRecord, town: str) -> CertificateContent:
    """Make the form on which somebody with a registered seal guarantees that an applicant is the person.

    Law: 印鑑登録証明事務処理要領 (保証書)
    """
    home = f"{town}{record.current_address.one_line()}"
    rows = (("氏　名", record.name.kanji), ("住　所", home), ("生年月日", era_text(record.birth_date)))
    return _content(CertificateKind.SEAL_GUARANTEE, record, town, LetterFacts(rows=rows))


def _content(
    kind: CertificateKind, record: ResidentRecord, town: str, facts: LetterFacts
) -> CertificateContent:
    home = f"{town}{record.current_address.one_line()}"
    return CertificateContent(kind, home, None, (PrintedPerson(record.name.kanji, "", ()),), facts)
