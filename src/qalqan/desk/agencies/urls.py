"""Addresses of the room of agencies; each concern brings its own."""

from django.urls import URLPattern

from qalqan.desk.agencies.urls_bodies import urlpatterns as bodies_urls
from qalqan.desk.agencies.urls_matters import urlpatterns as matters_urls
from qalqan.desk.agencies.urls_returns import urlpatterns as returns_urls

app_name = "agencies"
urlpatterns: list[URLPattern] = [*bodies_urls, *matters_urls, *returns_urls]
