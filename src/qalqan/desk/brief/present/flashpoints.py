"""Where incidents and tips exceed what is expected, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qalqan.desk.brief import wording as w
from qalqan.desk.brief.content import Brief, Excess, Map, Scan
from qalqan.desk.brief.present.parts import WARNING, Badge, Fact, Line, Table, Target
from qalqan.desk.brief.present.parts import Section as Part


def section(brief: Brief) -> Part:
    """Return the section, with the map."""
    return Part(
        key="flashpoints",
        title=_("Where there is more than expected"),
        lines=tuple(_line(brief, excess) for excess in brief.excesses),
        empty=" ".join(nothing(brief, scan) for scan in brief.scans if not _found(brief, scan))
        or ("" if brief.scans else _("No scan was run: there are no districts with data.")),
        has_map=brief.map is not None,
        tables=(_table(brief.map),) if brief.map else (),
    )


def _found(brief: Brief, scan: Scan) -> bool:
    return any(excess.stream == scan.stream for excess in brief.excesses)


def nothing(brief: Brief, scan: Scan) -> str:
    """Say what a scan without a finding looked at."""
    values = {
        "stream": w.term(w.STREAMS, scan.stream),
        "cases": w.count(scan.cases),
        "areas": w.count(scan.areas),
        "days": w.days(scan.window_start, scan.window_end),
        "alpha": w.decimal(scan.alpha, 2),
    }
    if scan.verdict == "not_enough":
        return (
            _("%(stream)s: too few to say anything (%(cases)s in %(areas)s districts, %(days)s).")
            % values
        )
    return (
        _(
            "%(stream)s: nowhere more than expected at p ≤ %(alpha)s (%(cases)s in %(areas)s "
            "districts, %(days)s)."
        )
        % values
    )


def _names(excess: Excess) -> str:
    return ", ".join(place.in_language(w.language()) for place in excess.places)


def _line(brief: Brief, excess: Excess) -> Line:
    scan = next(scan for scan in brief.scans if scan.stream == excess.stream)
    risk = (
        _("all cases lie inside")
        if excess.relative_risk is None
        else f"{w.times(excess.relative_risk)}, "
        f"{w.interval(excess.relative_risk_low, excess.relative_risk_high)}"
    )
    return Line(
        key=f"finding-{excess.finding_id}",
        headline=_names(excess),
        tone=WARNING,
        badges=(Badge(w.term(w.STREAMS, excess.stream), WARNING),),
        facts=(
            Fact(_("Period"), w.days(excess.start, excess.end)),
            Fact(_("Observed"), w.count(excess.observed)),
            Fact(_("Expected"), w.amount(excess.expected)),
            Fact(_("Relative risk"), risk),
            *(
                (Fact(_("Sites to protect there"), w.count(excess.sites)),)
                if excess.sites is not None
                else ()
            ),
        ),
        why=_("Counted: %(observed)s; expected if place and time had nothing to do with each "
              "other: %(expected)s.")
        % {"observed": w.count(excess.observed), "expected": w.amount(excess.expected)},
        data=_("%(stream)s by district and day, %(days)s: %(cases)s in %(areas)s districts; "
               "data %(hash)s.")
        % {
            "stream": w.term(w.STREAMS, excess.stream),
            "days": w.days(scan.window_start, scan.window_end),
            "cases": w.count(scan.cases),
            "areas": w.count(scan.areas),
            "hash": scan.data_hash[:12],
        },
        doubt=_("%(p)s by %(replicates)s random shuffles (space-time permutation scan); by chance "
                "alone such a finding comes about once in %(recurrence)s days. The area is the "
                "likeliest, not the only possible one.")
        % {
            "p": w.chance("p", excess.p_value),
            "replicates": w.count(scan.replicates),
            "recurrence": w.count(round(excess.recurrence_days)),
        },
        target=Target("flashpoints", excess.finding_id),
        action=_("Look at the flash-point"),
    )  # fmt: skip


def _table(drawn: Map) -> Table:
    language = w.language()
    rows = sorted(drawn.areas, key=lambda area: area.place.in_language(language))
    streams = ("tips", "incidents")
    return Table(
        caption=_("Districts, %(days)s: observed / expected")
        % {"days": w.days(drawn.start, drawn.end)},
        head=(
            _("District"),
            *(w.term(w.STREAMS, stream) for stream in streams),
            _("More than expected"),
        ),
        rows=tuple(
            (
                area.place.in_language(language),
                *(
                    w.against(next((c for c in area.counts if c.stream == stream), None))
                    for stream in streams
                ),
                ", ".join(w.term(w.STREAMS, stream) for stream in area.flagged) or "–",
            )
            for area in rows
        ),
        numeric=(1, 2),
    )
