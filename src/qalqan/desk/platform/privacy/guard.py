"""Find what identifies a private person in free text, and mask it or refuse the text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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
_LOOKS = 12
_SHOWN = 5


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

    Nothing is left that would be found once these are masked.

    >>> [(trace.kind.value, trace.start) for trace in find_traces("call 8 701 123 45 67")]
    [('phone', 5)]
    """
    # The detectors are heavy to import, and most commands never meet a text.
    from qalqan.desk.platform.privacy.detectors import worth_a_look

    return _find(text) if worth_a_look(text) else ()


def _find(text: str) -> tuple[Trace, ...]:
    """Look again with the traces covered until nothing new shows.

    A mask parts what stood together, and what remains may read as a trace of its own.
    """
    from qalqan.desk.platform.privacy.detectors import folded_spans
    from qalqan.desk.platform.privacy.folding import BARRIER, fold

    folded = fold(text)
    plain = folded.text
    found: list[tuple[int, int, Kind]] = []
    for _look in range(_LOOKS):
        new = _without_overlap(folded_spans(plain))
        if not new:
            break
        plain = _replace(plain, new, lambda trace: BARRIER * (trace.end - trace.start))
        found.extend((trace.start, trace.end, trace.kind) for trace in new)
    else:
        # Whoever nests traces this deep hides something: the whole text goes.
        return (Trace(min((kind for *_, kind in found), key=_PRIORITY.__getitem__), 0, len(text)),)
    return tuple(
        Trace(kind, *folded.origin(start, end))
        for start, end, kind in sorted(found, key=lambda span: span[0])
    )


def _replace(text: str, traces: Sequence[Trace], by: Callable[[Trace], str]) -> str:
    pieces: list[str] = []
    done = 0
    for trace in traces:
        pieces += (text[done : trace.start], by(trace))
        done = trace.end
    return "".join((*pieces, text[done:]))


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
    return _masked(text, find_traces(text))


def _masked(text: str, traces: tuple[Trace, ...]) -> Screened:
    if not traces:
        return Screened(text, ())
    return Screened(_replace(text, traces, lambda trace: f"[{trace.kind.value}]"), traces)


def screen_many(texts: Sequence[str]) -> list[Screened]:
    """Screen a batch of texts; equal to screening them one by one."""
    from qalqan.desk.platform.privacy.detectors import worth_a_look

    return [_masked(text, _find(text) if worth_a_look(text) else ()) for text in texts]


def explain(text: str, traces: Sequence[Trace]) -> str:
    """Tell the writer, in the active language, which part gives whom away.

    >>> from django.utils.translation import override
    >>> with override("en"):
    ...     explain("call 8 701 123 45 67", find_traces("call 8 701 123 45 67"))
    '“8 701 123 45 67”: phone number'
    """
    parts = [
        _("“%(part)s”: %(kind)s")
        % {"part": text[trace.start : trace.end], "kind": trace.kind.label}
        for trace in traces[:_SHOWN]
    ]
    return "; ".join(parts) + ("; …" if len(traces) > _SHOWN else "")


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
