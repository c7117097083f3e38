"""Addresses of intake."""

from django.urls import include, path

from qalqan.desk.intake import api, views

app_name = "intake"

urlpatterns = [
    path("", views.run_list, name="runs"),
    path("<int:run_id>/", views.run_page, name="run"),
    path("upload/", views.upload, name="upload"),
    path("hotline/", views.hotline, name="hotline"),
    path("heard/", views.heard, name="heard"),
    path("heard/<int:note_id>/take/", views.heard_take, name="heard_take"),
    path("feeds/", views.feed_list, name="feeds"),
    path("feeds/add/", views.feed_add, name="feed_add"),
    path("feeds/<int:feed_id>/switch/", views.feed_switch, name="feed_switch"),
    path("tokens/", views.token_list, name="tokens"),
    path("tokens/add/", views.token_add, name="token_add"),
    path("tokens/<int:token_id>/revoke/", views.token_revoke, name="token_revoke"),
    path("api/", include(api.urlpatterns)),
]
