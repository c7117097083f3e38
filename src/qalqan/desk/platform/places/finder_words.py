"""What the finder knows about endings, words around places, and names that are also words.

Everything here is written folded (see ``fold``), so one table serves Cyrillic and Latin script.
"""

from __future__ import annotations

from qalqan.desk.platform.places.fold import fold


def _folded(words: str) -> list[str]:
    return [fold(word) for word in words.split()]


_KAZAKH_LOCATIVE = _folded("да де та те дағы дегі тағы тегі")
_KAZAKH_MOVING = _folded("дан ден тан тен нан нен ға ге қа ке")
_KAZAKH_PLAIN = _folded("ның нің дың дің тың тің ды ді ты ті ны ні мен бен пен нинг динг тинг")
_KAZAKH_PEOPLE = _folded("лық лік дық дік тық тік лықтар ліктер дықтар діктер тықтар тіктер")
_AFTER_PEOPLE = _folded("дың дің ға ге ды ді дан ден мен")
_RUSSIAN_CONSONANT = _folded("а у ом ем е")
_RUSSIAN_A = _folded("ы и е у ой ою ей")
_RUSSIAN_ADJECTIVE = _folded("ий ый ой ая ое ее ие ые ого его ому ему им ым ом ем ую их ых ими ыми")
_KAZAKH_OWNED = _folded(
    "ы і ында інде ындағы індегі ынан інен ына іне ының інің ын ін ымен імен "
    "сы сі сында сінде сындағы сіндегі сынан сінен сына сіне сының сінің сын сін сымен сімен"
)

KAZAKH: frozenset[str] = frozenset(
    [
        "",
        *_KAZAKH_PLAIN,
        *_KAZAKH_MOVING,
        *_KAZAKH_LOCATIVE,
        *_KAZAKH_PEOPLE,
        *(p + e for p in _KAZAKH_PEOPLE[6:] for e in _AFTER_PEOPLE),
        *(a + e for a in _folded("дағы дегі тағы тегі") for e in _folded("лар лер ларға лерге")),
    ]
)
"""Kazakh cases, and the residents of a place (ақтөбелік)."""

CONSONANT: frozenset[str] = KAZAKH | set(_RUSSIAN_CONSONANT)
"""What may follow a name that ends in a consonant."""

FEMININE: frozenset[str] = frozenset(_RUSSIAN_A)
"""What may stand for the last -а of a name."""

ADJECTIVE: frozenset[str] = frozenset(_RUSSIAN_ADJECTIVE)
"""What may follow the stem of a Russian adjective (алгинск-)."""

OWNED: frozenset[str] = CONSONANT.union(_KAZAKH_OWNED, _RUSSIAN_A, _folded("ах ов ам ами ью"))
"""What may follow a generic word (аудан-ында, район-е, облыс-ының)."""

DISTRICT_WORDS = _folded("аудан район р-н district rayon raion audan")
PROVINCE_WORDS = _folded("облыс област oblys oblast province region obl обл")

PLACE_STEMS = frozenset(
    _folded(
        "аудан район ауыл қала кент село сел поселок поселк посел аул город станци разъезд "
        "облыс област округ ауылдық district town city village settlement station region "
        "rayon oblast audan ayil awyl qala kent posyolok selo gorod вокзал трасс жол"
    )
)
"""Words that make a doubtful name beside them a place."""

PLACE_SHORT = frozenset(_folded("г п с пос ст р-н д ауд қ а обл"))

BEFORE = frozenset(
    _folded("в во из до под около возле через близ у к in from near at to around of")
)
"""Prepositions that make a doubtful name after them a place."""

_CAPITAL_OR_PLACE_WORD: frozenset[str] = frozenset()
COMMON: dict[str, frozenset[str]] = {
    # алға "forward": every local ending is a place's.
    "алга": frozenset(_KAZAKH_LOCATIVE + _folded("дан ден ға лық")),
    # темір "iron", жем "fodder", арал "island", орал "shouted", шар "ball", семей "of families",
    # and words people use every day: they need a capital letter, a preposition or a place word.
    **dict.fromkeys(
        _folded(
            "темір жем арал орал шар семей достық достык абай бейбітшілік тұрар есіл шу чу кент "
            "дружба степной степное октябрь первомайский аксай ақсай каратау қаратау мерке бейнеу "
            "арыс сарыбұлақ сары ақсу аксу аққу сай бұлақ жаңа нура нұра нур нұр победа заречное "
            "зерновое новый рассвет восход центральное мирный мирное солнечное "
            "emba nur shar"
        ),
        _CAPITAL_OR_PLACE_WORD,
    ),
    # Nobody says жемде, ойылдан of fodder or of what is dug out; темірдегі only of the town.
    **dict.fromkeys(_folded("жем уил ойыл"), frozenset(_KAZAKH_LOCATIVE + _folded("дан ден"))),
    "темир": frozenset(_folded("дегі")),
}
"""Names that are also words, with the endings that settle it."""

SHORT = 3
"""A name of so many letters or fewer is always doubtful."""
