"""Press Ctrl-C on a command that is at work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

_LONGEST_START = 120.0


def press_ctrl_c(arguments: Sequence[str], *, at_work: float = 3.0) -> tuple[int, str]:
    """Start ``qalqan`` with arguments, press Ctrl-C some seconds after its kernels are loaded.

    Returns
    -------
    (int, str)
        Exit code, and what was written on the error channel.
    """
    work = subprocess.Popen(
        [sys.executable, "-m", "qalqan", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"COLUMNS": "100"},
        # A suite started in the background passes the order to ignore Ctrl-C on to its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 -- no thread
    )  # fmt: skip
    try:
        deadline = time.monotonic() + _LONGEST_START
        while work.poll() is None and time.monotonic() < deadline:
            if "libllvmlite" in Path(f"/proc/{work.pid}/maps").read_text():
                break
            time.sleep(0.2)
        time.sleep(at_work)
        work.send_signal(signal.SIGINT)
        _out, said = work.communicate(timeout=60)
    finally:
        work.kill()
    return work.returncode, said
