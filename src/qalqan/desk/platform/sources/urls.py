"""Addresses of the pages about sources."""

from django.urls import path

from qalqan.desk.platform.sources import views

app_name = "sources"
urlpatterns = [
    path("", views.source_list, name="source_list"),
    path("<int:source_id>/", views.source_detail, name="source_detail"),
    path("<int:source_id>/grade/", views.source_grade, name="source_grade"),
]
