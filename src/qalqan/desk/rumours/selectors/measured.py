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


SCOPES = ("taken_up", "copies", "all")


def narrowed(content: dict[str, Any], scope: str) -> dict[str, Any]:
    """Return the measures of a part of the claims, with the scope shown and how many it leaves out.

    Parameters
    ----------
    scope
        One of `SCOPES`; another one, or one without claims, gives what the desk took up, and all
        claims where that is nothing.
    """
    scopes = content.get("scopes", {})
    for name in (scope, "taken_up"):
        if name != "all" and name in scopes and scopes[name]["claims"]:
            part = scopes[name]
            return {
                **content,
                **part,
                "scope": name,
                "left_out": content["claims"] - part["claims"],
            }
        if name == "all":
            break
    return {**content, "scope": "all", "left_out": 0}


def public_measures() -> tuple[dict[str, Any], datetime] | None:
    """Return what everyone may know of the newest measures, and when they were computed.

    It is one part of the claims only, since two parts beside each other could be subtracted: what
    the desk took up, or all claims where that is fewer than `LEAST_PUBLIC`. Groups of fewer claims
    are hidden, and where one is hidden the next
    smallest with it; the comparison of copies and what was closed without an answer stay, since
    they are sums over all claims.
    """
    from qalqan.science.spread.survival import suppress_small

    edition = latest(SystemActor("public"))
    if edition is None:
        return None
    content = narrowed(edition.content, "taken_up")
    if content["claims"] < LEAST_PUBLIC:
        content = narrowed(edition.content, "all")
    content.pop("scopes", None)
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
