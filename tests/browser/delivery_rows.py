"""Targets of every kind for the browser, and the sending of the warning that holds."""

from __future__ import annotations


def seed() -> None:
    """Store targets, send the warning that holds to them, and tell what became of it."""
    from django.utils import timezone
    from tests.support.alert_delivery import make_target

    from qalqan.desk.alerts.models import AlertVersion, Delivery, Lane, Receipt
    from qalqan.desk.alerts.services import resending
    from qalqan.desk.platform.accounts.models import User
    from qalqan.desk.platform.places.models import Place

    now = timezone.now()
    district = Place.objects.filter(kind="district").order_by("pk").first()
    make_target("Hospitals' program", "https://hooks.example.test/cap")
    make_target("112", "https://hooks.example.test/112")
    make_target(
        "School siren", "mqtts://sirens.example.test", kind="mqtt", district=district,
        people=1_200, people_source="Coverage map, parametric model, day",
    )  # fmt: skip
    make_target(
        "Mail relay", "smtps://qalqan@mail.example.test", kind="mail",
        options={"sender": "warn@example.test"},
    )  # fmt: skip
    version = AlertVersion.objects.filter(
        state__in=("approved", "sent"), alert__status="Actual", dispatch__is_over=False
    ).latest("pk")
    second = User.objects.get(username="warning-second")
    resending.resend_to_rest(actor=second, version=version, now=now)
    rows = list(Delivery.objects.filter(version=version).order_by("pk"))
    ends = ("accepted", "failed", "played")
    for row, state in zip(rows, ends, strict=False):
        error = "503" if state == "failed" else ""
        Delivery.objects.filter(pk=row.pk).update(state=state, done_at=now, last_error=error)
        if not error:
            Receipt.objects.create(delivery=row, attempt=1, event="accepted", at=now)
    Lane.objects.filter(target__name="112").update(failures=3, last_error="503")
