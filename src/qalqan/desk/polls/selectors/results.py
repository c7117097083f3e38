"""Results as a reader sees them: at the desk whole, outside without what is withheld."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import SystemActor
from qalqan.desk.platform.ui.words import said
from qalqan.desk.polls.models import Poll, PollEdition, PollQuestion
from qalqan.desk.polls.words import level_words

LEAST_SHOWN = 30
"""Outside the desk no figure rests on fewer answers."""
_DOUBT = ("low", "high", "se", "deff", "effective_n", "df")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of one group.

    Parameters
    ----------
    source
        ``direct``; ``model``, where it borrows strength from all districts; ``withheld``;
        ``few``, where too few answered to show it.
    """

    by: str
    key: str
    label: str
    n: int | None
    value: float | None
    source: str
    low: float | None = None
    high: float | None = None
    se: float | None = None
    deff: float | None = None
    effective_n: float | None = None
    df: int | None = None


@dataclass(frozen=True, slots=True)
class ShownMeasure:
    """One measure with its figures, values in per cent where it is a share."""

    key: str
    title: str
    what: str
    kind: str
    is_headline: bool
    figures: tuple[Figure, ...]

    @property
    def whole(self) -> Figure | None:
        """The figure for all."""
        return next((one for one in self.figures if one.by == "all"), None)

    @property
    def unit(self) -> str:
        """Per cent for shares."""
        return "%" if self.kind == "share" else ""

    @property
    def digits(self) -> int:
        """Digits that are worth showing."""
        return 2 if self.kind == "mean" and self.key != "trust" else 1

    def by(self, name: str) -> tuple[Figure, ...]:
        """Return the figures of one grouping."""
        return tuple(one for one in self.figures if one.by == name)

    @property
    def groups(self) -> list[tuple[str, tuple[Figure, ...]]]:
        """Groupings with their figures, in order."""
        names = dict.fromkeys(one.by for one in self.figures if one.by != "all")
        return [(group_label(name), self.by(name)) for name in names]


@dataclass(frozen=True, slots=True)
class Shown:
    """All results of an edition for one reader."""

    poll: Poll
    edition: PollEdition
    measures: tuple[ShownMeasure, ...]
    has_doubt: bool
    levels: dict[str, tuple[ShownMeasure, ...]] = field(default_factory=dict)
    is_public: bool = False

    def measure(self, key: str) -> ShownMeasure | None:
        """Return one measure."""
        return next((m for m in self.measures if m.key == key), None)


def group_label(name: str) -> str:
    """Return a grouping in the reader's words."""
    return str({
        "district": _("District"), "age_band": _("Age"), "sex": _("Sex"),
        "settlement": _("Type of settlement"), "all": _("All"),
    }.get(name, name))  # fmt: skip


def published_polls() -> QuerySet[PollEdition]:
    """Return the published editions without their content, newest first; they are for everyone."""
    rows: QuerySet[PollEdition] = PollEdition.objects.filter(state=PollEdition.State.PUBLISHED)
    return rows.select_related("poll").defer("content").order_by("-poll__ends_on", "-pk")


def published(code: str) -> Shown | None:
    """Return the published results of a poll; all that anybody outside the desk ever sees."""
    rows = PollEdition.objects.filter(state=PollEdition.State.PUBLISHED, poll__code=code)
    edition = rows.select_related("poll").first()
    return shown(edition, public=True) if edition else None


def shown(edition: PollEdition, *, public: bool = False) -> Shown:
    """Return the results of an edition in the reader's language.

    Parameters
    ----------
    public
        Leave out what is withheld, and figures that rest on few answers.
    """
    poll = edition.poll
    questions = {
        row.code: row for row in PollQuestion.objects.filter(version_id=poll.questionnaire_id)
    }
    names = {
        str(place.pk): place.name
        for place in places.districts(SystemActor("polls")).defer("boundary")
    }
    has_doubt = edition.content["kind"] == Poll.Kind.PROBABILITY
    measures = tuple(
        _measure(edition, row, questions, names, public=public, has_doubt=has_doubt)
        for row in edition.content["measures"]
    )
    levels: dict[str, list[ShownMeasure]] = {}
    for row, one in zip(edition.content["measures"], measures, strict=True):
        if not one.is_headline and one.kind == "share":
            levels.setdefault(row["question"], []).append(one)
    return Shown(
        poll, edition, measures, has_doubt, {k: tuple(v) for k, v in levels.items()}, public
    )


def told_outside(series: str, wave: int) -> frozenset[tuple[str, str, str]]:
    """Return measure, grouping and level of each figure that is published of a wave."""
    state = PollEdition.State.PUBLISHED
    edition = PollEdition.objects.filter(state=state, poll__series=series, poll__wave=wave).first()
    if edition is None:
        return frozenset()
    gone = {tuple(cell) for cell in edition.withheld}
    rows = {
        (m["key"], row["by"], row["key"])
        for m in edition.content["measures"] for row in m["rows"] if row["n"] >= LEAST_SHOWN
    }  # fmt: skip
    return frozenset(rows - gone)


def _measure(
    edition: PollEdition, row: dict[str, Any], questions: dict[str, PollQuestion],
    names: dict[str, str], *, public: bool, has_doubt: bool,
) -> ShownMeasure:  # fmt: skip
    question = questions.get(row["question"])
    title = question.text if question else _("Trust in official word")
    gone = {tuple(cell) for cell in edition.withheld}
    figures = []
    for one in row["rows"]:
        is_gone = public and (row["key"], one["by"], one["key"]) in gone
        label = names.get(one["key"], one["key"]) if one["by"] == "district" else (
            level_words(one["by"], one["key"]) if one["by"] != "all" else _("All")
        )  # fmt: skip
        scale = 100.0 if row["kind"] == "share" else 1.0
        figures.append(_figure(one, label, scale, is_gone=is_gone, public=public, doubt=has_doubt))
    return ShownMeasure(
        row["key"], title, _what(row, question), row["kind"], row["is_headline"], tuple(figures)
    )


def _figure(
    one: dict[str, Any], label: str, scale: float, *, is_gone: bool, public: bool, doubt: bool
) -> Figure:
    by, key = one["by"], one["key"]
    if is_gone:
        return Figure(by, key, label, None, None, "withheld")
    model = one.get("model") if one.get("is_thin") else None
    if doubt and model:
        ends = {name: model[name] * scale for name in ("value", "low", "high")}
        return Figure(by, key, label, one["n"], source="model", **ends)
    if public and one["n"] < LEAST_SHOWN and by != "all":
        return Figure(by, key, label, None, None, "few")
    parts: dict[str, Any] = {}
    if doubt:
        parts = {name: one[name] for name in _DOUBT}
        for name in ("low", "high", "se"):
            parts[name] = None if parts[name] is None else parts[name] * scale
    value = None if one["value"] is None else one["value"] * scale
    return Figure(by, key, label, one["n"], value, "direct", **parts)


def _what(row: dict[str, Any], question: PollQuestion | None) -> str:
    if question is None:
        return _("index from 0 (lowest) to 100 (highest)")
    if row["kind"] == "mean":
        if question.low is not None and question.high is not None:
            return _("mean, from %(low)s to %(high)s") % {
                "low": question.low, "high": question.high
            }  # fmt: skip
        return _("mean")
    codes = question.counts or [None] if row["level"] == "counted" else [row["level"]]
    words = [choice_words(question, code) for code in codes if code]
    if not words:
        first = question.choices[0]["code"] if question.choices else "yes"
        words = [choice_words(question, first)]
    return _("share who answered: %(answers)s") % {"answers": ", ".join(words)}


def choice_words(question: PollQuestion, code: str) -> str:
    """Return an answer in the reader's words."""
    if question.kind == PollQuestion.Kind.YES_NO:
        return level_words("yes_no", code)
    for choice in question.choices:
        if choice["code"] == code:
            return said(choice)
    return code


def as_table(found: Shown) -> Iterator[list[Any]]:
    """Yield a header and the figures as lines; without doubt where the sample gives none."""
    head = ["measure", "what", "group", "level", "n", "estimate"]
    yield [*head, *(_DOUBT if found.has_doubt else ()), "source"]
    for measure in found.measures:
        for one in measure.figures:
            line: list[Any] = [measure.key, measure.what, one.by, one.label, one.n, one.value]
            if found.has_doubt:
                line += [getattr(one, name) for name in _DOUBT]
            yield [*line, one.source]


def as_data(found: Shown) -> dict[str, Any]:
    """Return the figures as plain data; a convenience sample has no field for any doubt."""
    content, poll = found.edition.content, found.poll
    data: dict[str, Any] = {
        "schema": content["schema"], "poll": poll.code, "edition": found.edition.number,
        "kind": content["kind"], "window": content["window"], "n": content["n"],
        "is_sample": poll.is_sample,
        "title": {code: getattr(poll, f"title_{code}") for code in ("kk", "ru", "en")},
    }  # fmt: skip
    keys = ("by", "key", "n", "value", "source", *(_DOUBT if found.has_doubt else ()))
    data["measures"] = [
        {"key": m.key, "kind": m.kind, "what": m.what,
         "figures": [{name: getattr(one, name) for name in keys} for one in m.figures]}
        for m in found.measures
    ]  # fmt: skip
    if found.has_doubt:
        data["design"] = content["design"]
        data["response"] = content["rates"]
        data["weights"] = content["weights"]
        data["method"] = method_of(content)
    return data


def method_of(content: dict[str, Any]) -> dict[str, str]:
    """Return how the figures were computed."""
    return {
        "variance": "Taylor linearisation",
        "share_interval": "Wilson on the effective sample size, Student's t",
        "mean_interval": "symmetric, Student's t",
        "level": "0.95",
        "small_areas": "Fay-Herriot, REML, smoothed sampling variances",
        "changes": "Welch's t on design-based standard errors; q by Benjamini-Hochberg",
    }


def as_file(found: Shown, form: str) -> HttpResponse:
    """Return results as CSV or JSON."""
    name = f"{found.poll.code}-{found.edition.number}.{form}"
    if form == "json":
        response: HttpResponse = JsonResponse(
            as_data(found), json_dumps_params={"ensure_ascii": False, "indent": 1}
        )
    else:
        out = io.StringIO()
        csv.writer(out).writerows(as_table(found))
        response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
