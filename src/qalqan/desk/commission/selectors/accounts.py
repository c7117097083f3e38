"""Every reading of accounts: by the desk, and by everyone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from qalqan.desk.commission.models import Account, AccountHarm, AccountText, AccountVersion
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.releases.models import Release
from qalqan.desk.platform.releases.selectors import shown_table

PARTS = ("happened", "legal_basis", "force_used", "harm", "review", "questions")


@dataclass(frozen=True, slots=True)
class HarmRow:
    """One line of the counts; nothing stands for a count that is withheld."""

    group: str
    kind: str
    label: str
    count: int | None


@dataclass(frozen=True, slots=True)
class PublicAccount:
    """A published version as everyone sees it in one language.

    Parameters
    ----------
    version, standing
        This version, and the one that stands; where they differ this one is superseded.
    parts
        Code, heading and text of each part; none where the words were withdrawn.
    before
        The title and parts of the version before, for what was corrected.
    """

    number: int
    version: int
    standing: int
    about: str
    about_code: str
    happened_on: date
    title: str
    parts: tuple[tuple[str, str, str], ...]
    note: str
    harm: tuple[HarmRow, ...]
    harm_at: datetime | None
    published_at: datetime
    approved_at: datetime
    changed_at: datetime
    withdrawn_at: datetime | None
    withdrawal: str
    is_sample: bool

    @property
    def is_superseded(self) -> bool:
        """Tell whether a later version stands."""
        return self.version != self.standing


def headings() -> dict[str, str]:
    """Return what the parts are called, in the active language."""
    return {
        "happened": _("What happened"),
        "legal_basis": _("Legal basis"),
        "force_used": _("Force used, and why"),
        "harm": _("Harm to people and property"),
        "review": _("Review"),
        "questions": _("Open questions"),
    }


def accounts(actor: Actor) -> QuerySet[Account]:
    """Return the accounts of the desk with the title of their newest version, newest first."""
    newest = AccountText.objects.filter(
        version__account=OuterRef("pk"), language=(get_language() or "kk")[:2]
    )
    rows: QuerySet[Account] = Account.objects.visible_to(actor)
    return rows.annotate(
        newest_title=Subquery(newest.order_by("-version__number").values("title")[:1])
    ).order_by("-number")


def account_for(actor: Actor, key: int) -> Account | None:
    """Return one account, or nothing."""
    return accounts(actor).filter(pk=key).first()


def versions(actor: Actor, account: Account) -> list[AccountVersion]:
    """Return all versions of an account, the newest first."""
    rows = AccountVersion.objects.visible_to(actor).filter(account=account)
    return list(
        rows.select_related("written_by", "approved_by", "release")
        .prefetch_related("texts", "harms")
        .order_by("-number")
    )


def published() -> QuerySet[Account]:
    """Return the accounts that everyone may read, the last changed first; no actor is asked."""
    standing = AccountVersion.objects.filter(account=OuterRef("pk"), approved_at__isnull=False)
    rows: QuerySet[Account] = Account.objects.filter(published_at__isnull=False)
    return rows.annotate(
        standing=Subquery(standing.order_by("-number").values("number")[:1])
    ).order_by("-changed_at", "-pk")


def shown(rows: Iterable[Account], language: str) -> list[PublicAccount]:
    """Return accounts as everyone sees them; rows come from `published`."""
    accounts = {row.pk: row for row in rows}
    standing = {key: row.standing for key, row in accounts.items()}  # type: ignore[attr-defined]
    found = _versions(list(accounts)).filter(number__in=set(standing.values()))
    by_account = {one.account_id: one for one in found if one.number == standing[one.account_id]}
    with override(language):
        return [_public(row, by_account[key], language) for key, row in accounts.items()]


def account_of(number: int, language: str, version: int | None = None) -> PublicAccount | None:
    """Return one published account, or one of its published versions; else nothing."""
    row = published().filter(number=number).first()
    if row is None or (version is not None and row.is_text_hidden):
        return None
    wanted = row.standing if version is None else version  # type: ignore[attr-defined]
    found = _versions([row.pk]).filter(number=wanted).first()
    if found is None:
        return None
    with override(language):
        return _public(row, found, language)


def versions_of(number: int, language: str) -> list[PublicAccount]:
    """Return the published versions of a published account, the newest first."""
    row = published().filter(number=number).first()
    if row is None:
        return []
    with override(language):
        return [_public(row, one, language) for one in _versions([row.pk]).order_by("-number")]


def corrected(language: str) -> list[tuple[PublicAccount, PublicAccount]]:
    """Return each correction with the version before it, the newest first."""
    rows = {row.pk: row for row in published()}
    by_account: dict[int, list[AccountVersion]] = {}
    for one in _versions(list(rows)).order_by("account", "number"):
        by_account.setdefault(one.account_id, []).append(one)
    with override(language):
        pairs = [
            (_public(rows[key], after, language), _public(rows[key], before, language))
            for key, many in by_account.items()
            for before, after in pairwise(many)
        ]
    return sorted(pairs, key=lambda pair: pair[0].approved_at, reverse=True)


def withdrawn(language: str) -> list[PublicAccount]:
    """Return the accounts that were withdrawn."""
    return shown(published().filter(withdrawn_at__isnull=False), language)


def _versions(keys: list[int]) -> QuerySet[AccountVersion]:
    rows: QuerySet[AccountVersion] = AccountVersion.objects.filter(
        account__in=keys, approved_at__isnull=False
    )
    return rows.select_related("release").prefetch_related("texts", "harms", "release__tables")


def _public(row: Account, version: AccountVersion, language: str) -> PublicAccount:
    text = version.said(language)
    named = headings()
    assert row.published_at is not None  # noqa: S101 - the query asks for it
    assert version.approved_at is not None  # noqa: S101 - the query asks for it
    is_hidden = row.is_text_hidden
    return PublicAccount(
        number=row.number, version=version.number, standing=row.standing,  # type: ignore[attr-defined]
        about=str(row.get_about_display()), about_code=row.about, happened_on=row.happened_on,
        title=_("Withdrawn account") if is_hidden else text.title,
        parts=() if is_hidden else tuple((p, named[p], getattr(text, p)) for p in PARTS),
        note="" if is_hidden else text.note, harm=() if is_hidden else _harm(version),
        harm_at=version.release.released_at if version.release and not is_hidden else None,
        published_at=row.published_at, approved_at=version.approved_at,
        changed_at=row.changed_at or row.published_at, withdrawn_at=row.withdrawn_at,
        withdrawal=row.withdrawal_in(language) if row.withdrawn_at else "",
        is_sample=row.is_sample,
    )  # fmt: skip


def _harm(version: AccountVersion) -> tuple[HarmRow, ...]:
    """Return the counts as the release shows them; a refused release shows none."""
    release = version.release
    cells: dict[tuple[str, ...], int | None] = {}
    if release is not None and release.state == Release.State.PUBLISHED:
        for table in release.tables.all():
            cells |= shown_table(table).cells
    return tuple(
        HarmRow(one.group, one.kind, f"{one.get_group_display()}: {one.get_kind_display()}",
                cells.get((f"{one.group}/{one.kind}",)))
        for one in sorted(version.harms.all(), key=lambda one: one.pk)
        if isinstance(one, AccountHarm)
    )  # fmt: skip
