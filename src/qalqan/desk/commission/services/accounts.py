"""What an account goes through: written, sent back, approved by another, corrected, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.commission.models import Account, AccountHarm, AccountText, AccountVersion
from qalqan.desk.commission.models.accounts import LANGUAGES
from qalqan.desk.commission.services.checks import address, next_number, seen
from qalqan.desk.platform.accounts.models import User
from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, require
from qalqan.desk.platform.privacy.guard import find_traces
from qalqan.desk.platform.privacy.observations import Kind, find_observed
from qalqan.desk.platform.releases import services as releases
from qalqan.desk.platform.releases.models import Release
from qalqan.errors import ConflictError, InputError, Location, RefusedError

SERIES = "commission.accounts"
TABLE = "harm"
PARTS = {
    "title": 200, "happened": 6000, "legal_basis": 3000, "force_used": 4000, "harm": 3000,
    "review": 3000, "questions": 3000,
}  # fmt: skip
"""The parts of an account and their longest length; none may be left out, in no language."""
NOTE = 500
_LOOK = 1800
"""The screen for names looks at so many characters at a time."""
State = Account.State
Harm = Mapping[tuple[str, str], int]


@transaction.atomic
def write_account(
    *, actor: Actor, about: str, happened_on: date, texts: Mapping[str, Mapping[str, str]],
    harm: Harm, now: datetime, url: str = "", is_sample: bool = False,
) -> Account:  # fmt: skip
    """Write the first version of an account and hand it to a second person.

    Parameters
    ----------
    texts
        By language and part, see `PARTS`.
    harm
        How many, by group and kind; what is not known is left out.

    Raises
    ------
    InputError
        A part is missing in a language or names a person, or the day lies in the future.
    RefusedError
        The actor may not write accounts.
    """
    require(actor, ADD, Account)
    if happened_on > timezone.localdate(now):
        raise InputError(_("The day lies in the future."), location=Location(field="happened_on"))
    clean = _checked(texts, needs_note=False)
    row = Account.objects.create(
        number=next_number("account"), about=Account.About(about), happened_on=happened_on,
        url=address(url), opened_at=now, is_sample=is_sample,
    )  # fmt: skip
    _store(actor, row, clean, harm, now)
    return row


@transaction.atomic
def write_version(
    *, actor: Actor, account: Account, texts: Mapping[str, Mapping[str, str]], harm: Harm,
    now: datetime,
) -> AccountVersion:  # fmt: skip
    """Write a new version: of a draft, or a correction that says what it corrects and why.

    Raises
    ------
    ConflictError
        It is withdrawn.
    InputError
        A part is missing, names a person, or a correction does not say what it corrects.
    """
    require(actor, ADD, Account)
    row = _locked(account)
    if row.state == State.WITHDRAWN:
        raise ConflictError(_("This account is withdrawn; write a new one."))
    clean = _checked(texts, needs_note=row.published_at is not None)
    return _store(actor, row, clean, harm, now)


def _store(
    actor: Actor, row: Account, clean: Mapping[str, Mapping[str, str]], harm: Harm, now: datetime
) -> AccountVersion:
    last = row.versions.order_by("-number").first()
    version = AccountVersion.objects.create(
        account=row, number=last.number + 1 if last else 1, written_by=_account_of(actor),
        written_at=now,
    )  # fmt: skip
    AccountText.objects.bulk_create(
        AccountText(version=version, language=code, **parts) for code, parts in clean.items()
    )
    AccountHarm.objects.bulk_create(
        AccountHarm(
            version=version, group=AccountHarm.Group(group), kind=AccountHarm.Kind(kind),
            count=_count(count, f"{group}_{kind}"),
        )
        for (group, kind), count in sorted(harm.items())
    )  # fmt: skip
    row.state = State.WAITING
    row.save(update_fields=["state"])
    detail = {"version": version.number, "correction": row.published_at is not None}
    record(actor=actor, action="commission.write_account", subject=row, now=now, detail=detail)
    return version


@transaction.atomic
def send_back(
    *, actor: Actor, account: Account, number: int, reason: str, now: datetime
) -> AccountVersion:
    """Send the version that waits back to its writer, with a reason.

    Raises
    ------
    ConflictError
        It does not wait, or another version was written since.
    InputError
        There is no reason.
    """
    require(actor, CHANGE, Account)
    row, version = _waiting(account, number)
    if not reason.strip():
        raise InputError(_("Write this in words."), location=Location(field="reason"))
    version.sent_back_at, version.sent_back_reason = now, _clean(reason, "reason", NOTE)
    version.save(update_fields=["sent_back_at", "sent_back_reason"])
    row.state = State.DRAFT
    row.save(update_fields=["state"])
    record(
        actor=actor, action="commission.send_account_back", subject=row, now=now,
        detail={"version": number},
    )  # fmt: skip
    return version


@transaction.atomic
def publish(*, actor: Actor, account: Account, number: int, now: datetime) -> AccountVersion:
    """Publish the version that waits, as a second person; its counts pass the releases.

    Counts that the attacker's audit refuses are withheld; the words are published.

    Raises
    ------
    ConflictError
        It does not wait, or another version was written since.
    RefusedError
        The actor wrote it, or may not publish accounts.
    """
    require(actor, CHANGE, Account)
    row, version = _waiting(account, number)
    who = _account_of(actor)
    if who is None or version.written_by_id is None or version.written_by_id == who.pk:
        raise RefusedError(_("Who wrote an account does not publish it; ask a second person."))
    version.approved_by, version.approved_at = who, now
    version.release = _released(actor, row, version, now)
    version.save(update_fields=["approved_by", "approved_at", "release"])
    is_correction = row.published_at is not None
    row.state, row.changed_at, row.published_at = State.PUBLISHED, now, row.published_at or now
    row.save(update_fields=["state", "changed_at", "published_at"])
    act = "correct" if is_correction else "publish"
    record(
        actor=actor, action=f"commission.{act}_account", subject=row, now=now,
        detail={"version": number},
    )  # fmt: skip
    return version


@transaction.atomic
def withdraw(
    *, actor: Actor, account: Account, reasons: Mapping[str, str], hides_text: bool, now: datetime
) -> Account:
    """Withdraw a published account; its page stays and says why.

    One person is enough: what does harm must go at once.

    Parameters
    ----------
    hides_text
        Whether no version is shown any more, because the words themselves do harm.

    Raises
    ------
    ConflictError
        It is not published, or was withdrawn.
    InputError
        A reason is missing in a language.
    """
    require(actor, CHANGE, Account)
    row = _locked(account)
    if row.published_at is None or row.withdrawn_at is not None:
        raise ConflictError(_("This account is not published."))
    for code, text in in_three(reasons, "reason", NOTE).items():
        setattr(row, f"withdrawal_{code}", text)
    row.state, row.withdrawn_at, row.changed_at = State.WITHDRAWN, now, now
    row.is_text_hidden = hides_text
    row.save()
    record(
        actor=actor, action="commission.withdraw_account", subject=row, now=now,
        detail={"hides_text": hides_text},
    )  # fmt: skip
    return row


def in_three(texts: Mapping[str, str], field: str, longest: int) -> dict[str, str]:
    """Return a text in all three languages, each screened.

    Raises
    ------
    InputError
        One is missing, too long, or gives a person away; its field is named.
    """
    found = {}
    for code in LANGUAGES:
        text = _clean(texts.get(code, ""), f"{field}_{code}", longest)
        if not text:
            raise InputError(
                _("This is said in all three languages."),
                location=Location(field=f"{field}_{code}"),
            )
        found[code] = text
    return found


def _checked(
    texts: Mapping[str, Mapping[str, str]], *, needs_note: bool
) -> dict[str, dict[str, str]]:
    clean: dict[str, dict[str, str]] = {code: {} for code in LANGUAGES}
    for part, longest in {**PARTS, **({"note": NOTE} if needs_note else {})}.items():
        given = {code: texts.get(code, {}).get(part, "") for code in LANGUAGES}
        for code, text in in_three(given, part, longest).items():
            clean[code][part] = text
    return clean


def _clean(text: str, field: str, longest: int) -> str:
    """Return a text without blanks at its ends; refuse what gives a private person away."""
    where = Location(field=field)
    kept = seen(text)
    if len(kept) > longest:
        raise InputError(_("At most %(count)d characters.") % {"count": longest}, location=where)
    found = [kept[one.start : one.end] for one in find_traces(kept)] + list(_named(kept))
    if found:
        raise InputError(
            _("An account names no persons and no numbers of theirs. Take this out: %(parts)s")
            % {"parts": "; ".join(f"“{part}”" for part in found[:5])},
            location=where,
        )
    return kept


def _named(text: str) -> list[str]:
    """Return names of persons and number plates; overlapping looks miss none at a seam."""
    found = []
    for start in range(0, max(1, len(text)), _LOOK - 200):
        part = text[start : start + _LOOK]
        found += [
            part[one.start : one.end]
            for one in find_observed(part)
            if one.kind in (Kind.PERSON, Kind.PLATE)
        ]
    return list(dict.fromkeys(found))


def _count(value: int, field: str) -> int:
    if not 0 <= value <= 100_000:
        raise InputError(_("This count cannot be."), location=Location(field=field))
    return value


def _locked(account: Account) -> Account:
    row: Account = Account.objects.select_for_update().get(pk=account.pk)
    return row


def _waiting(account: Account, number: int) -> tuple[Account, AccountVersion]:
    row = _locked(account)
    version = row.versions.order_by("-number").first()
    if row.state != State.WAITING or version is None or version.number != number:
        raise ConflictError(_("This version does not wait any more; look at the account again."))
    return row, version


def _account_of(actor: Actor) -> User | None:
    return actor if isinstance(actor, User) else None


def _released(actor: Actor, row: Account, version: AccountVersion, now: datetime) -> Release | None:
    """Let the counts pass the releases; those that did not change keep their release."""
    counts: dict[tuple[str, ...], float] = {
        (f"{one.group}/{one.kind}",): one.count for one in version.harms.all()
    }
    if not counts:
        return None
    before = row.versions.filter(approved_at__isnull=False, release__isnull=False)
    standing = before.exclude(pk=version.pk).order_by("-number").first()
    if standing is not None:
        told = {(f"{one.group}/{one.kind}",): one.count for one in standing.harms.all()}
        if told == counts:
            return standing.release
    table = releases.Table(TABLE, ("harm",), counts)
    return releases.release(
        actor=actor, series=SERIES, edition=f"{row.number}-{version.number}", tables=[table],
        now=now, is_sample=row.is_sample, seconds=2.0,
    )  # fmt: skip
