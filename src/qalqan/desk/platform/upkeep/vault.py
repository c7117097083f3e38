"""Encrypt a stream of bytes of any length with a passphrase.

The construction is STREAM (Hoang, Reyhanitabar, Rogaway and Vizár 2015, figure 6) over
AES-256-GCM: the plain text is cut into segments; each nonce carries the segment's number and
whether it is the last, so that segments can be neither swapped, dropped nor appended. The key
comes from scrypt (RFC 7914).
"""

from __future__ import annotations

import io
import os
import struct
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.utils.translation import gettext as _

from qalqan.errors import IntegrityError

MAGIC = b"QALQAN-VAULT-1\n"
SEGMENT = 1 << 20
TAG = 16
SALT = 16
PREFIX = 7
COST = 1 << 15
"""scrypt's N; with r = 8 it takes 32 MB and about a tenth of a second."""


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=COST, r=8, p=1).derive(passphrase.encode())


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + struct.pack(">IB", number, last)


class SealingWriter(io.RawIOBase):
    """A file-like object that encrypts what is written to it.

    Parameters
    ----------
    target
        Where the cipher text goes; it stays open.
    passphrase
        What opens it again.
    """

    def __init__(self, target: BinaryIO, passphrase: str) -> None:
        self._target = target
        salt, self._prefix = os.urandom(SALT), os.urandom(PREFIX)
        self._header = MAGIC + salt + self._prefix
        self._cipher = AESGCM(_key(passphrase, salt))
        self._pending = bytearray()
        self._number = 0
        target.write(self._header)

    def writable(self) -> bool:
        """Tell that the object takes bytes."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Take bytes; whole segments go out encrypted at once."""
        self._pending += data
        # The last segment must be known as such, so one stays back until close.
        while len(self._pending) > SEGMENT:
            self._seal(bytes(self._pending[:SEGMENT]), last=False)
            del self._pending[:SEGMENT]
        return len(data)

    def _seal(self, plain: bytes, *, last: bool) -> None:
        nonce = _nonce(self._prefix, self._number, last=last)
        self._target.write(self._cipher.encrypt(nonce, plain, self._header))
        self._number += 1

    def close(self) -> None:
        """Write the last segment."""
        if not self.closed:
            self._seal(bytes(self._pending), last=True)
            self._pending.clear()
        super().close()


class OpeningReader(io.RawIOBase):
    """A file-like object that decrypts what is read from it.

    Raises
    ------
    IntegrityError
        It is not a vault, the passphrase is wrong, or a byte was changed or is missing.
    """

    def __init__(self, source: BinaryIO, passphrase: str) -> None:
        self._source = source
        self._header = source.read(len(MAGIC) + SALT + PREFIX)
        if not self._header.startswith(MAGIC) or len(self._header) < len(MAGIC) + SALT + PREFIX:
            raise IntegrityError(_("This is not a Qalqan backup."))
        salt = self._header[len(MAGIC) : len(MAGIC) + SALT]
        self._prefix = self._header[-PREFIX:]
        self._cipher = AESGCM(_key(passphrase, salt))
        self._number = 0
        self._plain = memoryview(b"")
        self._ahead = source.read(SEGMENT + TAG)
        self._finished = False

    def readable(self) -> bool:
        """Tell that the object gives bytes."""
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        """Fill the buffer with plain text; 0 at the end."""
        if not self._plain and not self._finished:
            self._open_segment()
        count = min(len(buffer), len(self._plain))
        buffer[:count] = self._plain[:count]
        self._plain = self._plain[count:]
        return count

    def _open_segment(self) -> None:
        sealed, self._ahead = self._ahead, self._source.read(SEGMENT + TAG)
        last = not self._ahead
        try:
            plain = self._cipher.decrypt(
                _nonce(self._prefix, self._number, last=last), sealed, self._header
            )
        except InvalidTag:
            raise IntegrityError(
                _("The backup cannot be opened: wrong passphrase, or the file is damaged.")
            ) from None
        self._plain = memoryview(plain)
        self._number += 1
        self._finished = last
