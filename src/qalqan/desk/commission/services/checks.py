"""What every act of the commission asks of its words, numbers and addresses."""

from __future__ import annotations

from unicodedata import category

from django.utils.translation import gettext as _

from qalqan.desk.commission.models import Counter
from qalqan.desk.platform import numbers
from qalqan.desk.platform.privacy.guard import screen
from qalqan.desk.platform.work.models import PAGE_OF_THE_DESK
from qalqan.errors import InputError, Location

_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def next_number(series: str) -> int:
    """Take the next number of a series of the commission, as `numbers.next_numbers`."""
    return numbers.next_numbers(Counter, series)[0]


def seen(text: str) -> str:
    """Return a text without blanks at the ends of its lines and without signs that nobody sees.

    XML takes no control characters, so one of them would end every feed; others turn the words
    around them.

    >>> seen(" a\\x01b\\u202ec \\r\\nd")
    'abc\\nd'
    """
    lines = (
        "".join(one for one in line if one not in _TURNING and category(one) != "Cc").rstrip()
        for line in text.replace("\t", " ").splitlines()
    )
    return "\n".join(lines).strip()


def words(text: str, field: str, longest: int, *, needed: bool = True) -> str:
    """Return a text without what gives a private person away.

    Raises
    ------
    InputError
        It is empty although it is needed, or too long; the field is named.
    """
    clean = screen(seen(text)).text
    if needed and not clean:
        raise InputError(_("Write this in words."), location=Location(field=field))
    if len(clean) > longest:
        raise InputError(
            _("At most %(count)d characters.") % {"count": longest}, location=Location(field=field)
        )
    return clean


def address(url: str, field: str = "url") -> str:
    """Return the address of a page of this desk.

    Raises
    ------
    InputError
        It leads elsewhere.
    """
    if url and not PAGE_OF_THE_DESK.fullmatch(url):
        raise InputError(
            _("The address must be a page of this desk; it begins with a slash."),
            location=Location(field=field),
        )
    return url
