"""Files of bodies: bad rows by file, line and column; all or nothing; round trip; doubles."""

import csv
import io

import pytest
from tests.support.agencies_factories import SYSTEM, make_areas, make_body, staff_of
from tests.support.factories import NOW, make_organisation, make_user

from qalqan.desk.agencies.models import Body, Expertise, Office, Registration
from qalqan.desk.agencies.selectors import directory
from qalqan.desk.agencies.services import exporting
from qalqan.desk.agencies.services.importing import import_bodies
from qalqan.desk.platform.places.fold import fold_name
from qalqan.desk.platform.places.models import PlaceAlias
from qalqan.desk.platform.policies import Role
from qalqan.desk.platform.sources.taking import BadRowsError
from qalqan.errors import InputError, RefusedError

pytestmark = pytest.mark.django_db
GOOD = {
    "kind": "civil", "type": "association", "area": "155600000", "name_ru": "Союз «Жарык»",
    "name_kk": "", "languages": "kk,ru", "registration": "registered",
    "registered_since": "2024-05-01", "registration_source": "№ 12", "office": "Офис",
    "address": "ул. 1", "phone": "8 (7132) 54-12-00", "mail": "a@example.org",
    "expertise": "law: юрист; health: врач", "number": "", "organisation": "", "mandate": "",
}  # fmt: skip


def write(folder, *rows, columns=tuple(GOOD), name="bodies.csv"):
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows({**GOOD, **row} for row in rows)
    return path


def take(path, **fields):
    make_areas()
    return import_bodies(actor=SYSTEM, path=path, now=NOW, **fields)


def test_a_good_row_becomes_a_body_with_office_registration_and_expertise(tmp_path):
    report = take(write(tmp_path, {}))
    assert (report.read, report.stored, report.rejected) == (1, 1, 0)
    body = Body.objects.get()
    assert (body.area.kato, body.languages) == ("155600000", ["kk", "ru"])
    assert Registration.objects.get().source == "№ 12"
    assert Office.objects.get().switchboard == "8 (7132) 54-12-00"
    assert set(Expertise.objects.values_list("field", flat=True)) == {"law", "health"}


def test_words_of_three_languages_name_kinds_and_places(tmp_path):
    areas = make_areas()
    PlaceAlias.objects.create(
        place=areas["alga"], name="Алга", language="ru", key=fold_name("Алга")
    )
    take(write(tmp_path, {"kind": "Civil group", "type": "Volunteers", "area": "Алга"}))
    body = Body.objects.get()
    assert (body.kind, body.type, body.area) == ("civil", "volunteers", areas["alga"])


BAD = [
    ({"kind": ""}, "kind"),
    ({"kind": "party"}, "kind"),
    ({"type": "castle"}, "type"),
    ({"type": ""}, "type"),
    ({"area": ""}, "area"),
    ({"area": "Atlantis"}, "area"),
    ({"name_ru": ""}, "name_ru"),
    ({"name_ru": "x" * 201}, "name_ru"),
    ({"name_kk": "Топ\x07"}, "name_kk"),
    ({"mandate": "IIN 870412300415"}, "mandate"),
    ({"mandate": "y" * 2001}, "mandate"),
    ({"languages": "kk,klingon"}, "languages"),
    ({"organisation": "Nobody here"}, "organisation"),
    ({"registration": "perhaps"}, "registration"),
    ({"registration": ""}, "registration"),
    ({"registered_since": "01.05.2024"}, "registered_since"),
    ({"registered_since": ""}, "registered_since"),
    ({"registered_since": "2031-01-01"}, "registered_since"),
    ({"registration_source": ""}, "registration_source"),
    ({"registration_source": "z" * 201}, "registration_source"),
    ({"office": ""}, "office"),
    ({"office": "o" * 121}, "office"),
    ({"address": "write to a.b@example.kz"}, "address"),
    ({"phone": "call Aizhan!"}, "phone"),
    ({"mail": "not a mail"}, "mail"),
    ({"expertise": "law"}, "expertise"),
    ({"expertise": "magic: wizard"}, "expertise"),
    ({"expertise": "law: "}, "expertise"),
    ({"expertise": "law: IIN 870412300415"}, "expertise"),
    ({"number": "-1"}, "number"),
    ({"number": "7"}, "number"),
]


@pytest.mark.parametrize(("fields", "field"), BAD)
def test_a_bad_row_is_named_by_file_line_and_column_and_nothing_is_stored(tmp_path, fields, field):
    path = write(tmp_path, {"name_ru": "Союз «Достык»"}, fields)
    with pytest.raises(BadRowsError) as caught:
        take(path)
    assert str(caught.value.location) == f"bodies.csv:3: {field}"
    assert not Body.objects.exists()


@pytest.mark.parametrize(
    ("columns", "field"),
    [(("kind", "type", "name_ru"), "area"), ((*GOOD, "author"), "author")],
)
def test_a_wrong_header_is_named(tmp_path, columns, field):
    with pytest.raises(InputError) as caught:
        take(write(tmp_path, {}, columns=columns))
    assert (caught.value.location.line, caught.value.location.field) == (1, field)


def test_a_header_alone_is_refused(tmp_path):
    with pytest.raises(InputError, match="no rows"):
        take(write(tmp_path))


def test_keep_good_stores_the_rest_and_writes_the_rejects(tmp_path):
    path = write(tmp_path, {}, {"area": "Atlantis"}, {"name_ru": "Союз «Достык»"})
    report = take(path, keep_good=True)
    assert (report.stored, report.rejected) == (2, 1)
    rejects = (tmp_path / "bodies.rejects.csv").read_text(encoding="utf-8")
    assert "Atlantis" in rejects
    assert ",3,area," in rejects


def test_doubles_are_found_across_languages_within_the_file_and_the_directory(tmp_path):
    take(write(tmp_path, {"name_ru": "Союз матерей «Жарык»"}))
    again = write(tmp_path, {"name_ru": "", "name_kk": "«Жарық» аналар одағы"})
    with pytest.raises(BadRowsError, match="there already: № 1"):
        take(again)
    assert take(again, allow_doubles=True).stored == 1
    both = write(tmp_path, {"name_ru": "Клуб «Дала»"}, {"name_ru": "«Дала» клубы"})
    with pytest.raises(BadRowsError, match="line 2"):
        take(both)


def test_what_was_exported_is_known_and_a_correction_touches_what_it_names(tmp_path):
    organisation = make_organisation(name="Youth league", kind="group")
    take(write(tmp_path, {"organisation": "Youth league", "mandate": "=1+1"}))
    secretary = make_user(Role.SECRETARY)
    for form in ("csv", "xlsx"):
        export = exporting.export_bodies(
            actor=secretary, rows=directory.bodies(secretary), form=form, now=NOW
        )
        path = tmp_path / f"out.{form}"
        path.write_bytes(export.data)
        assert (take(path).known, Body.objects.count()) == (1, 1)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text(encoding="utf-8"))))
    assert rows[0]["mandate"] == "'=1+1"
    assert secretary.username in rows[0]["exported"]
    fix = write(tmp_path, {"number": "1", "name_ru": "Союз «Жарқын»"},
                columns=("number", "kind", "type", "area", "name_ru"))  # fmt: skip
    assert take(fix).changed == 1
    body = Body.objects.get()
    assert (body.name_ru, body.organisation, body.mandate) == (
        "Союз «Жарқын»", organisation, "=1+1"
    )  # fmt: skip


def test_a_number_or_an_organisation_twice_is_refused(tmp_path):
    body = make_body()
    with pytest.raises(BadRowsError, match="twice"):
        take(write(tmp_path, {"number": str(body.number)}, {"number": str(body.number)}))
    with pytest.raises(BadRowsError, match="another body"):
        take(write(tmp_path, {"organisation": body.organisation.name}))


def test_a_group_may_neither_import_nor_export(tmp_path):
    worker = staff_of(make_body(kind="civil"), Role.GROUP_WORKER, "edit_page")
    with pytest.raises(RefusedError):
        import_bodies(actor=worker, path=write(tmp_path, {}), now=NOW)
    with pytest.raises(RefusedError):
        exporting.export_bodies(actor=worker, rows=Body.objects.all(), form="csv", now=NOW)
