"""Addresses of the room of agencies; each concern brings its own."""

from django.urls import URLPattern

app_name = "agencies"
urlpatterns: list[URLPattern] = []
