"""Counts leave the desk protected, attacked together with what went before, or not at all."""

from datetime import timedelta

import pytest
from tests.support.factories import NOW, make_user

from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role, SystemActor
from qalqan.desk.platform.releases import selectors, services
from qalqan.desk.platform.releases.models import Release, ReleasedTable
from qalqan.desk.platform.releases.services import Table
from qalqan.errors import InputError, RefusedError

pytestmark = pytest.mark.django_db

SYSTEM = SystemActor("test")
ROWS = {
    "Aktobe": (41, 33, 27, 18), "Alga": (3, 12, 9, 7), "Khromtau": (14, 11, 2, 8),
    "Martuk": (10, 6, 13, 5), "Temir": (9, 8, 6, 1),
}  # fmt: skip
THEMES = ("fraud", "family", "road", "fire")


def table(rows=ROWS, name="by theme"):
    cells = {
        (area, theme): count
        for area, counts in rows.items()
        for theme, count in zip(THEMES, counts, strict=True)
    }
    return Table(name, ("area", "theme"), cells)


def published(edition="2026-10", tables=None, series="polls.map", now=NOW):
    return services.release(
        actor=SYSTEM, series=series, edition=edition, tables=tables or [table()], now=now
    )


def test_small_counts_are_withheld_with_the_cheapest_others():
    kept = published()
    assert (kept.state, kept.withheld, kept.proof) == ("published", 6, "optimal")
    assert round(kept.cost) == 26
    shown = selectors.published("polls.map")
    cells = shown.tables["by theme"]
    assert cells.count("Alga", "fraud") is None
    assert cells.count("Aktobe", "fraud") == 41
    assert cells.count("Alga", "total") == 31
    assert cells.count("total", "total") == sum(map(sum, ROWS.values()))


def test_what_is_withheld_lies_sealed():
    published()
    row = ReleasedTable.objects.get()
    assert all(count is None or count >= 5 for _, count in row.cells)
    assert b"Alga" not in bytes(row.sealed)


def test_the_act_is_in_the_audit():
    kept = published()
    entry = AuditEntry.objects.get(action="releases.published")
    assert entry.subject == f"releases.release:{kept.pk}"


def test_a_running_total_hides_what_its_growth_would_tell():
    services.declare_series(actor=SYSTEM, code="counts", bond="grows", now=NOW)
    rows = {area: tuple(20 + n + k for k in range(4)) for n, area in enumerate(ROWS)}
    first = published("2026-09", [table(rows)], "counts")
    assert first.withheld == 0
    # Seven more everywhere, but only two more fires in Temir.
    more = {area: tuple(count + 7 for count in counts) for area, counts in rows.items()}
    more["Temir"] = (*more["Temir"][:3], rows["Temir"][3] + 2)
    second = published("2026-10", [table(more)], "counts", NOW + timedelta(days=30))
    assert second.state == "published"
    cells = selectors.published("counts").tables["by theme"]
    assert cells.count("Temir", "fire") is None
    assert second.withheld >= 4


def test_two_tables_of_linked_series_cannot_be_subtracted():
    services.declare_series(
        actor=SYSTEM, code="by.age", bond="separate", now=NOW, linked=["by.sex"]
    )
    ages = Table("age", ("area", "age"), {("Alga", "young"): 8, ("Alga", "old"): 4,
                                         ("Temir", "young"): 9, ("Temir", "old"): 9})  # fmt: skip
    sexes = Table("sex", ("area", "sex"), {("Alga", "f"): 6, ("Alga", "m"): 6,
                                          ("Temir", "f"): 9, ("Temir", "m"): 9})  # fmt: skip
    assert published("e1", [ages], "by.age").state == "published"
    assert published("e1", [sexes], "by.sex").state == "published"
    assert selectors.published("by.age").tables["age"].count("Alga", "old") is None


def test_an_edition_that_contradicts_the_one_before_is_refused_with_the_reason():
    published()
    changed = dict(ROWS, Aktobe=(42, 33, 27, 18))
    kept = published(tables=[table(changed)])
    assert kept.state == "refused"
    assert "Aktobe" in kept.reasons[0]
    assert not kept.tables.exists()
    assert selectors.published("polls.map").tables["by theme"].count("Aktobe", "fraud") == 41


def test_reasons_name_no_count():
    """A series that showed small counts of the same people before cannot be mended."""
    first = services.release(
        actor=SYSTEM, series="s", edition="e", tables=[table()], now=NOW, threshold=1
    )
    assert first.withheld == 0
    kept = services.release(
        actor=SYSTEM, series="s", edition="e", tables=[table()], now=NOW, threshold=5
    )
    assert kept.state == "refused"
    assert "Alga × fraud" in " ".join(kept.reasons)
    assert not any(digit in " ".join(kept.reasons) for digit in "0123456789")


def test_what_is_no_table_is_an_error_and_nothing_is_stored():
    bad = Table("t", ("area",), {("Alga",): -1, ("Temir",): 4})
    with pytest.raises(InputError, match="-1 is no value"):
        published(tables=[bad])
    assert not Release.objects.exists()


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.SITE_OWNER, Role.AUDITOR])
def test_only_those_who_answer_for_figures_release_them(role):
    with pytest.raises(RefusedError):
        services.release(
            actor=make_user(role=role), series="s", edition="e", tables=[table()], now=NOW
        )


def test_only_readers_see_what_was_refused():
    published()
    assert selectors.releases(make_user(role=Role.ANALYST)).count() == 1
    assert selectors.releases(make_user(role=Role.GROUP_WORKER)).count() == 0
