"""One word for one thing: all rooms share one catalogue at run time, so they must agree."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import polib
import pytest

SOURCE = Path(__file__).resolve().parents[4] / "src" / "qalqan"


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_no_two_rooms_translate_the_same_words_differently(language):
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for path in SOURCE.rglob(f"locale/{language}/LC_MESSAGES/django.po"):
        for entry in polib.pofile(str(path)):
            if not entry.obsolete:
                said = entry.msgstr or " | ".join(entry.msgstr_plural.values())
                found[entry.msgctxt or "", entry.msgid].add(said)
    assert len(found) > 1000
    assert {key: said for key, said in found.items() if len(said) > 1} == {}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("kk", ("пайым", "салыстырмалы қауіп", "саналғаны")),
        ("ru", ("очаг", "образец данных", "просроченная работа")),
    ],
)
def test_words_that_were_given_up_do_not_come_back(language, words):
    for path in SOURCE.rglob(f"locale/{language}/LC_MESSAGES/django.po"):
        for entry in polib.pofile(str(path)):
            said = " ".join([entry.msgstr, *entry.msgstr_plural.values()]).casefold()
            assert not [word for word in words if word in said], (path, entry.msgid)
