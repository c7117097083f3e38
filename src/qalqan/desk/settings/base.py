"""Settings that every installation shares; nothing here is secret."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from qalqan.desk.settings.publishing import *
from qalqan.desk.settings.sealed import *
from qalqan.desk.settings.security import *
from qalqan.desk.settings.warnings import *

BASE_PACKAGE = Path(__file__).resolve().parents[2]
"""The folder of the package `qalqan`."""

HOME = Path(os.environ.get("QALQAN_HOME", "var")).resolve()
"""Where the desk keeps what is its own: database, keys, files, the brief."""


def secret_key() -> str:
    """Read the key that the desk wrote when it was created, or the one from the environment."""
    if key := os.environ.get("QALQAN_SECRET_KEY"):
        return key
    path = HOME / "keys" / "secret_key"
    if not path.is_file():
        raise ImproperlyConfigured(
            f"No secret key: set QALQAN_SECRET_KEY, or run `qalqan init` to create {path}."
        )
    return path.read_text(encoding="ascii").strip()


def leaflet_files() -> list[tuple[str, str]]:
    """Name where Leaflet's script lies; of its package nothing else is used, so it is no app."""
    found = find_spec("leaflet")
    folders = list(found.submodule_search_locations or ()) if found else []
    return [("leaflet", str(Path(folder) / "static" / "leaflet")) for folder in folders]


DEBUG = False
ALLOWED_HOSTS = os.environ.get("QALQAN_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("QALQAN_ORIGINS", "").split(",") if o]
ROOT_URLCONF = "qalqan.desk.urls"
WSGI_APPLICATION = "qalqan.desk.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SITE_ID = 1

INSTALLED_APPS = [
    "qalqan.desk.platform.ui",
    "qalqan.desk.platform.policies",
    "qalqan.desk.platform.accounts",
    "qalqan.desk.platform.audit",
    "qalqan.desk.platform.privacy",
    "qalqan.desk.platform.places",
    "qalqan.desk.platform.sources",
    "qalqan.desk.platform.work",
    "qalqan.desk.platform.jobs",
    "qalqan.desk.platform.releases",
    "qalqan.desk.platform.upkeep",
    "qalqan.desk.agencies",
    "qalqan.desk.polls",
    "qalqan.desk.support",
    "qalqan.desk.outreach",
    "qalqan.desk.rumours",
    "qalqan.desk.incidents",
    "qalqan.desk.protection",
    "qalqan.desk.alerts",
    "qalqan.desk.intake",
    "qalqan.desk.flashpoints",
    "qalqan.desk.commission",
    "qalqan.desk.brief",
    "qalqan.desk.public",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "qalqan.desk.platform.accounts.middleware.UserLanguage",
    "qalqan.desk.platform.accounts.middleware.SessionLimits",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "qalqan.desk.platform.accounts.middleware.StaffGate",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "qalqan.desk.platform.ui.context.shell",
            ],
        },
    },
]

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["qalqan.desk.platform.accounts.hashers.StaffHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = "kk"
LANGUAGES = [("kk", _("Kazakh")), ("ru", _("Russian")), ("en", _("English"))]
USE_I18N = True
USE_TZ = True
QALQAN_NATIONAL = os.environ.get("QALQAN_NATIONAL", "0") == "1"
QALQAN_MERGE_BY_ITSELF = os.environ.get("QALQAN_MERGE_BY_ITSELF", "0") == "1"
TIME_ZONE = os.environ.get("QALQAN_TIME_ZONE", "Asia/Aqtobe")
FORMAT_MODULE_PATH = ["qalqan.desk.platform.ui.formats"]

STATIC_URL = "static/"
STATICFILES_DIRS = leaflet_files()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = HOME / "files"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": HOME / "cache",
        # The default of 300 would throw counts of wrong codes away on a busy morning.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
"""Shared by all server processes: it counts wrong codes and remembers codes already used."""

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}
