"""Addresses of the brief."""

from django.urls import path, re_path

from qalqan.desk.brief import views

app_name = "brief"
urlpatterns = [
    path("", views.today, name="today"),
    path("brief/", views.archive, name="archive"),
    path("brief/<int:edition_id>/", views.edition, name="edition"),
    re_path(
        r"^brief/(?P<edition_id>[0-9]+)/brief\.(?P<form>html|pdf|json)$", views.file, name="file"
    ),
]
