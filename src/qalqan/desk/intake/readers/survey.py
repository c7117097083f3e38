"""One look over a whole file: its digest, size and encoding."""

from __future__ import annotations

import codecs
import os
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from django.utils.translation import gettext as _

from qalqan.errors import InputError, Location

_BLOCK = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found.

    Parameters
    ----------
    digest
        BLAKE2b of the file, 128 bits, hexadecimal.
    size
        Bytes.
    encoding
        Python's name of the encoding.
    is_clean
        Whether every byte can be read in that encoding.
    """

    digest: str
    size: int
    encoding: str
    is_clean: bool


def survey(path: Path) -> Survey:
    """Read a file once from end to end.

    UTF-8 with or without its mark, UTF-16 with its mark or by the pattern of its zero bytes;
    a file that is not UTF-8 from its first letter outside ASCII on is taken for CP1251.

    Raises
    ------
    InputError
        The file is missing, empty, a folder, or cannot be read.
    """
    try:
        with path.open("rb") as file:
            found = _survey(file.fileno(), path.name)
    except OSError as error:
        raise InputError(
            _("The file cannot be read: %(why)s.") % {"why": error.strerror or error},
            location=Location(path.name),
        ) from None
    if not found.size:
        raise InputError(_("The file is empty."), location=Location(path.name))
    return found


def _survey(handle: int, name: str) -> Survey:
    digest, size = blake2b(digest_size=16), 0
    decoder = codecs.getincrementaldecoder("utf-8")()
    first, is_utf8, had_wide = b"", True, False
    while block := os.read(handle, _BLOCK):
        first = first or block
        digest.update(block)
        size += len(block)
        if is_utf8:
            try:
                text = decoder.decode(block)
                had_wide = had_wide or not text.isascii()
            except UnicodeDecodeError as error:
                is_utf8 = False
                good = error.object[: error.start].decode("utf-8")
                had_wide = had_wide or not good.isascii()
    try:
        decoder.decode(b"", final=is_utf8)
    except UnicodeDecodeError:
        is_utf8 = False
    encoding = _by_mark(first)
    if not encoding:
        encoding = "utf-8" if is_utf8 or had_wide else "cp1251"
    return Survey(digest.hexdigest(), size, encoding, is_utf8 and encoding.startswith("utf-8"))


def _by_mark(first: bytes) -> str:
    for mark, encoding in _BOMS:
        if first.startswith(mark):
            return encoding
    sample = first[:4096]
    if sample.count(0) * 4 > len(sample):
        return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
    return ""
