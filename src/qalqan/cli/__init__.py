"""The command line: ``qalqan``."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and turn every expected error into one clear line."""
    try:
        from qalqan.cli.app import run
    except KeyboardInterrupt:
        sys.stderr.write("Stopped; nothing was written.\n")
        raise SystemExit(130) from None

    run()
