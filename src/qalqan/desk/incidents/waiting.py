"""What waits in this room, told to the one work list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qalqan.desk.incidents.models import Analysis, OpenQuestion, Reading
from qalqan.desk.platform.policies import CHANGE, policy_of
from qalqan.desk.platform.work import attention
from qalqan.desk.platform.work.attention import Ask, Waiting

_TO_MARK = timedelta(days=3)


def register() -> None:
    """Tell the work list of open questions and of analyses that wait for the reader's marks."""
    attention.register("incidents.question", gettext_lazy("Answer an open question"), _questions)
    attention.register("incidents.mark", gettext_lazy("Mark hypotheses"), _to_mark)


def _questions(ask: Ask) -> Iterator[Waiting]:
    rows = OpenQuestion.objects.visible_to(ask.actor).filter(state=OpenQuestion.State.OPEN)
    rows = ask.narrow(rows, body="organisation_id").order_by("due_at", "pk")
    page = f"{reverse('incidents:questions')}?state=open"
    may_act = policy_of(OpenQuestion).allows(ask.actor, CHANGE)
    words = _("It is neither answered nor declared unanswerable.")
    fields = ("pk", "question", "asked_at", "due_at", "organisation_id")
    for key, question, asked, due, body in rows.values_list(*fields)[: ask.most]:
        yield Waiting(
            "incidents.question", question, page, asked, due, body, None, words,
            may_act=may_act, subject=f"incidents.openquestion:{key}",
        )  # fmt: skip


def _to_mark(ask: Ask) -> Iterator[Waiting]:
    """Yield open analyses in which evidence came after the reader's own marks, or before any."""
    if not ask.me or not policy_of(Reading).allows(ask.actor, CHANGE):
        return
    rows = Analysis.objects.visible_to(ask.actor).filter(state=Analysis.State.OPEN)
    handed_in = dict(
        Reading.objects.visible_to(ask.actor)
        .filter(handed_in_at__isnull=False, is_current=True)
        .values_list("analysis_id", "handed_in_at")
    )
    live = Max("items__added_at", filter=Q(items__retracted_at__isnull=True))
    page = attention.address("incidents:analysis_mark")
    never, anew = _("You have not marked it yet."), _("Evidence came after your marks.")
    found = rows.annotate(last=live).order_by("opened_at", "pk")
    for key, question, opened, last in found.values_list("pk", "question", "opened_at", "last")[
        : ask.most
    ]:
        mine = handed_in.get(key)
        if last is None or (mine is not None and mine >= last):
            continue
        since = opened if mine is None else last
        yield Waiting(
            "incidents.mark", question, page(key), since, since + _TO_MARK, None, ask.me,
            never if mine is None else anew, may_act=True, subject=f"incidents.analysis:{key}",
        )  # fmt: skip
