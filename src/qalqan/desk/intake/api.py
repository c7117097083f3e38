"""The API for programs that hand in messages.

Its description is made by django-ninja, which takes a third of a second to import and is loaded
with the first request for it. The messages themselves are checked by the reader of JSON lines,
so that the API and the files have one set of rules.
"""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from qalqan.desk.intake import limits, services
from qalqan.desk.intake.models import ApiToken, MessageKind
from qalqan.desk.intake.pipeline import SOURCE_KINDS
from qalqan.desk.intake.readers import Record, Rejected
from qalqan.desk.intake.readers.jsonl import record_of
from qalqan.desk.platform.accounts.loopback import sender_of
from qalqan.desk.platform.policies import SystemActor, public
from qalqan.errors import InputError, Location, QalqanError

MOST_ITEMS = 1_000
MOST_BYTES = 8 << 20
_KIND_OF = {source: kind for kind, source in SOURCE_KINDS.items()}


class NoToken(QalqanError):
    """The request bears no valid key."""

    code = "api.no_token"


class TooMany(QalqanError):
    """The program asks too often."""

    code = "api.too_many"


def _post(request: HttpRequest) -> tuple[int, dict[str, Any]]:
    now = timezone.now()
    try:
        token = _token(request)
        records = _records(request, token)
    except NoToken as error:
        return 401, _faults([error])
    except TooMany as error:
        return 429, _faults([error])
    except _Wrong as wrong:
        return wrong.status, _faults(wrong.errors)
    receipt = services.accept_records(
        actor=SystemActor(f"token:{token.pk}"),
        records=records,
        channel=token.source.name,
        source=token.source,
        kind=_KIND_OF.get(token.source.kind, "post"),
        now=now,
    )
    return 202, {"accepted": receipt.accepted, "known": receipt.known}


class _Wrong(Exception):
    """The request cannot be taken, for one or more reasons."""

    def __init__(self, status: int, errors: list[QalqanError]) -> None:
        super().__init__(status)
        self.status = status
        self.errors = errors


def _token(request: HttpRequest) -> ApiToken:
    now = timezone.now()
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    sender = sender_of(request)
    token = None
    if scheme.lower() == "bearer" and secret:
        token = services.token_for(secret.strip(), scope=ApiToken.Scope.MESSAGES, now=now)
    if token is None:
        if not limits.WRONG_KEY.allows(sender, now=now):
            raise TooMany(_("Too many wrong keys from here. Try again later."))
        raise NoToken(_("A valid key is needed: Authorization: Bearer KEY."))
    if not limits.API.allows(f"token:{token.pk}", now=now):
        raise TooMany(_("Too many requests. Try again in a minute."))
    return token


def _records(request: HttpRequest, token: ApiToken) -> list[Record]:
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        raise _Wrong(413, [InputError(_("The request is too large."))])
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise _Wrong(413, [InputError(_("The request is too large."))])
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise _Wrong(422, [InputError(_("The body is no JSON."))]) from None
    items = data.get("messages") if isinstance(data, dict) else None
    if not isinstance(items, list) or not 1 <= len(items) <= MOST_ITEMS:
        why = _("“messages” is a list of 1 to %(most)d messages.") % {"most": MOST_ITEMS}
        raise _Wrong(422, [InputError(why, location=Location(field="messages"))])
    zone = ZoneInfo(settings.TIME_ZONE)
    keys: dict[str, str] = {}
    # The line of a location is counted from 1; here it bears the item's number.
    read = [record_of("", at, item, zone, keys) for at, item in enumerate(items, 1)]
    if wrong := [item.error for item in read if isinstance(item, Rejected)]:
        raise _Wrong(422, list(wrong[:20]))
    # A key speaks for one source: what an item calls its channel is not taken, and only the
    # hotline's own key brings in hotline reports, since those are counted as tips.
    hotline = token.source.kind == MessageKind.HOTLINE
    return [
        item._replace(
            channel=token.source.name,
            kind=item.kind if hotline or item.kind != MessageKind.HOTLINE else "",
        )
        for item in read
        if isinstance(item, Record)
    ]


def _faults(errors: list[QalqanError]) -> dict[str, Any]:
    def fault(error: QalqanError) -> dict[str, Any]:
        where = error.location or Location()
        return {
            "code": error.code,
            "message": str(error.message),
            "item": None if where.line is None else where.line - 1,
            "field": where.field,
        }

    return {"errors": [fault(error) for error in errors]}


@csrf_exempt
@public("Programs bear a key, which the API asks for itself; cookies are not read.")
def post_messages(request: HttpRequest) -> HttpResponseBase:
    """Hand a request over to the API."""
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    status, body = _post(request)
    response = JsonResponse(body, status=status)
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


@public("The description of the API holds no data.")
def openapi(request: HttpRequest) -> HttpResponse:
    """Describe the API for programs."""
    from qalqan.desk.intake.api_schema import describe

    return JsonResponse(describe("/intake/api/"))


urlpatterns = [
    path("messages", post_messages, name="api_messages"),
    path("openapi.json", openapi, name="api_openapi"),
]
