"""What the code has, the documentation names: settings, errors, words, decisions, cards."""

from __future__ import annotations

import importlib
import pkgutil
import re
import tomllib
from collections import defaultdict
from pathlib import Path

import polib
import pytest

import qalqan
from qalqan.errors import QalqanError

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
SOURCE = ROOT / "src" / "qalqan"
VARIABLE = re.compile(r"\bQALQAN_[A-Z][A-Z_]*[A-Z]\b")


def text_of(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def variables_in_the_code() -> set[str]:
    files = [*SOURCE.rglob("*.py"), ROOT / "Makefile", *(ROOT / "scripts").glob("*.sh")]
    return {name for path in files for name in VARIABLE.findall(path.read_text(encoding="utf-8"))}


def test_every_setting_of_the_code_is_documented():
    documented = set(VARIABLE.findall(text_of("reference/settings.md")))
    assert variables_in_the_code() - documented == set()


def test_no_setting_is_documented_that_the_code_does_not_know():
    documented = set(VARIABLE.findall(text_of("reference/settings.md")))
    assert documented - variables_in_the_code() == set()


def subclasses(kind: type[QalqanError]) -> set[type[QalqanError]]:
    below = set(kind.__subclasses__())
    return below.union(*(subclasses(child) for child in below)) if below else below


def every_error() -> set[type[QalqanError]]:
    """Import every module that defines an error, and return all of them."""
    for found in pkgutil.walk_packages(qalqan.__path__, "qalqan."):
        path = SOURCE.joinpath(*found.name.split(".")[1:]).with_suffix(".py")
        if path.is_file() and re.search(r"^    code\b.* = \"", path.read_text("utf-8"), re.M):
            importlib.import_module(found.name)
    return {QalqanError, *subclasses(QalqanError)}


def rows_of(page: str, columns: int) -> list[list[str]]:
    """Return the cells of the table rows of a page that have so many columns."""
    lines = [line for line in text_of(page).splitlines() if line.startswith("| ")]
    rows = [re.split(r"\s*\|\s*", line.strip("| ")) for line in lines]
    return [row for row in rows if len(row) == columns]


def test_every_error_code_is_documented_with_its_exit_code():
    documented = {
        row[0].strip("` "): row[1] for row in rows_of("reference/errors.md", 4) if "`" in row[0]
    }
    errors = every_error()
    assert len(errors) > 6
    for error in errors:
        assert error.code in documented, error
        stated = documented[error.code]
        assert stated in ("", str(error.exit_code)), error.code


def test_every_exit_code_of_the_help_is_documented():
    from qalqan.cli.app import EXIT_CODES

    named = set(re.findall(r"(\d+) [a-z]", EXIT_CODES))
    exits = text_of("reference/errors.md").partition("## Exit codes")[2]
    assert named == set(re.findall(r"^\| (\d+) \|", exits, re.M))


@pytest.mark.parametrize("section", ["adr", "model-cards", "how-to", "explanation", "reference"])
def test_the_index_of_a_section_lists_every_page(section):
    index = text_of(f"{section}/index.md")
    pages = {path.name for path in (DOCS / section).glob("*.md")} - {"index.md"}
    assert pages
    assert {name for name in pages if f"({name})" not in index} == set()


def test_every_decision_has_the_three_parts_and_its_own_number():
    numbers = []
    for path in sorted((DOCS / "adr").glob("0*.md")):
        text = path.read_text(encoding="utf-8")
        for part in ("**Context.**", "**Decision.**", "**Consequences.**"):
            assert part in text, f"{path.name}: {part}"
        number = re.match(r"# (\d{4})\. ", text)
        assert number, path.name
        assert path.name.startswith(number[1]), path.name
        numbers.append(number[1])
    assert len(numbers) == len(set(numbers))


def test_every_dependency_of_the_desk_has_a_reason_in_a_decision():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.split(r"[^\w-]", line)[0].lower() for line in project["dependencies"]}
    decisions = "\n".join(
        path.read_text(encoding="utf-8").lower() for path in (DOCS / "adr").glob("0*.md")
    )
    missing = {name for name in names if not re.search(rf"(?<![\w-]){name}(?![\w-])", decisions)}
    assert len(names) > 20
    assert missing == set()


def catalogues() -> dict[str, dict[str, set[str]]]:
    words: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for language in ("kk", "ru"):
        for path in SOURCE.rglob(f"locale/{language}/LC_MESSAGES/django.po"):
            for entry in polib.pofile(str(path)):
                words[entry.msgid][language].add(entry.msgstr)
    return words


def test_the_words_are_those_of_the_catalogues():
    known = catalogues()
    first_table = text_of("reference/words.md").partition("## Words that")[0]
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|", first_table, re.M)[1:]
    assert len(rows) > 30
    for english, kazakh, russian in rows:
        assert kazakh in known[english]["kk"], english
        assert russian in known[english]["ru"], english
