"""Blocks of work on a Dask cluster: worker processes here, or machines elsewhere.

Without an address a cluster of processes is started on this machine; it listens on the loopback
interface only and opens no dashboard. A worker that dies takes its blocks with it; the scheduler
runs them again elsewhere, and since every block has its own stream the numbers do not change.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any

import numpy as np

from qalqan.runners.base import Block, Progress, Result, RunnerInputError, stream

_LOOPBACK = "127.0.0.1"

_ATTEMPTS = 20
"""Deaths of its worker that a block survives; more than that is the block's own doing."""


class DaskRunner:
    """Runs blocks on worker processes.

    Parameters
    ----------
    workers : int, optional
        Processes on this machine; as many as there are processors unless told otherwise.
    address : str, optional
        Scheduler of a running cluster, for instance ``tcp://10.0.0.5:8786``; then nothing is
        started here and ``workers`` must not be given. Machines of a cluster must run the same
        release of this package. Dask's own connections are neither encrypted nor signed unless
        the cluster is set up so.

    Raises
    ------
    RunnerInputError
        If Dask is not installed, or the arguments contradict each other.

    Examples
    --------
    ::

        with DaskRunner(workers=4) as runner:
            runner.map_blocks(function, blocks, seed=1)
    """

    def __init__(self, *, workers: int | None = None, address: str | None = None) -> None:
        if workers is not None and address is not None:
            raise RunnerInputError("a running cluster has its own workers: give only its address")
        if workers is not None and workers < 1:
            raise RunnerInputError(f"the least number of workers is 1, not {workers}")
        self.workers = workers or os.cpu_count() or 1
        self.address = address
        self._cluster: Any = None
        self._client: Any = None

    def __enter__(self) -> DaskRunner:
        """Start the cluster, or connect to it."""
        try:
            import dask
            from distributed import Client, LocalCluster
        except ImportError as error:
            raise RunnerInputError(
                "Dask is not installed", hint="install the extra: pip install 'qalqan[dask]'"
            ) from error
        with dask.config.set(_settings()):
            if self.address is None:
                self._cluster = LocalCluster(
                    n_workers=self.workers, threads_per_worker=1, processes=True, host=_LOOPBACK,
                    dashboard_address=f"{_LOOPBACK}:0", memory_limit=0,
                    scheduler_kwargs={"dashboard": False},
                )  # fmt: skip
            self._client = Client(self._cluster or self.address, set_as_default=False)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Disconnect, and stop what was started here."""
        with suppress(TimeoutError):
            self._client.close()
        if self._cluster is not None:
            with suppress(TimeoutError):
                self._cluster.close()
        self._client = self._cluster = None

    @property
    def scheduler_address(self) -> str:
        """Return where the scheduler listens; machines that join need it."""
        return str(self._connected().scheduler.address)

    def worker_processes(self) -> dict[str, int]:
        """Return the address and process number of every living worker."""
        return dict(self._connected().run(os.getpid))

    def map_blocks(
        self,
        function: Callable[[Block, np.random.Generator], Result],
        blocks: Sequence[Block],
        *,
        seed: int,
        progress: Progress | None = None,
    ) -> list[Result]:
        """Return ``function(block, rng)`` of every block, in the order of the blocks.

        The function, with all arrays bound to it, travels once to each worker.

        Raises
        ------
        RunnerInputError
            If the runner is used outside its ``with`` block or the seed is out of range.
        """
        client = self._connected()
        stream(seed, 0)
        # A task, not scattered data: the scheduler can make it again when its holder dies.
        kept = client.submit(_keep, function, pure=False)
        futures = [
            client.submit(_run, kept, block, seed, number, pure=False)
            for number, block in enumerate(blocks)
        ]
        try:
            return self._gather(futures, progress)
        finally:
            client.cancel([kept, *futures])

    def _connected(self) -> Any:
        """Return the client, which exists inside the with block only."""
        if self._client is None:
            raise RunnerInputError("use the runner inside a with block")
        return self._client

    def _gather(self, futures: list[Any], progress: Progress | None) -> list[Any]:
        """Wait for all blocks, first come first counted; an error of one ends all."""
        from distributed import as_completed

        for done, (future, _) in enumerate(
            as_completed(futures, loop=self._client.loop, with_results=True, raise_errors=True),
            start=1,
        ):
            del future
            if progress is not None:
                progress(done, len(futures))
        results: list[Any] = self._client.gather(futures)
        return results


def _settings() -> dict[str, Any]:
    """Return the settings of Dask: patience with dying workers, no network beyond loopback."""
    return {
        "distributed.scheduler.allowed-failures": _ATTEMPTS,
        "distributed.worker.preload": [],
        "distributed.admin.tick.limit": "30s",
    }


def _keep(function: Callable[..., Any]) -> Callable[..., Any]:
    """Hold the function on a worker."""
    return function


def _run(function: Callable[..., Any], block: Any, seed: int, number: int) -> Any:
    """Run one block with its own stream."""
    return function(block, stream(seed, number))
