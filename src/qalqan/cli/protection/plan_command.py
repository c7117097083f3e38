"""``qalqan protection plan``: a week for each team, drawn, with its proof and its commitment."""

from __future__ import annotations

import json as plain_json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qalqan.cli.console import print_json, print_rows, say
from qalqan.errors import InputError, Location, QalqanError

if TYPE_CHECKING:
    from qalqan.cli.spread.files import Table
    from qalqan.science.protection.payoffs import Payoffs
    from qalqan.science.protection.planning import Travel
    from qalqan.science.protection.shifts import Shifts

EXAMPLES = (
    "Example: qalqan protection plan --sites sites.csv --teams teams.csv --days 5 --json · "
    "qalqan protection plan --verify plan.json"
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(plan)


def plan(
    sites: Annotated[
        Path | None,
        typer.Option(help="Columns `id`, `latitude`, `longitude`, `risk` (or the four payoffs)."),
    ] = None,
    teams: Annotated[
        Path | None, typer.Option(help="Columns `id`, `latitude`, `longitude`; also `days`.")
    ] = None,
    days: Annotated[int, typer.Option(help="Days of the week.", min=1, max=7)] = 5,
    most: Annotated[int, typer.Option(help="Most visits in a shift.", min=1)] = 4,
    speed: Annotated[float, typer.Option(help="km/h on the road.")] = 50.0,
    visit: Annotated[float, typer.Option(help="Minutes of one visit.")] = 90.0,
    shift: Annotated[float, typer.Option(help="Minutes from leaving to being back.")] = 480.0,
    effect: Annotated[float, typer.Option(help="Part of a loss that a visit averts.")] = 0.8,
    seed: Annotated[
        str, typer.Option(help="64 hexadecimal digits; drawn by the system if not given.")
    ] = "",
    label: Annotated[str, typer.Option(help="What the plan is for, as 2026-W48.")] = "",
    verify: Annotated[
        Path | None, typer.Option(help="Recompute a plan written by --json, and change nothing.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Draw a week of visits: which sites, with which probability, within shifts and travel time.

    Publish the commitment before the week and the seed after it; --verify then shows whether the
    visits are those that chance gave.
    """
    if verify is not None:
        _verify(verify, json)
        return
    if sites is None or teams is None:
        raise InputError("a plan needs --sites and --teams")
    from qalqan.science.protection.planning import Travel

    travel = Travel(speed_kmh=speed, visit_minutes=visit, shift_minutes=shift, most=most)
    game = _read(sites, teams, days, travel, effect)
    document = _planned(game, _seed(seed), label)
    if json:
        print_json(document)
    else:
        _show(document)


def _seed(text: str) -> bytes:
    if not text:
        return secrets.token_bytes(32)
    try:
        held = bytes.fromhex(text)
    except ValueError:
        raise InputError("--seed has something that is no hexadecimal digit") from None
    if len(held) != 32:
        raise InputError("--seed needs 64 hexadecimal digits")
    return held


def _places(table: Table) -> tuple[list[float], list[float]]:
    return (
        table.numbers("latitude", low=-90, high=90),
        table.numbers("longitude", low=-180, high=180),
    )


@dataclass(frozen=True, slots=True)
class _Game:
    """What the files say, without the sites that no team reaches."""

    names: list[str]
    unreachable: list[str]
    team_names: list[str]
    amounts: list[int]
    payoffs: Payoffs
    held: Shifts


def _read(sites: Path, teams: Path, days: int, travel: Travel, effect: float) -> _Game:
    import numpy as np

    from qalqan.cli.protection.rows import ids
    from qalqan.cli.spread.files import read_table
    from qalqan.science.protection.planning import fitting, within_reach, zones

    table, crew = _site_table(sites), read_table(teams, ("id", "latitude", "longitude"), ("days",))
    names, team_names, payoffs = ids(table), ids(crew), _payoffs(table, effect)
    amounts = (
        [int(n) for n in crew.numbers("days", low=1, high=7, whole=True)]
        if crew.has("days") else [days] * len(team_names)
    )  # fmt: skip
    places = _places(table)
    zone = zones(*places, travel)
    held = fitting(*places, zone, list(zip(*_places(crew), strict=True)), amounts, travel)
    rows, held = within_reach(zone, held)
    if not len(rows):
        raise InputError("no team gets to any site and back within a shift")
    there = np.isin(np.arange(len(names)), rows)
    return _Game(
        [names[row] for row in rows],
        [name for name, reached in zip(names, there, strict=True) if not reached],
        team_names, amounts, payoffs.only(rows), held,
    )  # fmt: skip


def _planned(game: _Game, seed: bytes, label: str) -> dict[str, Any]:
    from qalqan.cli.protection.rows import by_id
    from qalqan.science.protection.baselines import shift_baselines
    from qalqan.science.protection.columngen import solve_scheduled
    from qalqan.science.protection.commitment import commit, digest, generator
    from qalqan.science.protection.rounding import draw_week, slot_entropy_bits

    found = solve_scheduled(game.payoffs, game.held)
    slots = [kind for kind, amount in enumerate(game.amounts) for _ in range(amount)]
    day_of = _days(slots)
    hashed = digest(found.shifts, slots, _bound_label(label, game.names, game.team_names))
    week = draw_week(found.shifts, slots, generator(seed))
    rules = shift_baselines(game.payoffs, game.held)
    bits = slot_entropy_bits(found.shifts, game.amounts)
    return {
        "visits": [
            {
                "team": game.team_names[slots[one.slot]], "day": day_of[one.slot],
                "site": game.names[site], "zone": one.zone,
                "probability": float(found.coverage[site]),
            }
            for one in week for site in one.targets
        ],
        "coverage": {
            **by_id(game.names, found.coverage), **dict.fromkeys(game.unreachable, 0.0),
        },
        "defender_value": found.defender_value, "bound": found.defender_bound, "gap": found.gap,
        "attacker_value": found.attacker_value, "attacked": game.names[found.attacked],
        "baselines": {name: rule.response.defender_value for name, rule in rules.items()},
        "entropy_bits": dict(zip(game.team_names, bits, strict=True)),
        "unreachable": game.unreachable,
        "label": label, "seed": seed.hex(), "digest": hashed, "commitment": commit(seed, hashed),
        "slots": slots, "sites": game.names, "teams": game.team_names,
        "mixture": [[s.kind, s.zone, list(s.targets), s.share.hex()] for s in found.shifts],
    }  # fmt: skip


def _days(slots: list[int]) -> list[int]:
    """Return the day of each team-day, from 1."""
    return [slots[:place].count(kind) + 1 for place, kind in enumerate(slots)]


def _bound_label(label: str, sites: list[str], teams: list[str]) -> str:
    """Return the label with the hash of who stands behind each number of the draw."""
    from hashlib import sha256

    rows = plain_json.dumps([sites, teams], ensure_ascii=True, separators=(",", ":"))
    return f"{label} {sha256(rows.encode()).hexdigest()}"


def _site_table(path: Path) -> Table:
    from qalqan.cli.spread.files import read_table
    from qalqan.science.protection.payoffs import COLUMNS

    table = read_table(path, ("id", "latitude", "longitude"), ("risk", *COLUMNS))
    if not table.has("risk") and not all(table.has(name) for name in COLUMNS):
        raise table.wrong("there is no column 'risk', nor the four payoffs", 1)
    return table


def _payoffs(table: Table, effect: float) -> Payoffs:
    from qalqan.cli.protection.game_command import read_payoffs
    from qalqan.science.protection.planning import payoffs_of

    if table.has("risk"):
        return payoffs_of(table.numbers("risk"), effect)
    return read_payoffs(table)


def _checked(held: Any) -> dict[str, bool]:
    """Draw the plan again, and tell what of it holds."""
    from qalqan.science.protection.columngen import Shift
    from qalqan.science.protection.commitment import digest, generator, is_committed
    from qalqan.science.protection.rounding import draw_week

    mixture = [
        Shift(int(k), int(z), tuple(int(t) for t in targets), float.fromhex(share))
        for k, z, targets, share in held["mixture"]
    ]
    seed, slots = bytes.fromhex(held["seed"]), [int(k) for k in held["slots"]]
    names, teams, days = held["sites"], held["teams"], _days(slots)
    written = sorted((row["team"], row["day"], row["site"]) for row in held["visits"])
    drawn = sorted(
        (teams[slots[one.slot]], days[one.slot], names[target])
        for one in draw_week(mixture, slots, generator(seed)) for target in one.targets
    )  # fmt: skip
    hashed = digest(mixture, slots, _bound_label(str(held["label"]), names, teams))
    return {
        "committed": is_committed(seed, hashed, str(held["commitment"])),
        "drawn": drawn == written,
    }


def _verify(path: Path, json: bool) -> None:
    try:
        result = _checked(plain_json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, QalqanError) as error:
        raise InputError(
            f"this is no plan written by --json: {error}", location=Location(str(path))
        ) from None
    if json:
        print_json(result)
    else:
        say("the seed is the one committed to" if result["committed"]
            else "the seed is NOT the one committed to")  # fmt: skip
        say("the visits are those it gives" if result["drawn"]
            else "the visits are NOT those it gives")  # fmt: skip
    if not all(result.values()):
        raise typer.Exit(1)


def _show(document: dict[str, Any]) -> None:
    rows = [
        [row["team"], str(row["day"]), row["site"], f"{row['probability']:.3f}"]
        for row in sorted(document["visits"], key=lambda row: (row["team"], row["day"]))
    ]
    print_rows("", ["team", "day", "site", "probability"], rows)
    say(f"defender {document['defender_value']:.4f}, at most {document['bound']:.4f} can be had")
    for name, value in document["baselines"].items():
        say(f"  {name}: {value:.4f}")
    for team, bits in document["entropy_bits"].items():
        say(f"{team}: {bits:.2f} bits a shift")
    if document["unreachable"]:
        far = ", ".join(document["unreachable"][:20])
        say(f"left out, no team gets there within a shift: {far}")
    say(f"commitment {document['commitment']}")
    say(f"seed (keep it until the week is over) {document['seed']}")
