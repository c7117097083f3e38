"""Nothing that people read is missing, guessed or garbled, in any of the three languages."""

from __future__ import annotations

import importlib
import shutil
from pathlib import Path

import pytest
from django.utils import translation

from qalqan.desk.platform.ui import catalogues

FOLDERS = catalogues.folders()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: str(f.relative_to(catalogues.SOURCE)))
def test_every_text_is_translated(folder: Path) -> None:
    faults = catalogues.check(folder)
    assert faults == [], "\n".join(str(fault) for fault in faults)


def test_every_part_of_the_desk_with_templates_has_a_catalogue() -> None:
    apps = {path.parent.parent for path in catalogues.SOURCE.rglob("templates/*")}
    without = [app for app in apps if app.is_dir() and app not in FOLDERS]
    assert without == []


@pytest.fixture
def part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a part of a desk with texts in Python, in a template and in a block tag."""
    monkeypatch.setattr(catalogues, "SOURCE", tmp_path)
    folder = tmp_path / "part"
    (folder / "locale").mkdir(parents=True)
    (folder / "templates").mkdir()
    (folder / "code.py").write_text(
        'a = _("Plain")\nb = ngettext("%(n)s day", "%(n)s days", 3)\nc = pgettext("ctx", "May")\n'
    )
    (folder / "templates" / "page.html").write_text(
        "{% load i18n qalqan_ui %}{% card _('Title') %}{% translate '5 % less' %}{% endcard %}"
        "{% blocktranslate %}Go to {{ page }}{% endblocktranslate %}"
    )
    return folder


def test_collect_finds_texts_everywhere(part: Path) -> None:
    found = {(message.id, message.context) for message in catalogues.collect(part) if message.id}
    assert found == {
        ("Plain", None),
        (("%(n)s day", "%(n)s days"), None),
        ("May", "ctx"),
        ("Title", None),
        ("5 %% less", None),
        ("Go to %(page)s", None),
    }


def test_update_then_check_names_what_is_missing(part: Path) -> None:
    catalogues.update(part)
    faults = catalogues.check(part)
    assert {fault.catalogue.parts[-3] for fault in faults} == {"kk", "ru"}
    assert len(faults) == 2 * 6


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("%(page)s", "%(pages)s", "has other placeholders"),
        ('msgid "Plain"', '#, fuzzy\nmsgid "Plain"', "fuzzy"),
        ('msgid "Title"', 'msgid "Other"', "is missing"),
    ],
)
def test_check_sees_what_is_wrong(part: Path, old: str, new: str, reason: str) -> None:
    catalogues.update(part)
    path = catalogues.catalogue_path(part, "en")
    head, sep, text = path.read_text().partition('msgid "Plain"')
    text = sep + text
    before = text
    text = text.replace(f'msgstr "Go to {old}"', f'msgstr "Go to {new}"')
    text = text if text != before else text.replace(old, new)
    path.write_text(head + text)
    assert any(reason in f.reason for f in catalogues.check(part) if f.catalogue == path)


def test_compile_all_compiles_what_is_newer(part: Path) -> None:
    catalogues.update(part)
    assert catalogues.compile_all() == 3
    assert catalogues.compile_all() == 0
    shutil.rmtree(part / "locale" / "ru")
    target = catalogues.catalogue_path(part, "en").with_suffix(".mo")
    target.unlink()
    assert catalogues.compile_all() == 1


def test_the_kazakh_of_django_is_complete_where_people_see_it() -> None:
    """What Django says about forms, pages, files and spans of time reaches Kazakh readers."""
    catalogues.compile_all()
    folder = Path(importlib.import_module("django.forms").__file__ or "").parent
    sources = [folder / "fields.py", folder / "models.py", folder.parent / "core/validators.py"]
    sources += [folder.parent / "core/paginator.py", folder.parent / "utils/timesince.py"]
    asked = {text for path in sources for text, _context in catalogues._python_texts(path)}
    machine_only = {
        "Enter a valid value.",  # the same in both lists, kept by Django's own catalogue
        "Ensure this value is a multiple of step size %(limit_value)s, starting from %(offset)s, "
        "e.g. %(offset)s, %(valid_value1)s, %(valid_value2)s, and so on.",
    }
    with translation.override("kk"):
        english = sorted(
            text
            for text in asked
            if isinstance(text, str)
            and text not in machine_only
            and len(text) > 3
            and not any(mark in text for mark in ("slug", "IPv", "inline"))
            and translation.gettext(text) == text
        )
    assert english == []
