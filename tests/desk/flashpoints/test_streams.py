"""What each stream counts: claims once a day and district, points only where they are known."""

from datetime import timedelta

import numpy as np
import pytest
from tests.support.factories import NOW
from tests.support.flashpoints_factories import CLERK, plant, scan, spread
from tests.support.incidents_factories import make_districts, make_incident, make_place
from tests.support.rumours_factories import new_message, store

from qalqan.desk.flashpoints import services
from qalqan.desk.flashpoints.models import FlashPoint, stream_key
from qalqan.desk.flashpoints.services.reading import read_cases
from qalqan.errors import InputError

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def districts():
    return make_districts(3)


def town(district, name="Ембі", latitude=49.1):
    return make_place(
        name, kind="settlement", latitude=latitude, longitude=district.longitude, parent=district
    )


def tell(text, place, *, number, kind="post", at=NOW):
    return new_message(text, at=at, kind=kind, place_id=place.pk, number=number, channel="Арна")


def cases(*streams, kind="districts", days=3):
    return read_cases(CLERK, streams, kind, TODAY - timedelta(days=days - 1), TODAY)


def test_a_claim_counts_once_a_day_in_a_district_however_often_it_is_told(districts):
    near, other = town(districts[0]), town(districts[0], "Жем", 49.2)
    water = "Су құбырында улы зат бар деген сөз тарап жатыр екен"
    bread = "Нан бағасы ертеңнен бастап екі есе өседі дейді жұрт"
    store([
        tell(water, near, number="1"), tell(water, near, number="2"),
        tell(water, other, number="3"), tell(water, districts[1], number="4"),
        tell(bread, near, number="5"), tell(bread, near, number="6"),
        tell("Бұл сөзді бір-ақ рет айтқан, көшірмесі еш жерде жоқ", near, number="7"),
    ])  # fmt: skip
    found = cases("claims")
    # Two claims in the first district, one in the second; what was said once is no claim.
    assert found.place_ids.tolist() == [districts[0].pk, districts[1].pk]
    assert found.counts[0, :, -1].tolist() == [2, 1]
    assert found.total == 3


def test_reports_to_the_hotline_are_tips_and_no_claims(districts):
    text = "Дүкеннің алдында күдікті сөмке жатыр, келіп қараңыздаршы"
    store([tell(text, districts[0], number=str(n), kind="hotline") for n in range(4)])
    assert cases("tips").total == 4
    assert cases("claims").total == 0


def test_the_grid_leaves_out_and_counts_what_only_the_district_knows(districts):
    make_incident(district=districts[0], latitude=49.0, longitude=55.0, place_precision="exact")
    make_incident(district=districts[0], latitude=49.0, longitude=55.0, place_precision="district")
    make_incident(district=districts[1])
    found = cases("incidents", kind="grid")
    assert (found.total, found.left_out) == (1, 2)
    assert found.place_ids.tolist() == [districts[0].pk]
    # H3's own table: a cell of resolution 5 has an edge of some 9.9 km.
    (spot,) = found.coordinates
    assert np.hypot(*((spot - [49.0, 55.0]) * [111.2, 73.0])) < 10.9


def test_a_settlement_puts_an_incident_on_the_grid(districts):
    place = town(districts[0])
    make_incident(district=districts[0], place_precision="settlement")
    incident = make_incident(district=districts[0], place_precision="settlement")
    incident.place = place
    incident.save()
    assert cases("incidents", kind="grid").total == 2


def test_tips_of_a_settlement_are_on_the_grid_those_of_a_district_are_not(districts):
    place = town(districts[0])
    store([
        tell("Көшеде шам жанбайды бүгін", place, number="1", kind="hotline"),
        tell("Аула қараңғы болып тұр", districts[0], number="2", kind="hotline"),
    ])  # fmt: skip
    found = cases("tips", kind="grid")
    assert (found.total, found.left_out) == (1, 1)


def test_several_streams_at_once_keep_their_own_expectations(districts):
    spread(districts)
    plant(districts[1], 10)
    store([
        tell(f"Сигнал {n} сөз{n}", districts[1], number=str(n), kind="hotline")
        for n in range(10)
    ])  # fmt: skip
    run = scan(streams=["tips", "incidents"], stream="")
    assert run.stream == "incidents+tips"
    finding = run.findings.get(rank=1)
    (first, seen, mean), (second, told, usual) = finding.by_stream
    assert (first, second) == ("incidents", "tips")
    assert seen + told == finding.observed
    assert mean + usual == pytest.approx(finding.expected, abs=0.01)
    # Tips come from one district alone, so that nothing in them exceeds its own share.
    assert told == pytest.approx(usual)


def test_one_stream_without_cases_does_not_stop_the_others(districts):
    spread(districts)
    plant(districts[1], 12)
    run = scan(streams=["incidents", "tips", "claims"], stream="")
    assert run.findings.get(rank=1).by_stream[1:] == [["tips", 0, 0.0], ["claims", 0, 0.0]]
    assert FlashPoint.objects.count() == 1


def test_an_unknown_stream_is_named():
    with pytest.raises(InputError, match="trust"):
        services.run_scan(actor=CLERK, stream="trust", now=NOW)


def test_the_order_of_streams_does_not_matter():
    assert stream_key(["claims", "incidents"]) == stream_key(("incidents", "claims"))
