"""A made-up incident with a whole history: reports that contradict each other, and what followed.

Everything here is synthetic and bears that word; no event of the public record is touched.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

_DAY = timedelta(days=1)
TITLES = {
    "title_kk": "Дүкенге шабуыл (ойдан шығарылған)",
    "title_ru": "Нападение на магазин (вымышлено)",
    "title_en": "Attack on a shop (synthetic)",
}
PLACE = {"text": "Shubarshi", "latitude": 48.99, "longitude": 57.2, "precision": "settlement"}


def tell_a_history(now: datetime) -> None:
    """Record a made-up incident forty days ago, and do to it what a desk does."""
    from qalqan.desk.incidents import services
    from qalqan.desk.platform.accounts.selectors import user
    from qalqan.desk.platform.policies import SystemActor
    from qalqan.desk.platform.sources.services import get_or_create_source

    system = SystemActor("demo")
    officer, analyst = (user(system, name) for name in ("duty_officer", "analyst"))
    began = (now - 40 * _DAY).replace(minute=20, second=0, microsecond=0)
    sources = {
        name: get_or_create_source(actor=system, name=name, kind=kind, now=now, is_sample=True)
        for name, kind in (
            ("Synthetic gazette", "press"),
            ("Synthetic police department", "agency"),
            ("Synthetic channel", "channel"),
        )
    }
    gazette, police, channel = sources.values()
    first = _record(system, "1", began, gazette, {"killed": 1, "injured": 2}, began + _DAY / 4)
    if first.version > 1:
        return
    double = _record(system, "2", began, channel, {"injured": 2}, began + _DAY / 2)

    def report(source: Any, after: float, **given: Any) -> Any:
        at = began + after * _DAY
        return services.add_report(
            actor=officer, incident=first, source=source, now=at, reported_at=at, **given
        )

    report(
        police, 1, says={"killed": 0, "injured": 2, "where": PLACE}, credibility=2,
        citation="Synthetic statement no. 1", is_official=True,
    )  # fmt: skip
    wild = report(
        channel, 2, says={"killed": 3, "weapons": "firearm"}, credibility=4,
        citation="Synthetic post no. 7",
    )  # fmt: skip
    common: dict[str, Any] = {"actor": officer, "report": wild}
    services.dispute(
        **common, attribute="killed", disputed_by=police, now=began + 3 * _DAY,
        reason="The department counted none killed.",
    )  # fmt: skip
    services.hold(
        actor=analyst, incident=first, attribute="killed", state="known", value=1,
        reason="Two hospitals confirm one death.", now=began + 5 * _DAY,
    )  # fmt: skip
    services.merge(
        actor=analyst, incident=double, into=first, reason="Same shop, same hour.",
        now=began + 6 * _DAY,
    )  # fmt: skip


def _record(
    actor: Any, number: str, began: datetime, source: Any, numbers: dict[str, int], at: datetime
) -> Any:
    from qalqan.desk.incidents import services
    from qalqan.desk.incidents.services.rows import ParsedIncident, SourceClaim

    values: dict[str, Any] = {
        "kind": "robbery", "occurred_from": began, "occurred_to": began,
        "time_precision": "minute", "place_id": None, "district_id": None,
        "place_text": PLACE["text"], "latitude": PLACE["latitude"],
        "longitude": PLACE["longitude"], "place_precision": PLACE["precision"],
        **TITLES, **numbers,
    }  # fmt: skip
    claim = SourceClaim(source.name, source.kind, "", 3, f"Synthetic report no. {number}", at)
    parsed = ParsedIncident(f"synthetic-ledger-{number}", values, claim)
    return services.record_incident(actor=actor, parsed=parsed, now=at, is_sample=True)
