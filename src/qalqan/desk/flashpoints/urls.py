"""Addresses of the pages about flash-points."""

from django.urls import path

from qalqan.desk.flashpoints import views

app_name = "flashpoints"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("runs/", views.run_list, name="runs"),
    path("runs/<int:run_id>/", views.run_page, name="run"),
    path("runs/<int:run_id>/findings.csv", views.run_csv, name="run_csv"),
    path("runs/<int:run_id>/findings.geojson", views.run_geojson, name="run_geojson"),
    path("findings/<int:finding_id>/", views.finding_page, name="finding"),
]
