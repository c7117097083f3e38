"""Results: hand-computed figures, weights that meet totals, and no doubt where none is known."""

import json
import math

import pytest
from django.test import Client
from django.urls import reverse
from tests.support.factories import NOW, make_user, sign_in
from tests.support.polls_factories import (
    CONVENIENCE,
    DESK,
    answer_everywhere,
    drawn,
    make_poll,
    opened,
)

from qalqan.desk.platform.policies import Role
from qalqan.desk.platform.releases.models import Release
from qalqan.desk.polls import present, selectors
from qalqan.desk.polls.models import PollEdition
from qalqan.desk.polls.services import collecting, polls
from qalqan.desk.polls.services.estimating import EstimateError, compute
from qalqan.desk.polls.services.polls import DesignFacts
from qalqan.desk.polls.services.publishing import publish
from qalqan.errors import ConflictError

pytestmark = pytest.mark.django_db


def closed_with_results(design, **changes):
    poll = opened(design, **changes)
    answer_everywhere(poll, 12 if design.method else 60)
    poll = polls.close_poll(actor=DESK, poll=poll, now=NOW)
    return poll, compute(actor=DESK, poll=poll, now=NOW)


def row_of(edition, key, by="all", level=""):
    measure = next(m for m in edition.content["measures"] if m["key"] == key)
    return next(r for r in measure["rows"] if (r["by"], r["key"]) == (by, level))


def test_people_drawn_one_by_one_by_strata_as_by_hand():
    design = DesignFacts(kind="probability", areas=60, populations={"a": 1000, "b": 3000})
    poll = opened(design)
    for stratum, said in (("a", ["yes"] * 16 + ["no"] * 4), ("b", ["yes"] * 10 + ["no"] * 30)):
        batch = collecting.open_batch(
            actor=DESK, poll=poll, channel="phone", now=NOW, stratum=stratum
        )
        for word in said:
            collecting.enter_answers(actor=DESK, batch=batch, given={"heard": word}, now=NOW)
    row = row_of(compute(actor=DESK, poll=poll, now=NOW), "heard.counted")
    share_a, share_b = 16 / 20, 10 / 40
    assert row["value"] == pytest.approx(0.25 * share_a + 0.75 * share_b)
    # Cochran (1977), equation 5.8, with finite populations.
    variance = 0.25**2 * (1 - 20 / 1000) * share_a * (1 - share_a) / 19
    variance += 0.75**2 * (1 - 40 / 3000) * share_b * (1 - share_b) / 39
    assert row["se"] == pytest.approx(math.sqrt(variance), rel=1e-9)
    assert (row["n"], row["df"]) == (60, 58)


def test_weights_meet_the_known_totals_within_their_bounds():
    poll = make_poll(drawn(adjustment="calibrate", trim_low=0.3, trim_high=3.0))
    rows = [("sex", "f", 12000.0), ("sex", "m", 10000.0)]
    polls.set_margins(actor=DESK, poll=poll, rows=rows, origin="Census", now=NOW)
    poll = polls.open_poll(actor=DESK, poll=poll, now=NOW)
    answer_everywhere(poll)
    edition = compute(actor=DESK, poll=poll, now=NOW)
    log = edition.content["weights"]
    assert edition.content["design"]["population"] == pytest.approx(22000)
    assert log["converged"]
    assert 0.3 <= log["factors"]["least"] <= log["factors"]["greatest"] <= 3.0


def test_too_few_answers_give_no_results():
    poll = opened(CONVENIENCE)
    with pytest.raises(EstimateError):
        compute(actor=DESK, poll=poll, now=NOW)


WORDS_OF_DOUBT = (
    "interval", "±", "margin of error of", "design effect", "degrees of freedom", "deff",
    "effective", "95 %", "p-value", "rr1", "welch", '"se"', '"low"', '"high"', '"df"',
)  # fmt: skip


def has_doubt(text):
    return [word for word in WORDS_OF_DOUBT if word in text.lower()]


def test_a_convenience_sample_never_shows_a_margin_anywhere():
    poll, edition = closed_with_results(CONVENIENCE, series="s", wave=1)
    _second, later = closed_with_results(CONVENIENCE, series="s", wave=2)
    stored = json.dumps(later.content)
    assert has_doubt(stored) == []
    assert "changes" not in later.content
    publish(actor=DESK, edition=edition, now=NOW)
    staff = sign_in(Client(), make_user(Role.ANALYST))
    addresses = [
        (staff, reverse("polls:results", args=[poll.pk])),
        (staff, reverse("polls:results_file", args=[poll.pk, "csv"])),
        (staff, reverse("polls:results_file", args=[poll.pk, "json"])),
        (staff, reverse("polls:poll", args=[poll.pk])),
        (staff, reverse("polls:trust")),
        (Client(), reverse("public:poll", args=["en", poll.code])),
        (Client(), reverse("public:poll_file", args=["en", poll.code, "csv"])),
        (Client(), reverse("public:poll_file", args=["en", poll.code, "json"])),
    ]
    for client, address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert has_doubt(answer.content.decode()) == [], address
    assert "Convenience sample" in Client().get(addresses[5][1]).content.decode()
    probability, _edition = closed_with_results(drawn())
    page = staff.get(reverse("polls:results", args=[probability.pk])).content.decode()
    assert len(has_doubt(page)) >= 4, "the words that are looked for do occur where doubt is known"


def test_a_small_count_and_a_conditional_question_are_withheld_outside():
    poll = opened(drawn())
    for number, batch in enumerate(answer_everywhere(poll)):
        if number == 0:
            collecting.enter_answers(
                actor=DESK, batch=batch, now=NOW,
                given={"heard": "yes", "where": "tv", "sex": "f", "age_band": "65_up"},
            )  # fmt: skip
    poll = polls.close_poll(actor=DESK, poll=poll, now=NOW)
    edition = publish(actor=DESK, edition=compute(actor=DESK, poll=poll, now=NOW), now=NOW)
    assert edition.state == PollEdition.State.PUBLISHED, edition.reason
    assert ["heard.counted", "age_band", "65_up"] in edition.withheld
    inside, outside = selectors.shown(edition), selectors.published(poll.code)
    assert next(f for f in inside.measure("heard.counted").by("age_band") if f.key == "65_up").n
    hidden = [f for f in outside.measure("heard.counted").by("age_band") if f.key == "65_up"]
    assert [(f.value, f.n, f.source) for f in hidden] == [(None, None, "withheld")]
    assert {f.source for f in outside.measure("where.counted").by("sex")} == {"withheld"}
    with pytest.raises(ConflictError):
        publish(actor=DESK, edition=edition, now=NOW)


def test_an_open_poll_is_not_published():
    poll = opened(drawn())
    answer_everywhere(poll)
    with pytest.raises(ConflictError):
        publish(actor=DESK, edition=compute(actor=DESK, poll=poll, now=NOW), now=NOW)


def test_waves_are_tested_against_each_other():
    closed_with_results(drawn(), series="s", wave=1)
    _poll, edition = closed_with_results(drawn(seed=9), series="s", wave=2)
    rows = {(r["measure"], r["by"]): r for r in edition.content["changes"] if r["by"] == "all"}
    row = rows["heard.counted", "all"]
    before = PollEdition.objects.get(poll__series="s", poll__wave=1)
    old = row_of(before, "heard.counted")
    assert row["difference"] == pytest.approx(row["now"] - old["value"])
    assert row["se"] == pytest.approx(math.hypot(old["se"], row_of(edition, "heard.counted")["se"]))
    assert row["p"] <= row["q"] <= 1


def test_a_change_outside_tells_no_figure_that_either_wave_withholds():
    first, before = closed_with_results(drawn(), series="s", wave=1)
    publish(actor=DESK, edition=before, now=NOW)
    second, edition = closed_with_results(drawn(seed=9), series="s", wave=2)
    whole = next(r for r in edition.content["changes"] if r["measure"] == "heard.counted")
    by_sex = [{**whole, "by": "sex", "key": sex} for sex in ("f", "m")]
    edition.content["changes"] = [whole, *by_sex]
    edition.save()
    edition = publish(actor=DESK, edition=edition, now=NOW)

    def told(shown):
        return {
            (r["measure"], r["by"], r["key"]) for r in present.changes(shown) if r["by"] != "all"
        }

    target = ("heard.counted", "sex", "f")
    assert len(told(selectors.shown(edition))) == 2
    assert target in told(selectors.published(second.code))
    for poll in (first, second):
        row = poll.editions.get(state=PollEdition.State.PUBLISHED)
        kept = row.withheld
        row.withheld = [*kept, list(target)]
        row.save()
        assert target not in told(selectors.published(second.code))
        row.withheld = kept
        row.save()
    poll_page = Client().get(reverse("public:poll", args=["en", second.code]))
    assert poll_page.status_code == 200


def test_where_a_total_is_withheld_no_group_of_that_question_is_told():
    poll = opened(CONVENIENCE)
    given = {"heard": "no", "age_band": "18_24", "sex": "f"}
    batch = collecting.open_batch(actor=DESK, poll=poll, channel="phone", now=NOW)
    for number in range(60):
        collecting.enter_answers(
            actor=DESK, batch=batch, now=NOW,
            given=given | ({"heard": "yes", "sex": "m"} if number < 2 else {}),
        )  # fmt: skip
    poll = polls.close_poll(actor=DESK, poll=poll, now=NOW)
    edition = publish(actor=DESK, edition=compute(actor=DESK, poll=poll, now=NOW), now=NOW)
    outside = selectors.published(poll.code)
    assert edition.state == PollEdition.State.PUBLISHED, edition.reason
    totals = [
        cell for release in Release.objects.all() for table in release.tables.all()
        for cell in table.cells if cell[1] is None and cell[0][0] == "total"
    ]  # fmt: skip
    assert totals, "two who heard among sixty: their number is withheld"
    figures = [f for f in outside.measure("heard.counted").figures if f.by != "all"]
    assert figures
    assert {f.value for f in figures} == {None}
