"""Readings of checklists and of what was answered to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from qalqan.desk.platform.policies import Actor
from qalqan.desk.protection.models import (
    ChecklistVersion,
    Given,
    Inspection,
    InspectionPicture,
    Question,
)


def versions(actor: Actor) -> QuerySet[ChecklistVersion]:
    """Return the versions the actor may see, with the number of their questions."""
    rows: QuerySet[ChecklistVersion] = ChecklistVersion.objects.visible_to(actor)
    return (
        rows.select_related("checklist")
        .annotate(question_count=Count("questions"))
        .order_by("checklist__code", "-version")
    )


def version_for(actor: Actor, version_id: int) -> ChecklistVersion | None:
    """Return one version, or nothing where it is absent or hidden."""
    return versions(actor).filter(pk=version_id).first()


def questions_of(actor: Actor, version: ChecklistVersion) -> list[Question]:
    """Return the questions of a version, in order."""
    return list(Question.objects.visible_to(actor).filter(version=version).order_by("order"))


@dataclass(frozen=True, slots=True)
class Section:
    """Questions under one heading."""

    heading: str
    questions: list[Question]


def sections(questions: Iterable[Question]) -> list[Section]:
    """Put neighbouring questions under the same heading together."""
    found: list[Section] = []
    for question in questions:
        if not found or found[-1].heading != question.section:
            found.append(Section(question.section, []))
        found[-1].questions.append(question)
    return found


def inspection_for(actor: Actor, inspection_id: int) -> Inspection | None:
    """Return one inspection, or nothing where it is absent or hidden."""
    rows = Inspection.objects.visible_to(actor).select_related(
        "site__district", "version__checklist", "inspector"
    )
    return rows.defer("site__district__boundary").filter(pk=inspection_id).first()


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer as the page shows it."""

    question: Question
    words: str
    note: str
    failed: bool
    pictures: list[InspectionPicture]


def answers_of(actor: Actor, inspection: Inspection) -> list[AnswerLine]:
    """Return the answers of an inspection in the order of its questions, with their pictures."""
    rows = Given.objects.visible_to(actor).filter(inspection=inspection)
    pictures: dict[int | None, list[InspectionPicture]] = {}
    for picture in InspectionPicture.objects.visible_to(actor).filter(inspection=inspection):
        pictures.setdefault(picture.question_id, []).append(picture)
    return [
        AnswerLine(
            row.question,
            answer_words(row.question, row.value),
            row.note,
            row.failed,
            pictures.get(row.question_id, []),
        )
        for row in rows.select_related("question").order_by("question__order")
    ]


def picture_for(actor: Actor, picture_id: int) -> InspectionPicture | None:
    """Return one picture of an inspection, or nothing where it is absent or hidden."""
    rows = InspectionPicture.objects.visible_to(actor).select_related("file", "inspection__site")
    return rows.filter(pk=picture_id).first()


def answer_words(question: Question, value: str) -> str:
    """Return an answer in the reader's words."""
    from django.utils.translation import get_language, pgettext

    if question.kind == Question.Kind.YES_NO:
        words = {"yes": pgettext("answer", "Yes"), "no": pgettext("answer", "No")}
        return words.get(value, value)
    language = (get_language() or "kk")[:2]
    for choice in question.choices:
        if choice["code"] == value:
            return str(choice.get(language) or value)
    return value


def inspections_in_list(actor: Actor, keys: list[int]) -> list[Inspection]:
    """Return the inspections of a page of keys in that order, with what a list shows."""
    rows = (
        Inspection.objects.visible_to(actor)
        .filter(pk__in=keys)
        .select_related("site__district", "version__checklist")
        .defer(
            "inspector_signature", "owner_signature", "site__search_text",
            "site__district__boundary",
        )
    )  # fmt: skip
    known = {row.pk: row for row in rows}
    return [known[key] for key in keys if key in known]
