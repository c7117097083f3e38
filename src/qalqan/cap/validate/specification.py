"""What CAP 1.2 asks in its words and the schema cannot say (section 3.2 and 3.3)."""

from __future__ import annotations

from hashlib import sha1
from typing import TYPE_CHECKING, Final

from qalqan.cap.validate import values

if TYPE_CHECKING:
    from qalqan.cap.validate.tree import Node, Walk

_SPACES: Final = " \t\r\n"
_ZONE: Final = 19
_PLUS_ZERO: Final = "+00:00"
_REFERRING: Final = frozenset(("Update", "Cancel", "Ack", "Error"))
_TELLING: Final = frozenset(("Alert", "Update"))
_TIMES: Final = ("effective", "onset", "expires")
_OPTIONAL: Final = (
    ("source", "restriction", "addresses", "note", "incidents"),
    ("audience", "senderName", "headline", "description", "instruction", "contact"),
)
_LISTS: Final = ("eventCode", "parameter")


def check(alert: Node, walk: Walk) -> None:
    """Check a whole message.

    Parameters
    ----------
    alert
        What the schema's walk saw.
    walk
        Where findings go.
    """
    one = alert.one
    for name in ("identifier", "sender"):
        if name in one and not values.is_name(one[name]):
            rule = f"spec.{name}" if one[name].strip(_SPACES) else f"spec.{name}.empty"
            walk.tell(rule, alert.place(name), one[name])
    if _has_blank(one):
        _empty(alert, walk, _OPTIONAL[0])
    sent = one.get("sent", "")
    if sent[_ZONE:] == _PLUS_ZERO:
        walk.tell("spec.time.utc", alert.place("sent"), sent)
    _scope(alert, walk)
    _references(alert, walk)
    _note(alert, walk)
    infos = alert.parts.get("info")
    if infos is None:
        if one.get("msgType") in _TELLING:
            walk.tell("spec.info.missing", alert.place())
        return
    public = one.get("scope") == "Public"
    for info in infos:
        _info(info, walk, sent=sent, public=public)


def _has_blank(one: dict[str, str]) -> bool:
    """Whether any text may be blank: asked once, so that full messages need no more looks."""
    return any(not text or text[0] in _SPACES for text in one.values())


def _scope(alert: Node, walk: Walk) -> None:
    one = alert.one
    scope = one.get("scope")
    if scope == "Restricted":
        if not alert.text("restriction"):
            walk.tell("spec.restriction.missing", alert.place("scope"))
    elif "restriction" in one and scope is not None and alert.text("restriction"):
        walk.tell("spec.restriction.scope", alert.place("restriction"), scope)
    if scope == "Private" and not alert.text("addresses"):
        walk.tell("spec.addresses.missing", alert.place("scope"))
    for name in ("addresses", "incidents"):
        if name in one and not values.quotes(one[name]):
            walk.tell("spec.quotes", alert.place(name), one[name])


def _references(alert: Node, walk: Walk) -> None:
    text = alert.one.get("references")
    if text is None:
        kind = alert.one.get("msgType", "")
        if kind in _REFERRING:
            walk.tell("spec.references.missing", alert.place("msgType"), kind)
        return
    tokens = values.tokens(text)
    if not tokens:
        walk.tell("spec.references.empty", alert.place("references"))
    own = (alert.one.get("sender"), alert.one.get("identifier"))
    sent = alert.one.get("sent", "")
    for token in tokens:
        triple = values.reference(token)
        if triple is None:
            walk.tell("spec.references.form", alert.place("references"), token)
        elif triple[:2] == own:
            walk.tell("spec.references.self", alert.place("references"), token)
        elif values.is_after(triple[2], sent):
            walk.tell("spec.references.later", alert.place("references"), token)


def _note(alert: Node, walk: Walk) -> None:
    if alert.one.get("msgType") == "Error" and not alert.text("note"):
        walk.tell("spec.note.error", alert.place("msgType"))
    if alert.one.get("status") == "Exercise" and not alert.text("note"):
        walk.tell("spec.note.exercise", alert.place("status"))


def _empty(node: Node, walk: Walk, names: tuple[str, ...]) -> None:
    one = node.one
    for name in names:
        text = one.get(name)
        if text is not None and not text.strip(_SPACES):
            walk.tell("spec.empty", node.place(name), name)


def _info(info: Node, walk: Walk, *, sent: str, public: bool) -> None:
    one = info.one
    if _has_blank(one):
        if "event" in one and not one["event"].strip(_SPACES):
            walk.tell("spec.event.empty", info.place("event"))
        _empty(info, walk, _OPTIONAL[1])
    code = one.get("language")
    if code and (broken := values.spoken(code)):
        walk.tell(broken, info.place("language"), code)
    if "web" in one and (broken := values.web(one["web"])):
        walk.tell(broken, info.place("web"), one["web"])
    if public and "Assess" in info.many.get("responseType", ()):
        walk.tell("spec.response.assess", info.place("responseType"))
    _times(info, walk, sent)
    for name in _LISTS:
        if name in info.many:
            _pairs(info, walk, name)
    for resource in info.parts.get("resource", ()):
        _resource(resource, walk)
    for area in info.parts.get("area", ()):
        _area(area, walk)


def _times(info: Node, walk: Walk, sent: str) -> None:
    one = info.one
    for name in _TIMES:
        if name in one and one[name][_ZONE:] == _PLUS_ZERO:
            walk.tell("spec.time.utc", info.place(name), one[name])
    expires = one.get("expires")
    if expires is None:
        return
    if values.is_after(one.get("effective") or sent, expires):
        walk.tell("spec.expires.effective", info.place("expires"), expires)
    if "onset" in one and values.is_after(one["onset"], expires):
        walk.tell("spec.expires.onset", info.place("expires"), expires)


def _pairs(node: Node, walk: Walk, name: str) -> None:
    pairs = node.many[name]
    if len(set(pairs)) == len(pairs) and all(
        first and "." not in first and not first.isspace() for first, _ in pairs
    ):
        return
    seen = set()
    for at, pair in enumerate(pairs):
        if not pair[0].strip(_SPACES):
            walk.tell("spec.pair.name", node.place(name, at))
        elif values.is_dotted(pair[0]):
            walk.tell("spec.pair.acronym", node.place(name, at), pair[0])
        if pair in seen:
            walk.tell("spec.pair.twice", node.place(name, at), f"{pair[0]} = {pair[1]}")
        seen.add(pair)


def _resource(resource: Node, walk: Walk) -> None:
    one = resource.one
    if "resourceDesc" in one and not one["resourceDesc"].strip(_SPACES):
        walk.tell("spec.resource-desc.empty", resource.place("resourceDesc"))
    if "mimeType" in one and (broken := values.mime(one["mimeType"])):
        walk.tell(broken, resource.place("mimeType"), one["mimeType"])
    if resource.text("size").startswith("-") and resource.text("size").strip("-0"):
        walk.tell("spec.size", resource.place("size"), one["size"])
    content = one.get("derefUri")
    if content is not None and (broken := values.base64(content)):
        walk.tell(broken, resource.place("derefUri"), content)
    _address(resource, walk)
    if "digest" in one:
        if broken := values.digest(one["digest"]):
            walk.tell(broken, resource.place("digest"), one["digest"])
        elif content is not None and not values.base64(content):
            _same_digest(resource, walk, content)


def _address(resource: Node, walk: Walk) -> None:
    if "uri" not in resource.one:
        if "derefUri" not in resource.one:
            walk.tell("spec.resource.nothing", resource.place())
        return
    address = resource.text("uri")
    if values.is_common(address):
        return
    if not address or not values.is_uri(address):
        walk.tell("spec.uri", resource.place("uri"), address)
    elif not values.is_absolute(address) and "derefUri" not in resource.one:
        walk.tell("spec.uri.relative", resource.place("uri"), address)


def _same_digest(resource: Node, walk: Walk, content: str) -> None:
    from base64 import b64decode, b64encode

    # SHA-1 is what CAP 1.2 prescribes; it guards against damage, never against forgery.
    found = sha1(b64decode(content), usedforsecurity=False)
    said = resource.text("digest")
    if said.lower() != found.hexdigest() and said != b64encode(found.digest()).decode():
        walk.tell("spec.digest.differs", resource.place("digest"), said)


def _area(area: Node, walk: Walk) -> None:
    one, many = area.one, area.many
    if "areaDesc" in one and not one["areaDesc"].strip(_SPACES):
        walk.tell("spec.area-desc.empty", area.place("areaDesc"))
    for name, verdict in (("polygon", values.polygon), ("circle", values.circle)):
        for at, text in enumerate(many.get(name, ())):
            if broken := verdict(text):
                walk.tell(broken, area.place(name, at), text)
    if "geocode" in many:
        _pairs(area, walk, "geocode")
        if "polygon" not in many and "circle" not in many:
            walk.tell("spec.geocode.alone", area.place("geocode"))
    if "ceiling" in one:
        _heights(area, walk)


def _heights(area: Node, walk: Walk) -> None:
    if "altitude" not in area.one:
        walk.tell("spec.ceiling.alone", area.place())
        return
    low, high = area.text("altitude"), area.text("ceiling")
    if values.decimal(low) or values.decimal(high):
        return
    if float(low) > float(high):
        walk.tell("spec.ceiling.below", area.place("ceiling"), f"{low} > {high}")
