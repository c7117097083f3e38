"""Addresses of the ledger's pages."""

from django.urls import path

from qalqan.desk.incidents.urls_weighing import urlpatterns as weighing_urls
from qalqan.desk.incidents.views import ledger as views

app_name = "incidents"
urlpatterns = [
    *weighing_urls,
    path("", views.incident_list, name="incidents"),
    path("export.csv", views.incident_export, name="export"),
    path("indicators/", views.indicator_list, name="indicators"),
    path("<int:incident_id>/", views.incident_page, name="incident"),
]
