"""The table: commissions, who sits there by office, meetings, agendas, decisions, evidence."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import VisibleManager

LANGUAGES = [("kk", _("Kazakh")), ("ru", _("Russian")), ("en", _("English"))]


class Counter(models.Model):
    """The last number given of a series: meetings of a commission, decisions of a year."""

    series = models.CharField(_("series"), max_length=40, primary_key=True)
    value = models.PositiveIntegerField(_("last number"), default=0)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("last number of a series")
        verbose_name_plural = _("last numbers of series")

    def __str__(self) -> str:
        return f"{self.series}: {self.value}"


class Commission(models.Model):
    """A commission at one of three levels."""

    class Level(models.TextChoices):
        NATION = "nation", _("Nation")
        PROVINCE = "province", _("Province")
        DISTRICT = "district", pgettext_lazy("level", "District")

    level = models.CharField(_("level"), max_length=8, choices=Level.choices)
    place = models.ForeignKey(
        "places.Place", verbose_name=_("place"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    name_kk = models.CharField(_("name in Kazakh"), max_length=200)
    name_ru = models.CharField(_("name in Russian"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200)
    quorum_percent = models.PositiveSmallIntegerField(_("quorum, percent of the votes"), default=51)
    closed_on = models.DateField(_("closed since"), null=True, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("commission")
        verbose_name_plural = _("commissions")
        ordering = ["level", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quorum_percent__gte=1, quorum_percent__lte=100),
                name="commission_quorum_a_share",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the commission's page."""
        return reverse("commission:commission", args=[self.pk])

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_in(get_language() or "kk")

    def name_in(self, language: str) -> str:
        """Return the name in a language."""
        code = language[:2] if language[:2] in ("kk", "ru", "en") else "kk"
        return str(getattr(self, f"name_{code}"))


class Seat(models.Model):
    """A seat by office: whoever holds the office sits there; no names are kept."""

    class Part(models.TextChoices):
        CHAIR = "chair", _("Chair")
        DEPUTY = "deputy", _("Deputy chair")
        SECRETARY = "secretary", pgettext_lazy("seat", "Secretary")
        MEMBER = "member", _("Member")

    commission = models.ForeignKey(
        Commission, verbose_name=_("commission"), on_delete=models.PROTECT, related_name="seats"
    )
    office = models.CharField(_("office"), max_length=200)
    organisation = models.ForeignKey(
        "accounts.Organisation", verbose_name=_("organisation"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    part = models.CharField(_("part"), max_length=9, choices=Part.choices, default=Part.MEMBER)
    has_vote = models.BooleanField(_("has a vote"), default=True)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ["commission", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["commission"],
                condition=Q(part="chair", until__isnull=True),
                name="seat_one_chair",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="seat_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return self.office


class Meeting(models.Model):
    """A meeting: called, begun with a quorum, closed with minutes."""

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("meeting", "Planned")
        OPEN = "open", pgettext_lazy("meeting", "Under way")
        CLOSED = "closed", pgettext_lazy("meeting", "Closed")
        CANCELLED = "cancelled", pgettext_lazy("meeting", "Cancelled")

    commission = models.ForeignKey(
        Commission, verbose_name=_("commission"), on_delete=models.PROTECT, related_name="meetings"
    )
    number = models.PositiveIntegerField(_("number"))
    starts_at = models.DateTimeField(_("begins"))
    venue = models.CharField(_("where"), max_length=200)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.PLANNED)
    opened_at = models.DateTimeField(_("begun"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    votes_of_all = models.PositiveSmallIntegerField(_("votes in all"), null=True, blank=True)
    votes_present = models.PositiveSmallIntegerField(_("votes present"), null=True, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = pgettext_lazy("commission", "meeting")
        verbose_name_plural = pgettext_lazy("commission", "meetings")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["commission", "number"], name="meeting_number_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "cancelled"])
                | Q(votes_of_all__isnull=False, votes_present__isnull=False,
                    opened_at__isnull=False),
                name="meeting_held_is_counted",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"№ {self.number}"

    def get_absolute_url(self) -> str:
        """Return the address of the meeting's page."""
        return reverse("commission:meeting", args=[self.pk])

    @property
    def is_live(self) -> bool:
        """Tell whether its agenda may still change."""
        return self.state in (self.State.PLANNED, self.State.OPEN)


class Presence(models.Model):
    """Whether a seat was taken at a meeting."""

    class How(models.TextChoices):
        PRESENT = "present", _("Present")
        SUBSTITUTE = "substitute", _("By a substitute")
        ABSENT = "absent", _("Absent")

    meeting = models.ForeignKey(
        Meeting, verbose_name=pgettext_lazy("commission", "meeting"), on_delete=models.CASCADE,
        related_name="presences",
    )  # fmt: skip
    seat = models.ForeignKey(
        Seat, verbose_name=_("seat"), on_delete=models.PROTECT, related_name="+"
    )
    how = models.CharField(_("presence"), max_length=10, choices=How.choices)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        ordering = ["meeting", "seat"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "seat"], name="presence_once"),
        ]

    def __str__(self) -> str:
        return f"{self.seat}: {self.get_how_display()}"


class Agenda(models.Model):
    """One item of an agenda: what is brought, on which paper, and what came of it."""

    class Outcome(models.TextChoices):
        NONE = "", pgettext_lazy("outcome", "not yet treated")
        DECIDED = "decided", pgettext_lazy("outcome", "Decided")
        NOTED = "noted", pgettext_lazy("outcome", "Taken note of")
        REFUSED = "refused", pgettext_lazy("outcome", "Refused")
        CARRIED = "carried", pgettext_lazy("outcome", "Carried over")
        WITHDRAWN = "withdrawn", pgettext_lazy("outcome", "Withdrawn")

    meeting = models.ForeignKey(
        Meeting, verbose_name=pgettext_lazy("commission", "meeting"), on_delete=models.PROTECT,
        related_name="agenda",
    )  # fmt: skip
    order = models.PositiveSmallIntegerField(_("order"))
    title = models.CharField(_("item"), max_length=200)
    paper = models.TextField(pgettext_lazy("agenda", "paper"), max_length=8000, blank=True)
    url = models.CharField(_("page of the desk"), max_length=300, blank=True)
    brought_by = models.ForeignKey(
        "accounts.Organisation", verbose_name=_("brought by"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    carried_from = models.OneToOneField(
        "self", verbose_name=_("carried over from"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="carried_to",
    )  # fmt: skip
    outcome = models.CharField(
        _("outcome"), max_length=9, choices=Outcome.choices, default=Outcome.NONE, blank=True
    )
    words = models.TextField(_("what was said and found"), max_length=4000, blank=True)
    votes_for = models.PositiveSmallIntegerField(_("for"), null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(_("against"), null=True, blank=True)
    abstained = models.PositiveSmallIntegerField(_("abstained"), null=True, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("item of an agenda")
        verbose_name_plural = _("items of agendas")
        ordering = ["meeting", "order"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "order"], name="agenda_order_once"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def times_carried(self) -> int:
        """How often the item was carried over before it came here."""
        count, at = 0, self.carried_from
        while at is not None:
            count, at = count + 1, at.carried_from
        return count


class Decision(models.Model):
    """What was decided: on which ground, who owes it, until when, and what proves it done."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("decision", "Open")
        SHOWN = "shown", pgettext_lazy("decision", "Evidence to judge")
        CLOSED = "closed", pgettext_lazy("decision", "Closed with evidence")
        CANCELLED = "cancelled", pgettext_lazy("decision", "Cancelled")
        REPLACED = "replaced", pgettext_lazy("decision", "Replaced by a later one")

    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number"))
    item = models.ForeignKey(
        Agenda, verbose_name=_("item of an agenda"), on_delete=models.PROTECT,
        related_name="decisions",
    )  # fmt: skip
    text_kk = models.TextField(_("text in Kazakh"), max_length=4000, blank=True)
    text_ru = models.TextField(_("text in Russian"), max_length=4000, blank=True)
    text_en = models.TextField(_("text in English"), max_length=4000, blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=300)
    owner = models.ForeignKey(
        "accounts.Organisation", verbose_name=_("who owes it"), on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    due_on = models.DateField(_("due"))
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.OPEN)
    decided_at = models.DateTimeField(_("decided"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self", verbose_name=_("replaced by"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    work = models.ForeignKey(
        "work.WorkItem", verbose_name=_("work"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-year", "-number"]
        indexes = [
            models.Index(fields=["state", "due_on"], name="decision_due"),
            models.Index(fields=["owner", "state", "due_on"], name="decision_of_body"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="decision_number_once"),
            models.CheckConstraint(
                condition=~Q(text_kk="", text_ru="", text_en=""), name="decision_has_words"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "shown"], closed_at__isnull=True)
                | Q(state__in=["closed", "cancelled", "replaced"], closed_at__isnull=False),
                name="decision_closed_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Return the address of the decision's page."""
        return reverse("commission:decision", args=[self.pk])

    @property
    def reference(self) -> str:
        """Number and year as they stand on paper."""
        return f"{self.number}/{self.year}"

    @property
    def text(self) -> str:
        """The text in the reader's language, or one that is there."""
        return self.text_in(get_language() or "kk")

    def text_in(self, language: str) -> str:
        """Return the text in a language, or one that is there."""
        order = dict.fromkeys([language[:2], "kk", "ru", "en"])
        texts = (str(getattr(self, f"text_{code}", "")) for code in order)
        return next((text for text in texts if text), "")

    @property
    def is_live(self) -> bool:
        """Tell whether it is still owed."""
        return self.state in (self.State.OPEN, self.State.SHOWN)

    def days_late(self, today: date) -> int:
        """Return how many days it is late; nothing where it is not."""
        return max(0, (today - self.due_on).days) if self.is_live else 0


class Evidence(models.Model):
    """What a body shows to prove that it did what was decided; another person judges it."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("evidence", "Waiting to be judged")
        ACCEPTED = "accepted", pgettext_lazy("evidence", "Accepted")
        REFUSED = "refused", pgettext_lazy("evidence", "Refused")

    decision = models.ForeignKey(
        Decision, verbose_name=_("decision"), on_delete=models.PROTECT, related_name="evidence"
    )
    text = models.TextField(_("what was done, and what shows it"), max_length=4000)
    url = models.CharField(_("page of the desk"), max_length=300, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=pgettext_lazy("evidence", "shown by"),
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    given_at = models.DateTimeField(_("shown"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("judged by"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    judged_at = models.DateTimeField(_("judged"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["decision", "given_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision"], condition=Q(state="waiting"), name="evidence_one_waiting"
            ),
            models.CheckConstraint(
                condition=Q(judged_by__isnull=True) | ~Q(judged_by=F("given_by")),
                name="evidence_judged_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", judged_by__isnull=True)
                | Q(state__in=["accepted", "refused"], judged_by__isnull=False),
                name="evidence_judged_has_a_judge",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision}: {self.get_state_display()}"


class DecisionStep(models.Model):
    """What happened to a decision; only ever added."""

    class What(models.TextChoices):
        DECIDED = "decided", pgettext_lazy("step", "Decided")
        SHOWN = "shown", pgettext_lazy("step", "Evidence shown")
        ACCEPTED = "accepted", pgettext_lazy("step", "Evidence accepted")
        REFUSED = "refused", pgettext_lazy("step", "Evidence refused")
        POSTPONED = "postponed", pgettext_lazy("step", "New date")
        MOVED = "moved", pgettext_lazy("step", "Given to another body")
        CANCELLED = "cancelled", pgettext_lazy("step", "Cancelled")
        REPLACED = "replaced", pgettext_lazy("step", "Replaced")

    decision = models.ForeignKey(
        Decision, verbose_name=_("decision"), on_delete=models.PROTECT, related_name="steps"
    )
    what = models.CharField(_("what"), max_length=9, choices=What.choices)
    words = models.CharField(_("in words"), max_length=500, blank=True)
    at = models.DateTimeField(_("when"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("step of a decision")
        verbose_name_plural = _("steps of decisions")
        ordering = ["decision", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.at:%Y-%m-%d}"
