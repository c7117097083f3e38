"""Claims, places, sites, services; never persons. No table has a column for who somebody is."""

import re

import pytest
from django.apps import apps
from django.db import models

FORBIDDEN = (
    "author", "poster", "handle", "nickname", "screenname", "profile", "follower", "subscriber",
    "religion", "religious", "faith", "creed", "denomination", "mosque", "church", "sect",
    "ethnicity", "ethnic", "ethnos", "nationality", "race", "tribe", "zhuz", "clan",
    "citizenship", "iin", "passport", "surname", "patronymic", "firstname", "lastname",
    "fullname", "birthdate", "birthday", "dateofbirth", "age", "gender", "sex", "phone",
    "telephone", "imei", "imsi", "msisdn", "fingerprint", "biometric", "face", "photo", "avatar",
    "suspect", "suspicion", "extremist", "radical", "radicalisation", "radicalization",
    "riskscore", "personscore", "personrisk", "threatscore", "suspiciousness", "loyalty",
    "reliabilityofperson", "watchlist", "blacklist", "dossier", "person", "citizen",
    "criminalrecord", "conviction", "relative", "spouse", "associate", "accomplice",
    "userid", "accountid", "chatid", "peerid", "fromid", "posturl", "permalink",
)  # fmt: skip
"""Words no field or model name of ours may contain, as a whole part of the name."""

ALLOWED = {
    "accounts.User": "Members of staff have accounts at the desk; nobody else has.",
    "alerts.Subscriber": "A sealed address that asked to be warned; nobody reads it, its owner "
    "erases it. Its fields are counted one by one in tests/desk/alerts/test_delivery_pages.py.",
    "alerts.Delivery.subscriber": "The number of such an address; nobody's once it has left.",
    "alerts.Target.serves_subscribers": "Whether a gateway sends to such addresses.",
    "polls.Response.age_band": "A band of at least seven years of an answer, never a birth date.",
    "polls.Response.sex": "f, m or nothing, to weigh answers by known totals; tied to nobody.",
    "flashpoints.Finding.relative_risk": "Of an area in a period, compared with expectation.",
    "flashpoints.Finding.relative_risk_low": "Of an area in a period.",
    "flashpoints.Finding.relative_risk_high": "Of an area in a period.",
}
"""Names that look forbidden and are not, each with the reason."""


def parts(name):
    """Split a name into words, and into every run of neighbouring words."""
    words = [w for w in re.split(r"[_\W]+|(?<=[a-z])(?=[A-Z])", name) if w]
    words = [w.lower() for w in words]
    return {"".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, len(words) + 1)}


def is_forbidden(name):
    found = parts(name)
    return sorted(word for word in FORBIDDEN if word in found or f"{word}s" in found)


def our_models():
    return [m for m in apps.get_models() if m.__module__.startswith("qalqan.")]


def named_fields():
    for model in our_models():
        label = model._meta.label
        if label in ALLOWED:
            continue
        yield label, model.__name__
        for field in model._meta.get_fields(include_hidden=True):
            # A reverse relation is named by the model on its other side.
            if isinstance(field, models.Field) and not field.auto_created:
                yield f"{label}.{field.name}", field.name


@pytest.mark.parametrize(("label", "name"), list(named_fields()), ids=lambda value: value)
def test_no_name_is_about_a_person(label, name):
    if label not in ALLOWED:
        assert is_forbidden(name) == []


@pytest.mark.parametrize(
    "name",
    [
        "author", "author_name", "authorName", "sender_handle", "religion", "ethnicity",
        "risk_score", "date_of_birth", "from_id", "user_id", "post_url", "Person", "AuthorProfile",
    ],
)  # fmt: skip
def test_the_word_list_catches(name):
    assert is_forbidden(name)


@pytest.mark.parametrize(
    "name", ["language", "percentage", "surface", "interface_language", "message", "coverage"]
)
def test_the_word_list_does_not_cry_wolf(name):
    assert is_forbidden(name) == []


def test_staff_accounts_hold_only_what_signing_in_needs():
    from qalqan.desk.platform.accounts.models import User

    assert {field.name for field in User._meta.get_fields() if isinstance(field, models.Field)} == {
        "id", "password", "last_login", "username", "display_name", "email", "role",
        "organisation", "language", "is_active", "must_change_password", "session_epoch",
        "created_at",
    }  # fmt: skip


def test_exceptions_are_not_stale():
    labels = {label for label, _name in named_fields()} | {m._meta.label for m in our_models()}
    assert set(ALLOWED) <= labels
