"""Everything that reads field notes."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta

import numpy as np
from django.db.models import Count, QuerySet
from django.utils import timezone
from numpy.typing import NDArray

from qalqan.desk.outreach.models import FieldNote, NotePicture, OutreachDevice
from qalqan.desk.platform.policies import Actor


def notes(
    actor: Actor, *, state: str = "", theme: str = "", district_id: int | None = None
) -> QuerySet[FieldNote]:
    """Return the notes that match, latest first, with their places."""
    rows: QuerySet[FieldNote] = FieldNote.objects.visible_to(actor)
    if state:
        rows = rows.filter(state=state)
    if theme:
        rows = rows.filter(theme=theme)
    if district_id:
        rows = rows.filter(district_id=district_id)
    rows = rows.select_related("place", "district", "body")
    rows = rows.defer("place__boundary", "district__boundary")
    return rows.annotate(pictures_held=Count("pictures")).order_by("-seen_at", "-pk")


def note_for(actor: Actor, note_id: int) -> FieldNote | None:
    """Return one note, or nothing where it is absent or hidden."""
    return notes(actor).filter(pk=note_id).first()


def pictures_of(actor: Actor, note: FieldNote) -> list[NotePicture]:
    """Return the pictures of a note that the actor may see."""
    return list(NotePicture.objects.visible_to(actor).filter(note=note))


def picture_for(actor: Actor, picture_id: int) -> NotePicture | None:
    """Return one picture, or nothing where it is absent or hidden."""
    found: NotePicture | None = NotePicture.objects.visible_to(actor).filter(pk=picture_id).first()
    return found


def rumours_heard(actor: Actor) -> QuerySet[FieldNote]:
    """Return the rumours that workers heard and intake has not taken in, latest first."""
    return (
        notes(actor, theme=FieldNote.Theme.RUMOUR)
        .filter(taken_as_message_at__isnull=True)
        .exclude(state=FieldNote.State.CLOSED)
    )


def unanswered(actor: Actor) -> int:
    """Return how many notes wait for an answer."""
    return int(FieldNote.objects.visible_to(actor).filter(state=FieldNote.State.NEW).count())


def _between(actor: Actor, start: date, end: date) -> QuerySet[FieldNote]:
    zone = timezone.get_default_timezone()
    rows: QuerySet[FieldNote] = FieldNote.objects.visible_to(actor)
    return rows.filter(
        seen_at__gte=datetime.combine(start, time.min, zone),
        seen_at__lt=datetime.combine(end + timedelta(days=1), time.min, zone),
    )


def notes_by_day(
    actor: Actor, *, start: date, end: date
) -> tuple[NDArray[np.int64], list[date], NDArray[np.int64]]:
    """Count notes by district and local day.

    Returns
    -------
    place_ids : (n,) array of int64
        Districts with at least one note, in order of their keys.
    days : list of date
        All days of the window.
    counts : (n, days) array of int64
        Notes.
    """
    days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    found = [
        (district, (timezone.localdate(at) - start).days)
        for district, at in _between(actor, start, end).values_list("district_id", "seen_at")
    ]
    place_ids = np.unique(np.array([district for district, _day in found], np.int64))
    counts = np.zeros((len(place_ids), len(days)), np.int64)
    for district, day in found:
        counts[int(np.searchsorted(place_ids, district)), day] += 1
    return place_ids, days, counts


def notes_by_place(actor: Actor, *, start: date, end: date) -> list[tuple[int, date, int]]:
    """Count notes by the place they name and local day: place, day, notes."""
    rows = _between(actor, start, end).values_list("place_id", "seen_at")
    counted = Counter((place, timezone.localdate(at)) for place, at in rows)
    return [(place, day, count) for (place, day), count in sorted(counted.items())]


def has_sample(actor: Actor, *, start: date, end: date) -> bool:
    """Tell whether a note of these days was made up."""
    return _between(actor, start, end).filter(is_sample=True).exists()


def devices(actor: Actor) -> QuerySet[OutreachDevice]:
    """Return the phones that keep activities and notes, the last seen first."""
    rows: QuerySet[OutreachDevice] = OutreachDevice.objects.visible_to(actor)
    return rows.select_related("user__organisation")
