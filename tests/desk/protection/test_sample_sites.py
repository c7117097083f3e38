"""The sample's register: made up, labelled, whole, and the same for the same seed."""

import pytest
from tests.support.factories import NOW, make_user
from tests.support.protection_factories import SYSTEM, make_place

from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role
from qalqan.desk.protection.models import Equipment, Given, Inspection, Site
from qalqan.desk.protection.services.sample import load_sample_sites
from qalqan.sample.areas import UNITS
from qalqan.sample.sites import register


def test_there_are_110_sites_with_names_in_three_languages():
    sites = register(1)
    assert len(sites) == 110
    assert register(1) == sites
    assert register(2) != sites
    assert {site.kato for site in sites} == {unit.kato for unit in UNITS}
    assert all(len(set(site.names)) == 3 for site in sites)
    assert len({site.names for site in sites}) == 110


@pytest.mark.django_db
def test_the_sample_is_loaded_once_and_labelled():
    for unit in UNITS:
        make_place(unit.names[2], kato=unit.kato)
    people = {"inspector": make_user(Role.INSPECTOR), "owner": make_user(Role.SITE_OWNER)}
    assert load_sample_sites(actor=SYSTEM, sites=register(1), now=NOW, **people) == 110
    assert load_sample_sites(actor=SYSTEM, sites=register(1), now=NOW, **people) == 0
    assert not Site.objects.filter(is_sample=False).exists()
    assert not Equipment.objects.filter(is_sample=False).exists()
    assert Inspection.objects.count() > 40
    assert Given.objects.filter(failed=True).exists()
    assert {"pass", "minor", "serious"} == set(Inspection.objects.values_list("result", flat=True))
    assert Site.objects.visible_to(people["owner"]).count() == 3
    assert Site.objects.filter(last_inspected_on__isnull=False).exists()
    assert AuditEntry.objects.filter(action="protection.load_sample").count() == 1
