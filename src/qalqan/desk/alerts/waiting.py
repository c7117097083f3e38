"""What waits in this room, told to the one work list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from qalqan.desk.alerts.models import Alert, Channel, Delivery, Signal
from qalqan.desk.alerts.policies import APPROVE
from qalqan.desk.alerts.selectors.devices import OPEN
from qalqan.desk.alerts.selectors.warnings import may_read, unreviewed
from qalqan.desk.alerts.selectors.warnings import waiting as waiting_messages
from qalqan.desk.platform.policies import CHANGE, policy_of
from qalqan.desk.platform.work import attention
from qalqan.desk.platform.work.attention import Ask, Waiting

_TO_APPROVE = timedelta(minutes=5)
_TO_CONFIRM = timedelta(minutes=2)
_S = Delivery.State


def register() -> None:
    """Tell the work list of messages, signals and sirens that wait for somebody."""
    attention.register("alerts.approve", gettext_lazy("Approve a warning"), _to_approve)
    attention.register("alerts.signal", gettext_lazy("Answer a signal"), _signals)
    attention.register(
        "alerts.playback", gettext_lazy("Find out whether sirens sounded"), _unconfirmed
    )
    attention.register(
        "alerts.review_break_glass", gettext_lazy("Look into a warning sent alone"), _unreviewed
    )


def _headline(kk: str, ru: str, en: str) -> str:
    texts = {"kk": kk, "ru": ru, "en": en}
    return texts.get((get_language() or "kk")[:2]) or kk or ru or en


def _to_approve(ask: Ask) -> Iterator[Waiting]:
    if not may_read(ask.actor):
        return
    page, name = attention.address("alerts:message"), _("Warning %(number)s: %(headline)s")
    may_act = policy_of(Alert).allows(ask.actor, APPROVE)
    other = _("It waits for the approval of a second person.")
    own = _("You wrote it; another person approves it.")
    rows = waiting_messages(ask.actor).values_list(
        "pk", "alert_id", "submitted_at", "drafted_at", "drafted_by_id", "headline_kk",
        "headline_ru", "headline_en",
    )  # fmt: skip
    for key, alert, submitted, drafted, writer, *headline in rows[: ask.most]:
        since = submitted or drafted
        yield Waiting(
            "alerts.approve", name % {"number": alert, "headline": _headline(*headline)},
            page(key), since, since + _TO_APPROVE, None, None,
            own if writer == ask.me else other, may_act=may_act and writer != ask.me,
            subject=f"alerts.alertversion:{key}",
        )  # fmt: skip


def _signals(ask: Ask) -> Iterator[Waiting]:
    page, name = reverse("alerts:signals"), _("Signal %(number)s: %(kind)s")
    practice = _("exercise")
    may_act = policy_of(Signal).allows(ask.actor, CHANGE)
    free = _("Nobody has answered it yet.")
    taken = _("It is answered and not closed.")
    kinds = dict(Signal.Kind.choices)
    rows = Signal.objects.visible_to(ask.actor).filter(state__in=OPEN)
    found = ask.narrow(rows, owner="acknowledged_by_id").order_by("received_at", "pk")
    fields = ("pk", "kind", "is_exercise", "received_at", "acknowledged_by_id", "device__district")
    for key, kind, is_exercise, at, by, district in found.values_list(*fields)[: ask.most]:
        title = name % {"number": key, "kind": kinds.get(kind, kind)}
        yield Waiting(
            "alerts.signal", f"{title} ({practice})" if is_exercise else title, page, at, at,
            None, by, taken if by else free, may_act=may_act, subject=f"alerts.signal:{key}",
            area_id=district,
        )  # fmt: skip


def _unconfirmed(ask: Ask) -> Iterator[Waiting]:
    """Yield live messages that sirens have and have not told to have played."""
    if not may_read(ask.actor):
        return
    page = attention.address("alerts:board")
    may_act = policy_of(Delivery).allows(ask.actor, CHANGE)
    rows = (
        Delivery.objects.visible_to(ask.actor)
        .filter(
            channel=Channel.MQTT, state__in=(_S.ACCEPTED, _S.DELIVERED, _S.ACKNOWLEDGED),
            version__alert__state=Alert.State.LIVE, version__alert__expires_at__gt=ask.now,
        )
        .order_by()
        .values("version_id", "version__alert_id")
        .annotate(sirens=Count("pk"), since=Min("written_at"))
        .order_by("since", "version_id")
    )  # fmt: skip
    for row in rows[: ask.most]:
        title = ngettext(
            "Warning %(number)s: %(count)s siren has not told that it sounded",
            "Warning %(number)s: %(count)s sirens have not told that they sounded",
            row["sirens"],
        ) % {"number": row["version__alert_id"], "count": row["sirens"]}
        yield Waiting(
            "alerts.playback", title, page(row["version_id"]), row["since"],
            row["since"] + _TO_CONFIRM, None, None,
            _("They have the command, but a confirmation is due."), may_act=may_act,
            subject=f"alerts.playback:{row['version_id']}",
        )  # fmt: skip


def _unreviewed(ask: Ask) -> Iterator[Waiting]:
    if not may_read(ask.actor):
        return
    page, name = attention.address("alerts:message"), _("Warning %(number)s")
    may_act = policy_of(Alert).allows(ask.actor, APPROVE)
    rows = unreviewed(ask.actor).values_list("pk", "alert_id", "approved_at", "approved_by_id")
    for key, alert, at, by in rows[: ask.most]:
        if at is None:
            continue
        yield Waiting(
            "alerts.review_break_glass", name % {"number": alert}, page(key), at,
            at + timedelta(days=1), None, None,
            _("One person sent it alone; another looks into it."),
            may_act=may_act and by != ask.me, subject=f"alerts.alertversion:{key}",
        )  # fmt: skip
