"""Translation catalogues without GNU gettext: collect the texts, compile, find what is missing.

A fresh machine has no ``xgettext``; Babel reads the Python files and Django's own parser the
templates. Run as ``python -m qalqan.desk.platform.ui.catalogues update|compile|check``.
"""

from __future__ import annotations

import io
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import qalqan

SOURCE = Path(qalqan.__file__).resolve().parent
LANGUAGES = ("kk", "ru", "en")
_KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_NAMED = re.compile(r"%\((\w+)\)[#0\- +]*\d*(?:\.\d+)?[sdifgr]")
_ARGUMENT = re.compile(r"""_\((?P<mark>["'])(?P<text>.+?)(?P=mark)\)""")
_BRACED = re.compile(r"\{(\w*)[^{}]*\}")

Text = tuple[Any, str | None]
"""What gettext looks up: one text, or singular and plural; and the context, if any."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a catalogue."""

    catalogue: Path
    text: str
    reason: str

    def __str__(self) -> str:
        return f"{self.catalogue.relative_to(SOURCE)}: {self.reason}: {self.text!r}"


def folders() -> list[Path]:
    """Return the folder of each part of the desk: those with texts, and those that may get some."""
    marks = [*SOURCE.rglob("locale"), *SOURCE.rglob("apps.py")]
    return sorted({path.parent for path in marks})


def catalogue_path(folder: Path, language: str) -> Path:
    """Return where a folder keeps its texts in a language."""
    return folder / "locale" / language / "LC_MESSAGES" / "django.po"


def _own_files(folder: Path, pattern: str) -> Iterator[Path]:
    """Yield the files that belong to this catalogue and to no deeper one."""
    deeper = [other for other in folders() if folder in other.parents]
    for path in sorted(folder.rglob(pattern)):
        if "migrations" not in path.parts and not any(d in path.parents for d in deeper):
            yield path


def _python_texts(path: Path) -> Iterator[Text]:
    for _line, text, _comments, context in extract_from_file("python", path, keywords=_KEYWORDS):
        if text and text != ("", ""):
            yield text, context


def _nodes(nodelist: Any) -> Iterator[Any]:
    # Django's own walk skips what stands inside block tags.
    for node in nodelist:
        yield node
        for name in {"nodelist", *getattr(node, "child_nodelists", ())}:
            yield from _nodes(getattr(node, name, None) or ())


def _template_texts(path: Path) -> Iterator[Text]:
    from django.template import engines
    from django.template.base import Template
    from django.template.context import Context
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode

    engine = engines["django"].engine  # type: ignore[attr-defined]
    source = path.read_text(encoding="utf-8")
    for found in _ARGUMENT.finditer(source):
        yield found["text"].replace("%", "%%"), None
    for node in _nodes(Template(source, engine=engine).nodelist):
        if not isinstance(node, TranslateNode | BlockTranslateNode):
            continue
        context = node.message_context.resolve(Context()) if node.message_context else None
        if isinstance(node, TranslateNode):
            literal = node.filter_expression.var.literal
            if isinstance(literal, str):
                yield literal.replace("%", "%%"), context
            continue
        singular = node.render_token_list(node.singular)[0]
        if node.plural and node.countervar:
            yield (singular, node.render_token_list(node.plural)[0]), context
        else:
            yield singular, context


def collect(folder: Path) -> Catalog:
    """Return all texts that the files of a folder ask to be translated."""
    template = Catalog(charset="utf-8")
    for path in _own_files(folder, "*.py"):
        for text, context in _python_texts(path):
            template.add(text, context=context)
    for pattern in ("*.html", "*.txt"):
        for path in _own_files(folder, pattern):
            if "templates" in path.parts:
                for text, context in _template_texts(path):
                    template.add(text, context=context)
    return template


def read(path: Path, language: str) -> Catalog:
    """Read a catalogue; an empty one where there is none yet."""
    if not path.is_file():
        return Catalog(
            locale=language,
            header_comment=f"# Qalqan: texts in {language}.",
            project="Qalqan",
            version=" ",
            copyright_holder="Qalqan contributors",
            msgid_bugs_address="",
            last_translator="Qalqan contributors",
            language_team="Qalqan contributors",
            charset="utf-8",
            fuzzy=False,
        )
    with path.open("rb") as handle:
        return read_po(handle, locale=language)


def _write(path: Path, catalogue: Catalog) -> None:
    """Write through a temporary file, so that a catalogue is never half there."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, no_location=True, omit_header=False, ignore_obsolete=True, width=96)
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, buffer.getvalue())


def _replace(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).chmod(0o644)
    Path(name).replace(path)


def update(folder: Path) -> None:
    """Add new texts to a folder's catalogues and drop those that no file asks for.

    English texts are their own translation.
    """
    template = collect(folder)
    for language in LANGUAGES:
        path = catalogue_path(folder, language)
        catalogue = read(path, language)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.fuzzy = False
        if language == "en":
            for message in catalogue:
                if message.id and not _is_filled(message):
                    message.string = message.id
        if len(catalogue):
            _write(path, catalogue)


def compile_all() -> int:
    """Compile every catalogue that is newer than its compiled file; return how many."""
    written = 0
    for folder in folders():
        for language in LANGUAGES:
            source = catalogue_path(folder, language)
            target = source.with_suffix(".mo")
            if not source.is_file():
                continue
            if target.is_file() and target.stat().st_mtime >= source.stat().st_mtime:
                continue
            buffer = io.BytesIO()
            write_mo(buffer, read(source, language))
            _replace(target, buffer.getvalue())
            written += 1
    return written


def _strings(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _is_filled(message: Message) -> bool:
    return all(text and text.strip() for text in _strings(message.string))


def _placeholders(text: str) -> set[str]:
    return set(_NAMED.findall(text)) | {f"{{{name}}}" for name in _BRACED.findall(text)}


def _faults_of(path: Path, message: Message, forms: int) -> Iterator[Fault]:
    ids, strings = _strings(message.id), _strings(message.string)
    if message.fuzzy:
        yield Fault(path, ids[0], "is only a guess (fuzzy)")
    if not _is_filled(message) or (len(ids) > 1 and len(strings) != forms):
        yield Fault(path, ids[0], "is not translated")
        return
    wanted = set.union(*(_placeholders(text) for text in ids))
    for text in strings:
        # A form for exactly one may leave the number out; nothing may name what is not given.
        given = _placeholders(text)
        if not given <= wanted or (len(ids) == 1 and given != wanted):
            yield Fault(path, ids[0], f"has other placeholders: {text!r}")


def check(folder: Path) -> list[Fault]:
    """Return what is missing, empty, guessed or has other placeholders, in every language."""
    template = collect(folder)
    faults: list[Fault] = []
    for language in LANGUAGES:
        path = catalogue_path(folder, language)
        catalogue = read(path, language)
        for asked in template:
            if not asked.id:
                continue
            message = catalogue.get(asked.id, asked.context)
            if message is None:
                faults.append(Fault(path, _strings(asked.id)[0], "is missing"))
            else:
                faults.extend(_faults_of(path, message, catalogue.num_plurals))
    return faults


def main(arguments: list[str]) -> int:
    """Carry out one command; return the exit code."""
    import django

    command = arguments[0] if arguments else ""
    if command == "compile":
        sys.stdout.write(f"{compile_all()} catalogues compiled\n")
        return 0
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qalqan.desk.settings.test")
    django.setup()
    if command == "update":
        for folder in folders():
            update(folder)
        return 0
    if command == "check":
        faults = [fault for folder in folders() for fault in check(folder)]
        sys.stdout.writelines(f"{fault}\n" for fault in faults)
        sys.stdout.write(f"{len(faults)} faults in the catalogues\n")
        return 1 if faults else 0
    sys.stderr.write("usage: python -m qalqan.desk.platform.ui.catalogues update|compile|check\n")
    return 2


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
