"""A site with all that belongs to it for the browser: devices, a request, an inspection."""

from __future__ import annotations

from datetime import timedelta


def seed() -> None:
    """Store a site of the users' own body, what stands there, and what was found."""
    from django.utils import timezone
    from tests.support.factories import make_user
    from tests.support.protection_factories import (
        give,
        make_checklists,
        make_equipment,
        make_inspection,
        make_place,
        make_site,
    )

    from qalqan.desk.platform.accounts.models import Organisation
    from qalqan.desk.platform.policies import Role
    from qalqan.desk.protection.services.facts import SiteFacts
    from qalqan.desk.protection.services.sites import ask_for_site

    now = timezone.now()
    today = timezone.localdate(now)
    site = make_site(
        number=4001, name_kk="Орталық базар", name_ru="Центральный рынок",
        name_en="Central market", category="market", capacity=1800, tier=3, is_sample=True,
        owner=Organisation.objects.get(name="Aktobe duty centre"),
        next_due_on=today - timedelta(days=40), last_inspected_on=today - timedelta(days=220),
        duty_contact="Duty desk, 55-01-02", address="Market square 1", listed_at=now,
    )  # fmt: skip
    make_equipment(site, label="Gate camera", expires_on=today - timedelta(days=3))
    make_equipment(site, kind="panic_button", label="Cash desk", state="faulty")
    inspection = make_inspection(
        site, version=make_checklists()["crowded_place"], finished_at=now - timedelta(days=220),
        result="serious", failed_count=2, score=0.8, representative_office="Market office",
    )  # fmt: skip
    give(inspection, vehicle_barrier="no", panic_button="no", guarded="always", expected="1800")
    ask_for_site(
        actor=make_user(Role.ANALYST), now=now, reason="Many people change here every morning.",
        facts=SiteFacts(
            category="transport", capacity=900, place_id=make_place().pk, name_kk="Автобекет",
            name_ru="Автостанция", name_en="Bus station",
        ),
    )  # fmt: skip
