"""Blocks of work on the threads of this machine; the kernels release the interpreter's lock."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

import numpy as np

from qalqan.runners.base import Block, Progress, Result, RunnerInputError, stream


class LocalRunner:
    """Runs blocks on threads.

    Parameters
    ----------
    workers : int, optional
        Threads; as many as there are processors unless told otherwise. The results do not depend
        on it.

    Raises
    ------
    RunnerInputError
        If there is less than one worker.

    Examples
    --------
    >>> LocalRunner(workers=2).map_blocks(lambda block, rng: block**2, [1, 2, 3], seed=1)
    [1, 4, 9]
    """

    def __init__(self, *, workers: int | None = None) -> None:
        if workers is not None and workers < 1:
            raise RunnerInputError(f"the least number of workers is 1, not {workers}")
        self.workers = workers or os.cpu_count() or 1

    def map_blocks(
        self,
        function: Callable[[Block, np.random.Generator], Result],
        blocks: Sequence[Block],
        *,
        seed: int,
        progress: Progress | None = None,
    ) -> list[Result]:
        """Return ``function(block, rng)`` of every block, in the order of the blocks."""
        streams = [stream(seed, number) for number in range(len(blocks))]
        pool = ThreadPoolExecutor(max_workers=self.workers)
        try:
            futures = [
                pool.submit(function, block, rng)
                for block, rng in zip(blocks, streams, strict=True)
            ]
            for done, future in enumerate(as_completed(futures), start=1):
                future.result()
                if progress is not None:
                    progress(done, len(blocks))
            return [future.result() for future in futures]
        finally:
            # Whoever stops listening, by an error or by Ctrl-C, does not wait for the rest.
            pool.shutdown(wait=False, cancel_futures=True)
