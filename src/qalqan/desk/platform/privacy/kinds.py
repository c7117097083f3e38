"""What the guard looks for, and what it tells the writer."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a stretch of text would give away."""

    IIN = "iin", _("individual identification number")
    PHONE = "phone", _("phone number")
    EMAIL = "email", _("e-mail address")
    CARD = "card", _("bank card number")
    ACCOUNT = "account", _("bank account number")
    HANDLE = "handle", _("name of a private account")
    COORDINATES = "coordinates", _("exact coordinates, perhaps of a home")


class Rule(models.TextChoices):
    """What a field does with a text that gives a person away."""

    MASK = "mask", _("replace the part by its kind")
    BLOCK = "block", _("refuse the text")
