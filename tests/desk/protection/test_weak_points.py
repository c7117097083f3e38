"""What is wrong at a site reaches nobody by a side door, and each look is in the record."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.desk.protection.test_notices import DAY, fail, issue
from tests.desk.protection.test_sync import short_version
from tests.support.factories import NOW, make_user, sign_in
from tests.support.protection_factories import make_site

from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role
from qalqan.desk.protection.models import Violation
from qalqan.desk.protection.services import remedy

pytestmark = pytest.mark.django_db


def test_the_history_of_a_notice_tells_the_commission_no_weak_point():
    inspector, site = make_user(Role.INSPECTOR), make_site()
    fail(inspector, site, short_version())
    notice = issue(inspector, site, [Violation.objects.get()])
    item = notice.items.get()
    remedy.hand_in(actor=inspector, item=item, text="Boxes removed", files=(), now=NOW + DAY)
    seen = {
        role: sign_in(Client(), make_user(role)).get(notice.get_absolute_url()).content.decode()
        for role in (Role.SECRETARY, Role.AUDITOR, Role.DUTY_OFFICER)
    }
    assert item.text in seen[Role.AUDITOR]
    assert item.text in seen[Role.DUTY_OFFICER]
    assert item.text not in seen[Role.SECRETARY]


def test_a_form_that_shows_a_site_is_a_look_at_it():
    keeper, site = make_user(Role.DUTY_OFFICER), make_site()
    client = sign_in(Client(), keeper)
    client.get(reverse("protection:site_change", args=[site.pk]))
    looks = AuditEntry.objects.filter(
        action="protection.read", subject=f"protection.site:{site.pk}"
    )
    assert looks.count() == 1
