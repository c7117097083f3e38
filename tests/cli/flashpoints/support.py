"""Small files and the command run in this process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from qalqan.cli.app import app

GEO = "a 0 0\nb 1 0\nc 5 0\nd 6 0\n"
CAS = "a 9\nb 8\nc 1\nd 2\n"
POP = "a 2000 10\nb 2000 10\nc 2000 10\nd 2000 10\n"


def run(*arguments: object) -> Any:
    """Run ``qalqan flashpoints …``; whatever is raised comes out."""
    result = CliRunner().invoke(app, ["flashpoints", *map(str, arguments)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result


def scanned(folder: Path, *arguments: object) -> dict[str, Any]:
    """Return the JSON of a scan."""
    out = folder / "out.json"
    run("scan", *arguments, "--json", out)
    return json.loads(out.read_text(encoding="utf-8"))


def written(folder: Path, **files: str) -> dict[str, Path]:
    """Write files; the first underscore of a name stands for a point."""
    paths = {}
    for name, text in files.items():
        paths[name] = folder / name.replace("_", ".", 1)
        paths[name].write_text(text, encoding="utf-8")
    return paths


def basic(folder: Path, **changed: str) -> list[object]:
    """Return the arguments of a small Poisson scan, with some of its files changed."""
    texts = {"x_cas": CAS, "x_pop": POP, "x_geo": GEO} | changed
    paths = written(folder, **texts)
    return [
        "--cases", paths["x_cas"], "--population", paths["x_pop"], "--coordinates",
        paths["x_geo"], "--replicates", "99", "--workers", "1",
        "--metric", "plane",
    ]  # fmt: skip
