"""A link of a piece of work never leads out of the desk."""

from __future__ import annotations

import pytest

from qalqan.desk.platform.work.models import PAGE_OF_THE_DESK


@pytest.mark.parametrize("url", ["/", "/rumours/12/", "/messages/?q=су&page=2", "/a#b"])
def test_pages_of_the_desk(url: str) -> None:
    assert PAGE_OF_THE_DESK.fullmatch(url)


@pytest.mark.parametrize(
    "url",
    ["", "https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example",
     "/ok\n//evil.example", "javascript:alert(1)", " /rumours/"],
)  # fmt: skip
def test_addresses_elsewhere(url: str) -> None:
    assert not PAGE_OF_THE_DESK.fullmatch(url)
