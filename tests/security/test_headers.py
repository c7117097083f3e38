"""What the browser is told, and what no page may contain."""

import json
import os
import re
import subprocess
import sys

import pytest
from django.test import Client
from django.urls import reverse
from tests.security.matrix import ROWS
from tests.security.urls_walk import walk
from tests.support.factories import make_user, sign_in

from qalqan.desk.platform.policies import EVERY_ROLE, Role

pytestmark = pytest.mark.django_db
PAGES = sorted(
    address.name
    for address in walk()
    if address.name in ROWS and ROWS[address.name].method == "get"
)
INLINE_STYLE = re.compile(r"<[^>]+\sstyle\s*=", re.I)
INLINE_HANDLER = re.compile(r"<[^>]+\son[a-z]+\s*=\s*[\"']", re.I)
SCRIPT = re.compile(r"<script\b([^>]*)>", re.I)
STYLE = re.compile(r"<style\b([^>]*)>", re.I)


def page(name):
    row = ROWS[name]
    client = Client()
    if row.roles:
        role = Role.ADMINISTRATOR if Role.ADMINISTRATOR in row.roles else sorted(row.roles)[0]
        sign_in(client, make_user(role))
    return client.get(reverse(name, kwargs=dict(row.arguments) or None))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_keeps_to_the_content_security_policy(name):
    answer = page(name)
    if not answer["Content-Type"].startswith("text/html") or answer.streaming:
        pytest.skip("no page")
    html = answer.content.decode()
    assert not INLINE_STYLE.search(html), INLINE_STYLE.search(html).group()
    assert not INLINE_HANDLER.search(html), INLINE_HANDLER.search(html).group()
    assert "javascript:" not in html
    policy = answer["Content-Security-Policy"]
    for attributes in SCRIPT.findall(html):
        is_data = re.search(r'type="(application/json|text/plain)"', attributes)
        nonce = re.search(r'nonce="([^"]+)"', attributes)
        assert is_data or "src=" in attributes or (nonce and nonce[1] in policy), attributes
    for attributes in STYLE.findall(html):
        nonce = re.search(r'nonce="([^"]+)"', attributes)
        assert nonce, attributes
        assert nonce[1] in policy


def directives(answer):
    policy = answer["Content-Security-Policy"]
    return {part.split()[0]: part.split()[1:] for part in policy.split(";") if part.strip()}


def test_the_content_security_policy_lets_nothing_foreign_in():
    found = directives(Client().get(reverse("account_login")))
    assert found["default-src"] == ["'none'"]
    assert found["frame-ancestors"] == ["'none'"]
    assert found["base-uri"] == ["'none'"]
    for values in found.values():
        for value in values:
            assert value in {"'self'", "'none'", "data:"} or value.startswith("'nonce-")
    assert "data:" not in found["script-src"]


def test_other_headers():
    answer = Client().get(reverse("account_login"))
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


def test_cookies_are_kept_from_scripts():
    client = sign_in(Client(), make_user())
    client.get(reverse("accounts:own"))
    session, csrf = client.cookies["sessionid"], client.cookies["csrftoken"]
    for cookie in (session, csrf):
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"


def test_pages_of_staff_stay_out_of_caches():
    client = sign_in(Client(), make_user())
    assert "no-store" in client.get(reverse("accounts:own"))["Cache-Control"]


def https_settings(module, **environment):
    """Read settings as a fresh process does, since they are fixed once Django has begun."""
    names = (
        "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "DEMO",
    )  # fmt: skip
    code = (
        f"import json, importlib; s = importlib.import_module('qalqan.desk.settings.{module}');"
        f"print(json.dumps({{n: getattr(s, n) for n in {names!r}}}))"
    )
    keep = {key: value for key, value in os.environ.items() if not key.startswith("QALQAN_")}
    result = subprocess.run(
        [sys.executable, "-c", code],
        env=keep | {"QALQAN_SECRET_KEY": "x" * 50} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(result.stdout)


def test_a_server_is_https_only_unless_told_otherwise():
    found = https_settings("postgres", QALQAN_DEMO="1")
    assert found["SESSION_COOKIE_SECURE"]
    assert found["CSRF_COOKIE_SECURE"]
    assert found["SECURE_SSL_REDIRECT"]
    assert found["SECURE_HSTS_SECONDS"] >= 365 * 24 * 3600
    assert found["SECURE_HSTS_INCLUDE_SUBDOMAINS"]
    assert not found["DEMO"], "a server can never be the demo desk"


def test_the_embedded_desk_serves_this_machine_over_http():
    found = https_settings("sqlite")
    assert not found["SESSION_COOKIE_SECURE"]
    assert not found["SECURE_HSTS_SECONDS"]
    assert https_settings("sqlite", QALQAN_HTTPS="1")["SESSION_COOKIE_SECURE"]


def test_hsts_is_sent_over_https(settings):
    from django.http import HttpResponse
    from django.middleware.security import SecurityMiddleware
    from django.test import RequestFactory

    settings.SECURE_HSTS_SECONDS = 63072000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    request = RequestFactory().get("/", secure=True)
    answer = SecurityMiddleware(lambda _request: HttpResponse())(request)
    assert answer["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"


def test_roles_are_the_ten_of_the_house():
    assert len(EVERY_ROLE) == 10
