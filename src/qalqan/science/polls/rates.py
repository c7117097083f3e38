"""Response, cooperation, refusal and contact rates from counts of final dispositions."""

from __future__ import annotations

from collections.abc import Mapping

DISPOSITIONS = ("I", "P", "R", "NC", "O", "UH", "UO", "NE")
"""Complete, partial, refusal, non-contact, other, unknown (two kinds), not eligible."""

FORMULAS: dict[str, str] = {
    "RR1": "I / ((I+P) + (R+NC+O) + (UH+UO))",
    "RR2": "(I+P) / ((I+P) + (R+NC+O) + (UH+UO))",
    "RR3": "I / ((I+P) + (R+NC+O) + e(UH+UO))",
    "RR4": "(I+P) / ((I+P) + (R+NC+O) + e(UH+UO))",
    "RR5": "I / ((I+P) + (R+NC+O))",
    "RR6": "(I+P) / ((I+P) + (R+NC+O))",
    "COOP1": "I / ((I+P) + R + O)",
    "COOP2": "(I+P) / ((I+P) + R + O)",
    "COOP3": "I / ((I+P) + R)",
    "COOP4": "(I+P) / ((I+P) + R)",
    "REF1": "R / ((I+P) + (R+NC+O) + (UH+UO))",
    "REF2": "R / ((I+P) + (R+NC+O) + e(UH+UO))",
    "REF3": "R / ((I+P) + (R+NC+O))",
    "CON1": "((I+P) + R + O) / ((I+P) + R + O + NC + (UH+UO))",
    "CON2": "((I+P) + R + O) / ((I+P) + R + O + NC + e(UH+UO))",
    "CON3": "((I+P) + R + O) / ((I+P) + R + O + NC)",
}
"""The formulas as AAPOR writes them."""


def outcome_rates(counts: Mapping[str, int], *, e: float = 1.0) -> dict[str, float | None]:
    """Return AAPOR's rates.

    Parameters
    ----------
    counts
        Cases by disposition, keys of `DISPOSITIONS`; those that are absent count nought.
        ``NE`` (not eligible) enters no rate.
    e
        Share of the cases of unknown eligibility that are taken to be eligible, 0 to 1.

    Returns
    -------
    dict
        Each rate of `FORMULAS` as a share from 0 to 1; ``None`` where it would divide by nought.

    Raises
    ------
    ValueError
        A disposition is not known, a count is negative, or ``e`` is not from 0 to 1.

    References
    ----------
    AAPOR, Standard Definitions: Final Dispositions of Case Codes and Outcome Rates for Surveys,
    10th edition, 2023.

    Examples
    --------
    >>> counts = {"I": 50, "P": 10, "R": 20, "NC": 15, "O": 5, "UH": 60, "UO": 40}
    >>> found = outcome_rates(counts, e=0.5)
    >>> found["RR1"], found["RR2"], round(found["RR3"], 4), found["RR5"], found["RR6"]
    (0.25, 0.3, 0.3333, 0.5, 0.6)
    >>> round(found["COOP1"], 4), found["REF1"], found["CON3"]
    (0.5882, 0.1, 0.85)
    """
    unknown = set(counts) - set(DISPOSITIONS)
    if unknown:
        raise ValueError(f"not a disposition: {sorted(unknown)[0]}")
    if any(count < 0 for count in counts.values()):
        raise ValueError("a count is negative")
    if not 0 <= e <= 1:
        raise ValueError("e must lie between 0 and 1")
    i, p, r, nc, o = (counts.get(code, 0) for code in ("I", "P", "R", "NC", "O"))
    u = counts.get("UH", 0) + counts.get("UO", 0)
    ip, known, talked = i + p, i + p + r + nc + o, i + p + r + o
    parts: dict[str, tuple[float, float]] = {
        "RR1": (i, known + u), "RR2": (ip, known + u), "RR3": (i, known + e * u),
        "RR4": (ip, known + e * u), "RR5": (i, known), "RR6": (ip, known),
        "COOP1": (i, talked), "COOP2": (ip, talked), "COOP3": (i, ip + r), "COOP4": (ip, ip + r),
        "REF1": (r, known + u), "REF2": (r, known + e * u), "REF3": (r, known),
        "CON1": (talked, talked + nc + u), "CON2": (talked, talked + nc + e * u),
        "CON3": (talked, talked + nc),
    }  # fmt: skip
    return {name: top / bottom if bottom else None for name, (top, bottom) in parts.items()}
