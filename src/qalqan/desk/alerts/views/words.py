"""What checks say, in the reader's words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from qalqan.desk.alerts.forms import NAMES


def concern_words(concern: str) -> str:
    """Return what a warning of the plain-words check means."""
    return {
        "war": _("A word of war. Say what is being done, without fighting anybody."),
        "blame": _("A group or faith is named beside blame. Say what happened, not whose fault."),
        "long_sentence": _("A long sentence. Make two of it."),
        "repeats_rumour": _("The headline repeats the rumour. Say the fact instead."),
        "facts_first": _("The text begins with the rumour. Begin with the fact."),
    }[concern]


def readable(warnings: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Return warnings with their meaning and the name of their language."""
    return [
        {**one, "says": concern_words(one["concern"]), "name": NAMES[one["language"]]}
        for one in warnings
    ]
