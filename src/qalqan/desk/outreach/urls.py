"""Addresses of the room of outreach; each concern brings its own."""

from django.urls import URLPattern

from qalqan.desk.outreach import urls_activities, urls_field

app_name = "outreach"
urlpatterns: list[URLPattern] = [
    *urls_activities.urlpatterns,
    *urls_field.urlpatterns,
]
