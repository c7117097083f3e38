"""What people fill in about claims."""

from __future__ import annotations

from qalqan.desk.rumours.answer_forms import VerdictForm


def test_no_verdict_is_chosen_for_anybody() -> None:
    form = VerdictForm(items=[])
    assert form["value"].value() is None
    assert '<option value="" selected>' in str(form["value"])
    filled = VerdictForm({"reason": "The water is clean."}, items=[])
    assert not filled.is_valid()
    assert "value" in filled.errors
