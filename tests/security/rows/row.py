"""One line of the table: who gets through to one address; and sets of roles more rooms name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from qalqan.desk.platform.policies import EVERY_ROLE, Role


@dataclass(frozen=True)
class Row:
    """Who gets through to one address.

    Parameters
    ----------
    roles
        Whom the view lets in. Getting in is any answer but 403 and the way to sign in: 404
        for a thing that is not there, or 400 for an empty form, is an answer, too.
    public
        Whether those who are not signed in get in.
    method
        How the address is asked.
    arguments
        What its pattern needs; names nothing that exists, so nothing is changed.
    query
        What follows ``?``, for searches and counts that are shown on request.
    """

    roles: frozenset[str]
    public: bool = False
    method: str = "get"
    arguments: Mapping[str, Any] = field(default_factory=dict)
    query: str = ""


EVERYONE = EVERY_ROLE
BRINGING_IN = frozenset({Role.DUTY_OFFICER, Role.ANALYST})
READERS_OF_THE_RECORD = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})
AUDITOR = frozenset({Role.AUDITOR})
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
UNDERSTANDING = frozenset(
    {
        Role.DUTY_OFFICER,
        Role.ANALYST,
        Role.PRESS_OFFICER,
        Role.INSPECTOR,
        Role.SECRETARY,
        Role.AUDITOR,
    }
)
TAKING_AWAY = frozenset({Role.DUTY_OFFICER, Role.ANALYST, Role.SECRETARY, Role.AUDITOR})
DECIDING = frozenset({Role.SECRETARY, Role.DUTY_OFFICER})
ANSWERING = frozenset({Role.DUTY_OFFICER, Role.PRESS_OFFICER})
WEIGHING = frozenset({Role.DUTY_OFFICER, Role.ANALYST})
IN_KAZAKH = {"language": "kk"}
