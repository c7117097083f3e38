"""Files of parts in the matrix: all or nothing, bad rows by file, line, column; twice is once."""

import csv
import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from tests.support.agencies_factories import SYSTEM, make_areas, make_body, make_part
from tests.support.factories import NOW, make_user, sign_in

from qalqan.desk.agencies import matters
from qalqan.desk.agencies.models import Body, Responsibility
from qalqan.desk.agencies.selectors import matrix
from qalqan.desk.agencies.services.part_importing import import_parts
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role
from qalqan.desk.platform.sources.taking import BadRowsError
from qalqan.errors import InputError, RefusedError

pytestmark = pytest.mark.django_db
COLUMNS = ("matter", "area", "body", "part", "since", "until", "ground")
GOOD = {
    "matter": "agencies.youth", "area": "155600000", "part": "leads", "since": "2026-01-01",
    "until": "", "ground": "Order 7",
}  # fmt: skip


@pytest.fixture
def bodies():
    """Return two bodies, and a third that is closed."""
    areas = make_areas()
    rows = [make_body(area=areas["province"]) for _number in range(3)]
    Body.objects.filter(pk=rows[2].pk).update(closed_on=date(2026, 1, 1))
    return rows


def write(folder, *rows, columns=COLUMNS, name="matrix.csv"):
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows({**GOOD, **row} for row in rows)
    return path


def take(path, **fields):
    return import_parts(actor=SYSTEM, path=path, now=NOW, **fields)


def test_rows_become_parts_and_the_same_file_again_changes_nothing(tmp_path, bodies):
    one, other, _closed = bodies
    areas = make_areas()
    path = write(
        tmp_path,
        {"body": str(one.number)},
        {"body": f"№ {other.number}", "part": "helps", "until": "2026-02-01"},
        {"body": other.name_ru, "part": "informed", "since": "2026-02-01", "area": "153200000"},
    )
    report = take(path)
    assert (report.read, report.stored, report.changed, report.known) == (3, 3, 0, 0)
    found = matrix.responsible(
        SYSTEM, matter="agencies.youth", place=areas["town"], on=date(2026, 1, 15)
    )
    assert found.lead == one
    assert [named.body for named in found.helps] == [other]
    assert Responsibility.objects.get(part="helps").until == date(2026, 2, 1)
    assert AuditEntry.objects.filter(action="agencies.set_part").count() == 3
    again = take(path)
    assert (again.stored, again.changed, again.known, again.rejected) == (0, 0, 3, 0)
    assert Responsibility.objects.count() == 3
    last = AuditEntry.objects.filter(action="agencies.import_parts").latest("sequence")
    assert last.detail == {"file": "matrix.csv", "read": 3, "stored": 0, "changed": 0, "known": 3,
                           "rejected": 0}  # fmt: skip


def test_a_new_part_ends_the_one_before_and_an_end_is_an_end(tmp_path, bodies):
    one, _other, _closed = bodies
    number = str(one.number)
    take(write(tmp_path, {"body": number}))
    # Later rows may stand first: they are taken by their days.
    report = take(write(
        tmp_path, {"body": number, "part": "informed", "since": "2026-04-01"},
        {"body": number, "part": "helps", "since": "2026-03-01"},
    ))  # fmt: skip
    assert (report.stored, report.changed) == (2, 0)
    parts = Responsibility.objects.order_by("since").values_list("part", "until")
    assert list(parts) == [
        ("leads", date(2026, 3, 1)), ("helps", date(2026, 4, 1)), ("informed", None),
    ]  # fmt: skip
    report = take(write(
        tmp_path, {"body": number, "part": "informed", "since": "2026-04-01",
                   "until": "2026-05-01"},
    ))  # fmt: skip
    assert (report.stored, report.changed) == (0, 1)
    assert not Responsibility.objects.filter(until=None).exists()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_words_of_three_languages_are_understood(tmp_path, bodies, language):
    with translation.override(language):
        matter = dict(matters.known())["agencies.youth"]
        part = str(Responsibility.Part.LEADS.label)
    report = take(write(tmp_path, {"body": str(bodies[0].number), "matter": matter, "part": part}))
    assert report.stored == 1
    assert Responsibility.objects.get().matter == "agencies.youth"


BAD = [
    ({"matter": ""}, "matter"),
    ({"matter": "castles"}, "matter"),
    ({"area": ""}, "area"),
    ({"area": "Atlantis"}, "area"),
    ({"area": "999999999"}, "area"),
    ({"body": ""}, "body"),
    ({"body": "999999"}, "body"),
    ({"body": "Nobody here"}, "body"),
    ({"body": "Twins"}, "body"),
    ({"body": "closed"}, "body"),
    ({"part": ""}, "part"),
    ({"part": "rules"}, "part"),
    ({"since": ""}, "since"),
    ({"since": "01.05.2026"}, "since"),
    ({"since": "2026-02-30"}, "since"),
    ({"until": "soon"}, "until"),
    ({"until": "2026-01-01"}, "until"),
    ({"until": "2025-01-01"}, "until"),
    ({"ground": "x" * 201}, "ground"),
    ({"ground": "IIN 870412300415"}, "ground"),
    ({"ground": "Order\x07"}, "ground"),
    ({"body": "first"}, "body"),
    ({"body": "held", "since": "2026-02-01"}, "part"),
    ({"body": "held", "since": "2025-06-01", "part": "helps"}, "since"),
    ({"body": "ended", "since": "2025-06-01", "until": "2025-07-01"}, "until"),
]


@pytest.mark.parametrize(("fields", "column"), BAD)
def test_a_bad_row_is_named_and_nothing_is_stored(tmp_path, bodies, fields, column):
    one, other, closed = bodies
    areas = make_areas()
    held = make_body(area=areas["province"])
    for _twin in range(2):
        twin = make_body(area=areas["alga"])
        Body.objects.filter(pk=twin.pk).update(name_ru="Twins")
    make_part(held, areas["temir"], since=date(2026, 1, 1))
    make_part(other, areas["temir"], since=date(2025, 6, 1), until=date(2025, 6, 15))
    numbers = {
        "closed": closed.number, "first": one.number, "held": held.number, "ended": other.number,
    }  # fmt: skip
    if "body" in fields:
        fields = {**fields, "body": str(numbers.get(fields["body"], fields["body"]))}
    before = Responsibility.objects.count()
    path = write(tmp_path, {"body": str(one.number)}, {"body": str(other.number), **fields})
    with pytest.raises(BadRowsError) as caught:
        take(path)
    assert str(caught.value.location) == f"matrix.csv:3: {column}"
    assert Responsibility.objects.count() == before
    assert not AuditEntry.objects.filter(action="agencies.import_parts").exists()


def test_good_rows_are_kept_on_request_and_the_rest_is_told(tmp_path, bodies):
    one, other, _closed = bodies
    path = write(tmp_path, {"body": str(one.number)}, {"body": str(other.number), "part": "rules"})
    report = take(path, keep_good=True, rejects=tmp_path / "left.csv")
    assert (report.stored, report.rejected) == (1, 1)
    assert "rules" in (tmp_path / "left.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("columns", "column"),
    [(("matter", "area", "part", "since"), "body"), ((*COLUMNS, "author"), "author")],
)
def test_a_wrong_header_is_named(tmp_path, bodies, columns, column):
    with pytest.raises(InputError) as caught:
        take(write(tmp_path, {"body": "1"}, columns=columns))
    assert (caught.value.location.line, caught.value.location.field) == (1, column)


def test_only_keepers_of_the_matrix_take_files_in(tmp_path, bodies):
    path = write(tmp_path, {"body": str(bodies[0].number)})
    with pytest.raises(RefusedError):
        import_parts(actor=make_user(Role.ANALYST), path=path, now=NOW)
    with pytest.raises(InputError, match="no rows"):
        take(write(tmp_path))


def test_the_page_takes_a_file_and_shows_what_is_wrong(client, tmp_path, bodies):
    client = sign_in(client, make_user(Role.SECRETARY))
    address = reverse("agencies:matrix_import")
    good = write(tmp_path, {"body": str(bodies[0].number)}).read_bytes()
    answer = client.post(address, {"file": SimpleUploadedFile("rejects.csv", good)})
    assert answer.status_code == 200
    assert answer.context["report"].stored == 1
    bad = write(tmp_path, {"body": str(bodies[1].number), "part": "rules"}).read_bytes()
    answer = client.post(address, {"file": SimpleUploadedFile("matrix.csv", bad)})
    assert answer.status_code == 400
    assert "<code>agencies.youth</code>" in answer.content.decode()
    assert [(row.line, row.field) for row in answer.context["problems"]] == [(2, "part")]
    kept = client.post(address, {"file": SimpleUploadedFile("matrix.csv", bad), "keep_good": "on"})
    assert kept.context["report"].rejected == 1
    assert "rules" in kept.context["left_out"]
    assert json.dumps(kept.context["report"].told("m"))
    assert address in client.get(reverse("agencies:matrix")).content.decode()
