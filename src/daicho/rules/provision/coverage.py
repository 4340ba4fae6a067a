"""How much of the law's tables this program can decide, as a figure."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from daicho.rules.people.codes import MunicipalityCode
from daicho.rules.provision.articles import Provider, Reach, RequesterKind
from daicho.rules.provision.basis import BasisRow, BasisTable
from daicho.rules.provision.decision import Grant, permit
from daicho.rules.provision.fields import Field
from daicho.rules.provision.request import ProvisionRequest, Requester

_TABLES = "123456"


@dataclass(frozen=True, slots=True)
class RowCase:
    """A question that a row must grant, with the provider and the asker it needs.  根拠ごとの事例

    Law: 住民基本台帳法 別表第一〜別表第六
    """

    row: BasisRow
    request: ProvisionRequest
    provider: Provider
    territory: str
    requester: Requester


@dataclass(frozen=True, slots=True)
class LawCoverage:
    """Live rows of each table, and how many of them are decided as the law says.  法令の網羅率

    Law: 住民基本台帳法 別表第一〜別表第六
    """

    live: dict[str, int]
    decided: dict[str, int]

    def text(self) -> str:
        """Write the figure in one line.

        Law: none, arrangement of figures.
        """
        parts = [f"{name} {self.decided[name]}/{count}" for name, count in sorted(self.live.items())]
        total, decided = sum(self.live.values()), sum(self.decided.values())
        return f"law coverage: {decided}/{total} live rows decided ({', '.join(parts)})"


def example(row: BasisRow, home: MunicipalityCode, elsewhere: MunicipalityCode) -> RowCase:
    """Put the question that a row is made for, about a person who lives in `home`.

    `elsewhere` is a municipality of another prefecture.

    Law: 住民基本台帳法 別表第一〜別表第六
    """
    frame = row.frame
    provider = frame.providers[0]
    other = Reach.OTHER_PREFECTURE in (frame.people, frame.bodies)
    place = elsewhere if other else home
    territory = {Provider.NATIONAL: "", Provider.PREFECTURE: home.prefecture, Provider.CS: str(home)}[
        provider
    ]
    body = row.bodies[0]
    municipality = place if frame.requester is RequesterKind.MUNICIPALITY else None
    prefecture = place.prefecture if frame.requester is RequesterKind.PREFECTURE else None
    requester = Requester(frame.requester, (body,), municipality, prefecture)
    request = ProvisionRequest(row.table, row.item, body, tuple(Field), row.affair)
    return RowCase(row, request, provider, territory, requester)


def coverage(table: BasisTable, on: date, home: MunicipalityCode, elsewhere: MunicipalityCode) -> LawCoverage:
    """Ask every live row its own question and count those that answer with a grant naming the row.

    Law: 住民基本台帳法 別表第一〜別表第六
    """
    live: Counter[str] = Counter()
    decided: Counter[str] = Counter()
    for row in table.rows:
        if not row.in_force(on):
            continue
        name = f"table {row.table}" if row.table in _TABLES else "outside"
        case = example(row, home, elsewhere)
        answer = permit(
            case.request,
            table,
            on=on,
            provider=case.provider,
            requester=case.requester,
            territory=case.territory,
        )
        live[name] += 1
        decided[name] += isinstance(answer, Grant) and answer.row == row
    return LawCoverage(dict(live), dict(decided))
