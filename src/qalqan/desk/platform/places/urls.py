"""Addresses of the pages about places."""

from django.urls import path

from qalqan.desk.platform.places import views

app_name = "places"
urlpatterns = [
    path("", views.place_list, name="place_list"),
    path("suggest/", views.place_suggest, name="place_suggest"),
    path("<int:place_id>/", views.place_detail, name="place_detail"),
]
