"""What the database itself refuses in a code, a number's owner or a day, whatever a program believes."""

import psycopg
import pytest

from daicho.store.launcher import Cluster
from daicho.store.migrate import migrate
from daicho.store.roles import create_node_database

_RECORD = """
INSERT INTO identity.record (resident_record_code, name_kanji, name_gaiji_count, name_normalized_kana, birth_date, sex,
    municipality_code, aza_code, postal_code, address, address_gaiji_count, change_reason, change_date,
    change_reason_detail, update_sequence, scheduled_flag, foreign_resident, record_state, received_on, row_hash,
    name_key, address_key)
VALUES (%(code)s, '阿', 0, 'ア', %(birth)s, 'MALE', %(town)s, '', '', '一丁目', 0, 'NEW', '2026-11-20', '', 1, false,
    false, 'living', '2026-11-20', sha256('x'), '阿', '一丁目')
"""
_NUMBER = "INSERT INTO numbers.individual_number VALUES (sha256('x'), %(code)s, 'x', '2026-11-20')"
GOOD = {"code": "12345678901", "birth": "1990-00-31", "town": "13101"}
NO_CODES = (
    "",
    "1234567890",
    "123456789012",
    "1234567890a",
    "12345 78901",
    "１２３４５６７８９０１",
    "1234567890\n",
)
NO_DAYS = (
    "",
    "1990-0101",
    "1990-01-011",
    "19a0-01-01",
    "1990/01/01",
    "1990-01-0-",
    "-9900-1-01",
    "1990-01-0１",
    "1990-01-0\n",
)
NO_TOWNS = ("", "1310", "131016", "1310a", "１３１０１", "1310\n")


@pytest.fixture(scope="module")
def national(cluster: Cluster) -> str:
    made = create_node_database(cluster.dsn(), "checks")
    owner = cluster.dsn("checks", made.role("owner"), made.passwords["owner"])
    migrate(owner, "national")
    return owner


def keep(owner: str, statement: str, **other: str) -> None:
    with psycopg.connect(owner) as connection:
        connection.execute(statement.encode(), GOOD | other)
        connection.rollback()


@pytest.mark.parametrize("statement", [_RECORD, _NUMBER])
def test_what_is_well_formed_is_kept(national: str, statement: str) -> None:
    keep(national, statement)


@pytest.mark.parametrize("code", NO_CODES)
@pytest.mark.parametrize("statement", [_RECORD, _NUMBER])
def test_what_is_no_code_is_not_kept(national: str, statement: str, code: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match="resident_record_code"):
        keep(national, statement, code=code)


@pytest.mark.parametrize("birth", NO_DAYS)
def test_what_is_no_day_is_not_kept(national: str, birth: str) -> None:
    # Where no year can be read, the column of years refuses first.
    with pytest.raises((psycopg.errors.CheckViolation, psycopg.errors.InvalidTextRepresentation)):
        keep(national, _RECORD, birth=birth)


@pytest.mark.parametrize("town", NO_TOWNS)
def test_what_is_no_municipality_is_not_kept(national: str, town: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match="municipality_code"):
        keep(national, _RECORD, town=town)
