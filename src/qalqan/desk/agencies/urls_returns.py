"""Addresses of monthly returns."""

from django.urls import path

from qalqan.desk.agencies.views import returns

urlpatterns = [
    path("returns/", returns.return_list, name="returns"),
    path("returns/make/", returns.return_make, name="return_make"),
    path("returns/import/", returns.return_import, name="return_import"),
    path("returns/nation/", returns.nation, name="nation"),
    path("returns/keys/", returns.key_list, name="keys"),
    path("returns/keys/trust/", returns.key_trust, name="key_trust"),
    path("returns/keys/<int:key_id>/revoke/", returns.key_revoke, name="key_revoke"),
    path("returns/<int:return_id>/", returns.return_page, name="return"),
    path("returns/<int:return_id>/return.json", returns.return_file, name="return_file"),
]
