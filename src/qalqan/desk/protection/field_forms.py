"""What inspectors fill in about what they take along."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import Actor
from qalqan.desk.protection.models import Site


class TakeAlongForm(forms.Form):
    """Which site goes along, and until when."""

    SPAN = timedelta(days=3)

    number = forms.IntegerField(
        label=_("Number of the site"), min_value=1, max_value=2**31 - 1,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    until = forms.DateField(
        label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("until", timezone.localdate() + self.SPAN)

    def site_for(self, actor: Actor) -> Site | None:
        """Return the site that has the number and that the actor may see."""
        rows = Site.objects.visible_to(actor).filter(number=self.cleaned_data["number"])
        site: Site | None = rows.first()
        return site
