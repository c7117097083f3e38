"""The decorator of all kernels, typed: numba's own hides what a kernel takes and returns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

Function = TypeVar("Function", bound=Callable[..., Any])

Floats: TypeAlias = NDArray[np.float64]
Whole: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]


def kernel(function: Function) -> Function:
    """Compile for speed, keep the machine code on disk, and release the interpreter's lock."""
    return cast(Function, njit(cache=True, nogil=True)(function))
