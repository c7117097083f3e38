"""Each rule of the schema and of the specification, broken alone, is found where it is broken."""

from __future__ import annotations

import pytest
from tests.cap.messages import GOOD, broken, element, line_of, with_, without

from qalqan.cap.validate import validate

INFO = "/alert[1]/info[1]"
AREA = f"{INFO}/area[1]"
FILE = f"{INFO}/resource[1]"


def test_the_good_message_has_nothing_to_mend():
    assert validate(GOOD.encode()).errors == ()
    assert validate(GOOD.encode()).valid


SCHEMA = [
    (without("identifier"), "schema.missing", "/alert[1]"),
    (without("event"), "schema.missing", INFO),
    (without("areaDesc"), "schema.missing", AREA),
    (without("mimeType"), "schema.missing", FILE),
    (without("valueName"), "schema.pair", f"{INFO}/eventCode[1]/value[1]"),
    (with_(("<note>", "<x/><note>")), "schema.element", "/alert[1]/x[1]"),
    (with_(("<note>", "<note xmlns=''>")), "schema.element", "/alert[1]/note[1]"),
    (with_(("<event>", "<headline>a</headline><event>")), "schema.order", f"{INFO}/event[1]"),
    (with_(("<event>", "<event>a</event><event>")), "schema.repeated", f"{INFO}/event[2]"),
    (with_(("<note>", "loose <note>")), "schema.text", "/alert[1]"),
    (with_(("<note>", "<note><b>x</b>")), "schema.child", "/alert[1]/note[1]/b[1]"),
    (with_(("<note>", '<note xml:lang="kk">')), "schema.attribute", "/alert[1]/note[1]"),
    (with_(("<info>", '<info id="a">')), "schema.attribute", INFO),
    (element("status", "actual"), "schema.value", "/alert[1]/status[1]"),
    (element("status", " Actual"), "schema.value", "/alert[1]/status[1]"),
    (element("scope", ""), "schema.value", "/alert[1]/scope[1]"),
    (element("certainty", "Very Likely"), "schema.value", f"{INFO}/certainty[1]"),
    (element("responseType", "Run"), "schema.value", f"{INFO}/responseType[1]"),
    (element("sent", "2026-11-22T02:30:00Z"), "schema.date-time", "/alert[1]/sent[1]"),
    (element("expires", "2026-02-30T02:30:00+05:00"), "schema.date-time", f"{INFO}/expires[1]"),
    (element("onset", "2026-11-22T08:00+05:00"), "schema.date-time", f"{INFO}/onset[1]"),
    (
        element("effective", "2026-11-22T07:30:00.5+05:00"),
        "schema.date-time",
        f"{INFO}/effective[1]",
    ),
    (element("language", "kk_KZ"), "schema.language", f"{INFO}/language[1]"),
    (element("language", "12345"), "schema.language", f"{INFO}/language[1]"),
    (element("size", "3 bytes"), "schema.integer", f"{FILE}/size[1]"),
    (element("size", ""), "schema.integer", f"{FILE}/size[1]"),
    (element("altitude", "1e3"), "schema.decimal", f"{AREA}/altitude[1]"),
    (with_(("cap:1.2", "cap:1.1")), "schema.version", "/alert[1]"),
    (with_(("cap:1.2", "cap:2.0")), "xml.not-cap", "/alert[1]"),
]


@pytest.mark.parametrize(("data", "rule", "xpath"), SCHEMA)
def test_the_schema(data, rule, xpath):
    report = validate(data)
    assert not report.valid
    assert (report.errors[0].rule, report.errors[0].xpath) == (rule, xpath)


SPECIFICATION = [
    (element("identifier", "a b"), "spec.identifier", "/alert[1]/identifier[1]"),
    (element("identifier", "a,b"), "spec.identifier", "/alert[1]/identifier[1]"),
    (element("identifier", "a&lt;b"), "spec.identifier", "/alert[1]/identifier[1]"),
    (element("identifier", "a&amp;b"), "spec.identifier", "/alert[1]/identifier[1]"),
    (element("identifier", "a\n"), "spec.identifier", "/alert[1]/identifier[1]"),
    (element("identifier", " "), "spec.identifier.empty", "/alert[1]/identifier[1]"),
    (element("identifier", "a\u00a0b"), "spec.identifier", "/alert[1]/identifier[1]"),
    (
        element("references", "a,b,2026-11-22T07:00:00+05:00\u00a0c"),
        "spec.references.form",
        "/alert[1]/references[1]",
    ),
    (element("sender", "the duty"), "spec.sender", "/alert[1]/sender[1]"),
    (element("sender", "a,b"), "spec.sender", "/alert[1]/sender[1]"),
    (element("sender", ""), "spec.sender.empty", "/alert[1]/sender[1]"),
    (without("restriction"), "spec.restriction.missing", "/alert[1]/scope[1]"),
    (element("restriction", " "), "spec.restriction.missing", "/alert[1]/scope[1]"),
    (element("scope", "Public"), "spec.restriction.scope", "/alert[1]/restriction[1]"),
    (element("addresses", 'a "b c'), "spec.quotes", "/alert[1]/addresses[1]"),
    (element("incidents", '"'), "spec.quotes", "/alert[1]/incidents[1]"),
    (without("references"), "spec.references.missing", "/alert[1]/msgType[1]"),
    (element("references", " "), "spec.references.empty", "/alert[1]/references[1]"),
    (element("references", "a,b"), "spec.references.form", "/alert[1]/references[1]"),
    (element("references", "a,b,c"), "spec.references.form", "/alert[1]/references[1]"),
    (
        element("references", "a,b,2026-11-22T02:30:00Z"),
        "spec.references.form",
        "/alert[1]/references[1]",
    ),
    (
        element("references", "a, b, 2026-11-22T07:00:00+05:00"),
        "spec.references.form",
        "/alert[1]/references[1]",
    ),
    (
        element("references", "duty@sample.example,kz-sample-1,2026-11-22T07:00:00+05:00"),
        "spec.references.self",
        "/alert[1]/references[1]",
    ),
    (element("event", " "), "spec.event.empty", f"{INFO}/event[1]"),
    (element("language", "kazakh"), "spec.language", f"{INFO}/language[1]"),
    (element("language", "k"), "spec.language", f"{INFO}/language[1]"),
    (element("web", "sample.example/flood"), "spec.web", f"{INFO}/web[1]"),
    (element("web", "https://"), "spec.web", f"{INFO}/web[1]"),
    (element("web", "https://a b"), "spec.web", f"{INFO}/web[1]"),
    (element("web", "https://a:b:c/"), "spec.web", f"{INFO}/web[1]"),
    (element("web", ""), "spec.web", f"{INFO}/web[1]"),
    (element("resourceDesc", ""), "spec.resource-desc.empty", f"{FILE}/resourceDesc[1]"),
    (element("mimeType", "png"), "spec.mime-type", f"{FILE}/mimeType[1]"),
    (element("mimeType", "picture/png"), "spec.mime-type", f"{FILE}/mimeType[1]"),
    (element("size", "-1"), "spec.size", f"{FILE}/size[1]"),
    (element("uri", "a map.png"), "spec.uri", f"{FILE}/uri[1]"),
    (element("derefUri", "YWJ"), "spec.deref-uri", f"{FILE}/derefUri[1]"),
    (element("derefUri", "Y*Jj"), "spec.deref-uri", f"{FILE}/derefUri[1]"),
    (element("digest", "abc"), "spec.digest.form", f"{FILE}/digest[1]"),
    (element("digest", "0" * 40), "spec.digest.differs", f"{FILE}/digest[1]"),
    (element("areaDesc", ""), "spec.area-desc.empty", f"{AREA}/areaDesc[1]"),
    (element("polygon", "1,2 3,4 1,2"), "spec.polygon.points", f"{AREA}/polygon[1]"),
    (element("polygon", "1,2 3,4 5,6 7,8"), "spec.polygon.closed", f"{AREA}/polygon[1]"),
    (element("polygon", "1,2 3,4 91,6 1,2"), "spec.polygon.range", f"{AREA}/polygon[1]"),
    (element("polygon", "1,2 3,181 5,6 1,2"), "spec.polygon.range", f"{AREA}/polygon[1]"),
    (element("polygon", "1 2 3 4 5 6 1 2"), "spec.polygon.form", f"{AREA}/polygon[1]"),
    (element("polygon", "1,2,3 4,5,6"), "spec.polygon.form", f"{AREA}/polygon[1]"),
    (element("polygon", ""), "spec.polygon.form", f"{AREA}/polygon[1]"),
    (element("circle", "1,2"), "spec.circle.form", f"{AREA}/circle[1]"),
    (element("circle", "1,2 3 km"), "spec.circle.form", f"{AREA}/circle[1]"),
    (element("circle", "1, 2 3"), "spec.circle.form", f"{AREA}/circle[1]"),
    (element("circle", "1,2 -3"), "spec.circle.radius", f"{AREA}/circle[1]"),
    (element("circle", "-90.1,2 3"), "spec.circle.range", f"{AREA}/circle[1]"),
    (without("altitude"), "spec.ceiling.alone", AREA),
    (element("altitude", "900"), "spec.ceiling.below", f"{AREA}/ceiling[1]"),
]


@pytest.mark.parametrize(("data", "rule", "xpath"), SPECIFICATION)
def test_the_specification(data, rule, xpath):
    report = validate(data)
    assert not report.valid
    assert report.failed == "specification"
    assert (report.errors[0].rule, report.errors[0].xpath) == (rule, xpath)


@pytest.mark.parametrize("kind", ["Update", "Cancel", "Ack", "Error"])
def test_what_is_about_others_names_them(kind):
    data = with_(("<msgType>Update", f"<msgType>{kind}")).decode()
    assert not broken(data.encode())
    reference = data[data.index("<references>") : data.index("<incidents>")]
    assert broken(data.replace(reference, "").encode()) == {"spec.references.missing"}


def test_private_messages_name_their_recipients():
    private = with_(("Restricted", "Private"), ("<restriction>those on duty</restriction>", ""))
    assert not broken(private)
    text = private.decode().replace('<addresses>akimat "duty officer"</addresses>', "")
    assert broken(text.encode()) == {"spec.addresses.missing"}


def test_a_relative_address_names_content_or_nothing():
    content = "<derefUri>YWJj</derefUri>\n      "
    assert broken(with_((content, ""))) == {"spec.uri.relative"}
    assert not broken(with_((content, ""), ("map.png", "https://sample.example/map.png")))


GOOD_VALUES = [
    ("language", ""),
    ("language", "x-klingon"),
    ("language", "i-default"),
    ("language", "zh-Hans-HK"),
    ("altitude", "-433.1"),
    ("ceiling", "+600."),
    ("polygon", "1,2\n3,4\t5,6 1.0,2.00"),
    ("polygon", "-90,-180 90,180 -.5,.5 -90,-180"),
    ("circle", "50.28,57.17 0"),
    ("mimeType", "Text/HTML; charset=utf-8"),
    ("mimeType", "x-world/x-3dmf"),
    ("mimeType", "application/vnd.google-earth.kml+xml"),
    ("derefUri", "YW\n Jj"),
    ("digest", "qZk+NkcGgWq6PiVxeFDCbJzQ2J0="),
    ("digest", "A9993E364706816ABA3E25717850C26C9CD0D89D"),
    ("web", "https://қала.қаз/су?а=б"),
    ("web", "tel:112"),
    ("web", "http://[2001:db8::1]:8080/"),
    ("sent", "2026-11-22T07:30:00+05:00 "),
    ("expires", "2026-11-22T24:00:00+05:00"),
    ("references", "a,b,2026-11-22T07:00:00+05:00\n c,d,2026-11-22T07:00:00-00:00"),
    ("event", "<![CDATA[Су & тасқыны]]>"),
    ("event", "Су<!-- a --> тасқыны"),
    ("event", "&#x421;у"),
]


@pytest.mark.parametrize(("name", "value"), GOOD_VALUES)
def test_what_the_specification_allows_is_left_alone(name, value):
    assert broken(element(name, value)) == set()


WARNINGS = [
    (element("sent", "2026-11-22T02:30:00+00:00"), "spec.time.utc"),
    (element("expires", "2026-11-22T07:00:00+05:00"), "spec.expires.effective"),
    (element("onset", "2026-11-23T07:00:00+05:00"), "spec.expires.onset"),
    (without("note"), "spec.note.exercise"),
    (element("contact", ""), "spec.empty"),
    (element("valueName", " "), "spec.pair.name"),
    (element("valueName", "S.A.M.E."), "spec.pair.acronym"),
    (element("references", "a,b,2027-11-22T07:00:00+05:00"), "spec.references.later"),
]


@pytest.mark.parametrize(("data", "rule"), WARNINGS)
def test_warnings_leave_a_message_valid(data, rule):
    report = validate(data)
    assert report.valid
    assert rule in {one.rule for one in report.errors}
    assert {one.severity for one in report.errors} == {"warning"}


def test_all_that_is_wrong_is_told_errors_first():
    data = with_(
        ("<status>Exercise", "<status>exercise"),
        ("50.28,57.17 2.5", "50.28"),
        ("<contact>112", "<contact>"),
    )
    found = [(one.layer, one.severity) for one in validate(data).errors]
    assert found == [("schema", "error"), ("specification", "error"), ("specification", "warning")]


def test_lines_count_from_one_in_both_ways():
    for data in (GOOD, GOOD.replace("<note>", "<note><!-- a -->")):
        changed = data.replace("50.28,57.17 2.5", "50.28").encode()
        assert validate(changed).errors[0].line == line_of("<circle>")


def test_so_many_findings_are_told_and_the_rest_counted():
    data = with_(("<circle>50.28,57.17 2.5</circle>", "<circle>1</circle>" * 500))
    report = validate(data)
    assert (len(report.errors), report.unsaid, report.valid) == (200, 300, False)


SCHEMAS = (
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:xs="http://www.w3.org/2001/XMLSchema"'
)


@pytest.mark.parametrize(
    ("name", "attribute", "may"),
    [
        ("note", 'xsi:schemaLocation="a b"', True),
        ("note", 'xsi:noNamespaceSchemaLocation="a"', True),
        ("note", 'xsi:type="xs:string"', True),
        ("size", 'xsi:type="xs:integer"', True),
        ("note", 'xsi:type="xs:integer"', False),
        ("note", 'xsi:type="string"', False),
        ("status", 'xsi:type="xs:string"', False),
        ("info", 'xsi:type="xs:string"', False),
        ("note", 'xsi:nil="false"', False),
        ("note", 'xsi:other="1"', False),
    ],
)
def test_of_attributes_only_those_of_xml_schema_may_stand_where_they_fit(name, attribute, may):
    """XML Schema 1.0, part 1: 2.6 (the four attributes), 3.3.4 (type and nil must fit)."""
    data = with_((f"<{name}>", f"<{name} {SCHEMAS} {attribute}>"))
    assert broken(data) == (set() if may else {"schema.attribute"})
