"""Addresses of the room of outreach; each concern brings its own."""

from django.urls import URLPattern

app_name = "outreach"
urlpatterns: list[URLPattern] = []
