"""Who gets through to the addresses of accounts, signing in and second factors."""

from tests.security.rows.row import ADMINISTRATOR, EVERYONE, Row

from qalqan.desk.platform.policies import Role

KNOWING_ACCOUNTS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
_NO_USER = {"pk": 0}

ROWS = {
    "accounts:own": Row(EVERYONE),
    "accounts:users": Row(KNOWING_ACCOUNTS, query="q=a"),
    "accounts:user_add": Row(ADMINISTRATOR),
    "accounts:user": Row(ADMINISTRATOR, arguments=_NO_USER),
    "accounts:user_deactivate": Row(ADMINISTRATOR, method="post", arguments=_NO_USER),
    "accounts:user_reactivate": Row(ADMINISTRATOR, method="post", arguments=_NO_USER),
    "accounts:user_reset_factor": Row(ADMINISTRATOR, method="post", arguments=_NO_USER),
    "accounts:user_reset_password": Row(ADMINISTRATOR, method="post", arguments=_NO_USER),
    "accounts:organisations": Row(EVERYONE),
    "accounts:organisation_add": Row(ADMINISTRATOR),
    "accounts:enter": Row(EVERYONE, public=True, arguments={"token": "none"}),
    "account_login": Row(EVERYONE, public=True),
    "account_logout": Row(EVERYONE, public=True),
    "account_inactive": Row(EVERYONE, public=True),
    "account_signup": Row(EVERYONE, public=True),
    "account_reset_password": Row(EVERYONE, public=True),
    "account_reauthenticate": Row(EVERYONE),
    "account_change_password": Row(EVERYONE),
    "usersessions_list": Row(EVERYONE),
    "mfa_index": Row(EVERYONE),
    # It answers the public with the way to the password, which comes first.
    "mfa_authenticate": Row(EVERYONE),
    "mfa_reauthenticate": Row(EVERYONE),
    "mfa_activate_totp": Row(EVERYONE),
    "mfa_deactivate_totp": Row(EVERYONE),
    "mfa_view_recovery_codes": Row(EVERYONE),
    "mfa_generate_recovery_codes": Row(EVERYONE),
    "mfa_download_recovery_codes": Row(EVERYONE),
    "mfa_list_webauthn": Row(EVERYONE),
    "mfa_add_webauthn": Row(EVERYONE),
    "mfa_reauthenticate_webauthn": Row(EVERYONE),
    "mfa_remove_webauthn": Row(EVERYONE, arguments=_NO_USER),
    "mfa_edit_webauthn": Row(EVERYONE, arguments=_NO_USER),
}
