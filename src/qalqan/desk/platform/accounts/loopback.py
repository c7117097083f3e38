"""Where a request came from, and whether that is this very machine."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")


def sender_of(request: HttpRequest) -> str:
    """Return the address that a request came from.

    Behind trusted proxies the last of them wrote it into ``X-Forwarded-For``; whatever stands
    further left there may be made up by the sender.
    """
    proxies = int(getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0))
    chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if proxies and len(chain) >= proxies and chain[-proxies]:
        return chain[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


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
