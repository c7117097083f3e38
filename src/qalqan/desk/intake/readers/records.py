"""What readers yield."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from qalqan.errors import InputError

LONGEST_TEXT = 20_000
"""Characters; longer texts are documents, not messages."""


class Record(NamedTuple):
    """One message as its file states it.

    Parameters
    ----------
    text
        As written, without markup.
    published_at
        Aware, UTC.
    channel
        Name of the public channel; empty where the file names none.
    native_id
        The channel's own number of the message; empty where there is none.
    kind
        ``post``, ``hotline``, ``news``, or empty.
    place
        Name or KATO code that the file gives; empty where it gives none.
    """

    text: str
    published_at: datetime
    channel: str = ""
    native_id: str = ""
    kind: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot be taken, with the reason.

    Parameters
    ----------
    error
        Names file, line and field.
    kept
        The fields that would have been read; never the author's.
    """

    error: InputError
    kept: Mapping[str, str] = field(default_factory=dict)
