"""Foreign tables through maps of columns: what is meant comes in, names of persons do not."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.support.factories import NOW
from tests.support.incidents_factories import write_csv

from qalqan.desk.incidents import services
from qalqan.desk.incidents.models import Incident, Report
from qalqan.desk.incidents.services.readers.column_map import check_map, load_map, shipped_maps
from qalqan.desk.platform.policies import SystemActor
from qalqan.errors import InputError

CLERK = SystemActor("test")
GTD = (
    "eventid,iyear,imonth,iday,approxdate,country_txt,provstate,city,latitude,longitude,"
    "specificity,attacktype1,weaptype1,targtype1,nkill,nwound,doubtterr,multiple,gname,summary"
)
ACLED = (
    "event_id_cnty,event_date,time_precision,disorder_type,event_type,sub_event_type,actor1,"
    "inter1,inter2,country,admin1,location,latitude,longitude,geo_precision,source,source_scale,"
    "notes,fatalities"
)
OWN = """
name = "ours"
recognise = ["datum"]
[columns.datum]
to = "time"
needed = true
formats = ["%d.%m.%y"]
[columns.art]
to = "kind"
values = { raub = "robbery", brand = "arson" }
[columns.ort]
to = "place"
[columns.x]
to = "longitude"
[columns.y]
to = "latitude"
"""


def load(path: Path, **options):
    return services.import_incidents(actor=CLERK, path=path, now=NOW, **options)


@pytest.mark.django_db
def test_a_table_like_gtd_is_known_by_its_header(tmp_path):
    rows = (
        "201106300001,2011,6,30,,Kazakhstan,Aktobe,Shubarshi,49.0,57.2,1,2,5,3,2,1.0,0,0,A Group,"
        "A man called Somebody",
        '201100000002,2011,6,0,"June 3-5, 2011",Kazakhstan,Aktobe,,,,4,3,6,14,1.5,-99,1,1,,',
        "201100000003,2011,0,0,,Kazakhstan,Unknown,Unknown,,,5,9,13,20,,,-9,0,Unknown,",
    )
    report = load(write_csv(tmp_path / "g.csv", GTD, *rows))
    assert (report.layout, report.read, report.stored) == ("gtd", 3, 3)
    assert "gname, summary" in report.notes[0]
    first, second, third = Incident.objects.order_by("external_id")[::-1]
    assert (first.external_id, first.kind) == ("gtd:201106300001", "attack_on_police")
    assert (first.time_precision, first.place_precision) == ("day", "settlement")
    assert (first.killed, first.injured, first.weapons) == (2, 1, "firearm")
    assert first.place_text == "Shubarshi, Aktobe, Kazakhstan"
    assert first.what_is_known == "Kind of target: police"
    assert first.reports.get().citation == "id 201106300001"
    assert (third.kind, third.time_precision) == ("explosion", "month")
    assert third.killed is None
    assert "1.5, a share of a total" in third.contested
    assert "doubts that this was terrorism" in third.contested
    assert "June 3-5" in third.unknown
    assert (second.time_precision, second.place_precision) == ("year", "country")
    stored = " ".join(str(value) for row in Incident.objects.values() for value in row.values())
    assert "A Group" not in stored
    assert "Somebody" not in stored


@pytest.mark.django_db
def test_a_table_like_acled_is_known_by_its_header(tmp_path):
    rows = (
        "KAZ1,2022-01-05,1,Demonstrations,Riots,Mob violence,Rioters of Here,Rioters,Police,"
        "Kazakhstan,Aktobe,Aktobe,50.28,57.17,1,Kazinform; Tengri News,National,He said,3",
        "KAZ2,12 January 2022,2,Political violence,Battles,Armed clash,X,1,2,Kazakhstan,Aktobe,"
        "Kandyagash,49.47,57.42,2,@someone,New media,,0",
    )
    report = load(write_csv(tmp_path / "a.csv", ACLED, *rows))
    assert (report.layout, report.stored, report.sourced) == ("acled", 2, 1)
    riot, clash = Incident.objects.order_by("external_id")
    assert (riot.kind, riot.killed, riot.time_precision) == ("disorder", 3, "day")
    assert "A party: rioters" in riot.what_is_known
    names = set(Report.objects.values_list("source__name", flat=True))
    assert names == {"Kazinform", "Tengri News", "New media, as ACLED reports"}
    # A week around the day in Aktobe, which lies five hours before UTC.
    assert clash.occurred_from == datetime(2022, 1, 8, 19, tzinfo=UTC)
    assert clash.occurred_to == datetime(2022, 1, 15, 18, 59, 59, tzinfo=UTC)
    assert "0 also where no number" in clash.unknown


@pytest.mark.django_db
def test_a_map_of_ones_own_reads_ones_own_columns(tmp_path):
    own = tmp_path / "ours.toml"
    own.write_text(OWN, encoding="utf-8")
    path = write_csv(tmp_path / "o.csv", "datum,art,ort,x,y", "30.06.11,raub,Там,57.2,50.3")
    assert load(path, column_map=own).layout == "ours"
    found = Incident.objects.get()
    assert (found.kind, found.longitude, found.latitude) == ("robbery", 57.2, 50.3)
    assert found.occurred_from == datetime(2011, 6, 29, 19, tzinfo=UTC)


BAD_ROWS = {
    "word that the map does not know": ("30.06.11,mord,A,57,50", 2, "art"),
    "day that is not in the calendar": ("31.06.11,raub,A,57,50", 2, "datum"),
    "needed cell empty": (",raub,A,57,50", 2, "datum"),
    "longitude off the earth": ("30.06.11,raub,A,570,50", 2, "x"),
    "no place": ("30.06.11,raub,,,", 2, "ort"),
    "a place that is not in the list": ("30.06.11,raub,Atlantis,,", 2, "ort"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", BAD_ROWS)
def test_a_bad_cell_is_named_by_the_column_of_the_file(tmp_path, name):
    row, line, field = BAD_ROWS[name]
    own = tmp_path / "ours.toml"
    own.write_text(OWN, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(write_csv(tmp_path / "o.csv", "datum,art,ort,x,y", row), column_map=own)
    where = caught.value.location
    assert (where.file, where.line, where.field) == ("o.csv", line, field)
    assert not Incident.objects.exists()


@pytest.mark.django_db
def test_the_layout_that_is_asked_for_goes_before_the_header(tmp_path):
    path = write_csv(tmp_path / "g.csv", "time,kind,latitude,longitude", "2011,arson,50,57")
    with pytest.raises(InputError) as caught:
        load(path, layout="gtd")
    assert caught.value.location.field == "eventid"
    with pytest.raises(InputError, match="gtd"):
        load(path, layout="gdt")


HEAD = 'name = "x"\n'
COLUMNS = '[columns.t]\nto = "time"\n[columns.k]\nto = "kind"\n[columns.p]\nto = "place"\n'
BAD_MAPS = {
    "not TOML": ("name = \n", 1, None),
    "not JSON": ('{"name": }', 1, None),
    "broken UTF-8": (b"name = 'x'\n\xff\n", 2, None),
    "no name": (COLUMNS, None, "name"),
    "bad name": ('name = "Big Name"\n' + COLUMNS, 1, "name"),
    "taken name": ('name = "qalqan"\n' + COLUMNS, 1, "name"),
    "unknown key": (f'{HEAD}colour = "red"\n{COLUMNS}', 2, "colour"),
    "no columns": (HEAD, None, "columns"),
    "column not a table": (f"{HEAD}[columns]\nt = 3\n", 3, "columns.t"),
    "unknown attribute": (
        HEAD + COLUMNS + '[columns.z]\nto = "author"\n', 9, "columns.z.to"
    ),
    "unknown key of a column": (
        HEAD + COLUMNS + '[columns.z]\nto = "killed"\nwords = 3\n', 10, "columns.z.words"
    ),
    "meaning not known": (
        HEAD + COLUMNS.replace('to = "kind"', 'to = "kind"\nvalues = { a = "bang" }'),
        6, "columns.k.values.a",
    ),
    "otherwise not known": (
        HEAD + COLUMNS.replace('to = "kind"', 'to = "kind"\notherwise = "bang"'),
        6, "columns.k.otherwise",
    ),
    "names of persons": (HEAD + COLUMNS + '[columns.gname]\nto = "known"\n', 8, "columns.gname"),
    "names of actors": (HEAD + COLUMNS + '[columns.actor1]\nto = "known"\n', 8, "columns.actor1"),
    "capital letters": (HEAD + COLUMNS + '[columns.Dead]\nto = "killed"\n', 8, "columns.Dead"),
    "formats of what is no time": (
        HEAD + COLUMNS + '[columns.z]\nto = "killed"\nformats = ["%d"]\n', 10, "columns.z.formats"
    ),
    "formats that are no patterns": (
        HEAD + COLUMNS.replace('to = "time"', 'to = "time"\nformats = ["%Q"]'),
        4, "columns.t.formats",
    ),
    "read and dropped": (f'{HEAD}dropped = ["t"]\n{COLUMNS}', 2, "dropped"),
    "dropped not a list": (f'{HEAD}dropped = "t"\n{COLUMNS}', 2, "dropped"),
    "places": (f'{HEAD}places = "any"\n{COLUMNS}', 2, "places"),
    "default of nothing": (f'{HEAD}{COLUMNS}[defaults]\ncolour = "red"\n', 9, "defaults.colour"),
    "no time": (HEAD + '[columns.k]\nto = "kind"\n[columns.p]\nto = "place"\n', 2, "columns"),
    "no kind": (HEAD + '[columns.t]\nto = "time"\n[columns.p]\nto = "place"\n', 2, "columns"),
    "latitude alone": (HEAD + COLUMNS.replace('"place"', '"latitude"'), 2, "columns"),
    "refinement without set": (
        HEAD + COLUMNS + '[[refine]]\nwhen = { t = ["a"] }\n', None, "refine.0"
    ),
    "refinement of a dropped column": (
        f'{HEAD}dropped = ["z"]\n{COLUMNS}[[refine]]\nwhen = {{ z = ["a"] }}\nset = {{}}\n',
        10, "refine.0.when.z",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_MAPS)
def test_a_bad_map_is_named_with_line_and_key(tmp_path, name):
    content, line, field = BAD_MAPS[name]
    path = tmp_path / "map.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError) as caught:
        load_map(path)
    where = caught.value.location
    assert (where.file, where.field) == ("map.toml", field)
    assert where.line == line or line is None
    assert caught.value.code == "import.bad_map"


def test_a_check_tells_all_faults_at_once(tmp_path):
    path = tmp_path / "map.toml"
    path.write_text('name = "x"\nplaces = "any"\n[columns.k]\nto = "kid"\n', encoding="utf-8")
    assert {field for _line, field, _reason in check_map(path)} >= {"places", "columns.k.to"}


def test_an_absent_map_is_said_to_be_absent(tmp_path):
    with pytest.raises(InputError, match=r"map\.toml"):
        load_map(tmp_path / "map.toml")


def test_the_maps_that_come_with_the_desk_drop_all_that_names_persons():
    for one in shipped_maps().values():
        assert one.recognise <= set(one.columns)
        assert not one.dropped & set(one.columns)
    assert {"gname", "summary", "motive"} <= shipped_maps()["gtd"].dropped
    assert {"actor1", "actor2", "notes"} <= shipped_maps()["acled"].dropped
