"""The parts of a report's data: texts in three languages, figures, sections, words of the paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from qalqan.desk.platform.ui.paper import without_emoji
from qalqan.verify import paper
from qalqan.verify.paper import LANGUAGES

Said = Any
"""A lazy translation, or a function that says something in the language that holds."""

WHOLE = 0.95


def texts(said: Said) -> dict[str, str]:
    """Return what is said in each language, as it goes to paper."""
    found = {}
    for code in LANGUAGES:
        with override(code):
            found[code] = without_emoji(str(said() if callable(said) else said))
    return found


@dataclass(frozen=True, slots=True)
class Basis:
    """Where figures come from, how they are got, and what days they are about."""

    source: Said
    method: Said
    start: date
    until: date


@dataclass(frozen=True, slots=True)
class Quarter:
    """The days of a quarter.

    Parameters
    ----------
    first, last
        Its first and last day.
    now
        When the report is drafted: what is told as it stands, stands so then.
    """

    first: date
    last: date
    now: datetime

    @property
    def start(self) -> datetime:
        """The moment it begins in the province."""
        return timezone.make_aware(datetime.combine(self.first, datetime.min.time()))

    @property
    def end(self) -> datetime:
        """The moment after it."""
        day = self.last + timedelta(days=1)
        return timezone.make_aware(datetime.combine(day, datetime.min.time()))

    @property
    def today(self) -> date:
        """The day of drafting in the province."""
        return timezone.localdate(self.now)

    def acts(self, source: Any) -> Basis:
        """Return the basis of counts of the desk's own acts in the quarter."""
        return Basis(source, gettext_lazy("every act counted"), self.first, self.last)

    def standing(self, source: Any) -> Basis:
        """Return the basis of counts of what stands on the day of drafting."""
        return Basis(source, gettext_lazy("every case counted"), self.today, self.today)


@dataclass(slots=True)
class Section:
    """A part of the report."""

    code: str
    title: Said
    figures: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, str]] = field(default_factory=list)
    is_sample: bool = False

    def add(
        self, code: str, label: Said, value: float | None, basis: Basis, *, unit: Said = "",
        decimals: int = 0, low: float | None = None, high: float | None = None,
        n: int | None = None, withheld: str = "", exact: bool = False,
    ) -> None:  # fmt: skip
        """Add a figure; one that is withheld or was not got has no value and says why.

        Parameters
        ----------
        withheld
            ``small``, ``refused``, or empty; without value and reason it was not measured.
        exact
            Whether it counts the desk's own acts, all of them.
        """
        has_doubt = low is not None and high is not None
        self.figures.append({
            "code": f"{self.code}.{code}", "label": texts(label),
            "value": _rounded(value, decimals), "unit": texts(unit), "decimals": decimals,
            "low": _rounded(low, decimals) if has_doubt else None,
            "high": _rounded(high, decimals) if has_doubt else None,
            "level": WHOLE if has_doubt else None, "n": n,
            "from": basis.start.isoformat(), "until": basis.until.isoformat(),
            "source": texts(basis.source), "method": texts(basis.method),
            "withheld": withheld if value is None else "", "exact": exact,
        })  # fmt: skip

    def note(self, said: Said) -> None:
        """Add a line of words."""
        self.notes.append(texts(said))

    def as_dict(self) -> dict[str, Any]:
        """Return the section as plain data."""
        return {
            "code": self.code, "title": texts(self.title), "figures": self.figures,
            "notes": self.notes,
        }  # fmt: skip


def _rounded(value: float | None, decimals: int) -> float | None:
    if value is None:
        return None
    return round(float(value), decimals) if decimals else round(value)


def words(year: int, quarter: int) -> dict[str, dict[str, str]]:
    """Return the words that the paper prints around the figures, by language."""
    said: dict[str, Said] = {
        **_WORDS,
        "title": lambda: (
            _("Transparency report: quarter %(quarter)d of %(year)d")
            % {"quarter": quarter, "year": year}
        ),
    }
    by_word: dict[str, Callable[[str], str]] = {
        name: texts(one).__getitem__ for name, one in said.items()
    }
    return {code: {name: by_word[name](code) for name in said} for code in LANGUAGES}


def shown(content: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return a report's data as a page shows them: the same words and figures as the paper."""
    said = content["words"][language]
    corrects = content["report"]["corrects"]
    return {
        "title": said["title"], "words": said, "report": content["report"],
        "reason": corrects["reason"][language] if corrects else "",
        "changes": [
            {"label": one["label"][language],
             "before": _value(one["before"], language, said),
             "after": _value(one["after"], language, said)}
            for one in (corrects["changes"] if corrects else ())
        ],
        "sections": [
            {"code": part["code"], "title": part["title"][language],
             "notes": [note[language] for note in part["notes"]],
             "figures": [_row(one, language, said) for one in part["figures"]]}
            for part in content["sections"]
        ],
        "chain": content.get("chain"), "certificate": content.get("certificate"),
    }  # fmt: skip


def _row(figure: Mapping[str, Any], language: str, said: Mapping[str, str]) -> dict[str, str]:
    return {
        "label": figure["label"][language], "basis": paper.basis_text(figure, language, said),
        "value": paper.value_text(figure, language, said),
        "interval": paper.interval_text(figure, language, said),
    }  # fmt: skip


def _value(figure: Mapping[str, Any] | None, language: str, said: Mapping[str, str]) -> str:
    return paper.value_text(figure, language, said) if figure else "–"


_WORDS: dict[str, Said] = {
    "lead": gettext_lazy(
        "What the prevention desk did in the quarter, what it cost, what was late and what had to "
        "be corrected. Each figure says where it comes from and how sure it is; counts that would "
        "give single people or places away are withheld, and the report says so."
    ),
    "sample": gettext_lazy("Sample data"),
    "period": gettext_lazy("Period"),
    "version": gettext_lazy("Version"),
    "locked": gettext_lazy("Locked"),
    "correction": gettext_lazy("What this version corrects"),
    "corrects": gettext_lazy("Takes the place of version"),
    "reason": gettext_lazy("Reason"),
    "no_changes": gettext_lazy("No figure changed."),
    "figure": gettext_lazy("Figure"),
    "before": gettext_lazy("Before"),
    "after": gettext_lazy("Now"),
    "value": gettext_lazy("Value"),
    "interval": gettext_lazy("Interval, cases"),
    "source": gettext_lazy("Source"),
    "method": gettext_lazy("Method"),
    "window": gettext_lazy("Days"),
    "none_small": gettext_lazy("withheld: a small count, or one that protects such a one"),
    "none_refused": gettext_lazy("withheld: its release was refused"),
    "none_absent": gettext_lazy("not measured"),
    "full_count": gettext_lazy("full count of the desk's own acts"),
    "no_interval": gettext_lazy("no interval: a full count, or no random sample"),
    "proof": gettext_lazy("How to check this report"),
    "how": gettext_lazy(
        "The signed PDF, the data file and the chain file stand side by side on the page of "
        "reports. The command “qalqan verify” checks without network that the signature holds, "
        "that every printed figure is the one in the data, and that the record of the desk was "
        "only added to since the last report. Compare the certificate's fingerprint with one that "
        "was got elsewhere: who made the report made this line, too."
    ),
    "data_sha256": gettext_lazy("Data file, SHA-256"),
    "entry": gettext_lazy("Last entry of the audit chain"),
    "entry_hash": gettext_lazy("Its hash"),
    "link": gettext_lazy("Link of the published chain"),
    "certificate": gettext_lazy("Certificate, SHA-256"),
    "next": gettext_lazy("Certificate of later reports, SHA-256"),
}
