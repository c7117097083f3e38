"""An activity's history as its page tells it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from qalqan.desk.outreach.models import Activity, ActivityEvent
from qalqan.desk.platform.ui.history import Moment

_TONES = {"cancelled": "critical", "reported": "good", "corrected": "warning"}


def moments(row: Activity, events: Iterable[ActivityEvent]) -> list[Moment]:
    """Return what happened to an activity, newest first, down to its being recorded."""
    events = list(events)
    names = _names(events)
    told = [
        Moment(event.at, str(event.get_kind_display()), _note(event, names),
               tone=_TONES.get(event.kind, ""))
        for event in events
    ]  # fmt: skip
    by = [str(row.recorded_by)] if row.recorded_by else []
    told.append(
        Moment(row.recorded_at, _("Recorded"), " · ".join([str(row.get_origin_display()), *by]))
    )
    return told


def _names(events: list[ActivityEvent]) -> dict[str, dict[int, str]]:
    """Return the names of the places and bodies that the history tells by their keys."""
    wanted: dict[str, set[int]] = {"place": set(), "body": set()}
    for event in events:
        changed = event.detail.get("changed", {})
        wanted["place"].update(changed.get("place_id", []))
        wanted["body"].update(changed.get("body_id", []))
        for keys in changed.get("partners", []):
            wanted["body"].update(keys)
    found = {}
    for name, keys in wanted.items():
        model: Any = Activity._meta.get_field(name).related_model
        rows = model.objects.filter(pk__in=keys) if keys else []
        found[name] = {row.pk: str(row) for row in rows}
    return found


def _note(event: ActivityEvent, names: dict[str, dict[int, str]]) -> str:
    detail: dict[str, Any] = event.detail
    parts = [str(event.by) if event.by else ""]
    parts += [str(detail[name]) for name in ("reason", "title") if detail.get(name)]
    for name, (old, new) in detail.get("changed", {}).items():
        field: Any = Activity._meta.get_field(name)
        words = dict(getattr(field, "flatchoices", ()))
        words |= names["place"] if name == "place_id" else {}
        words |= names["body"] if name in ("body_id", "partners") else {}
        parts.append(f"{field.verbose_name}: {_shown(old, words)} → {_shown(new, words)}")
    return " · ".join(part for part in parts if part)


def _shown(value: Any, words: dict[Any, Any]) -> str:
    if isinstance(value, list):
        return ", ".join(str(words.get(one, one)) for one in value) or "–"
    if value is None or value == "":
        return "–"
    return str(words.get(value, value))[:120]
