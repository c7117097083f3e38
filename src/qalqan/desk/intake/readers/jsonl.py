"""JSON lines: one object a line, keys named like the columns of a table."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import tzinfo
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from qalqan.desk.intake.readers.build import build, rejected
from qalqan.desk.intake.readers.fields import SYNONYMS, folded
from qalqan.desk.intake.readers.records import Record, Rejected
from qalqan.desk.intake.readers.survey import Survey

_LONGEST_LINE = 1 << 20
_FIELD_OF = {name: field for field, names in SYNONYMS.items() for name in reversed(names)}
_RANK = {name: rank for names in SYNONYMS.values() for rank, name in enumerate(names)}


def read_lines(path: Path, found: Survey, zone: tzinfo) -> Iterator[Record | Rejected]:
    """Read a file of JSON objects, one a line.

    Parameters
    ----------
    path
        The file.
    found
        Its survey, for the encoding.
    zone
        Of times without one.
    """
    keys: dict[str, str] = {}
    with path.open(encoding=found.encoding, errors="surrogateescape", newline="\n") as file:
        line = 0
        while text := file.readline(_LONGEST_LINE):
            line += 1
            if len(text) == _LONGEST_LINE and not text.endswith("\n"):
                while (rest := file.readline(_LONGEST_LINE)) and not rest.endswith("\n"):
                    continue
                yield rejected(path.name, line, None, _("The line is longer than a megabyte."))
            elif text.strip():
                yield _record(path.name, line, text, zone, keys, is_clean=found.is_clean)


def _record(
    file: str, line: int, text: str, zone: tzinfo, keys: dict[str, str], *, is_clean: bool
) -> Record | Rejected:
    if not is_clean:
        try:
            text.encode()
        except UnicodeEncodeError:
            return rejected(file, line, None, _("The line cannot be decoded."))
    try:
        item = json.loads(text)
    except (ValueError, RecursionError) as error:
        column = getattr(error, "colno", 1)
        return rejected(
            file, line, None, _("No JSON from column %(column)d on.") % {"column": column}
        )
    return record_of(file, line, item, zone, keys)


def record_of(
    file: str, line: int | None, item: Any, zone: tzinfo, keys: dict[str, str], prefix: str = ""
) -> Record | Rejected:
    """Make a record of a JSON object; also what the API does with each item.

    Parameters
    ----------
    keys
        What earlier objects called each field; filled here.
    """
    if not isinstance(item, dict):
        return rejected(file, line, prefix or None, _("An object is needed here."))
    values: dict[str, str] = {}
    names: dict[str, str] = {}
    for key, value in item.items():
        name = keys.get(key)
        if name is None:
            name = keys.setdefault(key, folded(key))
        field = _FIELD_OF.get(name)
        if field is None or value is None:
            continue
        if field in names and _RANK[keys[names[field]]] <= _RANK[name]:
            continue
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            why = _("A text or a number is needed here.")
            return rejected(file, line, prefix + key, why)
        names[field] = key
        values[field] = value if isinstance(value, str) else repr(value)
    return build(
        file, line, zone, names, values.get("time", ""), values.get("text", ""),
        values.get("channel", ""), values.get("id", ""), values.get("kind", ""),
        values.get("place", ""), prefix,
    )  # fmt: skip
