"""An equipment plan, loudspeakers and a search for places, as the browser meets them."""

from __future__ import annotations


def seed() -> None:
    """Store a computed plan with its lines, two devices and a finished search."""
    from tests.support.factories import NOW
    from tests.support.protection_factories import make_equipment, make_site

    from qalqan.desk.platform.places.models import Place, Population
    from qalqan.desk.platform.sources.models import Source
    from qalqan.desk.protection.models import BudgetLine, BudgetPlan, HornPlan

    site = make_site()
    for number, level in enumerate((118.0, None), 1):
        make_equipment(site, kind="siren", label=f"Siren {number}", rated_level_db=level)
    town = Place.objects.create(
        kind="settlement", parent=site.district, name_kk="Қарабұлақ", name_ru="Карабулак",
        name_en="Karabulak", latitude=49.9, longitude=57.3,
    )  # fmt: skip
    source, _made = Source.objects.get_or_create(
        name="Census", kind=Source.Kind.AGENCY, defaults={"created_at": NOW}
    )
    Population.objects.create(place=town, year=2025, count=12_000, source=source)
    plan = BudgetPlan.objects.create(
        budget=50_000_000, floor=0.1, made_at=NOW, finished_at=NOW, state="done", sites=30,
        measures=[{"kind": "alarm", "cost": 400_000.0, "effect": 0.08}], at_stake=1_500.0,
        objective=420.5, bound=420.6, gap=0.0002, proof="time_limit", spent=49_600_000.0,
        more_least=7.9, more_most=8.4, is_sample=True,
        curve=[[25_000_000, 250.1, 250.3], [50_000_000, 420.4, 420.6]],
        districts=[{"place": site.district_id, "saved": 420.5, "possible": 900.0,
                    "spent": 49_600_000.0, "measures": 1}],
    )  # fmt: skip
    BudgetLine.objects.create(plan=plan, site=site, kind="alarm", cost=400_000)
    HornPlan.objects.create(
        model="cpg", period="day", purpose="siren", rated_level_db=115, number=2, made_at=NOW,
        finished_at=NOW, state="done", reach_m=679, people=12_000, already=3_000, objective=2_600,
        bound=2_600, gap=0, proof="optimal",
        proposals=[{"place": town.pk, "latitude": 49.91, "longitude": 57.31, "people": 2_600}],
    )  # fmt: skip
