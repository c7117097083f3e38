"""Files that activities come in: tables, and what phones with an ODK form hand in.

Submissions come as the CSV or XLSX that ODK Central and Kobo hand out, or as one XML instance.
Who sent them, and from which device, is left unread.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from qalqan.desk.platform.sources.tables import Row, Table
from qalqan.desk.platform.sources.workbooks import open_any_table
from qalqan.errors import InputError, Location

LARGEST_XML = 2 * 1024 * 1024
FIELDS = frozenset(
    {
        "client_id", "body", "partners", "language", "venue", "starts", "minutes", "public",
        "state", "reach", "reach_is", "under_14", "14_17", "18_24", "25_28", "29_44", "45_64",
        "65_up", "cost", "views", "comments", "comments_answered", "outcome", "asked", "answered",
        "cancel_reason", "title", "kind", "theme", "place", "date",
    }
)  # fmt: skip
_MARKS = ("key", "instanceid", "meta-instanceid", "meta/instanceid", "_uuid", "meta:instanceid")
"""Columns that only submissions of a form have; the first there is numbers them."""


@contextmanager
def open_file(path: Path) -> Iterator[Table]:
    """Open a table, or one XML submission as a table of one row.

    Raises
    ------
    InputError
        The file is absent, empty, or none of these.
    """
    if path.suffix.lower() == ".xml":
        yield _instance(path)
        return
    with open_any_table(path) as table:
        yield table


def field_names(columns: Iterable[str]) -> tuple[dict[str, str], bool]:
    """Return which field each column holds, and whether these are submissions of a form.

    In a form, a question within a group is called ``group/question`` or ``group-question``, and
    a name cannot begin with a digit, so that ages are called ``age_14_17``.

    >>> field_names(["title", "exported"])
    ({'title': 'title'}, False)
    >>> field_names(["KEY".lower(), "what-title", "who/age_14_17", "deviceid"])
    ({'key': 'client_id', 'what-title': 'title', 'who/age_14_17': '14_17'}, True)
    """
    columns = tuple(columns)
    mark = next((name for name in _MARKS if name in columns), None)
    if mark is None:
        return {name: name for name in columns if name in FIELDS}, False
    found = {mark: "client_id"}
    for column in columns:
        name = column.replace("/", "-").replace(":", "-").rpartition("-")[2]
        name = name.removeprefix("age_")
        if name in FIELDS and name not in found.values():
            found[column] = name
    return found, True


def _instance(path: Path) -> Table:
    from lxml import etree

    where = Location(path.name)
    try:
        data = path.read_bytes()[: LARGEST_XML + 1]
    except OSError:
        raise InputError(_("There is no such file."), location=where) from None
    if len(data) > LARGEST_XML:
        raise InputError(_("The submission is larger than 2 MB."), location=where)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise InputError(
            _("This is no XML: %(why)s") % {"why": error.msg},
            location=Location(path.name, error.lineno or 1),
        ) from None
    if root.getroottree().docinfo.doctype:
        raise InputError(
            _("The submission declares a document type; such files are not read."), location=where
        )
    cells = dict(_leaves(root))
    if "instanceid" not in cells:
        raise InputError(
            _("The submission has no instanceID."), location=where,
            hint=_("An XML file must be one submission of an ODK form."),
        )  # fmt: skip
    columns = tuple(cells)
    row = Row(root.sourceline or 1, cells, tuple(cells.values()))
    return Table(path.name, columns, "\t", iter([row]))


def _leaves(root: Any) -> Iterator[tuple[str, str]]:
    for element in root.iter():
        if isinstance(element.tag, str) and not len(element):
            name = element.tag.rpartition("}")[2].lower()
            yield name, " ".join((element.text or "").split())
