"""Addresses of the room of commission; each concern brings its own."""

from django.urls import URLPattern

app_name = "commission"
urlpatterns: list[URLPattern] = []
