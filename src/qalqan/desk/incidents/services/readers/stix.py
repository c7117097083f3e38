"""STIX 2.1 bundles: incidents with their places, times and the bodies that tell of them.

Nobody who is a person comes in: identities of individuals and threat actors are left out and
counted, and their names are masked where a text of the bundle repeats them.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qalqan.desk.incidents.models import Incident
from qalqan.desk.incidents.services.readers.geojson import cell_of
from qalqan.desk.incidents.services.readers.json_text import Element, JsonText
from qalqan.desk.incidents.services.readers.tabled import Opened, json_table
from qalqan.desk.incidents.services.stix_words import (
    CORE,
    FIDELITIES,
    KINDS_OF_BODIES,
    LEDGER,
    credibility_of,
)
from qalqan.desk.platform.sources.tables import BadFieldError
from qalqan.errors import InputError, Location

_USED = ("incident", "location", "identity", "relationship", "event")
_SILENT = ("marking-definition", "extension-definition", "language-content")
_PERSONS = ("threat-actor", "intrusion-set")
_AT = ("located-at", "related-to")
_LEDGER_KEYS = ("extension_type", "format")
_PLAIN = ("id", "kind", "time", "time_precision", "place_precision", "weapons", "source_kind")
"""Cells of the desk's own words, in which no name can stand."""


class _BadObjectError(BadFieldError):
    """An object that an incident needs is not what it should be."""

    def __init__(self, line: int, field: str | None, reason: str) -> None:
        super().__init__(field, reason)
        self.line = line


def open_stix(text: JsonText) -> Opened:
    """Open a bundle.

    Raises
    ------
    InputError
        It is no bundle of STIX 2.1, or holds no incident.
    """
    elements = text.lists.get("objects")
    if elements is None:
        raise InputError(_("This must be a list."), location=Location(text.file, 1, "objects"))
    if text.members.get("spec_version", "2.1") != "2.1":
        raise InputError(
            _("Only STIX 2.1 is read."), location=Location(text.file, 1, "spec_version")
        )
    bundle = _Bundle(text, elements)
    incidents = bundle.of_type("incident")
    if not incidents:
        raise InputError(
            _("The file holds no incident."), location=Location(text.file, 1, "objects"),
            hint="; ".join(bundle.notes()) or None,
        )  # fmt: skip
    table, line_of = json_table(text, incidents, bundle.cells)
    return Opened(table, "stix", bundle.notes(), line_of)


class _Bundle:
    """The objects of a bundle, the last version of each."""

    def __init__(self, text: JsonText, elements: list[Element]) -> None:
        self._file = text.file
        self._counted: Counter[str] = Counter()
        self._objects: dict[str, Element] = {}
        for element in elements:
            self._keep(element)
        self._places: dict[str, list[str]] = {}
        for one in self.of_type("relationship"):
            value = one.value
            target = str(value.get("target_ref", ""))
            if value.get("relationship_type") in _AT and target.startswith("location--"):
                self._places.setdefault(str(value.get("source_ref", "")), []).append(target)
        self._hidden = self._names_of_persons(elements)

    def _keep(self, element: Element) -> None:
        value = element.value
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str):
            raise InputError(
                _("this object has no type"), location=Location(self._file, element.line, "type")
            )
        if kind not in _USED:
            if kind not in _SILENT:
                self._counted["threat-actor" if kind in _PERSONS else kind[:40]] += 1
            if kind not in _PERSONS:
                return
        name = str(value.get("id", f"{kind}--{element.line}"))
        if value.get("revoked") is True:
            self._counted["revoked"] += 1
            self._objects.pop(name, None)
            return
        known = self._objects.get(name)
        if known and str(known.value.get("modified", "")) > str(value.get("modified", "")):
            return
        self._objects[name] = element

    def _names_of_persons(self, elements: list[Element]) -> re.Pattern[str] | None:
        """Return what finds a name that any version of a person bears, a revoked one, too."""
        people = [one.value for one in self._objects.values() if _is_person(one.value)]
        self._counted.update("individual" for one in people if one["type"] == "identity")
        names: set[str] = set()
        for one in elements:
            if _is_person(one.value):
                aliases = one.value.get("aliases")
                told = [one.value.get("name"), *(aliases if isinstance(aliases, list) else [])]
                names |= {name for name in told if isinstance(name, str) and len(name) > 2}
        if not names:
            return None
        ordered = sorted(names, key=len, reverse=True)
        return re.compile("|".join(re.escape(name) for name in ordered), re.IGNORECASE)

    def of_type(self, kind: str) -> list[Element]:
        """Return the objects of a type, in the order of the file."""
        return [one for one in self._objects.values() if one.value["type"] == kind]

    def notes(self) -> list[str]:
        """Say what was left out and how often."""
        notes = []
        for kind, number in sorted(self._counted.items()):
            if kind == "individual":
                notes.append(
                    ngettext(
                        "%(count)s identity of an individual or a group left out",
                        "%(count)s identities of individuals or groups left out",
                        number,
                    ) % {"count": number}
                )  # fmt: skip
            elif kind == "revoked":
                notes.append(_("revoked objects left out: %(count)s") % {"count": number})
            else:
                notes.append(
                    _("objects of the type %(kind)s left out: %(count)s")
                    % {"kind": kind, "count": number}
                )
        return notes

    def cells(self, value: dict[str, Any]) -> dict[str, str]:
        """Return an incident as the desk's own columns.

        Raises
        ------
        BadFieldError
            The incident, or an object that it needs, is not valid STIX 2.1.
        """
        _valid(value)
        extensions = value.get("extensions") or {}
        ours = extensions.get(LEDGER)
        if ours is not None:
            return {
                name: text if name in _PLAIN else self._text(text)
                for name, text in _own_cells(ours).items()
            }
        core = extensions.get(CORE) or {}
        cells = {
            "id": f"stix:{value['id']}",
            "kind": _kind(core, value),
            _title(value): self._text(value["name"])[:200],
            "known": self._text(value.get("description", "")),
            "credibility": credibility_of(value.get("confidence")),
            **self._when(core),
            **self._where(str(value["id"])),
            **self._source(value),
        }
        if not cells.get("source"):
            cells.pop("credibility")
            cells.pop("citation", None)
        return {name: cell_of(name, text) for name, text in cells.items() if text}

    def _text(self, text: str) -> str:
        return self._hidden.sub("[…]", text) if self._hidden else text

    def _object(self, reference: Any, kind: str) -> dict[str, Any] | None:
        element = self._objects.get(str(reference))
        if element is None or element.value["type"] != kind:
            return None
        try:
            _valid(element.value)
        except BadFieldError as error:
            raise _BadObjectError(element.line, error.field, error.reason) from None
        return dict(element.value)

    def _when(self, core: Any) -> dict[str, str]:
        """Return the first time that an event of the incident tells."""
        entries = core.get("events") if isinstance(core, dict) else None
        for entry in entries if isinstance(entries, list) else []:
            told = entry if isinstance(entry, dict) else {}
            event = self._objects.get(str(told.get("event_ref", "")))
            if event is not None:
                told = event.value
            start, end = told.get("start_time"), told.get("end_time")
            if not isinstance(start, str):
                continue
            fidelity = str(told.get("start_time_fidelity", "second"))
            if fidelity not in FIDELITIES:
                known = ", ".join(FIDELITIES)
                raise BadFieldError(
                    "start_time_fidelity",
                    _("“%(text)s” is not known; use %(known)s")
                    % {"text": fidelity[:40], "known": known},
                )
            text = f"{start}/{end}" if isinstance(end, str) else start
            return {"time": text, "time_precision": FIDELITIES[fidelity]}
        raise BadFieldError(
            "extensions",
            _("no event tells when this happened; when it was written down does not"),
        )

    def _where(self, incident: str) -> dict[str, str]:
        found = [self._object(one, "location") for one in self._places.get(incident, [])]
        places = [one for one in found if one is not None]
        if not places:
            return {}
        best = next((one for one in places if "latitude" in one), places[0])
        names = (best.get(key) for key in ("name", "city", "administrative_area", "country"))
        cells = {
            "place": self._text(", ".join(dict.fromkeys(str(one) for one in names if one)))[:200]
        }
        if "latitude" in best:
            cells |= {"latitude": repr(best["latitude"]), "longitude": repr(best["longitude"])}
            cells["place_precision"] = _precision(best)
        return cells

    def _source(self, value: dict[str, Any]) -> dict[str, str]:
        body = self._object(value.get("created_by_ref"), "identity")
        if body is None or body.get("identity_class") not in KINDS_OF_BODIES:
            return {}
        references = value.get("external_references") or [{}]
        first = references[0]
        citation = str(first.get("url") or first.get("external_id") or value["id"])
        return {
            "source": str(body["name"]),
            "source_kind": "other",
            "citation": self._text(citation)[:500],
        }


def _is_person(value: dict[str, Any]) -> bool:
    if value["type"] == "identity":
        return value.get("identity_class") not in KINDS_OF_BODIES
    return value["type"] in _PERSONS


def _valid(value: dict[str, Any]) -> None:
    """Check an object with the library; what is custom in it is left to whoever wrote it."""
    import stix2
    from stix2 import exceptions as wrong

    if value.get("spec_version") != "2.1":
        raise BadFieldError("spec_version", _("Only STIX 2.1 is read."))
    try:
        stix2.parse(value, allow_custom=True, version="2.1")
    except wrong.STIXError as error:
        names = getattr(error, "properties", None) or [getattr(error, "prop_name", None)]
        field = next(iter(sorted(str(one) for one in names if one)), None)
        raise BadFieldError(field, _("not valid STIX 2.1: %(why)s") % {"why": str(error)[:300]}) \
            from None  # fmt: skip
    except (TypeError, ValueError, AttributeError, RecursionError, OverflowError) as error:
        # The library lets some of what it calls speak for itself.
        raise BadFieldError(None, _("not valid STIX 2.1: %(why)s") % {"why": str(error)[:300]}) \
            from None  # fmt: skip


def _own_cells(ours: Any) -> dict[str, str]:
    if not isinstance(ours, dict):
        raise BadFieldError("extensions", _("a single value is expected, not a list or an object"))
    return {
        name: cell_of(name, value)
        for name, value in ours.items()
        if name not in _LEDGER_KEYS and value is not None
    }


def _kind(core: Any, value: dict[str, Any]) -> str:
    types = core.get("incident_types") if isinstance(core, dict) else None
    words = [*(types if isinstance(types, list) else []), *(value.get("labels") or [])]
    known = (str(word).lower().replace("-", "_").replace(" ", "_") for word in words)
    return next((word for word in known if word in Incident.Kind.values), Incident.Kind.OTHER)


def _title(value: dict[str, Any]) -> str:
    language = str(value.get("lang", "en"))[:2].lower()
    return f"title_{language}" if language in ("kk", "ru", "en") else "title_en"


def _precision(place: dict[str, Any]) -> str:
    """Return how exact a spot is, from the metres around it; where none are told, a settlement."""
    metres = place.get("precision")
    if metres is None:
        return "settlement"
    steps = ((1_000, "exact"), (10_000, "settlement"), (100_000, "district"), (500_000, "province"))
    return next((word for most, word in steps if metres <= most), "country")
