"""The pages about places."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from tests.support.factories import make_user, sign_in
from tests.support.places_factories import load_sample_places

from qalqan.desk.platform.places.models import Place

pytestmark = pytest.mark.django_db
LIST = reverse("places:place_list")


@pytest.fixture
def reader(client: Client, tmp_path: Path) -> Client:
    load_sample_places(tmp_path)
    return sign_in(client, make_user())


def test_the_list_shows_districts_with_people_and_says_that_boundaries_are_approximate(
    reader: Client, django_assert_max_num_queries: object
) -> None:
    page = reader.get(LIST).content.decode()
    assert "Shalkar district" in page
    assert page.count("approximate") >= 13
    assert "560" in page


def test_the_list_asks_the_same_number_of_queries_for_one_place_and_for_many(
    reader: Client, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(16):
        assert reader.get(LIST, {"kind": "settlement"}).status_code == 200


@pytest.mark.parametrize("query", ["Ақтөбеден", "нет такого места", "<script>"])
def test_searching_the_list(reader: Client, query: str) -> None:
    response = reader.get(LIST, {"q": query})
    assert response.status_code == 200
    assert ("Aktobe" in response.content.decode()) == (query == "Ақтөбеден")
    assert "<script>" not in response.content.decode().split("<main")[1]


def test_the_page_of_a_district(reader: Client) -> None:
    place = Place.objects.get(kato="155600000")
    page = reader.get(reverse("places:place_detail", args=[place.pk])).content.decode()
    for part in ("Темір ауданы", "155600000", "Kenkiyak", "36", "Sample population"):
        assert part in page
    assert reader.get(reverse("places:place_detail", args=[10**9])).status_code == 404


def test_suggestions(reader: Client) -> None:
    response = reader.get(reverse("places:place_suggest"), {"q": "Темір"})
    assert {row["name"] for row in response.json()["results"]} == {
        "Temir",
        "Temir district",
        "Temirbek Zhurgenov",
    }


@pytest.mark.parametrize("name", ["place_list", "place_suggest"])
def test_nobody_reads_without_signing_in(client: Client, name: str) -> None:
    response = client.get(reverse(f"places:{name}"))
    assert response.status_code == 302
