"""Levels of what is kept of whoever answered, in the reader's words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LEVELS = {
    "age_band": {
        "18_24": _("18–24"), "25_34": _("25–34"), "35_44": _("35–44"), "45_54": _("45–54"),
        "55_64": _("55–64"), "65_up": _("65 and over"),
    },
    "sex": {"f": _("Women"), "m": _("Men")},
    "settlement": {"city": _("City"), "town": _("Town"), "rural": _("Village")},
    "yes_no": {"yes": pgettext_lazy("answer", "Yes"), "no": pgettext_lazy("answer", "No")},
}  # fmt: skip


def level_words(variable: str, level: str) -> str:
    """Return a level in the reader's words; itself where it has none."""
    return str(LEVELS.get(variable, {}).get(level, level))
