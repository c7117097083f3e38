"""What the worker does for accounts."""

from __future__ import annotations

from datetime import datetime, time

from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.accounts import services
from qalqan.desk.platform.jobs.periodic import Periodic
from qalqan.desk.platform.policies import SystemActor


def forget_the_old(now: datetime) -> None:
    """Drop what signing in leaves behind once nobody can use it any more."""
    services.forget_old_sign_ins(actor=SystemActor("worker"), now=now)


PERIODIC = (
    Periodic(
        name="accounts.forget_old_sign_ins",
        label=_("Forget sessions and log-ins that have run out"),
        run=forget_the_old,
        at=time(3, 15),
    ),
)
