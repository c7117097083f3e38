"""How long answers take, as last computed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from qalqan.desk.platform.policies import Actor, SystemActor
from qalqan.desk.rumours.models import MeasureEdition

LEAST_PUBLIC = 10
"""Groups of fewer claims are not shown to the public."""


def latest(actor: Actor) -> MeasureEdition | None:
    """Return the newest measures; nothing where the worker has not computed any."""
    return MeasureEdition.objects.visible_to(actor).order_by("-computed_at", "-pk").first()


def public_measures() -> tuple[dict[str, Any], datetime] | None:
    """Return what everyone may know of the newest measures, and when they were computed.

    Groups of fewer than `LEAST_PUBLIC` claims are hidden, and where one is hidden the next
    smallest with it; the comparison of copies and what was closed without an answer stay, since
    they are sums over all claims.
    """
    from qalqan.science.spread.survival import suppress_small

    edition = latest(SystemActor("public"))
    if edition is None:
        return None
    content = dict(edition.content)
    if content["claims"] < LEAST_PUBLIC:
        return None
    shown = {}
    for name, groups in content["by"].items():
        hidden = suppress_small([group["count"] for group in groups], least=LEAST_PUBLIC)
        shown[name] = [
            {"key": group["key"], "is_hidden": True} if hide else group
            for group, hide in zip(groups, hidden, strict=True)
        ]
    content["by"] = shown
    return content, edition.computed_at
