"""``qalqan flashpoints scan``: where and when there is more, or less, than expected."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qalqan.cli.console import messages, print_rows, progress, say
from qalqan.errors import InputError

if TYPE_CHECKING:
    from qalqan.cli.flashpoints.job import Job

EXAMPLES = (
    "Examples: qalqan flashpoints scan --prm NYCSpaceTimePermutation.prm --json out.json · "
    "qalqan flashpoints scan --cases c.csv --population p.csv --coordinates g.csv --model poisson "
    "--time prospective --json out.json"
)
_SHOWN = 12
_MODELS = ("poisson", "bernoulli", "permutation", "ebpoisson", "negbin")
_TIMES = ("none", "retrospective", "prospective", "temporal", "temporal-prospective")
_CHOICES = {
    "model": _MODELS, "time": _TIMES, "zones": ("circle", "ellipse", "adjacency"),
    "direction": ("high", "low", "both"), "metric": ("auto", "plane", "greatcircle"),
    "time_unit": ("auto", "day", "week", "month", "year"),
    "precision": ("auto", "none", "year", "month", "day", "generic"),
    "penalty": ("none", "medium", "strong"), "fractions": ("refuse", "down", "nearest"),
}  # fmt: skip

File = Path | None


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(scan)


def scan(
    context: typer.Context,
    prm: Annotated[File, typer.Option(help="Rerun a SaTScan parameter file.")] = None,
    cases: Annotated[
        list[Path] | None, typer.Option(help="Cases: area, count, date, covariates. Repeatable.")
    ] = None,
    controls: Annotated[
        list[Path] | None, typer.Option(help="Controls (Bernoulli), as the cases.")
    ] = None,
    population: Annotated[
        list[Path] | None,
        typer.Option(help="Population: area, date, people, covariates; or expected cases."),
    ] = None,
    coordinates: Annotated[
        File, typer.Option(help="Areas: latitude and longitude, or x and y.")
    ] = None,
    neighbours: Annotated[
        File, typer.Option("--neighbours", "--neighbors", help="Pairs of neighbours, or GAL.")
    ] = None,
    model: Annotated[str, typer.Option(help=", ".join(_MODELS) + ".")] = "poisson",
    time: Annotated[str, typer.Option(help=", ".join(_TIMES) + ".")] = "none",
    zones: Annotated[str, typer.Option(help="circle, ellipse or adjacency.")] = "circle",
    max_share: Annotated[float, typer.Option(help="Largest share of those at risk.")] = 0.5,
    max_radius: Annotated[
        float | None, typer.Option(help="Largest radius: km, or the unit of the plane.")
    ] = None,
    max_areas: Annotated[
        int | None, typer.Option(help="Most areas in a zone [adjacency: 10].")
    ] = None,
    max_duration: Annotated[
        int | None, typer.Option(help="Longest window, in periods [half of all].")
    ] = None,
    min_duration: Annotated[int, typer.Option(help="Shortest window, in periods.")] = 1,
    replicates: Annotated[int, typer.Option(help="Monte Carlo replicates.")] = 999,
    seed: Annotated[int, typer.Option(help="0 to 2**64 - 1; same seed, same numbers.")] = 1,
    direction: Annotated[str, typer.Option(help="high, low or both.")] = "high",
    start: Annotated[str, typer.Option(help="First day, month or year of the study.")] = "",
    end: Annotated[str, typer.Option(help="Last day, month or year, inside.")] = "",
    time_unit: Annotated[
        str, typer.Option(help="Unit of the periods: day, week, month, year.")
    ] = "auto",
    time_length: Annotated[int, typer.Option(help="Units in a period.")] = 1,
    precision: Annotated[
        str, typer.Option(help="Of the dates: none, year, month, day, generic (numbers).")
    ] = "auto",
    metric: Annotated[str, typer.Option(help="auto, plane or greatcircle.")] = "auto",
    penalty: Annotated[str, typer.Option(help="Of ellipses: none, medium, strong.")] = "none",
    min_cases: Annotated[int, typer.Option(help="Least cases of a high cluster.")] = 2,
    include_space: Annotated[
        bool, typer.Option("--include-space", help="Also zones over the whole time.")
    ] = False,
    include_time: Annotated[
        bool, typer.Option("--include-time", help="Also windows over the whole area.")
    ] = False,
    stop_after: Annotated[
        int | None, typer.Option(help="End once so many replicates reach the top cluster.")
    ] = None,
    overlap: Annotated[bool, typer.Option("--overlap", help="Clusters may share areas.")] = False,
    gini: Annotated[
        bool, typer.Option("--gini", help="Reporting size by the Gini coefficient.")
    ] = False,
    size: Annotated[float | None, typer.Option(help="Size of the negative binomial.")] = None,
    covariate: Annotated[
        list[str] | None, typer.Option(help="Column to adjust for. Repeatable.")
    ] = None,
    fractions: Annotated[
        str, typer.Option(help="Counts that are no whole number: refuse, down, nearest.")
    ] = "refuse",
    relaxed: Annotated[
        bool, typer.Option("--relaxed", help="Leave out rows outside the period or the areas.")
    ] = False,
    id_column: Annotated[str, typer.Option(help="Column of the area.")] = "",
    cases_column: Annotated[str, typer.Option(help="Column of the cases.")] = "",
    controls_column: Annotated[str, typer.Option(help="Column of the controls.")] = "",
    population_column: Annotated[str, typer.Option(help="Column of the population.")] = "",
    date_column: Annotated[str, typer.Option(help="Column of the date.")] = "",
    x_column: Annotated[str, typer.Option(help="Column of x or the longitude.")] = "",
    y_column: Annotated[str, typer.Option(help="Column of y or the latitude.")] = "",
    workers: Annotated[
        int | None, typer.Option(help="Threads [all processors]; numbers stay the same.")
    ] = None,
    json: Annotated[File, typer.Option(help="Write the result as JSON (- to print).")] = None,
    csv: Annotated[File, typer.Option(help="Write the clusters as CSV (- to print).")] = None,
) -> None:
    """Scan areas and periods for clusters, as SaTScan does: plain files in, plain files out.

    Reads CSV with a header, and SaTScan's own .cas .ctl .pop .geo .prm files. With --prm, the
    options that are given besides change the parameter file: --seed, --replicates, --workers.
    """
    given = dict(context.params)
    for name, known in _CHOICES.items():
        if given[name] not in known:
            raise InputError(
                f"--{name.replace('_', '-')} {given[name]}: unknown",
                hint="one of " + ", ".join(known),
            )
    from qalqan.cli.flashpoints.files import check_outputs, write_csv, write_json

    check_outputs(json, csv)
    job = _from_prm(context, given) if prm else _from_options(given)
    data = _run(job, quiet=str(json) == "-" or str(csv) == "-")
    for note in job.notes:
        messages().print(f"note: {note}", style="yellow", markup=False, soft_wrap=True)
    if json:
        write_json(json, data)
    if csv:
        from qalqan.cli.flashpoints.report import COLUMNS, rows_of

        write_csv(csv, COLUMNS, rows_of(data))
    if not json and not csv:
        _show(data)


def _run(job: Job, *, quiet: bool) -> dict[str, Any]:
    """Scan with a bar that tells the time left."""
    from qalqan.cli.flashpoints.report import run

    with progress(quiet=quiet) as bars:
        return run(job, lambda done, total: bars("replicates", done, total))


def _from_prm(context: typer.Context, given: dict[str, Any]) -> Job:
    """Return the job of a parameter file, with what was asked for besides."""
    from dataclasses import replace

    from qalqan.cli.flashpoints.prm import job_of

    sources = {name: context.get_parameter_source(name) for name in given}
    asked = {name for name, source in sources.items() if source and source.name == "COMMANDLINE"}
    extra = sorted(asked - {"prm", "seed", "replicates", "workers", "json", "csv"})
    if extra:
        raise InputError(
            f"--{extra[0].replace('_', '-')} does not go with --prm; change the parameter file",
            hint="with --prm: --seed, --replicates, --workers, --json, --csv",
        )
    job = job_of(given["prm"])
    replicates = given["replicates"] if "replicates" in asked else job.options.replicates
    job.options = replace(
        job.options, seed=given["seed"], workers=_workers(given["workers"]), replicates=replicates
    )
    return job


def _workers(workers: int | None) -> int:
    if workers is not None:
        return workers
    # Linux alone knows which processors this process may use.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _from_options(given: dict[str, Any]) -> Job:
    """Return the job that the options ask for."""
    from qalqan.cli.flashpoints.columns import Named
    from qalqan.cli.flashpoints.job import Job
    from qalqan.cli.flashpoints.lines import Source
    from qalqan.science.flashpoints.data import ScanOptions

    named = Named(
        given["id_column"], given["cases_column"], given["controls_column"],
        given["population_column"], "", given["date_column"], given["x_column"],
        given["y_column"], tuple(given["covariate"] or ()),
    )  # fmt: skip
    areas = given["max_areas"]
    options = ScanOptions(
        model=given["model"], time=given["time"], zones=given["zones"],
        max_share=given["max_share"], max_radius=given["max_radius"],
        max_count=areas if given["zones"] != "adjacency" else None,
        neighbours=areas or 10, penalty=given["penalty"], direction=given["direction"],
        min_cases=given["min_cases"], min_duration=given["min_duration"],
        max_duration=given["max_duration"], include_space=given["include_space"],
        include_time=given["include_time"], replicates=given["replicates"], seed=given["seed"],
        workers=_workers(given["workers"]), stop_after=given["stop_after"],
        overlap=given["overlap"], gini=given["gini"],
    )  # fmt: skip
    coordinates = given["coordinates"]
    return Job(
        streams=_stream_files(given),
        coordinates=Source(coordinates) if coordinates else None,
        neighbours=given["neighbours"],
        precision=None if given["precision"] == "auto" else given["precision"],
        start=given["start"], end=given["end"], unit=given["time_unit"],
        length=given["time_length"], named=named, metric=given["metric"],
        fractions=given["fractions"], relaxed_period=given["relaxed"],
        relaxed_places=given["relaxed"], size=given["size"], options=options,
    )  # fmt: skip


def _stream_files(given: dict[str, Any]) -> tuple[Any, ...]:
    """Return the files of each stream: the first cases with the first population, and so on."""
    from qalqan.cli.flashpoints.job import StreamFiles
    from qalqan.cli.flashpoints.lines import Source

    cases, needed = given["cases"] or [], {"bernoulli": "controls", "permutation": ""}
    if not cases:
        raise InputError("--cases FILE is needed, or --prm FILE")
    partner = needed.get(given["model"], "population")
    for name in ("controls", "population"):
        files = given[name] or []
        if name == partner and len(files) != len(cases):
            raise InputError(
                f"the {given['model']} model needs one --{name} FILE for each --cases FILE"
            )
        if name != partner and files:
            raise InputError(f"--{name} does not go with the {given['model']} model")
    partners = [Source(path) for path in given[partner]] if partner else [None] * len(cases)
    return tuple(
        StreamFiles(
            Source(path), other if partner == "controls" else None,
            other if partner == "population" else None, path.stem,
        )
        for path, other in zip(cases, partners, strict=True)
    )  # fmt: skip


def _show(data: dict[str, Any]) -> None:
    """Print the clusters as a table."""
    from qalqan.cli.flashpoints.report import shown_table

    if not data["clusters"]:
        say("nothing departs from what is expected")
        return
    title = (
        f"{data['method']}; {data['cases']} cases, {data['areas']} areas; seed {data['seed']}, "
        f"{data['replicates']} replicates"
    )
    columns, rows = shown_table(data, _SHOWN)
    print_rows(title, columns, rows)
    if len(data["clusters"]) > _SHOWN:
        say(f"and {len(data['clusters']) - _SHOWN} more; --json or --csv writes all")
