"""``qalqan disclosure audit``: what an attacker can compute from everything published."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qalqan.cli.console import print_json, print_rows, say
from qalqan.cli.disclosure.choices import (
    EDITIONS,
    LAYOUTS,
    at_least,
    bond_of,
    check_base,
    finite,
    labels_of,
    one_of,
)

if TYPE_CHECKING:
    from qalqan.cli.disclosure.layout import Held
    from qalqan.science.disclosure.audit import Finding

EXAMPLES = (
    "Examples: qalqan disclosure audit published.csv --json · "
    "qalqan disclosure audit 2026-09.csv 2026-10.csv --editions grows"
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(audit)


def audit(
    editions_files: Annotated[
        list[Path],
        typer.Argument(
            metavar="EDITION.csv...",
            help="CSV as published; x, *, .. or nothing where a count is hidden. Oldest first.",
        ),
    ],
    threshold: Annotated[float, typer.Option(help="Counts from 1 to below this are small.")] = 5,
    protection: Annotated[
        float, typer.Option(help="The interval must reach this far to both sides.")
    ] = 1,
    sliding: Annotated[
        float | None,
        typer.Option(help="Least width of an interval; twice --protection if not set."),
    ] = None,
    zeros: Annotated[
        str, typer.Option(help="safe, structural or sensitive (a zero is small, too).")
    ] = "safe",
    round_to: Annotated[
        int, typer.Option("--round", help="Base to which the published counts are rounded.")
    ] = 0,
    editions: Annotated[
        str, typer.Option(help="How editions hang together: auto, same, grows or separate.")
    ] = "auto",
    hierarchy: Annotated[Path | None, typer.Option(help="CSV: dimension, level, parent.")] = None,
    layout: Annotated[str, typer.Option(help="auto, long or wide.")] = "auto",
    count: Annotated[str, typer.Option(help="Column of counts of a long table.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Attack a whole publication: all tables, sub-tables, totals and editions together.

    For each hidden cell the least and the largest value that fit everything published. A cell
    fails if its interval is too narrow, if a small count is published, or if the difference of
    two editions tells one. Exit code 1 if any cell fails.
    """
    from qalqan.cli.disclosure.choices import ZEROS

    at_least(threshold, 1, "--threshold")
    at_least(protection, 0, "--protection")
    at_least(sliding or 0, 0, "--sliding")
    check_base(round_to)
    one_of(zeros, ZEROS, "--zeros")
    one_of(editions, EDITIONS, "--editions")
    one_of(layout, LAYOUTS, "--layout")
    width = 2 * protection if sliding is None else sliding
    limits = (threshold, protection, width, zeros == "sensitive")
    document = _audited(editions_files, limits, round_to, editions, hierarchy, layout, count)
    if json:
        print_json(document)
    else:
        _show(document)
    if not document["safe"]:
        raise typer.Exit(1)


def _audited(
    paths: list[Path], limits: tuple[float, float, float, bool], base: int, editions: str,
    hierarchy: Path | None, layout: str, count: str,
) -> dict[str, Any]:  # fmt: skip
    import time

    from qalqan.cli.disclosure.layout import blamed, editions_of, read_hierarchies, read_tables
    from qalqan.science.disclosure.audit import Standard
    from qalqan.science.disclosure.audit import audit as attack
    from qalqan.science.disclosure.checks import DisclosureInputError

    held = read_tables(paths, layout=layout, count=count)
    published = editions_of(held, read_hierarchies(hierarchy, held), base)
    bond, note = bond_of(editions, published)
    threshold, protection, width, zeros = limits
    standard = Standard(threshold, protection, protection, width, zeros)
    start = time.perf_counter()
    try:
        findings = attack(published, bond=bond, standard=standard)
    except DisclosureInputError as error:
        raise blamed(held, error) from None
    failed = [finding for finding in findings if finding.fault]
    return {
        "safe": not failed,
        "failures": len(failed),
        "hidden": sum(one.hidden and bool(one.table) for one in findings),
        "editions": [one.name for one in published],
        "editions_hang_together": bond,
        "note": note,
        "threshold": finite(threshold),
        "round": base,
        "seconds": round(time.perf_counter() - start, 3),
        "reasons": [f"{' × '.join(one.labels)} ({one.edition}): {one.reason}" for one in failed],
        "cells": [_cell(held, one) for one in findings],
    }


def _cell(held: list[Held], one: Finding) -> dict[str, Any]:
    table = one.table
    if table:
        labels = labels_of(held, one.edition, table, one.labels)
    else:
        labels = {str(number + 1): label for number, label in enumerate(one.labels)}
    return {
        "edition": one.edition,
        "table": table or None,
        "labels": labels,
        "value": finite(one.value),
        "status": "suppressed" if one.hidden and table else "difference" if not table
        else "published",
        "attacker": {"low": finite(one.low), "high": finite(one.high)},
        "exact": one.exact,
        "recovered": one.hidden and one.low == one.high,
        "fails": bool(one.fault),
        "reason": one.reason,
    }  # fmt: skip


def _show(document: dict[str, Any]) -> None:
    rows = []
    for cell in document["cells"]:
        high = cell["attacker"]["high"]
        ends = f"{cell['attacker']['low']} … {'∞' if high is None else high}"
        where = " × ".join(cell["labels"].values())
        rows.append([cell["edition"], cell["table"] or "", where, ends, cell["reason"] or "safe"])
    print_rows("", ["edition", "table", "cell", "attacker", "finding"], rows)
    if document["note"]:
        say(document["note"])
    say(
        "safe: no cell fails" if document["safe"]
        else f"NOT SAFE: {document['failures']} cells fail"
    )  # fmt: skip
