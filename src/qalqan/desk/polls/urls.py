"""Addresses of the room of polls; each concern brings its own."""

from django.urls import URLPattern

app_name = "polls"
urlpatterns: list[URLPattern] = []
