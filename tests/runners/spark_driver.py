"""A driver of its own process: link what is in a folder, then end."""

from __future__ import annotations

import sys
from pathlib import Path

from qalqan.runners import spark

FEW_TASKS = {"spark.sql.shuffle.partitions": "2", "spark.default.parallelism": "2"}

if __name__ == "__main__":
    work = Path(sys.argv[1])
    here = spark.session(cores=2, settings=FEW_TASKS)
    query = spark.start(
        spark.folder(here, work / "in", files_a_batch=1), work / "out", shards=4, once=True
    )
    query.awaitTermination()
    here.stop()
