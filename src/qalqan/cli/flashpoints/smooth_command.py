"""``qalqan flashpoints smooth``: rates of small areas, drawn towards what is likely there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qalqan.cli.console import messages, print_rows, say
from qalqan.cli.flashpoints.options import JsonFile
from qalqan.errors import InputError

if TYPE_CHECKING:
    from qalqan.cli.flashpoints.columns import Named

EXAMPLES = (
    "Example: qalqan flashpoints smooth --cases stl_hom.csv --population stl_hom.csv "
    "--cases-column HC7984 --population-column PO7984 --neighbours stl.gal --csv rates.csv"
)
COLUMNS = (
    "id", "cases", "population", "rate", "global_eb", "spatial_eb", "gamma_poisson", "low", "high",
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(smooth)


def smooth(
    cases: Annotated[Path, typer.Option(help="Cases of each area.")],
    population: Annotated[Path, typer.Option(help="People of each area, once.")],
    neighbours: Annotated[
        Path | None,
        typer.Option("--neighbours", "--neighbors", help="Pairs of neighbours, or a GAL file."),
    ] = None,
    fractions: Annotated[
        str, typer.Option(help="Counts that are no whole number: refuse, down, nearest.")
    ] = "refuse",
    id_column: Annotated[str, typer.Option(help="Column of the area.")] = "",
    cases_column: Annotated[str, typer.Option(help="Column of the cases.")] = "",
    population_column: Annotated[str, typer.Option(help="Column of the population.")] = "",
    json: JsonFile = None,
    csv: Annotated[Path | None, typer.Option(help="Write the rates as CSV (- to print).")] = None,
) -> None:
    """Empirical Bayes rates: Marshall's, towards all areas and towards the neighbours, and gamma.

    Areas in the order of the population file. Without --neighbours no spatial estimate.
    """
    from qalqan.cli.flashpoints.columns import Named
    from qalqan.cli.flashpoints.files import check_outputs, write_csv, write_json

    check_outputs(json, csv)
    if fractions not in ("refuse", "down", "nearest"):
        raise InputError("--fractions is refuse, down or nearest")
    named = Named(id=id_column, cases=cases_column, population=population_column)
    ids, counts, people = _read(cases, population, named, fractions)
    data = _smoothed(ids, counts, people, neighbours)
    if json:
        write_json(json, data)
    if csv:
        write_csv(csv, COLUMNS, ([area[name] for name in COLUMNS] for area in data["areas"]))
    if not json and not csv:
        _show(data)


def _read(
    cases: Path, population: Path, named: Named, fractions: str
) -> tuple[list[str], list[float], list[float]]:
    """Return areas, cases and people in the order of the population."""
    from qalqan.cli.flashpoints.lines import Source
    from qalqan.cli.flashpoints.records import read_records

    people = read_records(
        Source(population), "population", named, precision=None, centuries=(0, 99)
    )
    counted = read_records(
        Source(cases), "cases", named, precision="none", centuries=None,
        fractions=fractions,  # type: ignore[arg-type]
    )  # fmt: skip
    index: dict[str, int] = {}
    for record in people.rows:
        if record.area in index:
            raise people.fail(
                record, "id", f"area {record.area!r} has a population twice",
                "give one number for each area",
            )  # fmt: skip
        if record.value <= 0:
            raise people.fail(record, "population", "nobody lives there")
        index[record.area] = len(index)
    totals = [0.0] * len(index)
    for record in counted.rows:
        if record.area not in index:
            raise counted.fail(record, "id", f"{record.area!r} has no population")
        totals[index[record.area]] += record.value
    return list(index), totals, [record.value for record in people.rows]


def _smoothed(
    ids: list[str], counts: list[float], people: list[float], neighbours: Path | None
) -> dict[str, Any]:
    """Return the rates of all areas."""
    from qalqan.cli.flashpoints.files import finite
    from qalqan.cli.flashpoints.places import read_edges
    from qalqan.science.flashpoints.smoothing import (
        gamma_poisson,
        global_empirical_bayes,
        spatial_empirical_bayes,
    )
    from qalqan.science.flashpoints.weights import spatial_weights

    notes: list[str] = []
    overall = global_empirical_bayes(counts, people).tolist()
    gamma = gamma_poisson(counts, people)
    near: list[float | None] = [None] * len(ids)
    if neighbours is not None:
        linked: list[list[int]] = [[] for _ in ids]
        for one, other in read_edges(neighbours, ids, notes).tolist():
            for a, b in ((one, other), (other, one)):
                if a != b and b not in linked[a]:
                    linked[a].append(b)
        near = list(spatial_empirical_bayes(counts, people, spatial_weights(linked)))
    for note in notes:
        messages().print(f"note: {note}", style="yellow", markup=False, soft_wrap=True)
    areas = [
        {
            "id": name, "cases": int(case), "population": person, "rate": case / person,
            "global_eb": overall[i], "spatial_eb": finite(near[i]),
            "gamma_poisson": float(gamma.rate[i]), "low": float(gamma.low[i]),
            "high": float(gamma.high[i]),
        }
        for i, (name, case, person) in enumerate(zip(ids, counts, people, strict=True))
    ]  # fmt: skip
    return {
        "areas": areas,
        "mean": gamma.mean,
        "shape": finite(gamma.shape),
        "method": "Marshall (1991), global and spatial; gamma-Poisson, 95 % of the posterior",
        "notes": notes,
    }


def _show(data: dict[str, Any]) -> None:
    rows = [
        [
            area["id"], str(area["cases"]), f"{area['population']:g}", f"{area['rate']:.4g}",
            f"{area['global_eb']:.4g}",
            "" if area["spatial_eb"] is None else f"{area['spatial_eb']:.4g}",
            f"{area['gamma_poisson']:.4g} ({area['low']:.4g}–{area['high']:.4g})",
        ]
        for area in data["areas"][:20]
    ]  # fmt: skip
    columns = ["area", "cases", "people", "rate", "global EB", "spatial EB", "gamma (95 %)"]
    print_rows(data["method"], columns, rows)
    if len(data["areas"]) > 20:
        say(f"and {len(data['areas']) - 20} more; --csv or --json writes all")
