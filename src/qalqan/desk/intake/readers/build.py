"""From the fields of a row to a record, or to the reason why not."""

from __future__ import annotations

from datetime import tzinfo

from django.utils.translation import gettext as _

from qalqan.desk.intake.readers.fields import kind_of
from qalqan.desk.intake.readers.records import LONGEST_TEXT, Record, Rejected
from qalqan.desk.intake.readers.times import parse_time
from qalqan.errors import InputError, Location

_LONGEST_NAME = 200


def rejected(
    file: str, line: int | None, field: str | None, why: str, kept: dict[str, str] | None = None
) -> Rejected:
    """Say that a row cannot be taken."""
    return Rejected(InputError(why, location=Location(file, line, field)), kept or {})


def build(
    file: str,
    line: int | None,
    zone: tzinfo,
    names: dict[str, str],
    time: str,
    text: str,
    channel: str = "",
    native_id: str = "",
    kind: str = "",
    place: str = "",
    prefix: str = "",
) -> Record | Rejected:
    """Check the fields of one row.

    Parameters
    ----------
    file, line
        Where the row stands.
    zone
        Of times without one.
    names
        What the file calls each field, for the error.
    prefix
        Put before the field's name in an error, e.g. ``messages[3].``.
    """

    def refuse(field: str, why: str) -> Rejected:
        kept = {"time": time, "text": text, "channel": channel, "id": native_id, "kind": kind}
        kept |= {"place": place}
        return rejected(file, line, prefix + names.get(field, field), why, kept)

    text = text.strip()
    if not text:
        return refuse("text", _("The text is empty."))
    if len(text) > LONGEST_TEXT:
        return refuse(
            "text", _("The text is longer than %(most)d characters.") % {"most": LONGEST_TEXT}
        )
    if not time:
        return refuse("time", _("The time is missing."))
    try:
        moment = parse_time(time, zone)
    except (ValueError, OverflowError, TypeError):
        return refuse("time", _("“%(text)s” is no time.") % {"text": time[:40]})
    if len(channel) > _LONGEST_NAME:
        return refuse(
            "channel", _("The name is longer than %(most)d characters.") % {"most": _LONGEST_NAME}
        )
    if kind:
        try:
            kind = kind_of(kind)
        except ValueError:
            return refuse("kind", _("“%(text)s” is no kind of message.") % {"text": kind[:40]})
    return Record(text, moment, channel, native_id, kind, place)
