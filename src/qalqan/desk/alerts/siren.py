"""Which signal a siren may give: the one place that every sender asks."""

from __future__ import annotations

SIGNALS = ("none", "attention", "all_clear")
"""What a message may ask of a siren; speech needs no signal."""

ACTUAL = "Actual"


def signal_for(*, status: str, wanted: str, accepts_real_signal: bool) -> str:
    """Return the signal that a siren may give for a message.

    People must never hear the real signal when nothing has happened: an exercise or a test
    gets speech alone, unless the target itself is set up to accept the signal in an exercise.

    Parameters
    ----------
    status
        CAP status of the message; everything but ``Actual`` is held back.
    wanted
        What the message asks for; an unknown word is no signal.
    accepts_real_signal
        Whether the target accepts the real signal in an exercise.

    >>> signal_for(status="Actual", wanted="attention", accepts_real_signal=False)
    'attention'
    >>> signal_for(status="Exercise", wanted="attention", accepts_real_signal=False)
    'none'
    >>> signal_for(status="Exercise", wanted="attention", accepts_real_signal=True)
    'attention'
    >>> signal_for(status="Test", wanted="attention", accepts_real_signal=True)
    'none'
    """
    if wanted not in SIGNALS:
        return "none"
    if status == ACTUAL:
        return wanted
    return wanted if status == "Exercise" and accepts_real_signal else "none"
