"""Addresses of the room of support; each concern brings its own."""

from django.urls import URLPattern

app_name = "support"
urlpatterns: list[URLPattern] = []
