"""Dataclasses to what JSON can hold, and back by their type hints."""

from __future__ import annotations

import dataclasses
import types
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

AnyData = TypeVar("AnyData")


def as_json(value: Any) -> Any:
    """Turn the dataclasses into what JSON can hold; times become ISO 8601 with their zone."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: as_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def build(kind: type[AnyData], data: dict[str, Any]) -> AnyData:
    """Make a dataclass of plain data; fields that are not there take their default."""
    hints = _hints(kind)  # type: ignore[arg-type]
    return kind(**{name: _value(hints[name], item) for name, item in data.items()})


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return get_type_hints(kind)


def _value(hint: Any, item: Any) -> Any:
    if item is None:
        return None
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(arm for arm in get_args(hint) if arm is not type(None))
    if get_origin(hint) is dict:
        return item
    if get_origin(hint) is list:
        return [_value(get_args(hint)[0], entry) for entry in item]
    if dataclasses.is_dataclass(hint):
        return build(hint, item)  # type: ignore[arg-type]
    if hint in (datetime, date):
        return hint.fromisoformat(item)
    return item
