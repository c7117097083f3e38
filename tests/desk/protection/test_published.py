"""Counts for everyone: small ones are withheld, and cannot be worked out from the rest."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests.support.factories import NOW
from tests.support.protection_factories import make_place, make_site

from qalqan.desk.protection.selectors import published


@given(st.dictionaries(st.integers(1, 20), st.integers(0, 40), min_size=1))
def test_no_single_small_count_follows_from_the_total(counts):
    hidden = published.withheld(counts)
    small = {key for key, count in counts.items() if 0 < count < published.SMALLEST}
    assert small <= hidden
    if hidden:
        all_hidden = {key for key, count in counts.items() if count} <= hidden
        enough = sum(counts[key] for key in hidden) >= published.SMALLEST_SUM
        assert all_hidden or (len(hidden) > 1 and enough)


@pytest.mark.django_db
def test_the_page_tells_counts_and_names_no_site():
    big, small = make_place("Alga"), make_place("Temir", latitude=49.1, longitude=57.1)
    for number in range(12):
        make_site(place=big, last_inspected_on=(NOW - timedelta(days=number)).date(),
                  name_en=f"Hidden name {number}")  # fmt: skip
    for _number in range(3):
        make_site(place=small)
    found = published.public_counts(NOW)
    rows = {row.name: row for row in found.rows}
    assert (rows["Temir"].sites, rows["Alga"].sites) == (None, None)
    assert (rows["Alga"].inspected, rows["Temir"].inspected) == (12, 0)
    assert found.total.sites == 15
    page = Client().get(reverse("public:inspections", args=["en"])).content.decode()
    assert "Hidden name" not in page


@pytest.mark.django_db
def test_too_few_sites_show_nothing():
    make_site()
    assert published.public_counts(NOW) is None
