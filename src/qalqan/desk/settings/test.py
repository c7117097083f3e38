"""Settings of the test suite; ``QALQAN_TEST_DATABASE=postgres`` runs it on PostgreSQL."""

import os

os.environ.setdefault("QALQAN_HTTPS", "0")
os.environ.setdefault("QALQAN_SECRET_KEY", "only-for-tests-" + "0" * 40)

if os.environ.get("QALQAN_TEST_DATABASE") == "postgres":
    from qalqan.desk.settings.postgres import *
else:
    from qalqan.desk.settings.sqlite import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
AUDIT_MAY_BE_FLUSHED = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
