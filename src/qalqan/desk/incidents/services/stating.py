"""Check what a report or a judgement states, attribute by attribute."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from qalqan.desk.incidents import beliefs
from qalqan.desk.incidents.models import Attribute, Incident
from qalqan.desk.platform.privacy.guard import screen
from qalqan.errors import InputError

MOST_PEOPLE = 1_000_000
LENGTHS = {"who_claims": 300, "why": 2000}


def checked(says: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return statements as they are stored.

    Parameters
    ----------
    says
        Values by attribute.

    Raises
    ------
    InputError
        A value is impossible; its message names the attribute.
    """
    values = {name: _checked(name, value, now) for name, value in says.items()}
    killed, officers = values.get("killed"), values.get("officers_killed")
    if killed is not None and officers is not None and officers > killed:
        raise _wrong("officers_killed", _("more officers were killed than people in all"))
    return values


def _checked(name: str, value: Any, now: datetime) -> Any:
    if name in beliefs.NUMBERS:
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_PEOPLE:
            raise _wrong(name, _("a number of people, 0 or more, is needed"))
        return value
    if name in beliefs.TEXTS:
        text = screen(" ".join(str(value).split())).text
        if not text or len(text) > LENGTHS[name]:
            raise _wrong(name, _("1 to %(most)s characters are needed") % {"most": LENGTHS[name]})
        return text
    known = {"what": Incident.Kind.values, "weapons": Incident.Weapons.values}
    if name in known:
        if value not in known[name]:
            raise _wrong(name, _("“%(text)s” is not known") % {"text": str(value)[:40]})
        return value
    if name == "when":
        return _when(value, now)
    if name == "where":
        return _where(value)
    raise InputError(_("“%(text)s” is no attribute of an incident.") % {"text": name[:40]})


def _when(value: Mapping[str, str], now: datetime) -> dict[str, str]:
    try:
        start, end = (datetime.fromisoformat(value[name]) for name in ("from", "to"))
    except (KeyError, TypeError, ValueError) as error:
        raise _wrong("when", _("a time is needed")) from error
    if start.tzinfo is None or end.tzinfo is None or end < start:
        raise _wrong("when", _("the end lies before the beginning"))
    if start > now + timedelta(days=1):
        raise _wrong("when", _("the time lies in the future"))
    if value.get("precision") not in Incident.TimePrecision.values:
        raise _wrong("when", _("say how exactly the time is known"))
    return beliefs.when_of(start, end, value["precision"])


def _where(value: Mapping[str, Any]) -> dict[str, Any]:
    precision = value.get("precision")
    if precision not in Incident.PlacePrecision.values:
        raise _wrong("where", _("say how exactly the place is known"))
    north, east = value.get("latitude"), value.get("longitude")
    if (north is None) != (east is None) or not (
        north is None or (-90 <= north <= 90 and -180 <= (east or 0) <= 180)
    ):
        raise _wrong("where", _("latitude and longitude, both in degrees, are needed"))
    if precision == Incident.PlacePrecision.EXACT and north is None:
        raise _wrong("where", _("an exact spot needs coordinates"))
    if not (value.get("place") or value.get("text") or north is not None):
        raise _wrong("where", _("a place or coordinates must be given"))
    names = ("place", "district", "text", "latitude", "longitude", "precision")
    return {name: value[name] for name in names if value.get(name) not in (None, "")}


def _wrong(name: str, reason: str) -> InputError:
    return InputError(f"{Attribute(name).label}: {reason}.")
