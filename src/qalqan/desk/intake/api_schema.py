"""The API's description for programs; imports the API library, so it is itself imported late."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI, Schema
from pydantic import Field


class Message(Schema):
    """One message; fields beside these are not read."""

    text: str = Field(description="As published, at most 20,000 characters.")
    time: str = Field(description="ISO 8601; without a zone, a time of the province.")
    message_id: str = Field("", description="The channel's own number, if it has one.")
    kind: str = Field("", description="post, hotline or news.")
    place: str = Field("", description="Name or KATO code of the place it speaks of.")


class Batch(Schema):
    """Up to 1,000 messages; taken all or none."""

    messages: list[Message]


class Taken(Schema):
    """What became of the batch; handing it in again gives the same messages as known."""

    accepted: int
    known: int


class Fault(Schema):
    """One thing that is wrong."""

    code: str
    message: str
    item: int | None = None
    field: str | None = None


class Faults(Schema):
    """Why nothing was taken."""

    errors: list[Fault]


def describe(prefix: str) -> dict[str, Any]:
    """Return the OpenAPI description.

    Parameters
    ----------
    prefix
        Where the API stands, with a slash at its end.
    """
    api = NinjaAPI(
        title="Qalqan intake",
        version="1",
        docs_url=None,
        openapi_url=None,
        urls_namespace="intake-api",
        description="Hand in public messages. Send the key as “Authorization: Bearer KEY”.",
    )

    @api.post(
        "messages",
        response={202: Taken, 401: Faults, 413: Faults, 422: Faults, 429: Faults},
        openapi_extra={"security": [{"key": []}]},
        summary="Hand in a batch of messages",
    )
    def post_messages(request: HttpRequest, batch: Batch) -> None:
        """Stand for the address in the description; `api.post_messages` answers it."""

    schema = dict(api.get_openapi_schema(path_prefix=prefix))
    schema["components"] = {
        **schema.get("components", {}),
        "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
    }
    return schema
