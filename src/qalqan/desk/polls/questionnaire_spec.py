"""A questionnaire as plain data, and what must be right before anybody is asked."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from qalqan.desk.platform.sources.expressions import ExpressionError, parse

LANGUAGES = ("kk", "ru", "en")
KINDS = ("yes_no", "one", "many", "scale", "integer", "decimal", "text")
MOST_QUESTIONS = 120
MOST_CHOICES = 60
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
RESERVED = frozenset({
    "stratum", "cluster", "age_band", "sex", "settlement", "day", "partial", "sheet", "token",
})  # fmt: skip
"""Names of what stands beside the answers."""
_NEVER = re.compile(
    r"(?<!\w)(relig|faith|denominat|confession|ethnic|nationalit|surname|passport|phone number"
    r"|религ|вероиспов|конфесси|этнич|национальност|фамили|отчеств|паспорт|номер телефона"
    r"|иин(?!\w)|жсн(?!\w)|дін(?!\w)|діни|дініңіз|мәзхаб|ұлты|ұлтыңыз|этнос|тегіңіз|аты-жөн"
    r"|жеке куәлік|телефон нөмір)",
    re.IGNORECASE,
)
_NEVER_CODE = re.compile(
    r"(^|_)(religion|faith|ethnicity|ethnic|nationality|iin|passport|surname|full_?name|phone"
    r"|email|address)(_|$)"
)

Texts = Mapping[str, str]


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
    choices: tuple[ChoiceSpec, ...] = ()
    low: int | None = None
    high: int | None = None
    required: bool = False
    relevant: str = ""
    counts: tuple[str, ...] = ()
    line: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class QuestionnaireSpec:
    """A whole version of a questionnaire."""

    code: str
    names: Texts
    questions: tuple[QuestionSpec, ...]

    @property
    def digest(self) -> str:
        """A hash that is equal for equal questions."""
        data: dict[str, Any] = asdict(self)
        for question in data["questions"]:
            del question["line"]
        text = json.dumps(data, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SpecProblem:
    """What is wrong, in words, and where."""

    line: int | None
    field: str
    reason: str


def problems_of(spec: QuestionnaireSpec) -> list[SpecProblem]:
    """Return all that is wrong with a questionnaire."""
    found = []
    if not _CODE.fullmatch(spec.code):
        found.append(SpecProblem(None, "form_id", _("Small Latin letters, digits and _ only.")))
    found += [
        SpecProblem(None, f"form_title ({code})", _("this text is missing"))
        for code in LANGUAGES
        if not spec.names.get(code)
    ]
    if not 1 <= len(spec.questions) <= MOST_QUESTIONS:
        reason = _("from 1 to %(most)s questions are needed") % {"most": MOST_QUESTIONS}
        found.append(SpecProblem(None, "survey", reason))
    seen: set[str] = set()
    for question in spec.questions:
        found += [
            SpecProblem(question.line, name, why) for name, why in _of_question(question, seen)
        ]
        seen.add(question.code)
    return found


def _of_question(question: QuestionSpec, seen: set[str]) -> Iterator[tuple[str, str]]:
    if not _CODE.fullmatch(question.code) or question.code in RESERVED:
        yield (
            "name",
            _("“%(text)s” cannot be the name of a question") % {"text": question.code[:40]},
        )
    elif question.code in seen:
        yield "name", _("this name stands twice")
    for code in LANGUAGES:
        if not question.texts.get(code):
            yield f"label ({code})", _("this text is missing")
    words = [*question.texts.values(), *(t for c in question.choices for t in c.texts.values())]
    if _NEVER_CODE.search(question.code) or any(_NEVER.search(text) for text in words):
        yield "label", _("a poll asks for no name, number, religion or ethnic origin of anybody")
    yield from _of_choices(question)
    yield from _of_relevance(question, seen)
    if question.kind == "scale" and (
        question.low is None or question.high is None or not 0 < question.high - question.low <= 20
    ):
        yield "parameters", _("a scale needs start and end, at most 20 apart")


def _of_choices(question: QuestionSpec) -> Iterator[tuple[str, str]]:
    if question.kind not in ("one", "many"):
        known = {"yes", "no"} if question.kind == "yes_no" else set()
        if question.kind == "scale" and question.low is not None and question.high is not None:
            known = {str(n) for n in range(question.low, min(question.high, question.low + 20) + 1)}
    else:
        known = {choice.code for choice in question.choices}
        if not 2 <= len(question.choices) <= MOST_CHOICES or len(known) < len(question.choices):
            yield (
                "choices",
                _("from 2 to %(most)s different choices are needed") % {"most": MOST_CHOICES},
            )
        for choice in question.choices:
            if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", choice.code, re.ASCII):
                yield (
                    "choices",
                    _("“%(text)s” cannot be the name of a choice") % {"text": choice.code[:40]},
                )
            if any(not choice.texts.get(code) for code in LANGUAGES):
                yield "choices", _("a text of “%(text)s” is missing") % {"text": choice.code[:40]}
    for code in question.counts:
        if code not in known:
            yield "counts", _("“%(text)s” is no answer to this question") % {"text": code[:40]}


def _of_relevance(question: QuestionSpec, seen: set[str]) -> Iterator[tuple[str, str]]:
    if not question.relevant:
        return
    try:
        expression = parse(question.relevant)
    except ExpressionError as error:
        yield "relevant", _("this condition cannot be read (at sign %(at)s)") % {"at": error.at + 1}
        return
    later = sorted(expression.codes - seen)
    if later:
        yield "relevant", _("“%(name)s” is not asked before this question") % {"name": later[0]}
