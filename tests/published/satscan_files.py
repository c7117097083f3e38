"""SaTScan's sample files, read plainly into the data of a scan."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from qalqan.science.flashpoints.scan import ScanData, Stream, period_boundaries


def rows_of(path: Path) -> list[list[str]]:
    return [line.split() for line in path.read_text().splitlines() if line.split()]


def new_mexico(folder: Path) -> ScanData:
    """Brain cancer 1973-1991: cases and censuses of 32 counties by age group and sex."""
    places = rows_of(folder / "nm.geo")
    ids = [row[0] for row in places]
    strata = sorted({tuple(row[3:]) for row in rows_of(folder / "nm.pop")})
    days = (date(1973, 7, 1), date(1982, 7, 1), date(1991, 7, 1))
    cases = np.zeros((len(ids), 19, len(strata)))
    for area, count, year, *stratum in rows_of(folder / "nm.cas"):
        cases[ids.index(area), int(year) - 1973, strata.index(tuple(stratum))] += int(count)
    people = np.zeros((len(ids), 3, len(strata)))
    for area, year, count, *stratum in rows_of(folder / "nm.pop"):
        people[ids.index(area), ["73", "82", "91"].index(year), strata.index(tuple(stratum))] += (
            float(count)
        )
    return ScanData(
        ids=ids,
        coordinates=[[float(row[1]), float(row[2])] for row in places],
        streams=(Stream(cases=cases, population=people, population_days=days),),
        boundaries=period_boundaries(date(1973, 1, 1), date(1991, 12, 31), "year"),
    )


def humberside(folder: Path) -> ScanData:
    """Leukaemia and lymphoma in North Humberside: 62 cases and 141 controls at 191 points."""
    places = rows_of(folder / "NHumberside.geo")
    ids = [row[0] for row in places]
    cases, controls = np.zeros(len(ids)), np.zeros(len(ids))
    for area, count in rows_of(folder / "NHumberside.cas"):
        cases[ids.index(area)] += int(count)
    for area, count in rows_of(folder / "NHumberside.ctl"):
        controls[ids.index(area)] += int(count)
    return ScanData(
        ids=ids,
        coordinates=[[float(row[1]), float(row[2])] for row in places],
        streams=(Stream(cases=cases, controls=controls),),
        boundaries=(date(2000, 1, 1), date(2001, 1, 1)),
    )


def fever(folder: Path) -> ScanData:
    """Fever in New York City, 1 to 24 November 2001."""
    places = rows_of(folder / "NYCfever.geo")
    ids = [row[0] for row in places]
    cases = np.zeros((len(ids), 24))
    for area, count, day in rows_of(folder / "NYCfever.cas"):
        cases[ids.index(area), int(day.split("/")[2]) - 1] += int(count)
    return ScanData(
        ids=ids,
        coordinates=[[float(row[1]), float(row[2])] for row in places],
        streams=(Stream(cases=cases),),
        boundaries=period_boundaries(date(2001, 11, 1), date(2001, 11, 24), "day"),
    )
