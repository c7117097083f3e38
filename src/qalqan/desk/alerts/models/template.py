"""What warnings are begun from: wordings in three languages, checked before the hour of need."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import VisibleManager


class AlertTemplate(models.Model):
    """A warning that is written beforehand; ``content`` is what the compose form begins with."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_kk = models.CharField(_("name in Kazakh"), max_length=120)
    name_ru = models.CharField(_("name in Russian"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    content = models.JSONField(_("what the form begins with"), default=dict)
    is_active = models.BooleanField(_("offered"), default=True)
    changed_at = models.DateTimeField(_("changed"))
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("template of warnings")
        verbose_name_plural = _("templates of warnings")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        language = (get_language() or "kk")[:2]
        return str(getattr(self, f"name_{language}", "") or self.name_kk)
