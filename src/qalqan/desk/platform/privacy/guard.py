"""Find what identifies a private person in free text, and mask it or refuse the text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from qalqan.desk.platform.privacy.kinds import Kind, Rule

_PRIORITY = {
    kind: rank
    for rank, kind in enumerate(
        (Kind.EMAIL, Kind.CARD, Kind.IIN, Kind.ACCOUNT, Kind.COORDINATES, Kind.PHONE, Kind.HANDLE)
    )
}


@dataclass(frozen=True, slots=True)
class Trace:
    """One stretch of text that may identify a person: its kind and where it stands."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Screened:
    """A text after the guard: ``text`` with every trace replaced by ``[kind]``."""

    text: str
    traces: tuple[Trace, ...]


def find_traces(text: str) -> tuple[Trace, ...]:
    """Return what may identify a person, in order of place and without overlap.

    >>> [(trace.kind.value, trace.start) for trace in find_traces("call 8 701 123 45 67")]
    [('phone', 5)]
    """
    # The detectors are heavy to import, and most commands never meet a text.
    from qalqan.desk.platform.privacy.detectors import WORTH_A_LOOK, spans

    if not WORTH_A_LOOK.search(text):
        return ()
    return _without_overlap(spans(text))


def _without_overlap(found: Iterable[tuple[int, int, Kind]]) -> tuple[Trace, ...]:
    """Join stretches that overlap, under the kind that tells most.

    Every character that any detector pointed at stays hidden.
    """
    joined: list[Trace] = []
    for start, end, kind in sorted(found, key=lambda span: (span[0], -span[1])):
        if joined and start < joined[-1].end:
            last = joined[-1]
            telling = min(last.kind, kind, key=_PRIORITY.__getitem__)
            joined[-1] = Trace(telling, last.start, max(last.end, end))
        else:
            joined.append(Trace(kind, start, end))
    return tuple(joined)


def screen(text: str) -> Screened:
    """Mask what identifies a private person.

    >>> screen("write to a.b@example.kz now").text
    'write to [email] now'
    """
    traces = find_traces(text)
    for trace in reversed(traces):
        text = f"{text[: trace.start]}[{trace.kind.value}]{text[trace.end :]}"
    return Screened(text, traces)


def screen_many(texts: Sequence[str]) -> list[Screened]:
    """Screen a batch of texts; equal to screening them one by one."""
    from qalqan.desk.platform.privacy.detectors import WORTH_A_LOOK

    suspicious = WORTH_A_LOOK.search
    return [screen(text) if suspicious(text) else Screened(text, ()) for text in texts]


def explain(text: str, traces: Sequence[Trace]) -> str:
    """Tell the writer, in the active language, which part gives whom away.

    >>> explain("call 8 701 123 45 67", find_traces("call 8 701 123 45 67"))
    '“8 701 123 45 67”: phone number'
    """
    return "; ".join(f"“{text[trace.start : trace.end]}”: {trace.kind.label}" for trace in traces)


def apply_rule(text: str, rule: Rule) -> Screened:
    """Mask the text or refuse it, as the field's rule says.

    Raises
    ------
    ValidationError
        The rule is to block, and the text gives a person away; the message names the part.
    """
    if rule == Rule.MASK:
        return screen(text)
    traces = find_traces(text)
    if traces:
        raise ValidationError(
            _("This text gives a private person away. Please take it out: %(parts)s"),
            code="privacy",
            params={"parts": explain(text, traces)},
        )
    return Screened(text, ())


def refuse_traces(value: Any) -> None:
    """Refuse a text that gives a person away; a validator for form and model fields."""
    apply_rule(str(value), Rule.BLOCK)
