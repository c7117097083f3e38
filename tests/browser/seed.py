"""Fill a fresh desk for the browser: a user for each role and language, and sample rows.

Run as a program, so that the server under test and the suite never share a database. The last
line it prints is JSON: the session key of each ``role:language``.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from importlib.util import find_spec

import django

SEEDS = [
    "tests.browser.sample_rows",
    "tests.browser.further_rows",
    "tests.browser.queue_rows",
    "tests.browser.alert_rows",
    "tests.browser.delivery_rows",
    "tests.browser.device_rows",
    "tests.browser.budget_rows",
    "tests.browser.poll_rows",
    "tests.browser.release_rows",
    "tests.browser.agency_rows",
    "tests.browser.report_rows",
]
"""Modules with ``seed() -> None``; each fills one part of the desk."""


def main() -> None:
    """Migrate, seed, sign everyone in."""
    django.setup()
    from django.test import Client
    from tests.support.factories import make_organisation, make_user, sign_in

    from qalqan.desk.platform.policies import Role
    from qalqan.desk.platform.upkeep.schema import bring_up_to_date
    from qalqan.desk.protection.models import Site

    bring_up_to_date()
    agency = make_organisation(name="Aktobe duty centre")
    for name in SEEDS:
        if find_spec(name):
            import_module(name).seed()
    owned = Site.objects.filter(owner__isnull=False).order_by("pk").first()
    assert owned is not None, "the sample gives nobody a site"
    keys = {}
    for role in Role.values:
        body = owned.owner if role == Role.SITE_OWNER else agency
        for language in ("kk", "ru", "en"):
            user = make_user(
                role, username=f"{role}-{language}", organisation=body, language=language
            )
            keys[f"{role}:{language}"] = sign_in(Client(), user).session.session_key
    sys.stdout.write(json.dumps(keys) + "\n")


if __name__ == "__main__":
    main()
