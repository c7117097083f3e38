"""The list of helping services, kept by the administrator."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.platform.accounts.models import Organisation
from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, require
from qalqan.desk.support.models import Service
from qalqan.errors import InputError

FIELDS = (
    "name_kk", "name_ru", "name_en", "kind", "organisation", "is_ordinary", "is_police",
    "envelope_key",
)  # fmt: skip


@transaction.atomic
def store_service(
    *, actor: Actor, service: Service | None, values: Mapping[str, Any], now: datetime
) -> Service:
    """Enter a service, or change one.

    Consents that were given keep the body they were given for: moving a service to another
    body opens no case to it.

    Raises
    ------
    InputError
        The police is no ordinary service, or a value is wrong.
    """
    require(actor, CHANGE if service else ADD, Service)
    row = service or Service()
    for name in FIELDS:
        setattr(row, name, values[name])
    if row.is_police and row.is_ordinary:
        raise InputError(_("The police is no ordinary service."))
    try:
        row.full_clean()
    except ValidationError as error:
        raise InputError(error.messages[0]) from error
    row.save()
    act = "support.change_service" if service else "support.add_service"
    record(actor=actor, action=act, subject=row, now=now)
    return row


@transaction.atomic
def add_sample_services(*, actor: Actor, body: Organisation, now: datetime) -> int:
    """Enter the sample's services, unless there are any; return how many."""
    if Service.objects.exists():
        return 0
    for names, kind, ordinary, police, own in _SAMPLE:
        row = Service.objects.create(
            name_kk=names[0], name_ru=names[1], name_en=names[2], kind=kind, is_ordinary=ordinary,
            is_police=police, organisation=body if own else None, is_sample=True,
        )  # fmt: skip
        record(actor=actor, action="support.add_service", subject=row, now=now)
    return len(_SAMPLE)


_SAMPLE = (
    (("Көмек орталығы (үлгі)", "Центр помощи (образец)", "Help centre (sample)"),
     "other", True, False, True),
    (("Жұмыспен қамту орталығы (үлгі)", "Центр занятости (образец)", "Job centre (sample)"),
     "jobs", True, False, False),
    (("Тегін заң көмегі (үлгі)", "Бесплатная юридическая помощь (образец)",
      "Free legal advice (sample)"), "law", True, False, False),
    (("Теологтар (үлгі)", "Теологи (образец)", "Theologians (sample)"),
     "questions", False, False, False),
    (("Полиция (үлгі)", "Полиция (образец)", "Police (sample)"), "other", False, True, False),
)  # fmt: skip
