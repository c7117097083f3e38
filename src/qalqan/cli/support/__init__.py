"""``qalqan support …``: keys and envelopes of a helping service, and certificates."""

from __future__ import annotations

import typer

from qalqan.cli.support import certificate_command, envelope_commands

support_app = typer.Typer(
    help="Sealed help: a service's own key, its envelopes, and certificates.", no_args_is_help=True
)


@support_app.callback()
def without_a_desk() -> None:
    """Sealed help: a service's own key, its envelopes, and certificates."""
    from django.conf import settings

    # These commands run where no desk is; only their error texts ask for a language.
    if not settings.configured:
        settings.configure(USE_I18N=False)


def register(app: typer.Typer) -> None:
    """Add the commands under ``support``; each imports what it needs when it runs."""
    for module in (envelope_commands, certificate_command):
        module.register(support_app)
    app.add_typer(support_app, name="support")
