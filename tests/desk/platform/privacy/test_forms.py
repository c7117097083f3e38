"""Fields that refuse or mask, and that no free text of the desk goes round the guard."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from django import forms
from django.utils import translation

import qalqan.desk
from qalqan.desk.platform.privacy.forms import GuardedCharField, masked_kinds
from qalqan.desk.platform.privacy.guard import refuse_traces
from qalqan.desk.platform.privacy.kinds import Rule

UNGUARDED = {
    "qalqan.desk.platform.ui.showcase.ExampleForm.note": "an example on the living page, not kept",
    "qalqan.desk.alerts.forms.ContentForm.polygons": "kept as numbers of an area, never as text",
    "qalqan.desk.alerts.forms.ContentForm.circles": "kept as numbers of an area, never as text",
    "qalqan.desk.agencies.forms.KeyForm.pem": "read as a public key, refused otherwise",
    "qalqan.desk.outreach.evaluation_forms.PairedMeanForm.before": "read as numbers",
    "qalqan.desk.outreach.evaluation_forms.PairedMeanForm.after": "read as numbers",
    "qalqan.desk.outreach.evaluation_forms.GroupsMeanForm.before": "read as numbers",
    "qalqan.desk.outreach.evaluation_forms.GroupsMeanForm.after": "read as numbers",
    "qalqan.desk.outreach.evaluation_forms.DistrictsForm.districts": "districts and numbers",
    "qalqan.desk.polls.forms.DesignForm.populations": "read as strata and numbers",
    "qalqan.desk.polls.forms.MarginsForm.rows": "read as variables, levels and numbers",
    "qalqan.desk.support.forms.CertificateForm.token": "a signature to check, kept nowhere",
}
"""Free text that may go round the guard, and why."""


class Report(forms.Form):
    text = GuardedCharField(rule=Rule.MASK, min_length=10, widget=forms.Textarea())


class Reason(forms.Form):
    reason = GuardedCharField(required=False, max_length=200)


def test_a_masking_field_keeps_the_report_and_tells_what_it_took() -> None:
    form = Report({"text": "жаз 8 701 123 45 67, 87021234567 не a.b@mail.kz"})
    assert form.is_valid()
    assert form.cleaned_data["text"] == "жаз [phone], [phone] не [email]"
    with translation.override("en"):
        assert masked_kinds(form) == ["phone number", "e-mail address"]
    again = Report({"text": "Нан бағасы 180 теңге болды"})
    assert again.is_valid()
    assert masked_kinds(again) == []


@pytest.mark.parametrize(
    ("language", "kind"),
    [("kk", "телефон нөмірі"), ("ru", "номер телефона"), ("en", "phone number")],
)
def test_a_blocking_field_names_the_part_and_why(language: str, kind: str) -> None:
    with translation.override(language):
        form = Reason({"reason": "said by 8 701 123 45 67"})
        assert not form.is_valid()
        (message,) = form.errors["reason"]
    assert "8 701 123 45 67" in message
    assert kind in message


def test_a_blocking_field_takes_what_is_harmless_and_what_is_empty() -> None:
    assert Reason({"reason": "Order 4512/2024 of 03.04.2024"}).is_valid()
    empty = Reason({"reason": ""})
    assert empty.is_valid()
    assert empty.cleaned_data["reason"] == ""


def test_a_field_still_checks_what_a_text_field_checks() -> None:
    assert not Report({"text": "short"}).is_valid()
    assert not Reason({"reason": "a" * 201}).is_valid()


def form_classes() -> Iterator[type[forms.BaseForm]]:
    for module in pkgutil.walk_packages(qalqan.desk.__path__, "qalqan.desk."):
        if ".migrations" in module.name or ".settings" in module.name:
            continue
        for value in vars(importlib.import_module(module.name)).values():
            if (
                isinstance(value, type)
                and issubclass(value, forms.BaseForm)
                and value.__module__ == module.name
            ):
                yield value


def test_every_free_text_of_the_desk_passes_the_guard() -> None:
    seen, open_doors = 0, []
    for form in form_classes():
        for name, field in form.base_fields.items():
            if not isinstance(field.widget, forms.Textarea):
                continue
            seen += 1
            guarded = isinstance(field, GuardedCharField) or refuse_traces in field.validators
            path = f"{form.__module__}.{form.__qualname__}.{name}"
            if not guarded and path not in UNGUARDED:
                open_doors.append(path)
    assert seen >= 5
    assert open_doors == [], "use GuardedCharField for these"


def test_the_list_of_exceptions_is_not_stale() -> None:
    known = {
        f"{form.__module__}.{form.__qualname__}.{name}"
        for form in form_classes()
        for name in form.base_fields
    }
    assert set(UNGUARDED) <= known
