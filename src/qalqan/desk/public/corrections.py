"""Everything that was corrected after it was published: what, when, why, before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from qalqan.desk.commission.selectors import accounts, openings, performance, reports
from qalqan.desk.commission.selectors.accounts import PublicAccount
from qalqan.desk.commission.selectors.performance import Figure
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import PUBLIC, SystemActor, public
from qalqan.desk.platform.releases import selectors as releases
from qalqan.desk.platform.ui.formatting import format_date, format_number
from qalqan.desk.public.commission import said
from qalqan.desk.public.frame import cached, in_language
from qalqan.desk.rumours.selectors.corrected import corrected

PAGE = 20
PAGES = {
    "outreach.reach": "public:reach_any", "commission.activities": "public:money_any",
    "commission.money": "public:money_any", "commission.devices": "public:money_any",
}  # fmt: skip
"""Series of counts that have public pages."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction or withdrawal.

    Parameters
    ----------
    kind
        ``answer``, ``account``, ``report``, ``counts``, ``figure``, ``meeting`` or
        ``recommendation``.
    after
        Empty where it was withdrawn.
    """

    kind: str
    what: str
    at: datetime
    why: str
    before: str
    after: str
    is_withdrawn: bool
    url: str
    is_sample: bool


def kinds() -> dict[str, str]:
    """Return what the kinds are called, in the active language."""
    return {
        "answer": _("Answer"), "account": _("Account"), "report": _("Report"),
        "counts": pgettext("correction", "Counts"), "figure": _("Indicator"),
        "meeting": _("Meeting"), "recommendation": _("Recommendation"),
    }  # fmt: skip


def all_corrections(language: str) -> list[Correction]:
    """Return every correction that is published, the newest first."""
    found = [
        *_answers(language), *_accounts(language), *_reports(language), *_counts(),
        *_figures(language), *_openings(language),
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.at, reverse=True)


def _answers(language: str) -> list[Correction]:
    return [
        Correction(
            "answer", one.headline, one.at, one.why, one.before, one.after, one.is_withdrawn,
            reverse("public:answer", args=[language, one.number]), one.is_sample,
        )
        for one in corrected(language)
    ]  # fmt: skip


def _text(account: PublicAccount, other: PublicAccount) -> str:
    """Return the parts of a version that differ from another, with its counts."""
    theirs = {code: text for code, _heading, text in other.parts}
    parts = [account.title] if account.title != other.title else []
    parts += [f"{h}. {text}" for code, h, text in account.parts if theirs.get(code) != text]
    if account.harm != other.harm:
        parts += [f"{one.label}: {format_number(one.count)}" for one in account.harm]
    return "\n".join(parts)


def _accounts(language: str) -> list[Correction]:
    url = "public:account"
    found = [
        Correction(
            "account", after.title, after.approved_at, after.note, _text(before, after),
            _text(after, before), False, reverse(url, args=[language, after.number]),
            after.is_sample,
        )
        for after, before in accounts.corrected(language)
    ]  # fmt: skip
    return found + [
        Correction(
            "account", one.title, one.withdrawn_at, one.withdrawal, "", "", True,
            reverse(url, args=[language, one.number]), one.is_sample,
        )
        for one in accounts.withdrawn(language)
        if one.withdrawn_at is not None
    ]  # fmt: skip


def _reports(language: str) -> list[Correction]:
    def line(change: dict[str, Any], side: str) -> str:
        label = change.get("label", change.get("name", ""))
        named = label.get(language, "") if isinstance(label, dict) else label
        value = change.get(side)
        told = value.get("value") if isinstance(value, dict) else value
        return f"{named}: {'–' if told is None else told}"

    return [
        Correction(
            "report", f"{one.name} ({one.version})", one.at, one.reason.get(language, ""),
            "\n".join(line(change, "before") for change in one.changes),
            "\n".join(line(change, "after") for change in one.changes), False,
            reverse("public:report_version",
                    args=[language, *(int(part) for part in one.name.split("-Q")), one.version]),
            one.is_sample,
        )
        for one in reports.corrections()
    ]  # fmt: skip


def _counts() -> list[Correction]:
    found = releases.republished(list(PAGES))
    if not found:
        return []
    names = {str(p.pk): p.name for p in places.districts(SystemActor("public")).defer("boundary")}

    def lines(one: releases.Republished, side: str) -> str:
        return "\n".join(
            f"{' × '.join(names.get(label, label) for label in change.labels)}: "
            f"{format_number(getattr(change, side))}"
            for change in one.changes
        )

    return [
        Correction(
            "counts", f"{one.series} {one.edition}", one.at, _("The counts were published again."),
            lines(one, "before"), lines(one, "after"), False, reverse(PAGES[one.series]),
            one.is_sample,
        )
        for one in found
    ]  # fmt: skip


def _figures(language: str) -> list[Correction]:
    every = performance.published(PUBLIC, with_replaced=True)
    by_key: dict[tuple[str, int, Any], dict[int, Figure]] = {}
    for one in every:
        by_key.setdefault((one.code, one.version, one.period_from), {})[one.number] = one
    url = reverse("public:figures", args=[language])
    return [
        Correction(
            "figure",
            f"{one.names.get(language, one.code)}, {format_date(one.period_from, 'month')}",
            one.locked_at, one.reason, said(versions[number - 1].value, one.unit),
            said(one.value, one.unit), False, url, one.is_sample,
        )
        for versions in by_key.values()
        for number, one in versions.items()
        if number - 1 in versions
    ]  # fmt: skip


def _openings(language: str) -> list[Correction]:
    found = [
        Correction(
            "meeting", f"{row.commission} № {row.number}", row.withdrawn_at, row.withdrawal, "",
            "", True, reverse("public:meetings", args=[language]), row.is_sample,
        )
        for row in openings.meetings(language)
        if row.withdrawn_at is not None
    ]  # fmt: skip
    return found + [
        Correction(
            "recommendation", row.reference, row.withdrawn_at, row.withdrawal, "", "", True,
            reverse("public:recommendations", args=[language]), row.is_sample,
        )
        for row in openings.recommendations(language)
        if row.withdrawn_at is not None
    ]  # fmt: skip


@public("What was corrected is for everyone.")
@require_safe
@in_language
def corrections(request: HttpRequest, language: str) -> HttpResponse:
    """Show everything that was corrected or withdrawn, the newest first."""
    named = kinds()
    page = Paginator(all_corrections(language), PAGE).get_page(request.GET.get("page"))
    rows = [(named[one.kind], one) for one in page]
    context = {"page": page, "rows": rows, "language": language}
    return cached(request, render(request, "public/corrections.html", context))
