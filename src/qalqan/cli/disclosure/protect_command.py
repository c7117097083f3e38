"""``qalqan disclosure protect``: which cells to hide so that small counts stay hidden."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qalqan.cli.console import print_json, print_rows, say
from qalqan.cli.disclosure.choices import (
    EDITIONS,
    LAYOUTS,
    ZEROS,
    at_least,
    bond_of,
    check_base,
    finite,
    labels_of,
    one_of,
)
from qalqan.errors import InputError

if TYPE_CHECKING:
    from qalqan.cli.disclosure.layout import Held
    from qalqan.science.disclosure.protect import Protected, Rules

EXAMPLES = (
    "Examples: qalqan disclosure protect table.csv --threshold 5 --json · "
    "qalqan disclosure protect area-theme.csv area-age.csv --cost count --out published.csv · "
    "qalqan disclosure protect table.csv --round 5"
)
COSTS = ("value", "count", "log")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(protect)


def protect(
    tables: Annotated[
        list[Path],
        typer.Argument(help="CSV: labels and count in rows, or a cross-table; several are linked."),
    ],
    threshold: Annotated[float, typer.Option(help="Counts from 1 to below this are hidden.")] = 5,
    protection: Annotated[
        float, typer.Option(help="The attacker's interval reaches this far to both sides.")
    ] = 1,
    sliding: Annotated[
        float | None,
        typer.Option(help="Least width of the interval; twice --protection if not set."),
    ] = None,
    zeros: Annotated[
        str, typer.Option(help="safe, structural (known to be empty) or sensitive.")
    ] = "safe",
    cost: Annotated[
        str, typer.Option(help="What hiding a cell costs: value, count or log.")
    ] = "value",
    round_to: Annotated[
        int, typer.Option("--round", help="Round to this base instead of hiding, as 5.")
    ] = 0,
    margins: Annotated[
        bool, typer.Option(help="Hide margins that are not small, if nothing else helps.")
    ] = True,
    hierarchy: Annotated[Path | None, typer.Option(help="CSV: dimension, level, parent.")] = None,
    earlier: Annotated[
        list[Path] | None, typer.Option(help="CSV of an earlier edition (--office); repeatable.")
    ] = None,
    editions: Annotated[
        str, typer.Option(help="How editions hang together: auto, same, grows or separate.")
    ] = "auto",
    dominance: Annotated[
        str, typer.Option(help="n,k: hide where the largest n give over k % (columns top1, top2).")
    ] = "",
    p_percent: Annotated[
        float, typer.Option(help="Hide where the second could tell the largest within p %.")
    ] = 0.0,
    layout: Annotated[str, typer.Option(help="auto, long or wide.")] = "auto",
    count: Annotated[str, typer.Option(help="Column of counts of a long table.")] = "",
    time_limit: Annotated[float, typer.Option(help="Seconds for the search.")] = 60.0,
    out: Annotated[
        Path | None, typer.Option(help="Write the edition as it may be published.")
    ] = None,
    office: Annotated[
        Path | None, typer.Option(help="Write the office's own copy, with the hidden counts.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Hide small counts and, at the least cost, the cells that would give them away.

    The result is attacked before it is shown: for each hidden cell the least and the largest
    value that anybody can compute. "optimal" is said only if no pattern costs less; when time is
    over, the proven gap is told. Exit code 1 if nothing may be published.
    """
    _check(threshold, protection, sliding, time_limit)
    check_base(round_to)
    rules = _rules(threshold, protection, sliding, zeros, cost, round_to, margins)
    one_of(editions, EDITIONS, "--editions")
    one_of(layout, LAYOUTS, "--layout")
    work = _Work(tables, earlier or [], hierarchy, layout, count)
    found, note, seconds = work.protected(rules, editions, time_limit, dominance, p_percent)
    document = _document(found, work.held, rules, note, seconds)
    if found.safe:
        _write(found, work.held, out, office)
    if json:
        print_json(document)
    else:
        _show(document)
    if not found.safe:
        raise typer.Exit(1)


def _check(threshold: float, protection: float, sliding: float | None, time_limit: float) -> None:
    at_least(threshold, 1, "--threshold")
    at_least(protection, 0, "--protection")
    at_least(sliding or 0, 0, "--sliding")
    if not time_limit > 0:
        raise InputError("--time-limit is a number of seconds above 0")


def _rules(
    threshold: float, protection: float, sliding: float | None, zeros: str, cost: str, base: int,
    margins: bool,
) -> Rules:  # fmt: skip
    from qalqan.science.disclosure.protect import Rules

    return Rules(
        threshold, one_of(zeros, ZEROS, "--zeros"), protection, protection,  # type: ignore[arg-type]
        2 * protection if sliding is None else sliding,
        one_of(cost, COSTS, "--cost"), margins, base,  # type: ignore[arg-type]
    )  # fmt: skip


class _Work:
    """The files that were given."""

    def __init__(
        self, tables: list[Path], earlier: list[Path], hierarchy: Path | None, layout: str,
        count: str,
    ) -> None:  # fmt: skip
        from qalqan.cli.disclosure.layout import read_hierarchies, read_tables

        self.held = read_tables(tables, layout=layout, count=count, tops=True)
        self.before = read_tables(earlier, layout=layout, count=count) if earlier else []
        self.trees = read_hierarchies(hierarchy, [*self.held, *self.before])
        for one in self.held:
            if one.edition_told and one.edition != self.held[0].edition:
                raise InputError(
                    "protect takes one edition; give earlier ones with --earlier",
                    location=self._where(one),
                )
            for labels, cell in one.entries.items():
                if cell.value != cell.value:
                    raise InputError(
                        "protect needs the true count of every cell",
                        location=self._where(one, one.lines[labels]),
                    )

    @staticmethod
    def _where(one: Held, line: int | None = None) -> Any:
        from qalqan.errors import Location

        return Location(str(one.path), line or next(iter(one.lines.values())), "count")

    def protected(
        self, rules: Rules, editions: str, time_limit: float, dominance: str, p_percent: float
    ) -> tuple[Protected, str, float]:
        """Protect the tables; return the result, a note and the seconds it took."""
        import time
        from dataclasses import replace

        from qalqan.cli.disclosure.layout import blamed, editions_of
        from qalqan.cli.disclosure.magnitude import sensitive
        from qalqan.science.disclosure.checks import DisclosureInputError
        from qalqan.science.disclosure.protect import protect as protect_tables

        also, whole = sensitive(self.held, dominance, p_percent)
        past = editions_of(self.before, self.trees, 0)
        own = [one.table(self.trees) for one in self.held]
        name = self.held[0].edition if self.held[0].edition_told else "this edition"
        bond, note = bond_of(editions, [*past, *editions_of(self.held, self.trees, 0)])
        if not past:
            note = ""
        start = time.perf_counter()
        try:
            found = protect_tables(
                own, replace(rules, whole=whole), name=name, earlier=past, bond=bond, also=also,
                seconds=time_limit, clock=time.perf_counter,
            )  # fmt: skip
        except DisclosureInputError as error:
            raise blamed([*self.held, *self.before], error) from None
        return found, note, time.perf_counter() - start


def _document(
    found: Protected, held: list[Held], rules: Rules, note: str, seconds: float
) -> dict[str, Any]:
    pattern = found.pattern
    cells = [
        {
            "table": cell.table,
            "labels": labels_of(held, "", cell.table, cell.labels),
            "value": finite(cell.value),
            "status": cell.status,
            "published": None if cell.published is None else finite(cell.published),
            "attacker": {"low": finite(cell.low), "high": finite(cell.high)},
        }
        for cell in found.cells
    ]
    statuses = [cell.status for cell in found.cells]
    return {
        "safe": found.safe,
        "reasons": found.reasons,
        "method": "rounding" if pattern is None else "suppression",
        "status": "rounded" if pattern is None else pattern.status,
        "cost": finite(found.change if pattern is None else pattern.cost),
        "bound": None if pattern is None else finite(pattern.bound),
        "gap": None if pattern is None else round(pattern.gap, 6),
        "cost_of_a_cell": "change" if pattern is None else rules.cost,
        "seconds": round(seconds, 3),
        "threshold": finite(rules.threshold),
        "protection": {
            "below": finite(rules.below), "above": finite(rules.above), "width": finite(rules.width)
        },
        "zeros": rules.zeros,
        "round": rules.base,
        "margins_hidden": found.hidden_margins,
        "note": note,
        "counts": {status: statuses.count(status) for status in dict.fromkeys(statuses)},
        "cells": cells,
    }  # fmt: skip


def _show(document: dict[str, Any]) -> None:
    if document["method"] == "rounding":
        rows = [
            [" × ".join(cell["labels"].values()), str(cell["value"]), str(cell["published"]),
             _ends(cell)]
            for cell in document["cells"]
        ]  # fmt: skip
        print_rows("", ["cell", "true", "published", "attacker"], rows)
    else:
        rows = [
            [cell["table"], " × ".join(cell["labels"].values()), str(cell["value"]),
             cell["status"], _ends(cell)]
            for cell in document["cells"] if cell["published"] is None
        ]  # fmt: skip
        print_rows("", ["table", "hidden cell", "true", "why", "attacker"], rows)
        counts = document["counts"]
        say(", ".join(f"{number} {status}" for status, number in counts.items()))
        proof = {
            "optimal": "proven cheapest",
            "time_limit": f"time was over: at most {document['gap']:.1%} above the cheapest",
            "gap_limit": f"at most {document['gap']:.1%} above the cheapest",
            "infeasible": "no pattern protects",
        }[document["status"]]
        say(f"cost ({document['cost_of_a_cell']}): {document['cost']}; {proof}")
        if document["margins_hidden"]:
            say("margins had to be hidden, too: inner cells alone do not protect")
    if document["note"]:
        say(document["note"])
    say("safe: the attacker's audit found nothing" if document["safe"] else "NOT SAFE to publish:")
    for reason in document["reasons"]:
        say(f"  {reason}")


def _ends(cell: dict[str, Any]) -> str:
    high = cell["attacker"]["high"]
    return f"{cell['attacker']['low']} … {'∞' if high is None else high}"


def _write(found: Protected, held: list[Held], out: Path | None, office: Path | None) -> None:
    """Write what is published, and what stays in the office."""
    import csv

    names = list(dict.fromkeys(name for one in held for name in one.dimensions))
    for path, own in ((out, False), (office, True)):
        if path is None:
            continue
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(["table", *names, "count", "status"])
            for cell in found.cells:
                labels = labels_of(held, "", cell.table, cell.labels)
                hidden = cell.published is None
                status = cell.status if own else ("suppressed" if hidden else "published")
                figure = cell.value if own else cell.published
                shown = "x" if figure is None else finite(figure)
                row = [labels.get(name, "total") for name in names]
                writer.writerow([cell.table, *row, shown, status])
