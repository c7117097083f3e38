"""Signing and verifying alerts: what holds, and for whom."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from signxml import DigestAlgorithm, SignatureConfiguration, XMLSigner, XMLVerifier
from signxml.algorithms import CanonicalizationMethod
from signxml.xades import XAdESSigner, XAdESVerifier
from tests.support.cap_signing import (
    ALERT,
    KEYS,
    NOW,
    certificate_of,
    key_of,
    pem_of,
    wmo_certificates,
)

from qalqan.cap.read import read
from qalqan.cap.refusals import TEXTS, Reason, SignatureError
from qalqan.cap.sign import load_key, sign
from qalqan.cap.trust import load_trust
from qalqan.cap.verify import verify
from qalqan.errors import InputError

FROZEN = dt.datetime(2024, 7, 15, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def _signed(kind: str = "ec", form: str = "xades", data: bytes = ALERT):
    key = key_of(kind)
    certificate = certificate_of(key)
    signed = sign(data, key=key, certificate=certificate, signing_time=NOW, form=form)
    return signed, certificate


def _refused(data: bytes, trust, at=NOW) -> Reason:
    with pytest.raises(SignatureError) as refusal:
        verify(data, trust=trust, at=at)
    return refusal.value.reason


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize("form", ["xades", "plain"])
def test_what_was_signed_is_what_is_returned(kind: str, form: str) -> None:
    signed, certificate = _signed(kind, form)
    verified = verify(signed, trust=[certificate], at=NOW)
    assert verified.alert == read(ALERT)
    assert verified.certificate == certificate
    assert verified.is_xades == (form == "xades")
    assert not verified.is_reindented
    assert verified.signed_at == NOW
    assert read(signed).signatures


@pytest.mark.parametrize("form", ["xades", "plain"])
def test_no_byte_that_was_shown_changes(form: str) -> None:
    signed, _ = _signed("rsa", form)
    end = ALERT.rindex(b"</alert>")
    assert signed.startswith(ALERT[:end])
    assert signed.endswith(ALERT[end:])


def test_rsa_gives_the_same_bytes_again() -> None:
    key = key_of("rsa")
    certificate = certificate_of(key)
    twice = {sign(ALERT, key=key, certificate=certificate, signing_time=NOW) for _ in range(2)}
    assert len(twice) == 1


def test_sha512_with_rsa() -> None:
    key = key_of("rsa")
    certificate = certificate_of(key)
    signed = sign(ALERT, key=key, certificate=certificate, signing_time=NOW, algorithm="rsa-sha512")
    assert verify(signed, trust=[certificate], at=NOW).method.endswith("rsa-sha512")


@pytest.mark.parametrize("kind", KEYS)
def test_another_library_verifies_ours(kind: str) -> None:
    config = {"location": "./", "verification_time": NOW}
    signed, certificate = _signed(kind, "plain")
    found = XMLVerifier().verify(
        signed, x509_cert=certificate, expect_config=SignatureConfiguration(**config)
    )
    assert found.signed_xml.tag.endswith("alert")
    signed, certificate = _signed(kind, "xades")
    results = XAdESVerifier().verify(
        signed,
        x509_cert=certificate,
        expect_config=SignatureConfiguration(expect_references=2, **config),
    )
    assert {etree.QName(result.signed_xml).localname for result in results} == {
        "alert",
        "SignedProperties",
    }


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize(
    "c14n",
    [
        CanonicalizationMethod.CANONICAL_XML_1_0,
        CanonicalizationMethod.CANONICAL_XML_1_1,
        CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    ],
)
def test_we_verify_another_library(kind: str, c14n: CanonicalizationMethod) -> None:
    key, name = key_of(kind), "rsa-sha256" if kind == "rsa" else "ecdsa-sha384"
    # That library signs at the present, whenever that is.
    wide = certificate_of(key, since=NOW - 3000 * DAY, until=NOW + 30_000 * DAY)
    for signer_type in (XMLSigner, XAdESSigner):
        signer = signer_type(
            signature_algorithm=name, digest_algorithm=DigestAlgorithm.SHA512, c14n_algorithm=c14n
        )
        root = signer.sign(etree.fromstring(ALERT), key=key, cert=[wide])
        verified = verify(etree.tostring(root), trust=[wide])
        assert verified.alert == read(ALERT)
        assert verified.is_xades == (signer_type is XAdESSigner)


@pytest.mark.parametrize("country", ["bf", "sc", "tg"])
def test_samples_of_the_wmo_hold_at_a_frozen_time(shared_data: Path, country: str) -> None:
    data = (shared_data / "cap" / "valid" / f"wmo_{country}_valid.xml").read_bytes()
    verified = verify(data, trust=wmo_certificates(shared_data), at=FROZEN)
    assert verified.is_reindented
    assert not verified.is_xades
    assert verified.alert.identifier == read(data).identifier


@pytest.mark.parametrize("country", ["bf", "sc", "tg"])
@pytest.mark.parametrize("harm", ["certificate", "digest", "signature"])
def test_harmed_samples_of_the_wmo_are_refused(shared_data: Path, country: str, harm: str) -> None:
    name = f"wmo_{country}_invalid_{harm}.xml"
    data = (shared_data / "cap" / "invalid" / name).read_bytes()
    reason = _refused(data, wmo_certificates(shared_data), FROZEN)
    assert reason in (Reason.MALFORMED, Reason.VALUE, Reason.DIGEST)


def test_samples_signed_with_sha1_are_refused(shared_data: Path) -> None:
    data = (shared_data / "cap" / "other" / "google_earthquake_signed.cap").read_bytes()
    assert _refused(data, wmo_certificates(shared_data), FROZEN) == Reason.ALGORITHM


def test_a_store_of_several_finds_the_signer() -> None:
    signed, certificate = _signed()
    others = [certificate_of(key_of(kind, 7)) for kind in KEYS]
    assert verify(signed, trust=[*others, certificate], at=NOW).certificate == certificate
    assert _refused(signed, others) == Reason.UNTRUSTED
    assert _refused(signed, []) == Reason.UNTRUSTED


def test_the_certificate_must_be_valid_when_signed_and_when_judged() -> None:
    signed, certificate = _signed()
    assert _refused(signed, [certificate], NOW + 2 * DAY) == Reason.EXPIRED
    assert _refused(signed, [certificate], NOW - 2 * DAY) == Reason.FUTURE
    assert verify(signed, trust=[certificate], at=None).signed_at == NOW
    plain, certificate = _signed(form="plain")
    assert _refused(plain, [certificate], NOW + 2 * DAY) == Reason.EXPIRED


@pytest.mark.parametrize(
    ("since", "until", "reason"),
    [
        (NOW - 9 * DAY, NOW - 8 * DAY, Reason.EXPIRED),
        (NOW + 8 * DAY, NOW + 9 * DAY, Reason.NOT_YET_VALID),
    ],
)
def test_nothing_is_signed_outside_the_certificates_time(
    since: dt.datetime, until: dt.datetime, reason: Reason
) -> None:
    key = key_of("ec")
    certificate = certificate_of(key, since=since, until=until)
    with pytest.raises(SignatureError) as refusal:
        sign(ALERT, key=key, certificate=certificate, signing_time=NOW)
    assert refusal.value.reason == reason


def test_a_backdated_signature_is_refused_on_arrival() -> None:
    """Whoever holds an expired certificate's key may claim any time, so the present counts too."""
    key = key_of("ec")
    old = certificate_of(key, since=NOW - 9 * DAY, until=NOW - 8 * DAY)
    signed = sign(ALERT, key=key, certificate=old, signing_time=NOW - 8.5 * DAY)
    assert _refused(signed, [old], NOW) == Reason.EXPIRED


@pytest.mark.parametrize("kind", ["rsa1024", "secp256k1"])
def test_weak_keys_sign_nothing(kind: str) -> None:
    key = key_of(kind)
    with pytest.raises(SignatureError) as refusal:
        sign(ALERT, key=key, certificate=certificate_of(key), signing_time=NOW)
    assert refusal.value.reason == Reason.WEAK_KEY


def test_a_key_signs_only_with_its_own_certificate() -> None:
    with pytest.raises(SignatureError) as refusal:
        sign(ALERT, key=key_of("ec"), certificate=certificate_of(key_of("ec", 9)), signing_time=NOW)
    assert refusal.value.reason == Reason.KEY_INFO


def test_an_alert_is_signed_once() -> None:
    signed, certificate = _signed()
    with pytest.raises(SignatureError) as refusal:
        sign(signed, key=key_of("ec"), certificate=certificate, signing_time=NOW)
    assert refusal.value.reason == Reason.SEVERAL


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.UNREADABLE),
        (b"<alert", Reason.UNREADABLE),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', Reason.UNREADABLE),
        (b"<feed/>", Reason.NOT_CAP),
        (ALERT, Reason.NONE),
    ],
)
def test_what_is_no_signed_alert_is_refused(data: bytes, reason: Reason) -> None:
    assert _refused(data, [certificate_of(key_of("ec"))]) == reason


def test_an_algorithm_must_fit_the_key() -> None:
    certificate = certificate_of(key_of("ec"))
    with pytest.raises(ValueError, match="does not fit"):
        sign(
            ALERT,
            key=key_of("ec"),
            certificate=certificate,
            signing_time=NOW,
            algorithm="rsa-sha256",
        )


def test_naive_times_are_refused() -> None:
    signed, certificate = _signed()
    with pytest.raises(ValueError, match="aware"):
        verify(signed, trust=[certificate], at=dt.datetime(2026, 11, 22))  # noqa: DTZ001
    with pytest.raises(ValueError, match="aware"):
        sign(
            ALERT,
            key=key_of("ec"),
            certificate=certificate,
            signing_time=dt.datetime(2026, 11, 22),  # noqa: DTZ001
        )


def test_a_trust_store_tells_what_is_wrong_where() -> None:
    first, second = certificate_of(key_of("ec")), certificate_of(key_of("rsa"))
    store = load_trust(b"Duty desk\n" + pem_of(first, second, first))
    assert store == (first, second)
    broken = pem_of(first) + b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    with pytest.raises(InputError) as refusal:
        load_trust(broken, name="trust.pem")
    lines = pem_of(first).count(b"\n")
    assert str(refusal.value).startswith(f"trust.pem:{lines + 1}:")
    for empty in (b"", b"no certificate"):
        with pytest.raises(InputError, match="no certificate"):
            load_trust(empty)


def test_a_key_is_read_with_its_password() -> None:
    key = key_of("ec")
    wrap = {"encoding": Encoding.PEM, "format": PrivateFormat.PKCS8}
    plain = key.private_bytes(**wrap, encryption_algorithm=NoEncryption())
    sealed = key.private_bytes(**wrap, encryption_algorithm=BestAvailableEncryption(b"word"))
    assert load_key(plain).private_numbers() == key.private_numbers()
    assert load_key(sealed, password=b"word").private_numbers() == key.private_numbers()
    for password in (None, b"other"):
        with pytest.raises(ValueError, match="assword"):
            load_key(sealed, password=password)


def test_every_reason_speaks_three_languages() -> None:
    assert set(TEXTS) == set(Reason)
    assert all(len(set(texts)) == 3 and all(texts) for texts in TEXTS.values())


@settings(max_examples=150)
@given(st.data())
def test_no_changed_byte_of_the_alert_passes_unseen(data: st.DataObject) -> None:
    """What verifies says the same as what was signed, wherever a byte is changed."""
    signed, certificate = _SIGNED
    at = data.draw(st.integers(0, len(signed) - 1))
    byte = data.draw(st.integers(0, 255))
    changed = signed[:at] + bytes([byte]) + signed[at + 1 :]
    try:
        verified = verify(changed, trust=[certificate], at=NOW)
    except SignatureError:
        return
    assert verified.alert == read(ALERT)


_SIGNED = _signed()
