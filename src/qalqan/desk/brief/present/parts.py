"""The pieces a worded brief is made of."""

from __future__ import annotations

from dataclasses import dataclass, field

CRITICAL = "critical"
WARNING = "warning"
GOOD = "good"
INFO = "info"
PLAIN = ""


@dataclass(frozen=True, slots=True)
class Target:
    """What a line is about, for whoever can link to it: a room and a number, or an address."""

    room: str
    number: int = 0
    url: str = ""

    @property
    def key(self) -> str:
        """A name for it, unique within a brief."""
        return f"{self.room}:{self.number}"


@dataclass(frozen=True, slots=True)
class Badge:
    """A short mark with its tone."""

    text: str
    tone: str = PLAIN


@dataclass(frozen=True, slots=True)
class Fact:
    """One value with its name."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Lead:
    """One line of the first screen: what needs the reader, why now, and where to read on.

    Parameters
    ----------
    text, note
        What; why now and the number with its doubt.
    anchor
        Where on the page it is told in full.
    because
        Why it stands where it stands.
    key, kind
        By what the line is known to votes.
    """

    text: str
    anchor: str
    tone: str = PLAIN
    note: str = ""
    because: str = ""
    key: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing the brief reports, with why, from what and how sure."""

    key: str
    headline: str
    tone: str = PLAIN
    quote: str = ""
    quote_language: str = ""
    badges: tuple[Badge, ...] = ()
    facts: tuple[Fact, ...] = ()
    why: str = ""
    data: str = ""
    doubt: str = ""
    spark: tuple[int, ...] = ()
    spark_label: str = ""
    target: Target | None = None
    action: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A plain table; numbers are in the columns named by ``numeric``.

    ``links`` says what each row is about, where a reader can look further.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()
    note: str = ""
    links: tuple[Target, ...] = ()

    @property
    def keyed_rows(self) -> list[tuple[str, tuple[str, ...]]]:
        """Each row with the key of what it is about, or with none."""
        keys = [target.key for target in self.links] or [""] * len(self.rows)
        return list(zip(keys, self.rows, strict=True))


@dataclass(frozen=True, slots=True)
class Section:
    """One question and its answer; ``empty`` says in words that nothing was found."""

    key: str
    title: str
    lines: tuple[Line, ...] = ()
    empty: str = ""
    note: str = ""
    more: str = ""
    has_map: bool = False
    tables: tuple[Table, ...] = field(default=())
