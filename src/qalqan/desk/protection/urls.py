"""Addresses of the room of protection; each concern brings its own."""

from django.urls import URLPattern

from qalqan.desk.protection.urls_inspecting import urlpatterns as inspecting_urls

app_name = "protection"
urlpatterns: list[URLPattern] = [
    *inspecting_urls,
]
