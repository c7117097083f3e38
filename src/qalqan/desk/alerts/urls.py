"""Addresses of the room of alerts."""

from qalqan.desk.alerts.urls_compose import urlpatterns as compose_urls
from qalqan.desk.alerts.urls_devices import urlpatterns as device_urls

app_name = "alerts"
urlpatterns = [*compose_urls, *device_urls]
