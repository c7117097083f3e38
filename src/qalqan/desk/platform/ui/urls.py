"""Addresses of the frame: switches, search, the page of components."""

from django.urls import path

from qalqan.desk.platform.ui import views

app_name = "ui"
urlpatterns = [
    path("language/", views.set_language, name="language"),
    path("theme/", views.set_theme, name="theme"),
    path("search/", views.search, name="search"),
    path("components/", views.components, name="components"),
    path("help/", views.help_page, name="help"),
]
