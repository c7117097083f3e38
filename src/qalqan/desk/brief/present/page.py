"""A whole brief in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from qalqan.desk.brief import ranking
from qalqan.desk.brief import wording as w
from qalqan.desk.brief.candidates import candidates
from qalqan.desk.brief.content import Brief
from qalqan.desk.brief.present import (
    changes,
    data,
    decisions,
    devices,
    flashpoints,
    health,
    ledger,
    outreach,
    protection,
    questions,
    rumours,
    ten,
    trust,
    warnings,
)
from qalqan.desk.brief.present.parts import Fact, Lead, Section


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
    calm: str
    sections: tuple[Section, ...]
    method: tuple[str, ...]
    footer: tuple[Fact, ...]


def present(
    brief: Brief, *, digest: str, role: str = "", districts: frozenset[int] = frozenset()
) -> Page:
    """Put a brief into the active language.

    Parameters
    ----------
    brief
        What to say.
    digest
        SHA-256 of the stored content, printed so that paper and store can be compared.
    role, districts
        Of the reader: they decide which lines come first. Without them, nobody's task does.
    """
    place = brief.province.in_language(w.language()) if brief.province else ""
    moment = _("as of %(when)s") % {"when": w.when(brief.as_of)}
    sections = _sections(brief)
    ranked = ranking.first(
        ranking.rank(candidates(brief), moment=brief.as_of, role=role, districts=districts)
    )
    return Page(
        language=w.language(),
        title=_("Morning brief"),
        subtitle=" · ".join(part for part in (place, moment) if part),
        is_sample=brief.is_sample,
        sample_mark=_("Sample data"),
        notices=tuple(health.notices(brief)),
        leads=ten.leads(brief, ranked, _anchors(sections)),
        calm="" if ranked else data.looked_at(brief),
        sections=sections,
        method=_method(brief),
        footer=_footer(brief, digest),
    )


def _sections(brief: Brief) -> tuple[Section, ...]:
    """Return the parts room by room; those that the reader does not read are not there."""
    seen = {
        "rumours": lambda: rumours.section(brief),
        "flashpoints": lambda: flashpoints.section(brief),
        "incidents": lambda: ledger.incidents(brief),
        "overdue": lambda: ledger.overdue(brief),
    }
    without = {*brief.hidden, *(one.room for one in brief.missing)}
    return (
        *data.missing(brief),
        *warnings.sections(brief),
        *(make() for room, make in seen.items() if room not in without),
        *decisions.sections(brief),
        *questions.sections(brief),
        *protection.sections(brief),
        *outreach.sections(brief),
        *trust.sections(brief),
        *devices.sections(brief),
        *data.gaps(brief),
        changes.section(brief),
        health.section(brief),
    )


def _anchors(sections: tuple[Section, ...]) -> frozenset[str]:
    return frozenset(line.key for section in sections for line in section.lines)


def _method(brief: Brief) -> tuple[str, ...]:
    return (
        *(() if "rumours" in brief.hidden else (_growing(brief),)),
        *((_scanned(brief),) if brief.scans else ()),
        *(text for text in (data.not_yours(brief),) if text),
        _("First lines: severity × deadline × certainty × own task × own district; at most four "
          "of a kind while others have something to say."),
        _("Claims, places and services. Never persons."),
    )  # fmt: skip


def _growing(brief: Brief) -> str:
    growth = brief.growth
    return _(
        "Growing: the last %(hours)s h of each claim against a discounted gamma-Poisson "
        "forecast of its own %(days)s days (discount %(discount)s a day, size %(size)s, fitted "
        "to %(pairs)s earlier days of claims); at least %(minimum)s copies; false discovery "
        "rate %(rate)s by Benjamini and Hochberg."
    ) % {
        "hours": growth.window_hours,
        "days": growth.history_days,
        "discount": w.decimal(growth.discount, 2),
        "size": w.decimal(growth.size, 2),
        "pairs": w.count(growth.pairs),
        "minimum": growth.minimum_copies,
        "rate": w.decimal(growth.false_discovery_rate, 2),
    }


def _scanned(brief: Brief) -> str:
    return _(
        "More than expected: Kulldorff's space-time permutation scan with circular zones; p by "
        "Monte Carlo, shown at p ≤ %(alpha)s, so that chance alone puts a line here about once "
        "in %(days)s days a stream."
    ) % {
        "alpha": w.decimal(brief.scans[0].alpha, 2),
        "days": w.count(round(1 / brief.scans[0].alpha)),
    }


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
