"""What is written is read again without loss; what is careless is mended with reasons."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cap.messages import GOOD, element, line_of, with_, without

from qalqan.cap.enums import Certainty, Scope
from qalqan.cap.errors import CapError
from qalqan.cap.model import (
    Alert,
    Area,
    CapTime,
    Category,
    Circle,
    Info,
    MsgType,
    NamedValue,
    Polygon,
    Reference,
    Resource,
    ResponseType,
    Severity,
    Status,
    Urgency,
)
from qalqan.cap.read import read, read_lenient
from qalqan.cap.validate import validate
from qalqan.cap.write import write

XML = st.characters(exclude_categories=("Cs",), exclude_characters="\ufffe\uffff").filter(
    lambda one: one >= " " or one in "\t\n\r"
)
TEXT = st.text(XML, max_size=12)
WORD = st.text(XML.filter(lambda one: one not in '" \t\r\n'), min_size=1, max_size=8)
TOKEN = st.text(XML.filter(lambda one: one not in " \t\r\n"), min_size=1, max_size=8)
TIME = st.builds(
    lambda moment, sign, hour: CapTime(f"{moment:%Y-%m-%dT%H:%M:%S}{sign}{hour:02}:00"),
    st.integers(-2_000_000_000, 250_000_000_000).map(
        lambda second: datetime.fromtimestamp(second, UTC)
    ),
    st.sampled_from("+-"),
    st.integers(0, 14),
)
URI = st.text(XML.filter(lambda one: one not in " \t\r\n"), max_size=12)
PAIRS = st.lists(st.builds(NamedValue, TEXT, TEXT), max_size=2).map(tuple)
NUMBER = st.decimals(
    allow_nan=False, allow_infinity=False, places=3, min_value=-9999, max_value=9999
)
RESOURCES = st.builds(
    Resource,
    resource_desc=TEXT,
    mime_type=TEXT,
    size=st.none() | st.integers(-(10**17), 10**17),
    uri=st.none() | URI,
    deref_uri=st.none() | TEXT,
    digest=st.none() | TEXT,
)
AREAS = st.builds(
    Area,
    area_desc=TEXT,
    polygons=st.lists(st.builds(Polygon, TEXT), max_size=2).map(tuple),
    circles=st.lists(st.builds(Circle, TEXT), max_size=2).map(tuple),
    geocodes=PAIRS,
    altitude=st.none() | NUMBER,
    ceiling=st.none() | NUMBER,
)
INFOS = st.builds(
    Info,
    categories=st.lists(st.sampled_from(Category), min_size=1, max_size=3).map(tuple),
    event=TEXT,
    urgency=st.sampled_from(Urgency),
    severity=st.sampled_from(Severity),
    certainty=st.sampled_from(Certainty),
    language=st.none() | st.sampled_from(("kk", "ru-KZ", "x-a-b")),
    response_types=st.lists(st.sampled_from(ResponseType), max_size=2).map(tuple),
    audience=st.none() | TEXT,
    event_codes=PAIRS,
    effective=st.none() | TIME,
    onset=st.none() | TIME,
    expires=st.none() | TIME,
    sender_name=st.none() | TEXT,
    headline=st.none() | TEXT,
    description=st.none() | TEXT,
    instruction=st.none() | TEXT,
    web=st.none() | URI,
    contact=st.none() | TEXT,
    parameters=PAIRS,
    resources=st.lists(RESOURCES, max_size=2).map(tuple),
    areas=st.lists(AREAS, max_size=2).map(tuple),
)
ALERTS = st.builds(
    Alert,
    identifier=TEXT,
    sender=TEXT,
    sent=TIME,
    status=st.sampled_from(Status),
    msg_type=st.sampled_from(MsgType),
    scope=st.sampled_from(Scope),
    source=st.none() | TEXT,
    restriction=st.none() | TEXT,
    addresses=st.lists(WORD, max_size=2).map(tuple),
    codes=st.lists(TEXT, max_size=2).map(tuple),
    note=st.none() | TEXT,
    references=st.lists(st.builds(Reference, TOKEN), max_size=2).map(tuple),
    incidents=st.lists(WORD, max_size=2).map(tuple),
    infos=st.lists(INFOS, max_size=2).map(tuple),
    signatures=st.sampled_from(
        ((), ('<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"></Signature>',))
    ),
)


@settings(max_examples=150)
@given(alert=ALERTS)
def test_every_message_comes_back_and_its_bytes_are_stable(alert):
    data = write(alert)
    assert read(data) == alert
    assert write(read(data)) == data


@settings(max_examples=100)
@given(alert=ALERTS)
def test_what_is_written_is_always_schema_valid(alert):
    layers = {one.layer for one in validate(write(alert)).errors}
    assert not layers & {"xml", "schema"}


def test_a_file_is_read_to_the_letter():
    alert = read(GOOD.encode())
    assert alert.addresses == ("akimat", "duty officer")
    assert alert.incidents == ("flood", "river Elek")
    assert alert.infos[0].description == "Су деңгейі көтерілуде & жайылуда."
    assert alert.infos[0].areas[0].altitude == Decimal("600")
    assert alert.infos[0].resources[0].size == 3
    assert alert.infos[0].event_codes == (NamedValue("SAMPLE", "FLD"),)


@pytest.mark.parametrize(
    "data",
    [
        with_(("<status>Exercise", "<status>exercise")),
        with_(("07:30:00+05:00</sent>", "02:30:00Z</sent>")),
        with_(("<note>", "<x/><note>")),
        with_(("<note>", '<note a="1">')),
        with_(("<note>", "text<note>")),
        without("certainty"),
        with_(("<info>", '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/><info>')),
        with_(
            ("<alert ", '<alert xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '),
            ("<note>", '<note xsi:nil="true">'),
        ),
    ],
)
def test_what_breaks_the_schema_is_not_read_strictly(data):
    with pytest.raises(CapError):
        read(data)


@pytest.mark.parametrize(
    ("data", "path", "value"),
    [
        (element("status", " exercise "), "status", Status.EXERCISE),
        (
            element("sent", "2026-11-22T02:30:00.125Z"),
            "sent",
            CapTime("2026-11-22T02:30:00-00:00"),
        ),
        (element("certainty", "Very Likely"), "infos.0.certainty", Certainty.LIKELY),
        (element("certainty", "perhaps"), "infos.0.certainty", Certainty.UNKNOWN),
        (element("size", "three"), "infos.0.resources.0.size", None),
        (element("onset", "soon"), "infos.0.onset", None),
        (element("altitude", "high"), "infos.0.areas.0.altitude", None),
    ],
)
def test_mends_are_told_with_their_line(data, path, value):
    reading = read_lenient(data)
    found: object = reading.alert
    for step in path.split("."):
        found = found[int(step)] if step.isdigit() else getattr(found, step)
    assert found == value
    assert reading.reasons[0].line == line_of(f"<{path.rpartition('.')[2]}>")


@pytest.mark.parametrize("name", ["identifier", "sender", "sent", "status", "msgType", "scope"])
def test_what_decides_who_hears_it_is_never_guessed(name):
    with pytest.raises(CapError):
        read_lenient(without(name))
    if name not in ("identifier", "sender"):
        with pytest.raises(CapError):
            read_lenient(element(name, "nonsense"))


CAP_1_0 = """<alert xmlns="http://www.incident.com/cap/1.0">
  <identifier>1</identifier><sender>a@b.example</sender><sent>2003-04-02T14:39:01-05:00</sent>
  <status>Actual</status><msgType>Alert</msgType><password>secret</password>
  <info><event>Flood</event><urgency>Immediate</urgency><severity>Severe</severity>
  <certainty>Very Likely</certainty><eventCode>SAME=FLW</eventCode>
  <resource><resourceDesc>map</resourceDesc></resource>
  <area><areaDesc>valley</areaDesc><geocode>FIPS=06109</geocode></area></info></alert>"""


def test_cap_1_0_becomes_1_2_with_reasons():
    reading = read_lenient(CAP_1_0.encode())
    assert reading.version == "1.0"
    alert = reading.alert
    assert alert.scope is Scope.PUBLIC
    assert alert.infos[0].categories == (Category.OTHER,)
    assert alert.infos[0].certainty is Certainty.LIKELY
    assert alert.infos[0].event_codes == (NamedValue("SAME", "FLW"),)
    assert alert.infos[0].areas[0].geocodes == (NamedValue("FIPS", "06109"),)
    assert b"secret" not in write(alert)
    assert len(reading.reasons) >= 5
    assert validate(write(alert)).valid


def test_cap_1_1_becomes_1_2():
    old = GOOD.replace("cap:1.2", "cap:1.1")
    reading = read_lenient(old.encode())
    assert reading.version == "1.1"
    assert reading.alert == read(GOOD.encode())
    with pytest.raises(CapError):
        read(old.encode())


@pytest.mark.parametrize("data", [b"<foo/>", b'<alert xmlns="foo"/>', b"<alert/>"])
def test_what_is_no_alert_is_refused(data):
    with pytest.raises(CapError):
        read_lenient(data)
