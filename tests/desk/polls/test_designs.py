"""A poll opens with a design or not at all; draws are the same for the same seed."""

import pytest
from django.db import IntegrityError
from tests.support.factories import NOW, make_user
from tests.support.polls_factories import (
    CONVENIENCE,
    DESK,
    drawn,
    make_frame,
    make_poll,
    opened,
)

from qalqan.desk.platform.policies import Role
from qalqan.desk.polls.models import FrameUnit, Poll
from qalqan.desk.polls.services import frames, polls
from qalqan.desk.polls.services.polls import DesignError, DesignFacts
from qalqan.errors import ConflictError, InputError, RefusedError

pytestmark = pytest.mark.django_db


def test_a_poll_without_a_design_stays_shut():
    poll = make_poll()
    with pytest.raises(DesignError):
        polls.open_poll(actor=DESK, poll=poll, now=NOW)
    with pytest.raises(IntegrityError):
        Poll.objects.filter(pk=poll.pk).update(state="open")


@pytest.mark.parametrize("method", ["srs", "stratified", "pps"])
def test_the_same_seed_draws_the_same_areas(method):
    frame = make_frame()
    first, again = (make_poll(drawn(method, frame=frame, seed=5)) for _one in range(2))
    other = make_poll(drawn(method, frame=frame, seed=6))
    chosen = [list(p.clusters.values_list("unit__code", "probability")) for p in
              (first, again, other)]  # fmt: skip
    assert chosen[0] == chosen[1]
    assert chosen[0] != chosen[2]
    assert len(chosen[0]) == 9
    expected = 1 if method == "srs" else 3
    assert first.strata.count() == expected


def test_chances_are_in_proportion_to_size():
    poll = make_poll(drawn("pps"))
    for row in poll.clusters.select_related("unit"):
        units = FrameUnit.objects.filter(frame=poll.frame, stratum=row.stratum)
        total = sum(unit.size for unit in units)
        assert row.probability == pytest.approx(3 * row.unit.size / total)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (lambda: DesignFacts(kind=""), "kind"),
        (lambda: DesignFacts(kind="probability"), "populations"),
        (lambda: DesignFacts(kind="probability", method="pps"), "frame"),
        (lambda: drawn(areas=5), "areas"),
        (lambda: drawn(areas=19), "areas"),
        (lambda: drawn(frame=make_frame(areas=1)), "frame"),
    ],
)
def test_a_design_that_is_not_whole_is_refused(facts, field):
    with pytest.raises(DesignError) as caught:
        make_poll(facts())
    assert caught.value.location.field == field


def test_a_weighting_needs_its_totals():
    poll = make_poll(drawn(adjustment="rake"))
    with pytest.raises(DesignError):
        polls.open_poll(actor=DESK, poll=poll, now=NOW)
    rows = [("sex", "f", 9000.0), ("sex", "m", 8000.0)]
    polls.set_margins(actor=DESK, poll=poll, rows=rows, origin="Census", now=NOW)
    assert polls.open_poll(actor=DESK, poll=poll, now=NOW).state == Poll.State.OPEN
    with pytest.raises(InputError):
        polls.set_margins(actor=DESK, poll=poll, rows=rows * 2, origin="Census", now=NOW)
    assert poll.margins.count() == 2
    polls.close_poll(actor=DESK, poll=poll, now=NOW)
    # The row in memory still says that it is open.
    with pytest.raises(ConflictError):
        polls.set_margins(actor=DESK, poll=poll, rows=rows[:1], origin="Census", now=NOW)
    assert poll.margins.count() == 2


def test_the_design_of_an_opened_poll_is_never_changed():
    poll = opened(CONVENIENCE)
    with pytest.raises(ConflictError):
        polls.set_design(actor=DESK, poll=poll, facts=drawn(), now=NOW)


def test_waves_and_codes_are_taken_once_and_by_makers_only():
    make_poll(code="one", series="s", wave=1)
    with pytest.raises(ConflictError):
        make_poll(code="two", series="s", wave=1)
    facts = polls.PollFacts("x", {}, "s", 2, 0, NOW.date(), NOW.date())
    with pytest.raises(RefusedError):
        polls.create_poll(actor=make_user(Role.GROUP_WORKER), facts=facts, now=NOW)


def read_frame(tmp_path, rows):
    path = tmp_path / "frame.csv"
    path.write_text("code,label,place,stratum,size,settlement\n" + rows, encoding="utf-8")
    return frames.import_frame(actor=DESK, path=path, name="F", origin="File", now=NOW)


def test_a_frame_is_read_whole(tmp_path):
    place = make_frame(strata=1).units.first().place
    rows = "".join(f"u{n},Area {n},{place.name_en},north,{500 + n},rural\n" for n in range(5))
    frame = read_frame(tmp_path, rows)
    assert frame.units.count() == 5
    assert frame.units.first().size == 500


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("u1,Area,{p},north,500,rural", "code"),
        (",Area,{p},north,500,rural", "code"),
        ("u2,Area,Atlantis,north,500,rural", "place"),
        ("u2,Area,{p},,500,rural", "stratum"),
        ("u2,Area,{p},north,0,rural", "size"),
        ("u2,Area,{p},north,many,rural", "size"),
        ("u2,Area,{p},north,500,castle", "settlement"),
    ],
)
def test_a_bad_area_refuses_the_frame_by_line_and_field(tmp_path, row, field):
    place = make_frame(strata=1).units.first().place.name_en
    with pytest.raises(frames.BadRowsError) as caught:
        read_frame(tmp_path, f"u1,Area,{place},north,500,rural\n{row.format(p=place)}\n")
    assert (caught.value.location.line, caught.value.location.field) == (3, field)
