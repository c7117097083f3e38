"""Acts on quarterly reports: drafted, published by another person, corrected, never swapped."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.commission import report_paper, report_parts
from qalqan.desk.commission.models import QuarterReport, ReportPaper
from qalqan.desk.commission.report_parts import Quarter
from qalqan.desk.commission.selectors.report_sections import sections
from qalqan.desk.commission.services.checks import words
from qalqan.desk.commission.services.money import quarter_before
from qalqan.desk.commission.services.report_keys import next_key, signing_key
from qalqan.desk.commission.services.report_proof import prove
from qalqan.desk.platform.accounts import selectors as accounts
from qalqan.desk.platform.accounts.models import User
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, Role, SystemActor, require
from qalqan.desk.platform.releases import services as releases
from qalqan.desk.platform.ui.fonts import missing_letters
from qalqan.desk.platform.ui.paper import without_emoji
from qalqan.desk.platform.work import services as work
from qalqan.desk.platform.work.models import WorkItem
from qalqan.errors import ConflictError, InputError, Location, RefusedError
from qalqan.verify.canonical import canonical, digest
from qalqan.verify.paper import LANGUAGES
from qalqan.verify.shape import SCHEMA

DUE = "commission.publish_report"
DESK = SystemActor("commission")
SERIES = "commission.report"
_OWED = timedelta(days=30)
_COMPARED = ("value", "low", "high", "n", "withheld", "unit")
State = QuarterReport.State


@transaction.atomic
def draft_report(
    *, actor: Actor, year: int, quarter: int, now: datetime,
    reason: Mapping[str, str] | None = None, is_sample: bool = False,
) -> QuarterReport:  # fmt: skip
    """Draft the report of a quarter that is over, from what is published and locked by now.

    Parameters
    ----------
    reason
        Why a published version is corrected, by ``kk``, ``ru`` and ``en``.

    Raises
    ------
    ConflictError
        There is a draft already, or it is published and no reason for a correction is given.
    InputError
        The quarter is not over, a reason lacks a language, or there is nothing to correct.
    RefusedError
        The actor may not draft.
    """
    require(actor, ADD, QuarterReport)
    span = _span(year, quarter, now)
    rows = QuarterReport.objects.select_for_update().filter(year=year, quarter=quarter)
    if rows.filter(state=State.DRAFT).exists():
        raise ConflictError(_("There is a draft for this quarter already."))
    former = rows.filter(state=State.PUBLISHED).order_by("-version").first()
    if former is not None and reason is None:
        raise ConflictError(_("This quarter is published already; correct it on its page."))
    if former is None and reason is not None:
        raise InputError(_("There is no published report to correct."))
    said = {} if reason is None else _reason(reason)
    made = QuarterReport(
        year=year, quarter=quarter, version=former.version + 1 if former else 1, drafted_at=now,
        drafted_by=_person(actor), is_sample=is_sample,
        **{f"reason_{code}": text for code, text in said.items()},
    )  # fmt: skip
    made.data = _collected(made, span, former, now)
    made.is_sample = json.loads(made.data)["report"]["is_sample"]
    made.save()
    audit.record(
        actor=actor, action="commission.draft_report", subject=made, now=now,
        detail={"report": made.code, "data": sha256(made.data.encode()).hexdigest()},
    )  # fmt: skip
    return made


@transaction.atomic
def discard_report(*, actor: Actor, report: QuarterReport, now: datetime) -> QuarterReport:
    """Throw a draft away, so that a new one can be drafted; it stays on record.

    Raises
    ------
    ConflictError
        It is no draft.
    """
    require(actor, CHANGE, QuarterReport)
    locked = _draft(report)
    locked.state = State.DISCARDED
    locked.save(update_fields=["state"])
    detail = {"report": locked.code}
    audit.record(
        actor=actor, action="commission.discard_report", subject=locked, now=now, detail=detail
    )
    return locked


@transaction.atomic
def publish_report(*, actor: Actor, report: QuarterReport, now: datetime) -> QuarterReport:
    """Publish a draft as another person than its drafter: lock it, prove the chain, sign.

    Raises
    ------
    ConflictError
        It is no draft, or the release of its counts was refused.
    InputError
        A text cannot be set in type.
    RefusedError
        The actor drafted it, or may not publish.
    """
    require(actor, CHANGE, QuarterReport)
    locked = _draft(report)
    publisher = _person(actor)
    if publisher is not None and locked.drafted_by_id == publisher.pk:
        raise RefusedError(_("Whoever drafted a report does not publish it."))
    content = json.loads(locked.data)
    _release(actor, locked, content, now)
    audit.record(
        actor=actor, action="commission.lock_report", subject=locked, now=now,
        detail={"report": locked.code},
    )  # fmt: skip
    key, following = signing_key(now=now), next_key(now=now)
    proof = prove(locked.code)
    content["report"]["locked_at"] = now.astimezone(UTC).isoformat(timespec="seconds")
    content["chain"] = {
        "sequence": proof.head.sequence, "entry_hash": proof.entry_hash, "link": proof.head.link,
        "start": {"sequence": proof.start.sequence, "link": proof.start.link},
    }  # fmt: skip
    content["certificate"] = {
        "sha256": key.fingerprint,
        "next": following.fingerprint if following else "",
    }
    payload = canonical(content)
    locked.data, locked.data_sha256 = payload.decode(), digest(payload)
    locked.chain_sequence, locked.chain_link = proof.head.sequence, proof.head.link
    locked.chain_file, locked.certificate = proof.file, key.pem
    locked.state, locked.published_by, locked.published_at = State.PUBLISHED, publisher, now
    locked.save()
    hashes = {}
    for language in LANGUAGES:
        pdf = report_paper.signed(
            report_paper.report_pdf(content, payload, language, made_at=now), key=key
        )
        hashes[language] = digest(pdf)
        ReportPaper.objects.create(
            report=locked, language=language, pdf=pdf, sha256=hashes[language]
        )
    _close_work(locked, now)
    audit.record(
        actor=actor, action="commission.publish_report", subject=locked, now=now,
        detail={"report": locked.code, "data": locked.data_sha256, **hashes},
    )  # fmt: skip
    return locked


def open_due_report(*, actor: Actor, now: datetime) -> WorkItem | None:
    """Open the work of reporting the quarter that is over, once; nothing where it is done."""
    first, _end, name = quarter_before(timezone.localdate(now))
    rows = QuarterReport.objects.filter(year=first.year, quarter=int(name[-1]))
    subject = f"commission.report:{name}"
    if (
        rows.filter(state=State.PUBLISHED).exists()
        or WorkItem.objects.filter(kind=DUE, subject=subject).exists()
    ):
        return None
    secretary = accounts.users(actor).filter(role=Role.SECRETARY, is_active=True).first()
    if secretary is None:
        return None
    return work.open_item(
        actor=actor, kind=DUE, title=_("Publish the report of %(quarter)s") % {"quarter": name},
        subject=subject, owner=None, organisation=secretary.organisation, due_at=now + _OWED,
        now=now, url=reverse("commission:reports"),
    )  # fmt: skip


def _person(actor: Actor) -> User | None:
    return actor if isinstance(actor, User) else None


def _span(year: int, quarter: int, now: datetime) -> Quarter:
    if quarter not in (1, 2, 3, 4) or not 2000 <= year <= 2200:
        raise InputError(_("A quarter is 1 to 4."), location=Location(field="quarter"))
    first = date(year, 3 * quarter - 2, 1)
    last = date(year + quarter // 4, 3 * quarter % 12 + 1, 1) - timedelta(days=1)
    if last >= timezone.localdate(now):
        raise InputError(_("This quarter is not over."), location=Location(field="quarter"))
    return Quarter(first, last, now)


def _reason(given: Mapping[str, str]) -> dict[str, str]:
    said = {}
    for code in LANGUAGES:
        field = f"reason_{code}"
        text = " ".join(without_emoji(words(given.get(code, ""), field, 500)).split())
        unknown = missing_letters("".join(sorted({one for one in text if not one.isspace()})))
        if unknown:
            raise InputError(
                _("The paper has no letters for: %(letters)s.") % {"letters": unknown[:20]},
                location=Location(field=field),
            )
        said[code] = text
    return said


def _collected(
    made: QuarterReport, span: Quarter, former: QuarterReport | None, now: datetime
) -> str:
    """Return the canonical data of a draft; chain and certificate come when it is locked."""
    found = sections(span)
    parts = [section.as_dict() for section in found]
    content = {
        "schema": SCHEMA,
        "report": {
            "name": made.name, "code": made.code, "version": made.version,
            "publisher": without_emoji(settings.QALQAN_PUBLISHER), "from": span.first.isoformat(),
            "until": span.last.isoformat(),
            "drafted_at": now.astimezone(UTC).isoformat(timespec="seconds"), "locked_at": "",
            "is_sample": made.is_sample or any(section.is_sample for section in found),
            "corrects": _corrected(former, made, parts),
        },
        "words": report_parts.words(made.year, made.quarter),
        "sections": parts,
    }  # fmt: skip
    return canonical(content).decode()


def _corrected(
    former: QuarterReport | None, made: QuarterReport, parts: list[dict[str, Any]]
) -> dict[str, Any] | None:
    if former is None:
        return None
    old, new = _by_code(json.loads(former.data)["sections"]), _by_code(parts)
    changes = []
    for code in [*new, *(code for code in old if code not in new)]:
        before, after = old.get(code), new.get(code)
        if before and after and all(before[name] == after[name] for name in _COMPARED):
            continue
        label = (after or before or {})["label"]
        changes.append({"code": code, "label": label, "before": before, "after": after})
    return {"version": former.version, "reason": made.reason, "changes": changes}


def _by_code(parts: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {one["code"]: one for part in parts for one in part["figures"]}


def _draft(report: QuarterReport) -> QuarterReport:
    locked = QuarterReport.objects.select_for_update().get(pk=report.pk)
    if locked.state != State.DRAFT:
        raise ConflictError(_("This is no draft any more."))
    return locked


def _release(actor: Actor, report: QuarterReport, content: dict[str, Any], now: datetime) -> None:
    """Send the counts of the desk's own acts through the one door of published counts."""
    cells: dict[tuple[str, ...], float] = {
        (code,): one["value"] for code, one in _by_code(content["sections"]).items() if one["exact"]
    }
    found = releases.release(
        actor=DESK, series=SERIES, edition=report.code, now=now, threshold=1, zeros="structural",
        tables=[releases.Table("acts", ("act",), cells)], is_sample=report.is_sample,
    )  # fmt: skip
    if found.state != found.State.PUBLISHED or found.withheld:
        raise ConflictError(_("The release of the report's counts was refused."))


def _close_work(report: QuarterReport, now: datetime) -> None:
    rows = WorkItem.objects.filter(
        kind=DUE, subject=f"commission.report:{report.name}",
        state__in=(WorkItem.State.OPEN, WorkItem.State.ACCEPTED),
    )  # fmt: skip
    for item in rows:
        work.close_item(actor=DESK, item=item, outcome=report.code, now=now)
