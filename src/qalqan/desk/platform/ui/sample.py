"""Whether made-up data is loaded; asked rarely, since every page wants to know."""

from __future__ import annotations

from django.apps import apps
from django.core.cache import cache
from django.core.exceptions import FieldDoesNotExist
from django.db import models

_KEY = "ui.sample-data-loaded"
_SECONDS = 600


def _has_mark(model: type[models.Model]) -> bool:
    try:
        model._meta.get_field("is_sample")
    except FieldDoesNotExist:
        return False
    return True


def is_loaded() -> bool:
    """Tell whether any room holds a row marked ``is_sample``."""
    known = cache.get(_KEY)
    if known is None:
        # No policy is asked: the answer is one bit about the installation, not about a row.
        known = any(
            model._default_manager.filter(is_sample=True).exists()
            for model in apps.get_models()
            if _has_mark(model)
        )
        cache.set(_KEY, known, _SECONDS)
    return bool(known)


def forget() -> None:
    """Look again at the next page; for whoever loads or removes the sample."""
    cache.delete(_KEY)
