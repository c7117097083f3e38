"""Open questions stay on the brief until they are answered or declared unanswerable."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.support import brief_factories as made
from tests.support.factories import NOW, make_organisation, make_user
from tests.support.incidents_factories import make_incident

from qalqan.desk.brief.candidates import candidates
from qalqan.desk.brief.present.questions import sections
from qalqan.desk.brief.services.questions import asked
from qalqan.desk.incidents.services import questions
from qalqan.desk.platform.policies import Role, SystemActor

pytestmark = pytest.mark.django_db
CLERK = SystemActor("test")


def brief_now():
    """Return a quiet brief with the questions that are open five days from now."""
    moment = NOW + timedelta(days=5)
    questions_now, number = asked(CLERK, moment)
    return made.quiet(as_of=moment, questions=questions_now, questions_all=number)


def first_lines(brief):
    return [one.subject.question for one in candidates(brief) if one.kind == "question"]


def test_a_question_stays_until_it_is_closed():
    officer = make_user(Role.DUTY_OFFICER)
    question = questions.ask(
        actor=officer, incident=make_incident(), question="Who had the keys?", now=NOW,
        organisation=make_organisation(name="Water office"), due_at=NOW + timedelta(days=3),
    )  # fmt: skip
    brief = brief_now()
    (section,) = sections(brief)
    (line,) = section.lines
    assert line.headline == "Who had the keys?"
    assert line.facts[0].value == "Water office"
    assert line.badges[0].text == "overdue by 2 d"
    assert first_lines(brief) == ["Who had the keys?"]
    questions.close_question(
        actor=officer, question=question, answered=False, answer="The log burnt.", now=NOW
    )
    assert sections(brief_now()) == ()
    assert first_lines(brief_now()) == []
