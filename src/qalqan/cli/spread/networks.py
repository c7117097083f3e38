"""Networks from files: edges, and what is known of their nodes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qalqan.errors import InputError

if TYPE_CHECKING:
    from qalqan.cli.spread.files import Table
    from qalqan.science.spread.network import Network

_KINDS = ("group", "channel")


@dataclass(frozen=True, slots=True)
class Named:
    """A network whose nodes have names.

    Parameters
    ----------
    network
        Who passes on to whom.
    names
        Name of each node.
    kinds
        Kind of each node, where a file of nodes tells.
    weights
        What each node counts.
    ask
        Whether each node may be asked.
    """

    network: Network
    names: list[str]
    kinds: list[str]
    weights: list[float]
    ask: list[bool]

    def numbers(self, text: str, option: str) -> tuple[int, ...]:
        """Return the numbers of nodes named in an option, with commas between."""
        number = {name: k for k, name in enumerate(self.names)}
        found = [name.strip() for name in text.split(",") if name.strip()]
        for name in found:
            if name not in number:
                raise InputError(f"{option}: there is no node {name[:40]!r}")
        return tuple(dict.fromkeys(number[name] for name in found))


def read_network(
    edges: Path, nodes: Path | None, *, chance: float, both_ways: bool, need_kinds: bool
) -> Named:
    """Read edges (``source``, ``target``, ``chance``) and nodes (``id``, ``kind``, …).

    Raises
    ------
    InputError
        A file is wrong, or an edge leads to a node that the file of nodes does not have.
    """
    from qalqan.cli.spread.files import read_table
    from qalqan.science.spread.network import network

    table = read_table(edges, ["source", "target"], ["chance"])
    ends = (table.text("source"), table.text("target"))
    chances = table.numbers("chance", high=1.0) if table.has("chance") else chance
    kinds: list[str] = []
    weights: list[float] = []
    ask: list[bool] = []
    if nodes is None:
        names = list(dict.fromkeys([*ends[0], *ends[1]]))
    else:
        held = read_table(
            nodes, ["id", "kind"] if need_kinds else ["id"], ["kind", "weight", "ask"]
        )
        names, kinds, weights, ask = _nodes(held)
    number = {name: k for k, name in enumerate(names)}
    for field, side in (("source", ends[0]), ("target", ends[1])):
        for row, name in enumerate(side):
            if name not in number:
                raise table.wrong(f"{name[:40]!r} is not in {nodes}", table.lines[row], field)
    try:
        net = network(
            [number[name] for name in ends[0]], [number[name] for name in ends[1]],
            nodes=len(names), chance=chances, both_ways=both_ways,
        )  # fmt: skip
    except ValueError as error:
        raise InputError(f"--chance: {error}") from None
    return Named(net, names, kinds, weights or [1.0] * len(names), ask or [True] * len(names))


def _nodes(table: Table) -> tuple[list[str], list[str], list[float], list[bool]]:
    names = table.text("id")
    first: dict[str, int] = {}
    for row, name in enumerate(names):
        if first.setdefault(name, row) != row:
            raise table.wrong(f"{name[:40]!r} was there before", table.lines[row], "id")
    kinds = [kind.lower() for kind in table.text("kind")] if table.has("kind") else []
    for row, kind in enumerate(kinds):
        if kind not in _KINDS:
            raise table.wrong(
                f"nodes are groups and channels, never people: {kind[:40]!r}", table.lines[row],
                "kind",
            )  # fmt: skip
    weights = table.numbers("weight") if table.has("weight") else []
    ask = []
    for row, word in enumerate(table.columns["ask"] if table.has("ask") else []):
        if word.lower() not in ("yes", "no"):
            raise table.wrong(f"{word[:40]!r} is neither yes nor no", table.lines[row], "ask")
        ask.append(word.lower() == "yes")
    return names, kinds, weights, ask
