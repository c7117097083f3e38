"""Every rule speaks three languages, names its clause, and is documented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.cap.messages import GOOD

from qalqan.cap.errors import CapError
from qalqan.cap.validate import rules, validate
from qalqan.cap.validate.findings import LANGUAGES
from qalqan.cap.validate.profiles import load, names

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "qalqan" / "cap"


def every_rule():
    found = dict(rules())
    for name in names():
        found |= {one.rule.id: one.rule for one in load(name).rules}
    return found


@pytest.mark.parametrize("name", sorted(every_rule()))
def test_a_rule_speaks_three_languages_and_names_its_clause(name):
    rule = every_rule()[name]
    assert set(rule.text) == set(rule.remedy) == set(LANGUAGES)
    assert rule.clause
    for texts in (rule.text, rule.remedy):
        assert all(text.strip() and text.endswith((".", "}")) for text in texts.values())
        held = {language: sorted(re.findall(r"{(\w+)}", text)) for language, text in texts.items()}
        assert len({str(one) for one in held.values()}) == 1
    assert re.search("[әғқңөұүһі]", "".join((rule.text["kk"], rule.remedy["kk"])), re.IGNORECASE)


def test_the_rules_that_the_code_names_are_those_of_the_file():
    code = "".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    named = set(re.findall(r'"((?:xml|schema|spec|signature)\.[a-z0-9.-]+)"', code))
    # Two names are put together from the name of the element.
    named |= {"spec.identifier", "spec.identifier.empty", "spec.sender", "spec.sender.empty"}
    assert named == set(rules())


def test_every_rule_is_on_the_page():
    page = (ROOT / "docs" / "reference" / "cap-rules.md").read_text(encoding="utf-8")
    assert {name for name in every_rule() if f"`{name}`" not in page} == set()


def test_an_unknown_profile_is_refused_with_the_known_ones():
    with pytest.raises(CapError) as caught:
        validate(GOOD.encode(), profile="../rules")
    assert "qalqan" in str(caught.value)
