"""XML to a message: to the letter, or leniently with a reason for every mend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qalqan.cap.document import parse
from qalqan.cap.errors import CapError
from qalqan.cap.limits import LIMITS, Limits
from qalqan.cap.model import Alert
from qalqan.errors import Location

if TYPE_CHECKING:
    from lxml import etree


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that was mended or left out while reading.

    Attributes
    ----------
    line
        Line of the file, from 1.
    xpath
        The element.
    text
        What was done, and why.
    """

    line: int
    xpath: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A message, the CAP version it was written in, and what was done to it."""

    alert: Alert
    version: str
    reasons: tuple[Reason, ...]


def read(data: bytes, *, limits: Limits = LIMITS) -> Alert:
    """Return the message exactly as it is written.

    Rules beyond the schema are not looked at: that is what `qalqan.cap.validate` is for.

    Parameters
    ----------
    data
        A CAP 1.2 file.
    limits
        What the file may ask of us.

    Raises
    ------
    XmlRefused
        The bytes are no XML that may be opened.
    CapError
        The message breaks the schema of CAP 1.2; the first place, and how many more.
    """
    reading = read_lenient(data, limits=limits)
    if reading.version != "1.2":
        raise CapError(f"this is CAP {reading.version}", hint="qalqan cap convert makes it 1.2")
    if reading.reasons:
        first = reading.reasons[0]
        more = f" (and {len(reading.reasons) - 1} more)" if len(reading.reasons) > 1 else ""
        raise CapError(f"{first.text}{more}", location=Location(line=first.line, field=first.xpath))
    return reading.alert


def read_lenient(data: bytes, *, limits: Limits = LIMITS) -> Reading:
    """Return the message as far as it can be understood, and a reason for every mend.

    CAP 1.0 and 1.1 become 1.2. What decides who hears the message and what it does to others
    (identifier, sender, sent, status, msgType, scope of 1.1 and later) is never guessed.

    Parameters
    ----------
    data
        A CAP file of any version.
    limits
        What the file may ask of us.

    Raises
    ------
    XmlRefused
        The bytes are no XML that may be opened.
    CapError
        The file is no CAP message, or lacks what may not be guessed.
    """
    from qalqan.cap.convert import Converter

    return from_element(parse(data, limits), Converter)


def from_element(root: etree._Element, converter: type) -> Reading:
    """Return the message below an element that was parsed already."""
    worker = converter(root)
    alert = worker.alert()
    return Reading(alert, worker.version, tuple(worker.reasons))
