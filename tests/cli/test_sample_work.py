"""The demo's work: there is something late, offered, due and done on the first morning."""

from datetime import timedelta

import pytest
from tests.support.factories import NOW

from qalqan.cli.sample_work import open_work
from qalqan.desk.platform.accounts.models import User
from qalqan.desk.platform.accounts.services import create_demo_users
from qalqan.desk.platform.policies import SystemActor
from qalqan.desk.platform.work import selectors
from qalqan.desk.platform.work.models import HandOver, WorkItem
from qalqan.sample.duties import DUTIES

pytestmark = pytest.mark.django_db
MARKS = {"kk": "Үлгі: ", "ru": "Образец: ", "en": "Sample: "}


@pytest.mark.parametrize("language", sorted(MARKS))
def test_the_sample_work_is_opened_once_in_the_language_of_the_demo(settings, language):
    settings.DEMO = True
    create_demo_users(actor=SystemActor("demo"), now=NOW, language=language)
    for _again in range(2):
        open_work(NOW)
    items = list(WorkItem.objects.order_by("due_at"))
    assert len(items) == len(DUTIES) == 4
    assert all(item.title.startswith(MARKS[language]) and item.is_sample for item in items)
    officer = User.objects.get(username="duty_officer")
    late = list(selectors.overdue(officer, NOW))
    assert [(NOW - item.due_at, item.escalation_level) for item in late] == [(timedelta(days=2), 1)]
    offer = HandOver.objects.get()
    assert (offer.state, offer.to_organisation) == ("offered", officer.organisation)
    assert offer.item in selectors.items(officer)
    assert [item.state for item in items].count("done") == 1
    assert selectors.items(officer).filter(due_at__range=(NOW, NOW + timedelta(days=1))).exists()
