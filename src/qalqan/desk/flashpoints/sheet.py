"""One finding on one sheet of paper, for the commission."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from qalqan.desk.flashpoints import present, selectors
from qalqan.desk.flashpoints.models import Finding
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.ui.formatting import format_date, format_number, format_p_value
from qalqan.desk.platform.ui.paper import compiled_pdf

_MOST_INCIDENTS = 12


def sheet_pdf(actor: Actor, finding: Finding, *, language: str, now: datetime) -> bytes:
    """Return a finding as a PDF in one of the three languages.

    Raises
    ------
    SettingsError
        The package that carries the font is not installed.
    """
    with translation.override(language):
        data = _content(actor, finding, language, now)
    template = files("qalqan.desk.flashpoints").joinpath("templates/flashpoints/sheet.typ")
    return compiled_pdf(template.read_bytes(), data, made_at=now)


def _content(actor: Actor, finding: Finding, language: str, now: datetime) -> dict[str, Any]:
    run = finding.run
    cells = selectors.cell_names(actor, [a.cell for a in finding.areas.all() if a.cell])
    drawn = selectors.map_of_finding(actor, finding)
    flash_point = finding.flash_point
    stream = str(run.get_stream_display())
    return {
        "language": language,
        "title": f"{stream}: {present.names_of(finding, cells)}",
        "subtitle": present.days_of(finding),
        "is_sample": run.is_sample,
        "sample_mark": _("sample data"),
        "facts": _facts(finding),
        "map": present.drawing_of(
            drawn, stream=stream, days=int(run.parameters["max_duration"]), is_paper=True
        ),
        "map_alt": "; ".join(f"{a.name}: {a.label}" for a in drawn.areas if a.is_flagged),
        "notes": [
            *([_("District boundaries are approximate.")]
              if selectors.has_approximate_boundaries(actor) else []),
            *filter(None, [present.left_out_words(run.area_kind, run.left_out)]),
        ],
        "sections": [
            _section(
                _("Another explanation: more reports because more people report"),
                present.reporting_words(finding.reporting),
            ),
            _section(_("How sure this is"), _doubt(finding)),
            _section(_("Life of this finding"), _life(actor, finding)),
            _section(
                _("Incidents in these districts and days"),
                _incidents(actor, finding),
            ),
        ],
        "state": str(flash_point.get_state_display()) if flash_point else "",
        "footer": _footer(finding, now),
    }  # fmt: skip


def _incidents(actor: Actor, finding: Finding) -> list[str]:
    """Return the first incidents, and how many there are in all where not all have room."""
    inside = selectors.incidents_in(actor, finding)
    lines = [
        f"{format_date(one.occurred_from, 'date')} – {one.title}"
        for one in inside[:_MOST_INCIDENTS]
    ]
    number = inside.count()
    if number > len(lines):
        lines.append(present.shown_words(len(lines), number))
    return lines or [_("No incident is recorded in these districts and days.")]


def _section(heading: str, lines: list[str]) -> dict[str, Any]:
    return {"heading": heading, "lines": lines}


def _facts(finding: Finding) -> list[list[str]]:
    risk = present.ratio(
        finding.relative_risk, finding.relative_risk_low, finding.relative_risk_high
    )
    days = _("%(days)s days") % {"days": format_number(finding.recurrence_interval, 0)}
    return [
        [_("Observed"), format_number(finding.observed)],
        [_("Expected"), format_number(finding.expected, 1)],
        [_("Relative risk (95 % interval)"), risk],
        [_("p value"), format_p_value(finding.p_value)],
        [_("By chance once in"), days],
    ]


def _doubt(finding: Finding) -> list[str]:
    lines = [
        present.false_words(present.alpha_of(finding.run.parameters)),
        _(
            "The interval of the relative risk treats the finding as if it had been chosen "
            "beforehand; because the scan picks the highest of many, the true risk is rather lower."
        ),
    ]
    by_stream = present.by_stream_words(finding.by_stream)
    if by_stream:
        lines.insert(0, _("Observed / expected by stream:") + " " + "; ".join(by_stream))
    return lines


def _life(actor: Actor, finding: Finding) -> list[str]:
    if finding.flash_point is None:
        return [_("This finding is not on the desk.")]
    steps = list(selectors.steps_of(actor, finding.flash_point))
    lines = []
    for event in present.life_of(steps):
        note = f". {event.note}" if event.note else ""
        lines.append(f"{format_date(event.time, 'short')} – {event.title}{note}")
    for step in steps:
        if step.work is not None:
            lines.append(
                _("Work: %(title)s, until %(due)s")
                % {"title": step.work.title, "due": format_date(step.work.due_at, "short")}
            )
    return lines


def _footer(finding: Finding, now: datetime) -> list[str]:
    run = finding.run
    dates = [format_date(day, "short_date") for day in (run.window_start, run.window_end)]
    pairs = [
        (_("Method"), f"{_('prospective scan')}, {run.get_model_display()}"),
        (_("Replicates"), format_number(run.replicates)),
        (_("Seed"), str(run.seed)),
        (_("Data window"), " – ".join(dates)),
        (_("Hash of the data"), run.data_hash[:16]),
        (_("Printed"), format_date(now, "short")),
    ]
    return [f"{name}: {value}" for name, value in pairs]
