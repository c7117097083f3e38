"""Questionnaires: store a version, put it in use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, require
from qalqan.desk.polls.models import PollQuestion, Questionnaire, QuestionnaireVersion
from qalqan.desk.polls.questionnaire_spec import (
    LANGUAGES,
    ChoiceSpec,
    QuestionnaireSpec,
    QuestionSpec,
    SpecProblem,
    problems_of,
)
from qalqan.errors import ConflictError, InputError, Location


class QuestionnaireError(InputError):
    """A questionnaire cannot be used; nothing of it was stored."""

    code = "polls.questionnaire"

    def __init__(self, file: str, problems: Sequence[SpecProblem]) -> None:
        first, more = problems[0], len(problems) - 1
        hint = (
            ngettext(
                "%(count)s more thing is wrong; nothing was stored",
                "%(count)s more things are wrong; nothing was stored",
                more,
            )
            % {"count": more}
            if more
            else None
        )
        super().__init__(first.reason, location=Location(file, first.line, first.field), hint=hint)
        self.problems = tuple(problems)


@transaction.atomic
def store_version(
    *, actor: Actor, spec: QuestionnaireSpec, now: datetime, file: str = "", is_sample: bool = False
) -> QuestionnaireVersion:
    """Store a version as a draft; equal questions are not stored twice.

    Raises
    ------
    QuestionnaireError
        Something is wrong with the questions.
    ConflictError
        The newest version asks the same already.
    RefusedError
        The actor may not write questionnaires.
    """
    require(actor, ADD, Questionnaire)
    problems = problems_of(spec)
    if problems:
        raise QuestionnaireError(file or spec.code, problems)
    names = {f"name_{language}": spec.names[language] for language in LANGUAGES}
    questionnaire, _made = Questionnaire.objects.select_for_update().update_or_create(
        code=spec.code, defaults=names
    )
    newest = questionnaire.versions.order_by("-version").first()
    if newest is not None and newest.digest == spec.digest:
        raise ConflictError(
            _("Version %(number)s of this questionnaire asks the same already.")
            % {"number": newest.version}
        )
    version = QuestionnaireVersion.objects.create(
        questionnaire=questionnaire, version=newest.version + 1 if newest else 1,
        digest=spec.digest, created_at=now, is_sample=is_sample,
    )  # fmt: skip
    PollQuestion.objects.bulk_create(
        PollQuestion(
            version=version, order=order, code=question.code, kind=question.kind,
            choices=[{"code": choice.code, **choice.texts} for choice in question.choices],
            low=question.low, high=question.high, required=question.required,
            relevant=question.relevant, counts=list(question.counts),
            **{f"text_{language}": question.texts[language] for language in LANGUAGES},
        )
        for order, question in enumerate(spec.questions, start=1)
    )  # fmt: skip
    audit.record(
        actor=actor, action="polls.store_questionnaire", subject=version, now=now,
        detail={"code": spec.code, "version": version.version, "digest": spec.digest},
    )  # fmt: skip
    return version


def spec_of(version: QuestionnaireVersion) -> QuestionnaireSpec:
    """Return a stored version as plain data."""
    return QuestionnaireSpec(
        code=version.questionnaire.code,
        names={code: getattr(version.questionnaire, f"name_{code}") for code in LANGUAGES},
        questions=tuple(
            QuestionSpec(
                code=row.code, kind=row.kind, low=row.low, high=row.high,
                texts={code: getattr(row, f"text_{code}") for code in LANGUAGES},
                choices=tuple(
                    ChoiceSpec(choice["code"], {code: choice[code] for code in LANGUAGES})
                    for choice in row.choices
                ),
                required=row.required, relevant=row.relevant, counts=tuple(row.counts),
            )
            for row in version.questions.order_by("order")
        ),
    )  # fmt: skip


@transaction.atomic
def publish_version(
    *, actor: Actor, version: QuestionnaireVersion, now: datetime
) -> QuestionnaireVersion:
    """Put a draft in use; from now on it is never changed.

    Raises
    ------
    ConflictError
        It is no draft.
    RefusedError
        The actor may not change questionnaires.
    """
    require(actor, CHANGE, Questionnaire)
    locked = QuestionnaireVersion.objects.select_for_update().get(pk=version.pk)
    if locked.state != QuestionnaireVersion.State.DRAFT:
        raise ConflictError(_("Only a draft can be put in use."))
    locked.state, locked.published_at = QuestionnaireVersion.State.PUBLISHED, now
    locked.save(update_fields=["state", "published_at"])
    audit.record(
        actor=actor, action="polls.publish_questionnaire", subject=locked, now=now,
        detail={"digest": locked.digest, "version": locked.version},
    )  # fmt: skip
    return locked
