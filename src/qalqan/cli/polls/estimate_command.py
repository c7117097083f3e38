"""``qalqan polls estimate``: what people think, with the doubt that the design leaves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qalqan.cli.console import messages, print_json, print_rows, say
from qalqan.errors import InputError

if TYPE_CHECKING:
    from qalqan.cli.polls.estimating import Found
    from qalqan.cli.polls.job import Job

EXAMPLES = (
    "Examples: qalqan polls estimate answers.csv --strata region --cluster village,household "
    "--weight w --fpc villages,households --proportion trust=yes --interval logit --by age --json "
    "· qalqan polls estimate answers.csv --weight w --mean score --rake totals.csv"
)
_INTERVALS = ("logit", "likelihood", "wilson", "beta", "asin", "mean", "xlogit")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(estimate)


def estimate(
    data: Annotated[Path, typer.Argument(help="CSV, one row a respondent.")],
    weight: Annotated[
        str | None, typer.Option(help="Column of weights; may be left out if --fpc tells them.")
    ] = None,
    strata: Annotated[str | None, typer.Option(help="Column of strata.")] = None,
    cluster: Annotated[
        str | None, typer.Option(help="Columns of clusters, first stage first: C1,C2.")
    ] = None,
    fpc: Annotated[
        str | None, typer.Option(help="Columns of finite populations (or shares), one a stage.")
    ] = None,
    mean: Annotated[str | None, typer.Option(help="Mean of a column.")] = None,
    total: Annotated[str | None, typer.Option(help="Total of a column.")] = None,
    ratio: Annotated[str | None, typer.Option(help="Ratio of two columns: Y/X.")] = None,
    proportion: Annotated[
        str | None, typer.Option(help="Share with a value: COLUMN=VALUE.")
    ] = None,
    interval: Annotated[
        str | None, typer.Option(help=f"Interval of a proportion: {', '.join(_INTERVALS)}.")
    ] = None,
    by: Annotated[str | None, typer.Option(help="Columns of groups: G or G1,G2.")] = None,
    poststratify: Annotated[
        Path | None, typer.Option(help="CSV variable,level,total of one variable.")
    ] = None,
    rake: Annotated[
        Path | None, typer.Option(help="CSV variable,level,total of several variables.")
    ] = None,
    calibrate: Annotated[
        Path | None,
        typer.Option(help="CSV variable,level,total; no level: a sum; (Intercept): of all."),
    ] = None,
    calfun: Annotated[str, typer.Option(help="Calibration: linear, raking, logit.")] = "linear",
    bounds: Annotated[str | None, typer.Option(help="Least,greatest factor: 0.5,2.")] = None,
    trim: Annotated[str | None, typer.Option(help="Cut factors afterwards: 0.3,3.")] = None,
    replicates: Annotated[
        str | None, typer.Option(help="Variance by jk1, jkn or bootstrap.")
    ] = None,
    replicate_count: Annotated[
        int, typer.Option(help="Replicates of the bootstrap.", min=2, max=100_000)
    ] = 500,
    seed: Annotated[int, typer.Option(help="Seed of the bootstrap.", min=0)] = 1,
    nest: Annotated[
        bool, typer.Option("--nest", help="Clusters are numbered anew in each stratum.")
    ] = False,
    lonely: Annotated[
        str,
        typer.Option(help="A stratum of one cluster: fail, remove, certainty, adjust, average."),
    ] = "fail",
    level: Annotated[float, typer.Option(help="Level of the intervals.")] = 0.95,
    df: Annotated[
        str, typer.Option(help="Degrees of freedom of intervals: auto, design, inf or a number.")
    ] = "auto",
    deff: Annotated[
        str, typer.Option(help="Design effect: sample without or with replacement.")
    ] = "without",
    na: Annotated[str, typer.Option(help="Rows without a value: fail or drop.")] = "fail",
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Estimate a mean, total, ratio or share, with the doubt that the sample's design leaves.

    Numbers equal those of R's survey package. All rows count for the doubt of a group. Intervals
    are normal ones; those of --interval take the design's degrees of freedom; --df says otherwise.
    """
    from qalqan.cli.polls.estimating import run
    from qalqan.cli.polls.table import read_table

    job = _job(**{key: value for key, value in locals().items() if key in _OPTIONS})
    table = read_table(job.data, job.columns)
    found = run(job, table)
    if found.calibrated is not None and not found.calibrated.converged:
        messages().print("raking has not converged after 10 rounds", style="yellow")
    document = _document(job, found)
    if json:
        print_json(document)
    else:
        _show(document)


_OPTIONS = frozenset(
    {
        *("data", "weight", "strata", "cluster", "fpc", "mean", "total", "ratio", "proportion"),
        *("interval", "by", "poststratify", "rake", "calibrate", "calfun", "bounds", "trim"),
        *("replicates", "replicate_count", "seed", "nest", "lonely", "level", "df", "deff", "na"),
    }
)


def _job(**given: Any) -> Job:
    from qalqan.cli.polls.job import Job
    from qalqan.cli.polls.totals import read_totals

    statistic, column, other = _statistic(given)
    _check(given, statistic)
    adjustment = _one_of(given, ("poststratify", "rake", "calibrate"))
    return Job(
        data=given["data"], strata=given["strata"], clusters=names_of("cluster", given["cluster"]),
        weight=given["weight"], fpc=names_of("fpc", given["fpc"]), nest=given["nest"],
        lonely=given["lonely"], statistic=statistic, column=column, other=other,
        interval=given["interval"], by=names_of("by", given["by"]),
        totals=None if adjustment is None else read_totals(given[adjustment]),
        adjustment=adjustment, function=given["calfun"], bounds=_pair(given, "bounds"),
        trim=_pair(given, "trim"), replicates=given["replicates"],
        replicate_count=given["replicate_count"], seed=given["seed"], level=given["level"],
        df=given["df"], deff=given["deff"], missing=given["na"],
    )  # fmt: skip


def _statistic(given: dict[str, Any]) -> tuple[str, str, str | None]:
    chosen = _one_of(given, ("mean", "total", "ratio", "proportion"))
    if chosen is None:
        raise InputError("give one of --mean, --total, --ratio, --proportion")
    text = str(given[chosen])
    if chosen in ("mean", "total"):
        return chosen, text, None
    mark, shape = ("/", "Y/X") if chosen == "ratio" else ("=", "COLUMN=VALUE")
    column, other = _halves(given["data"], chosen, text, mark)
    if not column or not other:
        raise InputError(f"--{chosen} is written {shape}, not {text!r}")
    return chosen, column, other


def _halves(data: Path, chosen: str, text: str, mark: str) -> tuple[str, str]:
    """Cut a text at the mark; where it stands more than once, the names of the columns decide."""
    parts = text.split(mark)
    cuts = [
        (mark.join(parts[:place]).strip(), mark.join(parts[place:]).strip())
        for place in range(1, len(parts))
    ]
    if not cuts:
        return text, ""
    if len(cuts) == 1:
        return cuts[0]
    from qalqan.cli.polls.table import column_names

    names = column_names(data)
    fitting = [
        (column, other) for column, other in cuts
        if column in names and other and (chosen == "proportion" or other in names)
    ]  # fmt: skip
    if len(fitting) > 1:
        raise InputError(f"--{chosen} {text} can be read in {len(fitting)} ways: rename a column")
    return fitting[0] if fitting else cuts[0]


def _one_of(given: dict[str, Any], names: tuple[str, ...]) -> str | None:
    chosen = [name for name in names if given[name] is not None]
    if len(chosen) > 1:
        raise InputError(f"--{chosen[0]} and --{chosen[1]} do not go together")
    return chosen[0] if chosen else None


def _check(given: dict[str, Any], statistic: str) -> None:
    allowed = {
        "interval": (None, *_INTERVALS),
        "calfun": ("linear", "raking", "logit"),
        "replicates": (None, "jk1", "jkn", "bootstrap"),
        "lonely": ("fail", "remove", "certainty", "adjust", "average"),
        "deff": ("without", "with"),
        "na": ("fail", "drop"),
    }
    for name, values in allowed.items():
        if given[name] not in values:
            names = ", ".join(value for value in values if value)
            raise InputError(f"--{name} is one of {names}, not {given[name]!r}")
    if given["interval"] and statistic != "proportion":
        raise InputError("--interval goes with --proportion")
    if not 0 < given["level"] < 1:
        raise InputError("--level lies between 0 and 1, as 0.95")
    if given["df"] not in ("auto", "design", "inf") and not _above_zero(given["df"]):
        raise InputError("--df is auto, design, inf or a number above 0")
    if given["calibrate"] is None and (given["bounds"] or given["trim"]):
        raise InputError("--bounds and --trim go with --calibrate")
    if given["calfun"] == "logit" and not given["bounds"]:
        raise InputError("--calfun logit needs --bounds")


def _above_zero(text: str) -> bool:
    try:
        return float(text) > 0
    except ValueError:
        return False


def names_of(option: str, text: str | None) -> list[str]:
    """Return the names that an option lists, none of them twice."""
    if text is None:
        return []
    names = [name.strip() for name in text.split(",")]
    if "" in names:
        raise InputError(f"--{option} has an empty name in {text!r}")
    if len(set(names)) < len(names) and option != "fpc":
        raise InputError(f"--{option} names a column twice")
    return names


def _pair(given: dict[str, Any], option: str) -> tuple[float, float] | None:
    text = given[option]
    if text is None:
        return None
    try:
        low, high = (float(part) for part in str(text).split(","))
    except ValueError:
        raise InputError(f"--{option} is two numbers, as 0.5,2") from None
    if not 0 <= low < 1 < high:
        raise InputError(f"--{option}: one number below 1 (0 or more), one above it")
    return low, high


def _document(job: Job, found: Found) -> dict[str, Any]:
    from qalqan.cli.polls.estimating import told_method

    held = found.estimates
    rows = [
        {
            "group": group,
            "estimate": _finite(held.value[k]),
            "se": _finite(held.se[k]),
            "ci": [_finite(found.low[k]), _finite(found.high[k])],
            "deff": _finite(held.deff[k]),
            "n": int(held.n[k]),
            "df": int(held.df[k]),
        }
        for k, group in enumerate(found.groups)
    ]
    return {
        "estimates": rows,
        "design": found.design.describe(),
        "method": told_method(job, found),
    }


def _finite(value: float) -> float | None:
    number = float(value)
    return number if abs(number) < float("inf") else None


def _show(document: dict[str, Any]) -> None:
    def text(value: float | None) -> str:
        if value is None:
            return "-"
        return f"{value:,.0f}" if abs(value) >= 100_000 else f"{value:,.5g}"

    rows = [
        [row["group"] or "all", text(row["estimate"]), text(row["se"]), text(row["ci"][0]),
         text(row["ci"][1]), text(row["deff"]), str(row["n"]), str(row["df"])]
        for row in document["estimates"]
    ]  # fmt: skip
    columns = ["group", "estimate", "se", "from", "to", "deff", "n", "df"]
    print_rows("", columns, rows)
    held = document["design"]
    say(
        f"design: {held['rows']:,} rows, {held['strata']} strata, {held['stages']} stages, "
        f"population {held['population']:,.6g}"
    )
    say(f"method: {document['method']}")
