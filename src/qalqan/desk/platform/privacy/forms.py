"""Form fields for free text: what gives a private person away is refused, or masked and told."""

from __future__ import annotations

from typing import Any

from django import forms

from qalqan.desk.platform.privacy.guard import Trace, apply_rule
from qalqan.desk.platform.privacy.kinds import Rule


class GuardedCharField(forms.CharField):
    """A text that passes the guard.

    Parameters
    ----------
    rule
        ``Rule.BLOCK`` refuses the text and names the parts in the writer's language; it is for
        staff, who can write it again. ``Rule.MASK`` puts the kind in place of each part; it is
        for the public, whose report must not be lost. `masked_kinds` then tells what was masked.
    """

    def __init__(self, *, rule: Rule = Rule.BLOCK, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rule = rule
        self.traces: tuple[Trace, ...] = ()

    def clean(self, value: Any) -> str:
        """Return the text without traces.

        Raises
        ------
        ValidationError
            The text is no valid text, or the rule is to block and it gives a person away.
        """
        screened = apply_rule(super().clean(value), self.rule)
        self.traces = screened.traces
        return screened.text


def masked_kinds(form: forms.BaseForm) -> list[str]:
    """Return what was masked in a cleaned form, in the active language, each kind once."""
    return list(
        dict.fromkeys(
            str(trace.kind.label)
            for field in form.fields.values()
            if isinstance(field, GuardedCharField)
            for trace in field.traces
        )
    )
