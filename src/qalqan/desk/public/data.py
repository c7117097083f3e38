"""Data for everyone: each data set as CSV and JSON, with its JSON Schema, licence and doubt."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qalqan.desk.platform.policies import public
from qalqan.desk.polls import selectors as polls
from qalqan.desk.public.datasets import DATA_SETS, TYPES, DataSet, Rows
from qalqan.desk.public.frame import cached, in_language, whole

LICENCE, LICENCE_URL = "CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


@public("What is published may be taken away as data.")
@require_safe
@in_language
def data(request: HttpRequest, language: str) -> HttpResponse:
    """List the data sets and the feeds."""
    context = {
        "sets": DATA_SETS.values(), "language": language, "licence": LICENCE,
        "licence_url": LICENCE_URL, "polls": list(polls.published_polls()[:50]),
    }  # fmt: skip
    return cached(request, render(request, "public/data.html", context))


@public("The data hold what is published already.")
@require_safe
@in_language
def data_file(request: HttpRequest, language: str, code: str, form: str) -> HttpResponse:
    """Send a data set as CSV or JSON, or the schema of its JSON."""
    found = DATA_SETS.get(code)
    if found is None:
        raise Http404(_("There is no such data set."))
    if form == "schema.json":
        response: HttpResponse = _json(schema_of(found, language), "application/schema+json")
        return cached(request, response)
    rows = found.read(language)
    if form == "csv":
        response = HttpResponse(as_csv(found, rows), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{code}-{language}.csv"'
    else:
        response = _json(as_data(found, rows, language), "application/json")
    described = whole("public:data_file", language, code, "schema.json")
    response["Link"] = f'<{described}>; rel="describedby", <{LICENCE_URL}>; rel="license"'
    return cached(request, response)


def _json(content: dict[str, Any], kind: str) -> HttpResponse:
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Type"] = f"{kind}; charset=utf-8"
    # Data is for every page on the net; a programme in a browser may read it, too.
    response["Access-Control-Allow-Origin"] = "*"
    return response


def as_data(one: DataSet, rows: Rows, language: str) -> dict[str, Any]:
    """Return a data set with what has to be known of it."""
    names = [column.name for column in one.columns]
    return {
        "$schema": whole("public:data_file", language, one.code, "schema.json"),
        "data_set": one.code,
        "title": str(one.title),
        "language": language,
        "publisher": settings.QALQAN_PUBLISHER,
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
        "source": str(one.source),
        "doubt": str(one.doubt),
        "changed_at": rows.changed_at.isoformat() if rows.changed_at else None,
        "is_sample": rows.is_sample,
        "rows": [dict(zip(names, row, strict=True)) for row in rows.rows],
    }


def as_csv(one: DataSet, rows: Rows) -> str:
    """Return the rows as a table; no spreadsheet takes a text of it for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column.name for column in one.columns])
    writer.writerows([_cell(value) for value in row] for row in rows.rows)
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return "" if value is None else value


def schema_of(one: DataSet, language: str) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a data set's JSON."""
    row = {
        "type": "object",
        "additionalProperties": False,
        "required": [column.name for column in one.columns],
        "properties": {column.name: _property(column) for column in one.columns},
    }
    text = {"type": "string"}
    top: dict[str, Any] = {
        "$schema": text, "data_set": {"const": one.code}, "title": text,
        "language": {"const": language}, "publisher": text, "licence": {"const": LICENCE},
        "licence_url": text, "source": text, "doubt": text,
        "changed_at": {"type": ["string", "null"], "format": "date-time"},
        "is_sample": {"type": "boolean"}, "rows": {"type": "array", "items": row},
    }  # fmt: skip
    return {
        "$schema": DIALECT,
        "$id": whole("public:data_file", language, one.code, "schema.json"),
        "title": str(one.title),
        "description": f"{one.source} {one.doubt}",
        "type": "object",
        "additionalProperties": False,
        "required": list(top),
        "properties": top,
    }


def _property(column: Any) -> dict[str, Any]:
    kind: dict[str, Any] = dict(TYPES[column.kind])
    if column.may_lack:
        kind["type"] = [kind["type"], "null"]
    return {**kind, "description": str(column.about)}
