"""Addresses of the room."""

from django.urls import path

from qalqan.desk.platform.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.entry_list, name="entries"),
    path("export/", views.entry_export, name="export"),
    path("state/", views.state, name="state"),
    path("seal/", views.seal_today, name="seal"),
]
