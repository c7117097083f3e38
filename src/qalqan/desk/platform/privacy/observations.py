"""A stricter guard for observations: no persons, no faith of persons, no number plates.

The common guard finds numbers and addresses. Whoever describes a market or a square may also
name a bystander, say what somebody believes, or note a car. This one finds the usual ways of
doing so in Russian, Kazakh (Cyrillic) and English; docs/model-cards says what it misses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qalqan.desk.platform.privacy.forms import GuardedCharField

_UP = "A-ZА-ЯЁӘҒҚҢӨҰҮҺІ"
_LOW = "a-zа-яёәғқңөұүһі"
_WORD = rf"[{_UP}][{_LOW}]+"
_MOST = 2000


class Kind(models.TextChoices):
    """What an observation must not say."""

    PERSON = "person", gettext_lazy("name of a person")
    FAITH = "faith", gettext_lazy("faith or dress of a person")
    PLATE = "plate", gettext_lazy("number plate")


@dataclass(frozen=True, slots=True)
class Finding:
    """A stretch of text, ``text[start:end]``, and what it gives away."""

    kind: Kind
    start: int
    end: int


_PLATES = (
    # 123 ABC 05 and trailers; with blanks only in capitals, as "120 км 15" is no plate.
    re.compile(rf"(?<![\w-])\d{{2,3}}[{_UP}{_LOW}]{{2,3}}(?:0[1-9]|1\d|20)(?!\w)"),
    re.compile(rf"(?<![\w-])\d{{2,3}}[ -]{{1,2}}[{_UP}]{{2,3}}[ -]{{1,2}}(?:0[1-9]|1\d|20)(?!\w)"),
    # D 123 ABC of the years before 2012, and A 123 BC 77 of the neighbour.
    re.compile(rf"(?<!\w)[{_UP}][ -]?\d{{3}}[ -]?[{_UP}]{{2,3}}(?:[ -]?\d{{2,3}})?(?!\w)"),
    re.compile(
        r"(?:гос\.? ?номер\w*|номер\w* (?:авто|машин)\w*|(?:көлік|машина)\w* нөмір\w*"
        r"|мемлекеттік нөмір\w*|number plate|licen[cs]e plate)\W{0,5}[\w-]*\d[\w -]{1,10}",
        re.IGNORECASE,
    ),
)

_NAMED_AFTER = re.compile(
    r"(?:\bул(?:\.|иц\w*)|\bпр(?:\.|осп\w*|-т)|\bпер(?:\.|еул\w*)|\bпл(?:\.|ощад\w*)|\bим(?:\.|ени)"
    r"|\bбульвар\w*|\bмкр\.?|\bшкол\w*|\bпарк\w*|\bstreet|\bавен\w*)[\s«\"№\d-]{0,6}$",
    re.IGNORECASE,
)
_NAMED_HERE = re.compile(
    r"^[\s»\"-]{0,3}(?:көше\w*|даңғыл\w*|алаң\w*|атындағы|ат\.|мектеп\w*|мектеб\w*|саябақ\w*|саябағ\w*"
    r"|аул\w*|ауыл\w*|аудан\w*|street|avenue|square|park|school|батыр\w* (?:көше|даңғыл)\w*)",
    re.IGNORECASE,
)
"""Streets, schools and parks bear names of persons; they are places."""

_NAMES = (
    re.compile(
        rf"[{_UP}][{_LOW}]+(?:ович|евич|ьич|овна|евна|инична|ұлы|улы|қызы|кызы)[{_LOW}]{{0,3}}(?!\w)"
    ),
    re.compile(rf"(?<!\w)[{_UP}]\.\s?(?:[{_UP}]\.\s?)?{_WORD}(?!\w)"),
    re.compile(rf"(?<!\w){_WORD}\s[{_UP}]\.\s?[{_UP}]\."),
    re.compile(
        rf"(?<!\w){_WORD}\s[{_UP}][{_LOW}]{{2,}}(?:ов|ев|ёв|баев|беков|ин|енко|швили|ов[аы]|ев[аы]"
        rf"|баева|бекова|ина|[оеё]ву|[оеё]вым|[оеё]вой|[оеё]вке|ова|ева|ov|ev|ova|eva|bayev|bayeva)(?!\w)"
    ),
    re.compile(
        rf"(?<!\w)[{_UP}][{_LOW}]{{2,}}(?:ов|ев|ова|ева|баев|баева|беков|бекова|ov|ev|ova|eva)\s{_WORD}(?!\w)"
    ),
    re.compile(
        r"(?<!\w)(?i:граждан(?:ин|ка|ину|ке|ином)|господин\w{0,2}|госпож\w{1,2}|по имени|по фамилии"
        rf"|зовут|азамат(?:ша)?|есімді|аты-жөні|mr\.?|mrs\.?|ms\.?|named)\s{_WORD}(?!\w)"
    ),
    re.compile(
        rf"(?<!\w){_WORD}\s(?:мырза|ханым|есімді|деген (?:адам|азамат|кісі|жігіт|қыз|әйел))"
    ),
)

_PEOPLE = re.compile(
    r"(?<!\w)(?:мужчин\w*|женщин\w*|парн\w+|парень|девушк\w*|девочк\w*|мальчик\w*|подрост\w+|сосед\w*"
    r"|человек\w*|семь[яиюей]+|студент\w*|учени[кц]\w*|продав\w+|водител\w*|учител\w*"
    r"|бабушк\w*|дедушк\w*|он|она|они|ер адам\w*|ер кісі\w*|әйел\w*|қыз|қызы|жігіт\w*|ұл|бала"
    r"|баласы|көрші\w*|отбас\w*|адам|кісі\w*|жүргізуші\w*|сатушы\w*|оқушы\w*|мұғалім\w*|ол|олар"
    r"|m[ae]n|wom[ae]n|boys?|girls?|neighbou?rs?"
    r"|famil(?:y|ies)|drivers?|teachers?|sellers?|pupils?|students?|he|she|they|person|people)(?!\w)",
    re.IGNORECASE,
)
_FAITH = re.compile(
    r"(?<!\w)(?:мусульман\w*|христиан\w*|православн\w*|верующ\w*|баптист\w*|иегов\w*|шиит\w*|суннит\w*"
    r"|атеист\w*|иуде\w+|католи\w+|кришнаит\w*|борода\w*|бород[уойеы]+|намаз\w*|в плат(?:ке|ках)"
    r"|мұсылман\w*|діндар\w*|сопы|сақал\w*|muslim\w*|christian\w*|orthodox|baptist\w*|believer\w*"
    r"|atheist\w*|jew(?:ish|s)?|catholic\w*|bearded|beard|headscar\w+)(?!\w)",
    re.IGNORECASE,
)
_ALWAYS_FAITH = re.compile(
    r"(?<!\w)(?:салафи\w+|ваххаби\w+|уаһабшы\w*|уахабшы\w*|сектант\w*|намазхан\w*|иеговист\w*|такфири\w*"
    r"|хиджаб\w*|никаб\w*|паранж\w*|salafi\w*|wahh?abi\w*|hijab\w*|niqab\w*|jehovah\w*)(?!\w)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?\n]+")


def find_observed(text: str) -> tuple[Finding, ...]:
    """Return every stretch that tells of a person, of a person's faith, or a number plate.

    Parameters
    ----------
    text
        At most 2,000 characters are looked at; forms allow fewer.

    Examples
    --------
    >>> [one.kind.value for one in find_observed("Машина 123 ABC 05 у рынка")]
    ['plate']
    >>> find_observed("Толпа у рынка на ул. Маншук Маметовой, ждут воду")
    ()
    """
    found = [*_plates(text[:_MOST]), *_names(text[:_MOST]), *_faith(text[:_MOST])]
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))


def _plates(text: str) -> Iterator[Finding]:
    for pattern in _PLATES:
        for match in pattern.finditer(text):
            yield Finding(Kind.PLATE, match.start(), match.end())


def _names(text: str) -> Iterator[Finding]:
    for pattern in _NAMES:
        for match in pattern.finditer(text):
            before, after = (
                text[max(0, match.start() - 30) : match.start()],
                text[match.end() :][:40],
            )
            if not (_NAMED_AFTER.search(before) or _NAMED_HERE.search(after)):
                yield Finding(Kind.PERSON, match.start(), match.end())


def _faith(text: str) -> Iterator[Finding]:
    for match in _ALWAYS_FAITH.finditer(text):
        yield Finding(Kind.FAITH, match.start(), match.end())
    for sentence in _SENTENCE.finditer(text):
        if not _PEOPLE.search(sentence.group()):
            continue
        for match in _FAITH.finditer(sentence.group()):
            start = sentence.start()
            yield Finding(Kind.FAITH, start + match.start(), start + match.end())


def refuse_observed(text: str) -> None:
    """Refuse a text that says something of a person.

    Raises
    ------
    ValidationError
        It does; the message names the parts in the writer's language.
    """
    found = find_observed(text)
    if not found:
        return
    parts = "; ".join(
        _("“%(part)s”: %(kind)s") % {"part": text[one.start : one.end], "kind": one.kind.label}
        for one in found[:5]
    )
    raise ValidationError(
        _("A note is about a place, not about persons. Please take this out: %(parts)s"),
        code="privacy",
        params={"parts": parts},
    )


class ObservedCharField(GuardedCharField):
    """A text about a place: it passes the common guard and this one."""

    def clean(self, value: Any) -> str:
        """Return the text.

        Raises
        ------
        ValidationError
            It is no valid text, or says something of a person.
        """
        text = super().clean(value)
        refuse_observed(text)
        return text
