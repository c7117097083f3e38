"""Notices of the demo desk: some mended, some late, one extended, one with a proof to check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from qalqan.desk.platform.accounts.models import User
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.desk.protection.models import Notice, Site, Violation
from qalqan.desk.protection.services import notices, remedy

_DAY = timedelta(days=1)
_FREE = (Violation.State.OPEN, Violation.State.REOPENED)


@dataclass(frozen=True, slots=True)
class _Course:
    """What became of a notice, in days from its issue; nothing for what did not happen."""

    days_to_mend: int
    proof_after: int | None = None
    accepted_after: int | None = None
    extended_after: int | None = None


_COURSES = (
    _Course(30, proof_after=12, accepted_after=14),
    _Course(30, proof_after=26, accepted_after=29),
    _Course(20, proof_after=27, accepted_after=30),
    _Course(30, extended_after=25, proof_after=41, accepted_after=44),
    _Course(14, proof_after=9, accepted_after=11),
    _Course(21),
    _Course(10),
    _Course(30, proof_after=5),
    _Course(30),
    _Course(12),
    _Course(45),
    _Course(60),
)
"""The older the notice, the earlier it stands here."""
_SPACING = 6


@transaction.atomic
def load_sample_notices(*, actor: Actor, inspector: User, checker: User, now: datetime) -> int:
    """Issue notices about what the sample's inspections found, oldest first; once.

    Returns
    -------
    int
        How many were issued.
    """
    require(actor, ADD, Notice)
    if Notice.objects.filter(is_sample=True).exists():
        return 0
    made = 0
    for place, course in enumerate(_COURSES):
        at = now - (len(_COURSES) - place) * _SPACING * _DAY
        site = _site_for(at)
        if site is None:
            continue
        rows = list(Violation.objects.filter(site=site, state__in=_FREE, last_found_at__lt=at)[:3])
        notice = notices.issue_notice(
            actor=inspector, site=site, violations=rows, language=site.owner_language,
            deadline=timezone.localdate(at) + course.days_to_mend * _DAY, now=at, is_sample=True,
        )  # fmt: skip
        _run(actor, inspector, checker, notice, course, at, now)
        made += 1
    notices.send_reminders(actor=actor, now=now)
    return made


def _site_for(at: datetime) -> Site | None:
    """Return the first site with something wrong, known at that time, and without a notice."""
    found = Violation.objects.filter(state__in=_FREE, last_found_at__lt=at, is_sample=True)
    site: Site | None = (
        Site.objects.filter(pk__in=found.values("site_id"), notices__isnull=True)
        .order_by("number")
        .first()
    )
    return site


def _run(
    actor: Actor, inspector: User, checker: User, notice: Notice, course: _Course,
    at: datetime, now: datetime,
) -> None:  # fmt: skip
    def happens(days: int | None) -> datetime | None:
        return None if days is None or at + days * _DAY > now else at + days * _DAY

    if when := happens(course.extended_after):
        notices.extend_notice(
            actor=inspector, notice=notice, deadline=notice.deadline + 21 * _DAY, now=when,
            reason={"kk": "Бөлшектер кешігіп жатыр.", "ru": "Поставка деталей задерживается."}.get(
                notice.language, "The parts are late."
            ),
        )  # fmt: skip
    if not (when := happens(course.proof_after)):
        return
    text = {"kk": "Жөнделді.", "ru": "Устранено."}.get(notice.language, "Mended.")
    for item in notice.items.all():
        proof = remedy.hand_in(actor=actor, item=item, text=text, files=[], now=when)
        if done := happens(course.accepted_after):
            remedy.decide_remedy(actor=checker, remedy=proof, accepted=True, reason="", now=done)
