"""What people fill in about budgets and loudspeakers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qalqan.desk.protection.measures import SHIPPED, Measure
from qalqan.desk.protection.models import BudgetPlan, Equipment, HornPlan

_ANY = {"step": "any"}


class BudgetForm(forms.Form):
    """A budget, a floor for each district, and what each measure costs and does."""

    budget = forms.FloatField(
        label=_("Budget, tenge"), min_value=0, max_value=1e15,
        widget=forms.NumberInput(attrs=_ANY),
    )  # fmt: skip
    floor = forms.FloatField(
        label=_("Equity floor, %"), min_value=0, max_value=100,
        help_text=_("Each district saves at least this share of what could be saved there."),
        widget=forms.NumberInput(attrs=_ANY),
    )  # fmt: skip

    def __init__(self, *args: Any, last: BudgetPlan | None = None, **kwargs: Any) -> None:
        known = {one["kind"]: Measure(**one) for one in last.measures} if last else {}
        kwargs.setdefault("initial", {
            "budget": last.budget if last else 50_000_000,
            "floor": 100 * last.floor if last else 10,
        })  # fmt: skip
        super().__init__(*args, **kwargs)
        for shipped in SHIPPED:
            one = known.get(shipped.kind, shipped)
            name = Equipment.Kind(shipped.kind).label
            self.fields[f"cost_{shipped.kind}"] = forms.FloatField(
                label=_("%(measure)s: cost, tenge") % {"measure": name}, initial=one.cost,
                min_value=0, required=False, widget=forms.NumberInput(attrs=_ANY),
            )  # fmt: skip
            self.fields[f"effect_{shipped.kind}"] = forms.FloatField(
                label=_("%(measure)s: takes away, %%") % {"measure": name},
                initial=100 * one.effect, min_value=0, max_value=100, required=False,
                widget=forms.NumberInput(attrs=_ANY),
            )  # fmt: skip

    def measures(self) -> list[Measure]:
        """Return the measures with a cost and an effect; the others are left out."""
        said = self.cleaned_data
        found = []
        for shipped in SHIPPED:
            cost, effect = said.get(f"cost_{shipped.kind}"), said.get(f"effect_{shipped.kind}")
            if cost is not None and effect:
                found.append(Measure(str(shipped.kind), cost, effect / 100))
        return found


class HearingForm(forms.Form):
    """Which model, hours and purpose the map shows."""

    model = forms.ChoiceField(label=_("Model of range"), choices=HornPlan.Model.choices)
    period = forms.ChoiceField(label=_("Hours"), choices=HornPlan.Period.choices)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=HornPlan.Purpose.choices)

    @classmethod
    def of(cls, query: Any) -> tuple[HearingForm, dict[str, str]]:
        """Return the form and the choices in an address; the conservative ones by default."""
        chosen = {
            "model": HornPlan.Model.CPG.value, "period": HornPlan.Period.DAY.value,
            "purpose": HornPlan.Purpose.SIREN.value,
        }  # fmt: skip
        allowed = {"model": HornPlan.Model, "period": HornPlan.Period, "purpose": HornPlan.Purpose}
        for name, kinds in allowed.items():
            if query.get(name) in kinds.values:
                chosen[name] = query[name]
        return cls(initial=chosen), chosen


class SearchForm(HearingForm):
    """How many loudspeakers of which level to find places for."""

    rated_level_db = forms.FloatField(
        label=_("Rated level at 30 m, dB"), min_value=60, max_value=140, initial=115,
        widget=forms.NumberInput(attrs=_ANY),
    )  # fmt: skip
    number = forms.IntegerField(label=_("How many"), min_value=1, max_value=50, initial=5)
