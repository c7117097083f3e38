"""Addresses of the ledger's pages."""

from django.urls import path

from qalqan.desk.incidents.urls_ledger import urlpatterns as ledger_urls
from qalqan.desk.incidents.urls_recording import urlpatterns as recording_urls
from qalqan.desk.incidents.urls_weighing import urlpatterns as weighing_urls
from qalqan.desk.incidents.views import ledger as views

app_name = "incidents"
urlpatterns = [
    *weighing_urls,
    *recording_urls,
    *ledger_urls,
    path("", views.incident_list, name="incidents"),
    path("indicators/", views.indicator_list, name="indicators"),
]
