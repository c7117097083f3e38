"""A whole brief in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from qalqan.desk.brief import wording as w
from qalqan.desk.brief.content import Brief
from qalqan.desk.brief.present import (
    changes,
    flashpoints,
    health,
    ledger,
    outreach,
    protection,
    questions,
    rumours,
    trust,
    warnings,
)
from qalqan.desk.brief.present.parts import Fact, Lead, Section

_LEAD_LINES = 10


@dataclass(frozen=True, slots=True)
class Page:
    """A brief in one language, ready for a page, a file or paper."""

    language: str
    title: str
    subtitle: str
    is_sample: bool
    sample_mark: str
    notices: tuple[str, ...]
    leads: tuple[Lead, ...]
    sections: tuple[Section, ...]
    method: tuple[str, ...]
    footer: tuple[Fact, ...]


def present(brief: Brief, *, digest: str) -> Page:
    """Put a brief into the active language.

    Parameters
    ----------
    brief
        What to say.
    digest
        SHA-256 of the stored content, printed so that paper and store can be compared.
    """
    place = brief.province.in_language(w.language()) if brief.province else ""
    moment = _("as of %(when)s") % {"when": w.when(brief.as_of)}
    return Page(
        language=w.language(),
        title=_("Morning brief"),
        subtitle=" · ".join(part for part in (place, moment) if part),
        is_sample=brief.is_sample,
        sample_mark=_("Sample data"),
        notices=tuple(health.notices(brief)),
        leads=_leads(brief),
        sections=(
            *warnings.sections(brief),
            rumours.section(brief),
            flashpoints.section(brief),
            ledger.incidents(brief),
            ledger.overdue(brief),
            *questions.sections(brief),
            *protection.sections(brief),
            *outreach.sections(brief),
            *trust.sections(brief),
            changes.section(brief),
            health.section(brief),
        ),
        method=_method(brief),
        footer=_footer(brief, digest),
    )


def _leads(brief: Brief) -> tuple[Lead, ...]:
    lines = [
        *warnings.leads(brief),
        *rumours.leads(brief, 4),
        *flashpoints.leads(brief, 2),
        *ledger.leads(brief),
        *questions.leads(brief),
        *protection.leads(brief),
        *outreach.leads(brief),
        *health.leads(brief),
    ]
    return tuple(lines[:_LEAD_LINES])


def _method(brief: Brief) -> tuple[str, ...]:
    growth = brief.growth
    return (
        _(
            "Growing: the last %(hours)s h of each claim against a discounted gamma-Poisson "
            "forecast of its own %(days)s days (discount %(discount)s a day, size %(size)s, fitted "
            "to %(pairs)s earlier days of claims); at least %(minimum)s copies; false discovery "
            "rate %(rate)s by Benjamini and Hochberg."
        )
        % {
            "hours": growth.window_hours,
            "days": growth.history_days,
            "discount": w.decimal(growth.discount, 2),
            "size": w.decimal(growth.size, 2),
            "pairs": w.count(growth.pairs),
            "minimum": growth.minimum_copies,
            "rate": w.decimal(growth.false_discovery_rate, 2),
        },
        _(
            "More than expected: Kulldorff's space-time permutation scan with circular zones; p by "
            "Monte Carlo, shown at p ≤ %(alpha)s, so that chance alone puts a line here about once "
            "in %(days)s days a stream."
        )
        % {
            "alpha": w.decimal(brief.scans[0].alpha, 2) if brief.scans else "–",
            "days": w.count(round(1 / brief.scans[0].alpha)) if brief.scans else "–",
        },
        _("Claims, places and services. Never persons."),
    )


def _footer(brief: Brief, digest: str) -> tuple[Fact, ...]:
    audit = brief.audit
    return (
        Fact(_("Made"), w.when(brief.made_at)),
        Fact(_("Data window"), f"{w.when(brief.window_start)} – {w.when(brief.as_of)}"),
        Fact(
            _("Audit head"),
            _("No. %(number)s, %(hash)s") % {"number": audit.sequence, "hash": audit.hash}
            if audit
            else _("empty"),
        ),
        Fact(_("Content"), digest),
    )
