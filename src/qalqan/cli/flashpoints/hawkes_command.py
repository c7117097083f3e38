"""``qalqan flashpoints hawkes``: does one event bring another, and how sure is that?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from qalqan.cli.console import messages, say
from qalqan.cli.flashpoints.options import (
    DateColumn,
    End,
    EventsFile,
    JsonFile,
    Start,
    XColumn,
    YColumn,
)
from qalqan.errors import InputError

if TYPE_CHECKING:
    from qalqan.cli.flashpoints.events import EventList
    from qalqan.science.flashpoints.selfexciting.band import BranchingBand

EXAMPLES = (
    "Examples: qalqan flashpoints hawkes --events times.csv --json fit.json · "
    "qalqan flashpoints hawkes --events incidents.csv --space --max-lag 60 --max-distance 5 "
    "--bandwidths 1,2,4 --json fit.json"
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(hawkes)


def hawkes(
    events: EventsFile,
    space: Annotated[
        bool, typer.Option("--space", help="In space and time; the branching ratio with its band.")
    ] = False,
    max_lag: Annotated[
        float, typer.Option(help="Longest lag, in days or the unit of the times.")
    ] = 60.0,
    max_distance: Annotated[
        float, typer.Option(help="Largest distance, in km or the unit of the plane.")
    ] = 5.0,
    bandwidths: Annotated[
        str, typer.Option(help="Bandwidths of the background, set apart by commas.")
    ] = "1,2,4",
    jitter: Annotated[
        float, typer.Option(help="How finely places are known, in the unit of distance.")
    ] = 0.1,
    time_shape: Annotated[str, typer.Option(help="exponential or omori.")] = "exponential",
    space_shape: Annotated[str, typer.Option(help="gaussian or power.")] = "gaussian",
    start: Start = "",
    end: End = "",
    date_column: DateColumn = "",
    x_column: XColumn = "",
    y_column: YColumn = "",
    seed: Annotated[int, typer.Option(help="Of ties in time and of the jitter.")] = 1,
    json: JsonFile = None,
) -> None:
    """Fit a self-exciting process: background, branching ratio, how long and far it lasts.

    Without --space only the moments count. A branching ratio with --space comes with its band
    over bandwidths and coordinate jitter; it is never given alone.
    """
    from qalqan.cli.flashpoints.columns import Named
    from qalqan.cli.flashpoints.events import read_events
    from qalqan.cli.flashpoints.files import check_outputs, write_json

    check_outputs(json)
    if time_shape not in ("exponential", "omori") or space_shape not in ("gaussian", "power"):
        raise InputError("--time-shape is exponential or omori, --space-shape gaussian or power")
    _seeded(seed)
    named = Named(date=date_column, x=x_column, y=y_column)
    found = read_events(events, named, places=space, start=start, end=end)
    if space:
        widths = _widths(bandwidths)
        data = _in_space(
            found, widths, jitter, (max_lag, max_distance), (time_shape, space_shape), seed
        )
    else:
        data = _in_time(found, seed)
    if found.left_out:
        messages().print(f"note: {found.left_out} events outside the study left out", markup=False)
    if json:
        write_json(json, data)
    else:
        _show(data)


def _seeded(seed: int) -> None:
    if not 0 <= seed < 2**64:
        raise InputError(f"the seed must lie between 0 and 2**64 - 1, not {seed}")


def _widths(text: str) -> list[float]:
    try:
        widths = [float(part) for part in text.split(",") if part.strip()]
    except ValueError as error:
        raise InputError(f"--bandwidths: {text!r} is no list of numbers") from error
    if not widths or not all(0 < width < 1e300 for width in widths):
        raise InputError("--bandwidths: numbers above 0 are needed")
    return widths


def _spread(found: EventList, seed: int) -> tuple[Any, Any]:
    """Return times in order, ties of whole days spread over the day, and the order."""
    import numpy as np

    from qalqan.science.flashpoints.selfexciting.band import spread_ties

    tied = np.unique(found.times).size < found.times.size
    if not (tied and found.whole):
        return found.times, np.arange(found.times.size)
    rng = np.random.Generator(np.random.Philox(key=seed))
    return spread_ties(found.times, 1.0, found.horizon, rng=rng)


def _in_time(found: EventList, seed: int) -> dict[str, Any]:
    """Fit the exponential process."""
    from qalqan.cli.flashpoints.files import finite
    from qalqan.science.flashpoints.selfexciting.exponential import (
        fit_exponential,
        integrated_rate,
    )
    from qalqan.science.flashpoints.selfexciting.goodness import rescaling_test

    times, _ = _spread(found, seed)
    fit = fit_exponential(times, found.horizon)
    values = (fit.mu, fit.alpha, fit.beta)
    test = rescaling_test(integrated_rate(times, found.horizon, *values))
    limits = fit.intervals()
    names = ("mu", "alpha", "beta")
    parameters = {
        name: {
            "value": value, "standard_error": finite(error), "low": finite(pair[0]),
            "high": finite(pair[1]),
        }
        for name, value, error, pair in zip(
            names, values, fit.standard_errors.tolist(), limits.tolist(), strict=True
        )
    }  # fmt: skip
    return {
        "model": "exponential Hawkes: mu + alpha * sum(beta * exp(-beta * lag))",
        "parameters": parameters,
        "branching_ratio": fit.alpha,
        "log_likelihood": fit.log_likelihood,
        "goodness": {"test": "time rescaling", "distance": test.distance, "p": test.p_value},
        **_study(found, seed),
    }


def _study(found: EventList, seed: int) -> dict[str, Any]:
    return {
        "events": int(found.times.size),
        "start": found.start,
        "horizon": found.horizon,
        "unit": "day" if found.dated else "unit of the times",
        "left_out": found.left_out,
        "seed": seed,
    }


def _in_space(
    found: EventList,
    widths: list[float],
    jitter: float,
    reach: tuple[float, float],
    shapes: tuple[str, str],
    seed: int,
) -> dict[str, Any]:
    """Fit the process in space and time over all bandwidths and jitters."""
    import numpy as np

    from qalqan.cli.flashpoints.events import in_plane
    from qalqan.science.flashpoints.selfexciting.band import Settings, branching_band
    from qalqan.science.flashpoints.selfexciting.region import rectangle

    times, order = _spread(found, seed)
    points = in_plane(found)[order]
    low, high = points.min(axis=0), points.max(axis=0)
    margin = float(max(*(high - low), jitter, 1e-9)) * 0.01
    region = rectangle(*(low - margin).tolist(), *(high + margin).tolist())
    settings = Settings(*reach, *shapes)  # type: ignore[arg-type]
    rng = np.random.Generator(np.random.Philox(key=seed))
    band = branching_band(
        times, points, region, found.horizon, bandwidths=widths, jitter=jitter, settings=settings,
        rng=rng,
    )  # fmt: skip
    return {
        "model": f"space-time Hawkes, {shapes[0]} in time, {shapes[1]} in space",
        **_band_data(band),
        "region": "rectangle around the events, one hundredth wider",
        "distance_unit": "km" if found.degrees else "unit of the coordinates",
        **_study(found, seed),
    }


def _band_data(band: BranchingBand) -> dict[str, Any]:
    """Return the estimates with their band as plain data."""
    from qalqan.cli.flashpoints.files import finite
    from qalqan.science.flashpoints.selfexciting.spacetime import NAMES

    errors, limits = band.fit.standard_errors.tolist(), band.fit.intervals().tolist()
    parameters = {
        name: {
            "value": value, "standard_error": finite(error), "low": finite(pair[0]),
            "high": finite(pair[1]),
        }
        for name, value, error, pair, free in zip(
            NAMES, band.fit.model.parameters.tolist(), errors, limits,
            band.fit.model.free.tolist(), strict=True,
        )
        if free
    }  # fmt: skip
    return {
        "parameters": parameters,
        "branching_ratio": band.estimate,
        "interval": [finite(band.low), finite(band.high)],
        "band": [finite(band.band_low), finite(band.band_high)],
        "wide_band": [finite(band.wide_low), finite(band.wide_high)],
        "by_bandwidth": [
            {"bandwidth": width, "branching_ratio": ratio, "held_out_score": finite(score),
             "as_good": bool(good)}
            for width, ratio, score, good in zip(
                band.bandwidths.tolist(), band.by_bandwidth.tolist(),
                band.choice.scores.tolist(), band.choice.as_good.tolist(), strict=True,
            )
        ],
        "by_jitter": band.by_jitter.tolist(),
        "chosen_bandwidth": band.choice.best,
        "log_likelihood": band.fit.log_likelihood,
        "converged": band.converged,
    }  # fmt: skip


def _show(data: dict[str, Any]) -> None:
    """Print the estimates in words."""
    say(f"{data['model']}; {data['events']} events over {data['horizon']:g} × {data['unit']}")
    for name, one in data["parameters"].items():
        low, high = one["low"], one["high"]
        between = "" if low is None or high is None else f"  (95 %: {low:.6g} to {high:.6g})"
        say(f"{name:12} {one['value']:.6g}{between}")
    say(f"log likelihood {data['log_likelihood']:.6f}")
    if "band" in data:
        say(
            f"branching ratio {data['branching_ratio']:.3f}, band {data['band'][0]:.3f} to "
            f"{data['band'][1]:.3f} over bandwidths and jitter"
        )
    else:
        say(f"goodness of fit by time rescaling: p = {data['goodness']['p']:.4g}")
