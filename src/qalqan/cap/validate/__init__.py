"""Validate a message in layers: xml, schema, specification, profile, signature."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from qalqan.cap.convert import VERSIONS
from qalqan.cap.document import parse
from qalqan.cap.errors import XmlRefused
from qalqan.cap.limits import LIMITS, Limits
from qalqan.cap.validate.findings import (
    Finding,
    Findings,
    Layer,
    Report,
    Rule,
    Spot,
    Weight,
    rules,
)
from qalqan.cap.validate.quick import schema_valid
from qalqan.cap.validate.specification import check
from qalqan.cap.validate.tree import Walk, spot

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from lxml import etree

    from qalqan.cap.validate.profiles import Profile

__all__ = ["Finding", "Layer", "Report", "Rule", "Weight", "rules", "validate"]


def validate(
    data: bytes,
    *,
    profile: str | None = None,
    trust: Sequence[Certificate] | None = None,
    at: datetime | None = None,
    limits: Limits = LIMITS,
) -> Report:
    """Return all that is wrong with a message, and how to mend it.

    Nothing is fetched, no DTD is opened, and no file makes this fail or grow without bound.

    Parameters
    ----------
    data
        The file.
    profile
        Name of a profile in `qalqan.cap.validate.profiles`, none by default.
    trust
        Certificates of senders. With them a signature is required and must be by one of them;
        without them it must hold by itself, and a finding says that nobody asked who signed.
    at
        The moment a signature is judged at; the time the signer gives by default.
    limits
        What the file may ask of us.

    Raises
    ------
    CapError
        There is no such profile.

    Examples
    --------
    >>> report = validate(b"<alert/>")
    >>> report.valid, report.errors[0].rule
    (False, 'xml.not-cap')
    """
    found = Findings(limits.findings)
    rule_set = None
    if profile is not None:
        from qalqan.cap.validate.profiles import load

        rule_set = load(profile)
    walk = Walk(found)
    quick = schema_valid(data) if trust is None and limits is LIMITS else None
    if quick is not None:
        check(quick, walk)
        if rule_set is not None:
            rule_set.check(quick, walk)
        return found.report()
    return _by_tree(data, walk, rule_set, trust, at, limits)


def tree_only(data: bytes, *, profile: str | None = None) -> Report:
    """Validate without the quick way, for those who compare both."""
    from qalqan.cap.validate.profiles import load

    walk = Walk(Findings(LIMITS.findings))
    return _by_tree(data, walk, load(profile) if profile else None, None, None, LIMITS)


def _by_tree(
    data: bytes,
    walk: Walk,
    rule_set: Profile | None,
    trust: Sequence[Certificate] | None,
    at: datetime | None,
    limits: Limits,
) -> Report:
    found = walk.found
    try:
        root = parse(data, limits)
    except XmlRefused as error:
        return _refused(error)
    if not _is_cap(root, walk):
        return found.report()
    alert = walk.alert(root)
    check(alert, walk)
    if rule_set is not None:
        rule_set.check(alert, walk)
    if trust is not None or len(root) > len(alert.parts.get("info", ())):
        from qalqan.cap.validate.signature import check as check_signature

        check_signature(data, root, walk, trust=trust, at=at)
    return found.report()


def _is_cap(root: etree._Element, walk: Walk) -> bool:
    namespace, _, name = str(root.tag).rpartition("}")
    version = VERSIONS.get(namespace.removeprefix("{"))
    if name != "alert" or version is None:
        walk.tell("xml.not-cap", spot(root), str(root.tag))
    elif version != "1.2":
        walk.tell("schema.version", spot(root), version)
    return name == "alert" and version == "1.2"


def _refused(error: XmlRefused) -> Report:
    known = rules().get(error.rule) or rules()["xml.well-formed"]
    finding = Finding(known, Spot(error.line or 1, "/"), error.reason)
    return Report(valid=False, errors=(finding,))
