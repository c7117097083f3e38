"""What an inspection's answers come to: which questions were asked, which failed, the result."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from qalqan.desk.protection.expressions import asked_codes, parse
from qalqan.desk.protection.models import Inspection, Question
from qalqan.errors import InputError, Location

_INTEGER = re.compile(r"-?[0-9]{1,12}", re.ASCII)
_DECIMAL = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?", re.ASCII)
_FAILS_NO = ". = 'no'"


@dataclass(frozen=True, slots=True)
class Judged:
    """The outcome of one inspection.

    Parameters
    ----------
    asked
        Codes of the questions that were asked, in order.
    failed
        Those of them that failed.
    result
        ``pass``, ``minor`` or ``serious``.
    score
        Share of the weight of judged questions that passed; nothing where none was judged.
    """

    asked: tuple[str, ...]
    failed: frozenset[str]
    result: str
    score: float | None


def judge(
    questions: Sequence[Question], answers: Mapping[str, str], pictures: Mapping[str, int]
) -> Judged:
    """Check the answers of an inspection and say what they come to.

    Parameters
    ----------
    questions
        Of one version, in order.
    answers
        Values by code; what was not asked is left out of account.
    pictures
        How many pictures were taken to each question.

    Raises
    ------
    InputError
        A required answer or picture is missing, or an answer is not of its kind.
    """
    asked = asked_codes(questions, answers)
    known = {code: answers.get(code, "") for code in asked}
    wanted = [question for question in questions if question.code in known]
    for question in wanted:
        _check(question, known, pictures.get(question.code, 0))
    failed = frozenset(q.code for q in wanted if (own := known[q.code]) and _fails(q, known, own))
    weighed = [q for q in wanted if known[q.code] and is_judged(q) and q.weight]
    total = sum(q.weight for q in weighed)
    passed = sum(q.weight for q in weighed if q.code not in failed)
    severities = {q.severity for q in wanted if q.code in failed}
    result = Inspection.Result.PASS
    if Question.Severity.SERIOUS in severities:
        result = Inspection.Result.SERIOUS
    elif Question.Severity.MINOR in severities:
        result = Inspection.Result.MINOR
    return Judged(tuple(asked), failed, str(result), passed / total if total else None)


def fails_when(question: Question) -> str:
    """Return the expression under which an answer fails; empty where none does."""
    if question.fails_if:
        return str(question.fails_if)
    return _FAILS_NO if question.kind == Question.Kind.YES_NO else ""


def is_judged(question: Question) -> bool:
    """Tell whether an answer to the question can fail."""
    return bool(fails_when(question))


def _fails(question: Question, known: Mapping[str, str], own: str) -> bool:
    when = fails_when(question)
    return bool(when) and parse(when).holds(known, own)


def _check(question: Question, known: Mapping[str, str], pictures: int) -> None:
    own = known[question.code]
    if not own:
        if question.required:
            raise _bad(question, _("This question needs an answer."))
        return
    if not _is_of_kind(question, own):
        raise _bad(question, _("This answer is not of the kind that is asked for."))
    if question.constraint and not parse(question.constraint).holds(known, own):
        raise _bad(question, _("This answer is not within what the checklist allows."))
    if pictures < question.pictures_required:
        raise _bad(
            question,
            _("This question needs pictures: %(count)d.") % {"count": question.pictures_required},
        )


def _is_of_kind(question: Question, own: str) -> bool:
    kind = question.kind
    if kind == Question.Kind.YES_NO:
        return own in ("yes", "no")
    if kind == Question.Kind.CHOICE:
        return own in {choice["code"] for choice in question.choices}
    if kind == Question.Kind.INTEGER:
        return bool(_INTEGER.fullmatch(own))
    if kind == Question.Kind.DECIMAL:
        return bool(_DECIMAL.fullmatch(own))
    return kind != Question.Kind.DATE or _is_date(own)


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _bad(question: Question, message: str) -> InputError:
    return InputError(f"{question.text}: {message}", location=Location(field=question.code))
