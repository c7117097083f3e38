"""Telling the others at the desk, at once, that one person sent a warning alone."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from qalqan.desk.alerts.models import AlertVersion
from qalqan.desk.alerts.policies import APPROVERS
from qalqan.desk.platform.policies import Role

_TOLD = APPROVERS | {Role.ADMINISTRATOR}


def tell_of_break_glass(version_id: int) -> int:
    """Write to everybody who may approve, except the one who sent it; return to how many.

    Without a mail server nothing is written; the piece of work on the list tells them then.
    """
    row = AlertVersion.objects.select_related("alert", "drafted_by").get(pk=version_id)
    people = get_user_model().objects.filter(role__in=_TOLD, is_active=True).exclude(email="")
    people = people.exclude(pk=row.drafted_by_id or 0).order_by("pk")
    if not settings.EMAIL_HOST:
        return 0
    mails = [_mail(row, one.email, one.language) for one in people]
    return get_connection().send_messages(mails) or 0


def _mail(row: AlertVersion, address: str, language: str) -> EmailMessage:
    page = f"{settings.QALQAN_PUBLIC_URL}{reverse('alerts:message', args=[row.pk])}"
    with override(language):
        lines = [
            _("One person sent this warning without a second one:"),
            row.headline,
            _("Reason: %(why)s") % {"why": row.break_glass_reason},
            _("Read it and look into it within a day:"),
            page,
        ]
        subject = _("Sent by one person alone: %(headline)s") % {"headline": row.headline}
    return EmailMessage(
        subject=" ".join(subject.split())[:200], body="\n\n".join(lines),
        from_email=settings.DEFAULT_FROM_EMAIL, to=[address],
    )  # fmt: skip
