"""How people sign in, how long they stay signed in, and what the browser is told."""

from __future__ import annotations

import os

HTTPS = os.environ.get("QALQAN_HTTPS", "0") == "1"
"""Whether people reach the desk over HTTPS; the server settings turn it on by default."""

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
if os.environ.get("QALQAN_BEHIND_PROXY", "0") == "1":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True

DEMO = os.environ.get("QALQAN_DEMO", "0") == "1"
"""Whether this is the embedded demo desk, where the printed one-time log-in works."""

IDLE_LIMIT_MINUTES = 30
"""After this long without a request a session ends."""
ABSOLUTE_LIMIT_HOURS = 8
"""After this long a session ends even for somebody who is busy."""
SESSION_COOKIE_AGE = ABSOLUTE_LIMIT_HOURS * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

ACCOUNT_ADAPTER = "qalqan.desk.platform.accounts.adapters.StaffAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/300s/key"}
"""Guards codes of the second factor; failed passwords are counted by axes alone."""
ACCOUNT_FORMS = {
    "login": "qalqan.desk.platform.accounts.forms.SignInForm",
    "reauthenticate": "qalqan.desk.platform.accounts.forms.ReauthenticateForm",
    "change_password": "qalqan.desk.platform.accounts.forms.ChangePasswordForm",
}
USERSESSIONS_TRACK_ACTIVITY = False

MFA_ADAPTER = "qalqan.desk.platform.accounts.adapters.StaffMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODE_COUNT = 10
MFA_TOTP_ISSUER = "Qalqan"
MFA_TOTP_TOLERANCE = 1
"""Periods of 30 s: who types a code in its last second is let in (RFC 6238, 5.2: at most one)."""
MFA_FORMS = {
    "authenticate": "qalqan.desk.platform.accounts.forms.CodeForm",
    "reauthenticate": "qalqan.desk.platform.accounts.forms.ConfirmCodeForm",
    "activate_totp": "qalqan.desk.platform.accounts.forms.ActivateTOTPForm",
    "add_webauthn": "qalqan.desk.platform.accounts.forms.AddKeyForm",
    "edit_webauthn": "qalqan.desk.platform.accounts.forms.EditKeyForm",
}
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
"""Hours: a quarter of an hour."""
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "qalqan.desk.platform.accounts.adapters.locked_out"
AXES_USERNAME_FORM_FIELD = "username"
AXES_CLIENT_IP_CALLABLE = "qalqan.desk.platform.accounts.adapters.address_that_counts"
AXES_USERNAME_CALLABLE = "qalqan.desk.platform.accounts.adapters.name_that_counts"
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_SENSITIVE_PARAMETERS = ["password", "login", "code"]
