"""Answers for requests that are refused for a reason other than a policy."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def too_many_requests(request: HttpRequest, *, wait_seconds: int) -> HttpResponse:
    """Ask the caller to come back later; the header tells programs how long to wait."""
    response = render(request, "429.html", {"wait": wait_seconds}, status=429)
    response["Retry-After"] = str(wait_seconds)
    return response
