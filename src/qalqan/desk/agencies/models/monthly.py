"""The signed monthly return of a province: counts only, made here or received."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qalqan.desk.platform.policies import VisibleManager


class ProvinceKey(models.Model):
    """A key whose signature on a province's returns the national desk believes."""

    province = models.ForeignKey(
        "places.Place", verbose_name=_("province"), on_delete=models.PROTECT, related_name="+"
    )
    key_id = models.CharField(_("name of the key"), max_length=64, unique=True)
    public_pem = models.TextField(_("public key"))
    trusted_at = models.DateTimeField(_("trusted since"))
    revoked_at = models.DateTimeField(_("no longer trusted since"), null=True, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("key of a province")
        verbose_name_plural = _("keys of provinces")
        ordering = ["province", "trusted_at"]

    def __str__(self) -> str:
        return self.key_id[:16]


class Return(models.Model):
    """One edition of a province's return for a month, exactly as it was signed."""

    class Origin(models.TextChoices):
        MADE = "made", pgettext_lazy("return", "made here")
        RECEIVED = "received", pgettext_lazy("return", "received")

    origin = models.CharField(_("where it is from"), max_length=8, choices=Origin.choices)
    province = models.ForeignKey(
        "places.Place", verbose_name=_("province"), on_delete=models.PROTECT, related_name="+"
    )
    month = models.DateField(_("month"))
    edition = models.PositiveIntegerField(_("edition"))
    issued_at = models.DateTimeField(_("issued"))
    stored_at = models.DateTimeField(_("stored"))
    document = models.TextField(_("document as signed"))
    digest = models.CharField(_("hash of the document"), max_length=64)
    key_id = models.CharField(_("name of the key"), max_length=64)
    signature = models.CharField(_("signature"), max_length=200)
    replaced_at = models.DateTimeField(_("replaced"), null=True, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("monthly return")
        verbose_name_plural = _("monthly returns")
        ordering = ["-month", "province", "-edition"]
        constraints = [
            models.UniqueConstraint(
                fields=["origin", "province", "month", "edition"], name="return_edition_once"
            ),
            models.UniqueConstraint(
                fields=["origin", "province", "month"],
                condition=Q(replaced_at__isnull=True),
                name="return_one_stands",
            ),
            models.UniqueConstraint(fields=["origin", "digest"], name="return_document_once"),
        ]

    def __str__(self) -> str:
        return f"{self.province} {self.month:%Y-%m} № {self.edition}"

    def get_absolute_url(self) -> str:
        """Return the address of the return's page."""
        return reverse("agencies:return", args=[self.pk])


class ReturnCount(models.Model):
    """One count of a return: of a district, or of the whole province."""

    monthly = models.ForeignKey(
        Return, verbose_name=_("monthly return"), on_delete=models.CASCADE, related_name="counts"
    )
    code = models.CharField(_("what is counted"), max_length=60)
    area_code = models.CharField(
        _("code of the area"), max_length=40, blank=True,
        help_text=_("Empty for the whole province."),
    )  # fmt: skip
    area_name = models.CharField(_("name of the area"), max_length=120, blank=True)
    value = models.PositiveIntegerField(
        _("count"), null=True, blank=True, help_text=_("Empty where it is withheld.")
    )

    objects = VisibleManager()

    class Meta:
        verbose_name = _("count of a return")
        verbose_name_plural = _("counts of returns")
        ordering = ["monthly", "code", "area_code"]
        constraints = [
            models.UniqueConstraint(
                fields=["monthly", "code", "area_code"], name="return_count_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.area_code}: {self.value}"
