"""Files of nonsense: a result or a plain refusal, never anything else."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cli.flashpoints.support import CAS, GEO, POP

from qalqan.cli.flashpoints.columns import Named
from qalqan.cli.flashpoints.events import read_events
from qalqan.cli.flashpoints.job import Job, StreamFiles
from qalqan.cli.flashpoints.lines import Source
from qalqan.cli.flashpoints.prm import job_of
from qalqan.cli.flashpoints.report import run
from qalqan.errors import InputError
from qalqan.science.flashpoints.data import ScanOptions

TOKENS = st.sampled_from([
    "a", "b", "c", "zz", "0", "1", "9", "-3", "2.5", "1e400", "nan", "inf", "2000", "2000/1/5",
    "2001/2/30", "73", "1_0", "", " ", "\t", ",", ";", '"', "'", "\n", "\r\n", "id", "cases",
    "date", "population", "x", "y", "latitude", "longitude", "wkt", "ә", "\ufeff", "=", "[Input]",
    "CaseFile=x.cas", "AnalysisType=3", "99999999999999999999", "٣",
])  # fmt: skip
NONSENSE = st.lists(TOKENS, max_size=30).map(" ".join)
TIMES = ("none", "retrospective", "prospective", "temporal")
PRM = (
    "[Input]\nCaseFile=x.cas\nPrecisionCaseTimes=0\nPopulationFile=x.pop\nCoordinatesFile=x.geo\n"
    "CoordinatesType=0\n[Analysis]\nAnalysisType=1\nModelType=0\nMonteCarloReps=9\n"
)


def spliced(good: str, nonsense: str, place: int) -> str:
    place %= len(good) + 1
    return good[:place] + nonsense + good[place:]


@settings(max_examples=200)
@given(
    NONSENSE, st.integers(0, 10_000), st.sampled_from(["cas", "pop", "geo"]),
    st.sampled_from(TIMES), st.sampled_from(["poisson", "bernoulli", "permutation", "ebpoisson"]),
    st.booleans(),
)  # fmt: skip
def test_scans_of_nonsense(
    nonsense: str, place: int, which: str, time: str, model: str, whole: bool
) -> None:
    texts = {"cas": CAS, "pop": POP, "geo": GEO}
    texts[which] = nonsense if whole else spliced(texts[which], nonsense, place)
    with tempfile.TemporaryDirectory() as name:
        paths = {key: Path(name) / f"x.{key}" for key in texts}
        for key, text in texts.items():
            paths[key].write_text(text, encoding="utf-8")
        files = StreamFiles(
            Source(paths["cas"]), Source(paths["cas"]) if model == "bernoulli" else None,
            None if model in ("bernoulli", "permutation") else Source(paths["pop"]),
        )  # fmt: skip
        options = ScanOptions(model=model, time=time, replicates=9)
        job = Job((files,), Source(paths["geo"]), options=options)
        try:
            found = run(job)
        except InputError as error:
            said = str(error)
        else:
            said = found["method"]
        assert said


@settings(max_examples=100)
@given(NONSENSE, st.integers(0, 10_000))
def test_parameter_files_of_nonsense(nonsense: str, place: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for key, text in (("cas", CAS), ("pop", POP), ("geo", GEO)):
            (folder / f"x.{key}").write_text(text)
        (folder / "x.prm").write_text(spliced(PRM, nonsense, place), encoding="utf-8")
        try:
            job = job_of(folder / "x.prm")
            found = run(job)
        except InputError as error:
            said = str(error)
        else:
            said = found["method"]
        assert said


@settings(max_examples=100)
@given(NONSENSE, st.booleans())
def test_events_of_nonsense(nonsense: str, places: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "events.csv"
        path.write_text(nonsense, encoding="utf-8")
        try:
            found = read_events(path, Named(), places=places)
        except InputError as error:
            said = str(error)
        else:
            said = "all events" * bool((found.times >= 0).all())
        assert said
