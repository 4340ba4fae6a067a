"""Certificates of seven days that renew themselves, and revocation lists that reach everybody, on running nodes."""

from dataclasses import replace
from datetime import timedelta

import msgspec
import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.faces.exchange.conftest import now, until

from daicho.nodes.membership.certificates import LISTS_EVERY
from daicho.rules.network.kinds import MessageKey
from daicho.wire.authority import (
    AuthorityFault,
    days_left,
    make_node_request,
    make_root,
    make_sub_authority,
    serial_of,
)
from daicho.wire.directory import sign_directory
from daicho.wire.http import WireUnavailable
from daicho.wire.operations import CERTIFICATE_RENEW, RenewAnswer, RenewRequest
from daicho.wire.revocation import newest_lists, read_lists, revoked
from daicho.wire.signer.keystore import add_message_key

NATIONAL, PREFECTURE, CS, REGISTRY = "national.n", "prefecture.p13", "cs.m131016.p13", "registry.m131016.p13"
AGENCY = "agency-kensetsu.n"
RENEW = "/v1/certificate/renew"


def _days(one) -> float:
    return days_left(one.caller.files.pair, now())


def _lines(one, event: str) -> int:
    with psycopg.connect(one.addresses["admin"]) as admin:
        row = admin.execute("select count(*) from ledger.line where event = %s", (event,)).fetchone()
        assert row is not None
        return int(row[0])


def test_every_kind_of_node_renews_before_half_of_its_week_is_over(new_country, run_node):
    """The registry's question goes through its CS, closed; the agency's to the nation; authorities help themselves."""
    for short in (NATIONAL, PREFECTURE, CS, REGISTRY, AGENCY):
        new_country[short].certify(days=2)
    nodes = {short: run_node(short, new_country) for short in (NATIONAL, PREFECTURE, CS, REGISTRY, AGENCY)}
    for one in nodes.values():
        one.node.foundation.certificates.renew()
        until(lambda one=one: _days(one) > 6)
        assert _lines(one, "node:certificate:renewed") == 1
    assert _lines(nodes[PREFECTURE], "node:certificate:issued") == 2, (
        "for its CS and, through it, for the registry"
    )
    assert _lines(nodes[NATIONAL], "node:certificate:issued") == 1
    for one in nodes.values():
        one.node._renewed()
    with nodes[CS].caller.line(nodes[PREFECTURE].port, nodes[PREFECTURE].name) as line:
        assert line.ask("/health", method="GET").status == 200


def test_a_certificate_with_time_left_is_left_alone(new_country, run_node):
    prefecture = run_node(PREFECTURE, new_country)
    before = serial_of(prefecture.caller.files.pair)
    prefecture.node.foundation.certificates.renew()
    assert serial_of(prefecture.caller.files.pair) == before


def test_a_certificate_from_the_future_gives_way_to_the_former_one(new_country, run_node):
    """It was issued while a clock was wrong; with it nobody would talk to the node until that day comes."""
    prefecture = run_node(PREFECTURE, new_country)
    files, good = prefecture.caller.files, serial_of(prefecture.caller.files.pair)
    key, request = make_node_request(new_country[PREFECTURE].name)
    wrong = now() + timedelta(days=5)
    files.install(
        key, new_country.subs["p13"].issue_for_request(request, new_country[PREFECTURE].name, wrong)
    )
    assert serial_of(files.pair) != good
    until(lambda: serial_of(files.pair) == good)
    until(lambda: _lines(prefecture, "node:certificate:renewed") == 1)
    with new_country[CS].line(prefecture.port, prefecture.name) as line:
        assert line.ask("/health", method="GET").status == 200


def test_a_revocation_at_one_prefecture_reaches_nation_towns_and_registries(new_country, run_node, tmp_path):
    nodes = {short: run_node(short, new_country) for short in (NATIONAL, PREFECTURE, CS, REGISTRY)}
    stolen = new_country[CS].copy(tmp_path / "stolen").certify()
    new_country.subs["p13"].revoke(stolen, now())
    for one in nodes.values():
        until(lambda one=one: stolen in {number for _, number in revoked(one.caller.files.crl.read_bytes())})


def test_a_new_directory_reaches_a_registry_through_its_cs(new_country, run_node):
    nodes = {short: run_node(short, new_country) for short in (NATIONAL, CS, REGISTRY)}
    newer = new_country.directory()
    new_country.publish(nodes[NATIONAL].directory_file, newer)
    for one in nodes.values():
        until(lambda one=one: one.node.foundation.keeper.current().serial == newer.serial)
        until(lambda one=one: one.directory_file.read_bytes() == nodes[NATIONAL].directory_file.read_bytes())
        until(lambda one=one: _lines(one, "node:directory:taken") == 1)


def _ask(country, server, caller, request: RenewRequest):
    body = country[caller].sealed(CERTIFICATE_RENEW, server.name, [msgspec.json.encode(request)])
    with country[caller].line(server.port, server.name) as line:
        return line.ask(RENEW, body)


def _certified(answer) -> str:
    made = msgspec.json.decode(answer.parts[0], type=RenewAnswer)
    certificate = x509.load_pem_x509_certificate(made.chain)
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    (name,) = names.get_values_for_type(x509.DNSName)
    return name


def test_an_authority_certifies_whoever_signed_whatever_name_the_request_holds(new_country, run_node):
    prefecture = run_node(PREFECTURE, new_country)
    _, csr = make_node_request(new_country[PREFECTURE].name)
    assert _certified(_ask(new_country, prefecture, CS, RenewRequest(csr))) == new_country[CS].name


def _closed(country, sender: str, to: str, part: bytes) -> bytes:
    return country[sender].sealed(CERTIFICATE_RENEW, country[to].name, [part])


def test_a_cs_carries_the_question_of_its_own_registry_and_of_nobody_else(new_country, run_node):
    prefecture = run_node(PREFECTURE, new_country)
    _, csr = make_node_request("any")
    part = msgspec.json.encode(RenewRequest(csr))
    own = RenewRequest(relayed=_closed(new_country, REGISTRY, PREFECTURE, part))
    assert _certified(_ask(new_country, prefecture, CS, own)) == new_country[REGISTRY].name
    for sender, to, code in (
        (AGENCY, PREFECTURE, "NOT_THE_PEER"),  # somebody else's question
        (CS, PREFECTURE, "NOT_THE_PEER"),  # the carrier's own, dressed up as the registry's
        (REGISTRY, CS, "NOT_FOR_ME"),  # not addressed to the authority
    ):
        carried = RenewRequest(relayed=_closed(new_country, sender, to, part))
        assert _ask(new_country, prefecture, CS, carried).code == code


@pytest.mark.parametrize("inside", [b"", b"{}", b"nonsense", b'{"csr":"AAAA"}'])
def test_nonsense_is_certified_for_nobody(new_country, run_node, inside):
    prefecture = run_node(PREFECTURE, new_country)
    carried = RenewRequest(relayed=_closed(new_country, REGISTRY, PREFECTURE, inside))
    assert _ask(new_country, prefecture, CS, carried).code == "REQUEST_FORM"
    assert _ask(new_country, prefecture, CS, RenewRequest(inside)).code == "REQUEST_FORM"
    assert _ask(new_country, prefecture, CS, RenewRequest(relayed=inside or b"x")).code == "MALFORMED"


def test_an_auditor_is_not_certified_by_a_prefecture(new_country, run_node):
    prefecture = run_node(PREFECTURE, new_country)
    _, csr = make_node_request("any")
    assert _ask(new_country, prefecture, "auditor.n", RenewRequest(csr)).code == "REQUEST_FORM"
    with pytest.raises(AuthorityFault, match="NAME_OUTSIDE_SUBTREE"):
        new_country.subs["p13"].issue_for_request(csr, "cs.m012025.p01.daicho.internal", now())


def test_lists_are_taken_from_their_authority_alone_and_only_when_newer(new_country, tmp_path):
    p13 = new_country.subs["p13"]
    known = [one.certificate for one in (new_country.root, *new_country.subs.values())]
    held = new_country.lists()
    assert newest_lists(held, held, known, now()) is None
    p13.revoke(7, now())
    newer = p13.make_crl(now())
    joined = newest_lists(held, newer, known, now())
    assert joined is not None
    assert len(read_lists(joined)) == len(read_lists(held)) + 1, "the list in force before stays behind it"
    assert revoked(joined) == {(p13.certificate.subject.public_bytes(), 7)}
    assert newest_lists(joined, held, known, now()) is None, "older ones do not come back"
    impostor = make_sub_authority(tmp_path / "x", make_root(tmp_path / "r", now()), p13.subtree, now())
    forged = b"".join(impostor.make_crl(now()) for _ in range(9))
    assert newest_lists(held, forged, known, now()) is None, (
        "the right name and a high number are no signature"
    )
    assert newest_lists(held, newer, [new_country.root.certificate], now()) is None
    with pytest.raises(ValueError, match="too large"):
        newest_lists(held, b"x" * (4 * 1024 * 1024 + 1), known, now())


def test_lists_made_by_a_wrong_clock_neither_hide_the_one_before_nor_last(new_country):
    p13 = new_country.subs["p13"]
    known = [one.certificate for one in (new_country.root, *new_country.subs.values())]
    p13.revoke(7, now())
    held = newest_lists(new_country.lists(), p13.make_crl(now()), known, now()) or new_country.lists()
    wrong = now() + timedelta(days=9)
    held = newest_lists(held, p13.current_crl(wrong, LISTS_EVERY), known, wrong)
    begin = sorted(one.last_update_utc for one in read_lists(held) if one.issuer == p13.certificate.subject)
    assert len(begin) == 2
    assert begin[0] <= now() < begin[1]
    made = read_lists(p13.current_crl(now(), LISTS_EVERY))[0]
    assert made.last_update_utc <= now()
    assert p13.current_crl(now(), LISTS_EVERY) == p13.crl(), "made once, not at every look"
    held = newest_lists(held, p13.crl(), known, now())
    assert made in read_lists(held)
    assert revoked(held) == {(p13.certificate.subject.public_bytes(), 7)}


def _with_new_key(country, caller) -> None:
    """The caller's signer takes a new message key at once; the country's next directory lists it."""
    made = add_message_key(caller.folder / "signer")
    key = MessageKey(made.kid, made.x, made.y, now() - timedelta(minutes=1), now() + timedelta(days=1))
    keys = (*caller.member.message_keys, key)
    caller.member = replace(caller.member, message_keys=keys)


def test_a_registry_hears_of_its_css_new_key_though_the_answer_is_signed_with_it_already(
    new_country, run_node
):
    """Otherwise the two would never speak again: the only way to the directory leads through the CS."""
    cs, registry = run_node(CS, new_country), run_node(REGISTRY, new_country)
    _with_new_key(new_country, cs.caller)
    newer = new_country.directory()
    cs.take_directory(new_country, newer)
    cs.node.foundation.node.wire.signer.reload()
    until(lambda: registry.node.foundation.keeper.current().serial == newer.serial)


def test_a_stranger_vouches_for_nobodys_key(new_country, run_node):
    """The same, but the directory that comes along is signed by somebody else than the nation."""
    cs, registry = run_node(CS, new_country), run_node(REGISTRY, new_country)
    before = registry.node.foundation.keeper.current().serial
    _with_new_key(new_country, cs.caller)
    forged = sign_directory(new_country.directory(), Ed25519PrivateKey.generate())
    cs.node.foundation.keeper._signed = forged
    cs.node.foundation.keeper._directory = new_country.directory()
    cs.node.foundation.node.wire.signer.reload()
    node = registry.node.foundation.node
    with pytest.raises(WireUnavailable, match="UNKNOWN_KEY"):
        registry.node.foundation.keeper.fetch(node.me, node.wire.post)
    assert registry.node.foundation.keeper.current().serial == before
