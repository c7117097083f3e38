"""Every page reads without JavaScript; a file of its own, so that two processes share the pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.browser.harness import Visit, open_case
from tests.browser.pages import PAGES, PageCase

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("case", PAGES, ids=lambda case: case.name)
def test_page_reads_without_javascript(walk: Callable[..., Visit], case: PageCase) -> None:
    v = walk(role=case.role, phone=True, javascript=False)
    open_case(v, case)
    assert v.page.locator(case.content).first.is_visible()
