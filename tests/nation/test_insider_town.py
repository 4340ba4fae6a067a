"""A town's own server, its keys and its people turned against other towns' residents: it learns and changes nothing."""

import json
from collections.abc import Callable, Iterator

import pytest
from tests.nation.conftest import rows_of, until

from daicho.nodes.config import read_config
from daicho.nodes.mailroom import Outgoing, post_letters
from daicho.nodes.watch.assembly import Foundation, found_node
from daicho.rules.network.kinds import NodeKind
from daicho.rules.people.codes import ResidentRecordCode
from daicho.store import mailbox
from daicho.wire.codecs.identity import CodesWanted, MoveOutConfirmed, NumberRequest
from daicho.wire.http import WireRefused
from daicho.wire.operations import (
    DIRECTORY_FETCH,
    LEDGER_DISCLOSE,
    DirectoryRequest,
    DiscloseAnswer,
    DiscloseRequest,
)
from daicho.world.nation import Nation

pytestmark = [pytest.mark.nation]

INSIDER = "cs-m012025"
NOBODY = "00000000000"


@pytest.fixture(scope="module")
def insider(nation: Nation) -> Iterator[Foundation]:
    """The communication server of Hakodate, in the hands of somebody who has its keys."""
    foundation = found_node(read_config(nation.places.node(INSIDER) / "node.toml"), own_signer=False)
    yield foundation
    foundation.close()


@pytest.fixture(scope="module")
def stranger(nation: Nation) -> str:
    """Somebody of Hachioji who has a number."""
    rows = rows_of(
        nation, "national",
        "select r.resident_record_code from identity.record r join numbers.individual_number using (resident_record_code)"
        " where r.municipality_code = '13201' order by 1 limit 1",
    )  # fmt: skip
    return str(rows[0][0])


def _refused(nation: Nation, insider: Foundation, letter: Outgoing) -> tuple[object, ...]:
    """Post a letter as the insider, let the running server send it, and see how it comes back."""
    count = "select count(*) from mailbox.returned"
    before = rows_of(nation, INSIDER, count)
    with insider.node.store.unit() as unit:
        post_letters(unit, insider.node, [letter])
    until(lambda: rows_of(nation, INSIDER, count) != before, nation)
    query = "select reason, article, field, letter_id from mailbox.returned order by returned_at desc limit 1"
    *told, letter_id = rows_of(nation, INSIDER, query)[0]
    with insider.node.store.unit() as unit:
        now = insider.node.clock.now()
        assert mailbox.resolve_returned(unit, str(letter_id), by="MADO-01", at=now, resolution="test")
    return tuple(told)


def test_who_saw_somebody_is_told_to_the_persons_own_town_alone(
    nation: Nation, insider: Foundation, stranger: str
) -> None:
    national = insider.node.wire.directory().national()
    told = {}
    for code in (stranger, NOBODY):
        answer = insider.node.wire.post.call(LEDGER_DISCLOSE, national, DiscloseRequest(code, "insider"))
        assert isinstance(answer, DiscloseAnswer)
        told[code] = answer.bundle
    (part,) = json.loads(told[stranger])
    assert (part["lines"], part["waiting"], part["checkpoint"], part["refused"]) == ([], 0, "", True)
    assert told[stranger] == told[NOBODY], "not even whether there is such a person"
    noted = rows_of(
        nation, "national",
        "select convert_from(body, 'UTF8')::jsonb->>'outcome' from ledger.line where subject = %s"
        " and event = 'disclosure:bundle:opened' order by line_id desc limit 1",
        stranger,
    )  # fmt: skip
    assert noted == [("refused",)]


def test_a_town_learns_no_number_of_another_towns_resident_before_the_moving_in_is_reported(
    nation: Nation, insider: Foundation, stranger: str, quiet: Callable[[], None]
) -> None:
    national = insider.node.wire.directory().national()
    request = Outgoing(national, "number.request", NumberRequest(ResidentRecordCode(stranger)))
    with insider.node.store.unit() as unit:
        post_letters(unit, insider.node, [request])
    waits = "select municipality from codes.number_wanted where resident_record_code = %s"
    until(lambda: rows_of(nation, "national", waits, stranger) == [("01202",)], nation)
    quiet()
    assert rows_of(
        nation,
        INSIDER,
        "select count(*) from numbers.individual_number where resident_record_code = %s",
        stranger,
    ) == [(0,)]


def test_a_town_gets_no_codes_that_were_given_to_another(nation: Nation, insider: Foundation) -> None:
    pool = str(
        rows_of(nation, "national", "select pool_id from codes.handed_out where municipality = '13201'")[0][0]
    )
    national = insider.node.wire.directory().national()
    with insider.node.store.unit() as unit:
        post_letters(unit, insider.node, [Outgoing(national, "codes.wanted", CodesWanted(5, pool))])
    query = "select count(*) from codes.handed_out where pool_id = %s and municipality = '01202'"
    until(lambda: rows_of(nation, "national", query, pool) == [(5,)], nation)
    assert rows_of(
        nation, "registry-m012025",
        "select count(*) from codes.stock s where s.code = any(%s)",
        [str(row[0]) for row in rows_of(
            nation, "national", "select code from codes.handed_out where pool_id = %s and municipality = '13201'", pool
        )],
    ) == [(0,)]  # fmt: skip


def test_a_moving_out_is_confirmed_by_the_town_that_was_left(
    nation: Nation, insider: Foundation, stranger: str
) -> None:
    directory = insider.node.wire.directory()
    own = next(one for one in directory.of_kind(NodeKind.PREFECTURE) if one.prefecture == "01")
    letter = Outgoing(
        own,
        "report.move_out",
        MoveOutConfirmed(ResidentRecordCode(stranger), insider.node.clock.business_today()),
    )
    reason, _, field = _refused(nation, insider, letter)
    assert (reason, field) == ("OTHER_MUNICIPALITY", "resident_record_code")
    lines = "select count(*) from ledger.line where subject = %s and event = 'report:move_out:received'"
    assert rows_of(nation, "prefecture-p01", lines, stranger) == [(0,)]


def test_a_refused_call_of_a_member_leaves_a_line(nation: Nation, insider: Foundation) -> None:
    other = next(
        one for one in insider.node.wire.directory().of_kind(NodeKind.PREFECTURE) if one.prefecture == "13"
    )
    with pytest.raises(WireRefused) as refused:
        insider.node.wire.post.call(DIRECTORY_FETCH, other, DirectoryRequest())
    assert refused.value.code == "RELATION_NOT_ALLOWED"
    query = "select convert_from(body, 'UTF8')::jsonb->'detail'->>'code' from ledger.line where event = 'node:call:refused'"
    until(lambda: ("RELATION_NOT_ALLOWED",) in rows_of(nation, "prefecture-p13", query), nation)
