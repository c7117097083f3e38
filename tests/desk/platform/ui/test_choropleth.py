"""The map is well-formed, safe, small, and says without colour what it says with it."""

import re
from xml.etree import ElementTree as ET

import pytest
from tests.support.incidents_factories import square

from qalqan.desk.platform.ui.choropleth import MapArea, choropleth

SVG = "{http://www.w3.org/2000/svg}"


def area(name="Темір", value=3.0, n=0, **fields):
    fields.setdefault("geometry", square(49.0, 55.0 + n))
    return MapArea(str(n), name, value, 49.0, 55.0 + n, **fields)


def test_an_empty_map_is_nothing():
    assert choropleth([], title="Tips") == ""


def test_the_drawing_has_title_description_and_every_name_and_value():
    root = ET.fromstring(choropleth([area(), area("Алға", 7, 1)], title="Tips"))  # noqa: S314
    assert root.find(f"{SVG}title").text == "Tips"
    assert root.find(f"{SVG}desc").text == "Темір: 3; Алға: 7"
    labels = [t.text for t in root.iter(f"{SVG}text") if t.get("class") == "map-label"]
    assert {"Темір", "3", "Алға", "7"} <= set(labels)


def test_no_style_and_no_script_stand_in_it():
    drawing = choropleth([area("<script>alert(1)</script> & \"'", label="<b>")], title="<i>")
    assert "<script" not in drawing
    assert "style=" not in drawing
    assert not re.search(r"\son\w+=", drawing)
    ET.fromstring(drawing)  # noqa: S314


def test_a_flagged_area_is_hatched_and_outlined():
    plain = choropleth([area()], title="Tips")
    flagged = choropleth([area(is_flagged=True)], title="Tips", flag_words="more than expected")
    assert "url(#" not in plain
    assert flagged.count("url(#") == 2  # the area, and its explanation
    assert "more than expected" in flagged


def test_an_area_without_boundary_is_a_circle_at_its_centre():
    drawing = choropleth([area(), area("Алға", 2, 1, geometry=None)], title="Tips")
    assert drawing.count("<circle") == 1


def test_north_is_up_and_east_is_right():
    root = ET.fromstring(  # noqa: S314
        choropleth(
            [
                MapArea("sw", "sw", 1, 48.0, 55.0, None),
                MapArea("ne", "ne", 1, 50.0, 58.0, None),
            ],
            title="Tips",
        )
    )
    (west, south), (east, north) = (
        (float(c.get("cx")), float(c.get("cy"))) for c in root.iter(f"{SVG}circle")
    )
    assert west < east
    assert north < south


def test_a_degree_of_longitude_is_drawn_as_short_as_it_is():
    # At 60° north a degree of longitude is half a degree of latitude.
    root = ET.fromstring(  # noqa: S314
        choropleth(
            [MapArea(str(n), str(n), 1, 60.0, float(n), square(60.0, n, 0.5)) for n in (0, 1)],
            title="Tips",
        )
    )
    path = root.find(f"{SVG}path").get("d")
    points = [tuple(map(float, p.split())) for p in re.findall(r"[-\d.]+ [-\d.]+", path)]
    width = max(x for x, _ in points) - min(x for x, _ in points)
    height = max(y for _, y in points) - min(y for _, y in points)
    assert width / height == pytest.approx(0.5, abs=0.01)


def test_unknown_is_not_none():
    drawing = choropleth([area(value=None)], title="Tips")
    assert "not known" in drawing


def test_a_long_boundary_is_drawn_short():
    step = 0.0001
    ring = [[55 + n * step, 49.0] for n in range(5000)]
    ring += [[55.5, 49.5], [55.0, 49.5], [55.0, 49.0]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    assert len(choropleth([area(geometry=geometry)], title="Tips")) < 4000


def test_more_than_five_values_share_five_shades():
    drawing = choropleth([area(str(n), n, n) for n in range(1, 13)], title="Tips")
    assert set(re.findall(r"scale-(\d)", drawing)) == {"0", "1", "2", "3", "4", "5"}


def test_fixed_breaks_shade_a_ratio_by_what_it_is_not_by_its_rank():
    drawing = choropleth(
        [area("as expected", 1.0, 0), area("a little more", 1.2, 1)],
        title="Tips",
        breaks=(0.8, 1.25, 1.5, 2.0),
    )
    shapes = re.findall(r'<path fill-rule[^>]*class="map-area (scale-\d)"', drawing)
    assert shapes == ["scale-2", "scale-2"]
    assert "> 2" in drawing.replace("&gt;", ">")


def test_outlines_lie_under_the_areas_and_bear_no_shade_and_no_label():
    under = [area("Темір", None, 0)]
    drawing = choropleth([area("cell", 2, 0)], title="Tips", outlines=under)
    assert drawing.index("<title>Темір</title>") < drawing.index("<title>cell: 2</title>")
    assert ">Темір</text>" not in drawing


def test_an_area_without_label_says_its_name_only_when_pointed_at():
    drawing = choropleth([area("cell", 2, 0, is_labelled=False)], title="Tips")
    assert "<title>cell: 2</title>" in drawing
    assert ">cell</text>" not in drawing
