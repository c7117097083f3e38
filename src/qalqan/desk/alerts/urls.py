"""Addresses of the room of alerts."""

from qalqan.desk.alerts.urls_compose import urlpatterns as compose_urls
from qalqan.desk.alerts.urls_delivery import urlpatterns as delivery_urls
from qalqan.desk.alerts.urls_devices import urlpatterns as device_urls

app_name = "alerts"
urlpatterns = [*compose_urls, *delivery_urls, *device_urls]
