"""The examples in the library's docstrings are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import qalqan.cap

MODULES = sorted(
    found.name for found in pkgutil.walk_packages(qalqan.cap.__path__, prefix="qalqan.cap.")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name):
    result = doctest.testmod(
        importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    )
    assert result.failed == 0


def test_there_are_examples():
    assert len(MODULES) > 15
