"""``qalqan alerts listen``: take in what panic buttons and sensors say."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from qalqan.cli.console import messages, print_json
from qalqan.cli.desk import open_desk
from qalqan.errors import SettingsError

if TYPE_CHECKING:
    from qalqan.desk.alerts.listening import Broker, Counts

EXAMPLES = "Example: qalqan alerts listen --broker mqtts://desk:secret@broker.example:8883"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("listen", epilog=EXAMPLES)(listen_to_devices)


def listen_to_devices(
    broker: Annotated[
        str,
        typer.Option(help="Address of the MQTT broker.", envvar="QALQAN_DEVICES_BROKER"),
    ] = "",
    ca: Annotated[
        str | None,
        typer.Option(
            help="Certificates that vouch for the broker, PEM; by default, the machine's.",
            envvar="QALQAN_DEVICES_CA",
        ),
    ] = None,
    name: Annotated[str, typer.Option(help="This listener's name at the broker.")] = "qalqan-desk",
    json: Annotated[bool, typer.Option("--json", help="Print what was done as JSON.")] = False,
) -> None:
    """Listen to panic buttons and sensors over MQTT until stopped.

    Each message is sealed with its device's own key. A signal stands on the duty officer's screen
    at once and is answered to the device; a device that gets no answer asks again.

    Exit codes: 0 stopped, 3 no broker is set.
    """
    if not broker:
        raise SettingsError(
            "no broker is set", hint="--broker mqtts://user:password@host:8883, or the variable"
        )
    open_desk()
    from qalqan.desk.alerts.listening import broker_of

    counts = asyncio.run(_until_stopped(broker_of(broker, ca_file=ca), name))
    if json:
        print_json(asdict(counts))


async def _until_stopped(broker: Broker, name: str) -> Counts:
    from qalqan.desk.alerts.listening import listen

    stop = asyncio.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(one, stop.set)
    return await listen(broker, stop=stop, name=name, told=lambda text: messages().print(text))
