"""A checklist as plain data, and what must be right before it may be used."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from qalqan.desk.protection.expressions import ExpressionError, parse

LANGUAGES = ("kk", "ru", "en")
KINDS = ("yes_no", "choice", "integer", "decimal", "text", "date")
SEVERITIES = ("none", "minor", "serious")
MOST_QUESTIONS = 300
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_LONGEST = {"text": 500, "hint": 500, "section": 200, "legal_ground": 300}

Texts = Mapping[str, str]
"""A text by language: ``kk``, ``ru``, ``en``."""


@dataclass(frozen=True, slots=True)
class ChoiceSpec:
    """One answer to choose from."""

    code: str
    texts: Texts


@dataclass(frozen=True, slots=True)
class QuestionSpec:
    """One question; ``line`` is where its file has it."""

    code: str
    kind: str
    texts: Texts
    hints: Texts = field(default_factory=dict)
    sections: Texts = field(default_factory=dict)
    choices: tuple[ChoiceSpec, ...] = ()
    required: bool = True
    weight: int = 1
    pictures_required: int = 0
    relevant: str = ""
    constraint: str = ""
    fails_if: str = ""
    severity: str = "minor"
    legal_ground: str = ""
    days_to_mend: int = 30
    line: int | None = field(default=None, compare=False)

    def as_dict(self) -> dict[str, Any]:
        """Return the question as plain data, without the line."""
        data = asdict(self)
        del data["line"]
        return data


@dataclass(frozen=True, slots=True)
class ChecklistSpec:
    """A whole version of a checklist."""

    code: str
    names: Texts
    questions: tuple[QuestionSpec, ...]
    categories: tuple[str, ...] = ()
    days_after: Mapping[str, int] = field(
        default_factory=lambda: {"pass": 365, "minor": 180, "serious": 30}
    )
    source_note: str = ""

    @property
    def digest(self) -> str:
        """A hash that is equal for equal questions, days and texts."""
        data = {
            "days_after": dict(self.days_after),
            "questions": [question.as_dict() for question in self.questions],
        }
        text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SpecProblem:
    """What is wrong with a checklist: at which line, in which field, in words."""

    line: int | None
    field: str
    reason: str


def problems_of(spec: ChecklistSpec, *, categories: Iterable[str]) -> list[SpecProblem]:
    """Return everything that keeps a checklist from being used, in the order of its lines.

    Parameters
    ----------
    categories
        The categories of sites that the desk knows.
    """
    found = [
        *_head_problems(spec, frozenset(categories)),
        *(problem for question in spec.questions for problem in _question_problems(question)),
        *_order_problems(spec.questions),
    ]
    return sorted(found, key=lambda problem: problem.line or 0)


def _head_problems(spec: ChecklistSpec, categories: frozenset[str]) -> Iterable[SpecProblem]:
    if not _CODE.fullmatch(spec.code):
        yield SpecProblem(None, "form_id", _bad_code(spec.code))
    for language in LANGUAGES:
        if not 0 < len(spec.names.get(language, "").strip()) <= 200:
            yield SpecProblem(None, f"form_title ({language})", _("this text is missing"))
    for category in spec.categories:
        if category not in categories:
            yield SpecProblem(
                None, "categories", _("“%(text)s” is no category of sites") % {"text": category}
            )
    for result in ("pass", "minor", "serious"):
        if not 1 <= spec.days_after.get(result, 0) <= 3650:
            yield SpecProblem(
                None, f"days_after_{result}", _("a number of days from 1 to 3650 is needed")
            )
    if not spec.questions:
        yield SpecProblem(None, "survey", _("there are no questions"))
    if len(spec.questions) > MOST_QUESTIONS:
        yield SpecProblem(
            None, "survey", _("there are more than %(most)s questions") % {"most": MOST_QUESTIONS}
        )


def _bad_code(code: str) -> str:
    return _("“%(code)s” is no code: small Latin letters, digits and _ only, at most 40") % {
        "code": code[:60]
    }


def _question_problems(question: QuestionSpec) -> Iterable[SpecProblem]:
    line = question.line
    if not _CODE.fullmatch(question.code):
        yield SpecProblem(line, "name", _bad_code(question.code))
    if question.kind not in KINDS:
        yield SpecProblem(line, "type", _("this kind of question is not known"))
    yield from _text_problems(question)
    for name, least, most in (
        ("weight", 0, 100), ("pictures_required", 0, 10), ("days_to_mend", 1, 3650)
    ):  # fmt: skip
        if not least <= getattr(question, name) <= most:
            yield SpecProblem(
                line, name, _("a whole number from %(least)s to %(most)s is needed")
                % {"least": least, "most": most},
            )  # fmt: skip
    if question.severity not in SEVERITIES:
        yield SpecProblem(line, "severity", _("one of none, minor, serious is needed"))
    yield from _choice_problems(question)


def _text_problems(question: QuestionSpec) -> Iterable[SpecProblem]:
    line = question.line
    for language in LANGUAGES:
        if not question.texts.get(language, "").strip():
            yield SpecProblem(line, f"label ({language})", _("this text is missing"))
    for name, texts in (
        ("text", question.texts), ("hint", question.hints), ("section", question.sections)
    ):  # fmt: skip
        for language, text in texts.items():
            if len(text) > _LONGEST[name]:
                yield SpecProblem(
                    line, f"{name} ({language})", _("this text is longer than %(most)s characters")
                    % {"most": _LONGEST[name]},
                )  # fmt: skip
    if len(question.legal_ground) > _LONGEST["legal_ground"]:
        yield SpecProblem(
            line, "legal_ground", _("this text is longer than %(most)s characters")
            % {"most": _LONGEST["legal_ground"]},
        )  # fmt: skip


def _choice_problems(question: QuestionSpec) -> Iterable[SpecProblem]:
    line = question.line
    if question.kind == "choice" and len(question.choices) < 2:
        yield SpecProblem(line, "choices", _("at least two answers to choose from are needed"))
    codes = [choice.code for choice in question.choices]
    for choice in question.choices:
        if not _CODE.fullmatch(choice.code):
            yield SpecProblem(line, "choices", _bad_code(choice.code))
        if codes.count(choice.code) > 1:
            yield SpecProblem(line, "choices", _("“%(code)s” stands twice") % {"code": choice.code})
        for language in LANGUAGES:
            if not choice.texts.get(language, "").strip():
                yield SpecProblem(
                    line, f"choices, {choice.code} ({language})", _("this text is missing")
                )


def _order_problems(questions: Sequence[QuestionSpec]) -> Iterable[SpecProblem]:
    before: set[str] = set()
    every = {question.code for question in questions}
    for question in questions:
        for name in ("relevant", "constraint", "fails_if"):
            source = getattr(question, name)
            if source:
                yield from _expression_problems(question, name, source, before, every)
        if question.code in before:
            yield SpecProblem(
                question.line, "name", _("“%(code)s” stands twice") % {"code": question.code}
            )
        before.add(question.code)


def _expression_problems(
    question: QuestionSpec, name: str, source: str, before: set[str], every: set[str]
) -> Iterable[SpecProblem]:
    try:
        expression = parse(source)
    except ExpressionError as error:
        yield SpecProblem(question.line, name, explain(error, source))
        return
    if name == "relevant" and expression.uses_self:
        yield SpecProblem(question.line, name, _("“.” has no meaning before the question is asked"))
    for code in sorted(expression.codes - before):
        reason = (
            _("“%(code)s” is asked later; only earlier questions can be referred to")
            if code in every
            else _("there is no question “%(code)s”")
        )
        yield SpecProblem(question.line, name, reason % {"code": code})


def explain(error: ExpressionError, source: str) -> str:
    """Return in words why an expression cannot be understood."""
    reasons = {
        "long": _("the expression is too long"),
        "deep": _("too many parentheses inside each other"),
        "token": _("something unexpected"),
        "end": _("the expression ends too early"),
        "name": _("this word is not known"),
        "arguments": _("a wrong number of arguments"),
        "type": _("a text stands where a number is needed, or the other way round"),
    }
    return _("%(reason)s at character %(at)s of “%(source)s”") % {
        "reason": reasons[error.reason],
        "at": error.at + 1,
        "source": source[:80],
    }
