"""Since you last looked: new, changed, gone; across editions, for each reader alone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import translation
from tests.support import brief_factories as made
from tests.support.brief_rows import make_edition, make_rows
from tests.support.factories import make_user, sign_in

from qalqan.desk.brief import services
from qalqan.desk.brief.content import Missing
from qalqan.desk.brief.models import Look
from qalqan.desk.brief.present.looked import since_looked
from qalqan.desk.brief.since import since
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role

NOW = made.AS_OF


def keys(found):
    return [one.key for one in found]


def test_new_changed_and_gone_are_told_apart():
    before = made.calm(rumours=[made.rumour(1, copies_window=10), made.rumour(2)])
    after = made.calm(rumours=[made.rumour(1, copies_window=25), made.rumour(3)])
    found = since(before, after)
    assert keys(found.new) == ["rumour-3"]
    assert [(one.key, was) for one, was in found.changed] == [("rumour-1", 10)]
    assert keys(found.gone) == ["rumour-2"]


def test_an_area_whose_circle_moved_is_the_same_and_changes_by_a_tenth():
    before = made.calm(excesses=[made.excess(1, places=[made.TEMIR, made.CITY], relative_risk=3.0)])
    moved = made.calm(excesses=[made.excess(9, places=[made.TEMIR], relative_risk=3.1)])
    assert since(before, moved).is_same
    grown = made.calm(excesses=[made.excess(9, places=[made.TEMIR], relative_risk=3.5)])
    assert [was for _one, was in since(before, grown).changed] == [3.0]


def test_of_a_room_that_either_edition_is_without_nothing_is_said():
    before, after = made.calm(rumours=[made.rumour(1)]), made.calm()
    assert keys(since(before, after).gone) == ["rumour-1"]
    assert since(before, replace(after, missing=[Missing("rumours", "x")])).is_same is False
    told = since(before, replace(after, missing=[Missing("rumours", "x")]))
    assert keys(told.gone) == []
    assert since(replace(before, hidden=["rumours"]), after).is_same


def test_a_part_that_was_not_compared_is_named():
    before, after = made.calm(), made.calm(missing=[Missing("rumours", "KeyError")])
    both = made.calm(missing=[Missing("rumours", "KeyError")], hidden=["trust"])
    with translation.override("en"):
        told = since_looked(since(before, after), before=before, after=after, seen=NOW)
        same = since_looked(since(both, both), before=both, after=both, seen=NOW)
    assert told.unknown == "Not compared, as they could not be read: Rumours."
    assert same.nothing == "Nothing is new, changed or gone."
    assert same.unknown == told.unknown


def test_nothing_different_is_said_in_words():
    with translation.override("en"):
        same = since_looked(
            since(made.full(), made.full()), before=made.full(), after=made.full(), seen=NOW
        )
    assert same.nothing == "Nothing is new, changed or gone."
    assert same.parts == ()


@pytest.mark.django_db
def test_the_comparison_stays_until_a_newer_edition_is_there():
    user = make_user(Role.ANALYST)
    first, second, third = (
        make_edition(made.brief(as_of=NOW + timedelta(days=n))) for n in range(3)
    )
    assert services.look(actor=user, edition=first, now=NOW).earlier is None
    for _time in range(2):
        assert services.look(actor=user, edition=second, now=NOW).earlier_id == first.pk
    # An older edition looked up in the archive takes nothing back.
    assert services.look(actor=user, edition=first, now=NOW).edition_id == second.pk
    assert services.look(actor=user, edition=third, now=NOW).earlier_id == second.pk


@pytest.mark.django_db
def test_an_edition_made_anew_for_the_same_moment_is_a_newer_one():
    user = make_user(Role.ANALYST)
    first, again = make_edition(made.brief()), make_edition(made.brief())
    services.look(actor=user, edition=first, now=NOW)
    assert services.look(actor=user, edition=again, now=NOW).earlier_id == first.pk
    assert services.look(actor=user, edition=first, now=NOW).edition_id == again.pk


@pytest.mark.django_db
def test_a_look_leaves_the_reader_the_edition_and_the_day_and_no_audit_row():
    user = make_user(Role.ANALYST)
    before = AuditEntry.objects.count()
    services.look(actor=user, edition=make_edition(), now=NOW)
    assert AuditEntry.objects.count() == before
    names = {field.name for field in Look._meta.get_fields()}
    assert names == {"id", "reader", "edition", "earlier", "looked_on"}
    assert Look.objects.visible_to(make_user(Role.ANALYST)).count() == 0
    assert Look.objects.visible_to(user).count() == 1


@pytest.mark.django_db
def test_today_shows_each_reader_the_own_comparison(client):
    rumour, other = made.rumour(7), made.rumour(8, text="A second story")
    make_rows(made.calm(rumours=[rumour, other]))
    early, late = make_user(Role.ANALYST), make_user(Role.PRESS_OFFICER)
    make_edition(made.calm(rumours=[rumour]))
    sign_in(client, early)
    assert "not looked at an earlier edition" in client.get("/").text
    make_edition(made.calm(rumours=[rumour, other], as_of=NOW + timedelta(days=1)))
    for _time in range(2):
        page = client.get("/").text
        told = page[page.index('id="since"') :]
        assert "New: 1" in told
        assert "A second story" in told[: told.index("</section>")]
    sign_in(client, late)
    assert "not looked at an earlier edition" in client.get("/").text
