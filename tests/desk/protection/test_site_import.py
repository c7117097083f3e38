"""Files of sites: 30 and more kinds of broken ones are refused with file, line and field."""

import io
import zipfile

import pytest
from openpyxl import Workbook, load_workbook
from tests.support.factories import NOW, make_user
from tests.support.protection_factories import SYSTEM, make_place, make_site

from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role
from qalqan.desk.platform.sources import workbooks
from qalqan.desk.platform.sources.taking import BadRowsError
from qalqan.desk.protection.models import Site, SiteEvent
from qalqan.desk.protection.services.exporting import COLUMNS, export_sites
from qalqan.desk.protection.services.importing import import_sites
from qalqan.errors import InputError, RefusedError

pytestmark = pytest.mark.django_db
HEAD = "name_ru,category,capacity,place"
GOOD = "Рынок,market,900,KZ1"


@pytest.fixture(autouse=True)
def _place():
    make_place(kato="KZ1")


def take(tmp_path, content, name="sites.csv", **options):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return import_sites(actor=SYSTEM, path=path, now=NOW, **options)


def sheet(*rows, **parts):
    """Return a workbook of these rows; ``parts`` are added to the ZIP by name."""
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    if parts:
        with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
            for name, data in parts.items():
                archive.writestr(name, data)
    return out.getvalue()


def test_good_rows_are_stored_with_number_district_history_and_audit(tmp_path):
    text = f"{HEAD},owner_language\n{GOOD},ru\nМектеп 5,Мектеп немесе балабақша,250,Alga,kk\n"
    report = take(tmp_path, text)
    assert (report.read, report.stored, report.rejected) == (2, 2, 0)
    first, second = Site.objects.order_by("number")
    assert (first.number, first.tier, first.district_id) == (1, 3, make_place().pk)
    assert second.category == "school"
    assert set(SiteEvent.objects.values_list("kind", flat=True)) == {"imported"}
    assert AuditEntry.objects.get(action="protection.import_sites").detail["stored"] == 2


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1251"])
def test_encodings(tmp_path, encoding):
    take(tmp_path, f"{HEAD}\n{GOOD}\n".encode(encoding))
    assert Site.objects.get().name_ru == "Рынок"


ROWS = {
    "category unknown": ("Рынок,castle,900,KZ1", "category", "is not known"),
    "category empty": ("Рынок,,900,KZ1", "category", "is not known"),
    "capacity a word": ("Рынок,market,many,KZ1", "capacity", "not a whole number"),
    "capacity negative": ("Рынок,market,-5,KZ1", "capacity", "not a whole number"),
    "capacity broken": ("Рынок,market,9.5,KZ1", "capacity", "not a whole number"),
    "capacity too large": ("Рынок,market,99999999,KZ1", "capacity", "from 0 to"),
    "capacity in other digits": ("Рынок,market,٩٠٠,KZ1", "capacity", "not a whole number"),
    "place unknown": ("Рынок,market,900,Atlantis", "place", "no place"),
    "place empty": ("Рынок,market,900,", "place", "say the place"),
    "no name": (",market,900,KZ1", "name_ru", "at least one language"),
    "name too long": ("Р" * 201 + ",market,900,KZ1", "name_ru", "longer"),
    "control character": ("Ры\x01нок,market,900,KZ1", "name_ru", "control character"),
    "too few cells": ("Рынок,market", None, "cells"),
    "too many cells": ("Рынок,market,900,KZ1,more", None, "cells"),
    "person's number": ("Рынок a.b@example.kz,market,900,KZ1", "name_ru", "private person"),
    "open quote": ('"Рынок,market,900,KZ1', None, "cannot be read"),
}


@pytest.mark.parametrize("kind", ROWS)
def test_a_broken_row_refuses_the_file(tmp_path, kind):
    row, field, words = ROWS[kind]
    with pytest.raises(BadRowsError) as caught:
        take(tmp_path, f"{HEAD}\n{GOOD}\n{row}\n")
    where = caught.value.location
    assert (where.file, where.line, where.field) == ("sites.csv", 3, field)
    assert words in str(caught.value)
    assert not Site.objects.exists()


SPOTS = {
    "latitude a word": ("north,57", "latitude", "not a number"),
    "latitude too far": ("95,57", "latitude", "outside"),
    "longitude too far": ("50,190", "longitude", "outside"),
    "latitude alone": ("50,", "longitude", "together"),
    "no number at all": ("nan,57", "latitude", "not a number"),
}


@pytest.mark.parametrize("kind", SPOTS)
def test_a_broken_spot_refuses_the_file(tmp_path, kind):
    cells, field, words = SPOTS[kind]
    with pytest.raises(BadRowsError) as caught:
        take(tmp_path, f"{HEAD},latitude,longitude\n{GOOD},{cells}\n")
    assert caught.value.location.field == field
    assert words in str(caught.value)


FILES = {
    "empty": (b"", "sites.csv", "empty"),
    "blank": (b"\n\n", "sites.csv", "empty"),
    "header only": (f"{HEAD}\n".encode(), "sites.csv", "no rows"),
    "column missing": (b"name_ru,category\nA,market\n", "sites.csv", "missing"),
    "column unknown": (f"{HEAD},colour\n{GOOD},red\n".encode(), "sites.csv", "not known"),
    "column twice": (f"{HEAD},place\n{GOOD},KZ1\n".encode(), "sites.csv", "twice"),
    "column without name": (f"{HEAD},\n{GOOD},\n".encode(), "sites.csv", "no name"),
    "binary": (bytes(range(256)) * 8, "sites.csv", "not text"),
    "half UTF-8": (f"{HEAD}\nРын\xff".encode("latin-1", "replace")[:-3] + b"\xd0", "sites.csv", ""),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"\x00" * 64, "sites.csv", "not text"),
    "old XLS": (b"\xd0\xcf\x11\xe0" + b"\x00" * 64, "sites.xls", "no XLSX"),
    "text named XLSX": (f"{HEAD}\n{GOOD}\n".encode(), "sites.xlsx", "no XLSX"),
    "cut ZIP": (sheet(HEAD.split(","), GOOD.split(","))[:400], "sites.xlsx", "no XLSX"),
    "sheet without header": (sheet(), "sites.xlsx", "header"),
    "macros": (sheet(["a"], **{"xl/vbaProject.bin": b"x"}), "sites.xlsx", "macros"),
    "document type": (
        sheet(["a"], **{"xl/more.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}),
        "sites.xlsx", "document type",
    ),
    "packed too tight": (
        sheet(["a"], **{"xl/media/bomb.xml": b"\x00" * (40 << 20)}), "sites.xlsx", "tight"
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_a_broken_file_is_refused(tmp_path, kind):
    content, name, words = FILES[kind]
    with pytest.raises(InputError) as caught:
        take(tmp_path, content, name)
    assert caught.value.location.file == name
    assert words in str(caught.value)
    assert not Site.objects.exists()


def test_a_zip_of_other_things_is_no_workbook(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(InputError, match="no XLSX"):
        take(tmp_path, out.getvalue(), "sites.csv")


def test_a_workbook_that_would_unpack_to_too_much(tmp_path, monkeypatch):
    monkeypatch.setattr(workbooks, "LARGEST_UNPACKED", 1000)
    with pytest.raises(InputError, match="unpack"):
        take(tmp_path, sheet(HEAD.split(","), GOOD.split(",")), "sites.xlsx")


def test_a_workbook_with_too_many_rows(tmp_path, monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_ROWS", 3)
    rows = [HEAD.split(","), *[[f"Рынок {n}", "market", 9, "KZ1"] for n in range(9)]]
    with pytest.raises(InputError, match="more than 3 rows"):
        take(tmp_path, sheet(*rows), "sites.xlsx")


def test_a_workbook_is_read_like_csv(tmp_path):
    rows = [HEAD.upper().split(","), ["Рынок", "market", 900.0, "KZ1"], [None] * 4]
    assert take(tmp_path, sheet(*rows), "sites.xlsx").stored == 1


def test_good_rows_are_kept_where_asked_and_the_rest_is_written_with_reasons(tmp_path):
    rejects = tmp_path / "rejects.csv"
    text = f"{HEAD}\n{GOOD}\nШкола,castle,9,KZ1\n"
    report = take(tmp_path, text, keep_good=True, rejects=rejects)
    assert (report.stored, report.rejected) == (1, 1)
    line = rejects.read_text(encoding="utf-8").splitlines()[1]
    assert line.startswith("Школа,castle,9,KZ1,3,category,")


def test_a_double_in_the_file_or_the_register_is_refused(tmp_path):
    take(tmp_path, f"{HEAD}\nШкола 12,school,300,KZ1\n")
    twice = f"{HEAD}\n№ 12 мектеп,school,300,KZ1\n"
    with pytest.raises(BadRowsError, match="like this is there already: № 1"):
        take(tmp_path, twice)
    within = f"{HEAD}\nРынок Сауда,market,300,KZ1\nСауда базары,market,300,KZ1\n"
    with pytest.raises(BadRowsError, match="line 2"):
        take(tmp_path, within)
    assert take(tmp_path, twice, allow_doubles=True).stored == 1


def test_a_number_corrects_a_site_and_leaves_what_has_no_column(tmp_path):
    site = make_site(number=7, address="Main street", capacity=100)
    text = "number,name_ru,category,capacity\n7,Объект,market,850\n"
    with pytest.raises(BadRowsError):
        take(tmp_path, text)
    text = "number,name_ru,category,capacity,place\n7,Объект,market,850,KZ1\n"
    report = take(tmp_path, text)
    site.refresh_from_db()
    assert (report.changed, site.tier, site.address) == (1, 3, "Main street")
    assert SiteEvent.objects.get().detail["changed"]["capacity"] == [100, 850]
    assert take(tmp_path, text).known == 1


@pytest.mark.parametrize(
    ("numbers", "words"), [(("5", "5"), "twice"), (("0", "1"), "whole number"), (("9", ""), "list")]
)
def test_numbers_that_cannot_be(tmp_path, numbers, words):
    make_site(number=9, status="closed")
    rows = "\n".join(f"{n},Рынок {i},market,9,KZ1" for i, n in enumerate(numbers, start=1))
    with pytest.raises(BadRowsError, match=words):
        take(tmp_path, f"number,{HEAD}\n{rows}\n")


def test_new_numbers_go_on_after_the_largest(tmp_path):
    rows = "40,Рынок Сауда,market,9,KZ1\n,Школа 3,school,9,KZ1\n"
    take(tmp_path, f"number,{HEAD}\n{rows}")
    assert set(Site.objects.values_list("number", flat=True)) == {40, 41}


def test_what_goes_out_comes_in_again(tmp_path):
    take(tmp_path, f"{HEAD},address\n{GOOD},-5 Main street\nШкола 3,school,30,KZ1,=A1\n")
    inspector = make_user(Role.INSPECTOR)
    for form in ("csv", "xlsx"):
        made = export_sites(actor=inspector, rows=Site.objects.all(), form=form, now=NOW)
        report = take(tmp_path, made.data, made.name)
        assert (report.known, report.changed, report.stored) == (2, 0, 0)
    book = load_workbook(tmp_path / "sites-2.xlsx")
    assert [cell.value for cell in book.active[1]] == list(COLUMNS)
    assert "Export 2" in book.active.oddFooter.center.text
    assert "Export 2" in str(book.active.cell(2, len(COLUMNS)).value)


def test_who_may_not_enter_sites_may_not_import_or_export(tmp_path):
    path = tmp_path / "sites.csv"
    path.write_text(f"{HEAD}\n{GOOD}\n", encoding="utf-8")
    with pytest.raises(RefusedError):
        import_sites(actor=make_user(Role.ANALYST), path=path, now=NOW)
    with pytest.raises(RefusedError):
        export_sites(actor=make_user(Role.AUDITOR), rows=Site.objects.all(), form="csv", now=NOW)
