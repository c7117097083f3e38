"""Every change of the matrix: parts begin and end, and what was stays readable."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from qalqan.desk.agencies import matters
from qalqan.desk.agencies.models import Body, Responsibility
from qalqan.desk.agencies.services.bodies import locked_body
from qalqan.desk.agencies.services.facts import refuse_first, text_problems
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, require
from qalqan.errors import ConflictError, InputError, Location


@transaction.atomic
def set_part(
    *, actor: Actor, matter: str, area: Any, body: Body, part: str, since: date, now: datetime,
    ground: str = "", is_sample: bool = False,
) -> Responsibility:  # fmt: skip
    """Give a body its part in a kind of matter and an area, from a day on.

    A part that the body has there now ends on that day. Two bodies may be made to lead: the
    matrix shows it as a double lead until one of them is ended.

    Raises
    ------
    ConflictError
        The body has this very part already, or is closed.
    InputError
        The kind of matter or the part is unknown, or the day lies before what is known.
    RefusedError
        The actor may not change the matrix.
    """
    require(actor, ADD, Responsibility)
    if matter not in dict(matters.known()):
        raise InputError(_("this kind of matter is not known"), location=Location(field="matter"))
    if part not in Responsibility.Part.values:
        raise InputError(_("this part is not known"), location=Location(field="part"))
    refuse_first(text_problems("ground", ground, 200))
    row = locked_body(body)
    if row.closed_on is not None:
        raise ConflictError(_("This body is closed."))
    known = Responsibility.objects.select_for_update().filter(
        matter=matter, area_id=area.pk, body=row
    )
    present = known.filter(until__isnull=True).first()
    if present is not None and present.part == part:
        raise ConflictError(_("The body has this part already."))
    if known.filter(Q(since__gte=since) | Q(until__gt=since)).exists():
        raise InputError(
            _("Something later is known of this body here; the day must lie after it."),
            location=Location(field="since"),
        )
    if present is not None:
        present.until, present.ended_at = since, now
        present.save(update_fields=["until", "ended_at"])
    made = Responsibility.objects.create(
        matter=matter, area=area, body=row, part=part, since=since, ground=ground,
        recorded_at=now, is_sample=is_sample,
    )  # fmt: skip
    audit.record(
        actor=actor, action="agencies.set_part", subject=made, now=now,
        detail={"matter": matter, "area": area.pk, "body": row.pk, "part": part},
    )  # fmt: skip
    return made


@transaction.atomic
def end_part(
    *, actor: Actor, responsibility: Responsibility, until: date, now: datetime
) -> Responsibility:
    """End a body's part on a day.

    Raises
    ------
    ConflictError
        It has ended already.
    InputError
        The day is not after the part's beginning.
    RefusedError
        The actor may not change the matrix.
    """
    require(actor, CHANGE, Responsibility)
    row: Responsibility = Responsibility.objects.select_for_update().get(pk=responsibility.pk)
    if row.until is not None:
        raise ConflictError(_("This part has ended already."))
    if until <= row.since:
        raise InputError(
            _("The end lies after the beginning, %(day)s.") % {"day": row.since.isoformat()},
            location=Location(field="until"),
        )
    row.until, row.ended_at = until, now
    row.save(update_fields=["until", "ended_at"])
    audit.record(
        actor=actor, action="agencies.end_part", subject=row, now=now,
        detail={"until": until.isoformat()},
    )  # fmt: skip
    return row
