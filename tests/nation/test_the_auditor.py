"""Forgeries, each planted with a superuser's hands in the books of running nodes; the auditor names each."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest

from daicho.nodes.auditor.findings import Fault
from daicho.nodes.chronicle.checkpoints import public_key
from daicho.nodes.config import read_config
from daicho.rules.ledger.note import Checkpoint, read_note, sign_line, write_note
from daicho.wire.signer.client import SignerClient
from daicho.world.checking import audit_nation
from daicho.world.founding import read_directory
from daicho.world.nation import Nation
from daicho.world.stories.family import family_moves

pytestmark = [pytest.mark.nation]

NATIONAL, REGISTRY, CS = "national", "registry-m131016", "cs-m131016"


_WRITES: tuple[LiteralString, ...] = (
    "delete from ledger.answer",
    "update ledger.line set body = ''",
    "insert into ledger.pending values (1, '')",
    "create table public.x ()",
)


class _Silent:
    def tell(self, who: str, line: str) -> None:
        pass


@pytest.fixture
def honest(nation: Nation, quiet: Callable[[], None]) -> Nation:
    """A nation in which somebody was looked up, and that the auditor finds clean."""
    if not _one(nation, NATIONAL, "select count(*) from ledger.answer"):
        family_moves(nation, _Silent())
    quiet()
    assert audit_nation(nation) == []
    return nation


def _dsn(nation: Nation, short: str) -> str:
    return nation.cluster.dsn(short.replace("-", "_"))


def _one(nation: Nation, short: str, query: Any) -> Any:
    with psycopg.connect(_dsn(nation, short)) as connection:
        row = connection.execute(query).fetchone()
        assert row is not None
        return row[0]


@contextmanager
def _superuser(nation: Nation, short: str) -> Iterator[psycopg.Connection[Any]]:
    """Write past every trigger, as somebody who holds the whole machine could."""
    with psycopg.connect(_dsn(nation, short)) as connection:
        connection.execute("set session_replication_role = replica")
        yield connection


@contextmanager
def _forged(
    nation: Nation, short: str, forgery: tuple[LiteralString, ...], undone_by: tuple[LiteralString, ...]
) -> Iterator[None]:
    """Plant a forgery; afterwards undo it, and the auditor must find everything clean again."""
    with _superuser(nation, short) as books:
        for statement in forgery:
            books.execute(statement)
    try:
        yield
    finally:
        with _superuser(nation, short) as books:
            for statement in undone_by:
                books.execute(statement)
    assert audit_nation(nation) == []


def _faults(nation: Nation) -> set[tuple[str, Fault]]:
    return {(finding.node.split(".")[0], finding.fault) for finding in audit_nation(nation)}


def test_an_altered_line_is_found(honest: Nation) -> None:
    with _superuser(honest, NATIONAL) as books:
        line, body = books.execute(
            "select line_id, body from ledger.line order by line_id limit 1"
        ).fetchone()
        forged = bytes(body).replace(b'"event"', b'"evenT"')
        books.execute("update ledger.line set body = %s where line_id = %s", (forged, line))
    try:
        assert _faults(honest) == {("national", Fault.LINE_ALTERED)}
    finally:
        with _superuser(honest, NATIONAL) as books:
            books.execute("update ledger.line set body = %s where line_id = %s", (body, line))
    assert audit_nation(honest) == []


def test_an_altered_line_with_its_hash_altered_too_is_found_by_its_signed_root(honest: Nation) -> None:
    """Whoever forges line and leaf together meets the checkpoint that another node has cosigned."""
    forgery: tuple[LiteralString, ...] = (
        "create table public.saved_line as select * from ledger.line order by line_id limit 1",
        "create table public.saved_leaf as select f.* from ledger.leaf f join public.saved_line using (line_id)",
        (
            "update ledger.line l set body = f.body, leaf_hash = sha256('\\x00'::bytea || f.body)"
            " from (select line_id, convert_to(replace(convert_from(body, 'UTF8'), '\"at\"', '\"aT\"'), 'UTF8') as body"
            "  from public.saved_line) as f where f.line_id = l.line_id"
        ),
        (
            "update ledger.leaf f set leaf_hash = l.leaf_hash from ledger.line l, public.saved_line s"
            " where f.line_id = s.line_id and l.line_id = s.line_id"
        ),
    )
    undone_by: tuple[LiteralString, ...] = (
        "update ledger.line l set body = s.body, leaf_hash = s.leaf_hash from public.saved_line s where s.line_id = l.line_id",
        "update ledger.leaf f set leaf_hash = s.leaf_hash from public.saved_leaf s where s.line_id = f.line_id",
        "drop table public.saved_line, public.saved_leaf",
    )
    with _forged(honest, NATIONAL, forgery, undone_by):
        assert _faults(honest) == {("national", Fault.ROOT_DIFFERS)}


def test_a_removed_line_is_found(honest: Nation) -> None:
    forgery: tuple[LiteralString, ...] = (
        "create table public.saved as select * from ledger.line order by line_id limit 1",
        "delete from ledger.line where line_id = (select line_id from public.saved)",
    )
    undone_by: tuple[LiteralString, ...] = (
        "insert into ledger.line select * from public.saved",
        "drop table public.saved",
    )
    with _forged(honest, CS, forgery, undone_by):
        assert _faults(honest) == {("cs", Fault.LINE_MISSING)}


def test_lines_cut_off_at_the_end_are_found_by_the_checkpoint_that_counted_them(honest: Nation) -> None:
    forgery: tuple[LiteralString, ...] = (
        "create table public.saved_leaf as select * from ledger.leaf order by position desc limit 3",
        "create table public.saved_line as select l.* from ledger.line l join public.saved_leaf using (line_id)",
        "delete from ledger.line where line_id in (select line_id from public.saved_leaf)",
        "delete from ledger.leaf where line_id in (select line_id from public.saved_leaf)",
    )
    undone_by: tuple[LiteralString, ...] = (
        "insert into ledger.line select * from public.saved_line",
        "insert into ledger.leaf select * from public.saved_leaf",
        "drop table public.saved_line, public.saved_leaf",
    )
    with _forged(honest, CS, forgery, undone_by):
        assert ("cs", Fault.ROOT_DIFFERS) in _faults(honest)


def test_a_forked_checkpoint_is_found_though_the_node_itself_signed_it(honest: Nation) -> None:
    """The node shows the auditor another tree than it showed its witness, with its own good signature."""
    with _superuser(honest, NATIONAL) as books:
        size, root, note = books.execute(
            "select size, root, note from ledger.checkpoint join ledger.cosignature using (size) order by size desc limit 1"
        ).fetchone()
    checkpoint, _, (own, *_) = read_note(note)
    forged = Checkpoint(checkpoint.origin, size, bytes(32))
    signer = SignerClient(_signer_socket(honest, NATIONAL))
    signature = signer.sign_checkpoint(forged.body().encode())
    signer.close()
    directory = read_directory(honest.places)
    member = directory.member(checkpoint.origin)
    assert member is not None
    line = sign_line(own.name, public_key(member), signature)
    with _superuser(honest, NATIONAL) as books:
        books.execute(
            "update ledger.checkpoint set root = %s, note = %s where size = %s",
            (forged.root, write_note(forged, line), size),
        )
    try:
        found = _faults(honest)
        assert {("national", Fault.FORKED), ("national", Fault.ROOT_DIFFERS)} <= found
        assert ("national", Fault.CHECKPOINT_UNSIGNED) not in found
    finally:
        with _superuser(honest, NATIONAL) as books:
            books.execute(
                "update ledger.checkpoint set root = %s, note = %s where size = %s", (root, note, size)
            )
    assert audit_nation(honest) == []


def _signer_socket(nation: Nation, short: str) -> Path:
    return Path(read_config(nation.places.node(short) / "node.toml").signer_socket)


@pytest.mark.requirement("R-276")
def test_an_entry_verified_by_whoever_entered_it_is_found(honest: Nation) -> None:
    with _superuser(honest, REGISTRY) as books:
        row = books.execute(
            "select id, verified_by from register.entry where state = 'verified' and kind <> 'IMPORT' limit 1"
        ).fetchone()
        assert row is not None, "the story verified something"
        books.execute("alter table register.entry drop constraint second_person")
        books.execute("update register.entry set verified_by = entered_by where id = %s", (row[0],))
    try:
        assert _faults(honest) == {("registry", Fault.SELF_VERIFIED)}
    finally:
        with _superuser(honest, REGISTRY) as books:
            books.execute("update register.entry set verified_by = %s where id = %s", (row[1], row[0]))
            books.execute(
                "alter table register.entry add constraint second_person check (verified_by <> entered_by)"
            )
    assert audit_nation(honest) == []


def test_a_look_up_that_left_no_line_is_found_by_what_the_asker_wrote(honest: Nation) -> None:
    """A national server that answered and noted nothing: only the agency's own ledger tells."""
    forgery: tuple[LiteralString, ...] = (
        "create table public.saved as select * from ledger.answer",
        "delete from ledger.answer",
    )
    undone_by: tuple[LiteralString, ...] = (
        "insert into ledger.answer select * from public.saved",
        "drop table public.saved",
    )
    with _forged(honest, NATIONAL, forgery, undone_by):
        assert _faults(honest) == {("national", Fault.ANSWER_WITHOUT_LINE)}


def test_an_answer_that_names_a_line_about_something_else_is_found(honest: Nation) -> None:
    with _superuser(honest, NATIONAL) as books:
        books.execute(
            "insert into ledger.answer (answer_id, line_id, digest) select 'planted', min(line_id), %s from ledger.line",
            (os.urandom(32),),
        )
    try:
        assert _faults(honest) == {("national", Fault.ANSWER_WITHOUT_LINE)}
    finally:
        with _superuser(honest, NATIONAL) as books:
            books.execute("delete from ledger.answer where answer_id = 'planted'")
    assert audit_nation(honest) == []


def test_copies_that_differ_are_found(honest: Nation) -> None:
    forgery: tuple[LiteralString, ...] = (
        "create table public.saved as select resident_record_code, row_hash from identity.record limit 1",
        (
            "update identity.record set row_hash = sha256('x') where resident_record_code ="
            " (select resident_record_code from public.saved)"
        ),
    )
    undone_by: tuple[LiteralString, ...] = (
        (
            "update identity.record r set row_hash = s.row_hash from public.saved s"
            " where s.resident_record_code = r.resident_record_code"
        ),
        "drop table public.saved",
    )
    with _forged(honest, NATIONAL, forgery, undone_by):
        assert _faults(honest) == {("national", Fault.COPY_DIFFERS)}


def test_the_auditor_cannot_write(honest: Nation) -> None:
    address = read_config(honest.places.node(NATIONAL) / "node.toml").database.audit
    with psycopg.connect(address, autocommit=True) as auditor:
        auditor.execute("set default_transaction_read_only = off")
        for statement in _WRITES:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                auditor.execute(statement)
