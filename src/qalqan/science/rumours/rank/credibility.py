"""What speaks for and against a threat or a claim of responsibility, on one sheet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_TIME = re.compile(
    r"(?<!\d)(?:[01]?\d|2[0-3])[:.][0-5]\d(?!\d)|\b(?:сегодня|завтра|послезавтра|вечером|ночью|утром"
    r"|бүгін|ертең|бүрсігүні|кешке|түнде|таңертең|today|tomorrow|tonight|noon|midnight)\b"
    r"|\b(?:понедельник|вторник|сред[уы]|четверг|пятниц[уы]|суббот[уы]|воскресенье|дүйсенбі|сейсенбі"
    r"|сәрсенбі|бейсенбі|жұма|сенбі|жексенбі|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\w*",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?<!\d)\d{1,2}[./]\d{1,2}(?:[./]\d{2,4})?(?!\d)|(?<!\d)\d{1,2}[\s-]*(?:го\s+)?(?:январ|феврал"
    r"|март|апрел|ма[яй]|июн|июл|август|сентябр|октябр|ноябр|декабр|қаңтар|ақпан|наурыз|сәуір|мамыр"
    r"|маусым|шілде|тамыз|қыркүйек|қазан|қараша|желтоқсан|january|february|march|april|may|june|july"
    r"|august|september|october|november|december)\w*",
    re.IGNORECASE,
)
_MEANS = re.compile(
    r"\b(?:бомб|взрывчат|взрывн|гранат|автомат|винтовк|пистолет|ружь|нож|бензин|канистр|жарылғыш"
    r"|қару|мылтық|пышақ|bomb|explosive|grenade|rifle|gun\b|knife|petrol)\w*",
    re.IGNORECASE,
)
_TARGET = re.compile(
    r"\b(?:школ|вокзал|рынок|рынк|базар|больниц|мечет|церк|торгов\w+\s+центр|акимат|аэропорт|автобус"
    r"|мектеп|мектебі|аурухана|мешіт|шіркеу|әкімдік|әкімді|әуежай|сауда\s+орта|вокзалд|school"
    r"|station|market|hospital|mosque|church|mall|airport|bus\b|akimat)\w*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\d:./])\d+(?![\d:./])")
_MARKS = (
    ("time", _TIME), ("date", _DATE), ("target", _TARGET), ("means", _MEANS), ("number", _NUMBER),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClaimsUnderName:
    """Earlier claims that were made under the name of one organisation.

    Parameters
    ----------
    held_true, held_false, open : int
        How many proved true, proved false, and were never settled. Counts only: of whom the
        organisation consists is nobody's business here.
    """

    held_true: int = 0
    held_false: int = 0
    open: int = 0


@dataclass(frozen=True, slots=True)
class CredibilitySheet:
    """The three questions of the duty officer.

    Parameters
    ----------
    specific : tuple of tuple of str
        Kind and words of each detail in the text: place, time, date, target, means, number.
    specificity : int
        Of those six kinds, how many are there.
    independent_sources : int
        Different sources that do not repeat one another.
    best_reliability : str
        Best reliability (A-F) among them; empty without sources.
    earlier : ClaimsUnderName
        Claims made before under the same name.
    share_true, share_low, share_high : float
        Share of its settled claims that held true (mean of the posterior) and 95 % interval. With
        none settled the interval says that nothing is known.
    is_known : bool
        Whether any earlier claim under that name was settled.
    """

    specific: tuple[tuple[str, str], ...]
    specificity: int
    independent_sources: int
    best_reliability: str
    earlier: ClaimsUnderName
    share_true: float
    share_low: float
    share_high: float
    is_known: bool


def _share(earlier: ClaimsUnderName, level: float) -> tuple[float, float, float]:
    from scipy.special import betaincinv

    a, b = earlier.held_true + 0.5, earlier.held_false + 0.5
    tail = (1.0 - level) / 2.0
    low = 0.0 if earlier.held_true == 0 else float(betaincinv(a, b, tail))
    high = 1.0 if earlier.held_false == 0 else float(betaincinv(a, b, 1.0 - tail))
    return a / (a + b), low, high


def credibility_sheet(
    text: str,
    *,
    places: Sequence[str] = (),
    sources: Sequence[tuple[str, str]] = (),
    earlier: ClaimsUnderName | None = None,
    level: float = 0.95,
) -> CredibilitySheet:
    """Lay out how specific, how corroborated, and how true in the past a threat is.

    The sheet answers nothing by itself and gives no single mark: an unspecific threat may be
    meant, and a detailed one invented.

    Parameters
    ----------
    text : str
        First message of the claim.
    places : sequence of str
        Places found in it.
    sources : sequence of tuple of str and str
        Source and its reliability A-F, one entry a report; a source counts once.
    earlier : ClaimsUnderName, optional
        Claims made before under the name of the same organisation.
    level : float
        Of the interval.

    Returns
    -------
    CredibilitySheet
        The details, with the words they were found in.

    Raises
    ------
    ValueError
        A count below zero, or a reliability that is not A-F.

    References
    ----------
    Brown, Cai, DasGupta 2001, Statistical Science 16:101-133: the interval of Jeffreys, its ends 0
    and 1 where no claim of that kind was seen.

    Examples
    --------
    >>> sheet = credibility_sheet("Завтра в 10:00 взорвём вокзал", places=["Ақтөбе"],
    ...                           earlier=ClaimsUnderName(held_true=0, held_false=7))
    >>> sheet.specificity, round(sheet.share_high, 2)
    (3, 0.29)
    """
    past = earlier or ClaimsUnderName()
    if min(past.held_true, past.held_false, past.open) < 0:
        raise ValueError("counts of earlier claims must be zero or more")
    grades = dict(sources)
    for source, grade in grades.items():
        if grade not in ("A", "B", "C", "D", "E", "F"):
            raise ValueError(f"{source}: reliability must be A-F, got {grade!r}")
    found = [("place", place) for place in dict.fromkeys(places)]
    for kind, pattern in _MARKS:
        found += [(kind, m.group(0)) for m in pattern.finditer(text)]
    mean, low, high = _share(past, level)
    return CredibilitySheet(
        specific=tuple(dict.fromkeys(found)),
        specificity=len({kind for kind, _ in found}),
        independent_sources=len(grades),
        best_reliability=min(grades.values(), default=""),
        earlier=past,
        share_true=mean,
        share_low=low,
        share_high=high,
        is_known=past.held_true + past.held_false > 0,
    )
