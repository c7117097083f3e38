"""The brief finds what the sample province hides, and nothing that it does not."""

import json
from datetime import UTC, datetime

import pytest

from qalqan.desk.brief.services import compute_brief
from qalqan.desk.incidents.services import import_incidents
from qalqan.desk.intake.services import import_messages
from qalqan.desk.platform.places import services as places
from qalqan.desk.platform.places.models import Place
from qalqan.desk.platform.policies import SystemActor
from qalqan.desk.rumours.models import Message
from qalqan.sample.generator import write_sample

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
CLERK = SystemActor("test")


def load(folder, seed):
    """Take a small sample province in, and return what was planted."""
    paths = write_sample(folder, seed=seed, now=NOW, messages=6000, tips=2000)
    common = {"actor": CLERK, "now": NOW, "is_sample": True}
    places.import_areas(path=paths.areas, approximate=True, **common)
    places.import_settlements(path=paths.settlements, **common)
    import_incidents(path=paths.incidents, **common)
    import_messages(path=paths.messages, **common)
    import_messages(path=paths.tips, **common)
    return json.loads(paths.truth.read_text(encoding="utf-8"))


def story_of(claim_id, stories):
    """Return the planted stories that the messages of a claim belong to."""
    found = set()
    for text in Message.objects.filter(claim_number=claim_id).values_list("text", flat=True):
        found |= {key for key, texts in stories.items() if text in texts} or {"nothing planted"}
    return found


@pytest.mark.parametrize("seed", range(20))
def test_the_brief_finds_what_was_planted_and_nothing_else(seed, tmp_path):
    truth = load(tmp_path, seed)
    stories = {story["key"]: set(story["texts"]) for story in truth["rumours"]}

    brief = compute_brief(actor=CLERK, now=NOW, seed=seed).brief

    told = [story_of(rumour.claim_id, stories) for rumour in brief.rumours]
    assert set().union(*told) == set(stories)
    spot = Place.objects.get(kato=truth["flash_point"]["kato"])
    tips = [excess for excess in brief.excesses if excess.stream == "tips"]
    assert [[place.id for place in excess.places] for excess in tips] == [[spot.pk]]
    # Fourteen incidents place the circle less sharply than hundreds of tips: it may reach over
    # to neighbours, but there is no second circle.
    others = [excess for excess in brief.excesses if excess.stream == "incidents"]
    assert len(others) <= 1
    assert all(spot.pk in {place.id for place in excess.places} for excess in others)
