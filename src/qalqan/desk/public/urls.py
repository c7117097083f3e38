"""Addresses that everyone may open."""

from django.urls import path

from qalqan.desk.public import views

app_name = "public"
urlpatterns = [path("", views.start, name="start")]
