"""``qalqan spread forecast``: further copies of each claim in the next hours."""

from __future__ import annotations

import math
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qalqan.cli.console import print_json, print_rows, progress, say
from qalqan.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qalqan.cli.console import Progress
    from qalqan.cli.spread.files import Table
    from qalqan.science.spread.forecast_model import CopiesModel

EXAMPLES = (
    "Examples: qalqan spread forecast copies.csv --more 100 --probability 0.5 · "
    "qalqan spread forecast copies.jsonl --horizons 1,6,24 --fit --json"
)
_MOST_HOURS = 24 * 366
_OLDEST_NEEDED = 72
"""Hours: what a fit has not seen of a claim's second and third day, it would make up."""
_MOST_CELLS = 200_000_000


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(forecast)


def forecast(
    copies: Annotated[
        Path,
        typer.Argument(help="Columns `claim`, `time`; also `copies`, or `id` and `parent`."),
    ],
    horizons: Annotated[str, typer.Option(help="Hours ahead, 1 to 24.")] = "1,6,24",
    now: Annotated[
        str | None, typer.Option(help="Moment to stand at [default: end of the last hour].")
    ] = None,
    more: Annotated[int, typer.Option(help="Further copies that matter.", min=1)] = 100,
    probability: Annotated[
        float, typer.Option(help="Chance of so many from which on to raise an alarm.")
    ] = 0.5,
    level: Annotated[float, typer.Option(help="Coverage of the intervals.")] = 0.95,
    fit: Annotated[
        bool, typer.Option("--fit", help="Fit the forecast to the histories in the file.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Write here (CSV, or .json).")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Forecast the copies of each claim in the next hours, with intervals.

    Times are ISO 8601 (UTC where no zone is given) or numbers of hours. With `id` and `parent`,
    broadcast and person-to-person spread are told apart; without, the reproduction number of a
    claim is not identified, and none is given.
    """
    from qalqan.cli.spread.files import read_table, write_rows

    table = read_table(copies, ["claim", "time"], ["copies", "id", "parent"])
    ahead = _horizons(horizons)
    with progress(quiet=json) as bars:
        document = _document(table, ahead, now, (more, probability), level, fit, bars)
    rows = document["forecasts"]
    if out:
        write_rows(out, rows, document)
        if not json:
            say(str(out))
    if json:
        print_json(document)
    elif not out:
        columns = list(rows[0])
        print_rows("", columns, [[_shown(row[name]) for name in columns] for row in rows])
        say(document["note"])


def _shown(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _horizons(text: str) -> tuple[int, ...]:
    try:
        found = tuple(sorted({int(part) for part in text.split(",")}))
    except ValueError:
        raise InputError(f"--horizons: {text!r} are no whole hours", hint="1,6,24") from None
    return found


def _document(
    table: Table,
    horizons: tuple[int, ...],
    now: str | None,
    alarm: tuple[int, float],
    level: float,
    fit: bool,
    bars: Progress,
) -> dict[str, Any]:
    from qalqan.science.spread.forecast import alarms, forecast_copies

    names, hourly, ages, moment = _hourly(table, now, whole=fit)
    bars("reading", len(table.lines), len(table.lines))
    model = _fitted(table, hourly, horizons) if fit else None
    try:
        found = forecast_copies(hourly, horizons, model=model, age_hours=ages, level=level)
        raised = alarms(found, more=alarm[0], probability=alarm[1])
    except ValueError as error:
        raise InputError(str(error)) from None
    chance = found.prob_at_least(alarm[0])
    bars("forecast", len(names), len(names))
    rows = [
        {
            "claim": name, "hours": hours, "mean": float(found.mean[i, k]),
            "median": int(found.median[i, k]), "low": int(found.low[i, k]),
            "high": int(found.high[i, k]), "sd": float(found.sd[i, k]),
            f"chance_of_{alarm[0]}_more": float(chance[i, k]),
        }
        for i, name in enumerate(names)
        for k, hours in enumerate(horizons)
    ]  # fmt: skip
    linked = table.has("id") and table.has("parent")
    kinds = _kinds(table, names) if linked else []
    return {
        "now": moment, "level": level, "forecasts": rows,
        "alarms": [
            {
                "claim": names[i], "more": raised.more, "hours": raised.hours,
                "probability": float(raised.chance[i]),
            }
            for i in raised.raised.nonzero()[0]
        ],
        "spread": kinds,
        "identified": any(kind["identified"] for kind in kinds),
        "note": (
            "Broadcast and person-to-person copies are given apart under `spread`." if linked else
            "Only timestamps are known: a reproduction number is not identified and not given."
        ),
        "fitted": fit,
    }  # fmt: skip


def _times(table: Table) -> tuple[list[float], bool]:
    """Return times in hours, and whether they are dates."""
    texts = table.text("time")
    try:
        numbers = [float(text) for text in texts]
    except ValueError:
        return [_date(table, text, row) for row, text in enumerate(texts)], True
    for row, number in enumerate(numbers):
        if not math.isfinite(number) or abs(number) > 1e9:
            raise table.wrong(f"{texts[row][:40]} is no time", table.lines[row], "time")
    return numbers, False


def _date(table: Table, text: str, row: int) -> float:
    try:
        return _hours_of(text)
    except ValueError:
        raise table.wrong(
            f"{text[:40]!r} is neither ISO 8601 nor a number of hours", table.lines[row], "time"
        ) from None


def _hours_of(text: str) -> float:
    moment = datetime.fromisoformat(text)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() / 3600


def _hourly(
    table: Table, now: str | None, *, whole: bool
) -> tuple[list[str], NDArray[Any], NDArray[Any], str]:
    """Return claims, their copies by hour, hours since their first copy, and the moment."""
    import numpy as np

    times, dated = _times(table)
    counts = table.numbers("copies", whole=True, high=1e9) if table.has("copies") else None
    stand = _stand(now, times, dated)
    names = list(dict.fromkeys(table.text("claim")))
    number = {name: k for k, name in enumerate(names)}
    rows = np.array([number[name] for name in table.columns["claim"]])
    ago = np.floor(stand - np.array(times) - 1e-9).astype(np.int64)
    seen = ago >= 0
    if not seen.any():
        raise InputError("there is no copy before the moment given by --now")
    ages = np.zeros(len(names), dtype=np.int64)
    np.maximum.at(ages, rows[seen], ago[seen] + 1)
    width = int(ages.max()) if whole else 168
    if width > _MOST_HOURS or width * len(names) > _MOST_CELLS:
        raise InputError("the histories are too long to fit to: take a year at most")
    kept = seen & (ago < width)
    hourly = np.zeros((len(names), max(width, 168)), dtype=np.int64)
    each = np.ones(len(rows), np.int64) if counts is None else np.array(counts, dtype=np.int64)
    np.add.at(hourly, (rows[kept], hourly.shape[1] - 1 - ago[kept]), each[kept])
    moment = datetime.fromtimestamp(stand * 3600, tz=UTC).isoformat() if dated else f"{stand:g}"
    return names, hourly, ages, moment


def _stand(now: str | None, times: list[float], dated: bool) -> float:
    if now is None:
        last = max(times)
        return float(math.floor(last) + 1)
    try:
        stand = _hours_of(now) if dated else float(now)
    except ValueError:
        stand = math.nan
    if not math.isfinite(stand):
        raise InputError(f"--now: {now!r} is no moment like those of the file")
    return stand


def _fitted(table: Table, hourly: NDArray[Any], horizons: tuple[int, ...]) -> CopiesModel:
    from qalqan.science.spread.forecast import moments
    from qalqan.science.spread.forecast_model import fit_copies_model

    before, further, age = moments(hourly, horizons=horizons)
    if len(age) and age.max() < _OLDEST_NEEDED:
        raise table.wrong("to fit, histories must reach back four days and more")
    try:
        return fit_copies_model(before, further, horizons=horizons, age_hours=age)
    except ValueError as error:
        raise table.wrong(str(error)) from None


def _kinds(table: Table, names: list[str]) -> list[dict[str, Any]]:
    """Tell broadcast from person-to-person spread, claim by claim."""
    from qalqan.science.spread.links import ROOT, UNKNOWN, kinds_of_spread

    members: dict[str, list[int]] = {name: [] for name in names}
    for row, name in enumerate(table.columns["claim"]):
        members[name].append(row)
    identifiers, above = table.text("id"), table.columns["parent"]
    result = []
    for name in names:
        place: dict[str, int] = {}
        for k, row in enumerate(members[name]):
            if place.setdefault(identifiers[row], k) != k:
                raise table.wrong("this identifier was there before", table.lines[row], "id")
        parents = []
        for k, row in enumerate(members[name]):
            parent = place.get(above[row], UNKNOWN) if above[row] else ROOT
            if parent == k:
                raise table.wrong("a copy was taken from itself", table.lines[row], "parent")
            parents.append(parent)
        found = asdict(kinds_of_spread(parents))
        clean = {key: None if value != value else value for key, value in found.items()}
        result.append({"claim": name, **clean})
    return result
