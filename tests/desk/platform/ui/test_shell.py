"""The frame of every page: who sees which entry, the switches, search, refusals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.core.paginator import Paginator
from django.db import connection
from django.template import Context, Template, TemplateSyntaxError
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.support.factories import make_user, sign_in

from qalqan.desk.platform.policies import EVERY_ROLE, PUBLIC, SystemActor
from qalqan.desk.platform.ui import errors, navigation, sample

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def draw(source: str, path: str = "/", **context: object) -> str:
    context["request"] = RequestFactory().get(path)
    return Template("{% load qalqan_ui %}" + source).render(Context(context))


# ---- Menu -------------------------------------------------------------------------------


def test_the_public_has_no_menu() -> None:
    assert navigation.menu(PUBLIC, "/") == ()


def test_each_entry_is_shown_only_to_those_who_may_open_it() -> None:
    for role in sorted(EVERY_ROLE):
        user = make_user(role)
        client = sign_in(Client(), user)
        for group in navigation.menu(user, "/"):
            for link in group.links:
                assert client.get(link.url).status_code == 200, (role, link.url)


def test_the_longest_fitting_entry_is_the_current_one(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = (
        navigation.NavItem("Help", "ui:help", "today"),
        navigation.NavItem("Start", "public:start", "publish", key="s"),
    )
    monkeypatch.setattr(navigation, "items", lambda: entries)
    groups = navigation.menu(SystemActor("test"), "/public/answers/7/")
    current = [link.label for group in groups for link in group.links if link.is_current]
    assert current == ["Start"]


def test_letters_after_g_are_given_once() -> None:
    keys = [item.key for item in navigation.items() if item.key]
    assert len(keys) == len(set(keys))


# ---- Switches -----------------------------------------------------------------------------


def test_the_language_is_kept_with_the_account() -> None:
    user = make_user(language="en")
    client = sign_in(Client(), user)
    answer = client.post(reverse("ui:language"), {"language": "kk", "next": "/ui/help/"})
    assert (answer.status_code, answer["Location"]) == (302, "/ui/help/")
    user.refresh_from_db()
    assert user.language == "kk"
    assert 'lang="kk"' in client.get("/ui/help/").content.decode()


def test_the_public_keeps_the_language_in_a_cookie(client: Client) -> None:
    client.post(reverse("ui:language"), {"language": "ru", "next": "/public/"})
    assert 'lang="ru"' in client.get("/public/").content.decode()


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""]
)
def test_a_switch_never_leads_to_another_site(client: Client, target: str) -> None:
    answer = client.post(reverse("ui:theme"), {"theme": "dark", "next": target})
    assert answer["Location"] == "/"


def test_the_theme_is_written_into_the_page(client: Client) -> None:
    client.post(reverse("ui:theme"), {"theme": "dark", "next": "/public/"})
    assert 'data-theme="dark"' in client.get("/public/").content.decode()


def test_an_unknown_theme_is_not_kept(client: Client) -> None:
    answer = client.post(reverse("ui:theme"), {"theme": '"><script>', "next": "/"})
    assert "theme" not in answer.cookies


def test_switches_take_no_get(client: Client) -> None:
    assert client.get(reverse("ui:language")).status_code == 405
    assert client.get(reverse("ui:theme")).status_code == 405


# ---- Search, refusals, ribbon -----------------------------------------------------------------


def test_search_shows_what_rooms_find(monkeypatch: pytest.MonkeyPatch) -> None:
    hit = navigation.SearchHit("Shalqar <b>", "/places/1/", "Place", "Шалқар")
    monkeypatch.setattr(navigation, "search_providers", lambda: (lambda actor, text: [hit],))
    page = sign_in(Client(), make_user()).get("/ui/search/?q=shal").content.decode()
    assert 'href="/places/1/"' in page
    assert "Shalqar &lt;b&gt;" in page


def test_search_asks_for_sign_in(client: Client) -> None:
    assert client.get("/ui/search/?q=x").status_code == 302


def test_too_many_requests_tells_how_long_to_wait() -> None:
    request = RequestFactory().get("/")
    request.user = type("Nobody", (), {"is_authenticated": False})()
    answer = errors.too_many_requests(request, wait_seconds=30)
    assert (answer.status_code, answer["Retry-After"]) == (429, "30")


def test_an_unknown_address_is_answered_within_the_frame(client: Client) -> None:
    answer = client.get("/there/is/nothing/here")
    assert answer.status_code == 404
    assert "main" in answer.content.decode()


def test_pages_forbid_inline_code(client: Client) -> None:
    policy = client.get("/public/")["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "default-src 'none'" in policy


def test_the_ribbon_is_asked_for_once(client: Client) -> None:
    cache.clear()
    with CaptureQueriesContext(connection) as first:
        assert sample.is_loaded() is False
    asked = {query["sql"] for query in first}
    assert asked
    with CaptureQueriesContext(connection) as later:
        assert sample.is_loaded() is False
        assert "ribbon" not in client.get("/public/").content.decode()
    assert asked.isdisjoint(query["sql"] for query in later)
    sample.forget()


# ---- Components ----------------------------------------------------------------------------------


def test_components_escape_what_they_are_given() -> None:
    bad = "<script>x</script>"
    written = draw(
        "{% badge bad %}{% empty_state bad bad %}{% quote bad %}{% stat bad 1 unit=bad %}"
        "{% card bad %}{{ bad }}{% endcard %}{% data_table bad %}{% enddata_table %}"
        "{% breadcrumb bad '/' bad %}{% sparkline values bad %}",
        bad=bad,
        values=[1, 2],
    )
    assert "<script>" not in written


def test_an_unknown_tone_is_an_error() -> None:
    with pytest.raises(TemplateSyntaxError, match="no tone"):
        draw("{% badge 'New' 'red' %}")


def test_pagination_keeps_the_filters() -> None:
    page = Paginator(range(100), 10).get_page(2)
    written = draw("{% pagination page %}", "/x?q=%D1%81%D1%83&page=2", page=page)
    assert "?q=%D1%81%D1%83&amp;page=3" in written


def test_a_sorted_column_turns_round() -> None:
    source = "{% sort_header 'copies' 'Copies' %}"
    assert "?sort=copies" in draw(source)
    again = draw(source, "/x?sort=copies&page=4")
    assert 'aria-sort="ascending"' in again
    assert "?sort=-copies" in again
    assert "page=4" not in again


def test_ago_carries_the_exact_time() -> None:
    written = draw("{% ago at now %}", at=NOW - timedelta(hours=2), now=NOW)
    assert 'datetime="2026-03-02T02:00:00+00:00"' in written


def test_a_gap_in_a_line_stays_a_gap() -> None:
    from qalqan.desk.platform.ui.charts import Point, line_chart

    points = [Point(str(i), v) for i, v in enumerate([1, 2, None, 3, 4])]
    drawn = line_chart(points, title="Tips")
    assert drawn is not None
    assert drawn.svg.count("<polyline") == 2
    assert [row[1] for row in drawn.rows][2] == "–"


def test_a_stepped_line_goes_only_along_and_down() -> None:
    from itertools import pairwise
    from xml.etree import ElementTree

    from qalqan.desk.platform.ui.charts import Point, line_chart

    points = [Point(str(i), v) for i, v in enumerate([100, 70, 70, 20])]
    drawn = line_chart(points, title="Open", stepped=True)
    assert drawn is not None
    line = ElementTree.fromstring(drawn.svg).find("polyline")  # noqa: S314 - our own drawing
    assert line is not None
    corners = [tuple(map(float, corner.split(","))) for corner in line.get("points", "").split()]
    assert len(corners) == 7
    assert all(x == u or y == v for (x, y), (u, v) in pairwise(corners))


def test_bars_are_as_high_as_their_values() -> None:
    from xml.etree import ElementTree

    from qalqan.desk.platform.ui.charts import Point, bar_chart

    drawn = bar_chart([Point("a", 5), Point("b", 10), Point("c", 0)], title="Tips")
    assert drawn is not None
    bars = ElementTree.fromstring(drawn.svg).findall("rect")  # noqa: S314 - our own drawing
    heights = [float(bar.attrib["height"]) for bar in bars]
    assert heights[1] == pytest.approx(2 * heights[0], abs=0.2)
    assert len(heights) == 2


def test_an_empty_chart_says_so() -> None:
    assert "svg" not in draw("{% chart drawn %}", drawn=None)
