"""Small readings of entries."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms, template

from qalqan.desk.platform.policies import Role

register = template.Library()
_ROLES = dict(Role.choices)


@register.filter
def lookup(names: Mapping[str, str], label: str) -> str:
    """Return the name that belongs to a label, or the label."""
    return names.get(label, label)


@register.filter
def role_name(role: str) -> str:
    """Return the role in words; ``system`` and ``public`` stay as they are."""
    return str(_ROLES.get(role, role))


@register.filter
def field_value(form: forms.Form, name: str) -> str:
    """Return what was sent for a field."""
    return str(form.data.get(name, ""))
