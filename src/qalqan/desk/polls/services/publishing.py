"""Publish results: the counts behind every figure pass the attacker's audit first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import Actor, require
from qalqan.desk.platform.releases import services as releases
from qalqan.desk.platform.releases.models import Release
from qalqan.desk.polls.measuring import GROUPS, Measure, measures_of, trust_measure
from qalqan.desk.polls.models import Poll, PollEdition, TrustFormula
from qalqan.desk.polls.policies import PUBLISH
from qalqan.desk.polls.services.collecting import questions_of
from qalqan.desk.polls.weighing import Sheet, sheet_of
from qalqan.errors import ConflictError

THRESHOLD = 5
SECONDS = 2.0
"""How long the cheapest pattern of one edition is looked for."""
COUNTED, OTHER, UNKNOWN = "counted", "other", "unknown"


def publish(*, actor: Actor, edition: PollEdition, now: datetime) -> PollEdition:
    """Publish an edition, or keep it back with the reason.

    Behind each figure by district or group stand counts of answers. They are released as tables:
    small counts are withheld, more where it takes more, and the whole is attacked together with
    what was published before. A figure whose counts are withheld is withheld, too.

    Returns
    -------
    PollEdition
        Its state is ``published``, or ``refused`` with the reason.

    Raises
    ------
    ConflictError
        The poll is still open, or the edition is not the newest or was published already.
    RefusedError
        The actor may not publish.
    """
    require(actor, PUBLISH, PollEdition)
    poll = edition.poll
    if poll.state != Poll.State.CLOSED:
        raise ConflictError(_("Close the poll first: results are published once it is over."))
    newest = poll.editions.order_by("-number").first()
    if newest is None or newest.pk != edition.pk or edition.state != PollEdition.State.COMPUTED:
        raise ConflictError(_("Only the newest edition can be published, and once."))
    sheet = sheet_of(poll)
    kept_back = _conditional(edition)
    tables = list(_tables(poll, edition, sheet, {row[0] for row in kept_back}))
    with transaction.atomic():
        locked = PollEdition.objects.select_for_update().get(pk=edition.pk)
        if locked.state != PollEdition.State.COMPUTED:
            raise ConflictError(_("Only the newest edition can be published, and once."))
        withheld: list[list[str]] = []
        if tables:
            made = releases.release(
                actor=actor, series=f"polls.{poll.series}", edition=poll.code, now=now,
                tables=tables, threshold=THRESHOLD, is_sample=poll.is_sample, seconds=SECONDS,
            )  # fmt: skip
            if made.state == Release.State.REFUSED:
                locked.state, locked.reason = (
                    PollEdition.State.REFUSED,
                    "; ".join(made.reasons)[:500],
                )
                locked.save(update_fields=["state", "reason"])
                _record(actor, locked, now)
                return locked
            withheld = _withheld(made, edition)
        poll.editions.filter(state=PollEdition.State.PUBLISHED).update(
            state=PollEdition.State.REPLACED
        )
        locked.state, locked.published_at = PollEdition.State.PUBLISHED, now
        rows = sorted({tuple(row) for row in [*withheld, *kept_back]})
        locked.withheld = [list(row) for row in rows]
        locked.save(update_fields=["state", "published_at", "withheld"])
        _record(actor, locked, now)
    return locked


def _withheld(made: Release, edition: PollEdition) -> list[list[str]]:
    """Return the figures whose counts are withheld.

    The figure for all is always told, and with it the total. Where a total had to be withheld to
    protect the groups, no figure by groups of that question is told instead.
    """
    found, bare = [], set()
    for table in made.tables.all():
        key, by = table.name.split("/")
        for labels, count in table.cells:
            if count is None and labels[0] == releases.TOTAL:
                bare.add(key)
            elif count is None:
                found.append([key, by, labels[0]])
    return found + [
        [m["key"], row["by"], row["key"]]
        for m in edition.content["measures"] if m["key"] in bare
        for row in m["rows"] if row["by"] != "all"
    ]  # fmt: skip


def _record(actor: Actor, edition: PollEdition, now: datetime) -> None:
    audit.record(
        actor=actor, action="polls.publish", subject=edition, now=now,
        detail={"poll": edition.poll_id, "state": edition.state,
                "withheld": len(edition.withheld)},
    )  # fmt: skip


def _conditional(edition: PollEdition) -> list[list[str]]:
    """Return the figures by groups of questions that not everybody was asked.

    How many were asked is how many answered an earlier question in a certain way: beside that
    question's figures it would tell a small count, so such figures stay at the desk.
    """
    rows = edition.poll.questionnaire.questions.exclude(relevant="")
    codes = set(rows.values_list("code", flat=True))
    return [
        [m["key"], row["by"], row["key"]]
        for m in edition.content["measures"]
        if m["question"] in codes
        for row in m["rows"]
        if row["by"] != "all"
    ]


def _tables(
    poll: Poll, edition: PollEdition, sheet: Sheet, kept_back: set[str]
) -> Iterator[releases.Table]:
    """Yield the unweighted counts behind the figures by groups, one table a measure and group."""
    shown = {m["key"] for m in edition.content["measures"] if m["is_headline"]}
    found: list[Measure] = measures_of(questions_of(poll), sheet)
    version = int((edition.content.get("trust") or {}).get("version") or 0)
    trust = trust_measure(TrustFormula.objects.filter(version=version).first(), sheet)
    for measure in [*found, *([trust] if trust else [])]:
        if measure.key not in shown or measure.key in kept_back or not measure.is_headline:
            continue
        for by in GROUPS:
            cells = _counts(measure, sheet.level(by))
            if len({labels[0] for labels in cells}) > 1:
                answer = ("answer",) if measure.kind == "share" else ()
                # Each question is left out by others, so that its cells are cells of its own;
                # within a question all tables have the same total, and are attacked together.
                dimensions = (by, *answer, "figure")
                yield releases.Table(f"{measure.key}/{by}", dimensions, cells)


def _counts(measure: Measure, levels: list[str]) -> dict[tuple[str, ...], float]:
    counts: dict[tuple[str, ...], float] = defaultdict(float)
    for level, value in zip(levels, measure.values.tolist(), strict=True):
        if value != value:
            continue
        if measure.kind == "share":
            for answer in (COUNTED, OTHER):
                held = float((value == 1) == (answer == COUNTED))
                counts[level or UNKNOWN, answer, measure.key] += held
        else:
            counts[level or UNKNOWN, measure.key] += 1
    return dict(counts)
