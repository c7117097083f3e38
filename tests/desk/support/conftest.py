"""Keys and halves lie in a folder of the test's own; sealing is as costly as it must be here."""

from pathlib import Path
from typing import Any

import pytest

from qalqan.desk.support import crypto


@pytest.fixture(autouse=True)
def _own_home(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.HOME = tmp_path
    settings.QALQAN_SUPPORT_RING = ""
    settings.QALQAN_SUPPORT_MIRROR = ""
    # The cost is kept with each sealed seed, so a cheap one opens as a dear one does.
    monkeypatch.setattr(crypto, "_LOG_COST", 4)
