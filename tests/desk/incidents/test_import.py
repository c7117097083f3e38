"""Incidents come in from files: every row understood, or named with its fault and nothing kept."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.factories import NOW, make_user
from tests.support.incidents_factories import make_place, write_csv

from qalqan.desk.incidents import services
from qalqan.desk.incidents.models import Incident, Report
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role, SystemActor
from qalqan.desk.platform.sources.models import Source
from qalqan.errors import InputError, RefusedError

pytestmark = pytest.mark.django_db
CLERK = SystemActor("test")
HEAD = "time,kind,latitude,longitude"
GOOD = "2011-06-30 14:05,explosion,50.28,57.17"


@pytest.fixture
def places():
    district = make_place("Темір", latitude=49.1, longitude=57.1, kato="150001")
    make_place("Шұбарши", kind="settlement", latitude=49.0, longitude=57.2, parent=district)
    return district


def load(path: Path, **options):
    return services.import_incidents(actor=CLERK, path=path, now=NOW, **options)


def test_a_full_row_is_stored_as_it_stands(tmp_path, places):
    columns = (
        "id,time,time_precision,place,kind,killed,injured,officers_killed,weapons,"
        "official_position,known,contested,unknown,title_en,source,source_reliability,"
        "credibility,citation,reported_at"
    )
    row = (
        "A-1,2011-06,month,Шұбарши,attack_on_police,2,,2,firearm,terrorism,two officers died,"
        "whether it was a gang,who ordered it,Attack at Shubarshi,A newspaper,b,2,page 3,2011-07-05"
    )
    report = load(write_csv(tmp_path / "a.csv", columns, row))
    assert (report.read, report.stored, report.sourced, report.known) == (1, 1, 0, 0)
    incident = Incident.objects.get()
    # June in Aktobe (UTC+5) begins and ends five hours earlier in UTC.
    assert incident.occurred_from == datetime(2011, 5, 31, 19, 0, tzinfo=UTC)
    assert incident.occurred_to == datetime(2011, 6, 30, 18, 59, 59, tzinfo=UTC)
    assert incident.time_precision == "month"
    assert incident.place.name_kk == "Шұбарши"
    assert incident.district == places
    assert incident.place_precision == "settlement"
    assert (incident.killed, incident.injured, incident.officers_killed) == (2, None, 2)
    assert incident.unknown == "who ordered it"
    source = Report.objects.get()
    assert (source.source.name, source.source.reliability) == ("A newspaper", "B")
    assert (source.credibility, source.citation) == (2, "page 3")
    entry = AuditEntry.objects.order_by("sequence").last()
    assert entry.action == "incidents.import"


def test_coordinates_decide_the_district(tmp_path, places):
    load(write_csv(tmp_path / "a.csv", HEAD, "2020-01-01,arson,49.2,57.3"))
    assert Incident.objects.get().district == places


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251"])
def test_encodings_are_recognised(tmp_path, encoding):
    path = write_csv(
        tmp_path / "a.csv",
        f"{HEAD},title_ru",
        f"{GOOD},Взрыв на рынке города и последующая стрельба",
        encoding=encoding,
    )
    load(path)
    assert Incident.objects.get().title_ru == "Взрыв на рынке города и последующая стрельба"


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_are_recognised(tmp_path, delimiter):
    lines = (line.replace(",", delimiter) for line in (HEAD, GOOD))
    assert load(write_csv(tmp_path / "a.csv", *lines)).stored == 1


def test_the_same_file_twice_adds_nothing(tmp_path):
    columns = f"{HEAD},source,citation"
    path = write_csv(tmp_path / "a.csv", columns, f"{GOOD},A,p. 1", f"{GOOD},B,p. 2")
    first, second = load(path), load(path)
    assert (first.stored, first.sourced, first.known) == (1, 1, 0)
    assert (second.stored, second.sourced, second.known) == (0, 0, 2)
    assert (Incident.objects.count(), Report.objects.count()) == (1, 2)


def test_a_second_source_that_says_otherwise_is_kept_beside_the_first(tmp_path):
    columns = f"id,{HEAD},killed,source"
    path = write_csv(tmp_path / "a.csv", columns, f"7,{GOOD},8,A", f"7,{GOOD},12,B")
    load(path)
    assert Incident.objects.get().killed == 8
    assert [s.says["killed"]["value"] for s in Report.objects.order_by("id")] == [8, 12]


def test_a_number_that_stands_for_another_incident_is_refused(tmp_path):
    path = write_csv(tmp_path / "a.csv", f"id,{HEAD}", f"7,{GOOD}", "7,2016-06-05,arson,50.2,57.1")
    with pytest.raises(InputError) as caught:
        load(path)
    assert (caught.value.location.line, caught.value.location.field) == (3, "id")
    assert not Incident.objects.exists()


def test_a_grade_that_people_gave_stands(tmp_path):
    source = Source.objects.create(name="A", kind="press", reliability="D", created_at=NOW)
    load(write_csv(tmp_path / "a.csv", f"{HEAD},source,source_reliability", f"{GOOD},A,A"))
    source.refresh_from_db()
    assert source.reliability == "D"


def test_personal_data_is_masked_before_it_is_stored(tmp_path):
    load(write_csv(tmp_path / "a.csv", f"{HEAD},known", f"{GOOD},write to a.b@example.kz"))
    assert "example.kz" not in Incident.objects.get().what_is_known


BAD = {
    "missing file": (None, None, None),
    "empty file": (b"", None, None),
    "only spaces": (b" \n \n", None, None),
    "no rows": (f"{HEAD}\n".encode(), None, None),
    "not text": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01", None, None),
    "broken UTF-8": (
        f"{HEAD},known\n{GOOD},жарылыс болды\n{GOOD},".encode() + b"\xff\xd0 \n",
        3,
        None,
    ),
    "column missing": (b"kind,latitude,longitude\narson,50,57\n", 1, "time"),
    "column unknown": (f"{HEAD},kiled\n{GOOD},1\n".encode(), 1, "kiled"),
    "column twice": (f"{HEAD},kind\n{GOOD},arson\n".encode(), 1, "kind"),
    "column without name": (f"{HEAD},\n{GOOD},\n".encode(), 1, None),
    "too few cells": (f"{HEAD}\n{GOOD}\n2011-06-30,arson\n".encode(), 3, None),
    "too many cells": (f"{HEAD}\n{GOOD},1,2\n".encode(), 2, None),
    "open quote": (f'{HEAD}\n{GOOD}\n"2011-06-30,arson,50,57\n'.encode(), 3, None),
    "text after quote": (f'{HEAD}\n"2011"x,arson,50,57\n'.encode(), 2, None),
    "control character": (f"{HEAD},known\n{GOOD},a\x07b\n".encode(), 2, "known"),
    "time empty": (f"{HEAD}\n,arson,50,57\n".encode(), 2, "time"),
    "time in words": (f"{HEAD}\nyesterday,arson,50,57\n".encode(), 2, "time"),
    "day not in the calendar": (f"{HEAD}\n2011-02-30,arson,50,57\n".encode(), 2, "time"),
    "time in the future": (f"{HEAD}\n2099-01-01,arson,50,57\n".encode(), 2, "time"),
    "end before beginning": (f"{HEAD}\n2011-06-30/2011-06-01,arson,50,57\n".encode(), 2, "time"),
    "precision finer than the time": (
        f"{HEAD},time_precision\n2011-06,arson,50,57,minute\n".encode(),
        2,
        "time_precision",
    ),
    "precision beyond the calendar": (
        f"{HEAD},time_precision\n2011-06/9999-12-30,arson,50,57,year\n".encode(),
        2,
        "time_precision",
    ),
    "UCDP's last day of all": (
        (
            b"id,type_of_violence,where_prec,latitude,longitude,date_prec,date_start,date_end,best\n"
            b"1,1,1,35,37,1,2016-01-01,9999-12-31,3\n"
        ),
        2,
        "date_end",
    ),
    "kind unknown": (f"{HEAD}\n2011-06-30,explosoin,50,57\n".encode(), 2, "kind"),
    "no place": (f"{HEAD}\n2011-06-30,arson,,\n".encode(), 2, "place"),
    "place unknown": (b"time,kind,place\n2011-06-30,arson,Atlantis\n", 2, "place"),
    "latitude off the earth": (f"{HEAD}\n2011-06-30,arson,91,57\n".encode(), 2, "latitude"),
    "longitude missing": (f"{HEAD}\n2011-06-30,arson,50,\n".encode(), 2, "longitude"),
    "latitude not a number": (f"{HEAD}\n2011-06-30,arson,nan,57\n".encode(), 2, "latitude"),
    "killed negative": (f"{HEAD},killed\n{GOOD},-3\n".encode(), 2, "killed"),
    "killed not a number": (f"{HEAD},killed\n{GOOD},many\n".encode(), 2, "killed"),
    "more officers than people": (
        f"{HEAD},killed,officers_killed\n{GOOD},1,2\n".encode(),
        2,
        "officers_killed",
    ),
    "weapons unknown": (f"{HEAD},weapons\n{GOOD},laser\n".encode(), 2, "weapons"),
    "reliability unknown": (
        f"{HEAD},source,source_reliability\n{GOOD},A,G\n".encode(),
        2,
        "source_reliability",
    ),
    "credibility unknown": (f"{HEAD},source,credibility\n{GOOD},A,7\n".encode(), 2, "credibility"),
    "grade without source": (f"{HEAD},source,credibility\n{GOOD},,2\n".encode(), 2, "source"),
    "reported before it happened": (
        f"{HEAD},reported_at\n{GOOD},2010-01-01\n".encode(),
        2,
        "reported_at",
    ),
    "title too long": (f"{HEAD},title_en\n{GOOD},{'x' * 201}\n".encode(), 2, "title_en"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_named_and_nothing_is_stored(tmp_path, name):
    content, line, field = BAD[name]
    path = tmp_path / "incidents.csv"
    if content is not None:
        path.write_bytes(content)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(InputError) as caught:
        load(path)
    location = caught.value.location
    assert location is not None
    assert Path(location.file).name == "incidents.csv"
    assert (location.line, location.field) == (line, field) or line is None
    assert str(caught.value.message)
    assert not Incident.objects.exists()
    assert not Source.objects.exists()
    assert not AuditEntry.objects.exists()
    assert sorted(tmp_path.iterdir()) == before


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(InputError, match="folder"):
        load(tmp_path)


def test_good_rows_are_kept_on_request_and_bad_ones_handed_back(tmp_path):
    path = write_csv(tmp_path / "a.csv", HEAD, GOOD, "2011-02-30,arson,50,57", "x,arson,50,57")
    rejects = tmp_path / "rejects.csv"
    report = load(path, keep_good=True, rejects=rejects)
    assert (report.stored, report.rejected) == (1, 2)
    lines = rejects.read_text(encoding="utf-8").splitlines()
    assert lines[0] == f"{HEAD},line,field,reason"
    assert [line.split(",")[4:6] for line in lines[1:]] == [["3", "time"], ["4", "time"]]


def test_a_refused_file_says_how_many_rows_are_bad(tmp_path):
    path = write_csv(tmp_path / "a.csv", HEAD, GOOD, "x,arson,50,57", "y,arson,50,57")
    with pytest.raises(services.BadRowsError) as caught:
        load(path)
    assert (caught.value.report.read, caught.value.report.rejected) == (3, 2)
    assert caught.value.as_dict()["line"] == 3


def test_progress_counts_the_rows(tmp_path):
    seen = []
    load(write_csv(tmp_path / "a.csv", HEAD, GOOD), progress=seen.append)
    assert seen == [1]


def test_only_those_who_write_the_ledger_may_import(tmp_path):
    path = write_csv(tmp_path / "a.csv", HEAD, GOOD)
    with pytest.raises(RefusedError):
        services.import_incidents(actor=make_user(Role.GROUP_WORKER), path=path, now=NOW)
    assert not Incident.objects.exists()


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(body=st.binary(max_size=300), keep_header=st.booleans())
def test_any_bytes_are_stored_whole_or_refused_in_words(tmp_path, body, keep_header):
    path = tmp_path / "fuzz.csv"
    path.write_bytes((f"{HEAD}\n".encode() if keep_header else b"") + body)
    before = Incident.objects.count()
    try:
        stored = load(path).stored
    except InputError:
        stored = 0
    assert Incident.objects.count() == before + stored


def test_ucdp_events_are_recognised_by_their_header(shared_data, tmp_path):
    original = next((shared_data / "flashpoints" / "ucdp_syria").glob("*.csv"))
    with original.open(encoding="utf-8") as stream:
        lines = [next(stream) for _ in range(501)]
    path = tmp_path / "ucdp.csv"
    path.write_text("".join(lines), encoding="utf-8")
    report = load(path)
    assert (report.read, report.stored, report.rejected) == (500, 500, 0)
    # The first row of the file: 214797, 2016-01-01, best 4, low 4, high 4, where_prec 1.
    first = Incident.objects.get(external_id="ucdp:214797")
    assert first.killed == 4
    assert first.kind == "clash"
    assert first.occurred_from == datetime(2016, 1, 1, tzinfo=UTC)
    assert (first.latitude, first.longitude) == (34.802462, 36.707602)
    assert first.place_precision == "exact"
    assert first.reports.get().source.name == "UCDP Georeferenced Event Dataset"
