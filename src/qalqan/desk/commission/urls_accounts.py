"""Addresses of accounts, and of what the commission opens to everyone."""

from django.urls import path

from qalqan.desk.commission.views import accounts, openings

urlpatterns = [
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/new/", accounts.account_new, name="account_new"),
    path("accounts/<int:account_id>/", accounts.account, name="account"),
    path("accounts/<int:account_id>/version/", accounts.account_version, name="account_version"),
    path("accounts/<int:account_id>/<int:number>/publish/", accounts.account_publish,
         name="account_publish"),
    path("accounts/<int:account_id>/<int:number>/send-back/", accounts.account_send_back,
         name="account_send_back"),
    path("accounts/<int:account_id>/withdraw/", accounts.account_withdraw,
         name="account_withdraw"),
    path("meetings/<int:meeting_id>/publish/", openings.meeting_open, name="meeting_open"),
    path("meetings/<int:meeting_id>/publish/withdraw/", openings.meeting_withdraw,
         name="meeting_withdraw"),
    path("recommendations/<int:recommendation_id>/publish/", openings.recommendation_open,
         name="recommendation_open"),
    path("recommendations/<int:recommendation_id>/publish/withdraw/",
         openings.recommendation_withdraw, name="recommendation_withdraw"),
]  # fmt: skip
