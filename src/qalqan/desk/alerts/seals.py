"""Sealing of addresses, secrets and subscribers of alerts; one purpose each."""

from __future__ import annotations

from qalqan.desk.platform.privacy.sealing import seal, unseal

ADDRESS = "alerts.target.address"
SECRET = "alerts.target.secret"  # noqa: S105 - the name of a purpose
SUBSCRIBER = "alerts.subscriber"


def open_address(sealed: bytes | memoryview) -> str:
    """Return where a target is."""
    return unseal(bytes(sealed), purpose=ADDRESS)


def open_secret(sealed: bytes | memoryview) -> str:
    """Return what proves to a target that it is us; empty where it asks for nothing."""
    return unseal(bytes(sealed), purpose=SECRET) if sealed else ""


def open_subscriber(sealed: bytes | memoryview) -> str:
    """Return the address of a subscriber."""
    return unseal(bytes(sealed), purpose=SUBSCRIBER)


def seal_subscriber(address: str) -> bytes:
    """Seal the address of a subscriber."""
    return seal(address, purpose=SUBSCRIBER)
