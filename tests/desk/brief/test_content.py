"""The content of a brief survives the store, and is what the published schema says."""

import dataclasses
import json
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from tests.support import brief_factories as made

from qalqan.desk.brief import content, render
from qalqan.desk.brief.models import BriefEdition
from qalqan.desk.brief.services.comparing import changes
from qalqan.desk.brief.services.computing import digest

SCHEMA = Path(__file__).parents[3] / "docs" / "reference" / "brief.schema.json"
SHIPPED = files("qalqan.desk.brief").joinpath("data/brief.schema.json")


@pytest.fixture(scope="module")
def validator():
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )


def stored(brief):
    payload = json.loads(json.dumps(content.as_json(brief)))
    return BriefEdition(
        created_at=brief.made_at, as_of=brief.as_of, payload=payload, digest=digest(payload)
    )


@pytest.mark.parametrize("brief", [made.brief(), made.quiet(), made.full(), made.overfull()])
def test_a_brief_comes_back_from_json_as_it_was(brief):
    assert stored(brief).brief == brief


@pytest.mark.parametrize(
    "brief",
    [made.brief(), made.quiet(), made.calm(), made.full(), made.overfull(),
     made.brief(map=None, audit=None)],
)  # fmt: skip
def test_the_json_output_is_what_the_schema_says(brief, validator):
    validator.validate(json.loads(render.json(stored(brief))))


def test_the_schema_refuses_a_field_that_it_does_not_know(validator):
    body = json.loads(render.json(stored(made.brief())))
    body["rumours"][0]["author"] = "somebody"
    with pytest.raises(jsonschema.ValidationError, match="author"):
        validator.validate(body)


def test_the_schema_lists_every_field():
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    parts = {"Brief": schema, **schema["$defs"]}
    for name, part in parts.items():
        fields = {field.name for field in dataclasses.fields(getattr(content, name))}
        assert set(part["properties"]) - {"digest", "extract_of"} == fields


def test_the_schema_that_is_shipped_is_the_one_in_the_documents():
    assert SHIPPED.read_bytes() == SCHEMA.read_bytes()


def test_an_edition_stored_before_the_later_rooms_came_still_reads(validator):
    payload = json.loads(json.dumps(content.as_json(made.brief())))
    later = ("decisions", "devices", "gaps", "missing", "hidden")
    for name in later:
        del payload[name]
    for row in payload["incidents"]:
        del row["district_id"]
    old = content.from_json(payload)
    assert (old.decisions, old.devices, old.gaps, old.missing) == (None, None, [], [])
    assert old.incidents[0].district_id is None
    validator.validate({**payload, "digest": digest(payload)})


def test_another_schema_is_refused():
    with pytest.raises(ValueError, match="not a brief of schema"):
        content.from_json({"schema": "something/9"})


def test_the_digest_does_not_depend_on_the_order_of_keys():
    payload = content.as_json(made.brief())
    backwards = dict(reversed(payload.items()))
    assert digest(payload) == digest(backwards)
    assert digest(payload) != digest({**payload, "overdue_all": 2})


def test_what_appeared_grew_and_is_gone_is_told():
    before = made.brief(
        rumours=[made.rumour(1, copies_window=10), made.rumour(2)],
        excesses=[made.excess(stream="incidents"), made.excess(relative_risk=2.0)],
    )
    after = made.brief(
        rumours=[made.rumour(1, copies_window=25), made.rumour(3)],
        excesses=[made.excess(places=[made.TEMIR], relative_risk=3.0)],
    )
    told = {(c.what, c.change, c.claim_id or c.stream) for c in changes(before, after)}
    assert told == {
        ("rumour", "grown", 1),
        ("rumour", "appeared", 3),
        ("rumour", "gone", 2),
        ("area", "grown", "tips"),
        ("area", "gone", "incidents"),
    }


def test_a_scan_that_became_or_ceased_to_be_significant_is_told():
    quiet, loud = made.quiet(), made.brief()
    assert [(c.stream, c.change, c.before, c.after) for c in changes(quiet, loud)
            if c.what == "scan"] == [("tips", "significant", 0, 1)]  # fmt: skip
    assert [c.change for c in changes(loud, quiet) if c.what == "scan"] == ["not_significant"]


def test_nothing_changed_is_nothing_told():
    assert changes(made.brief(), made.brief()) == []
