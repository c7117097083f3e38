"""Addresses of the room of protection; each concern brings its own."""

from django.urls import URLPattern

from qalqan.desk.protection.urls_budget import urlpatterns as budget_urls
from qalqan.desk.protection.urls_inspecting import urlpatterns as inspecting_urls
from qalqan.desk.protection.urls_notices import urlpatterns as notices_urls
from qalqan.desk.protection.urls_plan import urlpatterns as plan_urls
from qalqan.desk.protection.urls_sites import urlpatterns as sites_urls

app_name = "protection"
urlpatterns: list[URLPattern] = [
    *sites_urls,
    *inspecting_urls,
    *notices_urls,
    *plan_urls,
    *budget_urls,
]
