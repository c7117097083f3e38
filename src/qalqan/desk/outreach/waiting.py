"""What waits in this room, told to the one work list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qalqan.desk.outreach.field_policies import ANSWER
from qalqan.desk.outreach.models import Activity, FieldNote
from qalqan.desk.platform.policies import CHANGE, policy_of
from qalqan.desk.platform.work import attention
from qalqan.desk.platform.work.attention import Ask, Waiting, end_of_day

_TO_REPORT = timedelta(days=7)
_TO_ANSWER = timedelta(days=2)
_LONGEST_BACK = timedelta(days=365)


def register() -> None:
    """Tell the work list of reports that are due and notes that wait for an answer."""
    attention.register("outreach.report", gettext_lazy("Report an activity"), _reports)
    attention.register("outreach.answer_note", gettext_lazy("Answer a field note"), _notes)


def _reports(ask: Ask) -> Iterator[Waiting]:
    today = timezone.localdate(ask.now)
    rows = Activity.objects.visible_to(ask.actor).filter(
        Q(state=Activity.State.HELD) | Q(state=Activity.State.PLANNED),
        held_on__lt=today, held_on__gte=today - _LONGEST_BACK,
    )  # fmt: skip
    rows = ask.narrow(rows, body="body__organisation_id").order_by("held_on", "pk")
    page = attention.address("outreach:activity")
    may_act = policy_of(Activity).allows(ask.actor, CHANGE)
    held, planned = _("It was held, and its report is due."), _("Its day is over: held or not?")
    fields = ("pk", "title", "state", "held_on", "body__organisation_id", "district_id")
    for key, title, state, day, body, district in rows.values_list(*fields)[: ask.most]:
        yield Waiting(
            "outreach.report", title, page(key), end_of_day(day), end_of_day(day + _TO_REPORT),
            body, None, held if state == Activity.State.HELD else planned, may_act=may_act,
            subject=f"outreach.activity:{key}", area_id=district,
        )  # fmt: skip


def _notes(ask: Ask) -> Iterator[Waiting]:
    rows = FieldNote.objects.visible_to(ask.actor).filter(state=FieldNote.State.NEW)
    page, name = attention.address("outreach:note"), _("Field note %(number)s: %(theme)s")
    may_act = policy_of(FieldNote).allows(ask.actor, ANSWER)
    words = _("Whoever wrote it waits for an answer.")
    themes = dict(FieldNote.Theme.choices)
    found = rows.order_by("recorded_at", "pk").values_list(
        "pk", "theme", "recorded_at", "district_id", "language"
    )
    for key, theme, at, district, language in found[: ask.most]:
        yield Waiting(
            "outreach.answer_note", name % {"number": key, "theme": themes.get(theme, theme)},
            page(key), at, at + _TO_ANSWER, None, None, words, may_act=may_act,
            subject=f"outreach.fieldnote:{key}", area_id=district, language=language,
            matter="agencies.tension" if theme == FieldNote.Theme.TENSION else "",
        )  # fmt: skip
