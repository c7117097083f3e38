"""The sample's made-up poll: three waves with results, small areas, tested change, published."""

import pytest
from tests.support.factories import NOW
from tests.support.places_factories import load_sample_places

from qalqan.cli.sample_polls import load_sample_polls_and_publish
from qalqan.desk.platform.policies import SystemActor
from qalqan.desk.polls import selectors
from qalqan.desk.polls.models import PollEdition, Response

pytestmark = pytest.mark.django_db


def test_three_waves_are_estimated_tested_and_published(tmp_path):
    load_sample_places(tmp_path)
    load_sample_polls_and_publish(NOW, 7)
    load_sample_polls_and_publish(NOW, 7)
    assert Response.objects.count() == 1800
    states = list(PollEdition.objects.order_by("poll__wave").values_list("state", flat=True))
    assert states == ["published", "published", "computed"]
    board = selectors.trust(SystemActor("tests"))
    assert [wave.poll.wave for wave in board.waves] == [1, 2, 3]
    whole = board.measure.whole
    assert 0 < whole.low < whole.value < whole.high < 100
    assert whole.n <= 600
    assert board.change["wave"] == 2
    assert len(board.districts) == 13
    sources = {figure.source for figure in board.districts.values()}
    assert sources == {"direct", "model"}
    content = PollEdition.objects.get(poll__wave=3).content
    assert content["design"]["strata"] == 13
    assert content["rates"]["rates"]["RR1"] == pytest.approx(
        600 / sum(v for k, v in content["rates"]["counts"].items() if k != "NE")
    )
    people = sum(content["weights"]["variables"][0]["levels"].values())
    assert content["design"]["population"] == pytest.approx(people)
    found = selectors.published("trust_poll_1")
    assert found.poll.is_sample
    assert selectors.published("trust_poll_3") is None
