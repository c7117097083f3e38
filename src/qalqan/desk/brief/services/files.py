"""Hand an edition out as files."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.brief import render
from qalqan.desk.brief.models import BriefEdition
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import EXPORT, Actor, require
from qalqan.errors import InputError, Location

LANGUAGES = ("kk", "ru", "en")


@transaction.atomic
def record_export(*, actor: Actor, edition: BriefEdition, form: str, now: datetime) -> None:
    """Record that an edition is handed out.

    Raises
    ------
    RefusedError
        The actor may not take the brief away.
    """
    require(actor, EXPORT, BriefEdition)
    audit.record(
        actor=actor, action="brief.export", subject=edition, now=now, detail={"form": form}
    )


def write_files(
    edition: BriefEdition,
    out_dir: Path,
    *,
    language: str = "kk",
    languages: Sequence[str] = LANGUAGES,
) -> tuple[Path, ...]:
    """Write brief.html, brief.pdf, brief.json and brief.txt, and all but JSON in each language.

    Everything is rendered first, beside the folder, and then renamed into place file by file:
    an error leaves the folder as it was.

    Parameters
    ----------
    language
        Language of ``brief.html`` and ``brief.pdf``; the others are ``brief.ru.html`` and so on.
    languages
        All languages to write.

    Returns
    -------
    tuple of Path
        The files written, the four main ones first.

    Raises
    ------
    InputError
        The folder cannot be written to, or the language is not one of the desk's.
    """
    if language not in LANGUAGES:
        raise InputError(
            _("There is no language %(language)s; choose kk, ru or en.") % {"language": language}
        )
    contents = _contents(edition, language, languages)
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
        return _put(contents, out_dir)
    except OSError as error:
        raise InputError(
            _("cannot write the brief: %(reason)s") % {"reason": error.strerror or error},
            location=Location(str(out_dir)),
        ) from error


def _contents(
    edition: BriefEdition, language: str, languages: Sequence[str]
) -> list[tuple[str, bytes]]:
    contents = [
        ("brief.html", render.html(edition, language=language)),
        ("brief.pdf", render.pdf(edition, language=language)),
        ("brief.json", render.json(edition)),
        ("brief.txt", render.text(edition, language=language)),
    ]
    for other in languages:
        if other != language:
            contents.append((f"brief.{other}.html", render.html(edition, language=other)))
            contents.append((f"brief.{other}.pdf", render.pdf(edition, language=other)))
            contents.append((f"brief.{other}.txt", render.text(edition, language=other)))
    return contents


def _put(contents: list[tuple[str, bytes]], out_dir: Path) -> tuple[Path, ...]:
    holding = Path(tempfile.mkdtemp(prefix=".brief-", dir=out_dir))
    try:
        for name, body in contents:
            with (holding / name).open("wb") as handle:
                handle.write(body)
                handle.flush()
                os.fsync(handle.fileno())
        for name, _body in contents:
            os.replace(holding / name, out_dir / name)
    finally:
        shutil.rmtree(holding, ignore_errors=True)
    return tuple(out_dir / name for name, _body in contents)
