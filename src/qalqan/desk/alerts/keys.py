"""The key of a delivery: the same for every attempt, and known to nobody but its receiver."""

from __future__ import annotations

import re

from qalqan.desk.platform.privacy.sealing import lookups

_FORM = re.compile(r"([0-9a-f]{1,16})-([0-9]{1,5})-([0-9a-f]{24})\Z")


def delivery_key(delivery_id: int, *, identifier: str, again: int) -> str:
    """Return the key under which a target takes a delivery once.

    The message's identifier is in it, so that a desk brought back from a backup, which gives
    the same numbers to other deliveries, does not repeat a key. ``again`` counts how often a
    person ordered it to be sent anew.
    """
    mac = lookups(f"{delivery_id}:{again}:{identifier}", purpose="alerts.delivery")[0][:24]
    return f"{delivery_id:x}-{again}-{mac}"


def read_key(key: str) -> tuple[int, int] | None:
    """Return the number of a delivery and how often it was ordered; not yet proved.

    >>> read_key("1f-0-" + "a" * 24), read_key("1f-0-xyz")
    ((31, 0), None)
    """
    found = _FORM.match(key)
    return (int(found[1], 16), int(found[2])) if found else None
