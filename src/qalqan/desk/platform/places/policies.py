"""Who may see and change places."""

from qalqan.desk.platform.places.models import Place, PlaceAlias, Population
from qalqan.desk.platform.policies import (
    ADD,
    CHANGE,
    EVERY_ROLE,
    EXPORT,
    VIEW,
    Policy,
    Role,
    register,
)


@register(Place, PlaceAlias, Population)
class PlacePolicy(Policy):
    """Everyone at the desk needs the map; few may redraw it."""

    can = {
        VIEW: EVERY_ROLE,
        EXPORT: EVERY_ROLE,
        ADD: frozenset({Role.ANALYST, Role.ADMINISTRATOR}),
        CHANGE: frozenset({Role.ANALYST, Role.ADMINISTRATOR}),
    }
