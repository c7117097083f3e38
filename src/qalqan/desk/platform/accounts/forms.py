"""Forms of the desk for accounts, and allauth's forms in the desk's words."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account_forms
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.accounts.models import Organisation, User
from qalqan.desk.platform.policies import Role

CODE_ATTRS = {"autocomplete": "one-time-code", "inputmode": "text", "autocapitalize": "none"}


def _plain(form: forms.Form, labels: dict[str, Any]) -> None:
    """Put the desk's labels on, and take placeholders off: they repeat what the label says."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        if name in labels:
            field.label = labels[name]


class SignInForm(account_forms.LoginForm):
    """User name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"login": _("User name"), "password": _("Password")})
        self.fields["password"].help_text = _("Forgotten? The administrator gives you a new one.")
        self.fields["login"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}


class ReauthenticateForm(account_forms.ReauthenticateForm):
    """The password once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"password": _("Password")})
        self.fields["password"].help_text = ""


class ChangePasswordForm(account_forms.ChangePasswordForm):
    """The present password and, twice, the new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(
            self,
            {
                "oldpassword": _("Present password"),
                "password1": _("New password"),
                "password2": _("New password once more"),
            },
        )
        self.fields["oldpassword"].help_text = ""

    def clean(self) -> Any:
        """Refuse two new passwords that differ, and the old one again."""
        data = forms.Form.clean(self) or {}
        first, second = data.get("password1"), data.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two new passwords differ."))
        if first and first == data.get("oldpassword"):
            self.add_error("password1", _("The new password is the present one."))
        return data


class _CodeOnce:
    """Refuse a generator's code that was used, for as long as it could pass.

    allauth remembers a used code for one period; with a tolerance of one period on either side
    a code can pass for three.
    """

    def clean_code(self) -> str:
        """Return the code if it is right and new."""
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP:  # type: ignore[attr-defined]
            key = f"accounts.code-used.{self.user.pk}.{normalize_user_code(code)}"  # type: ignore[attr-defined]
            lifetime = (2 * mfa_settings.TOTP_TOLERANCE + 1) * mfa_settings.TOTP_PERIOD
            if not cache.add(key, True, timeout=lifetime):
                raise get_mfa_adapter().validation_error("incorrect_code")
        return code


class CodeForm(_CodeOnce, mfa_forms.AuthenticateForm):
    """A code from the generator, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"code": _("Code")})
        self.fields["code"].widget.attrs |= CODE_ATTRS
        self.fields["code"].help_text = _(
            "Six digits from your app, or one of your recovery codes."
        )


class ConfirmCodeForm(_CodeOnce, mfa_forms.ReauthenticateForm):
    """A code once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"code": _("Code")})
        self.fields["code"].widget.attrs |= CODE_ATTRS


class ActivateTOTPForm(totp_forms.ActivateTOTPForm):
    """The first code of a new generator."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"code": _("Code that the app shows now")})
        self.fields["code"].widget.attrs |= CODE_ATTRS | {"inputmode": "numeric"}


class AddKeyForm(webauthn_forms.AddWebAuthnForm):
    """A name for a new security key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"name": _("Name of the key")})


class EditKeyForm(webauthn_forms.EditWebAuthnForm):
    """Another name for a security key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, {"name": _("Name of the key")})


class UserForm(forms.Form):
    """What the administrator enters about an account."""

    display_name = forms.CharField(label=_("Name at the desk"), max_length=120, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none()
    )
    language = forms.ChoiceField(label=_("Language"), choices=User.Language.choices)
    email = forms.EmailField(label=_("Office e-mail"), required=False)

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = organisations


class NewUserForm(UserForm):
    """A new account."""

    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        help_text=_("Latin letters and digits; it cannot be changed later."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    field_order = ["username"]

    def clean_username(self) -> str:
        """Refuse what is no user name, or is taken."""
        username = str(self.cleaned_data["username"]).strip()
        field = User._meta.get_field("username")
        field.run_validators(username)
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError(field.error_messages["unique"])
        return username


class OrganisationForm(forms.Form):
    """A new organisation."""

    name = forms.CharField(label=_("Name"), max_length=200)
    short_name = forms.CharField(label=_("Short name"), max_length=40, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Organisation.Kind.choices)


class UserSearchForm(forms.Form):
    """Narrows the list of accounts."""

    q = forms.CharField(label=_("Name or organisation"), max_length=100, required=False)
