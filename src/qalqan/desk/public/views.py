"""What everyone may read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from qalqan.desk.platform.policies import public


@public("It says what the desk is and how to reach it.")
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Show what the desk is, how to report something, and what it never keeps."""
    return render(request, "public/start.html")
