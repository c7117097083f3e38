"""Files of activities: 30 and more kinds of bad input are refused with file, line and field."""

import io
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook
from tests.support.factories import NOW, make_user
from tests.support.outreach_factories import SYSTEM, make_body, make_group_worker
from tests.support.protection_factories import make_place

from qalqan.desk.outreach.models import Activity, ActivityDay, QuestionHeard
from qalqan.desk.outreach.selectors.activities import ActivityFilter, matching
from qalqan.desk.outreach.services import odk_form
from qalqan.desk.outreach.services.exporting import COLUMNS, export_activities
from qalqan.desk.outreach.services.importing import How, import_activities
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role
from qalqan.desk.platform.sources.taking import BadRowsError
from qalqan.errors import InputError, RefusedError

pytestmark = pytest.mark.django_db
HEAD = ["title", "kind", "theme", "place", "date", "body", "reach", "reach_is", "14_17", "starts",
        "minutes", "language", "public", "state", "cancel_reason", "client_id", "partners", "cost",
        "comments", "comments_answered", "outcome", "asked", "answered"]  # fmt: skip
GOOD = {"title": "Talk", "kind": "talk", "theme": "rights", "place": "KZ1", "date": "2026-03-01",
        "body": "501"}  # fmt: skip


@pytest.fixture(autouse=True)
def _known():
    make_place(kato="KZ1")
    make_body(number=501, name_ru="Голос", name_en="Voice")
    make_body(number=502, name_ru="Тёзка", name_en="Namesake")
    make_body(number=503, name_ru="Тёзка", name_en="Namesake two")


def row(**changes):
    return ",".join({**GOOD, **changes}.get(name, "") for name in HEAD)


def take(tmp_path, *rows, name="events.csv", head=HEAD, how=None, actor=SYSTEM):
    path = tmp_path / name
    path.write_text("\n".join([",".join(head), *rows]) + "\n", encoding="utf-8")
    return import_activities(actor=actor, path=path, now=NOW, how=how)


def test_good_rows_are_stored_with_sums_questions_partners_and_audit(tmp_path):
    report = take(
        tmp_path,
        row(reach="40", reach_is="counted", starts="15:00", asked="Whom to ask?", partners="502"),
        row(kind="Дәріс", theme="Закон и права", place="Alga", date="01.04.2026", body="Голос",
            language="Қазақша", public="иә"),
        row(title="Film", kind="film", state="cancelled", cancel_reason="no hall"),
    )  # fmt: skip
    assert (report.read, report.stored, report.rejected) == (3, 3, 0)
    told, ahead, gone = Activity.objects.order_by("pk")
    assert (told.state, ahead.state, gone.state) == ("reported", "planned", "cancelled")
    assert (told.reach, told.body.number, told.district) == (40, 501, make_place())
    assert (told.starts_at.isoformat(), ahead.is_public) == ("2026-03-01T10:00:00+00:00", True)
    assert [body.number for body in told.partners.all()] == [502]
    assert QuestionHeard.objects.get().asked == "Whom to ask?"
    day = ActivityDay.objects.get(span="day", day=date(2026, 3, 1), kind="talk")
    assert (day.reported, day.reached_counted) == (1, 40)
    assert AuditEntry.objects.get(action="outreach.import_activities").detail["stored"] == 3


def test_what_is_known_is_not_stored_twice(tmp_path):
    number = "0b0c6f5a-8f3e-4a44-9a39-5b0f9d3c2f11"
    rows = [row(), row(title="Other", client_id=number)]
    assert take(tmp_path, *rows).stored == 2
    again = take(tmp_path, *rows, row(title="Third"))
    assert (again.stored, again.known) == (1, 2)
    twice = take(tmp_path, row(title="New", client_id=number[:-1] + "2"),
                 row(title="New", client_id=number[:-1] + "2"))  # fmt: skip
    assert (twice.stored, twice.known) == (1, 1)


BAD = {
    "title empty": ({"title": ""}, "title", "empty"),
    "title too long": ({"title": "T" * 201}, "title", "longer"),
    "title with a telephone": ({"title": "Call 8 701 123 45 67"}, "title", "private person"),
    "control character": ({"title": "Ta\x01lk"}, "title", "control character"),
    "kind unknown": ({"kind": "tlak"}, "kind", "use talk"),
    "theme unknown": ({"theme": "cooking"}, "theme", "is not known"),
    "place empty": ({"place": ""}, "place", "empty"),
    "place unknown": ({"place": "Allga"}, "place", "did you mean: Alga"),
    "date empty": ({"date": ""}, "date", "empty"),
    "date a word": ({"date": "tomorrow"}, "date", "no day"),
    "date impossible": ({"date": "2026-02-30"}, "date", "no day"),
    "date too early": ({"date": "1999-12-31"}, "date", "before 2000"),
    "date too far": ({"date": "2029-01-01"}, "date", "two years"),
    "body unknown": ({"body": "Voise"}, "body", "did you mean: Voice"),
    "body missing": ({"body": ""}, "body", "say which body"),
    "body ambiguous": ({"body": "Тёзка"}, "body", "several bodies"),
    "reach a word": ({"reach": "many", "reach_is": "counted"}, "reach", "whole number"),
    "reach negative": ({"reach": "-3", "reach_is": "counted"}, "reach", "whole number"),
    "reach broken": ({"reach": "3.5", "reach_is": "counted"}, "reach", "whole number"),
    "reach too large": ({"reach": "9999999", "reach_is": "counted"}, "reach", "from 0 to"),
    "reach of unknown kind": ({"reach": "3"}, "reach_is", "counted or estimated"),
    "reach_is a word": ({"reach": "3", "reach_is": "guessed"}, "reach_is", "is not known"),
    "ages without reach": ({"14_17": "3"}, "reach", "how many people"),
    "ages above reach": ({"reach": "2", "reach_is": "counted", "14_17": "3"}, "reach", "add up"),
    "reach of a day ahead": ({"reach": "3", "reach_is": "counted", "date": "2026-04-01"}, "date",
                             "lies ahead"),
    "reach of a plan": ({"reach": "3", "reach_is": "counted", "state": "planned"}, "state",
                        "only what is reported"),
    "state unknown": ({"state": "done"}, "state", "is not known"),
    "cancelled without reason": ({"state": "cancelled"}, "cancel_reason", "why it was cancelled"),
    "reason without cancelling": ({"state": "held", "cancel_reason": "x"}, "cancel_reason",
                                  "not cancelled"),
    "time of no day": ({"starts": "25:00"}, "starts", "no time of day"),
    "minutes nought": ({"minutes": "0"}, "minutes", "from 1 to"),
    "language unknown": ({"language": "Elvish"}, "language", "is not known"),
    "public maybe": ({"public": "maybe"}, "public", "neither yes nor no"),
    "client_id no UUID": ({"client_id": "17"}, "client_id", "no UUID"),
    "partner unknown": ({"partners": "999"}, "partners", "no body"),
    "partner itself": ({"partners": "501"}, "partners", "no partner of itself"),
    "cost negative": ({"cost": "-1"}, "cost", "whole number"),
    "more answered than asked": ({"comments": "1", "comments_answered": "2"}, "comments_answered",
                                 "more comments"),
    "answer without question": ({"outcome": "x", "answered": "yes"}, "asked", "needs its question"),
    "outcome with a mail address": ({"outcome": "write to a.b@example.kz"}, "outcome",
                                    "private person"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_row_stops_the_file_and_is_named(tmp_path, name):
    changes, field, words = BAD[name]
    with pytest.raises(BadRowsError) as caught:
        take(tmp_path, row(title="Good one"), row(**changes))
    error = caught.value.as_dict()
    assert (error["file"], error["line"], error["field"]) == ("events.csv", 3, field)
    assert words in error["message"]
    assert not Activity.objects.exists()
    assert not ActivityDay.objects.exists()


def test_bad_rows_by_their_form_or_number(tmp_path):
    number = "0b0c6f5a-8f3e-4a44-9a39-5b0f9d3c2f11"
    for rows, field, words in [
        ([row(), row()], "title", "stands on line 2 already"),
        ([row(client_id=number), row(title="B", client_id=number)], "client_id", "something else"),
        (["Talk,talk"], None, "cells"),
        ([row() + ",more"], None, "cells"),
    ]:
        with pytest.raises(BadRowsError, match=words) as caught:
            take(tmp_path, *rows)
        assert caught.value.location.field == field


@pytest.mark.parametrize(
    ("head", "rows", "words"),
    [
        (["title", "kind", "theme", "place"], [], "missing"),
        ([*HEAD, "colour"], [], "not known"),
        ([*HEAD, "title"], [], "twice"),
        (HEAD, [], "no rows"),
    ],
)
def test_bad_headers(tmp_path, head, rows, words):
    with pytest.raises(InputError, match=words):
        take(tmp_path, *rows, head=head)


def test_good_rows_are_kept_on_request_and_the_rest_told(tmp_path):
    rejects = tmp_path / "left.csv"
    report = take(tmp_path, row(), row(kind="x", title="Y"),
                  how=How(keep_good=True, rejects=rejects))  # fmt: skip
    assert (report.stored, report.rejected) == (1, 1)
    told = rejects.read_text(encoding="utf-8").splitlines()
    assert told[0].endswith("line,field,reason")
    assert ",3,kind," in told[1]


def test_a_group_takes_in_what_is_its_own(tmp_path):
    worker, body = make_group_worker()
    assert take(tmp_path, row(body=""), actor=worker).stored == 1
    assert Activity.objects.get().body == body
    with pytest.raises(BadRowsError, match="its own activities only"):
        take(tmp_path, row(title="B"), actor=worker)
    with pytest.raises(RefusedError):
        take(tmp_path, row(), actor=make_user(Role.AUDITOR))


SUBMISSION = """<data xmlns:orx="http://openrosa.org/xforms" id="qalqan_activity" version="1">
<orx:meta><orx:instanceID>uuid:0b0c6f5a-8f3e-4a44-9a39-5b0f9d3c2f11</orx:instanceID></orx:meta>
<deviceid>imei:1</deviceid><what><title>Кездесу</title><kind>meeting</kind><theme>local</theme>
<place>KZ1</place><date>2026-03-01</date></what><reach>30</reach><reach_is>estimated</reach_is>
<age_14_17>5</age_14_17></data>"""


def test_submissions_of_a_phone_come_as_xml_and_csv(tmp_path):
    body = Activity._meta.get_field("body").related_model.objects.get(number=501)
    path = tmp_path / "one.xml"
    path.write_text(SUBMISSION, encoding="utf-8")
    how = How(body_id=body.pk)
    assert import_activities(actor=SYSTEM, path=path, now=NOW, how=how).stored == 1
    one = Activity.objects.get()
    assert (one.title, one.reach, one.reached_14_17, one.origin) == ("Кездесу", 30, 5, "phone")
    text = ("SubmissionDate,KEY,what-title,what-kind,what-theme,what-place,what-date,reach,"
            "reach_is,age_14_17,SubmitterName\n"
            "2026-03-02,uuid:0b0c6f5a-8f3e-4a44-9a39-5b0f9d3c2f11,Кездесу,meeting,local,KZ1,"
            "2026-03-01,30,estimated,5,somebody\n")  # fmt: skip
    table = tmp_path / "central.csv"
    table.write_text(text, encoding="utf-8")
    again = import_activities(actor=SYSTEM, path=table, now=NOW, how=how)
    assert (again.stored, again.known) == (0, 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<data><title>x</title></data>", "no instanceID"),
        ("<data><title>", "no XML"),
        ('<!DOCTYPE d [<!ENTITY e "x">]><data><instanceID>1</instanceID></data>', "document type"),
    ],
)
def test_bad_submissions(tmp_path, text, words):
    path = tmp_path / "one.xml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=words):
        import_activities(actor=SYSTEM, path=path, now=NOW)


def test_an_export_is_marked_and_can_be_taken_in_again(tmp_path):
    take(tmp_path, row(reach="4", reach_is="estimated", outcome="=1+1"))
    rows = matching(SYSTEM, ActivityFilter())
    made = export_activities(actor=SYSTEM, rows=rows, form="csv", now=NOW)
    lines = made.data.decode().splitlines()
    assert lines[0].split(",") == list(COLUMNS)
    assert "'=1+1" in lines[1]
    assert "Export 1" in lines[1]
    path = tmp_path / "again.csv"
    path.write_bytes(made.data)
    assert import_activities(actor=SYSTEM, path=path, now=NOW).known == 1
    book = export_activities(actor=SYSTEM, rows=rows, form="xlsx", now=NOW)
    sheet = load_workbook(io.BytesIO(book.data)).active
    assert sheet.cell(2, len(COLUMNS)).value.startswith("Export 2")
    with pytest.raises(RefusedError):
        export_activities(actor=make_user(Role.AUDITOR), rows=rows, form="csv", now=NOW)


def test_a_workbook_is_read_like_a_table(tmp_path):
    book = Workbook()
    book.active.append(list(GOOD))
    book.active.append(list(GOOD.values()))
    book.save(tmp_path / "events.xlsx")
    assert import_activities(actor=SYSTEM, path=tmp_path / "events.xlsx", now=NOW).stored == 1


def test_the_form_for_phones_asks_what_the_import_reads():
    book = load_workbook(io.BytesIO(odk_form.workbook()))
    survey = list(book["survey"].iter_rows(values_only=True))
    assert survey[0][:3] == ("type", "name", "label::Қазақша (kk)")
    names = {line[1] for line in survey[1:]}
    assert {"title", "kind", "theme", "place", "date", "age_14_17"} <= names
    lists = {line[0] for line in book["choices"].iter_rows(min_row=2, values_only=True)}
    assert lists == {line[0].split()[1] for line in survey[1:] if "select_one" in line[0]}
