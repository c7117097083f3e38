"""Addresses of the room of alerts."""

from qalqan.desk.alerts.urls_compose import urlpatterns as compose_urls

app_name = "alerts"
urlpatterns = [*compose_urls]
