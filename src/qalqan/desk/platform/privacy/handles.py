"""Names of accounts: which of them are a person's, and which an office's or a newsroom's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qalqan.desk.platform.privacy.kinds import Kind

_MENTION = re.compile(r"(?<![\w@./])@(?=[a-z0-9_.]{0,31}[a-z])[a-z0-9_][a-z0-9_.]{2,31}")
_LINK = re.compile(
    r"(?<![\w@\-])(?:https?://)?(?:www\.|m\.)?"
    r"(?:(?:t|telegram)\.me/(?:s/)?|(?:vk|instagram|facebook|fb|twitter|x|snapchat)\.com/(?:add/)?"
    r"|(?:tiktok|youtube)\.com/@|ok\.ru/profile/|threads\.net/@)"
    r"@?([\w.\-]{2,64}(?:\?id=\d{1,20})?/?)"
)
_NAMED = re.compile(
    r"(?<![^\W\d_])(?:инст(?:а|аграм\w{0,4}|е|у|асы)|insta(?:gram)?|телеграм\w{0,4}|телег[аеу]|тг"
    r"|telegram|ник\w{0,2}|nick(?:name)?|вк|тикток\w{0,2}|tiktok|аккаунт\w{0,3}|account|username)"
    r"[ :=\-]{1,3}(?=[a-z0-9.]{0,31}[_0-9])(?=[_0-9.]{0,31}[a-z])([a-z0-9_.]{4,32})(?![\w\-@/])"
)
_CALLED = (
    "инст", "телег", "тг", "ник", "вк", "тикток", "аккаунт",
    "insta", "telegram", "nick", "tiktok", "account", "username",
)  # fmt: skip
"""One of these stands in whatever `_NAMED` finds; looked for first, being quicker."""
_NAME_SHAPE = re.compile(r"_|[a-z]\.*\d|\d\.*[a-z]")
_SITE = re.compile(r"\.(?:kz|ru|com|org|net|info)$")
_COMMUNITY = re.compile(r"(?:club|public|event)\d+$|(?:groups|joinchat|share|sharer|hashtag)$")
_OFFICE = re.compile(
    r"akimat|akorda|minist|kazinform|qazinform|informburo|tengri|zakon|news|press|polic|polits"
    r"|prokur|khabar|qazaqstan|azattyq|sputnik|egov|oblys|redaks|gazet"
    r"|(?:^|[._])(?:gov|mvd|mchs|tjm|knb|mfa|mid|dchs|tv|radio|media|nur|orda|bbc)(?:$|[._\d]|kz)"
)


def handles(plain: str) -> Iterator[tuple[int, int, Kind]]:
    """Yield the names of private accounts in a folded text."""
    if "@" in plain:
        for match in _MENTION.finditer(plain):
            if not is_public(match[0][1:]):
                yield match.start(), match.start() + len(match[0].rstrip(".")), Kind.HANDLE
    if "/" in plain:
        for match in _LINK.finditer(plain):
            if not is_public(match[1].rstrip("/")):
                yield match.start(), match.start() + len(match[0].rstrip(".-")), Kind.HANDLE
    if not (calls_a_name(plain) and _NAME_SHAPE.search(plain)):
        return
    for match in _NAMED.finditer(plain):
        name = match[1].rstrip(".")
        if not (is_public(name) or _SITE.search(name)):
            yield match.start(1), match.start(1) + len(name), Kind.HANDLE


def calls_a_name(plain: str) -> bool:
    """Tell whether a folded text has a word that says that a name follows.

    >>> calls_a_name("менің никім a_1"), calls_a_name("bus12 is late")
    (True, False)
    """
    for word in _CALLED:  # noqa: SIM110 - a loop costs half of any()
        if word in plain:
            return True
    return False


def is_public(name: str) -> bool:
    """Tell whether a name speaks for an office, a newsroom or a community, not for a person.

    >>> is_public("aqtobe_akimat"), is_public("aigul_1990"), is_public("aigul_official")
    (True, False, False)
    """
    return bool(_OFFICE.search(name) or _COMMUNITY.match(name))
