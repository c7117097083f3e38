"""The sample province, as the demo loads it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone


def _quiet(*_args: Any, **_fields: Any) -> None:
    """Report no progress."""


def seed() -> None:
    """Load the sample and compute the brief."""
    from qalqan.cli.sample_desk import load_sample_desk

    load_sample_desk(settings.HOME, seed=1, now=timezone.now(), progress=_quiet)
