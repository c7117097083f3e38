"""Components for templates; the page /ui/components/ shows each of them.

Text goes in translated. A *tone* is the meaning of a colour: ``neutral``, ``info``, ``good``,
``warning`` or ``critical``; each has a shape of its own too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.http import QueryDict
from django.template.context import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from qalqan.desk.platform.ui import charts, formatting

register = template.Library()

TONES = frozenset({"neutral", "info", "good", "warning", "critical"})
_LANGUAGE_TAGS = {"kk-Cyrl": "kk", "kk-Latn": "kk-Latn", "ru": "ru", "en": "en", "kk": "kk"}


def _tone(tone: str) -> str:
    if tone not in TONES:
        raise template.TemplateSyntaxError(f"There is no tone {tone!r}; use one of {sorted(TONES)}")
    return tone


# ---- Dates and numbers -----------------------------------------------------------------


@register.filter
def qdate(value: Any, style: str = "datetime") -> str:
    """Write a date or time: ``{{ incident.reported_at|qdate:"short" }}``."""
    return formatting.format_date(value, style)


@register.filter
def qnumber(value: Any, digits: int | None = None) -> str:
    """Write a number: ``{{ claim.copies|qnumber }}``, ``{{ risk|qnumber:2 }}``."""
    return formatting.format_number(value, digits)


@register.filter
def qpercent(value: float | None, digits: int = 0) -> str:
    """Write a share of one as a percentage."""
    return formatting.format_percent(value, digits)


@register.filter
def qpvalue(value: float | None) -> str:
    """Write a p-value, never as zero."""
    return formatting.format_p_value(value)


@register.filter
def qduration(value: Any) -> str:
    """Write a length of time."""
    return formatting.format_duration(value)


@register.simple_tag
def number(value: Any, unit: Any = "", digits: int | None = None) -> SafeString:
    """Write a number that does not part from its unit."""
    written = formatting.format_number(value, digits)
    if not unit:
        return format_html('<span class="nowrap">{}</span>', written)
    return format_html('<span class="nowrap">{} <span class="unit">{}</span></span>', written, unit)


@register.simple_tag
def interval(low: Any, high: Any, digits: int | None = None) -> SafeString:
    """Write the two ends of an interval."""
    return format_html(
        '<span class="nowrap">{}</span>', formatting.format_interval(low, high, digits)
    )


@register.simple_tag
def ago(value: datetime | None, now: datetime | None = None) -> SafeString:
    """Write how long ago, with the exact time in reach."""
    if value is None:
        return SafeString(formatting.UNKNOWN)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.isoformat(),
        formatting.format_date(value),
        formatting.format_ago(value, now=now or timezone.now()),
    )


# ---- Small parts -----------------------------------------------------------------------


@register.simple_tag
def badge(text: Any, tone: str = "neutral") -> SafeString:
    """Write a short state in words, with a shape and a colour that mean the same."""
    return format_html('<span class="badge tone-{}">{}</span>', _tone(tone), text)


@register.inclusion_tag("ui/components/meter.html")
def meter(value: float, max: float, label: Any, tone: str = "neutral") -> dict[str, Any]:
    """Show how much of a known whole, in words and as a bar."""
    share = min(1.0, value / max) if max else 0.0
    return {"value": value, "max": max, "label": label, "tone": _tone(tone), "fill": share * 100}


@register.inclusion_tag("ui/components/progress.html")
def progress(value: float | None, max: float, label: Any) -> dict[str, Any]:
    """Show how far a long task is; without a value, that it runs."""
    return {"value": value, "max": max, "label": label}


@register.inclusion_tag("ui/components/stat.html")
def stat(label: Any, value: Any, **parts: Any) -> dict[str, Any]:
    """Show one number with its unit, time, doubt and source.

    ``parts``: ``unit``, ``digits``, ``low``, ``high``, ``level`` (e.g. 95), ``time``, ``source``,
    ``note`` (how it was computed).
    """
    unknown = parts.keys() - {
        "unit", "digits", "low", "high", "level", "time", "source", "note"
    }  # fmt: skip
    if unknown:
        raise template.TemplateSyntaxError(f"stat does not know {sorted(unknown)}")
    return {"label": label, "value": value, "level": 95, "digits": None, **parts}


@register.inclusion_tag("ui/components/empty_state.html")
def empty_state(title: Any, hint: Any = "", url: str = "", label: Any = "") -> dict[str, Any]:
    """Say that nothing is there, and what to do next."""
    return {"title": title, "hint": hint, "url": url, "label": label}


@register.inclusion_tag("ui/components/quote.html")
def quote(
    text: str, lang: str = "", source: Any = "", when: datetime | None = None
) -> dict[str, Any]:
    """Show the words of a message; a reader that speaks is told their language."""
    return {"text": text, "lang": _LANGUAGE_TAGS.get(lang, ""), "source": source, "when": when}


@register.inclusion_tag("ui/components/timeline.html")
def timeline(items: Iterable[Any], label: Any = "") -> dict[str, Any]:
    """Show what happened in order.

    Items have ``time`` and ``title``, and may have ``note``, ``tone`` and ``url``.
    """
    return {"items": items, "label": label}


@register.inclusion_tag("ui/components/facts.html")
def facts(pairs: Iterable[tuple[Any, Any]]) -> dict[str, Any]:
    """Show names and values as a definition list."""
    return {"pairs": pairs}


@register.inclusion_tag("ui/components/print_header.html")
def print_header(title: Any, now: datetime | None = None) -> dict[str, Any]:
    """Head a printed page with its title and the time it was printed."""
    return {"title": title, "now": now or timezone.now()}


# ---- Finding the way -------------------------------------------------------------------


@register.inclusion_tag("ui/components/breadcrumb.html")
def breadcrumb(*parts: Any) -> dict[str, Any]:
    """Show the way here: label and address in turn, the label of this page last."""
    if len(parts) % 2 == 0:
        raise template.TemplateSyntaxError("breadcrumb takes label, address, …, label")
    return {"links": list(zip(parts[:-1:2], parts[1::2], strict=True)), "here": parts[-1]}


@register.inclusion_tag("ui/components/tabs.html")
def tabs(items: Iterable[tuple[Any, str, bool]], label: Any) -> dict[str, Any]:
    """Show neighbouring pages; items are label, address, and whether it is this page."""
    return {"items": items, "label": label}


def _query(context: Context) -> QueryDict:
    return context["request"].GET.copy() if "request" in context else QueryDict(mutable=True)


def _address(query: QueryDict, **changes: Any) -> str:
    query = query.copy()
    for name, value in changes.items():
        query[name] = value
    return f"?{query.urlencode()}"


@register.inclusion_tag("ui/components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], parameter: str = "page") -> dict[str, Any]:
    """Show the pages of a list; filters in the address stay."""
    query = _query(context)
    steps = [
        (n, _address(query, **{parameter: n}) if isinstance(n, int) else "")
        for n in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    return {
        "page": page,
        "steps": steps,
        "previous": _address(query, **{parameter: page.number - 1}),
        "next": _address(query, **{parameter: page.number + 1}),
    }


@register.simple_tag(takes_context=True)
def sort_header(context: Context, field: str, label: Any, css: str = "") -> SafeString:
    """Head a column with a link that sorts by it; the other way round at the second click."""
    query = _query(context)
    current = query.get("sort", "")
    query.pop("page", None)
    state = {field: "ascending", f"-{field}": "descending"}.get(current)
    return format_html(
        '<th scope="col"{}{}><a href="{}">{}</a></th>',
        format_html(' class="{}"', css) if css else "",
        format_html(' aria-sort="{}"', state) if state else "",
        _address(query, sort=f"-{field}" if current == field else field),
        label,
    )


@register.inclusion_tag("ui/components/filter_bar.html", takes_context=True)
def filter_bar(context: Context, form: BaseForm) -> dict[str, Any]:
    """Show a form that narrows a list; what is chosen stands in the address."""
    request = context.get("request")
    return {"form": form, "path": getattr(request, "path", ""), "chosen": bool(_query(context))}


# ---- Forms -----------------------------------------------------------------------------


@register.inclusion_tag("ui/components/form_row.html")
def form_row(field: BoundField) -> dict[str, Any]:
    """Show a field with label, help and errors, tied together for readers that speak."""
    return {"field": field, "is_checkbox": field.widget_type == "checkbox"}


@register.inclusion_tag("ui/components/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """Gather a form's errors at the top, each linked to its field."""
    return {"form": form}


@register.inclusion_tag("ui/components/form_rows.html")
def form_rows(form: BaseForm) -> dict[str, Any]:
    """Show the errors, the hidden fields and every visible field of a form."""
    return {"form": form}


# ---- Charts ----------------------------------------------------------------------------


@register.simple_tag
def sparkline(values: Sequence[float], label: Any = "") -> SafeString:
    """Draw a line the size of a word."""
    return charts.sparkline(values, label=label)


@register.inclusion_tag("ui/components/chart.html")
def chart(drawn: charts.Chart | None) -> dict[str, Any]:
    """Show a chart of ``qalqan.desk.platform.ui.charts`` with its numbers as a table."""
    return {"chart": drawn}


@register.inclusion_tag("ui/components/interval_plot.html")
def interval_plot(
    points: Sequence[charts.Point],
    caption: Any,
    what: Any,
    value_label: Any,
    reference: float | None = None,
) -> dict[str, Any]:
    """Show values with their intervals on one scale, one row each, beside the numbers."""
    ends = [v for p in points for v in (p.value, p.low, p.high) if v is not None]
    ends += [] if reference is None else [reference]
    low, high = min(ends, default=0.0), max(ends, default=1.0)
    drawn = [(p, charts.whisker(p, low=low, high=high, reference=reference)) for p in points]
    return {"rows": drawn, "caption": caption, "what": what, "value_label": value_label}


# ---- Parts that hold others ------------------------------------------------------------


@register.simple_block_tag
def card(content: str, title: Any = "", tone: str = "neutral", level: int = 2) -> SafeString:
    """Put what belongs together into a frame: ``{% card _("Growing now") %}…{% endcard %}``."""
    head = format_html("<h{0}>{1}</h{0}>", level, title) if title else ""
    return format_html('<section class="card tone-{}">{}{}</section>', _tone(tone), head, content)


@register.simple_block_tag
def data_table(content: str, label: Any, cards: bool = True) -> SafeString:
    """Hold a table that scrolls by itself when wide, and becomes cards on a phone.

    Inside stands a plain ``<table>`` with ``<caption>``; cells carry ``data-label`` for the cards.
    """
    return format_html(
        '<div class="table-wrap{}" role="group" tabindex="0" aria-label="{}">{}</div>',
        " table-cards" if cards else "",
        label,
        content,
    )


@register.simple_block_tag
def disclosure(content: str, label: Any) -> SafeString:
    """Keep detail in reach without showing it: where a number comes from, how it was computed."""
    return format_html(
        '<details class="disclosure"><summary>{}</summary><div>{}</div></details>', label, content
    )


@register.simple_block_tag
def dialog(content: str, name: str, title: Any) -> SafeString:
    """Hold a question in front of the page; opened by ``<button data-dialog="NAME" hidden>``.

    The page must offer the same by a link for those who read without JavaScript.
    """
    return format_html(
        '<dialog class="dialog" id="{0}" aria-labelledby="{0}-title"><h2 id="{0}-title">{1}</h2>{2}'
        "</dialog>",
        name,
        title,
        content,
    )


@register.simple_block_tag
def notice(content: str, tone: str = "info") -> SafeString:
    """Say something the reader must know before the rest."""
    return format_html('<div class="notice tone-{}"><div>{}</div></div>', _tone(tone), content)


@register.simple_block_tag
def map_figure(content: str, title: Any, credit: Any = "", note: Any = "") -> SafeString:
    """Frame a map with its title, its credit, and what is not exact about it."""
    small = format_html("<small>{}</small>", note) if note else ""
    foot = format_html('<p class="map-credit">{}</p>', credit) if credit else ""
    return format_html(
        '<figure class="map-figure"><figcaption>{}{}</figcaption>{}{}</figure>',
        title,
        small,
        content,
        foot,
    )
