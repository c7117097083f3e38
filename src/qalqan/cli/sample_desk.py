"""Fill a new desk with the sample province, step by step and safe to repeat."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from qalqan.cli.console import Progress

STATE = "demo.json"
ACCOUNTS = "demo-accounts.txt"
BRIEF_FILES = ("brief.html", "brief.pdf", "brief.json")


@dataclass(frozen=True, slots=True)
class SampleDesk:
    """What the demo left: the brief's files, the list of accounts, the one-time log-in."""

    written: tuple[str, ...]
    accounts: str
    login_path: str
    loaded_at: str

    def as_dict(self) -> dict[str, Any]:
        """Return the result as plain data."""
        return asdict(self)


def load_sample_desk(home: Path, *, seed: int, now: datetime, progress: Progress) -> SampleDesk:
    """Load the sample province unless it is there, compute the brief, make a log-in.

    Every import is idempotent, so a load that was interrupted is simply done again.

    Parameters
    ----------
    home
        The desk's folder.
    seed
        Seed of the generator.
    now
        Moment at which the sample ends.
    progress
        Called with stage, done and total.
    """
    state = home / STATE
    if not state.is_file():
        _load(home, seed=seed, now=now, progress=progress)
        _write_state(state, {"seed": seed, "loaded_at": now.isoformat()})
    loaded_at = json.loads(state.read_text(encoding="utf-8"))["loaded_at"]
    return SampleDesk(
        written=tuple(str(home / "brief" / name) for name in BRIEF_FILES),
        accounts=str(home / ACCOUNTS),
        login_path=_login_link(now),
        loaded_at=loaded_at,
    )


def _write_state(path: Path, state: dict[str, Any]) -> None:
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(state), encoding="utf-8")
    os.replace(partial, path)


def _load(home: Path, *, seed: int, now: datetime, progress: Progress) -> None:
    steps: list[tuple[str, Callable[[], None]]] = [
        ("accounts", lambda: _create_accounts(home, now)),
        ("sample files", lambda: _write_files(home, seed, now)),
        ("places", lambda: _import_places(home, now)),
        ("incidents", lambda: _import_incidents(home, now, progress)),
        ("history of an incident", lambda: _tell_a_history(now)),
        ("messages", lambda: _import_messages(home, now, progress)),
        ("work", lambda: _open_work(now)),
        ("bodies", lambda: _load_bodies(home, now)),
        ("activities", lambda: _load_activities(home, now, seed)),
        ("field notes", lambda: _load_field(now)),
        ("sites", lambda: _load_sites(now, seed)),
        ("week plans", lambda: _plan_weeks(now)),
        ("earlier flash-points", lambda: _judge_earlier(now, seed)),
        ("answers", lambda: _answer_rumours(now)),
        ("queue", lambda: _rank_rumours(now)),
        ("warnings", lambda: _send_warnings(now)),
        ("devices", lambda: _register_devices(now)),
        ("analyses", lambda: _weigh_hypotheses(now)),
        ("polls", lambda: _load_polls(now, seed)),
        ("commission", lambda: _seat_commission(now)),
        ("performance", lambda: _lock_a_year(now, seed)),
        ("accounts of operations", lambda: _publish_accounts(now)),
        ("helping services", lambda: _enter_helping_services(now)),
        ("published counts", lambda: _publish_counts(now)),
        ("monthly return", lambda: _make_return(now)),
        ("rules of routing", lambda: _write_rules(now)),
        ("quarterly report", lambda: _publish_report(now)),
        ("brief", lambda: _compute_brief(home, now, seed, progress)),
        ("flash-points", lambda: _scan_the_night(now, seed)),
    ]
    for number, (_name, step) in enumerate(steps):
        progress("sample province", number, len(steps))
        step()
    progress("sample province", len(steps), len(steps))


def _actor() -> Any:
    from qalqan.desk.platform.policies import SystemActor

    return SystemActor("demo")


def _create_accounts(home: Path, now: datetime) -> None:
    from django.db import transaction

    from qalqan.desk.platform.accounts.services import create_demo_users
    from qalqan.desk.platform.upkeep.home import write_private

    path = home / ACCOUNTS
    # The file is there before the accounts are: passwords that nobody knows cannot come about.
    with transaction.atomic():
        accounts = create_demo_users(actor=_actor(), now=now)
        if not accounts:
            return
        lines = ["user\trole\tpassword\tTOTP secret (for an authenticator app)"]
        lines += [
            f"{account.username}\t{account.role}\t{account.password}\t{account.totp_secret}"
            for account in accounts
        ]
        path.unlink(missing_ok=True)
        write_private(path, "\n".join(lines) + "\n")


def _write_files(home: Path, seed: int, now: datetime) -> None:
    from qalqan.sample.generator import write_sample

    write_sample(home / "sample", seed=seed, now=now)


def _import_places(home: Path, now: datetime) -> None:
    from qalqan.desk.platform.places import services
    from qalqan.sample import areas

    folder, actor = home / "sample", _actor()
    latitude, longitude = areas.COUNTRY_CENTRE
    country = services.add_place(
        actor=actor, kind="country", names=areas.COUNTRY, now=now,
        latitude=latitude, longitude=longitude,
    )  # fmt: skip
    latitude, longitude = areas.PROVINCE_CENTRE
    province = services.add_place(
        actor=actor, kind="province", names=areas.PROVINCE, kato=areas.PROVINCE_KATO, now=now,
        parent=country, latitude=latitude, longitude=longitude,
    )  # fmt: skip
    services.import_areas(
        actor=actor, path=folder / "areas.geojson", now=now, parent=province,
        approximate=True, is_sample=True,
    )  # fmt: skip
    services.import_settlements(
        actor=actor, path=folder / "settlements.csv", now=now, parent=country, is_sample=True
    )
    services.import_population(actor=actor, path=folder / "population.csv", now=now, is_sample=True)


def _import_incidents(home: Path, now: datetime, progress: Progress) -> None:
    from qalqan.desk.incidents.services import import_incidents, import_indicators
    from qalqan.sample.ledger import INDICATORS, LEDGER

    actor = _actor()
    for path in (LEDGER, home / "sample" / "incidents.csv"):
        import_incidents(
            actor=actor,
            path=path,
            now=now,
            progress=lambda done: progress("incidents", done, 0),
            is_sample=True,
        )
    import_indicators(actor=actor, path=INDICATORS, now=now)


def _import_messages(home: Path, now: datetime, progress: Progress) -> None:
    from qalqan.desk.intake.services import import_messages

    for name in ("messages.jsonl", "tips.jsonl"):
        import_messages(
            actor=_actor(),
            path=home / "sample" / name,
            now=now,
            is_sample=True,
            progress=lambda done, total: progress("messages and tips", done, total or 0),
        )


def _enter_helping_services(now: datetime) -> None:
    # No cases: a made-up case sealed with a phrase that everybody knows would not be a sealed one.
    from qalqan.desk.platform.accounts.services import get_or_create_organisation
    from qalqan.desk.platform.accounts.services.demo import GROUP_NAME
    from qalqan.desk.support.services.helping import add_sample_services

    actor = _actor()
    body = get_or_create_organisation(actor=actor, name=GROUP_NAME, kind="group", now=now)
    add_sample_services(actor=actor, body=body, now=now)


def _register_devices(now: datetime) -> None:
    from qalqan.cli.sample_devices import register_sample_devices

    register_sample_devices(now)


def _send_warnings(now: datetime) -> None:
    from qalqan.cli.sample_targets import with_sample_targets
    from qalqan.cli.sample_warnings import send_sample_warnings

    with_sample_targets(now, lambda: send_sample_warnings(now))


def _load_bodies(home: Path, now: datetime) -> None:
    from qalqan.cli.sample_bodies import load_sample_bodies

    load_sample_bodies(home, now)


def _make_return(now: datetime) -> None:
    from qalqan.cli.sample_bodies import make_sample_return

    make_sample_return(now)


def _seat_commission(now: datetime) -> None:
    from qalqan.cli.sample_commission import load_sample_commission
    from qalqan.desk.platform.accounts.selectors import user

    actor = _actor()
    load_sample_commission(
        secretary=user(actor, "secretary"), duty=user(actor, "duty_officer"), now=now
    )


def _publish_report(now: datetime) -> None:
    from qalqan.cli.sample_report import publish_sample_report
    from qalqan.desk.platform.accounts.selectors import user

    actor = _actor()
    publish_sample_report(
        secretary=user(actor, "secretary"), duty=user(actor, "duty_officer"), now=now
    )


def _publish_accounts(now: datetime) -> None:
    from qalqan.cli.sample_accounts import load_sample_accounts
    from qalqan.desk.platform.accounts.selectors import user

    actor = _actor()
    load_sample_accounts(
        writer=user(actor, "duty_officer"), second=user(actor, "secretary"), now=now
    )


def _lock_a_year(now: datetime, seed: int) -> None:
    from qalqan.cli.sample_performance import load_sample_performance
    from qalqan.desk.platform.accounts.selectors import user

    actor = _actor()
    load_sample_performance(
        secretary=user(actor, "secretary"), duty=user(actor, "duty_officer"), now=now, seed=seed
    )


def _publish_counts(now: datetime) -> None:
    from qalqan.cli.sample_releases import publish_sample_counts

    publish_sample_counts(now)


def _load_activities(home: Path, now: datetime, seed: int) -> None:
    from qalqan.cli.sample_activities import load_sample_activities

    load_sample_activities(home, now, seed)


def _load_field(now: datetime) -> None:
    from qalqan.cli.sample_field import load_sample_field

    load_sample_field(now)


def _load_sites(now: datetime, seed: int) -> None:
    """Fill the register with made-up sites, devices, inspections and notices, all or nothing."""
    from django.db import transaction

    from qalqan.desk.platform.accounts.selectors import user
    from qalqan.desk.protection.services.sample import load_sample_sites
    from qalqan.desk.protection.services.sample_notices import load_sample_notices
    from qalqan.sample.sites import register

    actor = _actor()
    inspector = user(actor, "inspector")
    with transaction.atomic():
        load_sample_sites(
            actor=actor, sites=register(seed), inspector=inspector,
            owner=user(actor, "site_owner"), now=now,
        )  # fmt: skip
        load_sample_notices(
            actor=actor, inspector=inspector, checker=user(actor, "duty_officer"), now=now
        )


def _load_polls(now: datetime, seed: int) -> None:
    from qalqan.cli.sample_polls import load_sample_polls_and_publish

    load_sample_polls_and_publish(now, seed)


def _plan_weeks(now: datetime) -> None:
    from qalqan.desk.platform.accounts.selectors import user
    from qalqan.desk.protection.services.sample_plans import load_sample_plans

    actor = _actor()
    load_sample_plans(
        actor=actor, inspector=user(actor, "inspector"),
        language=user(actor, "duty_officer").language, now=now,
    )  # fmt: skip


def _tell_a_history(now: datetime) -> None:
    from qalqan.cli.sample_ledger import tell_a_history

    tell_a_history(now)


def _write_rules(now: datetime) -> None:
    from qalqan.cli.sample_routing import write_sample_rules

    write_sample_rules(now)


def _weigh_hypotheses(now: datetime) -> None:
    from qalqan.cli.sample_weighing import weigh_sample

    weigh_sample(now)


def _open_work(now: datetime) -> None:
    from qalqan.cli.sample_work import open_work

    open_work(now)


def _judge_earlier(now: datetime, seed: int) -> None:
    from qalqan.cli.sample_flashpoints import judge_earlier

    judge_earlier(now, seed)


def _scan_the_night(now: datetime, seed: int) -> None:
    from qalqan.cli.sample_flashpoints import scan_the_night

    scan_the_night(now, seed)


def _answer_rumours(now: datetime) -> None:
    from qalqan.cli.sample_rumours import answer_rumours

    answer_rumours(now)


def _rank_rumours(now: datetime) -> None:
    from qalqan.cli.sample_rumours import rank_rumours

    rank_rumours(now)


def _compute_brief(home: Path, now: datetime, seed: int, progress: Progress) -> None:
    from qalqan.desk.brief.services import compute_brief, write_files

    edition = compute_brief(actor=_actor(), now=now, seed=seed, progress=progress)
    write_files(edition, home / "brief")


def _login_link(now: datetime) -> str:
    from django.urls import reverse

    from qalqan.desk.platform.accounts.selectors import user
    from qalqan.desk.platform.accounts.services import create_login_link

    actor = _actor()
    token = create_login_link(actor=actor, user=user(actor, "duty_officer"), now=now)
    return reverse("accounts:enter", args=[token])
