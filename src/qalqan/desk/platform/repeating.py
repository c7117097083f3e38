"""Acts that know their own repetition, when two of them come at the same instant."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError

Given = ParamSpec("Given")
Result = TypeVar("Result")


def told_once(act: Callable[Given, Result]) -> Callable[Given, Result]:
    """Do an act a second time where the database refused it the first.

    The act looks for what an earlier call of the same number stored, and returns that. Of two
    calls at the same instant neither sees the other's row, and the later one meets the database's
    own rule; done again, it finds the row. Put it outside ``transaction.atomic``.

    Raises
    ------
    IntegrityError
        It is refused again: the rule is another one.
    """

    @wraps(act)
    def wrapper(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        try:
            return act(*args, **kwargs)
        except IntegrityError:
            return act(*args, **kwargs)

    return wrapper
