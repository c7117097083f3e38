"""The data sets everyone may take away: columns, doubt, and where the rows come from.

Rows are plain values in the order of the columns, read from the same selectors as the pages; a
data set never shows what no page shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qalqan.desk.commission.selectors import accounts, openings, performance
from qalqan.desk.commission.selectors.money import public_money
from qalqan.desk.outreach.selectors.published import public_reach
from qalqan.desk.platform.policies import PUBLIC
from qalqan.desk.protection.selectors.published import public_counts
from qalqan.desk.public.corrections import all_corrections
from qalqan.desk.public.frame import whole
from qalqan.desk.rumours import selectors as rumours

MOST = 5000
TYPES = {
    "text": {"type": "string"}, "whole": {"type": "integer"}, "number": {"type": "number"},
    "yes": {"type": "boolean"}, "day": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "address": {"type": "string", "format": "uri"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what kind of value it holds, what it means, whether it may be empty."""

    name: str
    kind: str
    about: Any
    may_lack: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a data set in one language, with when they changed last."""

    rows: tuple[tuple[Any, ...], ...]
    changed_at: datetime | None
    is_sample: bool


@dataclass(frozen=True, slots=True)
class DataSet:
    """One data set.

    Parameters
    ----------
    source, doubt
        Where the figures come from, and what they do not say.
    read
        Called with the language; returns the rows as they are published now.
    """

    code: str
    title: Any
    source: Any
    doubt: Any
    columns: tuple[Column, ...]
    read: Callable[[str], Rows]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def _rows(
    found: Iterable[tuple[Any, ...]], changes: Iterable[datetime | None], is_sample: bool
) -> Rows:
    rows = tuple(tuple(_plain(value) for value in row) for row in found)
    return Rows(rows, max((at for at in changes if at), default=None), is_sample)


def _answers(language: str) -> Rows:
    rows = rumours.shown(rumours.published()[:MOST], language)
    return _rows(
        (
            (a.number, a.version, a.verdict, a.headline, a.text if not a.withdrawn_at else "",
             a.note, a.published_at, a.changed_at, a.withdrawn_at, a.is_sample, a.url)
            for a in rows
        ),
        (a.changed_at for a in rows), any(a.is_sample for a in rows),
    )  # fmt: skip


def _accounts(language: str) -> Rows:
    rows = accounts.shown(accounts.published()[:MOST], language)
    return _rows(
        (
            (a.number, a.version, a.about_code, a.happened_on, a.title,
             *(_part(a, code) for code in accounts.PARTS), a.note, a.approved_at, a.withdrawn_at,
             a.is_sample, whole("public:account", language, a.number))
            for a in rows
        ),
        (a.changed_at for a in rows), any(a.is_sample for a in rows),
    )  # fmt: skip


def _part(account: accounts.PublicAccount, code: str) -> str:
    if account.withdrawn_at:
        return ""
    return next((text for key, _heading, text in account.parts if key == code), "")


def _harm(language: str) -> Rows:
    rows = accounts.shown(accounts.published()[:MOST], language)
    standing = [a for a in rows if not a.withdrawn_at]
    return _rows(
        (
            (a.number, a.version, one.group, one.kind, one.count, one.count is None, a.is_sample)
            for a in standing
            for one in a.harm
        ),
        (a.harm_at for a in standing), any(a.is_sample for a in standing),
    )  # fmt: skip


def _meetings(language: str) -> Rows:
    rows = openings.meetings(language, MOST)
    return _rows(
        (
            (m.commission, m.number, m.starts_at, m.state_code, item.order, item.title,
             item.outcome, item.words, m.outcomes_at, m.is_sample)
            for m in rows
            for item in m.items
        ),
        (m.outcomes_at or m.opened_at for m in rows), any(m.is_sample for m in rows),
    )  # fmt: skip


def _recommendations(language: str) -> Rows:
    rows = [r for r in openings.recommendations(language, MOST) if not r.withdrawn_at]
    return _rows(
        (
            (r.number, r.text, r.addressee, r.state_code, r.state, r.is_open, r.issued_at,
             r.due_on, r.closed_at, r.is_sample)
            for r in rows
        ),
        (r.steps[0].at if r.steps else r.issued_at for r in rows), any(r.is_sample for r in rows),
    )  # fmt: skip


def _figures(language: str) -> Rows:
    rows = performance.published(PUBLIC, with_replaced=True)
    return _rows(
        (
            (f.code, f.version, f.names.get(language, f.code), f.unit, f.period_from, f.period_to,
             f.value, f.low, f.high, f.n, f.target, f.method, f.number, f.reason, f.locked_at,
             f.replaced_at, f.is_sample)
            for f in rows
        ),
        (f.locked_at for f in rows), any(f.is_sample for f in rows),
    )  # fmt: skip


def _money(language: str) -> Rows:
    found = public_money()
    if found is None:
        return Rows((), None, False)
    rows = [*found.rows, found.total]
    return _rows(
        (
            (found.edition, r.code, r.name, r.activities, r.thousand, r.is_together, *r.devices,
             found.is_sample)
            for r in rows
        ),
        (found.released_at,), found.is_sample,
    )  # fmt: skip


def _reach(language: str) -> Rows:
    found = public_reach()
    if found is None:
        return Rows((), None, False)
    return _rows(
        (
            (found.month, r.name, r.young, r.older, r.total, found.is_sample)
            for r in (*found.rows, found.total)
        ),
        (found.released_at,), found.is_sample,
    )  # fmt: skip


def _inspections(language: str) -> Rows:
    found = public_counts(timezone.now())
    if found is None:
        return Rows((), None, False)
    return _rows(
        (
            (r.name, r.sites, r.inspected, r.notices, r.mended, found.is_sample)
            for r in (*found.rows, found.total)
        ),
        (), found.is_sample,
    )  # fmt: skip


def _corrections(language: str) -> Rows:
    rows = all_corrections(language)
    return _rows(
        (
            (c.kind, c.what, c.at, c.why, c.before, c.after, c.is_withdrawn, c.is_sample)
            for c in rows
        ),
        (c.at for c in rows), any(c.is_sample for c in rows),
    )  # fmt: skip


_SAMPLE = Column("is_sample", "yes", _("Whether the row was made up for trying out."))
_WITHHELD = _("Empty where the count is withheld.")
_COUNT_DOUBT = _(
    "Counts from 1 to below 5 are withheld, and others with them where they could be computed."
)


def _count(name: str, about: Any) -> Column:
    return Column(name, "whole", about, may_lack=True)


DATA_SETS: dict[str, DataSet] = {
    one.code: one
    for one in (
        DataSet(
            "answers", _("Answers to rumours"), _("Answers that two persons stood behind."),
            _("An answer says what was known when it was published; see its last change."),
            (
                Column("number", "whole", _("Number of the answer.")),
                Column("version", "whole", _("Version that stands.")),
                Column("verdict", "text", _("true, false, misleading or unverifiable.")),
                Column("headline", "text", _("Headline.")),
                Column("text", "text", _("The answer; empty where it was withdrawn.")),
                Column("note", "text", _("What the last correction corrected.")),
                Column("published_at", "moment", _("First published.")),
                Column("changed_at", "moment", _("Last change.")),
                Column("withdrawn_at", "moment", _("Withdrawn."), may_lack=True),
                _SAMPLE, Column("url", "address", _("Page of the answer.")),
            ),
            _answers,
        ),
        DataSet(
            "accounts", _("Accounts of operations"),
            _("Accounts that two persons stood behind."),
            _("What is not known yet stands under the open questions."),
            (
                Column("number", "whole", _("Number of the account.")),
                Column("version", "whole", _("Version that stands.")),
                Column("about", "text", _("incident or exercise.")),
                Column("happened_on", "day", _("Day of the operation.")),
                Column("title", "text", _("Title.")),
                *(Column(code, "text", _("Text of this part; empty where it was withdrawn."))
                  for code in accounts.PARTS),
                Column("note", "text", _("What the last correction corrected.")),
                Column("approved_at", "moment", _("When this version was published.")),
                Column("withdrawn_at", "moment", _("Withdrawn."), may_lack=True),
                _SAMPLE, Column("url", "address", _("Page of the account.")),
            ),
            _accounts,
        ),
        DataSet(
            "harm", _("Harm told in accounts"), _("Counts of the accounts that stand."),
            _COUNT_DOUBT,
            (
                Column("account", "whole", _("Number of the account.")),
                Column("version", "whole", _("Version that stands.")),
                Column("group", "text", _("bystanders, opponents or officers.")),
                Column("harm", "text", _("killed or injured.")),
                _count("count", _WITHHELD),
                Column("is_withheld", "yes", _("Whether the count is withheld.")), _SAMPLE,
            ),
            _harm,
        ),
        DataSet(
            "meetings", _("Meetings of the commission"),
            _("Items of agendas that the secretary published."),
            _("Items that are not published are not here."),
            (
                Column("commission", "text", _("Name of the commission.")),
                Column("meeting", "whole", _("Number of the meeting.")),
                Column("starts_at", "moment", _("Begins.")),
                Column("state", "text", _("planned, open, closed or cancelled.")),
                Column("order", "whole", _("Place on the agenda.")),
                Column("item", "text", _("Title.")),
                Column("outcome", "text", _("What came of it; empty before it is published.")),
                Column("words", "text", _("The outcome in words.")),
                Column("outcomes_at", "moment", _("When the outcomes were published."),
                       may_lack=True),
                _SAMPLE,
            ),
            _meetings,
        ),
        DataSet(
            "recommendations", _("Recommendations"),
            _("Recommendations of the commission that the secretary published."),
            _("States are those of the NTSB; the commission rules, never the addressee."),
            (
                Column("number", "whole", _("Number of the recommendation.")),
                Column("text", "text", _("What is recommended.")),
                Column("addressee", "text", _("Addressed to.")),
                Column("state", "text", _("Code of the state.")),
                Column("state_name", "text", _("The state in words.")),
                Column("is_open", "yes", _("Whether the commission still asks for it.")),
                Column("issued_at", "moment", _("Issued.")),
                Column("due_on", "day", _("Response due.")),
                Column("closed_at", "moment", _("Closed."), may_lack=True), _SAMPLE,
            ),
            _recommendations,
        ),
        DataSet(
            "performance", _("How well the desk works"),
            _("Figures locked by month from the desk's own data."),
            _("Intervals hold 95 %; figures of fewer than five cases are withheld."),
            (
                Column("code", "text", _("Code of the indicator.")),
                Column("definition", "whole", _("Version of the definition.")),
                Column("name", "text", _("Name of the indicator.")),
                Column("unit", "text", _("hours, minutes, days, share (0 to 1) or per_1000.")),
                Column("period_from", "day", _("First day.")),
                Column("period_to", "day", _("Last day.")),
                Column("value", "number", _("Value; empty where it is withheld."), may_lack=True),
                Column("low", "number", _("Lower end of the interval."), may_lack=True),
                Column("high", "number", _("Upper end of the interval."), may_lack=True),
                _count("n", _("Cases it rests on; empty where it is withheld.")),
                Column("target", "number", _("What was to be reached."), may_lack=True),
                Column("method", "text", _("Method of value and interval.")),
                Column("number", "whole", _("Version of the month's figure.")),
                Column("reason", "text", _("Why the figure was corrected.")),
                Column("locked_at", "moment", _("When it was locked.")),
                Column("replaced_at", "moment", _("When a later version replaced it."),
                       may_lack=True),
                _SAMPLE,
            ),
            _figures,
        ),
        DataSet(
            "money", _("Money and devices by district"),
            _("Costs told with reported activities; devices at sites that work."),
            _COUNT_DOUBT,
            (
                Column("quarter", "text", _("Year and quarter.")),
                Column("code", "text", _("Number of the district, or total.")),
                Column("district", "text", _("District; empty for the province.")),
                _count("activities", _WITHHELD),
                _count("thousand_tenge",
                       _("Money told, thousand tenge; empty where it is withheld.")),
                Column("is_together", "yes",
                       _("Whether its money stands with that of other districts.")),
                *(_count(name, _WITHHELD)
                  for name in ("cameras", "alarms", "sirens", "other_devices", "devices")),
                _SAMPLE,
            ),
            _money,
        ),
        DataSet(
            "reach", _("Whom prevention reached"),
            _("People at reported activities whose age is told."),
            _("Who came twice is counted twice. Small counts are withheld."),
            (
                Column("month", "day", _("First day of the month.")),
                Column("district", "text", _("District; empty for the province.")),
                _count("under_29", _WITHHELD), _count("from_29", _WITHHELD),
                _count("together", _WITHHELD), _SAMPLE,
            ),
            _reach,
        ),
        DataSet(
            "inspections", _("Inspections of protected sites"),
            _("The register of sites, the last 365 days."), _COUNT_DOUBT,
            (
                Column("district", "text", _("District; empty for the province.")),
                _count("sites", _WITHHELD), _count("inspected", _WITHHELD),
                _count("notices", _WITHHELD), _count("mended", _WITHHELD), _SAMPLE,
            ),
            _inspections,
        ),
        DataSet(
            "corrections", _("Corrections"),
            _("Everything that was changed after it was published."),
            _("Changes before this desk published itself are not known."),
            (
                Column("kind", "text", _("What was corrected.")),
                Column("what", "text", _("Its title.")),
                Column("at", "moment", _("When.")), Column("why", "text", _("Why.")),
                Column("before", "text", _("What it said before.")),
                Column("after", "text", _("What it says now; empty where it was withdrawn.")),
                Column("is_withdrawn", "yes", _("Whether it was withdrawn.")), _SAMPLE,
            ),
            _corrections,
        ),
    )
}  # fmt: skip
