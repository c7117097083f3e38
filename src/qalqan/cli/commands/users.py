"""Staff accounts."""

from __future__ import annotations

from typing import Annotated

import typer

from qalqan.cli.console import print_json, print_rows, say
from qalqan.cli.desk import now, open_desk

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Username = Annotated[str, typer.Argument(help="User name.")]

users_app = typer.Typer(help="Staff accounts.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    users_app.command("list", epilog="Example: qalqan users list --json")(list_users)
    users_app.command(
        "add",
        epilog="Example: qalqan users add aizhan --role analyst --organisation 'Task force'",
    )(add)
    users_app.command("deactivate", epilog="Example: qalqan users deactivate aizhan")(deactivate)
    users_app.command(
        "reset-second-factor", epilog="Example: qalqan users reset-second-factor aizhan"
    )(reset_second_factor)
    app.add_typer(users_app, name="users")


def list_users(json: Json = False) -> None:
    """List the accounts."""
    open_desk()
    from qalqan.desk.platform.accounts.selectors import users
    from qalqan.desk.platform.policies import SystemActor

    rows = [
        {
            "username": user.username,
            "role": user.role,
            "organisation": str(user.organisation),
            "language": user.language,
            "active": user.is_active,
        }
        for user in users(SystemActor("cli"))
    ]
    if json:
        print_json(rows)
    else:
        columns = ["username", "role", "organisation", "language", "active"]
        print_rows("", columns, [[str(row[column]) for column in columns] for row in rows])


def add(
    username: Username,
    role: Annotated[str, typer.Option(help="e.g. duty_officer, analyst, press_officer, auditor.")],
    organisation: Annotated[str, typer.Option(help="Name of the body; created if it is new.")],
    language: Annotated[str, typer.Option(help="kk, ru or en.")] = "kk",
    group: Annotated[bool, typer.Option(help="A new body is a civil group, no agency.")] = False,
) -> None:
    """Add an account; prints a password that must be changed at the first sign-in."""
    open_desk()
    from qalqan.desk.platform.accounts import services
    from qalqan.desk.platform.policies import SystemActor

    actor, clock = SystemActor("cli"), now()
    body = services.get_or_create_organisation(
        actor=actor, name=organisation, kind="group" if group else "agency", now=clock
    )
    _user, password = services.create_user(
        actor=actor, username=username, role=role, organisation=body, language=language, now=clock
    )
    say(f"{username}  {password}")


def deactivate(username: Username) -> None:
    """Close an account; what it did stays in the record."""
    open_desk()
    from qalqan.desk.platform.accounts import selectors, services
    from qalqan.desk.platform.policies import SystemActor

    actor = SystemActor("cli")
    services.deactivate_user(actor=actor, user=selectors.user(actor, username), now=now())
    say(f"{username} is closed")


def reset_second_factor(username: Username) -> None:
    """Remove lost second factors; a new one must be set up at the next sign-in."""
    open_desk()
    from qalqan.desk.platform.accounts import selectors, services
    from qalqan.desk.platform.policies import SystemActor

    actor = SystemActor("cli")
    services.reset_second_factor(actor=actor, user=selectors.user(actor, username), now=now())
    say(f"{username} must set up a new second factor")
