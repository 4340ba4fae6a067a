"""The seal: what it proves, what breaks it, and what is never sealed."""

import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.paper.offices import NOW, Office, make_office
from tests.paper.reading import text_of
from tests.paper.samples import big_household, certificate, content

from daicho.paper.fonts import find_fonts
from daicho.paper.sealing import NotSealable, Sealer, SealKey, UnfitSealKey, check_seal
from daicho.paper.typesetting import render


@pytest.fixture(scope="module")
def paper(fonts) -> bytes:
    return render(certificate(), fonts)


@pytest.fixture(scope="module")
def sealed(paper, office) -> bytes:
    return Sealer(office.key).seal(paper, NOW)


def test_a_sealed_paper_is_sound_and_names_office_and_time(sealed, office) -> None:
    found = check_seal(sealed, [office.root], NOW)
    assert found.sound
    assert (found.signer, found.signed_at) == ("東京都千代田区長", NOW)


def test_poppler_finds_the_signature_valid_and_over_the_whole_file(sealed, tmp_path) -> None:
    (tmp_path / "paper.pdf").write_bytes(sealed)
    told = subprocess.run(
        ["pdfsig", "-nocert", "paper.pdf"], cwd=tmp_path, capture_output=True, check=True, text=True
    ).stdout
    assert "Signature is Valid" in told
    assert "Total document signed" in told
    assert "ETSI.CAdES.detached" in told


def test_sealing_leaves_every_byte_of_the_paper_and_no_other_time(paper, sealed) -> None:
    assert sealed.startswith(paper)
    added = sealed[len(paper) :]
    assert b"ModDate" not in added
    assert b"/Version /2.0" not in added
    assert text_of(sealed) == text_of(paper)


def test_the_signature_field_keeps_to_pdf_a(sealed, paper) -> None:
    """A field without appearance has no area, and is printed: ISO 19005-2, 6.3 and 6.4."""
    added = sealed[len(paper) :]
    assert b"/Rect [ 0 0 0 0 ]" in added
    assert b"/F 132" in added
    assert b"/DocMDP" in added


@settings(max_examples=40)
@given(st.data())
def test_one_byte_changed_anywhere_and_the_seal_does_not_hold(data) -> None:
    sealed, office = _once()
    place = data.draw(st.integers(0, len(sealed) - 1))
    flip = data.draw(st.integers(1, 255))
    changed = bytearray(sealed)
    changed[place] ^= flip
    found = check_seal(bytes(changed), [office.root], NOW)
    hole = sealed.index(b"/Contents <", len(sealed) - 12_000)
    in_the_signature = hole < place < sealed.index(b">", hole)
    # Digits of the signature may change their case, and the room behind it is empty.
    assert not found.sound or in_the_signature


_MADE: list[tuple[bytes, Office]] = []


def _once() -> tuple[bytes, Office]:
    if not _MADE:
        office = make_office()
        _MADE.append((Sealer(office.key).seal(render(certificate(), find_fonts()), NOW), office))
    return _MADE[0]


def test_something_appended_after_sealing_is_found(sealed, office, paper) -> None:
    for more in (b"\n%", paper):
        assert not check_seal(sealed + more, [office.root], NOW).sound


def test_the_end_of_a_sealed_paper_cut_off_is_found(sealed, office, paper) -> None:
    assert check_seal(paper, [office.root], NOW).fault == "NOT_SEALED"
    for length in (0, 1, len(paper) + 1, len(sealed) - 1):
        assert not check_seal(sealed[:length], [office.root], NOW).sound


def test_the_seal_of_an_office_that_nobody_vouches_for_is_found(paper, office) -> None:
    forger = make_office("東京都千代田区長")
    forged = Sealer(forger.key).seal(paper, NOW)
    assert check_seal(forged, [office.root], NOW).fault == "UNKNOWN_SIGNER"
    assert check_seal(forged, [], NOW).fault == "UNKNOWN_SIGNER"
    assert check_seal(forged, [forger.root], NOW).sound


def test_the_seal_of_one_paper_on_another_is_found(paper, sealed, office, fonts) -> None:
    other = render(certificate(number="2026-00000999"), fonts)
    assert not check_seal(other + sealed[len(paper) :], [office.root], NOW).sound


def test_an_office_whose_certificate_was_revoked_seals_no_more(sealed, office) -> None:
    assert check_seal(sealed, [office.root], NOW, office.crls).sound
    assert check_seal(sealed, [office.root], NOW, office.crls_revoking).fault == "UNKNOWN_SIGNER"


def test_where_revocation_is_asked_for_a_missing_or_old_list_is_no_answer(sealed, office) -> None:
    assert not check_seal(sealed, [office.root], NOW, office.crls[:1]).sound
    assert not check_seal(sealed, [office.root], NOW + timedelta(days=3), office.crls).sound
    assert not check_seal(sealed, [office.root], NOW, make_office().crls).sound


def test_a_certificate_that_has_run_out_is_found(sealed, office) -> None:
    assert check_seal(sealed, [office.root], NOW + timedelta(days=400)).fault == "UNKNOWN_SIGNER"


@pytest.mark.parametrize("garbage", [b"", b"%PDF-1.7\n", b"%PDF-1.7\nstartxref\n9\n%%EOF", b"\x00" * 2000])
def test_what_is_no_paper_at_all_is_unreadable_and_no_fault_of_ours(garbage, office) -> None:
    assert check_seal(garbage, [office.root], NOW).fault == "UNREADABLE"


def test_a_file_too_long_for_a_paper_is_not_read(office) -> None:
    assert check_seal(b"%PDF" * 5_000_001, [office.root], NOW).fault == "TOO_LONG"


def test_a_specimen_is_never_sealed(fonts, fallback, office) -> None:
    sealer = Sealer(office.key)
    for specimen in (render(replace(certificate(), specimen=True), fonts), render(certificate(), fallback)):
        with pytest.raises(NotSealable):
            sealer.seal(specimen, NOW)


def test_nothing_is_sealed_twice(sealed, office) -> None:
    with pytest.raises(NotSealable):
        Sealer(office.key).seal(sealed, NOW)


def test_papers_of_many_pages_are_sealed_as_a_whole(fonts, office) -> None:
    pdf = Sealer(office.key).seal(render(certificate(content(people=big_household(12))), fonts), NOW)
    assert check_seal(pdf, [office.root], NOW).sound


def test_the_time_of_sealing_is_what_was_given(paper, office) -> None:
    moment = datetime(2026, 12, 24, 8, 30, 15, tzinfo=UTC)
    assert check_seal(Sealer(office.key).seal(paper, moment), [office.root], NOW).signed_at == moment


def test_a_key_for_anything_else_seals_nothing(office) -> None:
    other = make_office(repudiable=True).key
    strong = rsa.generate_private_key(65537, 2048).private_bytes(
        Encoding.DER, PrivateFormat.PKCS8, NoEncryption()
    )
    for unfit in (
        other,
        SealKey(office.key.private_key, other.certificate),
        SealKey(strong, office.key.certificate),
        SealKey(b"", office.key.certificate),
        SealKey(office.key.private_key, b""),
    ):
        with pytest.raises(UnfitSealKey):
            Sealer(unfit)


def test_a_key_that_is_shown_by_mistake_shows_nothing(office) -> None:
    assert repr(office.key) == "SealKey()"
