"""Addresses of the pages about releases."""

from django.urls import path

from qalqan.desk.platform.releases import views

app_name = "releases"
urlpatterns = [
    path("", views.release_list, name="releases"),
    path("<int:release_id>/", views.release_detail, name="release"),
]
