"""The ring: where the desk's halves of case keys lie, outside the database and its backups.

A half is a file of 32 random bytes. To destroy it, it is overwritten, the disk is told to
write, and the file is removed; an empty file named by a hash stays, so that a backup that
brings rows back is recognised and swept. The folder bears a tag that backup programs obey
(bford.info/cachedir). A second folder, on another disk, keeps a copy against loss.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from qalqan.desk.support.crypto import KEY, new_key
from qalqan.errors import IntegrityError, SettingsError

_TAG = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# Keys of erasable cases. A copy in a backup undoes erasures: leave this folder out.\n"
)


@dataclass(frozen=True, slots=True)
class Destroyed:
    """In how many of the folders a half was destroyed."""

    folders: int
    done: int


def folders() -> list[Path]:
    """Return the ring's folder, and its copy's where one is set."""
    home = Path(settings.HOME)
    own, mirror = settings.QALQAN_SUPPORT_RING, settings.QALQAN_SUPPORT_MIRROR
    return [Path(own) if own else home / "support-ring", *([Path(mirror)] if mirror else [])]


def _prepare(folder: Path, *, create: bool) -> bool:
    """Tell whether a folder can be used; the first is made, a mirror must be there."""
    if create:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not folder.is_dir():
        return False
    for name in ("halves", "erased"):
        (folder / name).mkdir(exist_ok=True, mode=0o700)
    tag = folder / "CACHEDIR.TAG"
    if not tag.is_file():
        tag.write_text(_TAG, encoding="utf-8")
    return True


def _usable() -> list[Path]:
    return [one for number, one in enumerate(folders()) if _prepare(one, create=number == 0)]


def _half(folder: Path, case: UUID, generation: int) -> Path:
    return folder / "halves" / f"{case.hex}.{generation}"


def _stone(folder: Path, case: UUID) -> Path:
    return folder / "erased" / sha256(b"qalqan support erased" + case.bytes).hexdigest()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(handle, data)
        os.fsync(handle)
    finally:
        os.close(handle)
    _sync(path.parent)


def create_half(case: UUID, generation: int) -> bytes:
    """Make a case's half and keep it in every folder before the case is stored.

    Raises
    ------
    SettingsError
        The copy's folder is not there: a case whose key lies on one disk only could be lost.
    """
    usable = _usable()
    if len(usable) < len(folders()):
        raise SettingsError(
            _("The second folder of support keys cannot be reached."),
            hint="QALQAN_SUPPORT_MIRROR",
        )
    half = new_key()
    for folder in usable:
        _write(_half(folder, case, generation), half)
    return half


def read_half(case: UUID, generation: int) -> bytes:
    """Return a case's half.

    Raises
    ------
    IntegrityError
        It was destroyed, or no folder has it.
    """
    usable = _usable()
    if any(_stone(folder, case).exists() for folder in usable):
        raise IntegrityError(_("The key of this case was destroyed; nothing opens it."))
    for folder in usable:
        path = _half(folder, case, generation)
        if path.is_file() and len(data := path.read_bytes()) == KEY:
            return data
    raise IntegrityError(
        _("The desk's half of this key is missing."),
        hint=_("See that the folder of support keys is in its place."),
    )


def _shred(path: Path) -> None:
    if not path.is_file():
        return
    handle = os.open(path, os.O_WRONLY)
    try:
        os.write(handle, os.urandom(KEY))
        os.fsync(handle)
    finally:
        os.close(handle)
    path.unlink(missing_ok=True)
    _sync(path.parent)


def destroy(case: UUID) -> Destroyed:
    """Destroy every half of a case in every folder that can be reached."""
    usable = _usable()
    for folder in usable:
        # The stone first: a fall of the machine between the two still ends in erasure.
        _write(_stone(folder, case), b"")
        for path in (folder / "halves").glob(f"{case.hex}.*"):
            _shred(path)
    return Destroyed(len(folders()), len(usable))


def destroy_older(case: UUID, generation: int) -> None:
    """Destroy the halves of earlier generations of a case's key."""
    for folder in _usable():
        for path in (folder / "halves").glob(f"{case.hex}.*"):
            number = path.suffix[1:]
            if number.isdecimal() and int(number) < generation:
                _shred(path)


def is_erased(case: UUID) -> bool:
    """Tell whether the key of a case was destroyed, whatever a backup has brought back."""
    return any(_stone(folder, case).exists() for folder in _usable())


def sweep() -> int:
    """Finish erasures in folders that could not be reached then; return the halves destroyed."""
    usable, count = _usable(), 0
    stones = {stone.name for folder in usable for stone in (folder / "erased").iterdir()}
    for folder in usable:
        for path in (folder / "halves").iterdir():
            try:
                case = UUID(hex=path.name.partition(".")[0])
            except ValueError:
                # What a file system or an administrator put there must not stop erasures.
                continue
            if _stone(folder, case).name in stones:
                _shred(path)
                _write(_stone(folder, case), b"")
                count += 1
    return count


def is_whole() -> bool:
    """Tell whether every folder of the ring can be reached."""
    return len(_usable()) == len(folders())
