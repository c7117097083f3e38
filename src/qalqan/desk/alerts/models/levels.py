"""How severe an alert must be for a target or a subscriber to get it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.IntegerChoices):
    """CAP's severities by rank: a target gets what is at least as severe as its level."""

    UNKNOWN = 0, _("Everything")
    MINOR = 1, _("Minor")
    MODERATE = 2, _("Moderate")
    SEVERE = 3, _("Severe")
    EXTREME = 4, _("Extreme")
