"""Some six hundred made-up activities of the last two years and the next month."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import numpy as np

COLUMNS = (
    "title", "kind", "theme", "place", "date", "body", "language", "venue", "starts", "minutes",
    "public", "reach", "reach_is", "under_14", "14_17", "18_24", "25_28", "29_44", "45_64", "cost",
    "views", "comments", "comments_answered", "outcome", "asked", "answered",
)  # fmt: skip
COUNT = 600
AHEAD_DAYS, BACK_DAYS = 30, 730
_SUBJECTS: dict[str, tuple[str, str]] = {
    "rights": ("Құқықтарыңды біл", "Знай свои права"),
    "faith_and_state": ("Зайырлы мемлекет және сенім", "Светское государство и вера"),
    "accord": ("Бейбітшілік пен келісім", "Мир и согласие"),
    "online_safety": ("Желідегі жалған хабарды қалай тануға болады", "Как узнать ложную новость"),
    "family": ("Отбасы мен мектеп", "Семья и школа"),
    "work": ("Алғашқы жұмыс", "Первая работа"),
    "safety": ("Қауіп төнсе не істеу керек", "Что делать при опасности"),
    "local": ("Ауыл тұрғындарымен кездесу", "Встреча с жителями села"),
}
_VENUES = (("мәдениет үйі", "дом культуры"), ("мектеп", "школа"), ("кітапхана", "библиотека"))
_KINDS = ("talk", "talk", "round_table", "meeting", "film", "sport", "online", "help_point")
_ASKED = ("Кімге жүгінуге болады?", "Куда обратиться за советом?")
_ANSWERED = ("112 немесе аудан әкімдігіне", "112 или в акимат района")


def write_activities(
    path: Path, *, seed: int, today: date, bodies: list[int], places: list[str]
) -> Path:
    """Write the activities as CSV that the desk's import reads; return the path.

    Parameters
    ----------
    bodies
        Numbers of the bodies that hold them; some hold many, some few.
    places
        Names of districts and settlements; the last tenth is never gone to, so that the desk
        has gaps to show.
    """
    rng = np.random.default_rng([seed, 7])
    near = places[: max(1, len(places) * 9 // 10)]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        for number in range(COUNT):
            day = today - timedelta(days=int(rng.integers(-AHEAD_DAYS, BACK_DAYS)))
            writer.writerow(_row(rng, number, day, day > today, bodies, near))
    return path


def _row(
    rng: np.random.Generator, number: int, day: date, is_ahead: bool, bodies: list[int],
    places: list[str],
) -> dict[str, object]:  # fmt: skip
    theme = list(_SUBJECTS)[int(rng.integers(len(_SUBJECTS)))]
    kind = _KINDS[int(rng.integers(len(_KINDS)))]
    tongue = int(rng.random() < 0.35)
    hour = int(rng.integers(10, 18))
    row: dict[str, object] = {
        "title": f"{_SUBJECTS[theme][tongue]} ({number + 1})", "kind": kind, "theme": theme,
        "place": places[int(len(places) * rng.random() ** 1.6)], "date": day.isoformat(),
        "body": bodies[int(len(bodies) * rng.random() ** 2)],
        "language": ("kk", "ru")[tongue], "venue": _VENUES[number % 3][tongue],
        "starts": f"{hour}:00", "minutes": 60, "public": "yes" if is_ahead else "no",
    }  # fmt: skip
    if not is_ahead and rng.random() < 0.93:
        row |= _outcome(rng, kind, tongue)
    return row


def _outcome(rng: np.random.Generator, kind: str, tongue: int) -> dict[str, object]:
    reach = int(rng.integers(12, 140))
    found: dict[str, object] = {
        "reach": reach, "reach_is": "counted" if rng.random() < 0.6 else "estimated",
        "cost": int(rng.integers(5, 60)) * 1000,
    }  # fmt: skip
    if rng.random() < 0.75:
        shares = rng.dirichlet((1, 6, 4, 2, 2, 1)) * reach
        names = ("under_14", "14_17", "18_24", "25_28", "29_44", "45_64")
        found |= {name: int(share) for name, share in zip(names, shares, strict=True)}
    if kind == "online":
        comments = int(rng.integers(0, 30))
        found |= {"views": reach * 20, "comments": comments, "comments_answered": comments // 2}
    if rng.random() < 0.2:
        found |= {"asked": _ASKED[tongue], "answered": _ANSWERED[tongue]}
    return found
