"""The command line: ``qalqan``."""

from __future__ import annotations


def main() -> None:
    """Run the command line and turn every expected error into one clear line."""
    from qalqan.cli.app import run

    run()
