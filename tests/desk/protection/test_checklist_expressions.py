"""The language of checklists, by the table that the phone's side runs too."""

import json
import math
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qalqan.desk.protection.expressions import ExpressionError, asked_codes, parse

TABLE = json.loads((Path(__file__).parent / "expressions.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", TABLE["values"], ids=lambda case: case["expression"])
def test_value(case):
    value = parse(case["expression"]).value(case.get("answers", {}), case.get("own", ""))
    assert value == case["value"]
    assert isinstance(value, bool) == isinstance(case["value"], bool)


@pytest.mark.parametrize("case", TABLE["errors"], ids=lambda case: case["expression"] or "empty")
def test_error(case):
    with pytest.raises(ExpressionError) as caught:
        parse(case["expression"])
    assert (caught.value.reason, caught.value.at) == (case["reason"], case["at"])


@pytest.mark.parametrize("case", TABLE["asked"])
def test_asked(case):
    questions = [SimpleNamespace(**question) for question in case["questions"]]
    assert asked_codes(questions, case["answers"]) == case["codes"]


def test_too_long():
    with pytest.raises(ExpressionError, match="long"):
        parse("1 + " * 200 + "1")


def understood(source):
    """Return the parsed expression, or where it cannot be understood."""
    try:
        return parse(source)
    except ExpressionError as error:
        return error.at


@given(st.text(alphabet="${}ab.()'\"=<>!+-*0 1,ndorivmt", max_size=60), st.text(max_size=8))
def test_any_text_is_understood_or_refused(source, own):
    found = understood(source)
    if isinstance(found, int):
        assert 0 <= found <= len(source)
        return
    value = found.value({"a": own}, own)
    assert {"text": str, "number": float, "boolean": bool}[found.type] is type(value)


@given(st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6))
def test_arithmetic_is_that_of_numbers(a, b):
    answers = {"a": str(a), "b": str(b)}
    assert parse("${a} + ${b}").value(answers) == a + b
    assert parse("${a} * ${b}").value(answers) == a * b
    assert parse("${a} <= ${b}").value(answers) is (a <= b)
    if b:
        assert parse("${a} mod ${b}").value(answers) == math.fmod(a, b)
