"""What people fill in about claims."""

from __future__ import annotations

from qalqan.desk.rumours.forms import AnswerForm


def test_no_verdict_is_chosen_for_anybody() -> None:
    form = AnswerForm()
    assert form["verdict"].value() is None
    assert '<option value="" selected>' in str(form["verdict"])
    filled = AnswerForm({"text": "The water is clean.", "language": "en"})
    assert not filled.is_valid()
    assert "verdict" in filled.errors
