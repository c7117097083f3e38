"""The encrypted stream: what goes in comes out, and nothing else opens."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qalqan.desk.platform.upkeep import vault
from qalqan.errors import IntegrityError

SECRET = "correct horse battery staple"


@pytest.fixture(autouse=True)
def _cheap_key(monkeypatch: pytest.MonkeyPatch) -> None:
    # The cost of the key is not what these tests are about; the default runs in test_backup.
    monkeypatch.setattr(vault, "COST", 16)


def seal(plain: bytes, pieces: int = 1) -> bytes:
    sink = io.BytesIO()
    size = max(1, len(plain) // pieces)
    with vault.SealingWriter(sink, SECRET) as writer:
        for start in range(0, len(plain), size):
            writer.write(plain[start : start + size])
    return sink.getvalue()


def unseal(sealed: bytes, passphrase: str = SECRET) -> bytes:
    return io.BufferedReader(vault.OpeningReader(io.BytesIO(sealed), passphrase)).read()


@settings(max_examples=50, deadline=None)
@given(
    length=st.sampled_from(
        [0, 1, vault.SEGMENT - 1, vault.SEGMENT, vault.SEGMENT + 1, 2 * vault.SEGMENT]
    ),
    pieces=st.integers(1, 7),
)
def test_round_trip_around_the_segment_size(length: int, pieces: int) -> None:
    plain = bytes(range(256)) * (length // 256) + bytes(length % 256)
    assert unseal(seal(plain, pieces)) == plain


def test_plain_text_is_nowhere_in_the_sealed_bytes() -> None:
    assert b"the secret of the desk" not in seal(b"the secret of the desk" * 50)


def test_wrong_passphrase_is_refused() -> None:
    with pytest.raises(IntegrityError, match=r"passphrase|құпия|парол"):
        unseal(seal(b"text"), "another one")


@pytest.mark.parametrize("where", [0, 20, 40, -1, -20, -40])
def test_one_changed_byte_is_noticed(where: int) -> None:
    sealed = bytearray(seal(b"text" * 100))
    sealed[where] ^= 1
    with pytest.raises(IntegrityError):
        unseal(bytes(sealed))


def test_a_cut_at_a_segment_is_noticed() -> None:
    sealed = seal(bytes(3 * vault.SEGMENT))
    header = len(vault.MAGIC) + vault.SALT + vault.PREFIX
    whole_segment = vault.SEGMENT + vault.TAG
    with pytest.raises(IntegrityError):
        unseal(sealed[: header + whole_segment])


def test_swapped_segments_are_noticed() -> None:
    sealed = seal(b"a" * vault.SEGMENT + b"b" * vault.SEGMENT + b"c")
    header = len(vault.MAGIC) + vault.SALT + vault.PREFIX
    size = vault.SEGMENT + vault.TAG
    first, second = sealed[header : header + size], sealed[header + size : header + 2 * size]
    with pytest.raises(IntegrityError):
        unseal(sealed[:header] + second + first + sealed[header + 2 * size :])


def test_something_else_is_not_called_a_backup() -> None:
    with pytest.raises(IntegrityError):
        unseal(b"PK\x03\x04 this is a zip file")
