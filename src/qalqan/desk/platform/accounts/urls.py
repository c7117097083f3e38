"""Addresses of sign-in, of the own account, and of the administrator's pages.

allauth's pages are named one by one: what is not named here (signing up, passwords by e-mail,
e-mail addresses) does not exist.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from allauth.usersessions import views as sessions
from django.urls import include, path

from qalqan.desk.platform.accounts import views
from qalqan.desk.platform.policies import public, signed_in

entrance = public("It is how staff sign in.")
own = signed_in("Everyone looks after the own account.")

desk_pages = [
    path("", views.own_account, name="own"),
    path("users/", views.user_list, name="users"),
    path("users/add/", views.user_add, name="user_add"),
    path("users/<int:pk>/", views.user_change, name="user"),
    path("users/<int:pk>/deactivate/", views.user_deactivate, name="user_deactivate"),
    path("users/<int:pk>/reactivate/", views.user_reactivate, name="user_reactivate"),
    path("users/<int:pk>/reset-factor/", views.user_reset_factor, name="user_reset_factor"),
    path("users/<int:pk>/reset-password/", views.user_reset_password, name="user_reset_password"),
    path("organisations/", views.organisation_list, name="organisations"),
    path("organisations/add/", views.organisation_add, name="organisation_add"),
    path("enter/<str:token>/", views.enter, name="enter"),
]

urlpatterns = [
    path("", include((desk_pages, "accounts"))),
    path("sign-in/", entrance(account.login), name="account_login"),
    path("sign-out/", entrance(account.logout), name="account_logout"),
    path("closed/", entrance(account.account_inactive), name="account_inactive"),
    path("sign-up/", views.no_reset, name="account_signup"),
    path("forgotten/", views.no_reset, name="account_reset_password"),
    path("confirm/", own(account.reauthenticate), name="account_reauthenticate"),
    path("password/", own(account.password_change), name="account_change_password"),
    path("sessions/", own(sessions.list_usersessions), name="usersessions_list"),
    path("factors/", own(mfa.index), name="mfa_index"),
    path("factors/sign-in/", entrance(mfa.authenticate), name="mfa_authenticate"),
    path("factors/confirm/", own(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("factors/app/add/", own(totp.activate_totp), name="mfa_activate_totp"),
    path("factors/app/remove/", own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("factors/codes/", own(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "factors/codes/new/", own(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"
    ),
    path(
        "factors/codes/file/",
        own(codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("factors/keys/", own(keys.list_webauthn), name="mfa_list_webauthn"),
    path("factors/keys/add/", own(keys.add_webauthn), name="mfa_add_webauthn"),
    path(
        "factors/keys/confirm/",
        own(keys.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("factors/keys/<int:pk>/remove/", own(keys.remove_webauthn), name="mfa_remove_webauthn"),
    path("factors/keys/<int:pk>/edit/", own(keys.edit_webauthn), name="mfa_edit_webauthn"),
]
