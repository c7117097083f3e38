"""What every act on warnings needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from qalqan.desk.alerts.models import Alert, AlertVersion
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.privacy.guard import screen
from qalqan.errors import ConflictError, InputError, Location

if TYPE_CHECKING:
    from qalqan.desk.platform.accounts.models import User

LONGEST_REASON = 200


def account_of(actor: Actor) -> User | None:
    """Return the account behind an actor; nothing for the desk itself."""
    return actor if isinstance(actor, get_user_model()) else None


def reason_of(text: str, *, longest: int = LONGEST_REASON) -> str:
    """Return a reason that was given, screened and cut.

    Raises
    ------
    InputError
        There is none.
    """
    clean = screen(" ".join(text.split())).text[:longest]
    if not clean:
        raise InputError(_("Say why."), location=Location(field="reason"))
    return clean


def both(version: AlertVersion) -> tuple[Alert, AlertVersion]:
    """Return a warning and its message, locked in the order in which every act locks them."""
    alert: Alert = Alert.objects.select_for_update().get(pk=version.alert_id)
    row: AlertVersion = AlertVersion.objects.select_for_update().get(pk=version.pk)
    row.alert = alert
    return alert, row


def waiting(row: AlertVersion, shown_hash: str) -> None:
    """Refuse unless a locked message waits for a second person and is the one that was shown.

    Raises
    ------
    ConflictError
        It does not wait, or was written anew since it was shown.
    """
    if row.state != AlertVersion.State.SUBMITTED:
        raise ConflictError(_("This message does not wait for approval."))
    if not shown_hash or row.xml_sha256 != shown_hash:
        raise ConflictError(_("The message was written anew meanwhile; read it again."))
