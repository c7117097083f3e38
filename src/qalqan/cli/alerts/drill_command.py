"""``qalqan alerts drill``: plan exercises and read what they showed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from qalqan.cli.console import print_json, say
from qalqan.cli.desk import now, open_desk
from qalqan.errors import InputError

if TYPE_CHECKING:
    from qalqan.desk.alerts.models import Drill

EXAMPLES = (
    'Examples: qalqan alerts drill --plan "Spring flood" --at 2026-12-01T10:00:00+05:00 · '
    "qalqan alerts drill --begin 3 --as duty · qalqan alerts drill --report 3 --json"
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("drill", epilog=EXAMPLES)(drill)


def drill(
    plan: Annotated[str | None, typer.Option(help="Plan an exercise of this title.")] = None,
    at: Annotated[str | None, typer.Option(help="When it is planned for; with --plan.")] = None,
    begin: Annotated[
        int | None, typer.Option(help="Begin this exercise: its warning waits to be written.")
    ] = None,
    template: Annotated[str, typer.Option(help="Template of its warning; with --begin.")] = "",
    user: Annotated[
        str, typer.Option("--as", help="Account that plans or begins it; its rights hold.")
    ] = "",
    report: Annotated[int | None, typer.Option(help="Print what this one showed.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Plan or begin an exercise, or tell what it showed; without options, list them.

    The warning of an exercise is written and approved by two people in the browser and goes the
    whole way of a real one, to those that take part. The report tells the time to approve, to
    the first and to 95 in 100 deliveries, and what failed.
    """
    if sum(option is not None for option in (plan, begin, report)) > 1:
        raise InputError("give one of --plan, --begin and --report")
    open_desk()
    if plan is not None:
        result = _plan(plan, at, user)
    elif begin is not None:
        result = _begin(begin, template, user)
    elif report is not None:
        result = _report(report)
    else:
        result = {"drills": _listed()}
    if json:
        print_json(result)
    else:
        _tell(result)


def _tell(result: dict[str, Any]) -> None:
    for row in result.get("drills", [result]):
        for name, value in row.items():
            say(f"{name}: {'–' if value is None else value}")
        say()


def _plan(title: str, at: str | None, user: str) -> dict[str, Any]:
    from qalqan.cli.cap.files import moment_of
    from qalqan.desk.alerts.services.drills import plan_drill

    moment = moment_of(at, "--at")
    if moment is None:
        raise InputError("--plan needs --at", hint="--at 2026-12-01T10:00:00+05:00")
    found = plan_drill(actor=_account(user), title=title, planned_at=moment, now=now())
    return _row(found)


def _begin(number: int, template: str, user: str) -> dict[str, Any]:
    from qalqan.desk.alerts.selectors import templates
    from qalqan.desk.alerts.services.drills import begin_drill

    actor = _account(user)
    chosen = templates(actor).filter(code=template).first() if template else None
    if template and chosen is None:
        raise InputError(f"there is no template {template}")
    return _row(begin_drill(actor=actor, drill=_found(number), template=chosen, now=now()))


def _report(number: int) -> dict[str, Any]:
    from qalqan.desk.alerts.selectors.drills import drill_report

    found = _found(number)
    shown = found.report or drill_report(_desk(), found).as_json()
    return {**_row(found), **shown}


def _listed() -> list[dict[str, Any]]:
    from qalqan.desk.alerts.selectors.drills import drills

    return [_row(one) for one in drills(_desk())[:50]]


def _row(one: Drill) -> dict[str, Any]:
    return {
        "drill": one.pk,
        "title": one.title,
        "planned_at": one.planned_at.isoformat(),
        "state": str(one.state),
        "warning": one.alert_id,
    }


def _found(number: int) -> Drill:
    from qalqan.desk.alerts.selectors.drills import drill_for

    found = drill_for(_desk(), number)
    if found is None:
        raise InputError(f"there is no exercise {number}")
    return found


def _desk() -> Any:
    from qalqan.desk.platform.policies import SystemActor

    return SystemActor("cli")


def _account(user: str) -> Any:
    from django.contrib.auth import get_user_model

    found = get_user_model().objects.filter(username=user, is_active=True).first()
    if found is None:
        raise InputError("say with --as which account acts", hint="its name at the desk")
    return found
