"""Everything that changes places."""

from qalqan.desk.platform.places.geojson import FieldNames
from qalqan.desk.platform.places.services._store import PlacesReport
from qalqan.desk.platform.places.services.areas import add_place, import_areas
from qalqan.desk.platform.places.services.population import import_population
from qalqan.desk.platform.places.services.settlements import import_settlements

__all__ = [
    "FieldNames",
    "PlacesReport",
    "add_place",
    "import_areas",
    "import_population",
    "import_settlements",
]
