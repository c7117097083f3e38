"""Addresses of the pages about the worker."""

from django.urls import path

from qalqan.desk.platform.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("<int:schedule_id>/run/", views.run_soon, name="run_soon"),
]
