"""The ledger goes out as CSV, GeoJSON and STIX, marked, and comes in again as it was."""

import csv
import io
import json
from datetime import timedelta

import pytest
import stix2
from tests.support.factories import NOW, make_user
from tests.support.incidents_factories import make_place, write_csv

from qalqan.desk.incidents import services
from qalqan.desk.incidents.models import Incident, IncidentVersion, Report
from qalqan.desk.incidents.services.exporting import COLUMNS
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role, SystemActor
from qalqan.desk.platform.sources.models import Source, SourceGrade
from qalqan.errors import InputError, RefusedError

pytestmark = pytest.mark.django_db
CLERK = SystemActor("test")
HEAD = (
    "id,time,time_precision,place,latitude,longitude,place_precision,kind,killed,injured,weapons,"
    "known,contested,title_kk,title_en,who_claims,why,source,source_kind,source_reliability,"
    "credibility,citation,reported_at"
)
ROWS = (
    "A-1,2011-06,month,Шұбарши,,,,attack_on_police,2,,firearm,two officers died,who,Шабуыл,Attack,"
    "nobody,a quarrel,Ministry,agency,b,2,page 3,2011-07-05",
    "A-1,2011-06-30,,Шұбарши,,,,attack_on_police,3,1,firearm,,,,,,,A newspaper,press,,3,p. 1,",
    ",2012-01-05 10:30,,,50.28,57.17,,arson,0,,,=1+1,,,,,,A newspaper,press,,4,p. 2,",
    "A-3,2013,,,49.5,57.4,district,disorder,,,,,,,,,,,,,,,",
)
KEPT = (
    "identity", "external_id", "title_kk", "title_en", "kind", "occurred_from", "occurred_to",
    "time_precision", "place_id", "district_id", "place_text", "latitude", "longitude",
    "place_precision", "killed", "injured", "weapons", "what_is_known", "contested", "who_claims",
    "why",
)  # fmt: skip
SAID = ("source__name", "source__kind", "source__reliability", "credibility", "citation",
        "reported_at", "says", "incident__identity")  # fmt: skip


@pytest.fixture
def ledger(tmp_path):
    district = make_place("Темір", latitude=49.1, longitude=57.1, kato="150001")
    make_place("Шұбарши", kind="settlement", latitude=49.0, longitude=57.2, parent=district)
    path = write_csv(tmp_path / "in.csv", HEAD, *ROWS)
    services.import_incidents(actor=CLERK, path=path, now=NOW)


def handed_out(form, **more):
    rows = more.pop("rows", Incident.objects.order_by("pk"))
    made = services.export_incidents(
        actor=make_user(Role.ANALYST), rows=rows, form=form, now=NOW, **more
    )
    return made, "".join(made.pieces)


def snapshot():
    return (
        list(Incident.objects.order_by("identity").values_list(*KEPT)),
        sorted(map(str, Report.objects.filter(source__isnull=False).values_list(*SAID))),
    )


def forget_all():
    IncidentVersion.objects.all()._raw_delete("default")
    Report.objects.all()._raw_delete("default")
    Incident.objects.all().delete()
    SourceGrade.objects.all()._raw_delete("default")
    Source.objects.all().delete()


@pytest.mark.parametrize("form", ["geojson", "stix"])
def test_what_goes_out_comes_in_as_it_was(ledger, tmp_path, form):
    before = snapshot()
    _made, text = handed_out(form)
    forget_all()
    path = tmp_path / "out.json"
    path.write_text(text, encoding="utf-8")
    report = services.import_incidents(actor=CLERK, path=path, now=NOW)
    assert (report.read, report.stored, report.rejected) == (3, 3, 0)
    assert snapshot() == before
    again = services.import_incidents(actor=CLERK, path=path, now=NOW)
    assert (again.stored, again.sourced) == (0, 0)


def test_a_table_comes_in_as_it_was_but_for_its_sources(ledger, tmp_path):
    keep = [name for name in KEPT if name not in ("identity", "place_text")]
    before = list(Incident.objects.order_by("occurred_from").values_list(*keep))
    _made, text = handed_out("csv")
    forget_all()
    path = tmp_path / "out.csv"
    path.write_text(text, encoding="utf-8")
    services.import_incidents(actor=CLERK, path=path, now=NOW)
    assert list(Incident.objects.order_by("occurred_from").values_list(*keep)) == before


def test_a_table_runs_no_formula_and_bears_its_mark_on_every_row(ledger):
    made, text = handed_out("csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert tuple(rows[0]) == COLUMNS
    assert [row["known"] for row in rows] == ["two officers died", "'=1+1", ""]
    assert {row["exported"] for row in rows} == {made.mark}
    entry = AuditEntry.objects.order_by("sequence").last()
    assert str(entry.sequence) in made.mark
    assert made.name == f"incidents-{entry.sequence}.csv"


def test_points_are_longitude_first_and_bear_the_mark(ledger):
    made, text = handed_out("geojson")
    whole = json.loads(text)
    assert whole["type"] == "FeatureCollection"
    spots = [one["geometry"] and one["geometry"]["coordinates"] for one in whole["features"]]
    assert spots == [None, [57.17, 50.28], [57.4, 49.5]]
    told = [one["properties"] for one in whole["features"]]
    assert told[2]["place_precision"] == "district"
    assert {one["exported"] for one in told} == {made.mark}
    assert [one["killed"] for one in told[0]["sources"] if "killed" in one] == [3]


def test_a_bundle_is_valid_names_no_person_and_bears_the_mark(ledger):
    made, text = handed_out("stix")
    whole = stix2.parse(text, version="2.1")
    kinds = [one["type"] for one in whole.objects]
    assert kinds.count("incident") == 3
    assert kinds.count("location") == 2
    assert {one.identity_class for one in whole.objects if one["type"] == "identity"} == {
        "organization"
    }
    marking = next(one for one in whole.objects if one["type"] == "marking-definition")
    assert marking.definition.statement == made.mark
    for one in whole.objects:
        if one["type"] in ("incident", "location", "relationship"):
            assert one.object_marking_refs == [marking.id]
    # The same incident has the same name each time.
    _made, again = handed_out("stix")
    names = {one.id for one in stix2.parse(again, version="2.1").objects}
    assert {one.id for one in whole.objects if one["type"] == "incident"} <= names


def test_what_was_held_before_goes_out_as_it_was_held(ledger):
    incident = Incident.objects.get(external_id="A-3")
    later = NOW + timedelta(days=2)
    services.add_report(
        actor=make_user(Role.ANALYST), incident=incident, source=Source.objects.first(),
        says={"killed": 4}, now=later,
    )  # fmt: skip
    moment = NOW + timedelta(days=1)
    versions = IncidentVersion.objects.filter(incident=incident, number=1)
    _made, text = handed_out("geojson", rows=versions, moment=moment)
    then = json.loads(text)["features"][0]["properties"]
    assert "killed" not in then
    assert "sources" not in then
    _made, text = handed_out("geojson", rows=Incident.objects.filter(pk=incident.pk))
    assert json.loads(text)["features"][0]["properties"]["killed"] == 4


def test_only_those_who_may_take_it_away_do(ledger):
    rows = Incident.objects.all()
    with pytest.raises(RefusedError):
        services.export_incidents(actor=make_user(Role.INSPECTOR), rows=rows, now=NOW)
    with pytest.raises(InputError):
        services.export_incidents(actor=CLERK, rows=rows, now=NOW, form="xml")
