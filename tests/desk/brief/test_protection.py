"""Which sites come next and which notices are late stand in the brief, by number only."""

from datetime import timedelta

import pytest
from django.utils import translation
from tests.support.factories import NOW, make_user
from tests.support.protection_factories import make_site

from qalqan.desk.brief import services
from qalqan.desk.brief.content import as_json
from qalqan.desk.brief.present.page import present
from qalqan.desk.platform.policies import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_keys(settings, tmp_path):
    settings.HOME = tmp_path


def edition_of():
    return services.compute_brief(actor=make_user(Role.DUTY_OFFICER), now=NOW, replicates=19)


def page_of(edition):
    with translation.override("en"):
        return present(edition.brief, digest=edition.digest)


def test_an_empty_register_says_nothing():
    assert edition_of().brief.protection is None
    assert "protection" not in [section.key for section in page_of(edition_of()).sections]


def test_overdue_sites_come_first_and_are_told_by_number():
    today = NOW.date()
    make_site(number=7, name_en="Secret place", next_due_on=today - timedelta(days=9))
    make_site(number=8, next_due_on=today + timedelta(days=9))
    make_site(number=9, next_due_on=today + timedelta(days=90))
    edition = edition_of()
    page = page_of(edition)
    lead = next(lead for lead in page.leads if lead.kind == "sites")
    assert (lead.text, lead.note) == ("Sites overdue for inspection: 1", "Next: № 7, № 8")
    section = next(section for section in page.sections if section.key == "protection")
    assert [fact.value for fact in section.lines[0].facts] == ["1", "1", "0"]
    assert "Secret" not in str(as_json(edition.brief))
