"""What the cells of a file of activities mean: words, numbers, days, places, bodies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.outreach.models import LANGUAGES, Activity
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import SystemActor
from qalqan.desk.platform.sources.tables import BadFieldError
from qalqan.desk.platform.sources.taking import Remembered, meant, words_of

_SUGGESTED = 3
_WHOLE = re.compile(r"\d{1,10}", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?", re.ASCII)
_DOTTED_DAY = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", re.ASCII)
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?", re.ASCII)
_YES = frozenset({"yes", "true", "1", "да", "иә", "ия", "on"})
_NO = frozenset({"", "no", "false", "0", "нет", "жоқ", "жок", "off"})

Value = TypeVar("Value")


def whole(text: str, name: str) -> int | None:
    """Return a whole number, none for an empty cell."""
    if not text:
        return None
    digits = text if text.isdigit() else text.replace("\u00a0", "").replace(" ", "")
    if not _WHOLE.fullmatch(digits):
        raise BadFieldError(name, _("“%(text)s” is not a whole number") % {"text": text[:40]})
    return int(digits)


@lru_cache(maxsize=20_000)
def day_of(text: str) -> date | None:
    """Return the day that a cell tells: 2026-03-02 or 02.03.2026; none where it tells none."""
    found = _ISO_DAY.fullmatch(text)
    parts = found.groups() if found else None
    if parts is None and (found := _DOTTED_DAY.fullmatch(text)):
        parts = found.groups()[::-1]
    try:
        return date(*map(int, parts)) if parts else None
    except ValueError:
        return None


def day(text: str, name: str) -> date:
    """Return the day that a cell tells, or refuse the cell."""
    found = day_of(text)
    if found is None:
        raise BadFieldError(
            name, _("“%(text)s” is no day; write it as 2026-03-02") % {"text": text[:40]}
        )
    return found


def beginning(text: str, on: date) -> datetime | None:
    """Return when an activity begins on its day, in the province's zone; none for no time."""
    if not text:
        return None
    found = _TIME.fullmatch(text.rpartition("T")[2].rpartition(" ")[2])
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise BadFieldError("starts", _("“%(text)s” is no time of day") % {"text": text[:40]})
    at = datetime.combine(on, time(int(found[1]), int(found[2])))
    return timezone.make_aware(at, timezone.get_default_timezone())


def yes_or_no(text: str, name: str) -> bool:
    """Return what a cell affirms or denies, in any of the languages."""
    word = text.lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise BadFieldError(name, _("“%(text)s” is neither yes nor no") % {"text": text[:40]})


def instance_id(text: str) -> UUID | None:
    """Return the number given where a row was written; none for an empty cell."""
    if not text:
        return None
    try:
        return UUID(text.lower().removeprefix("uuid:"))
    except ValueError:
        raise BadFieldError("client_id", _("“%(text)s” is no UUID") % {"text": text[:60]}) from None


@lru_cache(maxsize=8)
def _words(kind: str) -> dict[str, str]:
    choices: dict[str, Iterable[tuple[str, Any]]] = {
        "kind": Activity.Kind.choices, "theme": Activity.Theme.choices, "language": LANGUAGES,
        "state": Activity.State.choices, "reach_is": Activity.ReachIs.choices,
    }  # fmt: skip
    return words_of(choices[kind])


def choice(text: str, name: str) -> str:
    """Return the code of a word in a column of an activity."""
    return meant(name, text, _words(name))


class KnownPlaces:
    """Places by code or name, with the district that each is summed under."""

    def __init__(self) -> None:
        model: Any = Activity._meta.get_field("place").related_model
        rows = model.objects.order_by("pk").values_list("pk", "kato", "kind")
        self._by_code = {code: key for key, code, kind in rows if code}
        self._kinds = {key: kind for key, _code, kind in rows}
        self._districts = places.district_map()
        self.find = Remembered(self._look_up)

    def _look_up(self, text: str) -> int:
        found: int | None = self._by_code.get(text)
        if found is None and text:
            matches = places.finder().find(text)
            found = matches[0].place_id if matches else None
        if found is None or self._kinds.get(found) not in ("settlement", "district", "province"):
            near = [place.name for place in places.search(SystemActor("outreach"), text,
                                                          limit=_SUGGESTED)]  # fmt: skip
            known = _("did you mean: %(names)s?") % {"names": ", ".join(near)} if near else ""
            words = _("“%(text)s” is no place that the desk knows") % {"text": text[:60]}
            raise BadFieldError("place", f"{words}; {known}" if known else words)
        return found

    def district(self, place_id: int) -> int:
        """Return under which area an activity at a place is summed."""
        return self._districts.get(place_id) or place_id
