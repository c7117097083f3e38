"""Checklists: store a version, put it in use, take it out of use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, require
from qalqan.desk.protection.checklist_spec import (
    ChecklistSpec,
    ChoiceSpec,
    QuestionSpec,
    SpecProblem,
    problems_of,
)
from qalqan.desk.protection.models import Checklist, ChecklistVersion, Question, Site
from qalqan.errors import ConflictError, InputError, Location


class ChecklistError(InputError):
    """A checklist cannot be used; nothing of it was stored."""

    code = "protection.checklist"

    def __init__(self, file: str, problems: Sequence[SpecProblem]) -> None:
        first = problems[0]
        more = len(problems) - 1
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
    *, actor: Actor, spec: ChecklistSpec, now: datetime, file: str = "", is_shipped: bool = False
) -> ChecklistVersion:
    """Store a version as a draft; equal questions are not stored twice.

    Raises
    ------
    ChecklistError
        Something is wrong with the checklist.
    ConflictError
        The newest version asks the same already.
    RefusedError
        The actor may not write checklists.
    """
    require(actor, ADD, Checklist)
    problems = problems_of(spec, categories=Site.Category.values)
    if problems:
        raise ChecklistError(file or spec.code, problems)
    checklist, _made = Checklist.objects.select_for_update().update_or_create(
        code=spec.code,
        defaults={
            **{f"name_{language}": spec.names[language] for language in ("kk", "ru", "en")},
            "categories": list(spec.categories),
        },
        create_defaults={
            "code": spec.code,
            **{f"name_{language}": spec.names[language] for language in ("kk", "ru", "en")},
            "categories": list(spec.categories),
            "is_shipped": is_shipped,
        },
    )
    newest = checklist.versions.order_by("-version").first()
    if newest is not None and newest.digest == spec.digest:
        raise ConflictError(
            _("Version %(number)s of this checklist asks the same already.")
            % {"number": newest.version}
        )
    version = ChecklistVersion.objects.create(
        checklist=checklist,
        version=newest.version + 1 if newest else 1,
        digest=spec.digest,
        source_note=spec.source_note[:500],
        days_after_pass=spec.days_after["pass"],
        days_after_minor=spec.days_after["minor"],
        days_after_serious=spec.days_after["serious"],
        created_at=now,
    )
    Question.objects.bulk_create(
        _question(version, order, question)
        for order, question in enumerate(spec.questions, start=1)
    )
    audit.record(
        actor=actor, action="protection.store_checklist", subject=version, now=now,
        detail={"code": spec.code, "version": version.version, "digest": spec.digest},
    )  # fmt: skip
    return version


def _question(version: ChecklistVersion, order: int, spec: QuestionSpec) -> Question:
    texts = {
        f"{name}_{language}": mapping.get(language, "")
        for name, mapping in (
            ("text", spec.texts), ("hint", spec.hints), ("section", spec.sections)
        )
        for language in ("kk", "ru", "en")
    }  # fmt: skip
    return Question(
        version=version, order=order, code=spec.code, kind=spec.kind,
        choices=[{"code": choice.code, **choice.texts} for choice in spec.choices],
        required=spec.required, weight=spec.weight, pictures_required=spec.pictures_required,
        relevant=spec.relevant, constraint=spec.constraint, fails_if=spec.fails_if,
        severity=spec.severity, legal_ground=spec.legal_ground, days_to_mend=spec.days_to_mend,
        **texts,
    )  # fmt: skip


def spec_of(version: ChecklistVersion) -> ChecklistSpec:
    """Return a stored version as plain data."""
    checklist = version.checklist
    languages = ("kk", "ru", "en")
    questions = tuple(
        QuestionSpec(
            code=row.code, kind=row.kind,
            texts={code: getattr(row, f"text_{code}") for code in languages},
            hints=_given(row, "hint"), sections=_given(row, "section"),
            choices=tuple(
                ChoiceSpec(choice["code"], {code: choice[code] for code in languages})
                for choice in row.choices
            ),
            required=row.required, weight=row.weight, pictures_required=row.pictures_required,
            relevant=row.relevant, constraint=row.constraint, fails_if=row.fails_if,
            severity=row.severity, legal_ground=row.legal_ground, days_to_mend=row.days_to_mend,
        )
        for row in version.questions.order_by("order")
    )  # fmt: skip
    return ChecklistSpec(
        code=checklist.code,
        names={code: getattr(checklist, f"name_{code}") for code in languages},
        questions=questions,
        categories=tuple(checklist.categories),
        days_after={name: version.days_after(name) for name in ("pass", "minor", "serious")},
        source_note=version.source_note,
    )


def _given(row: Question, field: str) -> dict[str, str]:
    texts = {code: getattr(row, f"{field}_{code}") for code in ("kk", "ru", "en")}
    return {code: text for code, text in texts.items() if text}


@transaction.atomic
def publish_version(*, actor: Actor, version: ChecklistVersion, now: datetime) -> ChecklistVersion:
    """Put a draft in use; the version in use until now stays for what was asked with it.

    Raises
    ------
    ConflictError
        It is no draft.
    RefusedError
        The actor may not change checklists.
    """
    require(actor, CHANGE, Checklist)
    state = ChecklistVersion.State
    locked = ChecklistVersion.objects.select_for_update().get(pk=version.pk)
    if locked.state != state.DRAFT:
        raise ConflictError(_("Only a draft can be put in use."))
    ChecklistVersion.objects.filter(checklist_id=locked.checklist_id, state=state.PUBLISHED).update(
        state=state.RETIRED, retired_at=now
    )
    locked.state, locked.published_at = state.PUBLISHED, now
    locked.save(update_fields=["state", "published_at"])
    audit.record(
        actor=actor, action="protection.publish_checklist", subject=locked, now=now,
        detail={"digest": locked.digest, "version": locked.version},
    )  # fmt: skip
    return locked


@transaction.atomic
def retire_version(*, actor: Actor, version: ChecklistVersion, now: datetime) -> ChecklistVersion:
    """Take a version out of use.

    Raises
    ------
    ConflictError
        It is not in use.
    RefusedError
        The actor may not change checklists.
    """
    require(actor, CHANGE, Checklist)
    state = ChecklistVersion.State
    locked = ChecklistVersion.objects.select_for_update().get(pk=version.pk)
    if locked.state != state.PUBLISHED:
        raise ConflictError(_("This version is not in use."))
    locked.state, locked.retired_at = state.RETIRED, now
    locked.save(update_fields=["state", "retired_at"])
    audit.record(actor=actor, action="protection.retire_checklist", subject=locked, now=now)
    return locked
