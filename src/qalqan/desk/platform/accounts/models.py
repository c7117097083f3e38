"""Staff accounts and the bodies they belong to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import ASCIIUsernameValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import Role, VisibleQuerySet

_SESSION_SALT = "qalqan.desk.platform.accounts.session"


class Organisation(models.Model):
    """A state body (agency) or a civil-society body (group)."""

    class Kind(models.TextChoices):
        AGENCY = "agency", _("Agency")
        GROUP = "group", _("Group")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=200, unique=True)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = models.Manager.from_queryset(VisibleQuerySet)()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.short_name or self.name


class UserManager(BaseUserManager.from_queryset(VisibleQuerySet)):  # type: ignore[misc]
    """Creates accounts; services call it, nobody else."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        """Store an account with a hashed password, or with none that can be used."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account of a member of staff."""

    class Language(models.TextChoices):
        KAZAKH = "kk", "Қазақша"
        RUSSIAN = "ru", "Русский"
        ENGLISH = "en", "English"

    username = models.CharField(
        _("user name"),
        max_length=60,
        unique=True,
        validators=[ASCIIUsernameValidator()],
        error_messages={"unique": _("This user name is taken.")},
    )
    display_name = models.CharField(_("name at the desk"), max_length=120, blank=True)
    email = models.EmailField(_("office e-mail"), blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="users"
    )
    language = models.CharField(
        _("language"), max_length=2, choices=Language.choices, default=Language.KAZAKH
    )
    is_active = models.BooleanField(_("active"), default=True)
    must_change_password = models.BooleanField(_("must change the password"), default=False)
    session_epoch = models.PositiveIntegerField(_("count of forced sign-outs"), default=0)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["role", "organisation"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["username"]
        constraints = [
            # Signing in does not look at the case, so two names must differ in more than that.
            models.UniqueConstraint(
                Lower("username"),
                name="username_once_in_any_case",
                violation_error_message=_("This user name is taken."),
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_session_auth_hash(self) -> str:
        """Return what every session must bear; another epoch makes all of them worthless."""
        return salted_hmac(
            _SESSION_SALT, f"{self.session_epoch}:{self.password}", algorithm="sha256"
        ).hexdigest()

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Return what sessions bear that began under an earlier secret key."""
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield salted_hmac(
                _SESSION_SALT,
                f"{self.session_epoch}:{self.password}",
                secret=secret,
                algorithm="sha256",
            ).hexdigest()

    @property
    def actor_label(self) -> str:
        """How the audit names this account."""
        return f"user:{self.pk}"


class LoginLink(models.Model):
    """A one-time log-in to the embedded demo desk; only the hash of its token is kept."""

    token_hash = models.CharField(_("hash of the token"), max_length=64, unique=True)
    user = models.ForeignKey(
        User, verbose_name=_("user"), on_delete=models.CASCADE, related_name="login_links"
    )
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    objects = models.Manager.from_queryset(VisibleQuerySet)()

    class Meta:
        verbose_name = _("one-time log-in")
        verbose_name_plural = _("one-time log-ins")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.user} {self.created_at:%Y-%m-%d %H:%M}"
