"""GeoJSON and STIX come in like tables: whole or named with line and field; no persons."""

import json
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.support.factories import NOW
from tests.support.incidents_factories import make_place

from qalqan.desk.incidents import services
from qalqan.desk.incidents.models import Incident, Report
from qalqan.desk.incidents.services.stix_words import CORE, LEDGER
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import SystemActor
from qalqan.desk.platform.sources.models import Source
from qalqan.errors import InputError

pytestmark = pytest.mark.django_db
CLERK = SystemActor("test")
SPOT = {"type": "Point", "coordinates": [57.17, 50.28]}
GOOD = {"time": "2011-06-30 14:05", "kind": "explosion"}


def load(path: Path, **options):
    return services.import_incidents(actor=CLERK, path=path, now=NOW, **options)


def feature(**more):
    return {"type": "Feature", "geometry": SPOT, "properties": GOOD} | more


def collection(*features, **more):
    """Write one feature a line, the first on line 2."""
    head = json.dumps({"type": "FeatureCollection", **more})[:-1]
    return head + ', "features": [\n' + ",\n".join(json.dumps(one) for one in features) + "\n]}"


def name_of(kind: str, number: int = 1) -> str:
    return f"{kind}--{uuid5(NAMESPACE_URL, f'{kind}{number}')}"


def thing(kind: str, number: int = 1, **more):
    return {
        "type": kind, "spec_version": "2.1", "id": name_of(kind, number),
        "created": "2020-01-01T00:00:00.000Z", "modified": "2020-01-01T00:00:00.000Z",
    } | more  # fmt: skip


EVENT = thing("event", status="occurred", start_time="2019-05-04T10:00:00Z",
              start_time_fidelity="day")  # fmt: skip
BODY = thing("identity", name="Ministry", identity_class="organization")
PLACE = thing("location", name="Kandyagash", latitude=49.47, longitude=57.42)
THERE = thing("relationship", relationship_type="located-at", source_ref=name_of("incident"),
              target_ref=name_of("location"))  # fmt: skip


def incident(**more):
    core = {"extension_type": "property-extension", "determination": "suspected",
            "investigation_status": "open", "incident_types": ["robbery"],
            "events": [{"event_ref": name_of("event")}]}  # fmt: skip
    return thing("incident", name="A shop was robbed", created_by_ref=name_of("identity"),
                 confidence=70, extensions={CORE: core}) | more  # fmt: skip


def bundle(*objects, **more):
    """Write one object a line, the first on line 2."""
    head = json.dumps({"type": "bundle", "id": name_of("bundle"), **more})[:-1]
    return head + ', "objects": [\n' + ",\n".join(json.dumps(one) for one in objects) + "\n]}"


def test_points_come_in_longitude_first(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text(collection(feature(id="7"), feature(properties=GOOD | {"killed": 2.0})))
    report = load(path)
    assert (report.read, report.stored, report.layout) == (2, 2, "qalqan")
    first = Incident.objects.get(external_id="7")
    assert (first.latitude, first.longitude) == (50.28, 57.17)
    assert Incident.objects.get(external_id="").killed == 2


def test_a_place_without_a_point_is_looked_up(tmp_path):
    make_place("Шұбарши", kind="settlement", latitude=49.0, longitude=57.2)
    path = tmp_path / "a.geojson"
    path.write_text(collection(feature(geometry=None, properties=GOOD | {"place": "Шұбарши"})))
    load(path)
    assert Incident.objects.get().place.name_kk == "Шұбарши"


def test_sources_in_a_list_each_say_their_own(tmp_path):
    told = [
        {"source": "A", "source_kind": "agency", "credibility": 2},
        {"source": "B", "credibility": 3, "killed": 5},
    ]
    path = tmp_path / "a.geojson"
    path.write_text(collection(feature(properties=GOOD | {"id": "1", "killed": 3,
                                                          "sources": told})))  # fmt: skip
    report = load(path)
    assert (report.read, report.stored, report.sourced) == (1, 1, 1)
    says = Report.objects.order_by("pk").values_list("source__name", "says__killed__value")
    assert list(says) == [("A", 3), ("B", 5)]
    assert Incident.objects.get().killed == 3


BAD_GEOJSON = {
    "not JSON": ('{"type": "FeatureCollection", "features": [\n{]}', 2, None),
    "cut off": (collection(feature())[:-2], 3, None),
    "more after the end": (collection(feature()) + "{}", 3, None),
    "a list": ("[1, 2]", 1, None),
    "other type": ('{"type": "Topology"}', 1, "type"),
    "no features": ('{"type": "FeatureCollection"}', 1, "features"),
    "features not a list": ('{"type": "FeatureCollection", "features": 3}', 1, "features"),
    "empty": (collection(), 1, "features"),
    "other degrees": (
        collection(feature(), crs={"type": "name", "properties": {"name": "EPSG:3857"}}),
        1, "crs",
    ),
    "key twice": ('{"type": "FeatureCollection", "features": [\n{"a": 1, "a": 2}]}', 2, "a"),
    "not a number": ('{"type": "FeatureCollection", "features": [\n{"a": NaN}]}', 2, None),
    "not a feature": (collection({"type": "Point"}), 2, "type"),
    "a line": (collection(feature(geometry={"type": "LineString"})), 2, "geometry"),
    "one coordinate": (
        collection(feature(geometry={"type": "Point", "coordinates": [57]})), 2, "coordinates"
    ),
    "coordinates in words": (
        collection(feature(geometry={"type": "Point", "coordinates": ["57", "50"]})),
        2, "coordinates",
    ),
    "latitude first": (
        collection(feature(geometry={"type": "Point", "coordinates": [50, 157]})),
        2, "coordinates",
    ),
    "number beyond all": (
        collection(feature(geometry={"type": "Point", "coordinates": [10**400, 1]})),
        2, "coordinates",
    ),
    "two places": (collection(feature(properties=GOOD | {"latitude": 1})), 2, "latitude"),
    "nested property": (collection(feature(properties=GOOD | {"kind": ["a"]})), 2, "kind"),
    "unknown property": (collection(feature(properties=GOOD | {"kiled": 1})), 1, "kiled"),
    "control character": (collection(feature(properties=GOOD | {"known": "a\x07"})), 2, "known"),
    "half a character": (collection(feature(properties=GOOD | {"known": "\ud800"})), 2, "known"),
    "no kind": (collection(feature(properties={"time": "2011"})), 2, "kind"),
    "bad second": (collection(feature(), feature(properties=GOOD | {"time": "x"})), 3, "time"),
    "sources in words": (collection(feature(properties=GOOD | {"sources": "A"})), 2, "sources"),
    "source of a person": (
        collection(feature(properties=GOOD | {"sources": [{"source": "A", "author": "B"}]})),
        2, "sources",
    ),
    "bad key": (collection(feature(properties=GOOD | {"identity": "x"})), 2, "identity"),
}  # fmt: skip

BAD_STIX = {
    "no objects": ('{"type": "bundle", "id": "x"}', 1, "objects"),
    "STIX 2.0": (bundle(incident(), spec_version="2.0"), 1, "spec_version"),
    "no incident": (bundle(BODY, PLACE), 1, "objects"),
    "object without type": (bundle({"id": "x"}), 2, "type"),
    "object of 2.0": (bundle(incident(spec_version="2.0"), EVENT), 2, "spec_version"),
    "no name": (bundle({k: v for k, v in incident().items() if k != "name"}, EVENT), 2, "name"),
    "bad time of writing": (bundle(EVENT, incident(created="soon")), 3, "created"),
    "bad id": (bundle(incident(id="incident--1"), EVENT), 2, "id"),
    "confidence of words": (bundle(incident(confidence="high"), EVENT), 2, "confidence"),
    "no time of the event": (bundle(incident(extensions={})), 2, "extensions"),
    "exactness not known": (
        bundle(incident(), EVENT | {"start_time_fidelity": "about"}), 2, "start_time_fidelity"
    ),
    "no place": (bundle(incident(), EVENT), 2, "place"),
    "place off the earth": (
        bundle(incident(), EVENT, THERE, PLACE | {"latitude": 95.0}), 5, "latitude"
    ),
    "body without a name": (
        bundle(incident(), EVENT, THERE, PLACE, thing("identity", identity_class="organization")),
        6, "name",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", [*BAD_GEOJSON, *(f"STIX: {one}" for one in BAD_STIX)])
def test_bad_input_is_named_and_nothing_is_stored(tmp_path, name):
    known = BAD_GEOJSON | {f"STIX: {key}": value for key, value in BAD_STIX.items()}
    content, line, field = known[name]
    path = tmp_path / "file.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(path)
    where = caught.value.location
    assert (where.file, where.line, where.field) == ("file.json", line, field), caught.value
    assert not Incident.objects.exists()
    assert not Source.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_bundle_brings_time_place_and_body(tmp_path):
    path = tmp_path / "b.json"
    path.write_text(bundle(BODY, incident(), EVENT, THERE, PLACE))
    report = load(path)
    assert (report.layout, report.read, report.stored) == ("stix", 1, 1)
    found = Incident.objects.get()
    assert (found.kind, found.title_en) == ("robbery", "A shop was robbed")
    assert (found.time_precision, found.place_precision) == ("day", "settlement")
    assert (found.latitude, found.place_text) == (49.47, "Kandyagash")
    told = found.reports.get()
    assert (told.source.name, told.credibility) == ("Ministry", 2)


def test_persons_are_left_out_counted_and_masked(tmp_path):
    person = thing("identity", 2, name="Aset Example", identity_class="individual")
    actor = thing("threat-actor", name="Red Example", aliases=["Redd"])
    seen = [thing("sighting"), thing("observed-data"), thing("observed-data", 2)]
    told = incident(name="Aset Example robbed a shop with redd", created_by_ref=person["id"])
    path = tmp_path / "b.json"
    path.write_text(bundle(told, EVENT, THERE, PLACE, person, actor, *seen))
    report = load(path)
    assert Incident.objects.get().title_en == "[…] robbed a shop with […]"
    assert not Source.objects.exists()
    assert "1 identity of an individual" in " ".join(report.notes)
    assert any("observed-data" in note and note.endswith("2") for note in report.notes)
    assert any("threat-actor" in note for note in report.notes)


def test_names_are_masked_wherever_they_stand_and_whatever_became_of_them(tmp_path):
    gone = thing("identity", 2, name="Aset Example", identity_class="individual", revoked=True)
    before = thing("threat-actor", name="Red Example")
    after = before | {"name": "Blue", "modified": "2021-01-01T00:00:00.000Z"}
    told = incident(
        description="Red Example, then Blue, with Aset Example",
        external_references=[{"source_name": "x", "url": "https://news.example/Red Example"}],
    )
    ours = incident(id=name_of("incident", 2), extensions={LEDGER: {
        "extension_type": "property-extension", "time": "2019-05-04", "kind": "robbery",
        "place": "Yard of Aset Example", "latitude": 49.47, "longitude": 57.42,
        "known": "Seen by Aset Example.",
    }})  # fmt: skip
    yard = PLACE | {"name": "House of Blue"}
    path = tmp_path / "b.json"
    path.write_text(bundle(told, ours, EVENT, THERE, yard, BODY, gone, before, after))
    load(path)
    one, other = Incident.objects.order_by("pk")
    assert one.what_is_known == "[…], then […], with […]"
    assert one.place_text == "House of […]"
    assert one.reports.get().citation == "https://news.example/[…]"
    assert (other.place_text, other.what_is_known) == ("Yard of […]", "Seen by […].")


def test_the_last_version_counts_and_what_is_revoked_does_not(tmp_path):
    later = incident(name="Corrected", modified="2021-01-01T00:00:00.000Z")
    gone = thing("incident", 2, name="Gone", revoked=True)
    path = tmp_path / "b.json"
    path.write_text(bundle(later, incident(), gone, EVENT, THERE, PLACE))
    report = load(path)
    assert [one.title_en for one in Incident.objects.all()] == ["Corrected"]
    assert any("revoked" in note for note in report.notes)


@settings(
    max_examples=25, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "id", "geometry", "properties", "coordinates", "kind", "time",
                             "spec_version", "name", "extensions", "x"]),
            inner, max_size=4,
        ),
        max_leaves=8,
    ),
    is_stix=st.booleans(),
)  # fmt: skip
@example(value="", is_stix=False)
def test_any_json_is_stored_whole_or_refused_in_words(tmp_path, value, is_stix):
    whole = {"type": "bundle", "objects": [value]} if is_stix else {
        "type": "FeatureCollection", "features": [value]
    }  # fmt: skip
    path = tmp_path / "fuzz.json"
    path.write_text(json.dumps(whole), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(path)
    assert str(caught.value.message)
    assert not Incident.objects.exists()


def test_deep_nesting_is_refused(tmp_path):
    path = tmp_path / "deep.json"
    path.write_text('{"type": "bundle", "objects": ' + "[" * 50_000, encoding="utf-8")
    with pytest.raises(InputError):
        load(path)
