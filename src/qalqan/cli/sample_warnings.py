"""The sample's warnings, written and approved by the accounts of the demo."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any


def send_sample_warnings(now: datetime) -> int:
    """Bring in the templates and write the sample's warnings, all or none; return how many."""
    from django.db import transaction

    from qalqan.desk.alerts import selectors, services
    from qalqan.desk.platform.accounts.selectors import user
    from qalqan.desk.platform.places import selectors as places
    from qalqan.desk.platform.policies import SystemActor
    from qalqan.sample.warned import WARNED

    desk: Any = SystemActor("demo")
    if selectors.messages(desk).filter(alert__is_sample=True).exists():
        return 0
    district = places.districts(desk).first()
    if district is None:
        return 0
    writer, second = user(desk, "press_officer"), user(desk, "secretary")
    with transaction.atomic():
        services.install_templates(actor=desk, now=now)
        templates = {one.code: one for one in selectors.templates(desk)}
        for one in WARNED:
            at = now - one.before
            version = services.start(
                actor=writer, status=one.status, template=templates[one.template], now=at,
                is_sample=True,
            )  # fmt: skip
            content = replace(_content(version), place_ids=(district.pk,), note=one.note)
            version = services.submit(
                actor=writer, version=version, content=_marked(content, one.status), now=at
            )
            if one.end == "waits":
                continue
            _approve(second, version, at + timedelta(minutes=2))
            if one.end == "cancelled":
                over = services.prepare_cancel(
                    actor=writer, alert=version.alert, why="over", now=at + timedelta(minutes=40)
                )
                _approve(second, over, at + timedelta(minutes=41))
    return len(WARNED)


def _approve(second: Any, version: Any, now: datetime) -> None:
    from qalqan.desk.alerts import services

    services.approve(actor=second, version=version, shown_hash=version.xml_sha256, now=now)


def _content(version: Any) -> Any:
    from qalqan.desk.alerts.content import Content

    return Content.from_json(version.content)


def _marked(content: Any, status: str) -> Any:
    """Say of an actual warning that it is a sample; exercises and tests say what they are."""
    from qalqan.sample.warned import MARKS

    if status != "Actual":
        return content
    said = {
        code: replace(words, headline=f"{MARKS[code]}: {words.headline}")
        for code, words in content.said.items()
    }
    return replace(content, said=said)
