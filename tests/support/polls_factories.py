"""Polls for tests: a questionnaire, a frame of four strata, polls in any state."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.support.factories import NOW
from tests.support.places_factories import make_place

from qalqan.desk.platform.policies import SystemActor
from qalqan.desk.polls.models import Batch, FrameUnit, Poll, QuestionnaireVersion, SamplingFrame
from qalqan.desk.polls.questionnaire_spec import ChoiceSpec, QuestionnaireSpec, QuestionSpec
from qalqan.desk.polls.services import collecting, polls, questionnaires

DESK = SystemActor("tests")


def texts(text: str) -> dict[str, str]:
    """Return the same text in three languages."""
    return {code: f"{text} {code}" for code in ("kk", "ru", "en")}


def spec(**changes: Any) -> QuestionnaireSpec:
    """Return a questionnaire of every kind of question."""
    choices = (ChoiceSpec("tv", texts("TV")), ChoiceSpec("net", texts("Net")))
    values: dict[str, Any] = {
        "code": "media", "names": texts("Media"),
        "questions": (
            QuestionSpec("heard", "yes_no", texts("Heard?"), counts=("yes",)),
            QuestionSpec("where", "one", texts("Where?"), choices, relevant="${heard} = 'yes'"),
            QuestionSpec("used", "many", texts("Used?"), choices, counts=("net",)),
            QuestionSpec("told", "scale", texts("Told?"), low=1, high=5),
            QuestionSpec("hours", "decimal", texts("Hours?")),
            QuestionSpec("remark", "text", texts("Remark?")),
        ),
    }  # fmt: skip
    return QuestionnaireSpec(**{**values, **changes})


def make_version() -> QuestionnaireVersion:
    """Store the questionnaire and put it in use; once."""
    found = QuestionnaireVersion.objects.filter(questionnaire__code="media").first()
    if found is not None:
        return found
    version = questionnaires.store_version(actor=DESK, spec=spec(), now=NOW)
    return questionnaires.publish_version(actor=DESK, version=version, now=NOW)


def make_frame(strata: int = 3, areas: int = 6, size: int = 1000) -> SamplingFrame:
    """Store a frame with so many strata of so many areas, each in a district of its own."""
    frame = SamplingFrame.objects.create(
        name=f"Frame {SamplingFrame.objects.count()}", origin="Made up", made_on=NOW.date()
    )
    for stratum in range(strata):
        place = make_place(f"District {frame.pk} {stratum}", kind="district")
        FrameUnit.objects.bulk_create(
            FrameUnit(frame=frame, code=f"{frame.pk}-{stratum}-{area}", label=f"Area {area}",
                      place=place, stratum=f"s{stratum}", size=size + 100 * area)
            for area in range(areas)
        )  # fmt: skip
    return frame


def make_poll(design: polls.DesignFacts | None = None, **changes: Any) -> Poll:
    """Store a poll, with a design where one is given."""
    number = Poll.objects.count() + 1
    values: dict[str, Any] = {
        "code": f"poll{number}", "titles": texts("Poll"), "series": f"series{number}", "wave": 1,
        "questionnaire_id": make_version().pk, "starts_on": date(2026, 2, 20),
        "ends_on": date(2026, 3, 10),
    }  # fmt: skip
    facts = polls.PollFacts(**{**values, **changes})
    poll = polls.create_poll(actor=DESK, facts=facts, now=NOW)
    return polls.set_design(actor=DESK, poll=poll, facts=design, now=NOW) if design else poll


CONVENIENCE = polls.DesignFacts(kind="convenience")


def drawn(method: str = "pps", **changes: Any) -> polls.DesignFacts:
    """Return a design that draws areas."""
    frame = changes.pop("frame", None) or make_frame()
    values = {"kind": "probability", "frame_id": frame.pk, "method": method, "areas": 9, "seed": 3}
    return polls.DesignFacts(**{**values, **changes})


def opened(design: polls.DesignFacts, **changes: Any) -> Poll:
    """Store an open poll."""
    return polls.open_poll(actor=DESK, poll=make_poll(design, **changes), now=NOW)


def answer_everywhere(poll: Poll, per_area: int = 12) -> list[Batch]:
    """Store answers in every drawn area, or in one batch; every third heard nothing."""
    places = list(poll.clusters.all()) or [None]
    batches = []
    for number, cluster in enumerate(places):
        batch = collecting.open_batch(
            actor=DESK, poll=poll, channel="phone", now=NOW, cluster=cluster
        )
        for one in range(per_area):
            collecting.enter_answers(
                actor=DESK, batch=batch, now=NOW,
                given={"heard": "no" if (one + number) % 3 == 0 else "yes",
                       "told": str(1 + (one * 2 + number) % 5), "used": "net" if one % 2 else "tv",
                       "sex": "fm"[one % 2], "age_band": ("18_24", "35_44")[one % 4 > 1]},
            )  # fmt: skip
        batches.append(batch)
    return batches
