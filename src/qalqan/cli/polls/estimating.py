"""From a job and its table to estimates, and to the words that say how they came about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qalqan.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qalqan.cli.polls.job import Job
    from qalqan.cli.polls.table import Table
    from qalqan.cli.polls.totals import Totals
    from qalqan.science.polls.calibrate import Calibrated
    from qalqan.science.polls.design import Design
    from qalqan.science.polls.estimate import Estimates
    from qalqan.science.polls.replicates import Replicated, Replicates


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a job."""

    estimates: Estimates
    low: NDArray[Any]
    high: NDArray[Any]
    groups: list[str | None]
    design: Design
    calibrated: Calibrated | None
    lost: int


def run(job: Job, table: Table) -> Found:
    """Estimate what the job asks for."""
    import numpy as np

    from qalqan.cli.polls.job import read_design
    from qalqan.cli.polls.levels import crossed

    drawn = read_design(job, table)
    replicated = _replicated(job, table, drawn)
    totals = job.totals
    calibrated = None if totals is None else _calibrated(job, table, totals, drawn)
    final = drawn if calibrated is None else calibrated.design
    values, other = _values(job, table)
    code: NDArray[Any] | None = None
    groups: list[str | None] = [None]
    if job.by:
        code, names = crossed(table, job.by, ".")
        groups = list(names)
        _refuse_nameless(job, table, code)
    if replicated is not None:
        if calibrated is not None:
            replicated = replicated.calibrated(final, calibrated.recipe)
        again = _from_replicates(job, table, replicated, values, other, code)
        found, lost = again.estimates, int(again.lost.max())
    else:
        again, lost = None, 0
        found = _linearised(job, table, final, values, other, code)
    if again is not None and job.interval == "logit":
        low, high = again.logit_interval(job.level, _df(job, found, found.df))
    else:
        low, high = _ends(job, found, np.asarray(len(table) if code is None else found.n))
    return Found(found, low, high, groups, final, calibrated, lost)


def _refuse_nameless(job: Job, table: Table, code: NDArray[Any]) -> None:
    import numpy as np

    if job.missing == "fail" and (code < 0).any():
        row = int(np.argmax(code < 0))
        column = next(name for name in job.by if table.missing(name)[row])
        raise table.wrong(
            "there is no group", row, column, hint="say --na drop to leave such rows out"
        )


def _replicated(job: Job, table: Table, drawn: Design) -> Replicates | None:
    if job.replicates is None:
        return None
    import numpy as np

    from qalqan.science.polls.replicates import bootstrap, jackknife

    kind = job.replicates
    if kind == "bootstrap":
        rng = np.random.default_rng(job.seed)
        return job.blamed(table, lambda: bootstrap(drawn, rng=rng, replicates=job.replicate_count))
    return job.blamed(table, lambda: jackknife(drawn, kind))  # type: ignore[arg-type]


def _calibrated(job: Job, table: Table, totals: Totals, drawn: Design) -> Calibrated:
    from qalqan.cli.polls.totals import grouped, regressors
    from qalqan.science.polls.calibrate import calibrate, poststratify, rake

    if job.adjustment == "calibrate":
        columns, wanted = regressors(table, totals)
        return job.blamed(
            table,
            lambda: calibrate(
                drawn, columns, wanted, function=job.function,  # type: ignore[arg-type]
                bounds=job.bounds, trim=job.trim,
            ),
        )  # fmt: skip
    if job.adjustment == "poststratify" and len(totals.margins) > 1:
        raise totals.wrong(
            f"post-strata are the levels of one variable, here are {len(totals.margins)}", None,
            hint="cross them (variable a:b, level x:y), or take --rake",
        )  # fmt: skip
    margins = [grouped(table, totals, margin)[:2] for margin in totals.margins]
    if job.adjustment == "poststratify":
        return job.blamed(table, lambda: poststratify(drawn, *margins[0]))
    return job.blamed(table, lambda: rake(drawn, margins))


def _values(job: Job, table: Table) -> tuple[NDArray[Any], NDArray[Any] | None]:
    import numpy as np

    from qalqan.cli.polls.levels import coded, same_level

    if job.statistic != "proportion":
        other = None if job.statistic != "ratio" else table.numbers(str(job.other))
        return table.numbers(job.column), other
    code, levels = coded(table.columns[job.column])
    place = same_level(levels, str(job.other))
    if place is None:
        raise InputError(
            f"no row has {job.column} = {job.other}",
            hint=f"there is: {', '.join(levels[:12])}",
        )
    return np.where(code < 0, np.nan, (code == place).astype(np.float64)), None


def _linearised(
    job: Job, table: Table, final: Design, values: NDArray[Any], other: NDArray[Any] | None,
    code: NDArray[Any] | None,
) -> Estimates:  # fmt: skip
    from qalqan.science.polls import estimate

    options: dict[str, Any] = {"by": code, "deff": job.deff, "missing": job.missing}
    if other is not None:
        return job.blamed(table, lambda: estimate.ratio(final, values, other, **options))
    kinds = {"mean": estimate.mean, "total": estimate.total, "proportion": estimate.proportion}
    return job.blamed(table, lambda: kinds[job.statistic](final, values, **options))


def _from_replicates(
    job: Job, table: Table, replicated: Replicates, values: NDArray[Any],
    other: NDArray[Any] | None, code: NDArray[Any] | None,
) -> Replicated:  # fmt: skip
    from qalqan.science.polls.replicates import estimate

    return job.blamed(
        table,
        lambda: estimate(
            replicated, job.statistic, values, other, by=code,  # type: ignore[arg-type]
            deff=job.deff, missing=job.missing,  # type: ignore[arg-type]
        ),
    )  # fmt: skip


def _ends(job: Job, found: Estimates, rows: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    from qalqan.science.polls.intervals import share_interval

    if job.interval is None:
        return found.interval(job.level, _df(job, found, None))
    return share_interval(
        found, job.interval,  # type: ignore[arg-type]
        level=job.level, df=_df(job, found, found.df), rows=rows,
    )  # fmt: skip


def _df(job: Job, found: Estimates, default: Any) -> Any:
    if job.df == "auto":
        return default
    if job.df == "design":
        return found.df
    if job.df == "inf":
        return float("inf")
    return float(job.df)


def told_method(job: Job, found: Found) -> str:
    """Return one line that says how the figures came about."""
    parts = [job.statistic, _spread(job, found)]
    if found.calibrated is not None:
        parts.append(_adjusted(job, found.calibrated))
    parts.append(_interval(job))
    parts.append(f"design effect against a simple random sample {job.deff} replacement")
    if found.estimates.dropped:
        parts.append(f"{found.estimates.dropped} rows left out: no value")
    return "; ".join(parts)


def _spread(job: Job, found: Found) -> str:
    if job.replicates is None:
        return "variance by Taylor linearisation"
    lost = f", {found.lost} replicates without anybody left out" if found.lost else ""
    if job.replicates == "bootstrap":
        return (
            f"variance from {job.replicate_count} replicates of the rescaled bootstrap "
            f"(Rao-Wu, seed {job.seed}) about their mean{lost}"
        )
    return f"variance by the {job.replicates} jackknife about the replicates' mean{lost}"


def _adjusted(job: Job, done: Calibrated) -> str:
    if job.adjustment == "poststratify":
        return "post-stratified"
    if job.adjustment == "rake":
        how = "converged" if done.converged else "NOT converged, largest miss {:.2g}"
        return f"raked, {done.steps} rounds, {how.format(done.worst)}"
    cut = f", {len(done.trimmed)} factors trimmed (totals met to {done.worst:.2g})"
    low, high = float(done.factors.min()), float(done.factors.max())
    text = f"calibrated ({job.function}), factors {low:.4g} to {high:.4g}"
    return text + (cut if job.trim else "")


def _interval(job: Job) -> str:
    name = f"{100 * job.level:g} % intervals"
    if job.interval is not None:
        with_df = {"auto": "the design's degrees of freedom", "inf": "infinite degrees of freedom"}
        chosen = with_df.get(job.df, "degrees of freedom as asked for")
        return f"{name}: {job.interval}, {chosen}"
    if job.df in ("auto", "inf"):
        return f"{name} from the normal distribution"
    return f"{name} from Student's t ({'design' if job.df == 'design' else job.df} df)"
