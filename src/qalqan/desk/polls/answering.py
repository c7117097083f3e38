"""What may be answered to a question, and what is asked after what was answered."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from qalqan.desk.platform.privacy.guard import apply_rule
from qalqan.desk.platform.privacy.kinds import Rule
from qalqan.desk.platform.sources.expressions import asked_codes
from qalqan.desk.polls.models import AGE_BANDS, SETTLEMENTS, SEXES, PollQuestion

LONGEST_TEXT = 300
ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "age_band": AGE_BANDS, "sex": SEXES, "settlement": SETTLEMENTS,
}  # fmt: skip
"""All that is kept of whoever answered, and its levels; each may be left empty."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field, in words."""

    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Read:
    """Answers as they are stored, attributes, and what is wrong."""

    answers: dict[str, object]
    attributes: dict[str, str]
    faults: tuple[Fault, ...]


def read_answers(questions: Sequence[PollQuestion], given: Mapping[str, str]) -> Read:
    """Check what was given, leave out what was not asked, and mask what gives a person away.

    Parameters
    ----------
    questions
        In their order.
    given
        What was entered by question and attribute; several choices are separated by spaces.
    """
    entered = {name: value.strip() for name, value in given.items()}
    faults, answers = [], {}
    asked = set(asked_codes(questions, entered))
    for question in questions:
        text = entered.get(question.code, "") if question.code in asked else ""
        if not text:
            if question.required and question.code in asked:
                faults.append(Fault(question.code, _("this question must be answered")))
            continue
        value = _value(question, text)
        if isinstance(value, Fault):
            faults.append(value)
        else:
            answers[question.code] = value
    attributes = {}
    for name, levels in ATTRIBUTES.items():
        level = entered.get(name, "")
        if level and level not in levels:
            faults.append(Fault(name, _not_known(level, levels)))
        attributes[name] = level if level in levels else ""
    return Read(answers, attributes, tuple(faults))


def _not_known(text: str, known: Sequence[str]) -> str:
    return _("“%(text)s” is not known; use %(known)s") % {
        "text": text[:40], "known": ", ".join(known[:12])
    }  # fmt: skip


def _value(question: PollQuestion, text: str) -> object:
    kinds = PollQuestion.Kind
    if question.kind in (kinds.YES_NO, kinds.ONE):
        known = levels_of(question)
        return text if text in known else Fault(question.code, _not_known(text, known))
    if question.kind == kinds.MANY:
        known, parts = levels_of(question), list(dict.fromkeys(text.split()))
        odd = [part for part in parts if part not in known]
        return Fault(question.code, _not_known(odd[0], known)) if odd else parts
    if question.kind == kinds.TEXT:
        return apply_rule(text[:LONGEST_TEXT], Rule.MASK).text
    return _number(question, text)


def _number(question: PollQuestion, text: str) -> object:
    try:
        number = float(text.replace(",", ".")) if len(text) <= 20 else math.nan
    except ValueError:
        number = math.nan
    is_whole = question.kind in (PollQuestion.Kind.INTEGER, PollQuestion.Kind.SCALE)
    if not math.isfinite(number) or (is_whole and number != int(number)) or abs(number) > 1e12:
        return Fault(question.code, _("“%(text)s” is not a number that fits") % {"text": text[:40]})
    outside = (question.low is not None and number < question.low) or (
        question.high is not None and number > question.high
    )
    if outside:
        return Fault(
            question.code,
            _("a number from %(low)s to %(high)s is needed")
            % {"low": question.low, "high": question.high},
        )
    return int(number) if is_whole else number


def levels_of(question: PollQuestion) -> list[str]:
    """Return the codes that may be chosen; for a scale its steps; nothing for free numbers."""
    if question.kind == PollQuestion.Kind.YES_NO:
        return ["yes", "no"]
    if question.kind == PollQuestion.Kind.SCALE:
        return [str(n) for n in range(question.low or 0, (question.high or 0) + 1)]
    return [str(choice["code"]) for choice in question.choices]
