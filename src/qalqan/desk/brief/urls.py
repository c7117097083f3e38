"""Addresses of the brief."""

from django.urls import path, re_path

from qalqan.desk.brief import views

app_name = "brief"
urlpatterns = [
    path("", views.today, name="today"),
    path("brief/", views.archive, name="archive"),
    path("brief/schema.json", views.schema, name="schema"),
    path("brief/votes/", views.votes, name="votes"),
    path("brief/votes/decide/", views.decide, name="decide"),
    path("brief/<int:edition_id>/", views.edition, name="edition"),
    path("brief/<int:edition_id>/spoken/", views.spoken, name="spoken"),
    path("brief/<int:edition_id>/vote/", views.vote, name="vote"),
    re_path(
        r"^brief/(?P<edition_id>[0-9]+)/brief\.(?P<form>html|pdf|json|txt)$",
        views.file,
        name="file",
    ),
]
