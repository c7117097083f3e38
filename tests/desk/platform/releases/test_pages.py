"""The pages say what is out, what was refused, and never what is withheld."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.desk.query_budgets import BUDGETS
from tests.support.factories import NOW, make_user, sign_in

from qalqan.cli.sample_releases import SERIES, publish_sample_counts
from qalqan.desk.platform.policies import Role
from qalqan.desk.platform.releases import selectors
from qalqan.desk.platform.releases.models import Release

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst(client):
    publish_sample_counts(NOW)
    return sign_in(client, make_user(Role.ANALYST))


def test_the_sample_has_both_published_and_refused_editions(analyst):
    states = list(Release.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["published", "published", "refused"]
    publish_sample_counts(NOW)
    assert Release.objects.count() == 3
    # 21 + 14 + 6 became 28 + 23 + 8: the growth of the last, 2, must not follow.
    assert selectors.published(SERIES).tables["area × age"].count("Алға", "25–28") is None


def test_the_list_filters_and_names_the_reason(analyst):
    page = analyst.get(reverse("releases:releases")).content.decode()
    assert "sample.talks" in page
    assert "contradicts" in page or "қайшы" in page
    only = analyst.get(reverse("releases:releases"), {"state": "refused"}).content.decode()
    assert only.count("sample.talks</a>") == 1
    assert analyst.get(reverse("releases:releases"), {"series": "none"}).status_code == 200


def test_a_release_shows_counts_and_what_is_withheld(analyst):
    first = Release.objects.order_by("pk").first()
    page = analyst.get(reverse("releases:release", args=[first.pk])).content.decode()
    assert '<th scope="row">Хромтау</th>' in page
    assert ">2</td>" not in page
    refused = Release.objects.get(state="refused")
    page = analyst.get(reverse("releases:release", args=[refused.pk])).content.decode()
    assert 'id="why"' in page
    assert analyst.get(reverse("releases:release", args=[0])).status_code == 404


@pytest.mark.parametrize("name", ["releases:releases", "releases:release"])
def test_a_page_keeps_its_budget(analyst, name):
    arguments = [Release.objects.order_by("pk").first().pk] if name.endswith("release") else []
    address = reverse(name, args=arguments)
    analyst.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert analyst.get(address).status_code == 200
    assert len(queries) <= BUDGETS[name], [one["sql"] for one in queries]
