"""What the quarter's report tells, section by section, of what is published or locked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qalqan.desk.alerts import selectors as alerts
from qalqan.desk.commission.models import Decision, Meeting, Recommendation, RecommendationStep
from qalqan.desk.commission.report_parts import Basis, Quarter, Section
from qalqan.desk.commission.selectors import money, performance, reports
from qalqan.desk.commission.selectors.lessons import recommendations
from qalqan.desk.commission.selectors.table import decisions, meetings
from qalqan.desk.platform.audit import selectors as audit
from qalqan.desk.platform.policies import PUBLIC, SystemActor
from qalqan.desk.platform.releases import selectors as releases
from qalqan.desk.polls import selectors as polls
from qalqan.desk.protection.selectors import published as protection
from qalqan.desk.rumours import selectors as rumours
from qalqan.desk.rumours.selectors import measured

_READER = SystemActor("report")
_HOUR = gettext_lazy("h")
_PERCENT = "%"
_REACH = "outreach.reach"


def sections(quarter: Quarter) -> list[Section]:
    """Return every section; those that hold nothing say so."""
    found = [make(quarter) for make in _SECTIONS]
    for section in found:
        if not section.figures and not section.notes:
            section.note(gettext_lazy("Nothing was published on this for the quarter."))
    return found


def _answers(quarter: Quarter) -> Section:
    section = Section("answers", gettext_lazy("Answers to rumours"))
    basis = quarter.acts(gettext_lazy("published answers"))
    within = Q(publications__at__gte=quarter.start, publications__at__lt=quarter.end)
    rows = rumours.published(PUBLIC).filter(within).order_by()
    kinds = {
        kind: rows.filter(publications__kind=kind).aggregate(
            n=Count("publications", filter=within & Q(publications__kind=kind))
        )["n"]
        for kind in ("first", "correction", "withdrawal")
    }
    section.is_sample = rows.filter(is_sample=True).exists()
    section.add("published", gettext_lazy("Answers published"), kinds["first"], basis, exact=True)
    section.add("corrected", gettext_lazy("Corrections of answers"), kinds["correction"], basis,
                exact=True)  # fmt: skip
    section.add("withdrawn", gettext_lazy("Answers withdrawn"), kinds["withdrawal"], basis,
                exact=True)  # fmt: skip
    found = measured.public_measures()
    if found is not None:
        _delays(section, *found)
    return section


def _delays(section: Section, content: dict[str, Any], at: datetime) -> None:
    until = timezone.localdate(datetime.fromisoformat(content["as_of"]))
    basis = Basis(
        gettext_lazy("published measures of the queue"),
        gettext_lazy("Kaplan–Meier; claims that are still open count as open"),
        until - timedelta(days=content["days"]), until,
    )  # fmt: skip
    labels = (
        ("median", gettext_lazy("Time to an answer: half were answered within")),
        ("p90", gettext_lazy("Time to an answer: nine in ten were answered within")),
    )
    section.is_sample |= bool(content.get("has_sample"))
    for key, label in labels:
        value, low, high = content["all"][key]
        section.add(key, label, value, basis, unit=_HOUR, decimals=1, low=low, high=high,
                    n=content["all"]["count"])  # fmt: skip


def _warnings(quarter: Quarter) -> Section:
    section = Section("warnings", gettext_lazy("Warnings"))
    basis = quarter.acts(gettext_lazy("signed warning messages"))
    rows = alerts.messages(PUBLIC).filter(
        approved_at__gte=quarter.start, approved_at__lt=quarter.end
    )
    counted = {
        (row["alert__status"], row["msg_type"]): row["n"]
        for row in rows.order_by().values("alert__status", "msg_type").annotate(n=Count("pk"))
    }
    section.is_sample = rows.filter(alert__is_sample=True).exists()
    for code, label, status, kind in (
        ("sent", gettext_lazy("Warnings sent"), "Actual", "Alert"),
        ("updated", gettext_lazy("Updates of warnings"), "Actual", "Update"),
        ("cancelled", gettext_lazy("Warnings cancelled"), "Actual", "Cancel"),
        ("exercises", gettext_lazy("Exercises announced"), "Exercise", "Alert"),
        ("tests", gettext_lazy("Tests of the ways of warning"), "Test", "Alert"),
    ):
        section.add(code, label, counted.get((status, kind), 0), basis, exact=True)
    return section


def _sites(quarter: Quarter) -> Section:
    section = Section("sites", gettext_lazy("Protected sites"))
    counts = protection.public_counts(quarter.now)
    if counts is None:
        return section
    section.is_sample = counts.is_sample
    basis = Basis(
        gettext_lazy("public counts of inspections"),
        gettext_lazy("counts below 5 are withheld, and others so that no total gives them away"),
        timezone.localdate(quarter.now - protection.WINDOW), quarter.today,
    )  # fmt: skip
    labels = {
        "sites": gettext_lazy("Sites on the list"),
        "inspected": gettext_lazy("Sites inspected"),
        "notices": gettext_lazy("Notices issued"),
        "mended": gettext_lazy("Notices mended and verified"),
    }
    for column in protection.COLUMNS:
        value = getattr(counts.total, column)
        section.add(column, labels[column], value, basis, withheld="small")
    for place, row in enumerate(counts.rows, 1):
        for column in ("inspected", "mended"):
            section.add(f"{column}.{place}", _of(labels[column], row.name), getattr(row, column),
                        basis, withheld="small")  # fmt: skip
    return section


def _of(label: Any, name: str) -> Callable[[], str]:
    return lambda: f"{label}: {name}"


def _reach(quarter: Quarter) -> Section:
    section = Section("reach", gettext_lazy("People reached by activities"))
    labels = {
        "under_29": gettext_lazy("People under 29 reached by activities, %(month)s"),
        "29_up": gettext_lazy("People of 29 and older reached by activities, %(month)s"),
        "total": gettext_lazy("People reached by activities, %(month)s"),
    }
    for month in range(quarter.first.month, quarter.first.month + 3):
        found = releases.published(_REACH, f"{quarter.first.year}-{month:02d}")
        if found is None or not found.tables:
            continue
        section.is_sample |= found.is_sample
        table = next(iter(found.tables.values()))
        start = date(quarter.first.year, month, 1)
        until = date(start.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        basis = _released(found, start, until)
        for key, label in labels.items():
            section.add(f"{key}.{month}", _month(label, f"{start:%Y-%m}"),
                        table.count("total", key), basis, withheld="small")  # fmt: skip
    return section


def _month(label: Any, month: str) -> Callable[[], str]:
    return lambda: str(label) % {"month": month}


def _released(found: releases.Published, start: date, until: date) -> Basis:
    def source() -> str:
        return _("release %(series)s, edition %(edition)s") % {
            "series": found.series, "edition": found.edition,
        }  # fmt: skip

    def method() -> str:
        return _(
            "protected together with all earlier editions; counts below %(threshold)d and "
            "whatever would give them away are withheld"
        ) % {"threshold": found.threshold}

    return Basis(source, method, start, until)


def _money(quarter: Quarter) -> Section:
    section = Section("money", gettext_lazy("Money and devices"))
    name = f"{quarter.first.year}-Q{(quarter.first.month - 1) // 3 + 1}"
    for code, series, table, cell, label, unit in _SPENT:
        found = releases.published(series, name)
        if found is None or table not in found.tables:
            continue
        section.is_sample |= found.is_sample
        section.add(code, label, found.tables[table].count(*cell),
                    _released(found, quarter.first, quarter.last), unit=unit,
                    withheld="small")  # fmt: skip
    return section


_SPENT: tuple[tuple[str, str, str, tuple[str, ...], Any, Any], ...] = (
    ("activities", money.ACTIVITY_SERIES, money.ACTIVITIES, ("total",),
     gettext_lazy("Activities held"), ""),
    ("spent", money.MONEY_SERIES, money.MONEY, ("total",),
     gettext_lazy("Money told for activities"), gettext_lazy("thousand tenge")),
    ("untold", money.ACTIVITY_SERIES, money.TOLD, ("untold",),
     gettext_lazy("Activities whose cost is not told"), ""),
    ("devices", money.DEVICE_SERIES, money.DEVICES, ("total", "total"),
     gettext_lazy("Protective devices that work"), ""),
)  # fmt: skip


def _trust(quarter: Quarter) -> Section:
    section = Section("trust", gettext_lazy("Trust in official word"))
    editions = polls.published_polls().filter(
        poll__ends_on__gte=quarter.first, poll__ends_on__lte=quarter.last
    )
    for edition in editions.order_by("poll__ends_on", "pk"):
        poll = edition.poll
        found = polls.published(poll.code)
        measure = found.measure("trust") if found else None
        whole = measure.whole if measure else None
        if found is None or measure is None or whole is None:
            continue
        section.is_sample |= poll.is_sample
        basis = Basis(
            _poll_source(poll.code),
            gettext_lazy("random sample, weighted; index from 0 (lowest) to 100 (highest)")
            if found.has_doubt else gettext_lazy("no random sample; index from 0 to 100"),
            poll.starts_on, poll.ends_on,
        )  # fmt: skip
        section.add(f"index.{poll.code}", gettext_lazy("Trust in official word"), whole.value,
                    basis, decimals=1, low=whole.low, high=whole.high, n=whole.n,
                    withheld="small")  # fmt: skip
    return section


def _poll_source(code: str) -> Callable[[], str]:
    return lambda: _("poll %(code)s") % {"code": code}


_UNITS: dict[str, tuple[Any, float, int]] = {
    "hours": (_HOUR, 1.0, 1),
    "minutes": (gettext_lazy("min"), 1.0, 1),
    "days": (gettext_lazy("days"), 1.0, 1),
    "share": (_PERCENT, 100.0, 1),
    "per_1000": (gettext_lazy("per 1,000 inhabitants"), 1.0, 1),
}


def _performance(quarter: Quarter) -> Section:
    section = Section("performance", gettext_lazy("Performance: locked figures"))
    for row in performance.published(PUBLIC):
        if not quarter.first <= row.period_from <= row.period_to <= quarter.last:
            continue
        unit, scale, decimals = _UNITS.get(row.unit, (row.unit, 1.0, 2))
        ends = [None if end is None else end * scale for end in (row.value, row.low, row.high)]
        basis = Basis(
            _indicator_source(row.code, row.version), row.method or "–", row.period_from,
            row.period_to,
        )  # fmt: skip
        section.is_sample |= row.is_sample
        section.add(
            f"{row.code}.v{row.version}.{row.period_from:%Y-%m}.{row.number}",
            _indicator_label(row), ends[0], basis, unit=unit, decimals=decimals, low=ends[1],
            high=ends[2], n=row.n, withheld="small" if row.n is None else "",
        )  # fmt: skip
    return section


def _indicator_source(code: str, version: int) -> Callable[[], str]:
    return lambda: _("locked figure %(code)s, definition %(version)d") % {
        "code": code, "version": version,
    }  # fmt: skip


def _indicator_label(row: performance.Figure) -> Callable[[], str]:
    from django.utils.translation import get_language

    def said() -> str:
        name = row.names[(get_language() or "en")[:2]]
        return f"{name}, {row.period_from:%Y-%m}"

    return said


def _table(quarter: Quarter) -> Section:
    section = Section("commission", gettext_lazy("The commission"))
    acts = quarter.acts(gettext_lazy("the commission's record"))
    stands = quarter.standing(gettext_lazy("the commission's record"))
    held = meetings(_READER).filter(
        starts_at__gte=quarter.start, starts_at__lt=quarter.end, state=Meeting.State.CLOSED
    )
    every = decisions(_READER, state="", today=quarter.today)
    made = every.filter(decided_at__gte=quarter.start, decided_at__lt=quarter.end)
    closed = every.filter(
        state=Decision.State.CLOSED, closed_at__gte=quarter.start, closed_at__lt=quarter.end
    )
    section.is_sample = held.filter(is_sample=True).exists() or made.filter(is_sample=True).exists()
    section.add("meetings", gettext_lazy("Meetings held"), held.count(), acts, exact=True)
    section.add("decided", gettext_lazy("Decisions taken"), made.count(), acts, exact=True)
    section.add("closed", gettext_lazy("Decisions closed with accepted evidence"), closed.count(),
                acts, exact=True)  # fmt: skip
    for code, label in (("live", gettext_lazy("Decisions still owed")),
                        ("overdue", gettext_lazy("Decisions past their day"))):  # fmt: skip
        count = decisions(_READER, state=code, today=quarter.today).count()
        section.add(code, label, count, stands, exact=True)
    return section


def _recommendations(quarter: Quarter) -> Section:
    section = Section("recommendations", gettext_lazy("Recommendations and their state"))
    acts = quarter.acts(gettext_lazy("the commission's record"))
    stands = quarter.standing(gettext_lazy("the commission's record"))
    rows = recommendations(_READER, state="")
    section.is_sample = rows.filter(is_sample=True).exists()
    issued = rows.filter(issued_at__gte=quarter.start, issued_at__lt=quarter.end)
    section.add("issued", gettext_lazy("Recommendations issued"), issued.count(), acts, exact=True)
    steps = RecommendationStep.objects.visible_to(_READER).filter(
        at__gte=quarter.start, at__lt=quarter.end, is_response=False
    )
    section.add("ruled", gettext_lazy("Rulings on responses"),
                steps.exclude(state_before="").count(), acts, exact=True)  # fmt: skip
    counted = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    for state in Recommendation.State:
        section.add(f"state.{state.value}", state.label, counted.get(state.value, 0), stands,
                    exact=True)  # fmt: skip
    return section


def _corrections(quarter: Quarter) -> Section:
    section = Section("corrections", gettext_lazy("Corrections of earlier reports"))
    for row in reports.corrections(PUBLIC):
        if quarter.start <= row.at < quarter.end:
            section.notes.append({
                code: f"{row.name}, {row.corrects} → {row.version}: {reason}"
                for code, reason in row.reason.items()
            })  # fmt: skip
    if not section.notes:
        section.note(gettext_lazy("No report was corrected in the quarter."))
    return section


def _withheld(quarter: Quarter) -> Section:
    section = Section("withheld", gettext_lazy("What was withheld"))
    basis = quarter.acts(gettext_lazy("releases of counts"))
    rows = releases.releases(_READER).filter(
        released_at__gte=quarter.start, released_at__lt=quarter.end
    )
    found = rows.order_by().aggregate(
        editions=Count("pk", filter=Q(state="published")),
        refused=Count("pk", filter=Q(state="refused")),
        cells=Sum("cells", filter=Q(state="published")),
        hidden=Sum("withheld", filter=Q(state="published")),
    )
    section.is_sample = rows.filter(is_sample=True).exists()
    for code, label in (
        ("editions", gettext_lazy("Editions of counts published")),
        ("refused", gettext_lazy("Editions refused because they would give counts away")),
        ("cells", gettext_lazy("Cells of the published editions")),
        ("hidden", gettext_lazy("Of these cells withheld")),
    ):
        section.add(code, label, found[code] or 0, basis, exact=True)
    return section


def _record(quarter: Quarter) -> Section:
    section = Section("record", gettext_lazy("The desk's record of its acts"))
    basis = quarter.acts(gettext_lazy("the audit chain"))
    entries = audit.entries(_READER, since=quarter.start, until=quarter.end).order_by()
    section.add("entries", gettext_lazy("Entries written"), entries.count(), basis, exact=True)
    seals = audit.seals(_READER).filter(day__gte=quarter.first, day__lte=quarter.last).order_by()
    section.add("sealed", gettext_lazy("Days sealed"), seals.count(), basis, exact=True)
    return section


_SECTIONS: tuple[Callable[[Quarter], Section], ...] = (
    _answers, _warnings, _sites, _reach, _money, _trust, _performance, _table, _recommendations,
    _corrections, _withheld, _record,
)  # fmt: skip
