"""Places for tests: single ones, and the whole sample province."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qalqan.desk.platform.places import services
from qalqan.desk.platform.places.models import Place
from qalqan.desk.platform.policies import SystemActor
from qalqan.sample import areas
from qalqan.sample.generator import SamplePaths, write_sample

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
DESK = SystemActor("tests")


def make_place(name: str = "Сынақ", kind: str = "settlement", **fields: Any) -> Place:
    """Store one place, with its names in the alias table."""
    values: dict[str, Any] = {"latitude": 50.0, "longitude": 57.0, "now": NOW, **fields}
    return services.add_place(actor=DESK, kind=kind, names=(name, name, name), **values)


def load_sample_places(folder: Path) -> SamplePaths:
    """Write a small sample and take its places in."""
    paths = write_sample(folder, seed=1, now=NOW, messages=500, tips=100)
    country = services.add_place(
        actor=DESK, kind="country", names=areas.COUNTRY, latitude=48.0, longitude=67.0, now=NOW
    )
    province = services.add_place(
        actor=DESK, kind="province", names=areas.PROVINCE, kato=areas.PROVINCE_KATO,
        parent=country, latitude=48.8, longitude=58.0, now=NOW,
    )  # fmt: skip
    services.import_areas(
        actor=DESK, path=paths.areas, parent=province, now=NOW, approximate=True, is_sample=True
    )
    services.import_settlements(
        actor=DESK, path=paths.settlements, parent=country, now=NOW, is_sample=True
    )
    services.import_population(actor=DESK, path=paths.population, now=NOW, is_sample=True)
    return paths
