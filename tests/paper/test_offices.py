"""An office's seal key in its files: made for a demonstration, opened, and refused when it could not seal today."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from daicho.paper.offices import (
    CERTIFICATES,
    KEY,
    OFFICE_DAYS,
    certify_office,
    make_seal_authority,
    read_seal_key,
)
from daicho.paper.sealing import UnfitSealKey

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    authority, office = tmp_path / "authority", tmp_path / "office"
    make_seal_authority(authority, "見本認証局", NOW)
    certify_office(office, authority, "東京都千代田区長", NOW)
    return authority, office


def test_an_office_is_certified_by_the_authority_for_sealing_and_nothing_else(
    places: tuple[Path, Path],
) -> None:
    authority, office = places
    ours = x509.load_der_x509_certificate(read_seal_key(office, NOW).certificate)
    ours.verify_directly_issued_by(x509.load_pem_x509_certificate((authority / CERTIFICATES).read_bytes()))
    usage = ours.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.content_commitment, usage.digital_signature, usage.key_cert_sign) == (True, False, False)
    assert not ours.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_nobody_else_on_the_machine_reads_the_key(places: tuple[Path, Path]) -> None:
    assert {one.stat().st_mode & 0o777 for one in places[1].iterdir()} == {0o600}


def test_a_key_that_is_over_or_not_yet_valid_is_unfit(places: tuple[Path, Path]) -> None:
    for then in (NOW + timedelta(days=OFFICE_DAYS), NOW - timedelta(days=1)):
        with pytest.raises(UnfitSealKey):
            read_seal_key(places[1], then)


def test_a_key_that_is_absent_torn_or_anothers_is_unfit(places: tuple[Path, Path], tmp_path: Path) -> None:
    authority, office = places
    with pytest.raises(UnfitSealKey):
        read_seal_key(tmp_path / "nowhere", NOW)
    # An authority's own key may name offices; it may not seal.
    with pytest.raises(UnfitSealKey):
        read_seal_key(authority, NOW)
    certify_office(tmp_path / "another", authority, "東京都中央区長", NOW)
    (office / KEY).write_bytes((tmp_path / "another" / KEY).read_bytes())
    with pytest.raises(UnfitSealKey):
        read_seal_key(office, NOW)
    (office / KEY).write_bytes(b"-----BEGIN PRIVATE KEY-----\n")
    with pytest.raises(UnfitSealKey):
        read_seal_key(office, NOW)


def test_what_stands_behind_the_certificate_goes_along(places: tuple[Path, Path]) -> None:
    authority, office = places
    above = (authority / CERTIFICATES).read_bytes()
    (office / CERTIFICATES).write_bytes((office / CERTIFICATES).read_bytes() + above)
    found = read_seal_key(office, NOW)
    assert found.chain == (x509.load_pem_x509_certificate(above).public_bytes(Encoding.DER),)
