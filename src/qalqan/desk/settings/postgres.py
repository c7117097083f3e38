"""The desk on a PostgreSQL server; the address comes from the environment."""

import os

os.environ.setdefault("QALQAN_HTTPS", "1")

from qalqan.desk.settings.base import *
from qalqan.desk.settings.base import secret_key

SECRET_KEY = secret_key()
DEMO = False
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ.get("QALQAN_DB_NAME", "qalqan"),
        "USER": os.environ.get("QALQAN_DB_USER", "qalqan"),
        "PASSWORD": os.environ.get("QALQAN_DB_PASSWORD", ""),
        "HOST": os.environ.get("QALQAN_DB_HOST", "127.0.0.1"),
        "PORT": os.environ.get("QALQAN_DB_PORT", "5432"),
        "CONN_MAX_AGE": 60,
        "OPTIONS": {"pool": False},
    }
}
