"""Alert → Update → Cancel: what stands, whatever the order of arrival."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qalqan.cap.chain import Chain, Fault, Received, State, expires_at, key_of
from qalqan.cap.model import (
    Alert,
    CapTime,
    Category,
    Certainty,
    Info,
    MsgType,
    Reference,
    Scope,
    Severity,
    Status,
    Urgency,
)

START = dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC)
END = START + dt.timedelta(hours=12)
LATER = START + dt.timedelta(hours=6)


def message(
    number: int,
    kind: MsgType = MsgType.ALERT,
    *refers: Alert | Reference,
    minute: int | None = None,
    sender: str = "duty@example.kz",
    status: Status = Status.ACTUAL,
    expires: dt.datetime | None = END,
) -> Alert:
    """Return a message sent ``number`` minutes after the start."""
    sent = START + dt.timedelta(minutes=number if minute is None else minute)
    info = Info(
        categories=(Category.SAFETY,),
        event="Flood",
        urgency=Urgency.IMMEDIATE,
        severity=Severity.SEVERE,
        certainty=Certainty.LIKELY,
        expires=CapTime.of(expires) if expires else None,
    )
    return Alert(
        identifier=f"m{number}",
        sender=sender,
        sent=CapTime.of(sent),
        status=status,
        msg_type=kind,
        scope=Scope.PUBLIC,
        references=tuple(r if isinstance(r, Reference) else r.reference for r in refers),
        infos=(info,),
    )


def _states(chain: Chain, *alerts: Alert, at: dt.datetime = LATER) -> list[State]:
    return [chain.standing(key_of(alert), at).state for alert in alerts]


def _faults(chain: Chain) -> list[Fault]:
    return [problem.fault for problem in chain.problems()]


FIRST = message(1)
SECOND = message(2, MsgType.UPDATE, FIRST)
THIRD = message(3, MsgType.UPDATE, SECOND)
CANCEL = message(4, MsgType.CANCEL, THIRD)


def test_update_supersedes_and_cancel_cancels() -> None:
    chain = Chain([FIRST])
    assert chain.in_force(LATER) == (FIRST,)
    chain.add(SECOND)
    chain.add(THIRD)
    assert chain.in_force(LATER) == (THIRD,)
    chain.add(CANCEL)
    assert chain.in_force(LATER) == ()
    assert _states(chain, FIRST, SECOND, THIRD, CANCEL) == [
        State.SUPERSEDED,
        State.SUPERSEDED,
        State.CANCELLED,
        State.NO_WARNING,
    ]
    assert chain.problems() == ()
    assert chain.standing(key_of(THIRD), LATER).by == key_of(CANCEL)


@pytest.mark.parametrize("order", list(itertools.permutations([FIRST, SECOND, THIRD, CANCEL])))
def test_the_order_of_arrival_does_not_matter(order: tuple[Alert, ...]) -> None:
    chain = Chain(order)
    assert chain.in_force(LATER) == ()
    assert chain.problems() == ()


def test_the_past_stays_as_it_was() -> None:
    chain = Chain([FIRST, SECOND, THIRD, CANCEL])
    minutes = [START + dt.timedelta(minutes=number) for number in range(5)]
    found = [[alert.identifier for alert in chain.in_force(at)] for at in minutes]
    assert found == [[], ["m1"], ["m2"], ["m3"], []]


def test_a_cancel_that_comes_first_still_cancels() -> None:
    chain = Chain([message(2, MsgType.CANCEL, FIRST)])
    assert _faults(chain) == [Fault.UNKNOWN_REFERENCE]
    assert chain.add(FIRST) == Received.NEW
    assert chain.in_force(LATER) == ()
    assert chain.problems() == ()


def test_a_cancel_of_the_first_only_leaves_the_update_and_says_so() -> None:
    chain = Chain([FIRST, SECOND, message(3, MsgType.CANCEL, FIRST)])
    assert chain.in_force(LATER) == (SECOND,)
    [problem] = chain.problems()
    assert (problem.fault, problem.about) == (Fault.PARTIAL, str(key_of(SECOND)))


def test_an_update_must_name_every_live_predecessor() -> None:
    other = message(2)
    joined = message(3, MsgType.UPDATE, FIRST, other)
    fork = message(4, MsgType.UPDATE, FIRST)
    chain = Chain([FIRST, other, joined, fork])
    assert _faults(chain) == [Fault.PARTIAL]
    assert chain.in_force(LATER) == (joined, fork)
    assert chain.references_for(key_of(FIRST), LATER) == (joined.reference, fork.reference)
    before = START + dt.timedelta(minutes=2)
    assert chain.references_for(key_of(FIRST), before) == (FIRST.reference,)
    chain.add(message(5, MsgType.CANCEL, joined, fork))
    assert chain.in_force(LATER) == ()
    assert _faults(chain) == [Fault.PARTIAL]


def test_what_joins_the_thread_later_need_not_be_named_before() -> None:
    other = message(2)
    update = message(3, MsgType.UPDATE, FIRST)
    chain = Chain([FIRST, other, update, message(4, MsgType.CANCEL, update, other)])
    assert chain.problems() == ()
    assert chain.in_force(LATER) == ()


def test_what_has_expired_need_not_be_named() -> None:
    short = message(1, expires=START + dt.timedelta(minutes=2))
    update = message(3, MsgType.UPDATE, short)
    chain = Chain([short, update, message(9, MsgType.UPDATE, update)])
    assert chain.problems() == ()
    lone = Chain([short])
    assert _states(lone, short, at=LATER) == [State.EXPIRED]
    assert lone.in_force(LATER) == ()
    assert lone.references_for(key_of(short), LATER) == ()


def test_expiry_counts_the_last_block_and_an_open_one_never_ends() -> None:
    open_end = message(1, expires=None)
    assert expires_at(open_end) is None
    assert Chain([open_end]).in_force(START + dt.timedelta(days=99)) == (open_end,)
    bounded = Chain([open_end], default_life=dt.timedelta(hours=1))
    assert bounded.in_force(LATER) == ()
    assert expires_at(FIRST) == END


@pytest.mark.parametrize("kind", [MsgType.UPDATE, MsgType.CANCEL])
def test_strangers_replace_nothing(kind: MsgType) -> None:
    chain = Chain([FIRST, message(2, kind, FIRST, sender="other@example.kz")])
    assert FIRST in chain.in_force(LATER)
    assert Fault.FOREIGN_SENDER in _faults(chain)
    trusting = Chain(chain.alerts.values(), may_replace=lambda new, old: True)
    assert FIRST not in trusting.in_force(LATER)


@pytest.mark.parametrize("status", [Status.EXERCISE, Status.TEST, Status.SYSTEM, Status.DRAFT])
@pytest.mark.parametrize("kind", [MsgType.UPDATE, MsgType.CANCEL])
def test_an_exercise_never_touches_a_real_warning(status: Status, kind: MsgType) -> None:
    chain = Chain([FIRST, message(2, kind, FIRST, status=status)])
    assert chain.in_force(LATER) == (FIRST,)
    assert _faults(chain) == [Fault.OTHER_STATUS]


def test_exercises_are_asked_for_by_name() -> None:
    drill = message(2, status=Status.EXERCISE)
    chain = Chain([FIRST, drill, message(3, status=Status.DRAFT)])
    assert chain.in_force(LATER) == (FIRST,)
    assert chain.in_force(LATER, status=Status.EXERCISE) == (drill,)
    assert chain.in_force(LATER, status=Status.DRAFT) == ()


def test_answers_are_kept_and_replace_nothing() -> None:
    ack = message(2, MsgType.ACK, FIRST, sender="siren@example.kz")
    error = message(3, MsgType.ERROR, FIRST, sender="gate@example.kz")
    chain = Chain([ack, error, FIRST])
    standing = chain.standing(key_of(FIRST), LATER)
    assert (standing.acknowledged, standing.rejected) == ((key_of(ack),), (key_of(error),))
    assert chain.in_force(LATER) == (FIRST,)
    assert _states(chain, ack, error) == [State.NO_WARNING] * 2


@pytest.mark.parametrize("kind", [MsgType.UPDATE, MsgType.CANCEL, MsgType.ACK, MsgType.ERROR])
def test_whoever_must_refer_and_does_not_is_told(kind: MsgType) -> None:
    chain = Chain([FIRST, message(2, kind)])
    assert _faults(chain) == [Fault.NO_REFERENCE]
    assert FIRST in chain.in_force(LATER)


def test_references_that_name_nothing() -> None:
    bad = Reference("m1")
    unknown = Reference("duty@example.kz,m9,2026-11-22T07:00:00+05:00")
    time = Reference(f"{FIRST.sender},{FIRST.identifier},2026-11-22T09:00:00+05:00")
    chain = Chain([FIRST, message(2, MsgType.CANCEL, bad, unknown, time)])
    assert sorted(_faults(chain)) == sorted(
        [Fault.BAD_REFERENCE, Fault.UNKNOWN_REFERENCE, Fault.OTHER_TIME]
    )
    assert chain.in_force(LATER) == (FIRST,)


def test_one_moment_in_two_zones_is_one_name() -> None:
    moved = Reference(f"{FIRST.sender},{FIRST.identifier},2026-11-22T07:01:00+05:00")
    assert Chain([FIRST, message(2, MsgType.CANCEL, moved)]).in_force(LATER) == ()


def test_an_alert_that_refers_replaces_nothing() -> None:
    chain = Chain([FIRST, message(2, MsgType.ALERT, FIRST)])
    assert _faults(chain) == [Fault.ALERT_REFERS]
    assert len(chain.in_force(LATER)) == 2


def test_duplicates_and_reused_identifiers() -> None:
    chain = Chain([FIRST])
    assert chain.add(message(1)) == Received.DUPLICATE
    assert chain.add(message(1, expires=LATER)) == Received.CONFLICT
    assert chain.alerts == {key_of(FIRST): FIRST}
    assert _faults(chain) == [Fault.IDENTIFIER_REUSED]


def test_a_clock_that_ran_back_still_cancels_and_is_told() -> None:
    chain = Chain([FIRST, message(2, MsgType.CANCEL, FIRST, minute=0)])
    assert chain.in_force(LATER) == ()
    assert [(p.fault, p.has_effect) for p in chain.problems()] == [(Fault.EARLIER, True)]


def test_circles_replace_nothing() -> None:
    names = {
        number: Reference(f"duty@example.kz,m{number},2026-11-22T02:01:00-00:00")
        for number in (1, 2, 3)
    }
    ring = [
        message(number, MsgType.UPDATE, names[number % 3 + 1], minute=1) for number in (1, 2, 3)
    ]
    own = message(4, MsgType.CANCEL, Reference("duty@example.kz,m4,2026-11-22T02:04:00-00:00"))
    chain = Chain([*ring, own])
    assert len(chain.in_force(LATER)) == 3
    assert _faults(chain).count(Fault.CYCLE) == 4


@st.composite
def histories(draw: st.DrawFn) -> list[Alert]:
    """Return messages that refer to whatever earlier ones they like."""
    found: list[Alert] = []
    for number in range(1, draw(st.integers(1, 9)) + 1):
        kind = draw(st.sampled_from(list(MsgType))) if found else MsgType.ALERT
        refers = draw(st.lists(st.sampled_from(found), unique=True)) if found else []
        status = draw(st.sampled_from([Status.ACTUAL, Status.ACTUAL, Status.EXERCISE]))
        sender = draw(st.sampled_from(["a@b.kz", "a@b.kz", "c@d.kz"]))
        minute = draw(st.integers(0, 9))
        found.append(message(number, kind, *refers, minute=minute, status=status, sender=sender))
    return found


@settings(max_examples=100)
@given(histories(), st.randoms(use_true_random=False), st.integers(0, 20))
def test_every_order_gives_the_same_chain(history: list[Alert], rng, minute: int) -> None:
    at = START + dt.timedelta(minutes=minute)
    shuffled = history * 2
    rng.shuffle(shuffled)
    one, other = Chain(history), Chain(shuffled)
    assert one.in_force(at) == other.in_force(at)
    assert one.problems() == other.problems()


@settings(max_examples=100)
@given(histories())
def test_naming_what_must_be_named_leaves_nothing_of_the_thread(history: list[Alert]) -> None:
    chain = Chain(history)
    first = history[0]
    refers = chain.references_for(key_of(first), LATER)
    cancel = message(99, MsgType.CANCEL, *refers, status=first.status, sender=first.sender)
    thread = chain.thread(key_of(first))
    chain.add(cancel)
    left = chain.in_force(LATER, status=first.status)
    assert not [a for a in left if key_of(a) in thread and a.sender == first.sender]
    if refers:
        assert not [p for p in chain.problems() if p.message == key_of(cancel)]


@settings(max_examples=100)
@given(histories())
def test_only_a_named_message_ever_leaves_before_its_time(history: list[Alert]) -> None:
    named = {str(r) for a in history if a.msg_type in ("Update", "Cancel") for r in a.references}
    chain = Chain(history)
    for alert in history:
        if alert.msg_type in ("Alert", "Update") and str(alert.reference) not in named:
            assert chain.standing(key_of(alert), LATER).state == State.IN_FORCE
