"""What waits in this room, told to the one work list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qalqan.desk.platform.policies import ADD, CHANGE, Role, policy_of
from qalqan.desk.platform.ui.words import in_language
from qalqan.desk.platform.work import attention, rules
from qalqan.desk.platform.work.attention import Ask, Waiting, end_of_day
from qalqan.desk.protection.models import Inspection, Notice, Remedy, Site
from qalqan.desk.protection.policies import CHECK
from qalqan.desk.protection.selectors.notices import LIVE

_TO_CHECK = timedelta(days=5)
_NAMES = ("name_kk", "name_ru", "name_en")


def register() -> None:
    """Tell the work list of notices, proofs and sites that wait for somebody."""
    rules.register_matter("protection.site", "protection.mend", "protection.check_proof")
    attention.register("protection.mend", gettext_lazy("Mend what a notice names"), _overdue)
    attention.register("protection.check_proof", gettext_lazy("Check a proof"), _proofs)
    attention.register("protection.inspect", gettext_lazy("Inspect a site"), _past_due)


def _overdue(ask: Ask) -> Iterator[Waiting]:
    rows = Notice.objects.visible_to(ask.actor).filter(
        state__in=LIVE, deadline__lt=timezone.localdate(ask.now)
    )
    rows = ask.narrow(rows, body="site__owner_id").order_by("deadline", "pk")
    page, name = attention.address("protection:notice"), _("Notice %(number)s")
    words = _("Its deadline is over, and it is not closed.")
    may_act = ask.actor.role == Role.SITE_OWNER or policy_of(Notice).allows(ask.actor, CHANGE)
    fields = ("pk", "number", "year", "issued_at", "deadline", "site__owner_id",
              "site__district_id")  # fmt: skip
    for key, number, year, issued, deadline, owner, district in rows.values_list(*fields)[
        : ask.most
    ]:
        yield Waiting(
            "protection.mend", name % {"number": f"{number}/{year}"}, page(key), issued,
            end_of_day(deadline), owner, None, words, may_act=may_act,
            subject=f"protection.notice:{key}", matter="protection.site", area_id=district,
        )  # fmt: skip


def _proofs(ask: Ask) -> Iterator[Waiting]:
    rows = Remedy.objects.visible_to(ask.actor).filter(
        state=Remedy.State.WAITING, item__notice__state__in=LIVE
    )
    page, name = attention.address("protection:notice"), _("Proof for notice %(number)s")
    may_act = policy_of(Remedy).allows(ask.actor, CHECK)
    words = _("It waits for a person who did not issue the notice.")
    own = _("You issued the notice or handed this in; another person checks it.")
    fields = ("item__notice_id", "item__notice__number", "item__notice__year", "handed_in_at",
              "handed_in_by_id", "item__notice__issued_by_id",
              "item__notice__site__district_id")  # fmt: skip
    seen: set[int] = set()
    found = rows.order_by("handed_in_at", "pk").values_list(*fields)
    for key, number, year, at, giver, issuer, district in found[: ask.most]:
        if key in seen:
            continue
        seen.add(key)
        is_own = ask.me in (giver, issuer)
        yield Waiting(
            "protection.check_proof", name % {"number": f"{number}/{year}"}, page(key), at,
            at + _TO_CHECK, None, None, own if is_own else words,
            may_act=may_act and not is_own, subject=f"protection.notice:{key}",
            matter="protection.site", area_id=district,
        )  # fmt: skip


def _past_due(ask: Ask) -> Iterator[Waiting]:
    rows = Site.objects.visible_to(ask.actor).filter(
        status=Site.Status.LISTED, next_due_on__lt=timezone.localdate(ask.now)
    )
    page = attention.address("protection:site")
    may_act = policy_of(Inspection).allows(ask.actor, ADD)
    never, again = _("It was never inspected."), _("The next inspection is past due.")
    rows = rows.only("pk", *_NAMES, "next_due_on", "last_inspected_on", "district_id")
    for site in rows.order_by("next_due_on", "pk")[: ask.most]:
        due = end_of_day(site.next_due_on)
        yield Waiting(
            "protection.inspect", in_language(site, "name"), page(site.pk), due, due, None, None,
            again if site.last_inspected_on else never, may_act=may_act,
            subject=f"protection.site:{site.pk}", matter="protection.site",
            area_id=site.district_id,
        )  # fmt: skip
