"""What comes in: answers, outcomes, paper typed twice, links of one use, files of submissions."""

import pytest
from django.utils import timezone
from tests.support.factories import NOW, make_user
from tests.support.polls_factories import (
    CONVENIENCE,
    DESK,
    drawn,
    make_poll,
    opened,
)

from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.audit.services import verify
from qalqan.desk.platform.policies import Role
from qalqan.desk.polls.models import PaperSheet, Response, WebToken
from qalqan.desk.polls.services import collecting, polls
from qalqan.desk.polls.services.frames import BadRowsError
from qalqan.desk.polls.services.submissions import import_submissions
from qalqan.errors import ConflictError, InputError, RefusedError

pytestmark = pytest.mark.django_db
GOOD = {"heard": "yes", "where": "tv", "used": "tv net", "told": "4", "hours": "1,5"}


def batch_of(poll, channel="phone"):
    return collecting.open_batch(
        actor=DESK, poll=poll, channel=channel, now=NOW, cluster=poll.clusters.first()
    )


def test_answers_are_stored_without_anything_of_who_gave_them():
    poll = opened(drawn())
    batch = batch_of(poll)
    row = collecting.enter_answers(
        actor=DESK, batch=batch, given={**GOOD, "sex": "f", "remark": "Call +7 701 555 12 34"},
        now=NOW,
    )  # fmt: skip
    assert row.answers == {"heard": "yes", "where": "tv", "used": ["tv", "net"], "told": 4,
                           "hours": 1.5, "remark": row.answers["remark"]}  # fmt: skip
    assert "555" not in row.answers["remark"]
    assert row.day == NOW.date()
    assert (row.cluster, row.stratum) == (batch.cluster.unit.code, batch.stratum)
    names = {field.name for field in Response._meta.get_fields()}
    assert names == {
        "id", "poll", "batch", "stratum", "cluster", "district", "day", "age_band", "sex",
        "settlement", "is_partial", "answers",
    }  # fmt: skip
    keys = [
        collecting.enter_answers(actor=DESK, batch=batch, given=GOOD, now=NOW).pk
        for _one in range(12)
    ]
    assert keys != sorted(keys), "keys tell the order in which answers came in"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"heard": "maybe"}, "heard"),
        ({"heard": "yes", "where": "radio"}, "where"),
        ({"used": "tv radio"}, "used"),
        ({"told": "6"}, "told"),
        ({"told": "2.5"}, "told"),
        ({"hours": "a lot"}, "hours"),
        ({"heard": "yes", "age_band": "34"}, "age_band"),
        ({"heard": "yes", "sex": "x"}, "sex"),
    ],
)
def test_what_a_question_does_not_take_is_refused_by_field(given, field):
    batch = batch_of(opened(drawn()))
    with pytest.raises(collecting.AnswersError) as caught:
        collecting.enter_answers(actor=DESK, batch=batch, given=given, now=NOW)
    assert caught.value.location.field == field
    assert not Response.objects.exists()


def test_what_was_not_asked_is_left_out():
    batch = batch_of(opened(drawn()))
    row = collecting.enter_answers(actor=DESK, batch=batch, given={**GOOD, "heard": "no"}, now=NOW)
    assert "where" not in row.answers


def test_a_paper_sheet_counts_once_two_people_typed_the_same():
    batch = batch_of(opened(drawn()), "paper")
    first, second, third = (make_user(Role.ANALYST) for _one in range(3))

    def enter(actor, **changes):
        return collecting.enter_sheet(
            actor=actor, batch=batch, number=7, given={**GOOD, **changes}, now=NOW
        )

    assert enter(first).state == PaperSheet.State.ONCE
    with pytest.raises(ConflictError):
        enter(first)
    sheet = enter(second, told="3")
    assert (sheet.state, sheet.differences) == (PaperSheet.State.DIFFERS, ["told"])
    assert not Response.objects.exists()
    sheet = enter(third, told="3")
    assert (sheet.state, sheet.first) == (PaperSheet.State.STORED, {})
    assert Response.objects.get().answers["told"] == 3
    with pytest.raises(ConflictError):
        enter(first, told="3")


def test_a_link_works_once_and_nothing_ties_it_to_the_answers():
    batch = batch_of(opened(drawn()), "web")
    tokens = collecting.issue_links(actor=DESK, batch=batch, count=2, now=NOW)
    assert not WebToken.objects.filter(token_hash__in=tokens).exists(), "only hashes are kept"
    with pytest.raises(collecting.AnswersError):
        collecting.answer_by_link(token=tokens[0], given={"told": "9"}, now=NOW)
    collecting.answer_by_link(token=tokens[0], given=GOOD, now=NOW)
    with pytest.raises(ConflictError):
        collecting.answer_by_link(token=tokens[0], given=GOOD, now=NOW)
    assert WebToken.objects.get(used_on=NOW.date()).token_hash == collecting.token_hash(tokens[0])
    assert Response.objects.count() == 1
    said = AuditEntry.objects.get(action="polls.answer")
    local = timezone.localtime(said.written_at)
    assert (local.date(), local.hour, local.minute, local.second, local.microsecond) == (
        timezone.localdate(NOW), 0, 0, 0, 0,
    ), "the day of an answer, no minute"  # fmt: skip
    assert verify().ok
    assert not {f.related_model for f in Response._meta.get_fields()} & {WebToken}


def test_numbers_are_told_once_and_stored_nowhere():
    batch = batch_of(opened(drawn()))
    numbers = collecting.draw_numbers(actor=DESK, batch=batch, prefix="7 7132", count=40, now=NOW)
    assert len(set(numbers)) == 40
    assert all(number.startswith("+77132") and len(number) == 12 for number in numbers)
    batch.refresh_from_db()
    assert batch.issued == 40
    with pytest.raises(InputError):
        collecting.draw_numbers(actor=DESK, batch=batch, prefix="8 701", count=40, now=NOW)


def test_only_an_open_poll_takes_answers_and_only_from_collectors():
    poll = make_poll(drawn())
    with pytest.raises(ConflictError):
        batch_of(poll)
    poll = polls.open_poll(actor=DESK, poll=poll, now=NOW)
    batch = batch_of(poll)
    with pytest.raises(RefusedError):
        collecting.enter_answers(
            actor=make_user(Role.PRESS_OFFICER), batch=batch, given=GOOD, now=NOW
        )
    polls.close_poll(actor=DESK, poll=poll, now=NOW)
    batch.refresh_from_db()
    with pytest.raises(ConflictError):
        collecting.enter_answers(actor=DESK, batch=batch, given=GOOD, now=NOW)


def submit(poll, tmp_path, text, name="odk.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return import_submissions(actor=DESK, poll=poll, path=path, now=NOW)


def test_submissions_come_in_whole_and_once(tmp_path):
    poll = opened(drawn())
    area = poll.clusters.first().unit.code
    text = (
        "SubmissionDate,start,deviceid,about-cluster,day,g-heard,g-where,told,username,KEY\n"
        f"2026-03-01T10:11:12,x,imei:1,{area},2026-03-01,yes,net,2,dana,uuid:1\n"
        f"2026-03-01T10:15:12,x,imei:1,{area},2026-03-01,no,,5,dana,uuid:2\n"
    )
    batch = submit(poll, tmp_path, text)
    assert batch.issued == 2
    stored = Response.objects.values_list("answers", flat=True)
    assert sorted(row["told"] for row in stored) == [2, 5]
    with pytest.raises(ConflictError):
        submit(poll, tmp_path, text)


@pytest.mark.parametrize(
    ("row", "line", "field"),
    [
        ("nowhere,2026-03-01,yes,3", 3, "cluster"),
        ("{area},2026-04-01,yes,3", 3, "day"),
        ("{area},yesterday,yes,3", 3, "day"),
        ("{area},2026-03-01,perhaps,3", 3, "heard"),
        ("{area},2026-03-01,yes,7", 3, "told"),
        ("{area},2026-03-01,,", 3, None),
        ("{area},2026-03-01,yes", 3, None),
    ],
)
def test_a_bad_row_refuses_the_file_by_line_and_field(tmp_path, row, line, field):
    poll = opened(drawn())
    area = poll.clusters.first().unit.code
    text = f"cluster,day,heard,told\n{area},2026-03-01,yes,1\n{row.format(area=area)}\n"
    with pytest.raises(BadRowsError) as caught:
        submit(poll, tmp_path, text)
    assert (caught.value.location.line, caught.value.location.field) == (line, field)
    assert not Response.objects.exists()
    assert not poll.batches.exists()


@pytest.mark.parametrize(
    ("text", "field"),
    [("cluster,religion\nx,y\n", "religion"), ("cluster,phone\nx,1\n", "phone"),
     ("heard,g-heard\nyes,no\n", "g-heard")],
)  # fmt: skip
def test_an_unknown_column_is_named(tmp_path, text, field):
    poll = opened(CONVENIENCE)
    with pytest.raises(InputError) as caught:
        submit(poll, tmp_path, text)
    assert caught.value.location.field == field
