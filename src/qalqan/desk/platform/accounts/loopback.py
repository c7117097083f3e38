"""Is the caller on this very machine?"""

from __future__ import annotations

from ipaddress import ip_address

from django.http import HttpRequest

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")


def is_loopback(request: HttpRequest) -> bool:
    """Tell whether the request came from this machine and through no proxy.

    A proxy on the same machine would make every caller look local, so a request that bears
    any trace of one does not count.
    """
    if any(name in request.META for name in FORWARDED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
