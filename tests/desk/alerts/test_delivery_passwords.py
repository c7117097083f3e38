"""Passwords of relays and brokers: read as written, never sent before TLS."""

from __future__ import annotations

import pytest

from qalqan.desk.alerts.sending.adapters.base import Place
from qalqan.desk.alerts.sending.adapters.mqtt import Broker
from qalqan.desk.alerts.sending.adapters.smtp import SmtpSender


def relay(address: str, secret: str = "", **options: object) -> SmtpSender:
    return SmtpSender(Place(1, "mail", address, secret, {"sender": "a@b.test", **options}, "kk"))


@pytest.mark.parametrize(
    ("address", "secret", "options", "start_tls"),
    [
        ("smtp://desk@mail.test", "secret", {}, True),
        ("smtps://desk@mail.test", "secret", {}, None),
        ("smtp://mail.test", "", {}, None),
        ("smtp://desk@mail.test", "secret", {"tls": False}, False),
    ],
)
def test_a_password_waits_for_tls_unless_the_administrator_says_otherwise(
    address, secret, options, start_tls
):
    assert relay(address, secret, **options)._start_tls is start_tls


def test_marks_in_names_and_passwords_are_read_as_they_were_meant():
    assert relay("smtp://desk%40b.test@mail.test")._user == "desk@b.test"
    broker = Broker("mqtts://de%40sk:p%2Fw%3A@broker.test", name="n")
    assert (broker._user, broker._password) == ("de@sk", "p/w:")
