"""What people fill in about work."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.accounts.models import Organisation, User
from qalqan.desk.platform.accounts.selectors import organisations, users
from qalqan.desk.platform.places.models import Place
from qalqan.desk.platform.places.selectors import places
from qalqan.desk.platform.policies import Actor, Role
from qalqan.desk.platform.privacy.forms import GuardedCharField
from qalqan.desk.platform.work import attention, selectors
from qalqan.desk.platform.work.giving import LONGEST_TITLE
from qalqan.desk.platform.work.kinds import known, label_of
from qalqan.desk.platform.work.models import PAGE_OF_THE_DESK, Language, Severity
from qalqan.desk.platform.work.rules import Facts, is_pattern
from qalqan.desk.platform.work.services import Terms

_WHY = {"rows": 3}
BY_RULES = "rules"
_AREA_KINDS = (Place.Kind.COUNTRY, Place.Kind.PROVINCE, Place.Kind.DISTRICT)


def areas(actor: Actor) -> Any:
    """Return the places that rules speak of: the country, provinces and districts."""
    return places(actor).filter(kind__in=_AREA_KINDS).order_by("kind", "pk")


class WorkFilterForm(forms.Form):
    """Narrow the list; lives in the address of the page."""

    q = forms.CharField(label=_("Words of the title"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("Urgency"),
        required=False,
        choices=[
            ("", _("All that waits")),
            ("overdue", _("Overdue")),
            ("today", _("Today")),
            ("week", _("Within seven days")),
            ("later", _("Later or without a date")),
            ("closed", _("Closed")),
        ],
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    whose = forms.CharField(required=False, max_length=4, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = {kind: label_of(kind) for kind in selectors.kinds(actor)}
        codes.update(attention.known())
        known = sorted(codes.items(), key=lambda one: one[1])
        self.fields["kind"].choices = [("", _("All kinds")), *known]  # type: ignore[attr-defined]


class GiveForm(forms.Form):
    """Give a piece of work to oneself, to a body, or to a person whose account one may see."""

    title = GuardedCharField(label=_("What is to be done"), max_length=LONGEST_TITLE)
    kind = forms.ChoiceField(label=_("Kind"))
    whose = forms.ChoiceField(label=_("Who does it"))
    due_at = forms.DateTimeField(
        label=_("Until when"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )
    url = forms.RegexField(
        PAGE_OF_THE_DESK,
        label=_("Page where it is done"),
        required=False,
        max_length=300,
        help_text=_("An address of this desk, such as /rumours/12/. May stay empty."),
        error_messages={"invalid": _("The address of work must be a page of this desk.")},
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._bodies = {
            f"body-{row.pk}": row for row in organisations(actor).filter(is_active=True)
        }
        self._people = {f"user-{row.pk}": row for row in users(actor).filter(is_active=True)}
        self._people["me"] = actor
        self.fields["kind"].choices = known()  # type: ignore[attr-defined]
        self.fields["whose"].choices = self._choices()  # type: ignore[attr-defined]

    def _choices(self) -> list[tuple[Any, Any]]:
        people = [(key, str(row)) for key, row in self._people.items() if key != "me"]
        choices: list[tuple[Any, Any]] = [
            ("", "–"),
            ("me", _("I myself")),
            (_("Bodies"), [(key, str(row)) for key, row in self._bodies.items()]),
        ]
        return [*choices, (_("Persons"), people)] if people else choices

    @property
    def owner(self) -> User | None:
        """The person chosen, if it is one."""
        return self._people.get(self.cleaned_data["whose"])

    @property
    def body(self) -> Organisation | None:
        """The body chosen, if it is one."""
        return self._bodies.get(self.cleaned_data["whose"])


class GiveByRulesForm(GiveForm):
    """Give a piece of work to somebody, or to whom the rules name."""

    area = forms.ModelChoiceField(
        label=_("Area, for the rules"), queryset=Place.objects.none(), required=False
    )
    language = forms.ChoiceField(
        label=_("Language, for the rules"), required=False,
        choices=[("", "–"), *Language.choices],
    )  # fmt: skip
    severity = forms.ChoiceField(
        label=_("Severity, for the rules"), required=False,
        choices=[("", "–"), *Severity.choices],
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        self.fields["area"].queryset = areas(actor)  # type: ignore[attr-defined]

    def _choices(self) -> list[tuple[Any, Any]]:
        first, me, *others = super()._choices()
        return [first, me, (BY_RULES, _("Whom the rules name")), *others]

    @property
    def is_routed(self) -> bool:
        """Whether rules say who gets it."""
        return bool(self.cleaned_data["whose"] == BY_RULES)

    def facts(self) -> Facts:
        """Return what rules may ask."""
        area = self.cleaned_data["area"]
        return Facts(
            self.cleaned_data["kind"], area.pk if area else None, self.cleaned_data["language"],
            self.cleaned_data["severity"],
        )  # fmt: skip


class CloseForm(forms.Form):
    """Say what came of it."""

    outcome = GuardedCharField(
        label=_("What came of it"), max_length=500, widget=forms.Textarea(attrs=_WHY)
    )
    cancelled = forms.BooleanField(label=_("It is no longer needed"), required=False)


class HandOverForm(forms.Form):
    """Offer work to another body."""

    organisation = forms.ModelChoiceField(
        label=_("To which body"), queryset=Organisation.objects.none()
    )
    reason = GuardedCharField(label=_("Why"), max_length=500, widget=forms.Textarea(attrs=_WHY))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = organisations(actor).filter(is_active=True)
        self.fields["organisation"].queryset = rows.exclude(  # type: ignore[attr-defined]
            pk=actor.organisation_id or 0
        )


class RefuseForm(forms.Form):
    """Refuse offered work, with a reason."""

    reason = GuardedCharField(
        label=_("Why it is refused"), max_length=500, widget=forms.Textarea(attrs=_WHY)
    )


class RuleForm(forms.Form):
    """Write a rule of routing."""

    kinds = forms.CharField(
        label=_("Kind of work"), max_length=60,
        help_text=_("* for all, rumours.* for a room, rumours.check for one kind."),
    )  # fmt: skip
    area = forms.ModelChoiceField(
        label=_("Area"), queryset=Place.objects.none(), required=False,
        help_text=_("And all that lies in it. Empty: anywhere."),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("Any")), *Language.choices]
    )
    severity = forms.ChoiceField(
        label=_("Severity"), required=False, choices=[("", _("Any")), *Severity.choices]
    )
    to = forms.ChoiceField(label=_("To whom"))
    due_within_hours = forms.IntegerField(
        label=_("Due within, hours"), required=False, min_value=1, max_value=8784,
        help_text=_("Counted from when it came. Empty: the date stays as it is."),
    )  # fmt: skip
    position = forms.IntegerField(
        label=_("Position"), min_value=1, max_value=9999, initial=100,
        help_text=_("The rule with the smallest position that matches is the one."),
    )  # fmt: skip
    reason = GuardedCharField(
        label=_("Why, in words that everybody reads"), max_length=300,
        widget=forms.Textarea(attrs=_WHY),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas(actor)  # type: ignore[attr-defined]
        self._bodies = {
            f"body-{row.pk}": row for row in organisations(actor).filter(is_active=True)
        }
        self._roles = {f"role-{code}": (code, label) for code, label in Role.choices}
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            ("", "–"),
            (_("Bodies"), [(key, str(row)) for key, row in self._bodies.items()]),
            (_("Roles"), [(key, label) for key, (_code, label) in self._roles.items()]),
        ]

    def clean_kinds(self) -> str:
        """Refuse a text that names no kind of work."""
        text = str(self.cleaned_data["kinds"]).strip()
        if not is_pattern(text):
            raise forms.ValidationError(
                _("Kinds are *, a room with .*, or one kind: rumours.check")
            )
        return text

    def terms(self) -> Terms:
        """Return what is asked and said."""
        data = self.cleaned_data
        return Terms(
            kinds=data["kinds"], position=data["position"], reason=data["reason"],
            area=data["area"], language=data["language"], severity=data["severity"],
            to_organisation=self._bodies.get(data["to"]),
            to_role=self._roles.get(data["to"], ("", ""))[0],
            due_within_hours=data["due_within_hours"],
        )  # fmt: skip
