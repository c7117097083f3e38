"""Quarterly reports for everyone: pages, signed papers, data, chain, certificates."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qalqan.desk.commission.selectors import reports as selectors
from qalqan.desk.platform.policies import public
from qalqan.desk.public.frame import cached, in_language
from qalqan.verify.canonical import digest
from qalqan.verify.rows import as_csv
from qalqan.verify.signature import fingerprint_of

_DAY = "public, max-age=86400, immutable"
"""What is published never changes."""


@public("Published reports are for everyone.")
@require_safe
@in_language
def reports(request: HttpRequest, language: str) -> HttpResponse:
    """List every published report with its versions, and the certificates that sign them."""
    rows = selectors.published()
    newest: dict[str, Any] = {}
    certificates: dict[str, list[Any]] = {}
    for row in rows:
        newest.setdefault(row.name, row)
        certificates.setdefault(row.certificate, []).append(row)
    context = {
        "quarters": [
            {"newest": first, "former": [
                row for row in rows if row.name == first.name and row.pk != first.pk
            ]}
            for first in newest.values()
        ],
        "certificates": [
            {"fingerprint": _grouped(fingerprint_of(pem.encode(), file="")),
             "first": signed[-1], "last": signed[0]}
            for pem, signed in certificates.items()
        ],
        "language": language,
    }  # fmt: skip
    return cached(request, render(request, "public/reports.html", context))


@public("A published report is for everyone.")
@require_safe
@in_language
def report(request: HttpRequest, language: str, year: int, quarter: int) -> HttpResponse:
    """Show the newest version of a quarter's report."""
    return _page(request, language, selectors.published_version(year, quarter))


@public("What was published stays readable, marked as superseded.")
@require_safe
@in_language
def version(
    request: HttpRequest, language: str, year: int, quarter: int, version: int
) -> HttpResponse:
    """Show one version of a quarter's report."""
    return _page(request, language, selectors.published_version(year, quarter, version))


def _page(request: HttpRequest, language: str, row: Any | None) -> HttpResponse:
    if row is None:
        raise Http404(_("There is no such report."))
    versions = selectors.versions(row.year, row.quarter)
    shown = selectors.shown(row, language)
    context = {
        "report": row, "versions": versions, "newest": versions[0],
        "is_superseded": row.version < versions[0].version,
        "shown": shown,
        "fingerprint": _grouped(shown["certificate"]["sha256"]), "language": language,
    }  # fmt: skip
    return cached(request, render(request, "public/report.html", context))


@public("The signed paper of a published report is for everyone.")
@require_safe
def paper(
    request: HttpRequest, year: int, quarter: int, version: int, paper: str
) -> HttpResponse:  # fmt: skip
    """Hand out a signed PDF, byte for byte."""
    row = selectors.published_version(year, quarter, version)
    found = selectors.paper(row, paper) if row else None
    if row is None or found is None:
        raise Http404(_("There is no such report."))
    return _handed(bytes(found.pdf), "application/pdf", f"{row.code}-{paper}.pdf")


_TYPES = {
    "json": "application/json", "csv": "text/csv; charset=utf-8",
    "chain.json": "application/json", "pem": "application/x-pem-file",
}  # fmt: skip


@public("Data, chain and certificate of a published report are for everyone.")
@require_safe
def data_file(
    request: HttpRequest, year: int, quarter: int, version: int, form: str
) -> HttpResponse:
    """Hand out the data, the chain file or the certificate of a report."""
    row = selectors.published_version(year, quarter, version, whole=form == "chain.json")
    if row is None:
        raise Http404(_("There is no such report."))
    if form == "csv":
        data = as_csv(json.loads(row.data))
    elif form == "chain.json":
        data = selectors.chain_of(row)
    else:
        data = (row.data if form == "json" else row.certificate).encode()
    return _handed(data, _TYPES[form], f"{row.code}.{form}")


@public("The certificate that signs reports is for everyone.")
@require_safe
def certificate(request: HttpRequest) -> HttpResponse:
    """Hand out the certificate of the newest report."""
    rows = sorted(selectors.published(), key=lambda row: row.chain_sequence or 0)
    if not rows:
        raise Http404(_("There is no such report."))
    response = _handed(rows[-1].certificate.encode(), _TYPES["pem"], "reports.pem")
    response["Cache-Control"] = "public, max-age=60"
    return response


@public("How the data of reports are shaped is for everyone.")
@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """Hand out the JSON schema of the data."""
    data = (files("qalqan.verify") / "report.schema.json").read_bytes()
    return _handed(data, "application/schema+json", "report.schema.json")


def _handed(data: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = _DAY
    response["ETag"] = f'"{digest(data)}"'
    return response


def _grouped(fingerprint: str) -> str:
    """Return a fingerprint in groups of four, as people compare it."""
    return " ".join(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4))
